#include "cells/draft.h"

#include "exact/integers.h"
#include "exact/rational.h"

void pleats_draft_clear(pleats_ctx *ctx, pleats_draft *d)
{
    pleats_rational_array_free(ctx, (size_t)d->n * d->stride, d->x);
    for (pleats_idx i = 0; i < d->m; i++)
        pleats_rational_array_free(ctx, d->stride, d->row[i]);
    pleats_release(ctx, d->row);
    pleats_release(ctx, d->boxed);
    *d = (pleats_draft){0};
}

/* A new row of zeros. */
static pleats_status add_row(pleats_ctx *ctx, pleats_draft *d, mpq_t **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &d->row, &d->row_capacity, (size_t)d->m + 1,
                    sizeof *d->row));
    d->row[d->m] = NULL;
    TRY(pleats_rational_array(ctx, d->stride, &d->row[d->m]));
    *out = d->row[d->m++];
done:
    return status;
}

/* The row  sign * (t_j - bound) >= 0. */
static pleats_status add_bound(pleats_ctx *ctx, pleats_draft *d, pleats_idx j,
                               int sign, const mpq_t bound)
{
    pleats_status status = PLEATS_OK;
    mpq_t *row = NULL;
    TRY(add_row(ctx, d, &row));
    mpq_set_si(row[j], sign, 1);
    mpq_set(row[d->stride - 1], bound);
    if (sign > 0)
        mpq_neg(row[d->stride - 1], bound);
done:
    return status;
}

/* Applies t_j = shift + scale * (new t_j) to one line. */
static void rescale_line(mpq_t *line, pleats_idx j, size_t stride,
                         const mpq_t shift, const mpq_t scale, mpq_t spare)
{
    if (mpq_sgn(line[j]) == 0)
        return;
    mpq_mul(spare, line[j], shift);
    mpq_add(line[stride - 1], line[stride - 1], spare);
    mpq_mul(line[j], line[j], scale);
}

void pleats_draft_rescale(pleats_draft *d, pleats_idx j, const mpq_t centre,
                          const mpq_t radius, bool boxed)
{
    mpq_t spare;
    mpq_init(spare);
    for (size_t i = 0; i < (size_t)d->n; i++)
        rescale_line(d->x + i * d->stride, j, d->stride, centre, radius, spare);
    for (pleats_idx i = 0; i < d->m; i++)
        rescale_line(d->row[i], j, d->stride, centre, radius, spare);
    d->boxed[j] = boxed;
    mpq_clear(spare);
}

/* Drops coordinate j, whose coefficients are all 0, by putting the last one in
 * its place. */
static void drop_column(pleats_draft *d, pleats_idx j)
{
    pleats_idx last = d->k - 1;
    for (size_t i = 0; i < (size_t)d->n; i++)
        mpq_swap(d->x[i * d->stride + (size_t)j],
                 d->x[i * d->stride + (size_t)last]);
    for (pleats_idx i = 0; i < d->m; i++)
        mpq_swap(d->row[i][j], d->row[i][last]);
    d->boxed[j] = d->boxed[last];
    d->k--;
}

/* line += line[j] * (t_j as written in `value`), value[j] being 0. */
static void substitute_line(mpq_t *line, pleats_idx j, mpq_t *value,
                            size_t stride, mpq_t spare, mpq_t factor)
{
    if (mpq_sgn(line[j]) == 0)
        return;
    mpq_set(factor, line[j]);
    mpq_set_ui(line[j], 0, 1);
    for (size_t c = 0; c < stride; c++)
        if (mpq_sgn(value[c])) {
            mpq_mul(spare, factor, value[c]);
            mpq_add(line[c], line[c], spare);
        }
}

pleats_status pleats_draft_eliminate(pleats_ctx *ctx, pleats_draft *d,
                                     pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    pleats_idx j = 0;
    mpq_t spare, factor, one;
    mpq_t *value = d->row[i];
    mpq_init(spare);
    mpq_init(factor);
    mpq_init(one);
    mpq_set_ui(one, 1, 1);
    while (mpq_sgn(value[j]) == 0)
        j++;
    if (d->boxed[j]) {
        TRY(add_bound(ctx, d, j, -1, one));
        mpq_neg(one, one);
        TRY(add_bound(ctx, d, j, 1, one));
    }
    value = d->row[i];
    d->row[i] = d->row[--d->m];
    mpq_neg(factor, value[j]);
    mpq_set_ui(value[j], 0, 1);
    for (size_t c = 0; c < d->stride; c++)
        mpq_div(value[c], value[c], factor);
    for (size_t r = 0; r < (size_t)d->n; r++)
        substitute_line(d->x + r * d->stride, j, value, d->stride, spare,
                        factor);
    for (pleats_idx r = 0; r < d->m; r++)
        substitute_line(d->row[r], j, value, d->stride, spare, factor);
    pleats_rational_array_free(ctx, d->stride, value);
    drop_column(d, j);
done:
    mpq_clear(spare);
    mpq_clear(factor);
    mpq_clear(one);
    return status;
}

