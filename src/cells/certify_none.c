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
 * each free coordinate and a column for each row used, A has the rows' entries
 * for these coordinates, and (X A)^T g = S_F.  When |I - X A| <= off < 1 (row
 * sums), |g|_1 <= |S_F|_1 / (1 - off) [Higham, Accuracy and Stability, 7.2],
 * and |d_i| <= max_j |X_ji| |g|_1.  So it is enough that y_i is at least that
 * bound, and S minus what the bounds take from it is negative. */
#include "cells/certify.h"

#include "base/doubles.h"
#include "base/perturb.h"

#include <math.h>
#include <string.h>

/* The rows that a proof uses. */
typedef struct {
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
    *bounds = s->bounds;
    return positive ? s->entry : s->negative;
}

/* s->sum = S. */
static void add_up(pleats_space *s, const pleats_lp_cell *cell, bool positive,
                   usage *u)
{
    const pleats_idx k = s->frame->k;
    memset(s->sum, 0, ((size_t)k + 1) * sizeof *s->sum);
    for (pleats_idx i = 0; i <= cell->n_walls; i++) {
        pleats_bounds bounds;
        const double y = s->multiplier[i];
        const double *row = row_of(s, cell, positive, i, &bounds);
        if (!(y > 0))
            continue;
        for (pleats_idx c = 0; c <= k; c++)
            s->sum[c] += y * row[c];
        u->error += y * bounds.error;
        u->size += y * bounds.magnitude;
        u->n++;
    }
}

/* Row j of |I - X A|, added up, where X is from the programme's dictionary;
 * most[i] becomes at least |X_ji|.  Infinite when there is no such row. */
static double row_off(pleats_space *s, const pleats_lp_cell *cell,
                      bool positive, pleats_idx j, double *most)
{
    const pleats_idx k = s->frame->k;
    const pleats_depth *d = &s->asked;
    double off = 0, error = 0, size = 0;
    if (d->place[j] >= 0)
        return INFINITY;
    const double *x = d->dictionary + (size_t)~d->place[j] * d->stride;
    double *sum = s->vertex;
    memset(sum, 0, (size_t)k * sizeof *sum);
    sum[j] = -1;
    for (pleats_idx q = 0; q <= k; q++) {
        const pleats_idx i = d->nonbasic[q] - k - 1;
        pleats_bounds bounds;
        if (i < 0 || x[q] == 0)
            continue;
        const double *row = row_of(s, cell, positive, i, &bounds);
        for (pleats_idx c = 0; c < k; c++)
            sum[c] += x[q] * row[c];
        error += fabs(x[q]) * bounds.error;
        size += fabs(x[q]) * bounds.magnitude;
        most[i] = pleats_larger(most[i], fabs(x[q]));
    }
    for (pleats_idx c = 0; c < k; c++)
        if (!s->frame->boxed[c])
            off += fabs(sum[c]);
    return pleats_round_up(off + error + pleats_gamma(k + 3) * (1 + size));
}

/* Takes the free coordinates out of S; `total`: a bound of |S_F|_1. */
static pleats_status free_of_free(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, double total, usage *u)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k, n = cell->n_walls + 1;
    double off = 0;
    TRY(pleats_grow(s->ctx, &s->reach, &s->reach_capacity, (size_t)n,
                    sizeof *s->reach));
    memset(s->reach, 0, (size_t)n * sizeof *s->reach);
    for (pleats_idx j = 0; j < k; j++)
        if (!s->frame->boxed[j])
            off = pleats_larger(off, row_off(s, cell, positive, j, s->reach));
    u->is_proof = off <= 0.5;
    for (pleats_idx i = 0; i < n && u->is_proof; i++) {
        pleats_bounds bounds;
        const double most = pleats_round_up(2 * total * s->reach[i]);
        if (s->reach[i] == 0)
            continue;
        (void)row_of(s, cell, positive, i, &bounds);
        u->is_proof = s->multiplier[i] >= most;
        u->most += most * (bounds.magnitude + bounds.error);
    }
done:
    return status;
}

pleats_status pleats_certify_none(pleats_space *s, const pleats_lp_cell *cell,
                                  bool positive, bool *none)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k, n = cell->n_walls + 1;
    double in_box = 0, in_free = 0;
    usage u = {.is_proof = true};
    *none = false;
    TRY(pleats_grow(s->ctx, &s->multiplier, &s->multiplier_capacity, (size_t)n,
                    sizeof *s->multiplier));
    pleats_depth_multipliers(&s->asked, s->multiplier);
    pleats_perturb_hints((size_t)n, s->multiplier);
    add_up(s, cell, positive, &u);
    for (pleats_idx j = 0; j < k; j++)
        *(s->frame->boxed[j] ? &in_box : &in_free) += fabs(s->sum[j]);
    const double error = u.error + pleats_gamma(u.n + 2) * u.size;
    if (!s->frame->bounded)
        TRY(free_of_free(s, cell, positive, pleats_round_up(in_free + error),
                         &u));
    *none = u.is_proof &&
            pleats_sign_beyond(s->sum[k],
                               pleats_round_up(in_box + error + u.most)) < 0;
done:
    return status;
}
