/* Meshes as files. */
#include "base/file_write.h"
#include "draw/mesh/mesh.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A file in the making. */
typedef struct {
    FILE *file;
    char *bytes; /* [n] once it is closed */
    size_t n;
} text;

static pleats_status begin(pleats_ctx *ctx, text *t)
{
    t->file = open_memstream(&t->bytes, &t->n);
    return t->file ? PLEATS_OK
                   : pleats_fail(ctx, PLEATS_NOMEM, "out of memory");
}

static pleats_status end(pleats_ctx *ctx, text *t, const char *path)
{
    pleats_status status = PLEATS_OK;
    bool bad = ferror(t->file) != 0;
    if (fclose(t->file) != 0 || bad)
        status = pleats_fail(ctx, PLEATS_NOMEM, "out of memory");
    else
        status = pleats_file_write(ctx, path, (unsigned char *)t->bytes, t->n);
    free(t->bytes);
    return status;
}

pleats_status pleats_mesh_write_obj(pleats_ctx *ctx, const pleats_mesh *mesh,
                                    const char *path)
{
    pleats_status status = PLEATS_OK;
    text t = {0};
    TRY(begin(ctx, &t));
    fprintf(t.file, "# %zu corners, %zu triangles\n", mesh->n_corners,
            mesh->n_triangles);
    for (size_t i = 0; i < mesh->n_corners; i++) {
        const double *x = mesh->corner + 3 * i;
        fprintf(t.file, "v %.17g %.17g %.17g\n", x[0], x[1], x[2]);
    }
    for (size_t i = 0; i < mesh->n_triangles; i++) {
        const size_t *c = mesh->triangle + 3 * i;
        fprintf(t.file, "f %zu %zu %zu\n", c[0] + 1, c[1] + 1, c[2] + 1);
    }
    TRY(end(ctx, &t, path));
done:
    return status;
}

/* The n least bytes of a number, least first. */
static void put_bytes(FILE *file, uint64_t bits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        putc((int)(bits >> 8 * i & 0xff), file);
}

pleats_status pleats_mesh_write_ply(pleats_ctx *ctx, const pleats_mesh *mesh,
                                    const char *path)
{
    pleats_status status = PLEATS_OK;
    text t = {0};
    if (mesh->n_corners > INT32_MAX)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%zu corners are too many for PLY", mesh->n_corners);
    TRY(begin(ctx, &t));
    fprintf(t.file,
            "ply\nformat binary_little_endian 1.0\nelement vertex %zu\n"
            "property double x\nproperty double y\nproperty double z\n"
            "element face %zu\nproperty list uchar int vertex_indices\n"
            "end_header\n",
            mesh->n_corners, mesh->n_triangles);
    for (size_t i = 0; i < 3 * mesh->n_corners; i++) {
        uint64_t bits;
        memcpy(&bits, &mesh->corner[i], sizeof bits);
        put_bytes(t.file, bits, 8);
    }
    for (size_t i = 0; i < 3 * mesh->n_triangles; i++) {
        if (i % 3 == 0)
            put_bytes(t.file, 3, 1);
        put_bytes(t.file, mesh->triangle[i], 4);
    }
    TRY(end(ctx, &t, path));
done:
    return status;
}
