/* Cells cut over the integers. */
#include "draw/plane/boundary.h"

#include "exact/integers.h"

/* Part of a cell, exactly. */
typedef struct {
    size_t n, capacity;
    mpz_t *point; /* [capacity x 3] */
} area;

typedef struct {
    pleats_boundary *boundary;
    pleats_space *space;
    const pleats_axes *axes;
    pleats_idx n_classes;
    pleats_idx *class; /* [n_classes] that may be the greatest somewhere */
    area now, next;
    mpz_t *row; /* [n_classes x 3] f_i - f_j for the class i in question */
    mpz_t value[2];
} cutting;

/* ---- rows and signs ---- */

/* The row of output i - output j, a positive multiple; of one output, class 1
 * stands for it and class 0 for the level. */
static pleats_status find_row(cutting *c, pleats_idx i, pleats_idx j,
                              mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    pleats_space *s = c->space;
    const pleats_idx *output = s->net->output;
    if (s->net->n_outputs > 1)
        return pleats_exact_forms_multiple(s->ctx, &s->exact, output[i],
                                           output[j], 0, row);
    TRY(pleats_exact_forms_multiple(s->ctx, &s->exact, output[0], -1,
                                    c->boundary->level, row));
    for (size_t k = 0; k < 3 && i == 0; k++)
        mpz_neg(row[k], row[k]);
done:
    return status;
}

static bool is_zero(mpz_t *row)
{
    return mpz_sgn(row[0]) == 0 && mpz_sgn(row[1]) == 0 && mpz_sgn(row[2]) == 0;
}

/* value = row . p, and its sign. */
static int sign_at(mpz_t *row, mpz_t *p, mpz_t value)
{
    mpz_mul(value, row[0], p[0]);
    mpz_addmul(value, row[1], p[1]);
    mpz_addmul(value, row[2], p[2]);
    return mpz_sgn(value);
}

static pleats_status reserve(pleats_ctx *ctx, area *a, size_t n)
{
    pleats_status status = PLEATS_OK;
    mpz_t *bigger = NULL;
    if (n <= a->capacity)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, 6 * n, &bigger));
    for (size_t i = 0; i < 3 * a->n; i++)
        mpz_swap(bigger[i], a->point[i]);
    pleats_integers_free(ctx, a->point, 3 * a->capacity);
    a->point = bigger;
    a->capacity = 2 * n;
done:
    return status;
}

static pleats_status add_point(pleats_ctx *ctx, area *a, mpz_t *p)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve(ctx, a, a->n + 1));
    for (size_t j = 0; j < 3; j++)
        mpz_set(a->point[3 * a->n + j], p[j]);
    a->n++;
done:
    return status;
}

/* The crossing of the side from p (value v0) to q (value v1), of opposite
 * signs: |v0| q + |v1| p. */
static pleats_status add_crossing(cutting *c, mpz_t *p, mpz_t *q)
{
    pleats_status status = PLEATS_OK;
    area *to = &c->next;
    TRY(reserve(c->space->ctx, to, to->n + 1));
    mpz_t *x = to->point + 3 * to->n++;
    mpz_abs(c->value[0], c->value[0]);
    mpz_abs(c->value[1], c->value[1]);
    for (size_t j = 0; j < 3; j++) {
        mpz_mul(x[j], c->value[0], q[j]);
        mpz_addmul(x[j], c->value[1], p[j]);
    }
    pleats_integers_make_primitive(x, 3);
done:
    return status;
}

/* The part of `now` where the row is not negative [Sutherland and Hodgman
 * 1974]. */
static pleats_status clip(cutting *c, mpz_t *row)
{
    pleats_status status = PLEATS_OK;
    area *from = &c->now;
    c->next.n = 0;
    for (size_t i = 0; i < from->n; i++) {
        mpz_t *p = from->point + 3 * i;
        mpz_t *q = from->point + 3 * ((i + 1) % from->n);
        int here = sign_at(row, p, c->value[0]);
        int there = sign_at(row, q, c->value[1]);
        if (here >= 0)
            TRY(add_point(c->space->ctx, &c->next, p));
        if (here * there < 0)
            TRY(add_crossing(c, p, q));
    }
    const area swapped = c->now;
    c->now = c->next;
    c->next = swapped;
done:
    return status;
}

/* Whether the points of `now` are not all on one line. */
static bool has_area(cutting *c)
{
    mpz_t row[3];
    bool any = false;
    for (size_t j = 0; j < 3; j++)
        mpz_init(row[j]);
    for (size_t i = 1; i + 1 < c->now.n && !any; i++) {
        mpz_t *p = c->now.point, *q = p + 3 * i;
        for (size_t j = 0; j < 3; j++) {
            size_t a = (j + 1) % 3, b = (j + 2) % 3;
            mpz_mul(row[j], p[a], q[b]);
            mpz_submul(row[j], p[b], q[a]);
        }
        any = sign_at(row, q + 3, c->value[0]) != 0;
    }
    for (size_t j = 0; j < 3; j++)
        mpz_clear(row[j]);
    return any;
}

