#include "cells/hull.h"

#include "exact/integers.h"
#include "exact/rational.h"

/* A rational matrix, row-major. */
typedef struct {
    size_t rows, columns;
    mpq_t *entry;
} matrix;

static mpq_t *at(const matrix *m, size_t i, size_t j)
{
    return &m->entry[i * m->columns + j];
}

static void clear_matrix(pleats_ctx *ctx, matrix *m)
{
    pleats_rational_array_free(ctx, m->rows * m->columns, m->entry);
}

/* [directions of outer | directions of inner | origin of inner - of outer], a
 * row for each input. */
static pleats_status juxtapose(pleats_ctx *ctx, const pleats_coordinates *outer,
                               const pleats_coordinates *inner, matrix *m)
{
    pleats_status status = PLEATS_OK;
    size_t ko = (size_t)outer->k, ki = (size_t)inner->k;
    mpq_t origin;
    mpq_init(origin);
    m->rows = (size_t)outer->n_inputs;
    m->columns = ko + ki + 1;
    TRY(pleats_rational_array(ctx, m->rows * m->columns, &m->entry));
    for (size_t i = 0; i < m->rows; i++) {
        for (size_t j = 0; j < m->columns; j++) {
            bool left = j < ko;
            const pleats_coordinates *c = left ? outer : inner;
            size_t column = left ? j : j - ko;
            mpq_set_num(*at(m, i, j), c->num[i * ((size_t)c->k + 1) + column]);
            mpq_set_den(*at(m, i, j), c->den);
            mpq_canonicalize(*at(m, i, j));
        }
        mpq_set_num(origin, outer->num[i * (ko + 1) + ko]);
        mpq_set_den(origin, outer->den);
        mpq_canonicalize(origin);
        mpq_sub(*at(m, i, ko + ki), *at(m, i, ko + ki), origin);
    }
done:
    mpq_clear(origin);
    return status;
}

/* row i -= row i [pivot] * row pivot, whose entry [pivot] is 1. */
static void clear_entry(matrix *m, size_t i, size_t pivot, mpq_t factor,
                        mpq_t spare)
{
    mpq_set(factor, *at(m, i, pivot));
    if (mpq_sgn(factor) == 0)
        return;
    for (size_t j = pivot; j < m->columns; j++) {
        if (mpq_sgn(*at(m, pivot, j)) == 0)
            continue;
        mpq_mul(spare, factor, *at(m, pivot, j));
        mpq_sub(*at(m, i, j), *at(m, i, j), spare);
    }
}

/* Gauss-Jordan on the first k columns, which are independent: afterwards they
 * are the unit vectors of the first k rows. */
static void reduce(matrix *m, size_t k)
{
    mpq_t factor, spare;
    mpq_init(factor);
    mpq_init(spare);
    for (size_t c = 0; c < k; c++) {
        size_t r = c;
        while (mpq_sgn(*at(m, r, c)) == 0)
            r++;
        for (size_t j = 0; j < m->columns; j++)
            mpq_swap(*at(m, r, j), *at(m, c, j));
        mpq_set(factor, *at(m, c, c));
        for (size_t j = c; j < m->columns; j++)
            mpq_div(*at(m, c, j), *at(m, c, j), factor);
        for (size_t i = 0; i < m->rows; i++)
            if (i != c)
                clear_entry(m, i, c, factor, spare);
    }
    mpq_clear(factor);
    mpq_clear(spare);
}

/* Writes the outer coordinates in the inner ones: afterwards row j < k of `m`
 * has, after its first k columns, outer t_j as a form in inner (t, 1).
 * *possible: false when the inner hull is not in the outer one. */
static pleats_status express(pleats_ctx *ctx, const pleats_frame *outer,
                             const pleats_frame *inner, matrix *m,
                             bool *possible)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)outer->k;
    *possible = inner->k <= outer->k;
    if (!*possible)
        return PLEATS_OK;
    TRY(juxtapose(ctx, &outer->coordinates, &inner->coordinates, m));
    reduce(m, k);
    for (size_t i = k; i < m->rows && *possible; i++)
        for (size_t j = k; j < m->columns && *possible; j++)
            *possible = mpq_sgn(*at(m, i, j)) == 0;
done:
    return status;
}

pleats_status pleats_hull_contains(pleats_ctx *ctx, const pleats_frame *outer,
                                   const pleats_frame *inner, bool *contains)
{
    pleats_status status = PLEATS_OK;
    matrix m = {0};
    TRY(express(ctx, outer, inner, &m, contains));
done:
    clear_matrix(ctx, &m);
    return status;
}

/* to [inner k + 1] = a positive multiple of the form [outer k + 1], written in
 * inner coordinates. */
static pleats_status translate(pleats_ctx *ctx, mpz_t *form, const matrix *m,
                               size_t ko, mpz_t *to)
{
    pleats_status status = PLEATS_OK;
    const size_t width = m->columns - ko;
    mpz_t common;
    mpq_t *sum = NULL, spare;
    mpz_init_set_ui(common, 1);
    mpq_init(spare);
    TRY(pleats_rational_array(ctx, width, &sum));
    mpq_set_z(sum[width - 1], form[ko]);
    for (size_t j = 0; j < ko; j++)
        for (size_t c = 0; c < width; c++) {
            mpq_set_z(spare, form[j]);
            mpq_mul(spare, spare, *at(m, j, ko + c));
            mpq_add(sum[c], sum[c], spare);
        }
    for (size_t c = 0; c < width; c++)
        mpz_lcm(common, common, mpq_denref(sum[c]));
    for (size_t c = 0; c < width; c++) {
        mpz_divexact(to[c], common, mpq_denref(sum[c]));
        mpz_mul(to[c], to[c], mpq_numref(sum[c]));
    }
done:
    pleats_rational_array_free(ctx, width, sum);
    mpz_clear(common);
    mpq_clear(spare);
    return status;
}

pleats_idx pleats_frame_n_sides(const pleats_frame *frame)
{
    pleats_idx n = frame->m;
    for (pleats_idx j = 0; j < frame->k; j++)
        n += frame->boxed[j] ? 2 : 0;
    return n;
}

pleats_status pleats_frame_sides(pleats_ctx *ctx, const pleats_frame *outer,
                                 const pleats_frame *inner, mpz_t *row,
                                 bool *contains_hull)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)outer->k, width = (size_t)inner->k + 1;
    matrix m = {0};
    mpz_t *side = NULL;
    TRY(pleats_integers_new(ctx, k + 1, &side));
    TRY(express(ctx, outer, inner, &m, contains_hull));
    if (!*contains_hull)
        goto done;
    for (size_t i = 0; i < (size_t)outer->m; i++, row += width)
        TRY(translate(ctx, outer->row + i * (k + 1), &m, k, row));
    mpz_set_ui(side[k], 1);
    for (size_t j = 0; j < k; j++) {
        for (int sign = -1; sign <= 1 && outer->boxed[j]; sign += 2) {
            mpz_set_si(side[j], sign);
            TRY(translate(ctx, side, &m, k, row));
            row += width;
        }
        mpz_set_ui(side[j], 0);
    }
done:
    pleats_integers_free(ctx, side, k + 1);
    clear_matrix(ctx, &m);
    return status;
}
