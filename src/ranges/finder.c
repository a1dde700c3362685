#include "ranges/finder.h"

#include <math.h>

/* No candidate of a maximum beats `leader` by more than `most` >= 0. */
typedef struct {
    pleats_idx leader;
    double most;
} lead;

static void narrow(pleats_finder *w, pleats_idx scalar, pleats_interval by)
{
    pleats_interval *x = &w->scalar[scalar];
    pleats_interval_narrow(x, by);
    w->is_empty = w->is_empty || x->lo > x->hi;
}

/* The pieces that a unit has by decree, or NULL. */
static const pleats_range *decree_of(const pleats_finder *w, pleats_idx unit)
{
    return w->decree && w->decree[unit].n > 0 ? &w->decree[unit] : NULL;
}

/* The inputs for which a PL unit has the pieces of a range. */
static pleats_interval inputs_of(const pleats_pl *f, const pleats_range *range)
{
    const pleats_idx last = range->first + range->n - 1;
    return (pleats_interval){range->first > 0 ? f->at[range->first - 1]
                                              : -INFINITY,
                             last < f->n_breaks ? f->at[last] : INFINITY};
}

static pleats_status find_pl(pleats_finder *w, const pleats_step *s,
                             pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    pleats_range *range = &w->unit[s->first_unit + i];
    const pleats_range *decree = decree_of(w, s->first_unit + i);
    pleats_idx in = s->in[i];
    if (w->relaxation)
        narrow(w, in, pleats_relaxation_bounds(w->relaxation, in));
    if (decree)
        narrow(w, in, inputs_of(pleats_step_function(s, i), decree));
    *range = pleats_interval_pl(w->scalar, s, i);
    if (w->relaxation && range->n > 1 && !w->asks_no_programme) {
        pleats_interval by;
        TRY(pleats_relaxation_solve(w->relaxation, in, &by));
        narrow(w, in, by);
        *range = pleats_interval_pl(w->scalar, s, i);
    }
    narrow(w, s->out + i,
           pleats_interval_of_pieces(pleats_step_function(s, i), range,
                                     w->scalar[in], 0));
done:
    return status;
}

/* The candidate that wins at the middle of the box, roughly: if any wins
 * everywhere, it is this one or its equal. */
static pleats_idx choose_leader(const pleats_finder *w, const pleats_step *s,
                                pleats_idx i)
{
    const pleats_forms *f = &w->relaxation->forms;
    pleats_idx best = -1;
    double most = 0;
    for (pleats_idx c = 0; c < pleats_step_pieces(s, i); c++) {
        pleats_idx in = s->in[s->start[i] + c];
        double value = pleats_forms_entry(f, in)[f->k] * (s->is_min ? -1 : 1);
        if (w->may_win[c] && (best < 0 || value > most)) {
            best = c;
            most = value;
        }
    }
    return best;
}

/* By how much candidate c beats the leader at best. */
static pleats_status find_margin(pleats_finder *w, const pleats_step *s,
                                 pleats_idx i, pleats_idx c, pleats_idx leader,
                                 double *margin)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = s->in + s->start[i];
    *margin = INFINITY;
    const int ways = w->asks_no_programme ? 1 : 2;
    for (int programme = 0; programme<ways && * margin> 0; programme++) {
        pleats_interval by;
        TRY(pleats_relaxation_compare(w->relaxation, in[c], in[leader],
                                      programme, &by));
        *margin = s->is_min ? -by.lo : by.hi;
    }
done:
    return status;
}

/* Which candidates beat the leader somewhere; *most: by how much at best. */
static pleats_status find_rivals(pleats_finder *w, const pleats_step *s,
                                 pleats_idx i, pleats_range *range,
                                 double *most)
{
    pleats_status status = PLEATS_OK;
    range->first = choose_leader(w, s, i);
    range->n = 1;
    *most = 0;
    for (pleats_idx c = 0; c < pleats_step_pieces(s, i); c++) {
        double margin;
        if (!w->may_win[c] || c == range->first)
            continue;
        TRY(find_margin(w, s, i, c, range->first, &margin));
        w->may_win[c] = margin > 0;
        range->n += margin > 0;
        *most = fmax(*most, margin);
    }
done:
    return status;
}

