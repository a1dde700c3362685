#include "optimum/bounder.h"

#include "base/doubles.h"
#include "exact/integers.h"

#include <math.h>
#include <string.h>

/* A side is not halved any more when it is so much shorter than the frame's. */
static const double WIDTH_LEAST = 0x1p-30;

/* Forms have at most so many entries of units' coordinates, of 8 bytes. */
static const double ENTRIES_MOST = 0x1p24;

/* ---- room ---- */

pleats_status pleats_bounder_init(pleats_ctx *ctx, pleats_bounder *b,
                                  const pleats_goals *goals,
                                  pleats_slope_norm norm)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &goals->net;
    const size_t terms = (size_t)pleats_net_row_terms(net) + 1;
    const size_t scalars = (size_t)net->n_scalars, units = (size_t)net->n_units;
    pleats_finder *f = &b->finder;
    *b = (pleats_bounder){.ctx = ctx, .goals = goals, .norm = norm};
    *f = (pleats_finder){.ctx = ctx, .net = net, .asks_no_programme = true};
    TRY(pleats_alloc(ctx, scalars, sizeof *f->scalar, &f->scalar));
    TRY(pleats_alloc(ctx, terms, sizeof *f->scratch, &f->scratch));
    TRY(pleats_alloc(ctx, terms, sizeof *f->may_win, &f->may_win));
    TRY(pleats_alloc(ctx, units, sizeof *f->unit, &f->unit));
    TRY(pleats_alloc(ctx, units, sizeof *b->decree, &b->decree));
    TRY(pleats_alloc(ctx, scalars, sizeof *b->is_needed, &b->is_needed));
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *b->x, &b->x));
    TRY(pleats_alloc(ctx, scalars, sizeof *b->value, &b->value));
    if (norm)
        TRY(pleats_slopes_init(ctx, &b->slopes, net));
done:
    return status;
}

void pleats_bounder_clear(pleats_bounder *b)
{
    if (!b->ctx)
        return;
    pleats_release(b->ctx, b->finder.scalar);
    pleats_release(b->ctx, b->finder.scratch);
    pleats_release(b->ctx, b->finder.may_win);
    pleats_release(b->ctx, b->finder.unit);
    pleats_slopes_clear(&b->slopes);
    pleats_release(b->ctx, b->decree);
    pleats_release(b->ctx, b->is_needed);
    pleats_release(b->ctx, b->share);
    pleats_release(b->ctx, b->point);
    pleats_release(b->ctx, b->x);
    pleats_release(b->ctx, b->value);
    *b = (pleats_bounder){0};
}

/* ---- what the goals depend on ---- */

static void need_row(pleats_bounder *b, const pleats_step *s, pleats_idx i)
{
    const pleats_row row = pleats_step_row(s, i, b->finder.scratch);
    for (pleats_idx t = 0; t < row.n; t++)
        if (row.in[t] >= 0 && row.weight[t] != 0)
            b->is_needed[row.in[t]] = true;
}

static void need_unit(pleats_bounder *b, const pleats_step *s, pleats_idx i)
{
    const pleats_range *range = &b->finder.unit[s->first_unit + i];
    if (s->kind == PLEATS_STEP_PL) {
        const pleats_pl *f = pleats_step_function(s, i);
        if (range->n > 1 || f->slope[range->first] != 0)
            b->is_needed[s->in[i]] = true;
        return;
    }
    for (pleats_idx c = s->start[i]; c < s->start[i + 1]; c++)
        if (range->n > 1 || c == s->start[i] + range->first)
            b->is_needed[s->in[c]] = true;
}

/* Sets is_needed: scalars on which the goals depend on the node, and those that
 * its decrees are about, as far as weights and pieces tell. */
