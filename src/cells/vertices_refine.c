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
#include "base/wide.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Makes `row` the row of a side of the box, or of infinity. */
static void make_side(pleats_idx k, pleats_idx wall, double *row)
{
    const pleats_idx side = PLEATS_WALL_OF_BOX - wall;
    for (pleats_idx c = 0; c <= k; c++)
        row[c] = c == k;
    if (side >= 0)
        row[side / 2] = side % 2 ? -1 : 1;
}

/* Makes `row` that of a plane whose form is no scalar's. */
static void make_difference(const pleats_forms *f, pleats_hyperplane plane,
                            double *row, double *error)
{
    const double *a = pleats_forms_entry(f, plane.a), *b = NULL;
    double size = f->magnitude[plane.a] + fabs(plane.at);
    if (plane.b >= 0) {
        b = pleats_forms_entry(f, plane.b);
        size += f->magnitude[plane.b];
        *error += f->error[plane.b];
    }
    for (pleats_idx c = 0; c <= f->k; c++)
        row[c] = b ? a[c] - b[c] : a[c];
    row[f->k] -= plane.at;
    *error = pleats_round_up(*error + 2 * DBL_EPSILON * size);
}

const double *pleats_vertices_wall_form(const pleats_space *s, pleats_idx wall,
                                        double *room, double *error)
{
    const double *row = room;
    *error = 0;
    if (wall < 0) {
        make_side(s->frame->k, wall, room);
    } else if (wall < s->frame->m) {
        row = pleats_walls_entry(&s->walls, wall);
        *error = s->walls.bounds[wall].error;
    } else {
        const pleats_hyperplane plane = s->walls.plane[wall];
        *error = s->forms.error[plane.a];
        if (plane.b < 0 && plane.at == 0)
            row = pleats_forms_entry(&s->forms, plane.a);
        else
            make_difference(&s->forms, plane, room, error);
    }
    if (PLEATS_PERTURB) {
        const size_t width = (size_t)s->frame->k + 1;
        memmove(room, row, width * sizeof *row);
        (void)pleats_perturb_form(PLEATS_PERTURB_ROW, wall, width, room, 1,
                                  error, 0);
        row = room;
    }
    return row;
}

enum { MOST = PLEATS_VERTICES_DIMENSION };

/* k rows row . x + kept w = 0 of the generator (x, w), w being the entry that
 * is kept.  Behind their k entries rows have zeros; they are worked on in parts
 * of four. */
typedef struct {
    size_t k, largest; /* the kept entry's place */
    double gamma;      /* for sums of k + 3 terms */
    double row[MOST][MOST], kept[MOST];
    double error[MOST];         /* of the rows */
    double inverse[MOST][MOST]; /* approximate, of the matrix of rows */
} equations;

static size_t column_of(const equations *e, size_t j)
{
    return j < e->largest ? j : j + 1;
}

/* Sets row n to a wall's. */
static void take_wall(const pleats_space *s, pleats_idx wall, equations *e,
                      size_t n)
{
    double room[MOST + 1], error;
    const double *row = pleats_vertices_wall_form(s, wall, room, &error);
    memset(e->row[n], 0, sizeof e->row[n]);
    for (size_t j = 0; j < e->k; j++)
        e->row[n][j] = row[column_of(e, j)];
    e->kept[n] = row[e->largest];
    e->error[n] = error;
}

/* Collects the rows of all walls that hold generator i; false unless they are
 * k. */
static bool collect(const pleats_space *s, const pleats_vertices *c,
                    pleats_idx i, equations *e)
{
    const uint64_t *on = pleats_vertices_walls(c, i);
    size_t n = 0;
    if (c->n_lines > 0 || c->dim + c->n_planes > MOST)
        return false;
    memset(e->error, 0, sizeof e->error);
    for (pleats_idx p = 0; p < c->n_planes; p++)
        take_wall(s, c->plane[p], e, n++);
    for (size_t w = 0; w < c->n_words; w++)
        for (uint64_t left = on[w]; left != 0; left &= left - 1) {
            if (n == e->k)
                return false;
            take_wall(s, c->slot[64 * w + (size_t)__builtin_ctzll(left)], e,
                      n++);
        }
    return n == e->k;
}

/* to -= factor * row */
PLEATS_WITHIN void subtract(double *to, double factor, const four *row,
                            size_t parts)
{
    for (size_t p = 0; p < parts; p++)
        *(four *)(to + 4 * p) -= factor * row[p];
}

