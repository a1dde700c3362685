#include "theory/bounds/weight_ranks.h"

#include "exact/integers.h"

#include <string.h>

static const double most_steps = 64.0 * 64 * 64;

typedef struct {
    pleats_idx rows, columns;
    mpz_t *at; /* [rows x columns] */
} matrix;

/* Row by row the weights times a power of two, as integers. */
static void set_row(const matrix *m, pleats_idx row, const double *weight)
{
    mpz_t *to = m->at + (size_t)row * (size_t)m->columns;
    int least = 0;
    for (pleats_idx j = 0; j < m->columns; j++) {
        pleats_dyadic d = pleats_dyadic_of(weight[j]);
        if (d.mantissa != 0 && d.exponent < least)
            least = d.exponent;
    }
    for (pleats_idx j = 0; j < m->columns; j++) {
        pleats_dyadic d = pleats_dyadic_of(weight[j]);
        pleats_integer_set_shifted(
            to[j], d.mantissa,
            d.mantissa == 0 ? 0 : (unsigned long)(d.exponent - least));
    }
}

/* The row from `from` on with a non-zero entry in column j, or -1. */
static pleats_idx find_pivot(const matrix *m, pleats_idx from, pleats_idx j)
{
    for (pleats_idx i = from; i < m->rows; i++)
        if (mpz_sgn(m->at[(size_t)i * (size_t)m->columns + (size_t)j]) != 0)
            return i;
    return -1;
}

/* Elimination without fractions; destroys the matrix. */
static pleats_idx eliminate(const matrix *m)
{
    size_t width = (size_t)m->columns;
    pleats_idx rank = 0;
    mpz_t factor;
    mpz_init(factor);
    for (pleats_idx j = 0; j < m->columns && rank < m->rows; j++) {
        pleats_idx pivot = find_pivot(m, rank, j);
        if (pivot < 0)
            continue;
        mpz_t *top = m->at + (size_t)rank * width;
        for (pleats_idx k = 0; k < m->columns; k++)
            mpz_swap(top[k], m->at[(size_t)pivot * width + (size_t)k]);
        for (pleats_idx i = rank + 1; i < m->rows; i++) {
            mpz_t *row = m->at + (size_t)i * width;
            mpz_set(factor, row[j]);
            for (pleats_idx k = j; mpz_sgn(factor) != 0 && k < m->columns;
                 k++) {
                mpz_mul(row[k], row[k], top[j]);
                mpz_submul(row[k], factor, top[k]);
            }
            pleats_integers_make_primitive(row, width);
        }
        rank++;
    }
    mpz_clear(factor);
    return rank;
}

/* *rank of a dense step's matrix, or its smaller side when it is large. */
static pleats_status rank_of(pleats_ctx *ctx, const pleats_step *s,
                             int64_t *rank)
{
    pleats_status status = PLEATS_OK;
    matrix m = {.rows = s->n_out, .columns = s->n_in};
    size_t n = (size_t)s->n_out * (size_t)s->n_in;
    *rank = s->n_out < s->n_in ? s->n_out : s->n_in;
    if ((double)n * (double)*rank > most_steps)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, n, &m.at));
    for (pleats_idx i = 0; i < m.rows; i++)
        set_row(&m, i, s->weight + (size_t)i * (size_t)m.columns);
    *rank = eliminate(&m);
done:
    pleats_integers_free(ctx, m.at, n);
    return status;
}

/* Puts a LINEAR item of this rank before item `at`. */
static pleats_status insert(pleats_ctx *ctx, pleats_stack *stack, size_t at,
                            int64_t rank)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &stack->item, &stack->capacity, stack->n_items + 1,
                    sizeof *stack->item));
    pleats_item *item = stack->item + at;
    memmove(item + 1, item, (stack->n_items - at) * sizeof *item);
    *item = (pleats_item){.kind = PLEATS_ITEM_LINEAR, .n = rank};
    stack->n_items++;
    for (size_t i = 0; i < stack->n_items; i++)
        if (stack->item[i].kind == PLEATS_ITEM_SKIP && stack->item[i].end > at)
            stack->item[i].end++;
done:
    return status;
}

pleats_status pleats_stack_add_ranks(pleats_ctx *ctx, pleats_stack *stack,
                                     const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    size_t at = 0;
    for (pleats_idx i = 0; !stack->has_general && i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        int64_t rank = INT64_MAX;
        if (pleats_step_is_affine(s))
            continue;
        while (at < stack->n_items && stack->item[at].kind != PLEATS_ITEM_UNITS)
            at++;
        if (at == stack->n_items || stack->item[at].n != s->n_out)
            break;
        if (i > 0 && net->step[i - 1].kind == PLEATS_STEP_DENSE)
            TRY(rank_of(ctx, &net->step[i - 1], &rank));
        if (i > 0 && rank < net->step[i - 1].n_out &&
            rank < net->step[i - 1].n_in)
            TRY(insert(ctx, stack, at++, rank));
        at++;
    }
done:
    return status;
}
