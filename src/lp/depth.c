/* The dual simplex method for bounded variables on a dense dictionary, with
 * steps that pass bounds [Maros 2003, ch. 10]. */
#include "lp/depth.h"

#include "base/wide.h"

#include <math.h>
#include <string.h>

/* Rows come scaled to entries of size about 1; anything smaller than these is
 * taken as 0 by the walk (not by any verdict). */
static const double PIVOT_LEAST = 1e-10;
static const double VIOLATION_LEAST = 1e-13;

/* Columns among which the cheapest one is remembered. */
enum { BLOCK = 64 };

void pleats_depth_clear(pleats_ctx *ctx, pleats_depth *d)
{
    pleats_release(ctx, d->dictionary);
    pleats_release(ctx, d->value);
    pleats_release(ctx, d->cost);
    pleats_release(ctx, d->basic);
    pleats_release(ctx, d->nonbasic);
    pleats_release(ctx, d->flipped);
    pleats_release(ctx, d->place);
    pleats_release(ctx, d->ratio);
    pleats_release(ctx, d->passed);
    pleats_release(ctx, d->best);
    *d = (pleats_depth){0};
}

/* Room for the columns. */
static pleats_status reserve_columns(pleats_ctx *ctx, pleats_depth *d,
                                     pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)k + 1;
    if (d->k == k && d->cost)
        return PLEATS_OK;
    pleats_depth_clear(ctx, d);
    d->stride = (n + 7) / 8 * 8;
    TRY(pleats_alloc(ctx, d->stride, sizeof *d->cost, &d->cost));
    TRY(pleats_alloc(ctx, n, sizeof *d->nonbasic, &d->nonbasic));
    TRY(pleats_alloc(ctx, n, sizeof *d->flipped, &d->flipped));
    TRY(pleats_alloc(ctx, n, sizeof *d->place, &d->place));
    TRY(pleats_alloc(ctx, d->stride, sizeof *d->ratio, &d->ratio));
    TRY(pleats_alloc(ctx, n, sizeof *d->passed, &d->passed));
    TRY(pleats_alloc(ctx, n / BLOCK + 1, sizeof *d->best, &d->best));
    d->k = k;
done:
    return status;
}

static pleats_status reserve_rows(pleats_ctx *ctx, pleats_depth *d, size_t rows)
{
    pleats_status status = PLEATS_OK;
    size_t capacity = d->row_capacity;
    if (rows <= capacity)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &d->dictionary, &capacity, rows,
                    d->stride * sizeof *d->dictionary));
    capacity = d->row_capacity;
    TRY(pleats_grow(ctx, &d->value, &capacity, rows, sizeof *d->value));
    capacity = d->row_capacity;
    TRY(pleats_grow(ctx, &d->basic, &capacity, rows, sizeof *d->basic));
    d->row_capacity = capacity;
done:
    return status;
}

pleats_status pleats_depth_init(pleats_ctx *ctx, pleats_depth *d, pleats_idx k,
                                const bool *boxed)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve_columns(ctx, d, k));
    d->m = d->n_pivots = 0;
    d->boxed = boxed;
    for (pleats_idx j = 0; j <= k; j++) {
        d->nonbasic[j] = d->place[j] = j;
        d->flipped[j] = j == k;
    }
    d->n_free = 0;
    for (pleats_idx j = 0; j < k; j++)
        d->n_free += !boxed[j];
    memset(d->cost, 0, d->stride * sizeof *d->cost);
    d->cost[k] = -1;
    d->bound = 1;
done:
    return status;
}

