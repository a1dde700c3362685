/* Generators and lines over the integers. */
#include "cells/vertices.h"

#include "base/perturb.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <string.h>

pleats_status pleats_vertices_wall_row(pleats_space *s, pleats_idx wall,
                                       mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    mpz_t *known = NULL;
    if (wall >= 0)
        TRY(pleats_walls_row(&s->walls, wall, &known));
    for (pleats_idx c = 0; c <= k; c++) {
        if (known)
            mpz_set(row[c], known[c]);
        else
            mpz_set_ui(row[c], c == k);
    }
    if (wall <= PLEATS_WALL_OF_BOX) {
        pleats_idx side = PLEATS_WALL_OF_BOX - wall;
        mpz_set_si(row[side / 2], side % 2 ? -1 : 1);
    }
done:
    return status;
}

/* `rank` independent rows over the common denominator det: each has det in a
 * column of its own, in which all others are 0 [Edmonds 1967; Bareiss 1968].
 * All divisions are exact. */
typedef struct {
    pleats_space *space;
    size_t width;
    pleats_idx rank;
    pleats_idx *column; /* [rank] */
    mpz_t det, factor;
} equations;

static mpz_t *row_of(const equations *e, pleats_idx i)
{
    return e->space->vertices.matrix + (size_t)i * e->width;
}

/* row = det * row - sum_i row[column_i] row_i */
static void reduce(equations *e, mpz_t *row)
{
    for (size_t c = 0; c < e->width; c++) {
        mpz_mul(e->space->vertices.solution[c], row[c], e->det);
        for (pleats_idx i = 0; i < e->rank; i++)
            mpz_submul(e->space->vertices.solution[c], row[e->column[i]],
                       row_of(e, i)[c]);
    }
    for (size_t c = 0; c < e->width; c++)
        mpz_swap(row[c], e->space->vertices.solution[c]);
}

/* Makes row[column] the common denominator. */
static void pivot(equations *e, mpz_t *row, pleats_idx column)
{
    for (pleats_idx i = 0; i < e->rank; i++) {
        mpz_t *other = row_of(e, i);
        mpz_set(e->factor, other[column]);
        for (size_t c = 0; c < e->width; c++) {
            mpz_mul(other[c], other[c], row[column]);
            mpz_submul(other[c], e->factor, row[c]);
            mpz_divexact(other[c], other[c], e->det);
        }
    }
    mpz_set(e->det, row[column]);
    e->column[e->rank++] = column;
}

/* Adds a wall's row unless the others imply it.  Its own column is the last one
 * only if need be, so that a vertex is left with that one free. */
static pleats_status add_wall(equations *e, pleats_idx wall)
{
    pleats_status status = PLEATS_OK;
    mpz_t *row = row_of(e, e->rank);
    pleats_idx column = 0, last = (pleats_idx)e->width - 1;
    TRY(pleats_vertices_wall_row(e->space, wall, row));
    reduce(e, row);
    while (column <= last && mpz_sgn(row[column]) == 0)
        column++;
    if (column <= last)
        pivot(e, row, column);
done:
    return status;
}

/* x = the solution that is 0 in all columns without a row, but for `free`. */
static void solve_for(const equations *e, pleats_idx free, mpz_t *x)
{
    for (size_t c = 0; c < e->width; c++)
        mpz_set_ui(x[c], 0);
    mpz_set(x[free], e->det);
    for (pleats_idx i = 0; i < e->rank; i++)
        mpz_neg(x[e->column[i]], row_of(e, i)[free]);
    pleats_integers_make_primitive(x, e->width);
}

/* The sign of the cell's walls at x: 0 when all of them hold x, so that x is a
 * line of the cell.  The matrix's last row is room. */
static pleats_status side_of(const equations *e, const pleats_vertices *c,
                             mpz_t *x, int *sign)
{
    pleats_status status = PLEATS_OK;
    mpz_t *row = row_of(e, (pleats_idx)e->width - 1);
    mpz_t sum;
    mpz_init(sum);
    *sign = 0;
    for (pleats_idx i = 0; i < c->n_slots && *sign == 0; i++) {
        TRY(pleats_vertices_wall_row(e->space, c->slot[i], row));
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j < e->width; j++)
            mpz_addmul(sum, row[j], x[j]);
        *sign = mpz_sgn(sum);
    }
done:
    mpz_clear(sum);
    return status;
}

/* A vertex is the solution with w > 0; a ray one that is no line of the cell,
 * on the inner side of its walls. */
static pleats_status find_solution(const equations *e, const pleats_vertices *c,
                                   mpz_t *x)
{
    pleats_status status = PLEATS_OK;
    pleats_idx last = (pleats_idx)e->width - 1;
    int sign = 0;
    bool *owned = NULL;
    TRY(pleats_alloc(e->space->ctx, e->width, sizeof *owned, &owned));
    for (pleats_idx i = 0; i < e->rank; i++)
        owned[e->column[i]] = true;
    if (!owned[last]) {
        solve_for(e, last, x);
        sign = mpz_sgn(x[last]);
    }
    for (pleats_idx free = 0; free < last && sign == 0; free++) {
        if (owned[free])
            continue;
        solve_for(e, free, x);
        TRY(side_of(e, c, x, &sign));
    }
    if (sign == 0)
        TRY(pleats_fail(e->space->ctx, PLEATS_INTERNAL,
                        "a cell has no such vertex"));
    for (size_t j = 0; sign < 0 && j < e->width; j++)
        mpz_neg(x[j], x[j]);
done:
    pleats_release(e->space->ctx, owned);
    return status;
}

