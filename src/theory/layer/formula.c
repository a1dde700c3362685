#include "theory/layer/formula.h"

#include "exact/integers.h"
#include "exact/rational.h"

static int64_t capacity_of(const pleats_component *c)
{
    int64_t sum = 0;
    for (pleats_idx a = 0; a < c->n_atoms; a++)
        sum += c->capacity[a];
    return sum;
}

int64_t pleats_windows_rank(const pleats_windows *windows)
{
    int64_t sum = 0;
    for (pleats_idx i = 0; i < windows->n; i++)
        sum += capacity_of(&windows->component[i]) *
               windows->component[i].multiplicity;
    return sum * windows->groups;
}

static int64_t largest_window(const pleats_component *c)
{
    int64_t most = 0;
    for (pleats_idx w = 0; w < c->n_windows; w++) {
        int64_t sum = 0;
        for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
            sum += c->capacity[c->atom[i]];
        most = sum > most ? sum : most;
    }
    return most;
}

/* Bits of the sum over all sets of at most `rank` units, of which each has
 * weight `base`: no fewer can be met than what a run sums. */
static size_t most_bits(int64_t rank, int64_t units, int64_t base)
{
    mpz_t term, sum;
    mpz_init_set_ui(term, 1);
    mpz_init_set_ui(sum, 1);
    for (int64_t j = 1; j <= rank && j <= units; j++) {
        mpz_mul_ui(term, term, (unsigned long)(units - j + 1));
        mpz_divexact_ui(term, term, (unsigned long)j);
        mpz_mul_ui(term, term, (unsigned long)base);
        mpz_add(sum, sum, term);
    }
    const size_t bits = mpz_sizeinbase(sum, 2);
    mpz_clear(term);
    mpz_clear(sum);
    return bits;
}

/* With shift > 0 the sums of each size are below 2^shift. */
static pleats_status component_sum(pleats_ctx *ctx, const pleats_component *c,
                                   int64_t filters, int64_t base,
                                   unsigned long shift,
                                   pleats_frontier_cost *cost, mpz_t sum)
{
    pleats_status status = PLEATS_OK;
    pleats_frontier_plan plan = {0};
    pleats_weights weights = {0};
    TRY(pleats_weights_init(ctx, &weights, filters, base, shift,
                            largest_window(c)));
    TRY(pleats_frontier_plan_init(ctx, &plan, c));
    weights.most_bits =
        shift > 0 ? shift * ((size_t)capacity_of(c) + 1)
                  : most_bits(capacity_of(c), c->n_windows * filters, base);
    TRY(pleats_frontier_run(ctx, &plan, &weights, cost, NULL, sum));
done:
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    return status;
}

pleats_status pleats_formula_sum(pleats_ctx *ctx, const pleats_windows *windows,
                                 int64_t filters, int64_t base,
                                 unsigned long shift,
                                 pleats_frontier_cost *cost, mpz_t sum)
{
    pleats_status status = PLEATS_OK;
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(sum, 1);
    for (pleats_idx i = 0; i < windows->n; i++) {
        const pleats_component *c = &windows->component[i];
        TRY(component_sum(ctx, c, filters, base, shift, cost, one));
        mpz_pow_ui(one, one,
                   (unsigned long)(c->multiplicity * windows->groups));
        mpz_mul(sum, sum, one);
    }
done:
    mpz_clear(one);
    return status;
}

pleats_status pleats_formula_value(pleats_ctx *ctx,
                                   const pleats_conv_layer *layer,
                                   size_t max_states, mpz_t value,
                                   size_t *max_frontier)
{
    pleats_status status = PLEATS_OK;
    pleats_windows windows = {0};
    pleats_frontier_cost cost = {.max_states = max_states};
    TRY(pleats_windows_init(ctx, &windows, layer));
    TRY(pleats_formula_sum(ctx, &windows,
                           layer->conv.filters / layer->conv.groups,
                           layer->pieces - 1, 0, &cost, value));
    if (max_frontier)
        *max_frontier = cost.most;
done:
    pleats_windows_clear(ctx, &windows);
    return status;
}