/* What is known already is kept where it is better. */
static pleats_status find_max(pleats_finder *w, const pleats_step *s,
                              pleats_idx i, lead *out)
{
    pleats_status status = PLEATS_OK;
    pleats_range *known = &w->unit[s->first_unit + i], found;
    const pleats_idx *in = s->in + s->start[i];
    for (pleats_idx c = 0; w->relaxation && c < pleats_step_pieces(s, i); c++)
        narrow(w, in[c], pleats_relaxation_bounds(w->relaxation, in[c]));
    found = pleats_interval_max(w->scalar, s, i, w->may_win);
    narrow(w, s->out + i, (pleats_interval){found.lo, found.hi});
    if (w->relaxation && found.n > 1 && known->n > 1)
        TRY(find_rivals(w, s, i, &found, &out->most));
    if (known->n == 0 || found.n < known->n)
        *known = found;
    out->leader = known->n == 1 ? known->first : found.first;
    if (known->n == 1)
        narrow(w, s->out + i, w->scalar[in[known->first]]);
    known->lo = w->scalar[s->out + i].lo;
    known->hi = w->scalar[s->out + i].hi;
done:
    return status;
}

/* What a decree says beside the pieces, for the programme. */
static pleats_status cut_pl(pleats_finder *w, const pleats_step *s,
                            pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_range *decree = decree_of(w, s->first_unit + i);
    if (!decree)
        return PLEATS_OK;
    const pleats_interval x = inputs_of(pleats_step_function(s, i), decree);
    if (isfinite(x.lo))
        TRY(pleats_relaxation_add_side(w->relaxation, 1, s->in[i], -1, x.lo));
    if (isfinite(x.hi))
        TRY(pleats_relaxation_add_side(w->relaxation, -1, s->in[i], -1, x.hi));
done:
    return status;
}

/* Units of a step do not read each other: their rows come after all of them
 * have been asked about. */
static pleats_status run_pl(pleats_finder *w, const pleats_step *s,
                            bool is_last)
{
    pleats_status status = PLEATS_OK;
    const pleats_range *range = w->unit + s->first_unit;
    for (pleats_idx i = 0; i < s->n_out && !w->is_empty; i++)
        TRY(find_pl(w, s, i));
    if (!w->relaxation || is_last || w->is_empty)
        goto done;
    for (pleats_idx i = 0; i < s->n_out; i++)
        pleats_relaxation_add_pl(w->relaxation, s, i, &range[i]);
    for (pleats_idx i = 0; i < s->n_out; i++)
        TRY(pleats_relaxation_add_pl_rows(w->relaxation, s, i, &range[i]));
    for (pleats_idx i = 0; i < s->n_out; i++)
        TRY(cut_pl(w, s, i));
done:
    return status;
}

static pleats_status cut_max(pleats_finder *w, const pleats_step *s,
                             pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_range *decree = decree_of(w, s->first_unit + i);
    const pleats_idx *in = s->in + s->start[i];
    for (pleats_idx c = 0; decree && c < pleats_step_pieces(s, i); c++)
        if (c != decree->first)
            TRY(pleats_relaxation_add_side(w->relaxation, s->is_min ? -1 : 1,
                                           in[decree->first], in[c], 0));
done:
    return status;
}

static pleats_status run_max(pleats_finder *w, const pleats_step *s,
                             bool is_last)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < s->n_out && !w->is_empty; i++) {
        lead by = {0, 0};
        TRY(find_max(w, s, i, &by));
        if (!w->relaxation || is_last)
            continue;
        pleats_relaxation_add_max(w->relaxation, s, i, by.leader, by.most);
        TRY(pleats_relaxation_add_max_rows(w->relaxation, s, i, by.leader,
                                           w->may_win));
        TRY(cut_max(w, s, i));
    }
done:
    return status;
}

pleats_status pleats_finder_run(pleats_finder *w, pleats_idx last)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i <= last && !w->is_empty; i++) {
        const pleats_step *s = &w->net->step[i];
        TRY(pleats_check_stop(w->ctx));
        w->is_empty = w->relaxation && w->relaxation->is_empty;
        if (w->is_empty)
            break;
        if (pleats_step_is_affine(s)) {
            pleats_interval_affine(w->scalar, s, w->scratch);
            if (w->relaxation)
                TRY(pleats_forms_run(w->ctx, &w->relaxation->forms, s, NULL));
        } else if (s->kind == PLEATS_STEP_PL) {
            TRY(run_pl(w, s, i == last));
        } else {
            TRY(run_max(w, s, i == last));
        }
    }
done:
    return status;
}
