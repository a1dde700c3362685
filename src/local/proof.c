#include "local/proof.h"

#include "base/doubles.h"
#include "base/perturb.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>

/* Sizes beyond which exact programmes are not tried: pivots times entries times
 * the lengths of the numbers, which grow with the pivots. */
static const double MOST_WORK = 3e7;
enum {
    MOST_SOLVED = 400,    /* columns of a system that is solved in doubles */
    LEAST_EXPONENT = -900 /* of their entries, the largest of a row being 0 */
};

/* Rows in play, over the columns where one of them is not 0. */
typedef struct {
    pleats_ctx *ctx;
    pleats_idx n, u;
    mpz_t **row; /* [n] */
    mpz_t *target;
    pleats_idx *column; /* [u] */
    pleats_idx k;
} system;

static pleats_status gather(pleats_region *r, pleats_idx i, pleats_idx n,
                            const pleats_idx *listed, system *s)
{
    pleats_status status = PLEATS_OK;
    *s = (system){.ctx = r->ctx, .n = n, .k = r->k};
    TRY(pleats_alloc(r->ctx, (size_t)n, sizeof *s->row, &s->row));
    TRY(pleats_alloc(r->ctx, (size_t)r->k, sizeof *s->column, &s->column));
    TRY(pleats_region_row(r, i, &s->target));
    for (pleats_idx j = 0; j < n; j++)
        TRY(pleats_region_row(r, listed[j], &s->row[j]));
    for (pleats_idx c = 0; c < r->k; c++) {
        bool used = mpz_sgn(s->target[c]) != 0;
        for (pleats_idx j = 0; j < n && !used; j++)
            used = mpz_sgn(s->row[j][c]) != 0;
        if (used)
            s->column[s->u++] = c;
    }
done:
    return status;
}

static void system_clear(system *s)
{
    pleats_release(s->ctx, s->row);
    pleats_release(s->ctx, s->column);
}

/* to [u + 1] = the row, constant last, over 2^its largest exponent: every
 * entry is off by a relative 2^-52 at most.  False when that cannot be, since
 * one is too small. */
static bool round_row(const system *s, mpz_t *row, double *to)
{
    bool fits = true;
    long exponent, largest = 0;
    for (pleats_idx c = 0; c <= s->u; c++) {
        to[c] = mpz_get_d_2exp(&exponent, row[c < s->u ? s->column[c] : s->k]);
        if (to[c] != 0 && (largest == 0 || exponent > largest))
            largest = exponent;
    }
    for (pleats_idx c = 0; c <= s->u; c++) {
        (void)mpz_get_d_2exp(&exponent, row[c < s->u ? s->column[c] : s->k]);
        fits = fits && (to[c] == 0 || exponent - largest > LEAST_EXPONENT);
        to[c] = to[c] != 0 ? ldexp(to[c], (int)(exponent - largest)) : 0;
    }
    return fits;
}

/* A square system y M = g in doubles: M [u x (u + 1)] with the constants in
 * its last column, an approximate inverse of M. */
typedef struct {
    size_t u;
    double unit; /* of an entry's relative error, and of sums of u terms */
    double *m, *inverse, *work;
    double *g, *y, *row; /* [u + 1] */
} square;

static double *at(double *matrix, size_t width, size_t i)
{
    return matrix + i * width;
}

/* Gauss and Jordan with row exchanges; false: a pivot is 0. */
static bool invert(square *q)
{
    const size_t u = q->u;
    for (size_t i = 0; i < u; i++)
        for (size_t j = 0; j < u; j++) {
            at(q->work, u, i)[j] = at(q->m, u + 1, i)[j];
            at(q->inverse, u, i)[j] = i == j;
        }
    for (size_t p = 0; p < u; p++) {
        size_t best = p;
        for (size_t i = p + 1; i < u; i++)
            if (fabs(at(q->work, u, i)[p]) > fabs(at(q->work, u, best)[p]))
                best = i;
        double pivot = at(q->work, u, best)[p];
        if (pivot == 0 || !isfinite(pivot))
            return false;
        for (size_t j = 0; j < u; j++) {
            double *w = at(q->work, u, best) + j, *v = at(q->work, u, p) + j;
            double *x = at(q->inverse, u, best) + j;
            double *z = at(q->inverse, u, p) + j, keep = *w;
            *w = *v;
            *v = keep / pivot;
            keep = *x;
            *x = *z;
            *z = keep / pivot;
        }
        for (size_t i = 0; i < u; i++) {
            double factor = at(q->work, u, i)[p];
            if (i == p || factor == 0)
                continue;
            for (size_t j = p; j < u; j++)
                at(q->work, u, i)[j] -= factor * at(q->work, u, p)[j];
            for (size_t j = 0; j < u; j++)
                at(q->inverse, u, i)[j] -= factor * at(q->inverse, u, p)[j];
        }
    }
    return true;
}