pleats_status pleats_sizes_of_packed(pleats_ctx *ctx, const mpz_t packed,
                                     unsigned long shift,
                                     pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    size_t n = (mpz_sizeinbase(packed, 2) - 1) / shift;
    *out = (pleats_independence){.n = n};
    TRY(pleats_integers_new(ctx, n + 1, &out->at));
    for (size_t j = 0; j <= n; j++) {
        mpz_tdiv_q_2exp(out->at[j], packed, shift * j);
        mpz_tdiv_r_2exp(out->at[j], out->at[j], shift);
    }
done:
    return status;
}

/* The formula at base 2^shift, wide enough to keep the numbers of all sizes
 * apart: their sum is the formula for two pieces. */
pleats_status pleats_formula_sizes_within(pleats_ctx *ctx,
                                          const pleats_windows *windows,
                                          int64_t filters,
                                          pleats_frontier_cost *cost,
                                          pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    mpz_t sum;
    mpz_init(sum);
    *out = (pleats_independence){0};
    TRY(pleats_formula_sum(ctx, windows, filters, 1, 0, cost, sum));
    unsigned long shift =
        (mpz_sizeinbase(sum, 2) / GMP_NUMB_BITS + 1) * GMP_NUMB_BITS;
    TRY(pleats_formula_sum(ctx, windows, filters, 1, shift, cost, sum));
    TRY(pleats_sizes_of_packed(ctx, sum, shift, out));
done:
    mpz_clear(sum);
    return status;
}

pleats_status pleats_formula_sizes(pleats_ctx *ctx,
                                   const pleats_conv_layer *layer,
                                   size_t max_states, pleats_independence *out,
                                   size_t *max_frontier)
{
    pleats_status status = PLEATS_OK;
    pleats_windows windows = {0};
    pleats_frontier_cost cost = {.max_states = max_states};
    *out = (pleats_independence){0};
    TRY(pleats_windows_init(ctx, &windows, layer));
    TRY(pleats_formula_sizes_within(
        ctx, &windows, layer->conv.filters / layer->conv.groups, &cost, out));
    if (max_frontier)
        *max_frontier = cost.most;
done:
    pleats_windows_clear(ctx, &windows);
    return status;
}

/* Newton's forward differences of the values at 0, 1, .., rank. */
pleats_status pleats_formula_polynomial(pleats_ctx *ctx,
                                        const pleats_windows *windows,
                                        int64_t base,
                                        pleats_frontier_cost *cost,
                                        mpz_t **binomial, size_t *n)
{
    pleats_status status = PLEATS_OK;
    mpz_t *value = NULL;
    size_t count = (size_t)pleats_windows_rank(windows) + 1;
    TRY(pleats_integers_new(ctx, count, &value));
    for (size_t d = 0; d < count; d++)
        TRY(pleats_formula_sum(ctx, windows, (int64_t)d, base, 0, cost,
                               value[d]));
    for (size_t k = 1; k < count; k++)
        for (size_t d = count - 1; d >= k; d--)
            mpz_sub(value[d], value[d], value[d - 1]);
    *binomial = value;
    *n = count;
    value = NULL;
done:
    pleats_integers_free(ctx, value, count);
    return status;
}

/* Horner on D C(d, k) = D / k! d (d - 1) .. (d - k + 1), D = (n - 1)!, in
 * integers. */
pleats_status pleats_binomial_to_monomial(pleats_ctx *ctx, mpz_t *binomial,
                                          size_t n, mpq_t **monomial)
{
    pleats_status status = PLEATS_OK;
    mpq_t *out = NULL;
    mpz_t *a = NULL, scale;
    mpz_init_set_ui(scale, 1);
    TRY(pleats_integers_new(ctx, n, &a));
    TRY(pleats_rational_array(ctx, n, &out));
    for (size_t k = n; k-- > 0;) {
        for (size_t i = n - k; i-- > 0;) {
            mpz_mul_ui(a[i], a[i], (unsigned long)k);
            mpz_neg(a[i], a[i]);
            if (i > 0)
                mpz_add(a[i], a[i], a[i - 1]);
        }
        mpz_addmul(a[0], binomial[k], scale);
        if (k > 0)
            mpz_mul_ui(scale, scale, (unsigned long)k);
    }
    for (size_t i = 0; i < n; i++) {
        mpq_set_num(out[i], a[i]);
        mpq_set_den(out[i], scale);
        mpq_canonicalize(out[i]);
    }
    *monomial = out;
done:
    pleats_integers_free(ctx, a, n);
    mpz_clear(scale);
    return status;
}
