/* The public face of extreme values. */
#include "pleats/range.h"

#include "api/extreme.h"
#include "api/text.h"
#include "api/values.h"
#include "exact/rational.h"

#include <math.h>

/* What is asked for: row [n_inputs + n_outputs + 1] of the function. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    mpq_t *row;
    size_t width;
} question;

static pleats_status read_question(question *q, const pleats_range_options *o)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = q->net;
    q->width = (size_t)net->n_inputs + (size_t)net->n_outputs + 1;
    TRY(pleats_rational_array(q->ctx, q->width, &q->row));
    mpq_t *y = q->row + net->n_inputs;
    if (!pleats_values_are_there(o->direction)) {
        if (o->output < 0 || o->output >= net->n_outputs)
            TRY(pleats_fail(q->ctx, PLEATS_INVALID,
                            "there is no output %d: the network has outputs 0 "
                            "to %d",
                            o->output, net->n_outputs - 1));
        mpq_set_ui(y[o->output], 1, 1);
        return PLEATS_OK;
    }
    TRY(pleats_values_need(q->ctx, "direction", o->direction));
    for (pleats_idx j = 0; j < net->n_outputs; j++)
        TRY(pleats_values_get(q->ctx, "direction", o->direction, (size_t)j,
                              y[j]));
done:
    return status;
}

/* Bounds of a goal that was perhaps negated, in true units: scale > 0 is in the
 * search's goal already. */
static void set_interval(const pleats_optimum *found, int sign,
                         pleats_extreme *out)
{
    const double best =
        found->has_point ? pleats_rational_to_double(found->value) : INFINITY;
    const double above =
        found->has_point ? nextafter(best, INFINITY) : INFINITY;
    const double below =
        out->label == PLEATS_EXACT ? nextafter(best, -INFINITY) : found->bound;
    out->lower = sign > 0 ? below : -above;
    out->upper = sign > 0 ? above : -below;
}

static pleats_status publish(const question *q, pleats_optimum *found, int sign,
                             pleats_extreme *out)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = q->ctx;
    const size_t m = (size_t)q->net->n_outputs;
    out->nodes = found->nodes;
    out->leaves = found->leaves;
    out->stopped = found->stopped;
    out->label = found->is_exact     ? PLEATS_EXACT
                 : !found->has_point ? PLEATS_NO_LABEL
                 : sign > 0          ? PLEATS_UPPER
                                     : PLEATS_LOWER;
    set_interval(found, sign, out);
    if (!found->has_point)
        return PLEATS_OK;
    if (sign < 0)
        mpq_neg(found->value, found->value);
    TRY(pleats_fraction_text(ctx, found->value, &out->value));
    TRY(pleats_rational_text(ctx, found->value, &out->shown));
    TRY(pleats_optimum_point(ctx, q->net, found, &out->point, &out->input,
                             &out->pattern));
    TRY(pleats_fraction_texts(ctx, m, found->y, &out->output));
done:
    return status;
}

/* The least value of sign times the function. */
static pleats_status find(question *q, int sign, const pleats_limits *limits,
                          pleats_range_result *result, pleats_extreme *out)
{
    pleats_status status = PLEATS_OK;
    bool strict = false;
    const pleats_optimum_task task = {.net = q->net,
                                      .domain = q->domain,
                                      .n_goals = 1,
                                      .goal = q->row,
                                      .is_strict = &strict,
                                      .limits = *limits};
    pleats_optimum found;
    if (sign < 0)
        for (size_t i = 0; i < q->width; i++)
            mpq_neg(q->row[i], q->row[i]);
    status = pleats_optimum_search(q->ctx, &task, &found);
    if (status != PLEATS_OK)
        goto done;
    result->is_empty = found.is_empty;
    pleats_set_ending(q->ctx, true);
    if (!found.is_empty)
        status = publish(q, &found, sign, out);
    pleats_set_ending(q->ctx, false);
    if (out->stopped)
        result->stopped = out->stopped;
done:
    pleats_optimum_clear(q->ctx, q->net, &found);
    return status;
}

/* The least value, in half of the time that is left. */
static pleats_status find_in_half(question *q, const pleats_limits *limits,
                                  pleats_range_result *out)
{
    pleats_status status = PLEATS_OK;
    const double left = pleats_seconds_left(q->ctx);
    const pleats_limits half = {.seconds = isfinite(left) ? left / 2 : 0};
    pleats_watch watch = {0};
    TRY(pleats_watch_begin(q->ctx, &half, &watch));
    TRY(find(q, 1, limits, out, &out->least));
done:
    pleats_watch_end(q->ctx, &watch);
    return status;
}

pleats_status pleats_range_find(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain,
                                const pleats_range_options *options,
                                const pleats_limits *limits,
                                pleats_range_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_range_options o;
    pleats_watch watch = {0};
    question q = {.ctx = ctx, .net = net, .domain = domain};
    *out = (pleats_range_result){.n_inputs = net->n_inputs,
                                 .n_outputs = net->n_outputs,
                                 .n_units = net->n_units};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(read_question(&q, &o));
    TRY(find_in_half(&q, &watch.limits, out));
    TRY(find(&q, -1, &watch.limits, out, &out->largest));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_rational_array_free(ctx, q.width, q.row);
    return status;
}

static void clear(pleats_ctx *ctx, const pleats_range_result *r,
                  pleats_extreme *e)
{
    pleats_release(ctx, e->value);
    pleats_release(ctx, e->shown);
    pleats_release(ctx, e->input);
    pleats_release(ctx, e->pattern);
    pleats_texts_free(ctx, (size_t)r->n_inputs, e->point);
    pleats_texts_free(ctx, (size_t)r->n_outputs, e->output);
}

void pleats_range_result_clear(pleats_ctx *ctx, pleats_range_result *r)
{
    clear(ctx, r, &r->least);
    clear(ctx, r, &r->largest);
    *r = (pleats_range_result){0};
}
