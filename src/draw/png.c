#include "draw/png.h"

#include "base/zlib_memory.h"

#include <string.h>

enum {
    LEVEL = 3,       /* the highest of zlib's fast ones */
    PIECE = 1 << 16, /* bytes of packed pixels in a chunk, at most */
    BITS = 8,
    IS_RGB = 2
};

typedef struct {
    pleats_ctx *ctx;
    unsigned char **bytes; /* [*n] of the file */
    size_t *n, *capacity;
    z_stream z;
    bool is_open;
    unsigned char *row;   /* the number of its filter, then RGB */
    unsigned char *piece; /* [PIECE] packed pixels */
} packing;

static void put_number(unsigned char *to, size_t number)
{
    for (int i = 3; i >= 0; i--, number >>= 8)
        to[i] = (unsigned char)number;
}

/* A chunk: size, name, data, checksum of these two. */
static pleats_status add_chunk(packing *p, const char *name,
                               const unsigned char *data, size_t size)
{
    pleats_status status = PLEATS_OK;
    unsigned char *to;
    TRY(pleats_grow(p->ctx, p->bytes, p->capacity, *p->n + size + 12, 1));
    to = *p->bytes + *p->n;
    put_number(to, size);
    memcpy(to + 4, name, 4);
    if (size > 0)
        memcpy(to + 8, data, size);
    put_number(to + 8 + size, crc32(0, to + 4, (unsigned)size + 4));
    *p->n += size + 12;
done:
    return status;
}

static pleats_status add_piece(packing *p)
{
    pleats_status status = PLEATS_OK;
    TRY(add_chunk(p, "IDAT", p->piece, PIECE - p->z.avail_out));
    p->z.next_out = p->piece;
    p->z.avail_out = PIECE;
done:
    return status;
}

static pleats_status pack(packing *p, size_t n, int flush)
{
    pleats_status status = PLEATS_OK;
    bool is_full;
    p->z.next_in = p->row;
    p->z.avail_in = (unsigned)n;
    do {
        (void)deflate(&p->z, flush); /* which fails for lack of room alone */
        is_full = p->z.avail_out == 0;
        if (is_full || flush == Z_FINISH)
            TRY(add_piece(p));
    } while (is_full);
done:
    return status;
}

static pleats_status pack_pixels(packing *p, const pleats_pixels *x)
{
    pleats_status status = PLEATS_OK;
    for (size_t y = 0; y < x->height; y++) {
        unsigned char *to = p->row + 1;
        for (size_t i = 0; i < x->width; i++, to += 3) {
            const uint32_t pixel = x->pixel[y * x->stride + i];
            to[0] = (unsigned char)(pixel >> 16);
            to[1] = (unsigned char)(pixel >> 8);
            to[2] = (unsigned char)pixel;
        }
        TRY(pack(p, 1 + 3 * x->width, Z_NO_FLUSH));
    }
    TRY(pack(p, 0, Z_FINISH));
done:
    return status;
}

static pleats_status open_stream(packing *p)
{
    pleats_status status = PLEATS_OK;
    pleats_zlib_memory(p->ctx, &p->z);
    if (deflateInit(&p->z, LEVEL) != Z_OK)
        TRY(pleats_fail(p->ctx, PLEATS_NOMEM, "out of memory"));
    p->is_open = true;
    p->z.next_out = p->piece;
    p->z.avail_out = PIECE;
done:
    return status;
}

pleats_status pleats_png_write(pleats_ctx *ctx, const pleats_pixels *x,
                               unsigned char **bytes, size_t *n,
                               size_t *capacity)
{
    static const unsigned char signature[] = {0x89, 'P',  'N',  'G',
                                              '\r', '\n', 0x1a, '\n'};
    pleats_status status = PLEATS_OK;
    unsigned char header[13] = {[8] = BITS, IS_RGB};
    packing p = {.ctx = ctx, .bytes = bytes, .n = n, .capacity = capacity};
    put_number(header, x->width);
    put_number(header + 4, x->height);
    TRY(pleats_alloc(ctx, 1 + 3 * x->width, 1, &p.row));
    TRY(pleats_alloc(ctx, PIECE, 1, &p.piece));
    TRY(open_stream(&p));
    TRY(pleats_grow(ctx, bytes, capacity, *n + sizeof signature, 1));
    memcpy(*bytes + *n, signature, sizeof signature);
    *n += sizeof signature;
    TRY(add_chunk(&p, "IHDR", header, sizeof header));
    TRY(pack_pixels(&p, x));
    TRY(add_chunk(&p, "IEND", NULL, 0));
done:
    if (p.is_open)
        deflateEnd(&p.z);
    pleats_release(ctx, p.row);
    pleats_release(ctx, p.piece);
    return status;
}