pleats_status pleats_depth_copy(pleats_ctx *ctx, pleats_depth *to,
                                const pleats_depth *from)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)from->k + 1, m = (size_t)from->m;
    TRY(reserve_columns(ctx, to, from->k));
    TRY(reserve_rows(ctx, to, m + 1));
    to->m = from->m;
    to->boxed = from->boxed;
    to->n_pivots = from->n_pivots;
    to->bound = from->bound;
    to->n_free = from->n_free;
    if (m) {
        memcpy(to->dictionary, from->dictionary,
               m * from->stride * sizeof *to->dictionary);
        memcpy(to->value, from->value, m * sizeof *to->value);
        memcpy(to->basic, from->basic, m * sizeof *to->basic);
    }
    memcpy(to->cost, from->cost, from->stride * sizeof *to->cost);
    memcpy(to->nonbasic, from->nonbasic, n * sizeof *to->nonbasic);
    memcpy(to->flipped, from->flipped, n * sizeof *to->flipped);
    memcpy(to->place, from->place, n * sizeof *to->place);
done:
    return status;
}

static double *row_at(const pleats_depth *d, pleats_idx r)
{
    return d->dictionary + (size_t)r * d->stride;
}

static bool is_boxed(const pleats_depth *d, pleats_idx v)
{
    return v == d->k || (v < d->k && d->boxed[v]);
}

static bool is_free(const pleats_depth *d, pleats_idx v)
{
    return v < d->k && !d->boxed[v];
}

/* to += factor * from, over a multiple of eight entries. */
PLEATS_WIDE
static void add_row(double *to, const double *from, double factor, size_t n)
{
    for (size_t c = 0; c < n; c += 8)
        *(eight *)(to + c) += factor * *(const eight *)(from + c);
}

/* Adds a * (coordinate j) to the last row. */
static void add_coordinate(pleats_depth *d, pleats_idx j, double a)
{
    double *row = row_at(d, d->m);
    if (a == 0)
        return;
    if (is_boxed(d, j)) {
        d->value[d->m] += d->flipped[j] ? a : -a;
        a = d->flipped[j] ? -a : a;
    }
    if (d->place[j] >= 0) {
        row[d->place[j]] += a;
        return;
    }
    add_row(row, row_at(d, ~d->place[j]), a, d->stride);
    d->value[d->m] += a * d->value[~d->place[j]];
}

pleats_status pleats_depth_add_row(pleats_ctx *ctx, pleats_depth *d,
                                   const double *row, double weight)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve_rows(ctx, d, (size_t)d->m + 1));
    memset(row_at(d, d->m), 0, d->stride * sizeof *d->dictionary);
    d->value[d->m] = row[d->k];
    for (pleats_idx j = 0; j < d->k; j++)
        add_coordinate(d, j, row[j]);
    add_coordinate(d, d->k, -weight);
    d->basic[d->m] = d->k + 1 + d->m;
    d->m++;
done:
    return status;
}

/* Measures n boxed variables of columns from their other bounds. */
static void flip_columns(pleats_depth *d, pleats_idx n,
                         const pleats_idx *column)
{
    for (pleats_idx r = 0; r <= d->m; r++) {
        double *row = r < d->m ? row_at(d, r) : d->cost, sum = 0;
        for (pleats_idx i = 0; i < n; i++) {
            sum += row[column[i]];
            row[column[i]] = -row[column[i]];
        }
        *(r < d->m ? &d->value[r] : &d->bound) += 2 * sum;
    }
    for (pleats_idx i = 0; i < n; i++)
        d->flipped[d->nonbasic[column[i]]] ^= true;
}

static void flip_row(pleats_depth *d, pleats_idx r)
{
    double *row = row_at(d, r);
    for (pleats_idx c = 0; c <= d->k; c++)
        row[c] = -row[c];
    d->value[r] = 2 - d->value[r];
    d->flipped[d->basic[r]] = !d->flipped[d->basic[r]];
}

/* Solves row r for the variable of column q, and puts that into all others. */
PLEATS_WIDE
static void eliminate(pleats_depth *d, pleats_idx r, pleats_idx q)
{
    const size_t stride = d->stride;
    double *p = d->dictionary + (size_t)r * stride;
    const double inverse = 1 / p[q];
    for (size_t c = 0; c < stride; c += 8)
        *(eight *)(p + c) *= -inverse;
    p[q] = inverse;
    const double value = d->value[r] *= -inverse;
    for (pleats_idx i = 0; i <= d->m; i++) {
        double *row = i < d->m ? d->dictionary + (size_t)i * stride : d->cost;
        const double factor = row[q];
        if (i == r || factor == 0)
            continue;
        row[q] = 0;
        for (size_t c = 0; c < stride; c += 8)
            *(eight *)(row + c) += factor * *(const eight *)(p + c);
        *(i < d->m ? &d->value[i] : &d->bound) += factor * value;
    }
}

