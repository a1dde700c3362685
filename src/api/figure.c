/* The public face of figures. */
#include "draw/chart/figure.h"
#include "api/draw_width.h"

pleats_status pleats_draw_figure(pleats_ctx *ctx, int32_t n,
                                 const char *const *report,
                                 const pleats_figure_options *options,
                                 pleats_output *out,
                                 pleats_figure_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_figure_options o;
    pleats_reports reports = {0};
    pleats_figure figure = {0};
    double start = pleats_now();
    *result = (pleats_figure_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_reports_read(ctx, &reports, n > 0 ? (size_t)n : 0, report));
    TRY(pleats_figure_init(ctx, &figure, &reports, o.kind));
    figure.title = o.title;
    TRY(pleats_figure_paint(
        ctx, &figure, out,
        pleats_draw_width(o.width, pleats_output_path(out))));
    *result = figure.count;
    result->seconds = pleats_now() - start;
done:
    pleats_figure_clear(ctx, &figure);
    pleats_reports_clear(&reports);
    return status;
}
