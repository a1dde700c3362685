/* The primal simplex method for bounded variables on a dense dictionary. */
#include "lp/lp.h"

#include <math.h>
#include <string.h>

/* Rows come scaled to entries of size about 1; anything smaller than these is
 * taken as 0 by the walk (not by any verdict). */
static const double PIVOT_LEAST = 1e-11;
static const double COST_LEAST = 1e-13;

pleats_status pleats_lp_init(pleats_ctx *ctx, pleats_lp *lp, pleats_idx k,
                             const bool *boxed)
{
    pleats_status status = PLEATS_OK;
    if (lp->k != k || !lp->objective) {
        pleats_lp_clear(ctx, lp);
        TRY(pleats_alloc(ctx, (size_t)k + 1, sizeof *lp->objective,
                         &lp->objective));
        TRY(pleats_alloc(ctx, (size_t)k, sizeof *lp->nonbasic, &lp->nonbasic));
        TRY(pleats_alloc(ctx, (size_t)k, sizeof *lp->flipped, &lp->flipped));
        TRY(pleats_alloc(ctx, (size_t)k, sizeof *lp->place, &lp->place));
        lp->k = k;
    }
    lp->m = lp->n_pivots = 0;
    lp->boxed = boxed;
    lp->ray = -1;
    for (pleats_idx j = 0; j < k; j++) {
        lp->nonbasic[j] = lp->place[j] = j;
        lp->flipped[j] = false;
    }
done:
    return status;
}

void pleats_lp_clear(pleats_ctx *ctx, pleats_lp *lp)
{
    pleats_release(ctx, lp->dictionary);
    pleats_release(ctx, lp->objective);
    pleats_release(ctx, lp->basic);
    pleats_release(ctx, lp->nonbasic);
    pleats_release(ctx, lp->flipped);
    pleats_release(ctx, lp->place);
    *lp = (pleats_lp){0};
}

static pleats_status reserve_rows(pleats_ctx *ctx, pleats_lp *lp, size_t rows)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)lp->k + 1, capacity = lp->row_capacity;
    if (rows <= capacity)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &lp->dictionary, &capacity, rows,
                    width * sizeof *lp->dictionary));
    capacity = lp->row_capacity;
    TRY(pleats_grow(ctx, &lp->basic, &capacity, rows, sizeof *lp->basic));
    lp->row_capacity = capacity;
done:
    return status;
}

pleats_status pleats_lp_copy(pleats_ctx *ctx, pleats_lp *to,
                             const pleats_lp *from)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)from->k, m = (size_t)from->m;
    TRY(pleats_lp_init(ctx, to, from->k, from->boxed));
    TRY(reserve_rows(ctx, to, m + 1));
    to->m = from->m;
    to->n_pivots = from->n_pivots;
    if (m) {
        memcpy(to->dictionary, from->dictionary,
               m * (k + 1) * sizeof *to->dictionary);
        memcpy(to->basic, from->basic, m * sizeof *to->basic);
    }
    if (k) {
        memcpy(to->nonbasic, from->nonbasic, k * sizeof *to->nonbasic);
        memcpy(to->flipped, from->flipped, k * sizeof *to->flipped);
        memcpy(to->place, from->place, k * sizeof *to->place);
    }
done:
    return status;
}

static double *row_at(const pleats_lp *lp, pleats_idx r)
{
    return lp->dictionary + (size_t)r * ((size_t)lp->k + 1);
}

/* Adds factor * variable v to an expression in the nonbasic variables. */
static void add_variable(const pleats_lp *lp, double *expression, pleats_idx j,
                         double factor)
{
    pleats_idx k = lp->k;
    if (lp->place[j] >= 0) {
        expression[lp->place[j]] += factor;
        return;
    }
    const double *row = row_at(lp, ~lp->place[j]);
    for (pleats_idx c = 0; c <= k; c++)
        expression[c] += factor * row[c];
}