static void set_place(pleats_depth *d, pleats_idx v, pleats_idx place)
{
    if (v <= d->k)
        d->place[v] = place;
}

/* Exchanges the variables of row r and column q. */
static void pivot(pleats_depth *d, pleats_idx r, pleats_idx q)
{
    pleats_idx leaving = d->basic[r];
    eliminate(d, r, q);
    d->n_free += is_free(d, leaving) - is_free(d, d->nonbasic[q]);
    d->n_pivots++;
    d->basic[r] = d->nonbasic[q];
    d->nonbasic[q] = leaving;
    set_place(d, d->basic[r], ~r);
    set_place(d, leaving, q);
}

static bool is_nonbasic(const pleats_depth *d, pleats_idx v)
{
    for (pleats_idx q = 0; q <= d->k; q++)
        if (d->nonbasic[q] == v)
            return true;
    return false;
}

void pleats_depth_set_basis(pleats_depth *d, const pleats_depth *from)
{
    for (pleats_idx n = 0; n <= d->k; n++) {
        pleats_idx r = from->nonbasic[n] - d->k - 1, best = -1;
        if (r < 0 || d->basic[r] != from->nonbasic[n])
            continue;
        const double *row = row_at(d, r);
        for (pleats_idx q = 0; q <= d->k; q++)
            if (!is_nonbasic(from, d->nonbasic[q]) &&
                (best < 0 || fabs(row[q]) > fabs(row[best])))
                best = q;
        if (best >= 0 && fabs(row[best]) > PIVOT_LEAST)
            pivot(d, r, best);
    }
    for (pleats_idx q = 0; q <= d->k; q++) {
        pleats_idx v = d->nonbasic[q];
        if (is_boxed(d, v) && from->flipped[v] != d->flipped[v])
            flip_columns(d, 1, &q);
    }
    d->n_pivots = 0;
}

/* The row whose variable is farthest out of its bounds, or -1; *upper: out of
 * its upper one. */
static pleats_idx choose_leaving(const pleats_depth *d, bool *upper)
{
    pleats_idx best = -1;
    double most = VIOLATION_LEAST;
    for (pleats_idx r = 0; r < d->m; r++) {
        const double value = d->value[r];
        const pleats_idx v = d->basic[r];
        const double out = value < 0 ? -value : v <= d->k ? value - 2 : 0;
        if (out <= most || is_free(d, v))
            continue;
        most = out;
        *upper = value > 0;
        best = r;
    }
    return best;
}

/* The free variable that moves the row most, if any does: that costs nothing.
 */
static pleats_idx find_free(const pleats_depth *d, const double *row)
{
    pleats_idx best = -1;
    double most = PIVOT_LEAST;
    for (pleats_idx q = 0; q <= d->k; q++)
        if (is_free(d, d->nonbasic[q]) && fabs(row[q]) > most) {
            best = q;
            most = fabs(row[q]);
        }
    return best;
}

/* ratio[q] = what a unit of column q costs when it raises row r, infinite where
 * it does not. */
PLEATS_WIDE
static void write_ratios(const pleats_depth *d, const double *row)
{
    const four least = PIVOT_LEAST + (four){0}, infinite = INFINITY + least;
    for (size_t q = 0; q < d->stride; q += 4) {
        const four rate = *(const four *)(row + q);
        const four ratio = -*(const four *)(d->cost + q) / rate;
        const four_bits rises = rate >= least;
        *(four *)(d->ratio + q) =
            (four)(((four_bits)ratio & rises) | ((four_bits)infinite & ~rises));
    }
}

/* The cheapest column of finite ratio in a block, of equal ones that which
 * raises the row most; -1: none. */
