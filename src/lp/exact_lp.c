#include "lp/exact_lp.h"

#include "exact/integers.h"

#include <string.h>

void pleats_exact_lp_clear(pleats_ctx *ctx, pleats_exact_lp *lp)
{
    pleats_integers_free(ctx, lp->entry, lp->n_entries);
    if (lp->has_det) {
        mpz_clear(lp->det);
        mpz_clear(lp->spare);
        mpz_clear(lp->left);
        mpz_clear(lp->right);
    }
    pleats_release(ctx, lp->basic);
    pleats_release(ctx, lp->nonbasic);
    pleats_release(ctx, lp->flipped);
    pleats_release(ctx, lp->place);
    *lp = (pleats_exact_lp){0};
}

/* Makes room for m rows and k columns, dropping what was there. */
static pleats_status reserve(pleats_ctx *ctx, pleats_exact_lp *lp, size_t k,
                             size_t m)
{
    pleats_status status = PLEATS_OK;
    size_t entries = (m + 1) * (k + 1);
    if (!lp->has_det) {
        mpz_init(lp->det);
        mpz_init(lp->spare);
        mpz_init(lp->left);
        mpz_init(lp->right);
        lp->has_det = true;
    }
    if (entries > lp->n_entries) {
        pleats_integers_free(ctx, lp->entry, lp->n_entries);
        lp->n_entries = 0;
        TRY(pleats_integers_new(ctx, 2 * entries, &lp->entry));
        lp->n_entries = 2 * entries;
    }
    TRY(pleats_grow(ctx, &lp->basic, &lp->row_capacity, m, sizeof *lp->basic));
    if (k > lp->column_capacity) {
        size_t capacity = lp->column_capacity;
        TRY(pleats_grow(ctx, &lp->nonbasic, &capacity, k,
                        sizeof *lp->nonbasic));
        capacity = lp->column_capacity;
        TRY(pleats_grow(ctx, &lp->flipped, &capacity, k, sizeof *lp->flipped));
        capacity = lp->column_capacity;
        TRY(pleats_grow(ctx, &lp->place, &capacity, k, sizeof *lp->place));
        lp->column_capacity = capacity;
    }
done:
    return status;
}

pleats_status pleats_exact_lp_init(pleats_ctx *ctx, pleats_exact_lp *lp,
                                   pleats_idx k, const bool *boxed,
                                   pleats_idx m)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve(ctx, lp, (size_t)k, (size_t)m));
    lp->k = k;
    lp->m = m;
    lp->boxed = boxed;
    mpz_set_ui(lp->det, 1);
    for (size_t i = 0; i < ((size_t)m + 1) * ((size_t)k + 1); i++)
        mpz_set_ui(lp->entry[i], 0);
    for (pleats_idx j = 0; j < k; j++) {
        lp->nonbasic[j] = lp->place[j] = j;
        lp->flipped[j] = false;
    }
    for (pleats_idx i = 0; i < m; i++)
        lp->basic[i] = k + i;
done:
    return status;
}

static mpz_t *row_at(const pleats_exact_lp *lp, pleats_idx r)
{
    return lp->entry + (size_t)r * ((size_t)lp->k + 1);
}

/* Writes form . (t, 1) in the nonbasic variables, times det. */
static void express(pleats_exact_lp *lp, mpz_t *form, mpz_t *to)
{
    pleats_idx k = lp->k;
    for (pleats_idx c = 0; c < k; c++)
        mpz_set_ui(to[c], 0);
    mpz_mul(to[k], form[k], lp->det);
    for (pleats_idx j = 0; j < k; j++) {
        mpz_ptr a = lp->spare;
        if (mpz_sgn(form[j]) == 0)
            continue;
        mpz_set(a, form[j]);
        if (lp->boxed[j]) {
            if (!lp->flipped[j])
                mpz_neg(a, a);
            mpz_addmul(to[k], a, lp->det);
            mpz_neg(a, a);
        }
        if (lp->place[j] >= 0)
            mpz_addmul(to[lp->place[j]], a, lp->det);
        else
            for (pleats_idx c = 0; c <= k; c++)
                mpz_addmul(to[c], a, row_at(lp, ~lp->place[j])[c]);
    }
}

void pleats_exact_lp_set_row(pleats_exact_lp *lp, pleats_idx i, mpz_t *row)
{
    express(lp, row, row_at(lp, i));
}

void pleats_exact_lp_set_objective(pleats_exact_lp *lp, mpz_t *objective)
{
    express(lp, objective, row_at(lp, lp->m));
}

