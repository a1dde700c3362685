/* The public face of a survey's page. */
#include "api/draw_width.h"
#include "draw/chart/survey_page.h"

/* Points, and pixels of a PNG. */
static const double WIDTH = 600, PIXELS = 1500;

pleats_status pleats_survey_draw(pleats_ctx *ctx,
                                 const pleats_survey_result *survey,
                                 const pleats_survey_figure_options *options,
                                 pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    pleats_survey_figure_options o;
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    if (!(o.width > 0))
        o.width = pleats_path_ends_in(pleats_output_path(out), ".png") ? PIXELS
                                                                       : WIDTH;
    TRY(pleats_survey_paint(ctx, survey, o.title, o.domain, o.width, out));
done:
    return status;
}
