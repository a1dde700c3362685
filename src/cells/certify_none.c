/* That a side of a plane has no points, by multipliers.
 *
 * With y >= 0 the sum S = sum y_i row_i of a cell's rows and of the form is
 * positive where the cell and the form's positive side meet.  So S < 0 on the
 * frame's box proves that they do not.  S is worked out in doubles: all its
 * entries together are off by at most
 *
 *     E = sum y_i error_i + gamma sum y_i magnitude_i.
 *
 * Coordinates in a box add at most |S_j|.  The entries of the free ones must
 * vanish; they do for y - d, where d = X^T g, X is any matrix with a row for
 * each of them and a column for each row used, A has the rows' entries for
 * these coordinates, and (X A)^T g = S_F.  When |I - X A| <= off < 1 (row
 * sums), |g|_1 <= |S_F|_1 / (1 - off) [Rump, 10],
 * and |d_i| <= max_j |X_ji| |g|_1.  So it is enough that y_i is at least that
 * bound, and S minus what the bounds take from it is negative.
 *
 * Of the rows in A, let Z be those with y_i = 0, where a bound will not do, and
 * let X have rows for some of the free coordinates, F, alone.  X A is regular,
 * so that A has rank |F|.  When the rank of the rows with y_i > 0 and |Z|
 * together are at most |F|, both are as large as they can be: the rows of Z are
 * independent of the others and of each other, and S_F, a sum of the others,
 * has no part of them, so that d_i = 0 in Z; and on F the others have the same
 * rank as altogether, so that a sum of them that vanishes on F vanishes.
 *
 * Where all forms vanish at the origin S may be 0, too, since a form with a
 * multiplier above 0 is then minus a sum of rows that are positive: all
 * coordinates are taken as free, and the constants are 0. */
#include "cells/certify.h"

#include "cells/necks.h"

#include "base/doubles.h"
#include "base/perturb.h"

#include <math.h>
#include <string.h>

/* The rows that a proof uses. */
typedef struct {
    bool is_linear; /* all of them vanish at the origin */
    pleats_idx n;
    double error, size; /* sums of y_i error_i, y_i magnitude_i */
    double most;        /* how much free coordinates can take from S */
    bool is_proof;      /* that they vanish for some multipliers >= 0 */
} usage;

static const double *row_of(const pleats_space *s, const pleats_lp_cell *cell,
                            bool positive, pleats_idx i, pleats_bounds *bounds)
{
    if (i < cell->n_walls) {
        *bounds = s->walls.bounds[i];
        return pleats_walls_entry(&s->walls, i);
    }
    *bounds = s->question.bounds;
    return positive ? s->question.entry : s->question.negative;
}

/* s->lp.sum = S. */
static void add_up(pleats_space *s, const pleats_lp_cell *cell, bool positive,
                   usage *u)
{
    const pleats_idx k = s->frame->k;
    memset(s->lp.sum, 0, ((size_t)k + 1) * sizeof *s->lp.sum);
    for (pleats_idx i = 0; i <= cell->n_walls; i++) {
        pleats_bounds bounds;
        const double y = s->lp.multiplier[i];
        const double *row = row_of(s, cell, positive, i, &bounds);
        if (y == 0)
            continue;
        for (pleats_idx c = 0; c <= k; c++)
            s->lp.sum[c] += y * row[c];
        u->is_linear = u->is_linear && i >= s->frame->m;
        u->error += y * bounds.error;
        u->size += y * bounds.magnitude;
        u->n++;
    }
}

static bool is_free(const pleats_space *s, const usage *u, pleats_idx j)
{
    return u->is_linear || !s->frame->boxed[j];
}

/* Whether coordinate j is free, and the programme's dictionary has a row of X.
 */
static bool has_row(const pleats_space *s, const usage *u, pleats_idx j)
{
    return is_free(s, u, j) && s->lp.asked.place[j] < 0;
}

/* Row j of |I - X A|, added up; s->lp.reach[i] becomes at least |X_ji|.  A
 * row's tolerance has its error and the rounding of k + 3 products. */
static double row_off(pleats_space *s, const pleats_lp_cell *cell,
                      bool positive, pleats_idx j, const usage *u)
{
    const pleats_idx k = s->frame->k;
    const pleats_depth *d = &s->lp.asked;
    const double *x = d->dictionary + (size_t)~d->place[j] * d->stride;
    double off = 0, *sum = s->lp.vertex;
    memset(sum, 0, (size_t)k * sizeof *sum);
    sum[j] = s->frame->boxed[j] && d->flipped[j] ? 1 : -1;
    for (pleats_idx q = 0; q <= k; q++) {
        const pleats_idx i = d->nonbasic[q] - k - 1;
        pleats_bounds bounds;
        if (i < 0 || x[q] == 0)
            continue;
        const double *row = row_of(s, cell, positive, i, &bounds);
        for (pleats_idx c = 0; c < k; c++)
            sum[c] += x[q] * row[c];
        off += fabs(x[q]) * bounds.tolerance;
        s->lp.reach[i] = pleats_larger(s->lp.reach[i], fabs(x[q]));
    }
    for (pleats_idx c = 0; c < k; c++)
        if (has_row(s, u, c))
            off += fabs(sum[c]);
    return pleats_round_up(off);
}