static void find_needed(pleats_bounder *b, const pleats_node *node)
{
    const pleats_net *net = &b->goals->net;
    memset(b->is_needed, 0, (size_t)net->n_scalars * sizeof *b->is_needed);
    for (pleats_idx i = 0; i < b->goals->n; i++)
        b->is_needed[b->goals->scalar[i]] = true;
    for (pleats_idx k = net->n_steps - 1; k >= 0; k--) {
        const pleats_step *s = &net->step[k];
        const bool has_units = !pleats_step_is_affine(s);
        for (pleats_idx i = 0; i < s->n_out; i++) {
            const bool is_cut = has_units && b->decree[s->first_unit + i].n > 0;
            for (pleats_idx c = 0; is_cut && c < s->n_in; c++)
                if (s->kind == PLEATS_STEP_PL
                        ? c == i
                        : c >= s->start[i] && c < s->start[i + 1])
                    b->is_needed[s->in[c]] = true;
            if (!b->is_needed[s->out + i])
                continue;
            if (has_units)
                need_unit(b, s, i);
            else
                need_row(b, s, i);
        }
    }
    (void)node;
}

/* ---- how to split ---- */

/* What one coordinate of the relaxation does to a goal. */
typedef struct {
    const double *goal; /* [forms.k + 1] its form */
    pleats_idx k;       /* of the frame */
    double *gain;       /* [k] of halving a side */
} influence;

/* share [k] of a unit's new coordinate: how much of the unit's width each side
 * of the box makes, that of earlier units being made by theirs. */
static void find_share(pleats_bounder *b, pleats_idx scalar, pleats_idx at,
                       pleats_idx k)
{
    const double *form =
        pleats_forms_entry(&b->finder.relaxation->forms, scalar);
    double *share = b->share + (size_t)at * (size_t)k, all = 0;
    for (pleats_idx c = 0; c < at; c++)
        all += fabs(form[c]);
    for (pleats_idx j = 0; j < k; j++)
        share[j] = 0;
    for (pleats_idx c = 0; c < at && all > 0; c++)
        for (pleats_idx j = 0; j < k; j++)
            share[j] +=
                fabs(form[c]) / all *
                (c < k ? c == j : b->share[(size_t)c * (size_t)k + (size_t)j]);
}

/* Whether a unit comes into question, and how much of the goal's width is its
 * own. */
static bool is_open(const pleats_bounder *b, const pleats_step *s, pleats_idx i)
{
    return b->is_needed[s->out + i] && b->finder.unit[s->first_unit + i].n > 1;
}

static void take_unit(pleats_bounder *b, pleats_node *node, pleats_idx step,
                      pleats_idx i)
{
    const pleats_step *s = &b->goals->net.step[step];
    const pleats_range *range = &b->finder.unit[s->first_unit + i];
    const bool is_pl = s->kind == PLEATS_STEP_PL;
    node->branch =
        (pleats_branch){.coordinate = -1,
                        .step = step,
                        .unit = s->first_unit + i,
                        .first = is_pl ? range->first : 0,
                        .n = is_pl ? range->n : pleats_step_pieces(s, i)};
}

static void take_coordinate(pleats_node *node, influence *by, double most)
{
    pleats_idx best = -1;
    for (pleats_idx j = 0; j < node->k; j++)
        if (by->gain[j] > most && node->hi[j] - node->lo[j] > WIDTH_LEAST) {
            best = j;
            most = by->gain[j];
        }
    if (best >= 0)
        node->branch = (pleats_branch){.coordinate = best};
}

/* Splits the unit that has the largest share of the goal's width, or the side
 * that has the larger one by what it does to all units: halving it takes about
 * half of that away.  Units that meet in one site are not parted by halving:
 * when all sides were halved in vain, it is a unit's turn. */
