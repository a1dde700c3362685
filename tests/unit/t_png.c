/* Pixels as PNG files, read back by cairo. */
#include "unit.h"

#include "draw/png.h"
#include "rng.h"

#include <cairo.h>

enum { SIDE = 300 }; /* that many random pixels take several chunks */

typedef struct {
    const unsigned char *byte;
    size_t n, at;
} file;

static cairo_status_t read_bytes(void *state, unsigned char *to, unsigned n)
{
    file *f = state;
    if (f->n - f->at < n)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(to, f->byte + f->at, n);
    f->at += n;
    return CAIRO_STATUS_SUCCESS;
}

static void check(pleats_ctx *ctx, const pleats_pixels *x)
{
    unsigned char *bytes = NULL;
    size_t n = 0, capacity = 0;
    need_ok(ctx, pleats_png_write(ctx, x, &bytes, &n, &capacity));
    file f = {bytes, n, 0};
    cairo_surface_t *back =
        cairo_image_surface_create_from_png_stream(read_bytes, &f);
    assert_int_equal(cairo_surface_status(back), CAIRO_STATUS_SUCCESS);
    assert_int_equal(f.at, n);
    assert_int_equal(cairo_image_surface_get_width(back), x->width);
    assert_int_equal(cairo_image_surface_get_height(back), x->height);
    const unsigned char *row = cairo_image_surface_get_data(back);
    for (size_t y = 0; y < x->height; y++) {
        for (size_t i = 0; i < x->width; i++) {
            uint32_t pixel;
            memcpy(&pixel, row + i * sizeof pixel, sizeof pixel);
            assert_int_equal(pixel & 0xffffff,
                             x->pixel[y * x->stride + i] & 0xffffff);
        }
        row += cairo_image_surface_get_stride(back);
    }
    cairo_surface_destroy(back);
    pleats_release(ctx, bytes);
}

/* All that is in a picture, and a part of it, whose rows are further apart. */
static void random_pixels(void **state)
{
    static uint32_t pixel[SIDE * SIDE];
    rng r = {1};
    for (size_t i = 0; i < sizeof pixel / sizeof *pixel; i++)
        pixel[i] = (uint32_t)rng_next(&r);
    const pleats_pixels whole = {SIDE, SIDE, SIDE, pixel};
    const pleats_pixels part = {7, 5, SIDE, pixel + 3};
    const pleats_pixels one = {1, 1, 1, pixel};
    for (size_t height = 70; height < 76; height++) { /* a piece, and over */
        const pleats_pixels piece = {SIDE, height, SIDE, pixel};
        check(*state, &piece);
    }
    check(*state, &whole);
    check(*state, &part);
    check(*state, &one);
}

static void one_colour(void **state)
{
    static uint32_t pixel[SIDE * SIDE];
    const pleats_pixels x = {SIDE, SIDE, SIDE, pixel};
    for (size_t i = 0; i < sizeof pixel / sizeof *pixel; i++)
        pixel[i] = 0x123456;
    check(*state, &x);
}

/* What was there before stays. */
static void after_others(void **state)
{
    const uint32_t black = 0;
    const pleats_pixels x = {1, 1, 1, &black};
    unsigned char *bytes = NULL;
    size_t n = 0, capacity = 0, size;
    need_ok(*state, pleats_png_write(*state, &x, &bytes, &n, &capacity));
    size = n;
    need_ok(*state, pleats_png_write(*state, &x, &bytes, &n, &capacity));
    assert_int_equal(n, 2 * size);
    assert_memory_equal(bytes, bytes + size, size);
    pleats_release(*state, bytes);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(random_pixels, ctx),
        cmocka_unit_test_prestate(one_colour, ctx),
        cmocka_unit_test_prestate(after_others, ctx),
    };
    return RUN(tests, ctx);
}