/* Whether the rank of the rows with multipliers leaves room for n_zeros others
 * on n_rows coordinates. */
static pleats_status has_small_rank(pleats_space *s, const pleats_lp_cell *cell,
                                    pleats_idx n_zeros, pleats_idx n_rows,
                                    bool *small)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = cell->n_walls + 1, n_frame = s->frame->m;
    pleats_idx n_used = 0;
    TRY(pleats_grow(s->ctx, &s->lp.used, &s->lp.used_capacity, (size_t)n,
                    sizeof *s->lp.used));
    for (pleats_idx i = 0; i < n; i++)
        if (s->lp.multiplier[i] > 0)
            s->lp.used[n_used++] = i == cell->n_walls ? s->question.plane
                                   : i < n_frame
                                       ? (pleats_hyperplane){-1, -1, 0}
                                       : s->walls.plane[i];
    *small = pleats_planes_rank(s, n_used, s->lp.used) + n_zeros <= n_rows;
done:
    return status;
}

/* Takes the free coordinates out of S; `total`: a bound of |S_F|_1. */
static pleats_status free_of_free(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, double total, usage *u)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k, n = cell->n_walls + 1;
    pleats_idx n_free = 0, n_rows = 0, n_zeros = 0;
    double off = 0;
    TRY(pleats_grow(s->ctx, &s->lp.reach, &s->lp.reach_capacity, (size_t)n,
                    sizeof *s->lp.reach));
    memset(s->lp.reach, 0, (size_t)n * sizeof *s->lp.reach);
    for (pleats_idx j = 0; j < k; j++) {
        n_free += is_free(s, u, j);
        if (!has_row(s, u, j))
            continue;
        n_rows++;
        off = pleats_larger(off, row_off(s, cell, positive, j, u));
    }
    u->is_proof = off <= 0.5;
    for (pleats_idx i = 0; i < n && u->is_proof; i++) {
        pleats_bounds bounds;
        const double most = pleats_round_up(2 * total * s->lp.reach[i]);
        if (s->lp.reach[i] == 0)
            continue;
        if (!(s->lp.multiplier[i] > 0)) {
            n_zeros++;
            continue;
        }
        (void)row_of(s, cell, positive, i, &bounds);
        u->is_proof = s->lp.multiplier[i] >= most;
        u->most += most * (bounds.magnitude + bounds.error);
    }
    if (u->is_proof && (n_zeros > 0 || n_rows < n_free))
        TRY(has_small_rank(s, cell, n_zeros, n_rows, &u->is_proof));
done:
    return status;
}

/* Multipliers that are nothing beside the largest one are 0 but for rounding.
 */
static void drop_dust(pleats_idx n, double *y)
{
    double most = 0;
    for (pleats_idx i = 0; i < n; i++)
        most = pleats_larger(most, y[i]);
    for (pleats_idx i = 0; i < n; i++)
        if (y[i] < 0x1p-40 * most)
            y[i] = 0;
}

static bool is_negative(const pleats_space *s, const pleats_lp_cell *cell,
                        double reach, const usage *u)
{
    if (!u->is_proof)
        return false;
    if (u->is_linear)
        return s->lp.multiplier[cell->n_walls] > 0;
    return pleats_sign_beyond(s->lp.sum[s->frame->k],
                              pleats_round_up(reach + u->most)) < 0;
}

pleats_status pleats_certify_none(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, bool *none)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k, n = cell->n_walls + 1;
    double in_box = 0, in_free = 0;
    usage u = {.is_linear = s->is_linear, .is_proof = true};
    *none = false;
    TRY(pleats_grow(s->ctx, &s->lp.multiplier, &s->lp.multiplier_capacity,
                    (size_t)n, sizeof *s->lp.multiplier));
    pleats_depth_multipliers(&s->lp.asked, s->lp.multiplier);
    pleats_perturb_hints((size_t)n, s->lp.multiplier);
    if (s->is_linear || !s->frame->bounded)
        drop_dust(n, s->lp.multiplier);
    add_up(s, cell, positive, &u);
    for (pleats_idx j = 0; j < k; j++)
        if (!is_free(s, &u, j))
            in_box += fabs(s->lp.sum[j]);
        else if (has_row(s, &u, j))
            in_free += fabs(s->lp.sum[j]);
    const double error = u.error + pleats_gamma(u.n + 2) * u.size;
    if (u.is_linear || !s->frame->bounded)
        TRY(free_of_free(s, cell, positive, pleats_round_up(in_free + error),
                         &u));
    *none = is_negative(s, cell, in_box + error, &u);
done:
    return status;
}