static pleats_status choose_branch(pleats_bounder *b, pleats_node *node,
                                   pleats_idx goal)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &b->goals->net;
    const pleats_relaxation *r = b->finder.relaxation;
    const size_t k = (size_t)node->k;
    const pleats_idx before = node->n_open;
    influence by = {pleats_forms_entry(&r->forms, goal), node->k, NULL};
    double most = -1;
    node->n_open = node->n_wide = 0;
    TRY(pleats_grow(b->ctx, &b->share, &b->share_capacity,
                    ((size_t)r->forms.k + 1) * k + 1, sizeof *b->share));
    by.gain = b->share + (size_t)r->forms.k * k;
    memset(by.gain, 0, k * sizeof *by.gain);
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            const pleats_idx at = r->coordinate[s->out + u];
            double own = 0;
            node->n_wide += b->finder.unit[s->first_unit + u].n > 1;
            if (at >= 0) {
                find_share(b, s->out + u, at, node->k);
                own = b->norm ? 0 : pleats_larger(fabs(by.goal[at]), 0);
            }
            if (b->norm)
                own = pleats_larger(b->slopes.influence[s->first_unit + u], 0);
            for (size_t j = 0; at >= 0 && j < k; j++)
                by.gain[j] += own * b->share[(size_t)at * k + j] / 2;
            if (!is_open(b, s, u))
                continue;
            node->n_open++;
            if (own > most)
                take_unit(b, node, i, u);
            most = fmax(own, most);
        }
    }
    if (node->n_open < before)
        node->n_idle = 0;
    if (node->n_open > 0 && node->n_idle <= node->k)
        take_coordinate(node, &by, most);
done:
    return status;
}

/* ---- bounds ---- */

static void set_decrees(pleats_bounder *b, const pleats_node *node)
{
    const pleats_net *net = &b->goals->net;
    pleats_finder *f = &b->finder;
    f->decree = node->n_cuts > 0 ? b->decree : NULL;
    f->is_empty = false;
    memset(b->decree, 0, (size_t)net->n_units * sizeof *b->decree);
    for (pleats_idx i = 0; i < node->n_cuts; i++)
        b->decree[node->cut[i].unit] =
            (pleats_range){node->cut[i].first, node->cut[i].n, 0, 0};
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            const pleats_idx u = s->first_unit + i;
            f->unit[u] = (pleats_range){0, 0, -INFINITY, INFINITY};
            if (s->kind != PLEATS_STEP_MAX)
                continue;
            f->unit[u].n = pleats_step_pieces(s, i);
            if (b->decree[u].n > 0)
                f->unit[u] = b->decree[u];
        }
    }
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        f->scalar[i] = (pleats_interval){-INFINITY, INFINITY};
}

/* A point of the box where the goal's form is least, as far as the box's own
 * coordinates go. */
static void choose_point(pleats_bounder *b, const pleats_node *node,
                         pleats_idx goal)
{
    const double *form = pleats_forms_entry(&b->finder.relaxation->forms, goal);
    for (pleats_idx j = 0; j < node->k; j++)
        b->point[j] = form[j] > 0 ? node->lo[j] : node->hi[j];
}

/* The bound of the goals; *which: the one that is the largest by it. */
static pleats_status bound_goals(pleats_bounder *b, pleats_node *node,
                                 pleats_idx *which)
{
    pleats_status status = PLEATS_OK;
    double most = -INFINITY;
    *which = b->goals->scalar[0];
    for (pleats_idx i = 0; i < b->goals->n; i++) {
        const pleats_idx goal = b->goals->scalar[i];
        pleats_interval by;
        TRY(pleats_relaxation_solve(b->finder.relaxation, goal, &by));
        pleats_interval_narrow(&by, b->finder.scalar[goal]);
        if (by.lo > most) {
            most = by.lo;
            *which = goal;
        }
    }
    node->bound = fmax(node->bound, most);
done:
    return status;
}

static pleats_status bound_slope(pleats_bounder *b, const pleats_site *site,
                                 pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    double most;
    TRY(pleats_slopes_bound(&b->slopes, b->goals, site, b->norm, b->finder.unit,
                            &most));
    node->bound = fmax(node->bound, -most);
done:
    return status;
}

/* How many coordinates units may need: at most as many as could change their
 * piece in the parent, or by intervals on the whole frame; and no more than
 * fit.
 */
