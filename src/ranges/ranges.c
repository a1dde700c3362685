#include "ranges/ranges.h"

#include "ranges/relaxation.h"

#include <math.h>

/* Forms are used while they have at most this many entries (of 8 bytes), and
 * while working them out takes at most so many multiplications: a second or
 * two. */
static const double ENTRIES_MOST = 0x1p24, WORK_MOST = 0x1p32;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_interval *scalar; /* [n_scalars] */
    bool *is_moving;         /* [n_inputs] */
    pleats_idx *scratch;
    bool *may_win;                 /* [most terms of a row] */
    pleats_range *unit;            /* [n_units], lent */
    pleats_relaxation *relaxation; /* NULL: intervals alone */
} finder;

/* No candidate of a maximum beats `leader` by more than `most` >= 0. */
typedef struct {
    pleats_idx leader;
    double most;
} lead;

static pleats_status read_box(finder *w, const pleats_domain *box,
                              pleats_idx *dimension)
{
    const pleats_part *part = box->n_parts == 1 ? &box->part[0] : NULL;
    if (!part || part->direction || part->m != 0)
        return pleats_fail(w->ctx, PLEATS_INVALID,
                           "the domain (%s) must be one box in all inputs",
                           box->text);
    *dimension = 0;
    for (pleats_idx j = 0; j < part->k; j++) {
        if (!part->has_lo[j] || !part->has_hi[j])
            return pleats_fail(w->ctx, PLEATS_INVALID,
                               "the domain (%s) must bound every input",
                               box->text);
        w->scalar[j] = pleats_interval_around(part->lo[j], part->hi[j]);
        w->is_moving[j] = mpq_cmp(part->lo[j], part->hi[j]) < 0;
        *dimension += w->is_moving[j];
    }
    return PLEATS_OK;
}

static void narrow(finder *w, pleats_idx scalar, pleats_interval by)
{
    pleats_interval_narrow(&w->scalar[scalar], by);
}

static pleats_status find_pl(finder *w, const pleats_step *s, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    pleats_range *range = &w->unit[s->first_unit + i];
    pleats_idx in = s->in[i];
    if (w->relaxation)
        narrow(w, in, pleats_relaxation_bounds(w->relaxation, in));
    *range = pleats_interval_pl(w->scalar, s, i);
    if (w->relaxation && range->n > 1) {
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
static pleats_idx choose_leader(const finder *w, const pleats_step *s,
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
static pleats_status find_margin(finder *w, const pleats_step *s, pleats_idx i,
                                 pleats_idx c, pleats_idx leader,
                                 double *margin)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = s->in + s->start[i];
    *margin = INFINITY;
    for (int programme = 0; programme < 2 && *margin > 0; programme++) {
        pleats_interval by;
        TRY(pleats_relaxation_compare(w->relaxation, in[c], in[leader],
                                      programme, &by));
        *margin = s->is_min ? -by.lo : by.hi;
    }
done:
    return status;
}

/* Which candidates beat the leader somewhere; *most: by how much at best. */
static pleats_status find_rivals(finder *w, const pleats_step *s, pleats_idx i,
                                 pleats_range *range, double *most)
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
static pleats_status find_max(finder *w, const pleats_step *s, pleats_idx i,
                              lead *out)
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

/* Units of a step do not read each other: their rows come after all of them
 * have been asked about. */
static pleats_status run_pl(finder *w, const pleats_step *s, bool is_last)
{
    pleats_status status = PLEATS_OK;
    const pleats_range *range = w->unit + s->first_unit;
    for (pleats_idx i = 0; i < s->n_out; i++)
        TRY(find_pl(w, s, i));
    if (!w->relaxation || is_last)
        goto done;
    for (pleats_idx i = 0; i < s->n_out; i++)
        pleats_relaxation_add_pl(w->relaxation, s, i, &range[i]);
    for (pleats_idx i = 0; i < s->n_out; i++)
        TRY(pleats_relaxation_add_pl_rows(w->relaxation, s, i, &range[i]));
done:
    return status;
}

static pleats_status run_max(finder *w, const pleats_step *s, bool is_last)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        lead by = {0, 0};
        TRY(find_max(w, s, i, &by));
        if (!w->relaxation || is_last)
            continue;
        pleats_relaxation_add_max(w->relaxation, s, i, by.leader, by.most);
        TRY(pleats_relaxation_add_max_rows(w->relaxation, s, i, by.leader,
                                           w->may_win));
    }
done:
    return status;
}

/* One pass over the steps up to the last one with units; what earlier passes
 * found only gets better. */