static bool is_coordinate(const pleats_exact_lp *lp, pleats_idx v)
{
    return v < lp->k;
}

static bool is_boxed(const pleats_exact_lp *lp, pleats_idx v)
{
    return is_coordinate(lp, v) && lp->boxed[v];
}

static bool is_free(const pleats_exact_lp *lp, pleats_idx v)
{
    return is_coordinate(lp, v) && !lp->boxed[v];
}

static void flip_column(pleats_exact_lp *lp, pleats_idx q)
{
    pleats_idx k = lp->k, v = lp->nonbasic[q];
    for (pleats_idx r = 0; r <= lp->m; r++) {
        mpz_t *row = row_at(lp, r);
        mpz_addmul_ui(row[k], row[q], 2);
        mpz_neg(row[q], row[q]);
    }
    lp->flipped[v] = !lp->flipped[v];
}

static void flip_row(pleats_exact_lp *lp, pleats_idx r)
{
    mpz_t *row = row_at(lp, r);
    for (pleats_idx c = 0; c <= lp->k; c++)
        mpz_neg(row[c], row[c]);
    mpz_addmul_ui(row[lp->k], lp->det, 2);
    lp->flipped[lp->basic[r]] = !lp->flipped[lp->basic[r]];
}

static void set_place(pleats_exact_lp *lp, pleats_idx v, pleats_idx place)
{
    if (is_coordinate(lp, v))
        lp->place[v] = place;
}

/* row = (row * p - row[q] * pivot row) / det, with the sign of p. */
static void eliminate(pleats_exact_lp *lp, mpz_t *row, mpz_t *pivot_row,
                      pleats_idx q)
{
    int sign = mpz_sgn(pivot_row[q]);
    for (pleats_idx c = 0; c <= lp->k; c++) {
        if (c == q)
            continue;
        mpz_mul(lp->spare, row[c], pivot_row[q]);
        mpz_submul(lp->spare, row[q], pivot_row[c]);
        mpz_divexact(row[c], lp->spare, lp->det);
        if (sign < 0)
            mpz_neg(row[c], row[c]);
    }
    if (sign < 0)
        mpz_neg(row[q], row[q]);
}

/* Exchanges the variables of row r and column q. */
static void pivot(pleats_exact_lp *lp, pleats_idx r, pleats_idx q)
{
    mpz_t *p = row_at(lp, r);
    pleats_idx leaving = lp->basic[r];
    int sign = mpz_sgn(p[q]);
    for (pleats_idx i = 0; i <= lp->m; i++)
        if (i != r)
            eliminate(lp, row_at(lp, i), p, q);
    for (pleats_idx c = 0; c <= lp->k; c++)
        if (c != q && sign > 0)
            mpz_neg(p[c], p[c]);
    mpz_swap(p[q], lp->det);
    if (sign < 0) {
        mpz_neg(p[q], p[q]);
        mpz_neg(lp->det, lp->det);
    }
    lp->basic[r] = lp->nonbasic[q];
    lp->nonbasic[q] = leaving;
    set_place(lp, lp->basic[r], ~r);
    set_place(lp, leaving, q);
}

static bool contains(const pleats_idx *list, pleats_idx n, pleats_idx v)
{
    for (pleats_idx i = 0; i < n; i++)
        if (list[i] == v)
            return true;
    return false;
}

void pleats_exact_lp_suggest(pleats_exact_lp *lp, pleats_idx n,
                             const pleats_idx *nonbasic, const bool *flipped)
{
    for (pleats_idx i = 0; i < n; i++) {
        pleats_idx r = nonbasic[i] - lp->k;
        if (r < 0 || lp->basic[r] != nonbasic[i])
            continue;
        for (pleats_idx q = 0; q < lp->k; q++)
            if (mpz_sgn(row_at(lp, r)[q]) &&
                !contains(nonbasic, n, lp->nonbasic[q])) {
                pivot(lp, r, q);
                break;
            }
    }
    for (pleats_idx q = 0; q < lp->k; q++) {
        pleats_idx v = lp->nonbasic[q];
        if (is_boxed(lp, v) && lp->flipped[v] != flipped[v])
            flip_column(lp, q);
    }
}

/* Free coordinates become basic, where they stay; one that no row holds stays
 * nonbasic with a column of zeros. */
static void free_the_free(pleats_exact_lp *lp)
{
    for (pleats_idx q = 0; q < lp->k; q++) {
        if (!is_free(lp, lp->nonbasic[q]))
            continue;
        for (pleats_idx r = 0; r < lp->m; r++)
            if (mpz_sgn(row_at(lp, r)[q]) && !is_free(lp, lp->basic[r])) {
                pivot(lp, r, q);
                break;
            }
    }
}

