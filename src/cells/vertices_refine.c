/* A generator worked out anew in doubles, from the walls that hold it.
 *
 * Errors of generators that were made from one another add up, by a factor for
 * each generation.  A generator on just k walls is the solution of a system of
 * k equations, whose error does not depend on how it was found: with an
 * approximate inverse X of the matrix A, R = I - X A, |R| < 1 and the residual
 * r of the approximate solution, it is at most |X| |r| / (1 - |R|)  [Rump,
 * Verification methods, Acta Numerica 2010, section 10]. */
#include "cells/vertices.h"

#include "base/doubles.h"
#include "base/perturb.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The row of a wall in doubles; |row - true row|_1 <= *error. */
static void wall_form(const pleats_space *s, pleats_idx wall, double *row,
                      double *error)
{
    pleats_idx k = s->frame->k;
    const pleats_forms *f = &s->forms;
    *error = 0;
    if (wall < 0) {
        pleats_idx side = PLEATS_WALL_OF_BOX - wall;
        memset(row, 0, (size_t)k * sizeof *row);
        row[k] = 1;
        if (side >= 0)
            row[side / 2] = side % 2 ? -1 : 1;
    } else if (wall < s->frame->m) {
        memcpy(row, pleats_walls_entry(&s->walls, wall),
               ((size_t)k + 1) * sizeof *row);
        *error = s->walls.bounds[wall].error;
    } else {
        const pleats_hyperplane plane = s->walls.plane[wall];
        const double *a = pleats_forms_entry(f, plane.a), *b = NULL;
        double size = f->magnitude[plane.a] + fabs(plane.at);
        *error = f->error[plane.a];
        if (plane.b >= 0) {
            b = pleats_forms_entry(f, plane.b);
            size += f->magnitude[plane.b];
            *error += f->error[plane.b];
        }
        for (pleats_idx c = 0; c <= k; c++)
            row[c] = b ? a[c] - b[c] : a[c];
        row[k] -= plane.at;
        if (b || plane.at != 0)
            *error += 2 * DBL_EPSILON * size;
        *error = pleats_round_up(*error);
    }
    (void)pleats_perturb_form(PLEATS_PERTURB_ROW, wall, (size_t)k + 1, row, 1,
                              error, 0);
}

enum { MOST = PLEATS_VERTICES_DIMENSION };

typedef struct {
    size_t k, largest;          /* the entry that is kept, 1 */
    double gamma;               /* for sums of k + 3 terms */
    double row[MOST][MOST + 1]; /* [k x (k + 1)] */
    double error[MOST];         /* of the rows */
    double inverse[MOST][MOST]; /* approximate, of the matrix without
                                   the kept column */
} equations;

/* Collects the rows of all walls that hold generator i; false unless they are
 * k. */
static bool collect(const pleats_space *s, const pleats_vertices *c,
                    pleats_idx i, equations *e)
{
    const uint64_t *on = pleats_vertices_walls(c, i);
    size_t n = 0;
    if (c->n_lines > 0 || c->dim + c->n_planes > MOST)
        return false;
    for (pleats_idx p = 0; p < c->n_planes; p++, n++)
        wall_form(s, c->plane[p], e->row[n], &e->error[n]);
    for (pleats_idx j = 0; j < c->n_slots; j++) {
        if (!(on[j / 64] >> (j % 64) & 1))
            continue;
        if (n == e->k)
            return false;
        wall_form(s, c->slot[j], e->row[n], &e->error[n]);
        n++;
    }
    return n == e->k;
}

static size_t column_of(const equations *e, size_t j)
{
    return j < e->largest ? j : j + 1;
}

/* Gauss-Jordan with partial pivoting; false when a pivot vanishes. */
static bool invert(equations *e)
{
    double work[MOST][2 * MOST];
    size_t k = e->k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            work[i][j] = e->row[i][column_of(e, j)];
            work[i][k + j] = i == j;
        }
    for (size_t c = 0; c < k; c++) {
        size_t best = c;
        for (size_t i = c + 1; i < k; i++)
            if (fabs(work[i][c]) > fabs(work[best][c]))
                best = i;
        if (work[best][c] == 0)
            return false;
        for (size_t j = 0; j < 2 * k && best != c; j++) {
            double x = work[best][j];
            work[best][j] = work[c][j];
            work[c][j] = x;
        }
        double scale = 1 / work[c][c];
        for (size_t j = c; j < 2 * k; j++)
            work[c][j] *= scale;
        for (size_t i = 0; i < k; i++) {
            double factor = work[i][c];
            for (size_t j = c; i != c && j < 2 * k; j++)
                work[i][j] -= factor * work[c][j];
        }
    }
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            e->inverse[i][j] = work[i][k + j];
    return true;
}

