/* Meshes as files. */
#include "draw/mesh/mesh.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SUFFIX_BYTES = 32 };

/* A file that is written beside its place. */
typedef struct {
    FILE *file;
    const char *path;
    char *beside;
} writing;

static pleats_status refuse(pleats_ctx *ctx, const char *path, int error)
{
    return pleats_fail(ctx, PLEATS_INVALID, "%s: cannot be written: %s", path,
                       strerror(error ? error : EIO));
}

static pleats_status begin(pleats_ctx *ctx, writing *w, const char *path)
{
    pleats_status status = PLEATS_OK;
    size_t room = strlen(path) + SUFFIX_BYTES;
    w->path = path;
    TRY(pleats_alloc(ctx, room, 1, &w->beside));
    snprintf(w->beside, room, "%s.%ld.tmp", path, (long)getpid());
    w->file = fopen(w->beside, "wb");
    if (!w->file)
        TRY(refuse(ctx, path, errno));
done:
    return status;
}

/* Moves the file to its place, or takes it away when not all went well. */
static pleats_status end(pleats_ctx *ctx, writing *w, pleats_status status)
{
    int error = 0;
    errno = 0;
    if (!w->file)
        goto done;
    if (fflush(w->file) != 0 || ferror(w->file) || fsync(fileno(w->file)) != 0)
        error = errno ? errno : EIO;
    if (fclose(w->file) != 0 && error == 0)
        error = errno ? errno : EIO;
    if (status == PLEATS_OK && error == 0 && rename(w->beside, w->path) != 0)
        error = errno;
    if (status != PLEATS_OK || error != 0)
        unlink(w->beside);
    if (status == PLEATS_OK && error != 0)
        status = refuse(ctx, w->path, error);
done:
    pleats_release(ctx, w->beside);
    return status;
}

pleats_status pleats_mesh_write_obj(pleats_ctx *ctx, const pleats_mesh *mesh,
                                    const char *path)
{
    pleats_status status = PLEATS_OK;
    writing w = {0};
    TRY(begin(ctx, &w, path));
    fprintf(w.file, "# %zu corners, %zu triangles\n", mesh->n_corners,
            mesh->n_triangles);
    for (size_t i = 0; i < mesh->n_corners; i++) {
        const double *x = mesh->corner + 3 * i;
        fprintf(w.file, "v %.17g %.17g %.17g\n", x[0], x[1], x[2]);
    }
    for (size_t i = 0; i < mesh->n_triangles; i++) {
        const size_t *t = mesh->triangle + 3 * i;
        fprintf(w.file, "f %zu %zu %zu\n", t[0] + 1, t[1] + 1, t[2] + 1);
    }
done:
    return end(ctx, &w, status);
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
    writing w = {0};
    if (mesh->n_corners > INT32_MAX)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%zu corners are too many for PLY",
                        mesh->n_corners));
    TRY(begin(ctx, &w, path));
    fprintf(w.file,
            "ply\nformat binary_little_endian 1.0\nelement vertex %zu\n"
            "property double x\nproperty double y\nproperty double z\n"
            "element face %zu\nproperty list uchar int vertex_indices\n"
            "end_header\n",
            mesh->n_corners, mesh->n_triangles);
    for (size_t i = 0; i < 3 * mesh->n_corners; i++) {
        uint64_t bits;
        memcpy(&bits, &mesh->corner[i], sizeof bits);
        put_bytes(w.file, bits, 8);
    }
    for (size_t i = 0; i < 3 * mesh->n_triangles; i++) {
        if (i % 3 == 0)
            put_bytes(w.file, 3, 1);
        put_bytes(w.file, mesh->triangle[i], 4);
    }
done:
    return end(ctx, &w, status);
}