static double absolute_sum(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fabs(x[i]);
    return sum;
}

/* row [u] = by [u] . matrix [u x width] */
static void multiply(const double *by, double *matrix, size_t width, size_t u,
                     double *row)
{
    for (size_t j = 0; j < u; j++)
        row[j] = 0;
    for (size_t i = 0; i < u; i++)
        for (size_t j = 0; j < u && by[i] != 0; j++)
            row[j] += by[i] * at(matrix, width, i)[j];
}

/* An upper bound of the row sum norm of I - M R, for the true M. */
static double defect(square *q)
{
    const size_t u = q->u;
    double most = 0;
    for (size_t i = 0; i < u; i++) {
        const double *row = at(q->m, u + 1, i);
        double size = 0;
        multiply(row, q->inverse, u, u, q->row);
        q->row[i] -= 1;
        for (size_t j = 0; j < u; j++)
            size += fabs(row[j]) * absolute_sum(at(q->inverse, u, j), u);
        double sum =
            pleats_round_up(absolute_sum(q->row, u) + q->unit * (size + 1));
        most = pleats_larger(most, sum);
    }
    return most;
}

/* Whether y >= 0 and the number left over is > 0.  With the residual
 * rho = g - y M of the computed y, the true one is y + rho R (I - F)^-1,
 * F = I - M R. */
static bool is_positive(square *q)
{
    const size_t u = q->u;
    const double unit = q->unit;
    double norm = 0, f = defect(q), size = absolute_sum(q->g, u);
    if (!(f < 0.5))
        return false;
    multiply(q->g, q->inverse, u, u, q->y);
    multiply(q->y, q->m, u + 1, u, q->row);
    for (size_t j = 0; j < u; j++) {
        double sum = absolute_sum(at(q->inverse, u, j), u);
        norm = pleats_larger(norm, sum);
        size += fabs(q->y[j]) * absolute_sum(at(q->m, u + 1, j), u);
        q->row[j] -= q->g[j];
    }
    double rho = pleats_round_up(absolute_sum(q->row, u) + unit * size);
    double off = pleats_round_up(rho * norm / (1 - f));
    double rest = q->g[u], most = 0, weight = fabs(q->g[u]);
    for (size_t j = 0; j < u; j++) {
        double c = at(q->m, u + 1, j)[u];
        if (!(q->y[j] > off))
            return false;
        rest -= q->y[j] * c;
        weight += q->y[j] * fabs(c);
        most = fabs(c) > most ? fabs(c) : most;
    }
    return pleats_sign_beyond(rest,
                              pleats_round_up(off * most + unit * weight)) > 0;
}

static pleats_status solve(const system *s, bool *proven)
{
    pleats_status status = PLEATS_OK;
    size_t u = (size_t)s->u;
    square q = {.u = u};
    double *room = NULL;
    TRY(pleats_alloc(s->ctx, 3 * u * u + 4 * u + 3, sizeof *room, &room));
    q.m = room;
    q.inverse = q.m + u * (u + 1);
    q.work = q.inverse + u * u;
    q.g = q.work + u * u;
    q.y = q.g + u + 1;
    q.row = q.y + u + 1;
    const double unit = pleats_gamma(s->u + 4) + 4 * DBL_EPSILON;
    bool fits = true;
    for (size_t j = 0; j <= u; j++) {
        double *row = j < u ? at(q.m, u + 1, j) : q.g;
        fits = round_row(s, j < u ? s->row[j] : s->target, row) && fits;
        q.unit = fmax(q.unit,
                      pleats_perturb_factors((pleats_idx)j, u + 1, row, unit));
    }
    *proven = fits && invert(&q) && is_positive(&q);
done:
    pleats_release(s->ctx, room);
    return status;
}

/* Loads an exact programme: rows over the system's columns, the negative of
 * the target as objective.  `boxed` [u] is lent to it. */