/* Place of a variable in the order that makes the method end: the two bounds
 * of a boxed coordinate are two variables. */
static int64_t order(const pleats_exact_lp *lp, pleats_idx v, bool other_bound)
{
    if (is_coordinate(lp, v))
        return 2 * (int64_t)v + (lp->flipped[v] != other_bound);
    return (int64_t)lp->k + v;
}

/* Keeps in (*best, *at, *other) the candidate of least order. */
static void offer(const pleats_exact_lp *lp, pleats_idx v, bool other_bound,
                  pleats_idx place, int64_t *best, pleats_idx *at, bool *other)
{
    int64_t o = order(lp, v, other_bound);
    if (*best < 0 || o < *best) {
        *best = o;
        *at = place;
        *other = other_bound;
    }
}

/* The infeasible row of least order (*other: above its upper bound), and its
 * order, or -1. */
static int64_t find_primal(const pleats_exact_lp *lp, pleats_idx *r,
                           bool *other)
{
    int64_t best = -1;
    for (pleats_idx i = 0; i < lp->m; i++) {
        pleats_idx v = lp->basic[i];
        mpz_srcptr value = row_at(lp, i)[lp->k];
        if (is_free(lp, v))
            continue;
        if (mpz_sgn(value) < 0) {
            offer(lp, v, false, i, &best, r, other);
        } else if (is_boxed(lp, v)) {
            mpz_ptr excess = ((pleats_exact_lp *)lp)->spare;
            mpz_sub(excess, value, lp->det);
            if (mpz_cmp(excess, lp->det) > 0)
                offer(lp, v, true, i, &best, r, other);
        }
    }
    return best;
}

/* The improving column of least order, and its order, or -1. */
static int64_t find_dual(const pleats_exact_lp *lp, pleats_idx *q)
{
    int64_t best = -1;
    bool other = false;
    mpz_t *objective = row_at(lp, lp->m);
    for (pleats_idx c = 0; c < lp->k; c++)
        if (mpz_sgn(objective[c]) > 0 && !is_free(lp, lp->nonbasic[c]))
            offer(lp, lp->nonbasic[c], false, c, &best, q, &other);
    return best;
}

/* The sign of |a| / |rate of a| - |b| / |rate of b|; rates are not 0. */
static int compare_ratios(pleats_exact_lp *lp, const mpz_t a,
                          const mpz_t rate_of_a, const mpz_t b,
                          const mpz_t rate_of_b)
{
    mpz_mul(lp->left, a, rate_of_b);
    mpz_mul(lp->right, b, rate_of_a);
    return mpz_cmpabs(lp->left, lp->right);
}

/* Repairs row r: false when nothing can.  A dictionary that is dual feasible
 * stays so when `keep`. */
static bool repair_row(pleats_exact_lp *lp, pleats_idx r, bool other, bool keep)
{
    int64_t best = -1;
    pleats_idx q = -1;
    bool unused = false;
    mpz_t *row = row_at(lp, r), *objective = row_at(lp, lp->m);
    if (other)
        flip_row(lp, r);
    for (pleats_idx c = 0; c < lp->k; c++) {
        if (mpz_sgn(row[c]) <= 0)
            continue;
        int sign = keep && q >= 0 ? compare_ratios(lp, objective[c], row[c],
                                                   objective[q], row[q])
                                  : 0;
        if (sign < 0)
            best = -1;
        if (sign <= 0)
            offer(lp, lp->nonbasic[c], false, c, &best, &q, &unused);
    }
    if (q < 0)
        return false;
    pivot(lp, r, q);
    return true;
}

/* How far the variable of row i is from its bound, or from its other bound;
 * i = m stands for the entering variable's own range. */
static void room(const pleats_exact_lp *lp, pleats_idx i, bool other, mpz_t out)
{
    mpz_set_ui(out, 0);
    if (other)
        mpz_mul_2exp(out, lp->det, 1);
    if (i < lp->m)
        mpz_sub(out, out, row_at(lp, i)[lp->k]);
}

/* Whether row i stops column q before row `r` does (-1), with it (0) or
 * after it (1). */
static int compare_stops(pleats_exact_lp *lp, pleats_idx q, pleats_idx i,
                         bool other, pleats_idx r, bool r_other)
{
    mpz_srcptr rate = r == lp->m ? lp->det : row_at(lp, r)[q];
    int sign;
    mpz_t far;
    mpz_init(far);
    room(lp, i, other, lp->spare);
    room(lp, r, r_other, far);
    sign = compare_ratios(lp, lp->spare, row_at(lp, i)[q], far, rate);
    mpz_clear(far);
    return sign;
}

