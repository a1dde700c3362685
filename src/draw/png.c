#include "draw/png.h"

#include "base/base.h"

#include <png.h>
#include <setjmp.h>

enum {
    LEVEL = 3, /* the highest of zlib's fast ones */
    IS_BIG = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
};

typedef struct {
    pleats_ctx *ctx;
    pleats_status status;
    unsigned char **bytes; /* [*n] of the file */
    size_t *n, *capacity;
} file;

static void *take(png_structp png, png_alloc_size_t size)
{
    file *f = png_get_mem_ptr(png);
    unsigned char *block = NULL;
    const pleats_status status = pleats_alloc(f->ctx, size, 1, &block);
    if (status != PLEATS_OK) /* others may be asked for before it ends */
        f->status = status;
    return block;
}

static void give_back(png_structp png, void *block)
{
    const file *f = png_get_mem_ptr(png);
    pleats_release(f->ctx, block);
}

static void add(png_structp png, unsigned char *from, size_t size)
{
    file *f = png_get_io_ptr(png);
    f->status = pleats_grow(f->ctx, f->bytes, f->capacity, *f->n + size, 1);
    if (f->status != PLEATS_OK)
        png_error(png, "out of memory");
    memcpy(*f->bytes + *f->n, from, size);
    *f->n += size;
}

static void flush(png_structp png)
{
    (void)png;
}

static void fail(png_structp png, const char *why)
{
    file *f = png_get_error_ptr(png);
    if (f->status == PLEATS_OK)
        f->status = pleats_fail(f->ctx, PLEATS_INTERNAL,
                                "a PNG file cannot be made: %s", why);
    png_longjmp(png, 1);
}

static void ignore(png_structp png, const char *why)
{
    (void)png, (void)why;
}

static void write_pixels(png_structp png, png_infop info,
                         const pleats_pixels *x)
{
    png_set_IHDR(png, info, (uint32_t)x->width, (uint32_t)x->height, 8,
                 PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png, LEVEL);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_write_info(png, info);
    png_set_filler(png, 0, IS_BIG ? PNG_FILLER_BEFORE : PNG_FILLER_AFTER);
    if (!IS_BIG)
        png_set_bgr(png);
    for (size_t y = 0; y < x->height; y++)
        png_write_row(png, (const void *)(x->pixel + y * x->stride));
    png_write_end(png, info);
}

/* Errors end in here, in a frame of its own: of this one setjmp need not leave
 * anything as it was. */
static void write_or_fail(png_structp png, png_infop info,
                          const pleats_pixels *x)
{
    if (setjmp(png_jmpbuf(png)) == 0)
        write_pixels(png, info, x);
}

pleats_status pleats_png_write(pleats_ctx *ctx, const pleats_pixels *x,
                               unsigned char **bytes, size_t *n,
                               size_t *capacity)
{
    pleats_status status = PLEATS_OK;
    file f = {ctx, PLEATS_OK, bytes, n, capacity};
    png_infop info = NULL;
    png_structp png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, &f, fail,
                                                ignore, &f, take, give_back);
    if (png)
        info = png_create_info_struct(png);
    if (!info)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    png_set_write_fn(png, &f, add, flush);
    write_or_fail(png, info, x);
    TRY(f.status);
done:
    png_destroy_write_struct(&png, &info);
    return status;
}
