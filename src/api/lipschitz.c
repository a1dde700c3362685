/* The public face of Lipschitz constants. */
#include "pleats/lipschitz.h"

#include "api/extreme.h"
#include "api/text.h"
#include "exact/rational.h"

#include <math.h>

static pleats_status check(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_lipschitz_options *o)
{
    if ((int)o->norm < 0 || o->norm > PLEATS_NORM_2)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "there is no norm %d: 0 is inf, 1 and 2 are "
                           "themselves",
                           (int)o->norm);
    if (!o->map && (o->output < 0 || o->output >= net->n_outputs))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "there is no output %d: the network has outputs 0 "
                           "to %d",
                           o->output, net->n_outputs - 1);
    return PLEATS_OK;
}

/* The root of a bound that is off by less than two roundings, outwards. */
static double root_below(double x)
{
    return x > 0 ? nextafter(sqrt(nextafter(x, 0)), 0) : 0;
}

static double root_above(double x)
{
    return nextafter(sqrt(nextafter(x, INFINITY)), INFINITY);
}

/* `found` is of minus slopes. */
static void set_interval(const pleats_optimum *found, bool is_square,
                         pleats_lipschitz_result *out)
{
    const double best =
        found->has_point ? -pleats_rational_to_double(found->value) : 0;
    double lower = best > 0 ? nextafter(best, 0) : 0;
    double upper = found->is_exact ? nextafter(best, INFINITY) : -found->bound;
    if (found->is_exact && mpq_sgn(found->value) == 0)
        upper = 0;
    out->lower = is_square ? root_below(lower) : lower;
    out->upper = is_square && upper > 0 ? root_above(upper) : upper;
}

static pleats_status publish(pleats_ctx *ctx, const pleats_net *net,
                             pleats_optimum *found, bool is_square,
                             pleats_lipschitz_result *out)
{
    pleats_status status = PLEATS_OK;
    out->label = found->is_exact    ? PLEATS_EXACT
                 : found->has_point ? PLEATS_LOWER
                                    : PLEATS_NO_LABEL;
    set_interval(found, is_square, out);
    if (!found->has_point)
        return PLEATS_OK;
    mpq_neg(found->value, found->value);
    TRY(pleats_fraction_text(ctx, found->value, &out->value));
    TRY(pleats_optimum_point(ctx, net, found, &out->point, &out->input,
                             &out->pattern));
done:
    return status;
}

/* The slope of output `first` and the n - 1 behind it together. */
static pleats_status find(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_domain *domain, pleats_slope_norm norm,
                          pleats_idx first, pleats_idx n,
                          const pleats_limits *limits,
                          pleats_lipschitz_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)net->n_inputs + (size_t)net->n_outputs + 1;
    pleats_optimum found = {0};
    bool has_found = false, *is_strict = NULL;
    mpq_t *row = NULL;
    TRY(pleats_rational_array(ctx, (size_t)n * width, &row));
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *is_strict, &is_strict));
    for (pleats_idx i = 0; i < n; i++)
        mpq_set_ui(row[(size_t)i * width + (size_t)(net->n_inputs + first + i)],
                   1, 1);
    const pleats_optimum_task task = {.net = net,
                                      .domain = domain,
                                      .n_goals = n,
                                      .goal = row,
                                      .is_strict = is_strict,
                                      .norm = norm,
                                      .limits = *limits};
    has_found = true;
    TRY(pleats_optimum_search(ctx, &task, &found));
    out->is_empty = found.is_empty;
    out->nodes += found.nodes;
    out->leaves += found.leaves;
    if (found.stopped)
        out->stopped = found.stopped;
    pleats_set_ending(ctx, true);
    if (!found.is_empty)
        status = publish(ctx, net, &found, norm == PLEATS_SLOPE_2, out);
    pleats_set_ending(ctx, false);
done:
    if (has_found)
        pleats_optimum_clear(ctx, net, &found);
    pleats_rational_array_free(ctx, (size_t)n * width, row);
    pleats_release(ctx, is_strict);
    return status;
}

static void clear_point(pleats_ctx *ctx, pleats_lipschitz_result *r)
{
    pleats_release(ctx, r->value);
    pleats_release(ctx, r->input);
    pleats_release(ctx, r->pattern);
    pleats_texts_free(ctx, (size_t)r->n_inputs, r->point);
    r->value = NULL;
    r->input = NULL;
    r->pattern = NULL;
    r->point = NULL;
}

/* A map's norm is at least that of each of its rows, and at most the root of
 * the sum of their squares. */
static pleats_status enclose(pleats_ctx *ctx, const pleats_net *net,
                             const pleats_domain *domain,
                             const pleats_limits *limits,
                             pleats_lipschitz_result *out)
{
    pleats_status status = PLEATS_OK;
    double lower = 0, sum = 0;
    for (pleats_idx i = 0; i < net->n_outputs; i++) {
        TRY(find(ctx, net, domain, PLEATS_SLOPE_2, i, 1, limits, out));
        lower = fmax(lower, out->lower);
        sum = nextafter(sum + nextafter(out->upper * out->upper, INFINITY),
                        INFINITY);
        clear_point(ctx, out);
    }
    out->label = PLEATS_NO_LABEL;
    out->lower = lower;
    out->upper = root_above(sum);
done:
    return status;
}

pleats_status pleats_lipschitz_find(pleats_ctx *ctx, const pleats_net *net,
                                    const pleats_domain *domain,
                                    const pleats_lipschitz_options *options,
                                    const pleats_limits *limits,
                                    pleats_lipschitz_result *out)
{
    static const pleats_slope_norm norms[] = {PLEATS_SLOPE_INF, PLEATS_SLOPE_1,
                                              PLEATS_SLOPE_2};
    pleats_status status = PLEATS_OK;
    pleats_lipschitz_options o;
    pleats_watch watch = {0};
    *out = (pleats_lipschitz_result){.n_inputs = net->n_inputs,
                                     .n_units = net->n_units};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(check(ctx, net, &o));
    const pleats_slope_norm norm = norms[o.norm];
    if (o.map && net->n_outputs > 1 && norm == PLEATS_SLOPE_2)
        TRY(enclose(ctx, net, domain, &watch.limits, out));
    else
        TRY(find(ctx, net, domain, norm, o.map ? 0 : o.output,
                 o.map ? net->n_outputs : 1, &watch.limits, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_lipschitz_result_clear(pleats_ctx *ctx, pleats_lipschitz_result *r)
{
    clear_point(ctx, r);
    *r = (pleats_lipschitz_result){0};
}