/* Lets column q grow: false when nothing stops it.  A dictionary that is
 * feasible stays so when `keep`. */
static bool improve_column(pleats_exact_lp *lp, pleats_idx q, bool keep)
{
    int64_t best = -1;
    pleats_idx r = -1;
    bool other = false;
    if (is_boxed(lp, lp->nonbasic[q]))
        offer(lp, lp->nonbasic[q], true, lp->m, &best, &r, &other);
    for (pleats_idx i = 0; i < lp->m; i++) {
        pleats_idx v = lp->basic[i];
        int sign = mpz_sgn(row_at(lp, i)[q]);
        if (is_free(lp, v) || sign == 0 || (sign > 0 && !is_boxed(lp, v)))
            continue;
        int later =
            keep && r >= 0 ? compare_stops(lp, q, i, sign > 0, r, other) : 0;
        if (later < 0)
            best = -1;
        if (later <= 0)
            offer(lp, v, sign > 0, i, &best, &r, &other);
    }
    if (r < 0)
        return false;
    if (r == lp->m) {
        flip_column(lp, q);
        return true;
    }
    if (other)
        flip_row(lp, r);
    pivot(lp, r, q);
    return true;
}

/* Measures improving boxed columns from their other bound, where they do not
 * improve. */
static void flip_improving(pleats_exact_lp *lp)
{
    for (pleats_idx q = 0; q < lp->k; q++)
        if (is_boxed(lp, lp->nonbasic[q]) && mpz_sgn(row_at(lp, lp->m)[q]) > 0)
            flip_column(lp, q);
}

/* One look at the dictionary and one step from it; false: *end is known. */
static bool step(pleats_exact_lp *lp, bool sign_only, pleats_exact_end *end)
{
    pleats_idx r = -1, q = -1;
    bool other = false;
    int64_t primal = find_primal(lp, &r, &other);
    int64_t dual = find_dual(lp, &q);
    int sign = mpz_sgn(row_at(lp, lp->m)[lp->k]);
    if (sign_only && primal < 0 && sign > 0) {
        *end = PLEATS_EXACT_POSITIVE;
        return false;
    }
    if (sign_only && dual < 0 && sign <= 0) {
        *end = PLEATS_EXACT_NEGATIVE;
        return false;
    }
    *end = PLEATS_EXACT_OPTIMAL;
    if (primal < 0 && dual < 0)
        return false;
    if (dual < 0 || (primal >= 0 && primal < dual)) {
        *end = PLEATS_EXACT_INFEASIBLE;
        return repair_row(lp, r, other, dual < 0);
    }
    *end = PLEATS_EXACT_UNBOUNDED;
    return improve_column(lp, q, primal < 0);
}

pleats_status pleats_exact_lp_solve(pleats_ctx *ctx, pleats_exact_lp *lp,
                                    bool sign_only, pleats_exact_end *end)
{
    pleats_status status = PLEATS_OK;
    pleats_idx unused;
    bool unused_too;
    free_the_free(lp);
    if (find_primal(lp, &unused, &unused_too) >= 0)
        flip_improving(lp);
    *end = PLEATS_EXACT_UNBOUNDED;
    for (pleats_idx q = 0; q < lp->k; q++)
        if (is_free(lp, lp->nonbasic[q]) && mpz_sgn(row_at(lp, lp->m)[q]))
            return PLEATS_OK;
    while (step(lp, sign_only, end))
        TRY(pleats_check_stop(ctx));
done:
    return status;
}

void pleats_exact_lp_value(const pleats_exact_lp *lp, mpz_t num)
{
    mpz_set(num, row_at(lp, lp->m)[lp->k]);
}

void pleats_exact_lp_vertex(const pleats_exact_lp *lp, mpz_t *num)
{
    for (pleats_idx j = 0; j < lp->k; j++) {
        if (lp->place[j] >= 0)
            mpz_set_ui(num[j], 0);
        else
            mpz_set(num[j], row_at(lp, ~lp->place[j])[lp->k]);
        if (!lp->boxed[j])
            continue;
        mpz_sub(num[j], num[j], lp->det);
        if (lp->flipped[j])
            mpz_neg(num[j], num[j]);
    }
}

bool pleats_exact_lp_is_binding(const pleats_exact_lp *lp, pleats_idx i)
{
    for (pleats_idx q = 0; q < lp->k; q++)
        if (lp->nonbasic[q] == lp->k + i)
            return mpz_sgn(row_at(lp, lp->m)[q]) < 0;
    return false;
}
