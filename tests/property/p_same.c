/* Scalars that are found to be the same have the same value at every point,
 * over the rationals; rows that are found to be parallel vanish together; and a
 * network that is called linear is one.  On random networks, and on rows that
 * are copies of others but for one number.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "forms/same.h"

#include "forms/parallel.h"

#include "activations.h"
#include "cases.h"
#include "need.h"
#include "random_net.h"
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 3000, POINTS = 6, ROWS = 10, COLUMNS = 3 };

static uint64_t n_same, n_parallel;

/* Copies of two rows, most of them with one number changed: a weight, the bias
 * or the divisor; then units of two functions on all of them, twice. */
static pleats_net *copies_net(pleats_ctx *ctx, rng *r)
{
    pleats_net *net = NULL;
    double weight[ROWS * COLUMNS], bias[ROWS], divisor[ROWS];
    pleats_idx start[ROWS + 1], in[ROWS * COLUMNS], out = 0, all[2 * ROWS];
    pleats_idx which[2 * ROWS];
    const pleats_pl function[] = {*activation_function(ACT_RELU),
                                  *activation_function(ACT_ABS)};
    need_ok(ctx, pleats_net_new(ctx, COLUMNS, &net));
    for (pleats_idx i = 0; i < ROWS; i++) {
        start[i] = i * COLUMNS;
        for (pleats_idx j = 0; j < COLUMNS; j++) {
            in[i * COLUMNS + j] = j;
            weight[i * COLUMNS + j] = i % 2 + j + 1;
        }
        bias[i] = i % 2;
        divisor[i] = 1;
        int change = rng_int(r, 0, 4);
        if (change == 0)
            weight[i * COLUMNS + rng_int(r, 0, 2)] = 7;
        if (change == 1)
            bias[i] = 7;
        if (change == 2)
            divisor[i] = 7;
    }
    start[ROWS] = ROWS * COLUMNS;
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, ROWS, start, in, weight,
                                       bias, divisor, &out));
    for (pleats_idx i = 0; i < 2 * ROWS; i++) {
        all[i] = out + i % ROWS;
        which[i] = rng_int(r, 0, 1);
    }
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 2 * ROWS, all, 2, function,
                                   which, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    return net;
}

static const char *differ_at_a_point(rng *r, const pleats_net *net,
                                     const pleats_idx *same)
{
    const char *wrong = NULL;
    forms value;
    forms_init(&value, 0);
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        mpq_set_d(forms_add(&value)[0], 4 * rng_real(r, 8));
    values_at_point(net, &value, NULL);
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        if (!mpq_equal(forms_at(&value, (size_t)i)[0],
                       forms_at(&value, (size_t)same[i])[0]))
            wrong = "scalars that are called the same differ";
    forms_clear(&value);
    return wrong;
}

/* Whether one form is a multiple of the other: both of them vanish together. */
static bool is_multiple(mpq_t *a, mpq_t *b, size_t k)
{
    mpq_t left, right;
    bool is = true;
    mpq_inits(left, right, NULL);
    for (size_t i = 0; i <= k && is; i++)
        for (size_t j = 0; j < i && is; j++) {
            mpq_mul(left, a[i], b[j]);
            mpq_mul(right, a[j], b[i]);
            is = mpq_equal(left, right);
        }
    mpq_clears(left, right, NULL);
    return is;
}

/* Forms of an affine step's outputs over what it reads. */
static const char *rows_differ(const pleats_net *net, const pleats_step *s,
                               const pleats_idx *group)
{
    const char *wrong = NULL;
    size_t k = (size_t)net->n_scalars;
    forms over;
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(net) + 1, sizeof *scratch);
    forms_init(&over, k);
    for (size_t i = 0; i < k; i++)
        mpq_set_ui(forms_add(&over)[i + 1], 1, 1);
    for (pleats_idx i = 0; i < s->n_out; i++)
        value_of_row(s, i, &over, scratch);
    for (pleats_idx i = s->out; i < s->out + s->n_out; i++)
        for (pleats_idx j = s->out; j < i; j++) {
            if (group[i] < 0 || group[i] != group[j])
                continue;
            n_parallel++;
            if (!is_multiple(forms_at(&over, (size_t)i),
                             forms_at(&over, (size_t)j), k))
                wrong = "rows that are called parallel are not";
        }
    forms_clear(&over);
    free(scratch);
    return wrong;
}

/* All scalars at 2 x are twice those at x. */
static const char *is_not_linear(rng *r, const pleats_net *net)
{
    const char *wrong = NULL;
    forms value, twice;
    forms_init(&value, 0);
    forms_init(&twice, 0);
    for (pleats_idx i = 0; i < net->n_inputs; i++) {
        double x = 4 * rng_real(r, 8);
        mpq_set_d(forms_add(&value)[0], x);
        mpq_set_d(forms_add(&twice)[0], 2 * x);
    }
    values_at_point(net, &value, NULL);
    values_at_point(net, &twice, NULL);
    for (size_t i = 0; i < value.n; i++) {
        mpq_mul_2exp(forms_at(&value, i)[0], forms_at(&value, i)[0], 1);
        if (!mpq_equal(forms_at(&value, i)[0], forms_at(&twice, i)[0]))
            wrong = "a network that is called linear is not";
    }
    forms_clear(&value);
    forms_clear(&twice);
    return wrong;
}

static void unit_coordinates(pleats_idx n, pleats_coordinates *c)
{
    size_t width = (size_t)n + 1;
    *c = (pleats_coordinates){.n_inputs = n, .k = n};
    c->num = need_memory((size_t)n * width, sizeof *c->num);
    mpz_init_set_ui(c->den, 1);
    for (size_t i = 0; i < (size_t)n * width; i++)
        mpz_init_set_ui(c->num[i], i / width == i % width);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    pleats_net *net = rng_one_in(&r, 2)
                          ? copies_net(ctx, &r)
                          : random_net(ctx, &r, rng_int(&r, 1, 3), 14);
    size_t n = (size_t)net->n_scalars;
    pleats_idx *same = need_memory(n, sizeof *same);
    pleats_idx *group = need_memory(n, sizeof *group);
    pleats_coordinates c;
    const char *wrong = NULL;
    unit_coordinates(net->n_inputs, &c);
    need_ok(ctx, pleats_net_find_same(ctx, net, &c, same));
    need_ok(ctx, pleats_net_find_parallel(ctx, net, group));
    for (size_t i = 0; i < n; i++)
        n_same += same[i] != (pleats_idx)i;
    for (int i = 0; i < POINTS && !wrong; i++)
        wrong = differ_at_a_point(&r, net, same);
    for (pleats_idx k = 0; k < net->n_steps && !wrong; k++)
        if (pleats_step_is_affine(&net->step[k]))
            wrong = rows_differ(net, &net->step[k], group);
    if (!wrong && pleats_net_is_linear(net, &c))
        wrong = is_not_linear(&r, net);
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, wrong);
    for (size_t i = 0; i < (size_t)c.n_inputs * ((size_t)c.k + 1); i++)
        mpz_clear(c.num[i]);
    mpz_clear(c.den);
    free(c.num);
    free(same);
    free(group);
    pleats_net_clear(ctx, net);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu same, %llu parallel\n", (unsigned long long)n_same,
           (unsigned long long)n_parallel);
    return failures > 0 ||
           (!is_one_case && (n_same < 1000 || n_parallel < 500));
}