static pleats_status count_wide(pleats_bounder *b, const pleats_site *site,
                                const pleats_node *node, pleats_idx *wide)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &b->goals->net;
    const double most = ENTRIES_MOST / net->n_scalars - node->k;
    const pleats_box_part part = {node->k, node->lo, node->hi};
    *wide = node->n_wide;
    if (*wide == 0) {
        set_decrees(b, node);
        pleats_site_inputs(site, &part, b->finder.scalar);
        TRY(pleats_finder_run(&b->finder, net->n_steps - 1));
        for (pleats_idx u = 0; u < net->n_units; u++)
            *wide += b->finder.unit[u].n > 1;
    }
    if (*wide > most)
        *wide = most > 0 ? (pleats_idx)most : 0;
done:
    return status;
}

pleats_status pleats_bounder_bound(pleats_bounder *b, const pleats_site *site,
                                   pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &b->goals->net;
    const pleats_frame *frame = &site->frame;
    const pleats_box_part part = {node->k, node->lo, node->hi};
    const bool has_programme = node->n_cuts > 0 || frame->m > 0;
    pleats_relaxation relaxation = {0};
    pleats_idx goal = b->goals->scalar[0], wide = 0;
    TRY(count_wide(b, site, node, &wide));
    TRY(pleats_grow(b->ctx, &b->point, &b->point_capacity, (size_t)node->k + 1,
                    sizeof *b->point));
    TRY(pleats_relaxation_init_within(b->ctx, &relaxation, net, &site->inputs,
                                      &part, node->k + wide, has_programme));
    b->finder.relaxation = &relaxation;
    set_decrees(b, node);
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        b->finder.scalar[i] = pleats_relaxation_bounds(&relaxation, i);
    for (pleats_idx i = 0; i < frame->m; i++)
        TRY(pleats_relaxation_add_row(
            &relaxation, &part, site->row + (size_t)i * ((size_t)frame->k + 1),
            site->row_error[i]));
    TRY(pleats_finder_run(&b->finder, net->n_steps - 1));
    if (b->finder.is_empty || relaxation.is_empty) {
        node->bound = INFINITY;
        goto done;
    }
    if (b->norm)
        TRY(bound_slope(b, site, node));
    else
        TRY(bound_goals(b, node, &goal));
    find_needed(b, node);
    TRY(choose_branch(b, node, goal));
    choose_point(b, node, goal);
done:
    b->finder.relaxation = NULL;
    pleats_relaxation_clear(&relaxation);
    return status;
}

/* ---- values ---- */

/* Whether b->point is in the frame, exactly. */
static bool is_inside(const pleats_bounder *b, const pleats_frame *frame)
{
    for (pleats_idx i = 0; i < frame->m; i++)
        if (pleats_sign_at(frame->row + (size_t)i * ((size_t)frame->k + 1),
                           frame->k, b->point) < 0)
            return false;
    return true;
}

/* The largest goal in b->value; NaN when one is not known. */
static double largest(const pleats_bounder *b)
{
    double most = -INFINITY;
    for (pleats_idx i = 0; i < b->goals->n; i++) {
        const double value = b->value[b->goals->scalar[i]];
        most = isnan(value) || value > most ? value : most;
    }
    return most;
}

pleats_status pleats_bounder_value(pleats_bounder *b, const pleats_site *site,
                                   double beyond, pleats_interval *value)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &b->goals->net;
    const pleats_node here = {.k = site->frame.k};
    const pleats_box_part part = {here.k, b->point, b->point};
    *value = (pleats_interval){-INFINITY, INFINITY};
    set_decrees(b, &here);
    pleats_site_inputs(site, &part, b->finder.scalar);
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        b->x[i] = b->finder.scalar[i].lo;
    TRY(pleats_net_evaluate(b->ctx, net, b->x, b->value, NULL));
    if (!(largest(b) < beyond) || !is_inside(b, &site->frame))
        goto done;
    TRY(pleats_finder_run(&b->finder, net->n_steps - 1));
    value->hi = -INFINITY;
    for (pleats_idx i = 0; i < b->goals->n; i++) {
        const pleats_interval goal = b->finder.scalar[b->goals->scalar[i]];
        value->lo = goal.lo > value->lo ? goal.lo : value->lo;
        value->hi = pleats_larger(value->hi, goal.hi);
    }
done:
    return status;
}