/* Gauss-Jordan with partial pivoting; false when a pivot vanishes.  To be
 * inlined with the number of parts known, as what follows. */
PLEATS_WITHIN bool invert(equations *e, size_t k, size_t parts)
{
    double work[MOST][MOST];
    for (size_t i = 0; i < k; i++) {
        memcpy(work[i], e->row[i], sizeof work[i]);
        memset(e->inverse[i], 0, sizeof e->inverse[i]);
        e->inverse[i][i] = 1;
    }
    for (size_t c = 0; c < k; c++) {
        size_t best = c;
        four row[2], own[2];
        for (size_t i = c + 1; i < k; i++)
            if (fabs(work[i][c]) > fabs(work[best][c]))
                best = i;
        if (work[best][c] == 0)
            return false;
        const double scale = 1 / work[best][c];
        for (size_t p = 0; p < parts; p++) {
            row[p] = *(four *)(work[best] + 4 * p) * scale;
            own[p] = *(four *)(e->inverse[best] + 4 * p) * scale;
            *(four *)(work[best] + 4 * p) = *(four *)(work[c] + 4 * p);
            *(four *)(work[c] + 4 * p) = row[p];
            *(four *)(e->inverse[best] + 4 * p) =
                *(four *)(e->inverse[c] + 4 * p);
            *(four *)(e->inverse[c] + 4 * p) = own[p];
        }
        for (size_t i = 0; i < k; i++) {
            const double factor = i == c ? 0 : work[i][c];
            subtract(work[i], factor, row, parts);
            subtract(e->inverse[i], factor, own, parts);
        }
    }
    return true;
}

PLEATS_WITHIN double sum_of(const four *x)
{
    return ((*x)[0] + (*x)[2]) + ((*x)[1] + (*x)[3]);
}

/* A bound of |I - X A| in the max norm, A being the true matrix. */
PLEATS_WITHIN double deviation(const equations *e, size_t k, size_t parts)
{
    double most = 0;
    for (size_t i = 0; i < k; i++) {
        const double *own = e->inverse[i];
        double one[MOST] = {0};
        four sum = {0};
        one[i] = 1;
        for (size_t p = 0; p < parts; p++) {
            four entry = *(four *)(one + 4 * p), size = entry;
            for (size_t m = 0; m < k; m++) {
                const four term = own[m] * *(const four *)(e->row[m] + 4 * p);
                entry -= term;
                size += (four)((four_bits)term & SIZE);
            }
            const four_bits inverse = *(const four_bits *)(own + 4 * p);
            sum += (four)((four_bits)entry & SIZE) + e->gamma * size;
            sum += (four)(inverse & SIZE) * *(const four *)(e->error + 4 * p);
        }
        most = pleats_larger(most, sum_of(&sum));
    }
    return pleats_round_up(most);
}

static double norm_of(const double *x, size_t k, double w)
{
    double most = fabs(w);
    for (size_t j = 0; j < k; j++)
        most = pleats_larger(most, fabs(x[j]));
    return most;
}

/* row . x, and the same of |row| and |x|. */
PLEATS_WITHIN double product(const double *row, const double *x, size_t parts,
                             double *size)
{
    four sum = {0}, sizes = {0};
    for (size_t p = 0; p < parts; p++) {
        const four term =
            *(const four *)(row + 4 * p) * *(const four *)(x + 4 * p);
        sum += term;
        sizes += (four)((four_bits)term & SIZE);
    }
    *size = sum_of(&sizes);
    return sum_of(&sum);
}

/* residual_i = row_i . (x, w); bound_i >= its distance from the true one. */
PLEATS_WITHIN void find_residual(const equations *e, size_t k, const double *x,
                                 double w, size_t parts, double *residual,
                                 double *bound)
{
    const double norm = norm_of(x, k, w);
    for (size_t i = 0; i < k; i++) {
        const double last = e->kept[i] * w;
        double size;
        residual[i] = product(e->row[i], x, parts, &size) + last;
        size += fabs(last);
        bound[i] = pleats_round_up(e->error[i] * norm + e->gamma * size);
    }
}

/* x -= X residual, once; then the bound of what is left.  The result has norm
 * 1: the entry that is kept need not be the largest one of the solution. */
