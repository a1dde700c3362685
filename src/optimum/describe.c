#include "exact/rational.h"
#include "optimum/beside.h"
#include "optimum/search_state.h"

#include <math.h>

bool pleats_search_is_beaten(const pleats_search_state *s,
                             const pleats_node *node)
{
    if (node->bound == INFINITY)
        return true;
    if (s->task->decides)
        return node->bound > 0;
    if (!s->best.has)
        return false;
    if (!s->best.is_least)
        return node->bound > s->best.most;
    return node->bound >= s->best.most;
}

double pleats_search_unscaled(const pleats_search_state *s, double bound)
{
    const double scale = mpz_get_d(s->goals.scale[0]);
    if (scale == 1 || s->goals.n > 1 || s->task->norm || !isfinite(bound))
        return bound;
    return bound / scale - fabs(bound / scale) * 0x1p-50 - 0x1p-1000;
}

double pleats_search_lowest(const pleats_search_state *s)
{
    const double best = s->best.has ? s->best.lowest : INFINITY;
    return s->queue.n > 0 ? fmin(pleats_queue_first(&s->queue)->bound, best)
                          : best;
}

bool pleats_search_is_settled(const pleats_search_state *s)
{
    return (s->is_whole && s->queue.n == 0) ||
           (s->task->decides && s->best.has);
}

/* The goal at the point, from its inputs and outputs. */
static void set_value(const pleats_search_state *s, pleats_optimum *out)
{
    const pleats_net *net = s->task->net;
    mpq_t *row = s->task->goal, part;
    mpq_init(part);
    mpq_set(out->value, row[net->n_inputs + net->n_outputs]);
    for (pleats_idx j = 0; j < net->n_inputs + net->n_outputs; j++) {
        mpq_mul(part, row[j],
                j < net->n_inputs ? out->x[j] : out->y[j - net->n_inputs]);
        mpq_add(out->value, out->value, part);
    }
    mpq_clear(part);
}

static pleats_status describe_point(pleats_search_state *s, pleats_optimum *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = s->task->net;
    const pleats_frame *frame = &s->site[s->best.site].frame;
    out->has_point = true;
    TRY(pleats_rational_array(s->ctx, (size_t)net->n_inputs, &out->x));
    TRY(pleats_rational_array(s->ctx, (size_t)net->n_outputs, &out->y));
    TRY(pleats_values_at(s->ctx, net, frame, s->best.at, out->x, out->y));
    if (s->task->norm)
        mpq_set(out->value, s->best.value);
    else
        set_value(s, out);
    TRY(pleats_alloc(s->ctx, (size_t)net->n_units + 1, sizeof *out->piece,
                     &out->piece));
    TRY(pleats_pattern_behind(s->ctx, net, frame, s->best.at, out->piece));
done:
    return status;
}

/* What is left, when it was stopped: halves are halves of the volume, and parts
 * that decrees make are counted whole. */
static double share_left(const pleats_search_state *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->queue.n; i++) {
        const pleats_node *node = &s->queue.item[i].node;
        double volume = 1;
        for (pleats_idx j = 0; j < node->k; j++)
            volume *= (node->hi[j] - node->lo[j]) / 2;
        sum += pleats_search_is_beaten(s, node) ? 0 : volume;
    }
    sum /= s->n_sites > 0 ? s->n_sites : 1;
    return sum < 1 ? sum : 1;
}

pleats_status pleats_search_describe(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    pleats_optimum *out = s->out;
    pleats_set_ending(s->ctx, true);
    if (s->best.has)
        TRY(describe_point(s, out));
    out->is_exact = s->task->decides
                        ? s->best.has
                        : s->best.has && s->best.is_least && !out->stopped;
    if (pleats_search_is_settled(s))
        out->stopped = PLEATS_STOP_NONE;
    out->bound = pleats_search_unscaled(s, s->is_whole ? pleats_search_lowest(s)
                                                       : s->floor);
    out->share = share_left(s);
done:
    return status;
}
