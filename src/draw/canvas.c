#include "draw/canvas.h"

#include "base/base.h"
#include "draw/png.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n > m && strcmp(path + n - m, end) == 0;
}

static cairo_status_t take_bytes(void *canvas, const unsigned char *bytes,
                                 unsigned n)
{
    pleats_canvas *c = canvas;
    if (pleats_grow(c->ctx, &c->bytes, &c->capacity, c->n + n, 1) != PLEATS_OK)
        return CAIRO_STATUS_NO_MEMORY;
    memcpy(c->bytes + c->n, bytes, n);
    c->n += n;
    return CAIRO_STATUS_SUCCESS;
}

/* A white sheet. */
static void begin(pleats_canvas *c)
{
    c->cr = cairo_create(c->surface);
    cairo_set_source_rgb(c->cr, 1, 1, 1);
    cairo_paint(c->cr);
}

pleats_status pleats_canvas_open(pleats_ctx *ctx, pleats_canvas *c,
                                 pleats_output *out, double width,
                                 double height)
{
    const char *path = pleats_output_path(out);
    *c = (pleats_canvas){.ctx = ctx, .out = out};
    bool is_pdf = ends_in(path, ".pdf");
    c->is_raster = ends_in(path, ".png");
    bool is_svg = ends_in(path, ".svg") ||
                  (pleats_output_is_stream(out) && !is_pdf && !c->is_raster);
    if (!is_svg && !is_pdf && !c->is_raster)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: the name of a picture must end in .svg, .pdf "
                           "or .png",
                           path);
    if (is_svg) {
        pleats_canvas_open_svg(ctx, c, out, width, height);
        return PLEATS_OK;
    }
    if (is_pdf)
        c->surface =
            cairo_pdf_surface_create_for_stream(take_bytes, c, width, height);
    else
        c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width,
                                                (int)height);
    begin(c);
    return PLEATS_OK;
}

void pleats_canvas_open_svg(pleats_ctx *ctx, pleats_canvas *c,
                            pleats_output *out, double width, double height)
{
    *c = (pleats_canvas){.ctx = ctx, .out = out};
    c->surface =
        cairo_svg_surface_create_for_stream(take_bytes, c, width, height);
    begin(c);
}

void pleats_canvas_open_dry(pleats_ctx *ctx, pleats_canvas *c)
{
    *c = (pleats_canvas){.ctx = ctx};
    c->surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, NULL);
    c->cr = cairo_create(c->surface);
}

static pleats_status write_png(pleats_canvas *c)
{
    const int stride = cairo_image_surface_get_stride(c->surface);
    cairo_surface_flush(c->surface);
    const pleats_pixels pixels = {
        .width = (size_t)cairo_image_surface_get_width(c->surface),
        .height = (size_t)cairo_image_surface_get_height(c->surface),
        .stride = (size_t)stride / sizeof *pixels.pixel,
        .pixel = (const void *)cairo_image_surface_get_data(c->surface)};
    return pleats_png_write(c->ctx, &pixels, &c->bytes, &c->n, &c->capacity);
}

pleats_status pleats_canvas_end(pleats_canvas *c)
{
    pleats_status status = PLEATS_OK;
    cairo_status_t state = cairo_status(c->cr);
    if (state == CAIRO_STATUS_SUCCESS && c->is_raster)
        TRY(write_png(c));
    cairo_surface_finish(c->surface);
    if (state == CAIRO_STATUS_SUCCESS)
        state = cairo_surface_status(c->surface);
    if (state == CAIRO_STATUS_NO_MEMORY)
        TRY(pleats_fail(c->ctx, PLEATS_NOMEM, "out of memory"));
    if (state != CAIRO_STATUS_SUCCESS)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%s cannot be drawn: %s",
                        pleats_output_path(c->out),
                        cairo_status_to_string(state)));
done:
    return status;
}

pleats_status pleats_canvas_finish(pleats_canvas *c)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_canvas_end(c));
    TRY(pleats_output_write(c->ctx, c->out, c->bytes, c->n));
done:
    return status;
}

void pleats_canvas_clear(pleats_canvas *c)
{
    if (c->cr)
        cairo_destroy(c->cr);
    if (c->surface)
        cairo_surface_destroy(c->surface);
    if (c->ctx)
        pleats_release(c->ctx, c->bytes);
    *c = (pleats_canvas){0};
}

void pleats_canvas_colour(pleats_canvas *c, pleats_colour colour)
{
    cairo_set_source_rgb(c->cr, colour.red, colour.green, colour.blue);
}

void pleats_canvas_font(pleats_canvas *c, double size)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_set_font_options(c->cr, options);
    cairo_font_options_destroy(options);
    cairo_select_font_face(c->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c->cr, size);
}

double pleats_canvas_text_width(pleats_canvas *c, const char *text)
{
    cairo_text_extents_t size;
    cairo_text_extents(c->cr, text, &size);
    return size.x_advance;
}

void pleats_canvas_text(pleats_canvas *c, double x, double y, bool right,
                        const char *text)
{
    if (right)
        x -= pleats_canvas_text_width(c, text);
    cairo_move_to(c->cr, x, y);
    cairo_show_text(c->cr, text);
}
