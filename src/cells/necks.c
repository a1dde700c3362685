#include "cells/necks.h"

void pleats_net_find_necks(const pleats_net *net, bool *is_neck)
{
    pleats_idx least = net->n_scalars;
    for (pleats_idx i = net->n_steps; i-- > 0;) {
        const pleats_step *s = &net->step[i];
        is_neck[i] = s->kind == PLEATS_STEP_PL && least >= s->out;
        for (pleats_idx j = 0; j < s->n_in; j++)
            if (s->in[j] >= 0 && s->in[j] < least)
                least = s->in[j];
    }
}

static bool has_slope(const pleats_space *s, const pleats_step *step,
                      pleats_idx unit)
{
    const pleats_idx piece = s->piece[step->first_unit + unit];
    return pleats_step_function(step, unit)->slope[piece] != 0;
}

static bool is_later(const pleats_step *step, const pleats_hyperplane *p)
{
    return p->a >= step->out && (p->b < 0 || p->b >= step->out);
}

/* Whether a plane is a multiple of the output of a unit with a slope, but for
 * its constant. */
static bool is_of_unit(const pleats_space *s, const pleats_step *step,
                       const pleats_hyperplane *p)
{
    for (pleats_idx i = 0; i < step->n_out && p->a >= 0 && p->b < 0; i++)
        if (step->in[i] == p->a && has_slope(s, step, i))
            return true;
    return false;
}

/* The bound through one neck; n when no plane is later. */
static pleats_idx rank_through(const pleats_space *s, const pleats_step *step,
                               pleats_idx n, const pleats_hyperplane *plane)
{
    pleats_idx rank = 0, n_later = 0;
    for (pleats_idx i = 0; i < n; i++)
        if (is_later(step, &plane[i]))
            n_later++;
        else
            rank += !is_of_unit(s, step, &plane[i]);
    for (pleats_idx i = 0; i < step->n_out && n_later > 0; i++)
        rank += has_slope(s, step, i);
    return n_later > 0 && rank < n ? rank : n;
}

pleats_idx pleats_planes_rank(const pleats_space *s, pleats_idx n,
                              const pleats_hyperplane *plane)
{
    pleats_idx rank = n < s->frame->k ? n : s->frame->k;
    for (pleats_idx i = 0; i < s->net->n_steps; i++) {
        if (!s->is_neck[i])
            continue;
        const pleats_idx through = rank_through(s, &s->net->step[i], n, plane);
        rank = through < rank ? through : rank;
    }
    return rank;
}