/* Doubles nearest to x / (its largest entry); whether they are just that. */
static bool round_direction(mpz_t *x, size_t width, double *out, size_t stride)
{
    size_t most = 0;
    bool all = true, exact;
    mpz_t size;
    for (size_t c = 1; c < width; c++)
        if (mpz_cmpabs(x[c], x[most]) > 0)
            most = c;
    mpz_init(size);
    mpz_abs(size, x[most]);
    for (size_t c = 0; c < width; c++) {
        out[c * stride] = pleats_quotient_to_double(x[c], size, &exact);
        all = all && exact;
    }
    mpz_clear(size);
    return all;
}

void pleats_vertices_round_lines(pleats_space *s, pleats_vertices *c)
{
    size_t width = (size_t)s->frame->k + 1;
    for (size_t i = 0; i < (size_t)c->n_lines; i++)
        (void)round_direction(c->line + i * width, width,
                              c->line_point + i * width, 1);
}

/* Solves for generator i from all that holds it. */
static pleats_status solve(pleats_space *s, const pleats_vertices *c,
                           pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    equations e = {.space = s, .width = (size_t)s->frame->k + 1};
    pleats_idx rank = c->dim + c->n_planes;
    const uint64_t *on = pleats_vertices_walls(c, i);
    mpz_init_set_ui(e.det, 1);
    mpz_init(e.factor);
    TRY(pleats_alloc(s->ctx, e.width, sizeof *e.column, &e.column));
    for (pleats_idx p = 0; p < c->n_planes; p++)
        TRY(add_wall(&e, c->plane[p]));
    for (pleats_idx j = 0; j < c->n_slots && e.rank < rank; j++)
        if (on[j / 64] >> (j % 64) & 1)
            TRY(add_wall(&e, c->slot[j]));
    if (e.rank < rank)
        TRY(pleats_fail(s->ctx, PLEATS_INTERNAL, "a vertex lost its walls"));
    TRY(find_solution(&e, c, s->vertices.solution));
done:
    mpz_clear(e.det);
    mpz_clear(e.factor);
    pleats_release(s->ctx, e.column);
    return status;
}

void pleats_exact_point_release(pleats_ctx *ctx, pleats_exact_point *p)
{
    if (!p || --p->n_users > 0)
        return;
    pleats_integers_free(ctx, p->x, p->width);
    pleats_release(ctx, p);
}

static pleats_status keep_solution(pleats_space *s, pleats_exact_point **out)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_point *p = NULL;
    TRY(pleats_alloc(s->ctx, 1, sizeof *p, &p));
    p->n_users = 1;
    p->width = (size_t)s->frame->k + 1;
    TRY(pleats_integers_new(s->ctx, p->width, &p->x));
    for (size_t j = 0; j < p->width; j++)
        mpz_set(p->x[j], s->vertices.solution[j]);
    *out = p;
    return PLEATS_OK;
done:
    pleats_exact_point_release(s->ctx, p);
    return status;
}

void pleats_vertices_have_exact(pleats_vertices *c)
{
    for (pleats_idx i = 0; i < c->n && !c->has_exact; i++)
        c->exact[i] = NULL;
    c->has_exact = true;
}

pleats_status pleats_vertices_solve(pleats_space *s, pleats_vertices *c,
                                    pleats_idx i, mpz_t **x)
{
    pleats_status status = PLEATS_OK;
    pleats_vertices_have_exact(c);
    if (!c->exact[i]) {
        TRY(solve(s, c, i));
        TRY(keep_solution(s, &c->exact[i]));
    }
    *x = c->exact[i]->x;
    if (!(c->error[i] <= DBL_EPSILON)) {
        bool exact =
            round_direction(*x, (size_t)s->frame->k + 1, c->point + i, c->pad);
        c->error[i] = exact ? 0 : DBL_EPSILON;
        pleats_perturb_point(i, (size_t)s->frame->k + 1, c->point + i, c->pad,
                             &c->error[i]);
        pleats_vertices_pad(s, c);
        pleats_vertices_changed(s, c);
    }
done:
    return status;
}

pleats_status pleats_vertices_reserve_lines(pleats_space *s, pleats_vertices *c,
                                            pleats_idx n_lines)
{
    pleats_status status = PLEATS_OK;
    size_t need = (size_t)n_lines * ((size_t)s->frame->k + 1);
    if (c->n_integers < need) {
        pleats_integers_free(s->ctx, c->line, c->n_integers);
        c->n_integers = 0;
        c->line = NULL;
        TRY(pleats_integers_new(s->ctx, need, &c->line));
        c->n_integers = need;
    }
    TRY(pleats_grow(s->ctx, &c->line_point, &c->line_capacity, need,
                    sizeof *c->line_point));
    c->n_lines = n_lines;
done:
    return status;
}

pleats_status pleats_vertices_copy_lines(pleats_space *s, pleats_vertices *to,
                                         const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)c->n_lines * ((size_t)s->frame->k + 1);
    TRY(pleats_vertices_reserve_lines(s, to, c->n_lines));
    for (size_t i = 0; i < n; i++) {
        mpz_set(to->line[i], c->line[i]);
        to->line_point[i] = c->line_point[i];
    }
done:
    return status;
}
