/* How changes ripple: what is read under a reference, and how errors grow. */
#include "forms/ripple.h"

#include <math.h>

/* Whether a scalar may move under the reference. */
static bool may_move(const pleats_ripple *x, pleats_idx scalar)
{
    return scalar >= 0 && x->at[scalar] >= 0 &&
           (x->unit[scalar] < 0 || x->piece[x->unit[scalar]] > 0);
}

/* ---- convolutions and dense steps ---- */

/* Where the entries' numbers are, if they are near to each other. */
static void find_eights(const pleats_ripple_step *r, size_t channels,
                        pleats_ripple_place *p)
{
    pleats_idx least = INT32_MAX, most = -1;
    for (pleats_idx i = p->first; i < p->first + p->n; i++) {
        const pleats_idx eight = r->entry[i].at / 8;
        least = eight < least ? eight : least;
        most = eight > most ? eight : most;
    }
    p->eight = least;
    p->n_eights = most < 0                             ? 0
                  : (size_t)(most - least) <= channels ? most - least + 1
                                                       : -1;
}

static void list_entries(pleats_ripple *x, pleats_idx step,
                         const pleats_ripple_grid *g)
{
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    pleats_idx n = 0;
    for (size_t i = 0; i < g->groups * g->places; i++) {
        const size_t first = i / g->places * g->channels * g->places;
        pleats_ripple_place *p = &r->place[i];
        p->first = n;
        for (size_t c = 0; c < g->channels; c++) {
            const pleats_idx in = s->in[first + c * g->places + i % g->places];
            if (may_move(x, in))
                r->entry[n++] =
                    (pleats_ripple_entry){x->at[in], (pleats_idx)(c * g->rows)};
        }
        p->n = n - p->first;
        find_eights(r, g->channels, p);
    }
}

/* The weights of what is read of a source at one position; how many. */
static size_t take_weights(pleats_ripple *x, pleats_idx step,
                           const pleats_ripple_grid *g, size_t group,
                           size_t position, const pleats_ripple_step *source)
{
    const pleats_ripple_step *r = &x->step[step];
    const double *weight = pleats_ripple_weights(x, step, g, group);
    size_t n = 0;
    for (size_t j = 0; j < g->kernel; j++) {
        const size_t at =
            group * g->places + (size_t)(g->window[position] + g->tap[j]);
        const pleats_ripple_entry *entry = r->entry + r->place[at].first;
        for (pleats_idx i = 0; i < r->place[at].n; i++) {
            x->term[n].weight =
                weight + j * g->channels * g->rows + entry[i].weight;
            n += (size_t)entry[i].at - source->at <
                 source->width * source->blocks;
        }
    }
    return n;
}

static pleats_status refer_windows(pleats_ctx *ctx, pleats_ripple *x,
                                   pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_ripple_grid g = pleats_ripple_grid_of(x, step);
    pleats_ripple_step *r = &x->step[step];
    list_entries(x, step, &g);
    for (size_t k = 0; k < r->n_sources; k++) {
        pleats_ripple_source *source = &r->source[k];
        double gain = 0;
        for (size_t i = 0; i < g.groups * g.positions; i++) {
            const size_t n =
                take_weights(x, step, &g, i / g.positions, i % g.positions,
                             &x->step[source->step]);
            gain = fmax(gain, pleats_ripple_sizes(g.rows, n, x->term));
            TRY(pleats_check_work(ctx, n * g.rows / 4));
        }
        source->gain = pleats_round_up(gain);
    }
done:
    return status;
}

/* ---- sparse rows ---- */

void pleats_ripple_list_term(pleats_ripple *x, pleats_idx step, size_t lane,
                             pleats_idx j)
{
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    pleats_ripple_eight *to = &r->eight[r->start[lane / 8] + j];
    const pleats_idx row = r->row[lane];
    to->weight[lane % 8] = 0;
    to->at[lane % 8] = (pleats_idx)x->n - 16;
    if (row < 0 || j >= s->start[row + 1] - s->start[row])
        return;
    const pleats_idx term = s->start[row] + j, in = s->in[term];
    if (in != x->scalar && !may_move(x, in))
        return;
    to->weight[lane % 8] = s->weight[term];
    to->at[lane % 8] = in == x->scalar ? (pleats_idx)x->n - 8 : x->at[in];
}

static void list_rows(pleats_ripple *x, pleats_idx step)
{
    const pleats_ripple_step *r = &x->step[step];
    for (size_t i = 0; i < r->width * r->blocks; i++)
        for (pleats_idx j = 0; j < r->start[i / 8 + 1] - r->start[i / 8]; j++)
            pleats_ripple_list_term(x, step, i, j);
}

static double row_gain(const pleats_ripple *x, pleats_idx step, pleats_idx row,
                       pleats_idx source)
{
    const pleats_step *s = &x->net->step[step];
    double sum = 0;
    for (pleats_idx j = s->start[row]; j < s->start[row + 1]; j++)
        if (may_move(x, s->in[j]) && x->maker[s->in[j]] == source)
            sum += fabs(s->weight[j]);
    return sum;
}

static pleats_status refer_rows(pleats_ctx *ctx, pleats_ripple *x,
                                pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    list_rows(x, step);
    for (size_t k = 0; k < r->n_sources; k++) {
        pleats_ripple_source *source = &r->source[k];
        double gain = 0;
        for (pleats_idx i = 0; i < s->n_out; i++)
            gain = fmax(gain, row_gain(x, step, i, source->step));
        source->gain = pleats_round_up(gain);
        TRY(pleats_check_work(ctx, (size_t)s->n_in));
    }
done:
    return status;
}

pleats_status pleats_ripple_refer(pleats_ctx *ctx, pleats_ripple *x,
                                  const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    x->piece = piece;
    x->scalar = -1;
    for (pleats_idx i = 0; i < x->net->n_steps; i++) {
        const pleats_step *s = &x->net->step[i];
        if (s->kind == PLEATS_STEP_SPARSE)
            TRY(refer_rows(ctx, x, i));
        else if (pleats_step_is_affine(s))
            TRY(refer_windows(ctx, x, i));
    }
done:
    return status;
}