PLEATS_WIDE
static pleats_idx find_cheapest(const pleats_depth *d, const double *row,
                                size_t block)
{
    const size_t from = block * BLOCK,
                 to = from + BLOCK < d->stride ? from + BLOCK : d->stride;
    four least = INFINITY + (four){0}, most = {0};
    four_bits at = {0}, place = {0, 1, 2, 3};
    for (size_t q = from; q < to; q += 4, place += 4) {
        const four ratio = *(const four *)(d->ratio + q);
        const four rate = *(const four *)(row + q);
        const four_bits better =
            (ratio < least) | ((ratio == least) & (rate > most));
        least =
            (four)(((four_bits)ratio & better) | ((four_bits)least & ~better));
        most = (four)(((four_bits)rate & better) | ((four_bits)most & ~better));
        at = (place & better) | (at & ~better);
    }
    pleats_idx best = 0;
    for (pleats_idx i = 1; i < 4; i++)
        if (least[i] < least[best] ||
            (least[i] == least[best] && most[i] > most[best]))
            best = i;
    return least[best] < INFINITY ? (pleats_idx)(from + (size_t)at[best]) : -1;
}

/* The cheapest column of all blocks, of which `best` has the cheapest each. */
static pleats_idx cheapest_of(const pleats_depth *d, const pleats_idx *best)
{
    pleats_idx q = -1;
    for (size_t b = 0; b * BLOCK < d->stride; b++)
        if (best[b] >= 0 && (q < 0 || d->ratio[best[b]] < d->ratio[q]))
            q = best[b];
    return q;
}

/* The column that enters for row r, whose variable is below 0: the cheapest,
 * unless it is at its other bound before the row is at 0; then it goes there,
 * and the next one is asked.  -1: none is enough. */
static pleats_idx choose_entering(pleats_depth *d, pleats_idx r)
{
    const double *row = row_at(d, r);
    double left = d->value[r];
    pleats_idx n = 0, q = d->n_free > 0 ? find_free(d, row) : -1;
    if (q >= 0)
        return q;
    write_ratios(d, row);
    for (size_t b = 0; b * BLOCK < d->stride; b++)
        d->best[b] = find_cheapest(d, row, b);
    while ((q = cheapest_of(d, d->best)) >= 0 && is_boxed(d, d->nonbasic[q]) &&
           left + 2 * row[q] < 0) {
        left += 2 * row[q];
        d->ratio[q] = INFINITY;
        d->passed[n++] = q;
        d->best[(size_t)q / BLOCK] = find_cheapest(d, row, (size_t)q / BLOCK);
    }
    if (q >= 0 && n > 0)
        flip_columns(d, n, d->passed);
    return q;
}

pleats_depth_end pleats_depth_solve(pleats_depth *d, double low)
{
    const pleats_idx most = 20 + 4 * (d->k + d->m);
    for (pleats_idx i = 0; i < most; i++) {
        bool upper = false;
        if (!(d->bound >= low))
            return PLEATS_DEPTH_LOW;
        const pleats_idx r = choose_leaving(d, &upper);
        if (r < 0)
            return PLEATS_DEPTH_FOUND;
        if (upper)
            flip_row(d, r);
        const pleats_idx q = choose_entering(d, r);
        if (q < 0)
            return PLEATS_DEPTH_STALLED;
        pivot(d, r, q);
    }
    return PLEATS_DEPTH_STALLED;
}

void pleats_depth_vertex(const pleats_depth *d, double *t)
{
    for (pleats_idx j = 0; j < d->k; j++) {
        double z = d->place[j] >= 0 ? 0 : d->value[~d->place[j]];
        t[j] = !d->boxed[j] ? z : d->flipped[j] ? 1 - z : z - 1;
    }
}

void pleats_depth_multipliers(const pleats_depth *d, double *y)
{
    for (pleats_idx i = 0; i < d->m; i++)
        y[i] = 0;
    for (pleats_idx q = 0; q <= d->k; q++)
        if (d->nonbasic[q] > d->k && d->cost[q] < 0)
            y[d->nonbasic[q] - d->k - 1] = -d->cost[q];
}