/* Writes form . (t, 1) in the nonbasic variables. */
static void express(const pleats_lp *lp, const double *form, double *expression)
{
    pleats_idx k = lp->k;
    memset(expression, 0, ((size_t)k + 1) * sizeof *expression);
    expression[k] = form[k];
    for (pleats_idx j = 0; j < k; j++) {
        double a = form[j];
        if (a == 0)
            continue;
        if (lp->boxed[j]) {
            expression[k] += lp->flipped[j] ? a : -a;
            a = lp->flipped[j] ? -a : a;
        }
        add_variable(lp, expression, j, a);
    }
}

pleats_status pleats_lp_add_row(pleats_ctx *ctx, pleats_lp *lp,
                                const double *row)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve_rows(ctx, lp, (size_t)lp->m + 1));
    express(lp, row, row_at(lp, lp->m));
    lp->basic[lp->m] = lp->k + lp->m;
    lp->m++;
done:
    return status;
}

static bool is_boxed(const pleats_lp *lp, pleats_idx v)
{
    return v < lp->k && lp->boxed[v];
}

/* Measures the boxed variable of column q from its other bound. */
static void flip_column(pleats_lp *lp, pleats_idx q)
{
    pleats_idx k = lp->k, v = lp->nonbasic[q];
    for (pleats_idx r = 0; r <= lp->m; r++) {
        double *row = r < lp->m ? row_at(lp, r) : lp->objective;
        row[k] += 2 * row[q];
        row[q] = -row[q];
    }
    lp->flipped[v] = !lp->flipped[v];
}

/* Measures the boxed variable of row r from its other bound. */
static void flip_row(pleats_lp *lp, pleats_idx r)
{
    double *row = row_at(lp, r);
    for (pleats_idx c = 0; c <= lp->k; c++)
        row[c] = -row[c];
    row[lp->k] += 2;
    lp->flipped[lp->basic[r]] = !lp->flipped[lp->basic[r]];
}

static void set_place(pleats_lp *lp, pleats_idx v, pleats_idx place)
{
    if (v < lp->k)
        lp->place[v] = place;
}

/* Exchanges the variables of row r and column q. */
static void pivot(pleats_lp *lp, pleats_idx r, pleats_idx q)
{
    pleats_idx k = lp->k, leaving = lp->basic[r];
    double *p = row_at(lp, r);
    double inverse = 1 / p[q];
    for (pleats_idx c = 0; c <= k; c++)
        p[c] *= -inverse;
    p[q] = inverse;
    for (pleats_idx i = 0; i <= lp->m; i++) {
        double *row = i < lp->m ? row_at(lp, i) : lp->objective;
        double factor = row[q];
        if (i == r || factor == 0)
            continue;
        row[q] = 0;
        for (pleats_idx c = 0; c <= k; c++)
            row[c] += factor * p[c];
    }
    lp->n_pivots++;
    lp->basic[r] = lp->nonbasic[q];
    lp->nonbasic[q] = leaving;
    set_place(lp, lp->basic[r], ~r);
    set_place(lp, leaving, q);
}

void pleats_lp_settle(pleats_lp *lp)
{
    for (pleats_idx r = 0; r < lp->m; r++) {
        double *value = row_at(lp, r) + lp->k;
        if (lp->basic[r] >= lp->k && *value < 0)
            *value = 0;
    }
}

/* The column that promises most, or with `first` the one of the smallest
 * variable (which cannot cycle); -1 at a maximum.  A free variable may go
 * either way: its column is turned so that it grows. */
static pleats_idx choose_entering(pleats_lp *lp, bool first)
{
    pleats_idx best = -1;
    double most = COST_LEAST;
    for (pleats_idx q = 0; q < lp->k; q++) {
        pleats_idx v = lp->nonbasic[q];
        bool is_free = v < lp->k && !lp->boxed[v];
        double gain = is_free ? fabs(lp->objective[q]) : lp->objective[q];
        if (gain <= (first ? COST_LEAST : most))
            continue;
        if (first && best >= 0 && v > lp->nonbasic[best])
            continue;
        best = q;
        most = gain;
    }
    return best;
}