/* Whether class i has what it shares with class j: the first of them, but what
 * is at the level belongs to the class from it on. */
static bool goes_first(const cutting *c, pleats_idx i, pleats_idx j)
{
    return c->space->net->n_outputs > 1 ? i < j : i > j;
}

/* `now` = where the i-th class is the first of the greatest, c->row its
 * differences from the others. */
static pleats_status find_area(cutting *c, pleats_idx i, size_t n,
                               mpz_t *const *point)
{
    pleats_status status = PLEATS_OK;
    c->now.n = 0;
    for (size_t p = 0; p < n; p++)
        TRY(add_point(c->space->ctx, &c->now, point[p]));
    for (pleats_idx j = 0; j < c->n_classes && c->now.n > 0; j++) {
        mpz_t *row = c->row + 3 * (size_t)j;
        if (j == i)
            continue;
        TRY(find_row(c, c->class[i], c -> class[j], row));
        if (is_zero(row) && !goes_first(c, i, j))
            c->now.n = 0;
        else
            TRY(clip(c, row));
    }
    if (!has_area(c))
        c->now.n = 0;
done:
    return status;
}

/* Adds the sides of `now` on which the i-th class ties with another one; two
 * that are the same on all of the cell do not count as a tie. */
static pleats_status add_segments(cutting *c, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const area *a = &c->now;
    double *segment;
    for (size_t p = 0; p < a->n; p++) {
        mpz_t *from = a->point + 3 * p, *to = a->point + 3 * ((p + 1) % a->n);
        bool ties = false;
        for (pleats_idx j = 0; j < c->n_classes && !ties; j++) {
            mpz_t *row = c->row + 3 * (size_t)j;
            ties = j != i && !is_zero(row) &&
                   sign_at(row, from, c->value[0]) == 0 &&
                   sign_at(row, to, c->value[0]) == 0;
        }
        if (!ties)
            continue;
        TRY(pleats_boundary_add_segment(c->space->ctx, c->boundary, &segment));
        pleats_axes_round(c->axes, from, segment);
        pleats_axes_round(c->axes, to, segment + 2);
    }
done:
    return status;
}

static pleats_status add_part(cutting *c, pleats_idx class)
{
    pleats_status status = PLEATS_OK;
    double *corner;
    TRY(pleats_boundary_add_part(c->space->ctx, c->boundary, class, c->now.n,
                                 &corner));
    for (size_t p = 0; p < c->now.n; p++)
        pleats_axes_round(c->axes, c->now.point + 3 * p, corner + 2 * p);
done:
    return status;
}

/* A cell that is all one part has its class and no part. */
static pleats_status cut_cell(cutting *c, const pleats_boundary_cell *cell,
                              mpz_t *const *point)
{
    pleats_status status = PLEATS_OK;
    pleats_boundary *b = c->boundary;
    const pleats_forms *forms = &c->space->forms;
    const size_t first = b->n_parts;
    const size_t room = (size_t)forms->net->n_outputs + 1;
    TRY(pleats_alloc(c->space->ctx, room, sizeof *c->class, &c->class));
    c->n_classes =
        pleats_boundary_classes(forms, cell, (pleats_idx)room, c->class);
    TRY(pleats_integers_new(c->space->ctx, 3 * room, &c->row));
    for (pleats_idx i = 0; i < c->n_classes; i++) {
        TRY(find_area(c, i, cell->n, point));
        if (c->now.n == 0)
            continue;
        TRY(add_part(c, c->class[i]));
        TRY(add_segments(c, i));
    }
    if (b->n_parts == first + 1) {
        b->class[b->n_cells - 1] = b->part[first].class;
        b->n_corners = b->part[first].first;
        b->n_parts = first;
    }
done:
    pleats_release(c->space->ctx, c->class);
    pleats_integers_free(c->space->ctx, c->row, 3 * room);
    return status;
}

pleats_status pleats_boundary_cut(pleats_boundary *b, pleats_space *space,
                                  const pleats_axes *axes,
                                  const pleats_boundary_cell *cell,
                                  mpz_t *const *point)
{
    pleats_status status = PLEATS_OK;
    cutting c = {.boundary = b, .space = space, .axes = axes};
    mpz_init(c.value[0]);
    mpz_init(c.value[1]);
    TRY(cut_cell(&c, cell, point));
done:
    pleats_integers_free(space->ctx, c.now.point, 3 * c.now.capacity);
    pleats_integers_free(space->ctx, c.next.point, 3 * c.next.capacity);
    mpz_clear(c.value[0]);
    mpz_clear(c.value[1]);
    return status;
}
