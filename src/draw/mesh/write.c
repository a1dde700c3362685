/* Meshes as files. */
#include "base/base.h"
#include "base/text.h"
#include "draw/mesh/mesh.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { BUFFER_BYTES = 1 << 16, LINE_BYTES = 512 };

/* What is to be written next. */
typedef struct {
    pleats_ctx *ctx;
    pleats_output *out;
    size_t n;
    char *bytes; /* [n], room for BUFFER_BYTES */
} buffer;

static pleats_status begin(buffer *b, pleats_ctx *ctx, pleats_output *out)
{
    *b = (buffer){.ctx = ctx, .out = out};
    return pleats_alloc(ctx, BUFFER_BYTES, 1, &b->bytes);
}

static pleats_status flush(buffer *b)
{
    size_t n = b->n;
    b->n = 0;
    return pleats_output_write(b->ctx, b->out, b->bytes, n);
}

/* At most LINE_BYTES - 1 characters. */
__attribute__((format(printf, 2, 3))) static pleats_status
put(buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    b->n += (size_t)pleats_vformat(b->bytes + b->n, LINE_BYTES, format, args);
    va_end(args);
    return b->n > BUFFER_BYTES - LINE_BYTES ? flush(b) : PLEATS_OK;
}

/* The n least bytes of a number, least first. */
static pleats_status put_bytes(buffer *b, uint64_t bits, size_t n)
{
    for (size_t i = 0; i < n; i++)
        b->bytes[b->n++] = (char)(unsigned char)(bits >> 8 * i & 0xff);
    return b->n > BUFFER_BYTES - LINE_BYTES ? flush(b) : PLEATS_OK;
}

pleats_status pleats_mesh_write_obj(pleats_ctx *ctx, const pleats_mesh *mesh,
                                    pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    buffer b;
    TRY(begin(&b, ctx, out));
    TRY(put(&b, "# %zu corners, %zu triangles\n", mesh->n_corners,
            mesh->n_triangles));
    for (size_t i = 0; i < mesh->n_corners; i++) {
        const double *x = mesh->corner + 3 * i;
        TRY(put(&b, "v %.17g %.17g %.17g\n", x[0], x[1], x[2]));
    }
    for (size_t i = 0; i < mesh->n_triangles; i++) {
        const size_t *c = mesh->triangle + 3 * i;
        TRY(put(&b, "f %zu %zu %zu\n", c[0] + 1, c[1] + 1, c[2] + 1));
    }
    TRY(flush(&b));
done:
    pleats_release(ctx, b.bytes);
    return status;
}

pleats_status pleats_mesh_write_ply(pleats_ctx *ctx, const pleats_mesh *mesh,
                                    pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    buffer b = {0};
    if (mesh->n_corners > INT32_MAX)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%zu corners are too many for PLY",
                        mesh->n_corners));
    TRY(begin(&b, ctx, out));
    TRY(put(&b,
            "ply\nformat binary_little_endian 1.0\nelement vertex %zu\n"
            "property double x\nproperty double y\nproperty double z\n"
            "element face %zu\nproperty list uchar int vertex_indices\n"
            "end_header\n",
            mesh->n_corners, mesh->n_triangles));
    for (size_t i = 0; i < 3 * mesh->n_corners; i++) {
        uint64_t bits;
        memcpy(&bits, &mesh->corner[i], sizeof bits);
        TRY(put_bytes(&b, bits, 8));
    }
    for (size_t i = 0; i < 3 * mesh->n_triangles; i++) {
        if (i % 3 == 0)
            TRY(put_bytes(&b, 3, 1));
        TRY(put_bytes(&b, mesh->triangle[i], 4));
    }
    TRY(flush(&b));
done:
    pleats_release(ctx, b.bytes);
    return status;
}