/* The row that blocks column q first when its variable moves by `sense`; -1
 * when none does before `*step`, which comes as the entering variable's own
 * range and leaves as the length of the step.  `*upper`: the row's variable
 * leaves at its upper bound. */
static pleats_idx choose_leaving(const pleats_lp *lp, pleats_idx q,
                                 double sense, double *step, bool *upper)
{
    pleats_idx best = -1;
    double size = 0;
    for (pleats_idx r = 0; r < lp->m; r++) {
        const double *row = row_at(lp, r);
        double rate = sense * row[q], value = row[lp->k], limit;
        pleats_idx v = lp->basic[r];
        if (fabs(rate) < PIVOT_LEAST || (v < lp->k && !lp->boxed[v]))
            continue;
        if (rate < 0)
            limit = (value > 0 ? value : 0) / -rate;
        else if (v < lp->k)
            limit = (value < 2 ? 2 - value : 0) / rate;
        else
            continue;
        if (limit < *step || (limit == *step && fabs(rate) > size)) {
            *step = limit;
            *upper = rate > 0;
            size = fabs(rate);
            best = r;
        }
    }
    return best;
}

pleats_lp_end pleats_lp_maximize(pleats_lp *lp, const double *objective,
                                 double enough)
{
    pleats_idx most = 20 + 4 * (lp->k + lp->m), careful = most / 2;
    express(lp, objective, lp->objective);
    lp->ray = -1;
    for (pleats_idx i = 0; i < most; i++) {
        if (lp->objective[lp->k] > enough)
            return PLEATS_LP_ENOUGH;
        pleats_idx q = choose_entering(lp, i > careful);
        if (q < 0)
            return PLEATS_LP_OPTIMAL;
        bool upper = false;
        double sense = lp->objective[q] < 0 ? -1 : 1;
        double step = is_boxed(lp, lp->nonbasic[q]) ? 2 : INFINITY;
        pleats_idx r = choose_leaving(lp, q, sense, &step, &upper);
        if (r < 0 && step == INFINITY) {
            lp->ray = q;
            return PLEATS_LP_UNBOUNDED;
        }
        if (r < 0) {
            flip_column(lp, q);
            continue;
        }
        if (upper)
            flip_row(lp, r);
        pivot(lp, r, q);
    }
    return PLEATS_LP_STALLED;
}

/* On an unbounded ray the vertex does not move; the new row takes the ray's
 * column instead, which puts the vertex where the row is 0. */
pleats_status pleats_lp_cut(pleats_ctx *ctx, pleats_lp *lp, const double *row)
{
    pleats_status status = PLEATS_OK;
    pleats_lp_end end = pleats_lp_maximize(lp, row, PLEATS_LP_POSITIVE);
    TRY(pleats_lp_add_row(ctx, lp, row));
    if (end == PLEATS_LP_UNBOUNDED && row_at(lp, lp->m - 1)[lp->k] < 0)
        pivot(lp, lp->m - 1, lp->ray);
    pleats_lp_settle(lp);
done:
    return status;
}

double pleats_lp_value(const pleats_lp *lp)
{
    return lp->objective[lp->k];
}

void pleats_lp_vertex(const pleats_lp *lp, double *t)
{
    for (pleats_idx j = 0; j < lp->k; j++) {
        double z = lp->place[j] >= 0 ? 0 : row_at(lp, ~lp->place[j])[lp->k];
        t[j] = !lp->boxed[j] ? z : lp->flipped[j] ? 1 - z : z - 1;
    }
}

void pleats_lp_multipliers(const pleats_lp *lp, double *y)
{
    for (pleats_idx i = 0; i < lp->m; i++)
        y[i] = 0;
    for (pleats_idx q = 0; q < lp->k; q++)
        if (lp->nonbasic[q] >= lp->k && lp->objective[q] < 0)
            y[lp->nonbasic[q] - lp->k] = -lp->objective[q];
}
