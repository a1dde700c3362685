#include "optimum/goals.h"

#include "exact/integers.h"

/* Weights of rows are below 2^MOST_BITS, so that sums of products with what a
 * network computes do not overflow because of them. */
enum { MOST_BITS = 512 };

/* Rows of a sparse step that are being put together. */
typedef struct {
    pleats_idx n, *in, *start;
    double *weight;
    size_t in_capacity, weight_capacity;
} rows;

static pleats_status add_term(pleats_ctx *ctx, rows *r, pleats_idx scalar,
                              double weight)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)r->n + 1;
    TRY(pleats_grow(ctx, &r->in, &r->in_capacity, n, sizeof *r->in));
    TRY(pleats_grow(ctx, &r->weight, &r->weight_capacity, n,
                    sizeof *r->weight));
    r->in[r->n] = scalar;
    r->weight[r->n++] = weight;
done:
    return status;
}

/* Adds integer * scalar, 53 bits after 53 bits; mpz_get_d cuts off. */
static pleats_status add_integer(pleats_ctx *ctx, rows *r, pleats_idx scalar,
                                 mpz_t integer)
{
    pleats_status status = PLEATS_OK;
    mpz_t part;
    mpz_init(part);
    if (mpz_sizeinbase(integer, 2) > MOST_BITS)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a linear function of outputs has coefficients that "
                        "need more than %d bits",
                        MOST_BITS));
    while (mpz_sgn(integer) != 0) {
        const double d = mpz_get_d(integer);
        TRY(add_term(ctx, r, scalar, d));
        mpz_set_d(part, d);
        mpz_sub(integer, integer, part);
    }
done:
    mpz_clear(part);
    return status;
}

/* Adds goal i, whose terms are row [width]; the last one is read from the
 * scalar `one`. */
static pleats_status add_goal(pleats_ctx *ctx, pleats_goals *g, rows *r,
                              pleats_idx i, mpq_t *row, pleats_idx one)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = g->of->n_inputs, m = g->of->n_outputs;
    mpz_t integer;
    mpz_init(integer);
    mpz_set_ui(g->scale[i], 1);
    for (pleats_idx j = 0; j <= n + m; j++)
        mpz_lcm(g->scale[i], g->scale[i], mpq_denref(row[j]));
    r->start[i] = r->n;
    for (pleats_idx j = 0; j <= n + m; j++) {
        const pleats_idx scalar = j < n       ? j
                                  : j < n + m ? g->of->output[j - n]
                                              : one;
        mpz_divexact(integer, g->scale[i], mpq_denref(row[j]));
        mpz_mul(integer, integer, mpq_numref(row[j]));
        TRY(add_integer(ctx, r, scalar, integer));
    }
    r->start[i + 1] = r->n;
done:
    mpz_clear(integer);
    return status;
}

pleats_status pleats_goals_init(pleats_ctx *ctx, pleats_goals *g,
                                const pleats_net *net, pleats_idx n, mpq_t *row)
{
    static const pleats_idx no_terms[] = {0, 0};
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)net->n_inputs + (size_t)net->n_outputs + 1;
    const double unit = 1;
    rows r = {0};
    pleats_idx one = 0, first = 0;
    *g = (pleats_goals){.of = net, .n = n};
    TRY(pleats_net_extend(ctx, net, &g->net));
    TRY(pleats_net_add_sparse(ctx, &g->net, NULL, 1, no_terms, NULL, NULL,
                              &unit, NULL, &one));
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *g->scalar, &g->scalar));
    TRY(pleats_integers_new(ctx, (size_t)n, &g->scale));
    TRY(pleats_alloc(ctx, (size_t)n + 1, sizeof *r.start, &r.start));
    for (pleats_idx i = 0; i < n; i++)
        TRY(add_goal(ctx, g, &r, i, row + (size_t)i * width, one));
    TRY(pleats_net_add_sparse(ctx, &g->net, NULL, n, r.start, r.in, r.weight,
                              NULL, NULL, &first));
    for (pleats_idx i = 0; i < n; i++)
        g->scalar[i] = first + i;
done:
    pleats_release(ctx, r.in);
    pleats_release(ctx, r.weight);
    pleats_release(ctx, r.start);
    return status;
}

void pleats_goals_clear(pleats_ctx *ctx, pleats_goals *g)
{
    if (!g->of)
        return;
    pleats_net_extension_clear(ctx, g->of, &g->net);
    pleats_release(ctx, g->scalar);
    pleats_integers_free(ctx, g->scale, (size_t)g->n);
    *g = (pleats_goals){0};
}
