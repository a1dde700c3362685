#include "ranges/ranges.h"

#include "ranges/finder.h"

#include <math.h>

/* Forms are used while they have at most this many entries (of 8 bytes), and
 * while working them out takes at most so many multiplications: a second or
 * two. */
static const double ENTRIES_MOST = 0x1p24, WORK_MOST = 0x1p32;

typedef struct {
    pleats_finder pass;
    bool *is_moving; /* [n_inputs] */
} finder;

static pleats_status read_box(finder *w, const pleats_domain *box,
                              pleats_idx *dimension)
{
    const pleats_part *part = box->n_parts == 1 ? &box->part[0] : NULL;
    if (!part || part->direction || part->m != 0)
        return pleats_fail(w->pass.ctx, PLEATS_INVALID,
                           "the domain (%s) must be one box in all inputs",
                           box->text);
    *dimension = 0;
    for (pleats_idx j = 0; j < part->k; j++) {
        if (!part->has_lo[j] || !part->has_hi[j])
            return pleats_fail(w->pass.ctx, PLEATS_INVALID,
                               "the domain (%s) must bound every input",
                               box->text);
        w->pass.scalar[j] = pleats_interval_around(part->lo[j], part->hi[j]);
        w->is_moving[j] = mpq_cmp(part->lo[j], part->hi[j]) < 0;
        *dimension += w->is_moving[j];
    }
    return PLEATS_OK;
}

/* The last step with units; -1: none. */
static pleats_idx last_of_units(const pleats_net *net)
{
    pleats_idx last = net->n_steps - 1;
    while (last >= 0 && pleats_step_is_affine(&net->step[last]))
        last--;
    return last;
}

/* Coordinates for the sides of the box and the units before step `last` that
 * are not known to be stable, as far as the limits allow; 0 when they do not
 * even allow the box's own. */
static pleats_idx count_coordinates(const finder *w, pleats_idx dimension,
                                    pleats_idx last)
{
    double scalars = (double)w->pass.net->n_scalars + 1;
    double fit = fmin(ENTRIES_MOST / scalars,
                      WORK_MOST / (double)pleats_net_terms(w->pass.net)) -
                 1;
    double wanted = dimension;
    for (pleats_idx u = 0; u < w->pass.net->step[last].first_unit; u++)
        wanted += w->pass.unit[u].n > 1;
    return fit < dimension ? 0 : (pleats_idx)fmin(fit, wanted);
}

static bool has_undecided(const finder *w)
{
    for (pleats_idx u = 0; u < w->pass.net->n_units; u++)
        if (w->pass.unit[u].n > 1)
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
    TRY(pleats_relaxation_init(w->pass.ctx, &relaxation, w->pass.net,
                               w->pass.scalar, w->is_moving, k, has_programme));
    w->pass.relaxation = &relaxation;
    TRY(pleats_finder_run(&w->pass, last));
done:
    pleats_relaxation_clear(&relaxation);
    w->pass.relaxation = NULL;
    return status;
}

/* Room, in which nothing is known.  End in every case. */
static pleats_status begin(pleats_ctx *ctx, finder *w, const pleats_net *net,
                           pleats_ranges *out)
{
    pleats_status status = PLEATS_OK;
    size_t terms = (size_t)pleats_net_row_terms(net) + 1;
    *w = (finder){.pass = {.ctx = ctx, .net = net}};
    *out = (pleats_ranges){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->unit, &out->unit));
    w->pass.unit = out->unit;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *w->pass.scalar,
                     &w->pass.scalar));
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *w->is_moving,
                     &w->is_moving));
    TRY(pleats_alloc(ctx, terms, sizeof *w->pass.scratch, &w->pass.scratch));
    TRY(pleats_alloc(ctx, terms, sizeof *w->pass.may_win, &w->pass.may_win));
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        w->pass.scalar[i] = (pleats_interval){-INFINITY, INFINITY};
done:
    return status;
}

static void end(finder *w)
{
    pleats_release(w->pass.ctx, w->pass.scalar);
    pleats_release(w->pass.ctx, w->is_moving);
    pleats_release(w->pass.ctx, w->pass.scratch);
    pleats_release(w->pass.ctx, w->pass.may_win);
}

pleats_status pleats_ranges_find(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *box,
                                 pleats_ranges_effort effort,
                                 pleats_ranges *out)
{
    pleats_status status = PLEATS_OK;
    finder w;
    pleats_idx last = last_of_units(net);
    TRY(begin(ctx, &w, net, out));
    TRY(read_box(&w, box, &out->dimension));
    TRY(pleats_finder_run(&w.pass, last));
    if (effort >= PLEATS_RANGES_BY_FORMS)
        TRY(run_relaxed(&w, out->dimension, last, false));
    if (effort >= PLEATS_RANGES_BY_PROGRAMMES)
        TRY(run_relaxed(&w, out->dimension, last, true));
done:
    end(&w);
    return status;
}

/* Bounds of the inputs; units may have all their pieces. */
static void read_cross(finder *w, const pleats_cross *cross)
{
    const pleats_net *net = w->pass.net;
    for (pleats_idx i = 0; i < cross->n_inputs; i++) {
        const double centre = cross->centre[i];
        double reach = 0;
        for (pleats_idx j = 0; j < cross->k; j++)
            reach = fmax(reach,
                         fabs(cross->side[(size_t)j * (size_t)cross->n_inputs +
                                          (size_t)i]));
        pleats_interval *x = &w->pass.scalar[i];
        *x = (pleats_interval){centre - reach, centre + reach};
        if (reach > 0)
            *x = (pleats_interval){nextafter(x->lo, -INFINITY),
                                   nextafter(x->hi, INFINITY)};
    }
    for (pleats_idx i = 0; i < net->n_steps; i++)
        for (pleats_idx u = 0;
             net->step[i].kind == PLEATS_STEP_MAX && u < net->step[i].n_out;
             u++)
            w->pass.unit[net->step[i].first_unit + u].n =
                pleats_step_pieces(&net->step[i], u);
}

static pleats_status run_crossed(finder *w, const pleats_cross *cross,
                                 pleats_idx last, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    pleats_relaxation relaxation = {0};
    TRY(pleats_relaxation_init_cross(w->pass.ctx, &relaxation, w->pass.net,
                                     cross, k));
    w->pass.relaxation = &relaxation;
    w->pass.asks_no_programme = true;
    TRY(pleats_finder_run(&w->pass, last));
done:
    pleats_relaxation_clear(&relaxation);
    w->pass.relaxation = NULL;
    return status;
}

pleats_status pleats_ranges_on_cross(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_cross *cross,
                                     pleats_ranges *out)
{
    pleats_status status = PLEATS_OK;
    finder w;
    pleats_idx last = last_of_units(net), k;
    TRY(begin(ctx, &w, net, out));
    out->dimension = cross->k;
    read_cross(&w, cross);
    if (last < 0)
        goto done;
    TRY(run_crossed(&w, cross, last, cross->k));
    k = count_coordinates(&w, cross->k, last);
    if (k > cross->k)
        TRY(run_crossed(&w, cross, last, k));
done:
    end(&w);
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