/* A bound of |I - X A| in the max norm, A being the true matrix. */
static double deviation(const equations *e)
{
    size_t k = e->k;
    double most = 0;
    for (size_t i = 0; i < k; i++) {
        double sum = 0, size = 0;
        for (size_t j = 0; j < k; j++) {
            double entry = i == j;
            size += entry;
            for (size_t m = 0; m < k; m++) {
                double term = e->inverse[i][m] * e->row[m][column_of(e, j)];
                entry -= term;
                size += fabs(term);
            }
            sum += fabs(entry);
        }
        for (size_t m = 0; m < k; m++)
            sum += fabs(e->inverse[i][m]) * e->error[m];
        sum += e->gamma * size;
        most = pleats_larger(most, sum);
    }
    return pleats_round_up(most);
}

static double norm_of(const double *g, size_t k)
{
    double most = 0;
    for (size_t j = 0; j <= k; j++)
        most = pleats_larger(most, fabs(g[j]));
    return most;
}

/* residual[i] = row_i . g; bound[i] >= its distance from the true one. */
static void find_residual(const equations *e, const double *g, double *residual,
                          double *bound)
{
    const double norm = norm_of(g, e->k);
    for (size_t i = 0; i < e->k; i++) {
        double size = 0;
        residual[i] = 0;
        for (size_t c = 0; c <= e->k; c++) {
            residual[i] += e->row[i][c] * g[c];
            size += fabs(e->row[i][c] * g[c]);
        }
        bound[i] = pleats_round_up(e->error[i] * norm + e->gamma * size);
    }
}

/* g -= X residual, once; then the bound of what is left.  The result has norm
 * 1: the entry that is kept need not be the largest one of the solution. */
static double improve(const equations *e, double spread, double *g)
{
    double residual[MOST], bound[MOST], error = 0;
    find_residual(e, g, residual, bound);
    for (size_t i = 0; i < e->k; i++)
        for (size_t m = 0; m < e->k; m++)
            g[column_of(e, i)] -= e->inverse[i][m] * residual[m];
    find_residual(e, g, residual, bound);
    for (size_t i = 0; i < e->k; i++) {
        double sum = 0;
        for (size_t m = 0; m < e->k; m++)
            sum += fabs(e->inverse[i][m]) * (fabs(residual[m]) + bound[m]);
        error = pleats_larger(error, sum);
    }
    const double norm = norm_of(g, e->k);
    for (size_t j = 0; j <= e->k; j++)
        g[j] /= norm;
    return pleats_round_up(error / (1 - spread) / norm + DBL_EPSILON);
}

/* Whether g, off by at most `error`, is on the inner side of a wall that does
 * not hold generator i: then it is not the opposite ray. */
static bool points_inwards(const pleats_space *s, const pleats_vertices *c,
                           pleats_idx i, const double *g, double error)
{
    const uint64_t *on = pleats_vertices_walls(c, i);
    size_t k = (size_t)s->frame->k;
    for (pleats_idx j = 0; j < c->n_slots; j++) {
        double row[MOST + 1], off, value = 0, size = 0;
        if (on[j / 64] >> (j % 64) & 1)
            continue;
        wall_form(s, c->slot[j], row, &off);
        double sign = c->slot[j] >= s->frame->m ? s->walls.sign[c->slot[j]] : 1;
        for (size_t m = 0; m <= k; m++) {
            value += sign * row[m] * g[m];
            size += fabs(row[m]);
        }
        size = (size + off) * (error + s->forms.gamma) * 2;
        if (value > pleats_round_up(2 * off + size))
            return true;
    }
    return false;
}

bool pleats_vertices_refine(pleats_space *s, pleats_vertices *c, pleats_idx i)
{
    equations e;
    double g[MOST + 1] = {0};
    e.k = (size_t)s->frame->k;
    e.largest = 0;
    e.gamma = s->forms.gamma;
    if (s->paranoid || e.k > MOST || !collect(s, c, i, &e))
        return false;
    for (size_t j = 0; j <= e.k; j++) {
        g[j] = c->point[j * c->pad + (size_t)i];
        if (fabs(g[j]) > fabs(g[e.largest]))
            e.largest = j;
    }
    if (!isfinite(g[e.largest]) || g[e.largest] == 0 || !invert(&e))
        return false;
    double spread = deviation(&e);
    double error = improve(&e, spread, g);
    if (!(spread < 0.5) || !(error < c->error[i]) || !(error < 0.125))
        return false;
    if (!(c->error[i] < 0.25) && !points_inwards(s, c, i, g, error))
        return false;
    for (size_t j = 0; j <= e.k; j++)
        c->point[j * c->pad + (size_t)i] = g[j];
    c->error[i] = error;
    pleats_perturb_point(i, e.k + 1, c->point + i, c->pad, &c->error[i]);
    pleats_vertices_pad(s, c);
    return true;
}
