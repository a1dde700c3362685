/* What stands for pictures in a library that is built without them. */
#include "pleats/draw.h"

#include "base/base.h"

static pleats_status refuse(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "this pleats was built without pictures; build it with "
                       "-DPLEATS_DRAW=ON");
}

pleats_status pleats_draw(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_domain *domain,
                          const pleats_draw_options *options,
                          const pleats_limits *limits, const char *path,
                          pleats_draw_result *result)
{
    (void)net, (void)domain, (void)options, (void)limits, (void)path;
    *result = (pleats_draw_result){0};
    return refuse(ctx);
}

pleats_status pleats_draw_strip(pleats_ctx *ctx, int32_t n,
                                const pleats_net *const *net,
                                const char *const *name,
                                const pleats_domain *domain,
                                const pleats_draw_options *options,
                                const pleats_limits *limits, pleats_output *out,
                                pleats_draw_result *result)
{
    (void)net, (void)name, (void)domain, (void)options, (void)limits, (void)out;
    for (int32_t i = 0; i < n; i++)
        result[i] = (pleats_draw_result){0};
    return refuse(ctx);
}

void pleats_draw_result_clear(pleats_ctx *ctx, pleats_draw_result *result)
{
    (void)ctx;
    *result = (pleats_draw_result){0};
}

pleats_status pleats_draw_figure(pleats_ctx *ctx, int32_t n,
                                 const char *const *report,
                                 const pleats_figure_options *options,
                                 pleats_output *out,
                                 pleats_figure_result *result)
{
    (void)n, (void)report, (void)options, (void)out;
    *result = (pleats_figure_result){0};
    return refuse(ctx);
}
