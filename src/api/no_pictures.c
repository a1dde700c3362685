/* What stands for pictures in a library that is built without cairo.  Pages and
 * surfaces need none. */
#include "draw/chart/histogram.h"
#include "draw/plane/line.h"
#include "draw/plane/paint.h"

#include "pleats/survey.h"

pleats_status pleats_pictures_check(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "this pleats was built without pictures; write .html, "
                       ".obj or .ply, or build it with -DPLEATS_DRAW=ON");
}

pleats_status pleats_paint(pleats_ctx *ctx, const pleats_scene *scene,
                           const pleats_paint_options *options,
                           pleats_output *out)
{
    (void)scene, (void)options, (void)out;
    return pleats_pictures_check(ctx);
}

pleats_status pleats_paint_strip(pleats_ctx *ctx, size_t n,
                                 const pleats_scene *scene,
                                 const char *const *name,
                                 const pleats_paint_options *options,
                                 pleats_output *out)
{
    (void)n, (void)scene, (void)name, (void)options, (void)out;
    return pleats_pictures_check(ctx);
}

pleats_status pleats_line_paint(const pleats_line *line,
                                const pleats_line_options *options,
                                pleats_output *out)
{
    (void)options, (void)out;
    return pleats_pictures_check(line->ctx);
}

pleats_status pleats_histogram_paint(const pleats_scene *scene,
                                     pleats_draw_histogram of, double width,
                                     size_t n_legend, const char *const *legend,
                                     pleats_output *out)
{
    (void)of, (void)width, (void)n_legend, (void)legend, (void)out;
    return pleats_pictures_check(scene->ctx);
}

pleats_status pleats_survey_draw(pleats_ctx *ctx,
                                 const pleats_survey_result *survey,
                                 const pleats_survey_figure_options *options,
                                 pleats_output *out)
{
    (void)survey, (void)options, (void)out;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "this pleats was built without pictures; build it with "
                       "-DPLEATS_DRAW=ON");
}

pleats_status pleats_draw_figure(pleats_ctx *ctx, int32_t n,
                                 const char *const *report,
                                 const pleats_figure_options *options,
                                 pleats_output *out,
                                 pleats_figure_result *result)
{
    (void)n, (void)report, (void)options, (void)out;
    *result = (pleats_figure_result){0};
    return pleats_pictures_check(ctx);
}