static pleats_status run(finder *w, pleats_idx last)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i <= last; i++) {
        const pleats_step *s = &w->net->step[i];
        TRY(pleats_check_stop(w->ctx));
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

/* The last step with units; -1: none. */
static pleats_idx last_of_units(const pleats_net *net)
{
    pleats_idx last = net->n_steps - 1;
    while (last >= 0 && pleats_step_is_affine(&net->step[last]))
        last--;
    return last;
}

static double count_terms(const pleats_net *net)
{
    double terms = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (s->kind == PLEATS_STEP_DENSE)
            terms += (double)s->n_out * s->n_in;
        else if (s->kind == PLEATS_STEP_CONV)
            terms += (double)s->n_out * s->n_taps;
        else
            terms += s->n_in;
    }
    return terms;
}

/* Coordinates for the sides of the box and the units before step `last` that
 * are not known to be stable, as far as the limits allow; 0 when they do not
 * even allow the box's own. */
static pleats_idx count_coordinates(const finder *w, pleats_idx dimension,
                                    pleats_idx last)
{
    double scalars = (double)w->net->n_scalars + 1;
    double fit =
        fmin(ENTRIES_MOST / scalars, WORK_MOST / (1 + count_terms(w->net))) - 1;
    double wanted = dimension;
    for (pleats_idx u = 0; u < w->net->step[last].first_unit; u++)
        wanted += w->unit[u].n > 1;
    return fit < dimension ? 0 : (pleats_idx)fmin(fit, wanted);
}

static bool has_undecided(const finder *w)
{
    for (pleats_idx u = 0; u < w->net->n_units; u++)
        if (w->unit[u].n > 1)
            return true;
    return false;
}

/* A pass with forms; nothing when all is known already or the limits forbid. */
static pleats_status run_relaxed(finder *w, pleats_idx dimension,
                                 pleats_idx last, bool has_programme)
{
    pleats_status status = PLEATS_OK;
    pleats_relaxation relaxation = {0};
    pleats_idx k;
    if (!has_undecided(w))
        return PLEATS_OK;
    k = count_coordinates(w, dimension, last);
    if (k == 0)
        return PLEATS_OK;
    TRY(pleats_relaxation_init(w->ctx, &relaxation, w->net, w->scalar,
                               w->is_moving, k, has_programme));
    w->relaxation = &relaxation;
    TRY(run(w, last));
done:
    pleats_relaxation_clear(&relaxation);
    w->relaxation = NULL;
    return status;
}

pleats_status pleats_ranges_find(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *box,
                                 pleats_ranges_effort effort,
                                 pleats_ranges *out)
{
    pleats_status status = PLEATS_OK;
    finder w = {.ctx = ctx, .net = net};
    size_t terms = (size_t)pleats_net_row_terms(net) + 1;
    pleats_idx last = last_of_units(net);
    *out = (pleats_ranges){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->unit, &out->unit));
    w.unit = out->unit;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *w.scalar, &w.scalar));
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *w.is_moving,
                     &w.is_moving));
    TRY(pleats_alloc(ctx, terms, sizeof *w.scratch, &w.scratch));
    TRY(pleats_alloc(ctx, terms, sizeof *w.may_win, &w.may_win));
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        w.scalar[i] = (pleats_interval){-INFINITY, INFINITY};
    TRY(read_box(&w, box, &out->dimension));
    TRY(run(&w, last));
    if (effort >= PLEATS_RANGES_BY_FORMS)
        TRY(run_relaxed(&w, out->dimension, last, false));
    if (effort >= PLEATS_RANGES_BY_PROGRAMMES)
        TRY(run_relaxed(&w, out->dimension, last, true));
done:
    pleats_release(ctx, w.scalar);
    pleats_release(ctx, w.is_moving);
    pleats_release(ctx, w.scratch);
    pleats_release(ctx, w.may_win);
    return status;
}

void pleats_ranges_clear(pleats_ctx *ctx, pleats_ranges *ranges)
{
    pleats_release(ctx, ranges->unit);
    *ranges = (pleats_ranges){0};
}

pleats_range_counts pleats_ranges_count(const pleats_ranges *ranges,
                                        const pleats_step *s)
{
    pleats_range_counts out = {0};
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_range *range = &ranges->unit[s->first_unit + i];
        bool is_flat = s->kind == PLEATS_STEP_PL &&
                       pleats_step_function(s, i)->slope[range->first] == 0;
        if (range->n > 1)
            out.undecided++;
        else if (is_flat || range->lo == range->hi)
            out.constant++;
        else
            out.passing++;
    }
    return out;
}
