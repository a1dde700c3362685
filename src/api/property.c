/* The public face of properties of VNN-LIB files. */
#include "api/extreme.h"
#include "exact/rational.h"
#include "read/vnnlib.h"

#include "pleats/range.h"

const char *pleats_verdict_text(pleats_verdict verdict)
{
    static const char *const words[] = {"open", "holds", "violated"};
    return words[verdict];
}

static pleats_status publish(pleats_ctx *ctx, const pleats_net *net,
                             const pleats_optimum *found,
                             pleats_property_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t m = (size_t)net->n_outputs;
    out->verdict = PLEATS_PROPERTY_VIOLATED;
    TRY(pleats_optimum_point(ctx, net, found, &out->point, &out->input,
                             &out->pattern));
    TRY(pleats_fraction_texts(ctx, m, found->y, &out->output));
done:
    return status;
}

/* Takes note of what came of a case. */
static pleats_status note(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_optimum *found,
                          pleats_property_result *out)
{
    pleats_status status = PLEATS_OK;
    out->nodes += found->nodes;
    out->leaves += found->leaves;
    if (found->has_point) {
        pleats_set_ending(ctx, true);
        TRY(publish(ctx, net, found, out));
    } else if (found->stopped) {
        out->stopped = found->stopped;
        out->share += found->share;
    } else {
        out->settled++;
    }
done:
    pleats_set_ending(ctx, false);
    return status;
}

/* A case in its share of the time: `rest` of them are still to be looked at. */
static pleats_status check_case(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_vnnlib_case *c, size_t rest,
                                const pleats_limits *limits,
                                pleats_property_result *out)
{
    pleats_status status = PLEATS_OK;
    const double left = pleats_seconds_left(ctx);
    const pleats_limits part = {
        .seconds = left < 1e9 ? left / (double)rest + 1e-9 : 0};
    const pleats_optimum_task task = {.net = net,
                                      .domain = c->domain,
                                      .n_goals = c->n_goals,
                                      .goal = c->goal,
                                      .is_strict = c->is_strict,
                                      .decides = true,
                                      .limits = *limits};
    pleats_watch watch = {0};
    pleats_optimum found = {0};
    bool has_found = false;
    TRY(pleats_watch_begin(ctx, &part, &watch));
    has_found = true;
    TRY(pleats_optimum_search(ctx, &task, &found));
    TRY(note(ctx, net, &found, out));
done:
    if (has_found)
        pleats_optimum_clear(ctx, net, &found);
    pleats_watch_end(ctx, &watch);
    return status;
}

static void conclude(const pleats_vnnlib_property *p,
                     pleats_property_result *out)
{
    const int32_t none = p->n_all - (int32_t)p->n;
    out->settled += none;
    if (out->verdict == PLEATS_PROPERTY_VIOLATED)
        out->stopped = PLEATS_STOP_NONE;
    else if (out->settled == out->cases)
        out->verdict = PLEATS_PROPERTY_HOLDS;
    if (out->verdict == PLEATS_PROPERTY_OPEN)
        out->share /= out->cases - out->settled;
    else
        out->share = 0;
}

pleats_status pleats_property_check(pleats_ctx *ctx, const pleats_net *net,
                                    const char *path,
                                    const pleats_limits *limits,
                                    pleats_property_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_vnnlib_property p = {0};
    *out = (pleats_property_result){.n_inputs = net->n_inputs,
                                    .n_outputs = net->n_outputs,
                                    .n_units = net->n_units};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_vnnlib_read_property(ctx, path, net->n_inputs, net->n_outputs,
                                    &p));
    out->has_outputs = p.has_outputs;
    out->cases = p.n_all;
    if (!p.has_outputs)
        goto done;
    for (size_t i = 0; i < p.n && out->verdict != PLEATS_PROPERTY_VIOLATED; i++)
        TRY(check_case(ctx, net, &p.at[i], p.n - i, &watch.limits, out));
    conclude(&p, out);
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_vnnlib_property_clear(ctx, &p);
    return status;
}

void pleats_property_result_clear(pleats_ctx *ctx, pleats_property_result *r)
{
    pleats_texts_free(ctx, (size_t)r->n_inputs, r->point);
    pleats_texts_free(ctx, (size_t)r->n_outputs, r->output);
    pleats_release(ctx, r->input);
    pleats_release(ctx, r->pattern);
    *r = (pleats_property_result){0};
}