static pleats_status load(const system *s, pleats_exact_lp *lp,
                          const bool *boxed)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)s->u + 1;
    mpz_t *row = NULL;
    TRY(pleats_integers_new(s->ctx, width, &row));
    TRY(pleats_exact_lp_init(s->ctx, lp, s->u, boxed, s->n));
    for (pleats_idx j = 0; j < s->n; j++) {
        if (s->row[j] == s->target)
            continue;
        for (pleats_idx c = 0; c <= s->u; c++)
            mpz_set(row[c], s->row[j][c < s->u ? s->column[c] : s->k]);
        pleats_exact_lp_set_row(lp, j, row);
    }
    for (pleats_idx c = 0; c <= s->u; c++)
        mpz_neg(row[c], s->target[c < s->u ? s->column[c] : s->k]);
    pleats_exact_lp_set_objective(lp, row);
done:
    pleats_integers_free(s->ctx, row, width);
    return status;
}

static pleats_status check_exactly(const system *s, bool *proven)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_lp lp = {0};
    pleats_idx *basic = NULL;
    bool *none = NULL;
    pleats_exact_end end;
    double work = (double)s->n * s->n * s->n * s->u;
    if (work > MOST_WORK)
        return PLEATS_OK;
    TRY(pleats_alloc(s->ctx, (size_t)s->u, sizeof *none, &none));
    TRY(pleats_alloc(s->ctx, (size_t)s->n, sizeof *basic, &basic));
    TRY(load(s, &lp, none));
    for (pleats_idx j = 0; j < s->n; j++)
        basic[j] = s->u + j;
    pleats_exact_lp_suggest(&lp, s->n, basic, none);
    TRY(pleats_exact_lp_solve(s->ctx, &lp, true, &end));
    *proven = end == PLEATS_EXACT_NEGATIVE;
done:
    pleats_exact_lp_clear(s->ctx, &lp);
    pleats_release(s->ctx, none);
    pleats_release(s->ctx, basic);
    return status;
}

pleats_status pleats_prove_redundant(pleats_region *r, pleats_idx i,
                                     pleats_idx n, const pleats_idx *listed,
                                     bool *proven, bool *by_bounds)
{
    pleats_status status = PLEATS_OK;
    system s = {0};
    *proven = *by_bounds = false;
    TRY(gather(r, i, n, listed, &s));
    if (s.n == s.u && s.u <= MOST_SOLVED)
        TRY(solve(&s, proven));
    *by_bounds = *proven;
    if (!*proven)
        TRY(check_exactly(&s, proven));
done:
    system_clear(&s);
    return status;
}

pleats_status pleats_decide_exactly(pleats_region *r, pleats_idx i,
                                    pleats_idx n, const pleats_idx *listed,
                                    const pleats_idx *basic, bool *decided,
                                    bool *is_facet, double *beyond)
{
    pleats_status status = PLEATS_OK;
    system s = {0};
    pleats_exact_lp lp = {0};
    bool *none = NULL;
    mpz_t *vertex = NULL;
    pleats_exact_end end;
    size_t k = (size_t)r->k;
    *decided = (double)r->k * r->k * r->k * n <= MOST_WORK;
    if (!*decided)
        return PLEATS_OK;
    TRY(gather(r, i, n, listed, &s));
    for (s.u = 0; s.u < r->k; s.u++)
        s.column[s.u] = s.u;
    TRY(pleats_alloc(r->ctx, k, sizeof *none, &none));
    TRY(pleats_integers_new(r->ctx, k + 1, &vertex));
    TRY(load(&s, &lp, none));
    pleats_exact_lp_suggest(&lp, r->k, basic, none);
    TRY(pleats_exact_lp_solve(r->ctx, &lp, true, &end));
    *is_facet = end != PLEATS_EXACT_NEGATIVE;
    if (end == PLEATS_EXACT_INFEASIBLE)
        TRY(pleats_fail(r->ctx, PLEATS_INTERNAL, "a region turned out empty"));
    for (size_t j = 0; j < k; j++)
        beyond[j] = 0;
    if (end != PLEATS_EXACT_POSITIVE)
        goto done;
    pleats_exact_lp_vertex(&lp, vertex);
    for (size_t j = 0; j < k; j++)
        beyond[j] = pleats_quotient_to_double(vertex[j], lp.det, NULL);
done:
    system_clear(&s);
    pleats_exact_lp_clear(r->ctx, &lp);
    pleats_integers_free(r->ctx, vertex, k + 1);
    pleats_release(r->ctx, none);
    return status;
}