PLEATS_WITHIN double improve(const equations *e, size_t k, double spread,
                             size_t parts, double *x, double *w)
{
    double residual[MOST] = {0}, bound[MOST] = {0}, error = 0, size;
    find_residual(e, k, x, *w, parts, residual, bound);
    for (size_t i = 0; i < k; i++)
        x[i] -= product(e->inverse[i], residual, parts, &size);
    find_residual(e, k, x, *w, parts, residual, bound);
    for (size_t i = 0; i < k; i++)
        bound[i] += fabs(residual[i]);
    for (size_t i = 0; i < k; i++) {
        (void)product(e->inverse[i], bound, parts, &size);
        error = pleats_larger(error, size);
    }
    const double norm = norm_of(x, k, *w);
    for (size_t i = 0; i < k; i++)
        x[i] /= norm;
    *w /= norm;
    return pleats_round_up(error / (1 - spread) / norm + DBL_EPSILON);
}

PLEATS_WITHIN double solve_parts(equations *e, size_t k, size_t parts,
                                 double *x, double *w)
{
    if (!invert(e, k, parts))
        return INFINITY;
    const double spread = deviation(e, k, parts);
    const double error = improve(e, k, spread, parts, x, w);
    return spread < 0.5 ? error : INFINITY;
}

/* Solves the equations, from a point that is near the solution; what it is off
 * by then at most, infinite or NaN where that is not known. */
PLEATS_WIDE
static double solve(equations *e, double *g)
{
    double x[MOST] = {0}, *w = g + e->largest;
    for (size_t j = 0; j < e->k; j++)
        x[j] = g[column_of(e, j)];
    const double error = e->k <= 4 ? solve_parts(e, e->k, 1, x, w)
                                   : solve_parts(e, e->k, 2, x, w);
    for (size_t j = 0; j < e->k; j++)
        g[column_of(e, j)] = x[j];
    return error;
}

/* Whether g, off by at most `error`, is on the inner side of a wall that does
 * not hold generator i: then it is not the opposite ray. */
static bool points_inwards(const pleats_space *s, const pleats_vertices *c,
                           pleats_idx i, const double *g, double error)
{
    const uint64_t *on = pleats_vertices_walls(c, i);
    size_t k = (size_t)s->frame->k;
    for (pleats_idx j = 0; j < c->n_slots; j++) {
        double room[MOST + 1], off, value = 0, size = 0;
        if (on[j / 64] >> (j % 64) & 1)
            continue;
        const double *row =
            pleats_vertices_wall_form(s, c->slot[j], room, &off);
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

bool pleats_vertices_recall(const pleats_space *s, pleats_vertices *c,
                            pleats_idx i, double error)
{
    const double *x =
        pleats_vertex_store_get(&s->vertices.store, c->id[i], &error);
    if (!x)
        return false;
    for (size_t j = 0; j <= (size_t)s->frame->k; j++)
        c->point[j * c->pad + (size_t)i] = x[j];
    c->error[i] = error;
    return true;
}

/* Solves for generator i in doubles; false when it was not improved. */
static bool solve_for(pleats_space *s, pleats_vertices *c, pleats_idx i)
{
    equations e;
    double g[MOST + 1] = {0};
    e.k = (size_t)s->frame->k;
    e.largest = 0;
    e.gamma = s->forms.gamma;
    for (size_t j = 0; j <= e.k; j++) {
        g[j] = c->point[j * c->pad + (size_t)i];
        if (fabs(g[j]) > fabs(g[e.largest]))
            e.largest = j;
    }
    if (!isfinite(g[e.largest]) || g[e.largest] == 0 || !collect(s, c, i, &e))
        return false;
    const double error = solve(&e, g);
    if (!(error < c->error[i]) || !(error < 0.125))
        return false;
    if (!(c->error[i] < 0.25) && !points_inwards(s, c, i, g, error))
        return false;
    for (size_t j = 0; j <= e.k; j++)
        c->point[j * c->pad + (size_t)i] = g[j];
    c->error[i] = error;
    pleats_perturb_point(i, e.k + 1, c->point + i, c->pad, &c->error[i]);
    pleats_vertex_store_put(&s->vertices.store, c->id[i], c->point + i, c->pad,
                            c->error[i]);
    return true;
}

bool pleats_vertices_refine(pleats_space *s, pleats_vertices *c, pleats_idx i)
{
    if (s->paranoid || s->frame->k > MOST)
        return false;
    if (!pleats_vertices_recall(s, c, i, c->error[i]) && !solve_for(s, c, i))
        return false;
    pleats_vertices_pad(s, c);
    pleats_vertices_changed(s, c);
    return true;
}