static bool has_coefficient(const pleats_draft *d, pleats_idx i)
{
    for (pleats_idx j = 0; j < d->k; j++)
        if (mpq_sgn(d->row[i][j]))
            return true;
    return false;
}

void pleats_draft_drop_constant_rows(pleats_ctx *ctx, pleats_draft *d)
{
    for (pleats_idx i = d->m; i-- > 0;) {
        if (has_coefficient(d, i))
            continue;
        if (mpq_sgn(d->row[i][d->stride - 1]) < 0)
            d->empty = true;
        pleats_rational_array_free(ctx, d->stride, d->row[i]);
        d->row[i] = d->row[--d->m];
    }
}

void pleats_draft_row(const pleats_draft *d, pleats_idx i, mpz_t *z)
{
    mpz_t common;
    mpz_init_set_ui(common, 1);
    for (pleats_idx c = 0; c <= d->k; c++) {
        mpq_t *from = &d->row[i][c < d->k ? (size_t)c : d->stride - 1];
        mpz_lcm(common, common, mpq_denref(*from));
    }
    for (pleats_idx c = 0; c <= d->k; c++) {
        mpq_t *from = &d->row[i][c < d->k ? (size_t)c : d->stride - 1];
        mpz_divexact(z[c], common, mpq_denref(*from));
        mpz_mul(z[c], z[c], mpq_numref(*from));
    }
    mpz_clear(common);
    pleats_integers_make_primitive(z, (size_t)d->k + 1);
}

/* Inputs and rows as the part has them. */
static pleats_status take_part(pleats_ctx *ctx, pleats_draft *d,
                               const pleats_part *p)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)p->k, n = (size_t)d->n;
    for (size_t i = 0; i < n; i++) {
        mpq_t *line = d->x + i * d->stride;
        mpq_set(line[k], p->origin[i]);
        if (!p->direction && k > 0)
            mpq_set_ui(line[i], 1, 1);
        for (size_t j = 0; p->direction && j < k; j++)
            mpq_set(line[j], p->direction[j * n + i]);
    }
    for (size_t i = 0; i < (size_t)p->m; i++) {
        mpq_t *row = NULL;
        TRY(add_row(ctx, d, &row));
        for (size_t j = 0; j < k; j++)
            mpq_neg(row[j], p->a[i * k + j]);
        mpq_set(row[k], p->b[i]);
    }
done:
    return status;
}

/* Coordinate j by its bounds: dropped, boxed, or free with a row. */
static pleats_status apply_bounds(pleats_ctx *ctx, pleats_draft *d,
                                  const pleats_part *p, pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    mpq_t centre, radius, half;
    mpq_init(centre);
    mpq_init(radius);
    mpq_init(half);
    mpq_set_ui(half, 1, 2);
    if (p->has_lo[j] && p->has_hi[j]) {
        mpq_add(centre, p->lo[j], p->hi[j]);
        mpq_sub(radius, p->hi[j], p->lo[j]);
        mpq_mul(centre, centre, half);
        mpq_mul(radius, radius, half);
        d->empty = d->empty || mpq_sgn(radius) < 0;
        pleats_draft_rescale(d, j, centre, radius, true);
        if (mpq_sgn(radius) == 0)
            drop_column(d, j);
    } else if (p->has_lo[j]) {
        TRY(add_bound(ctx, d, j, 1, p->lo[j]));
    } else if (p->has_hi[j]) {
        TRY(add_bound(ctx, d, j, -1, p->hi[j]));
    }
done:
    mpq_clear(centre);
    mpq_clear(radius);
    mpq_clear(half);
    return status;
}

pleats_status pleats_draft_init(pleats_ctx *ctx, pleats_draft *d,
                                pleats_idx n_inputs, const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    *d = (pleats_draft){
        .n = n_inputs, .k = part->k, .stride = (size_t)part->k + 1};
    TRY(pleats_rational_array(ctx, (size_t)n_inputs * d->stride, &d->x));
    TRY(pleats_alloc(ctx, (size_t)part->k, sizeof *d->boxed, &d->boxed));
    TRY(take_part(ctx, d, part));
    for (pleats_idx j = part->k; j-- > 0;)
        TRY(apply_bounds(ctx, d, part, j));
done:
    return status;
}
