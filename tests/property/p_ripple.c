/* How a unit's output moves what is behind it, on random networks of ReLUs:
 * against rational arithmetic, for some units of a reference one after the
 * other, and of another reference then.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "cases.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "show.h"

#include "exact/integers.h"
#include "forms/near.h"
#include "forms/ripple.h"

#include <gmp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 1500, REFERENCES = 2, UNITS = 4 };

static unsigned long n_compared, n_moved, n_unknown;

/* Weights of some steps far up or down, so that numbers overflow or vanish. */
static void scale_steps(rng *r, pleats_net *net)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        pleats_step *s = &net->step[i];
        const int by = rng_one_in(r, 3) ? 0 : 200 * rng_int(r, -4, 4);
        const pleats_idx n = s->kind == PLEATS_STEP_SPARSE  ? s->n_in
                             : s->kind == PLEATS_STEP_DENSE ? s->n_in * s->n_out
                             : s->kind == PLEATS_STEP_CONV
                                 ? s->n_out / s->positions * s->n_taps
                                 : 0;
        for (pleats_idx j = 0; j < n; j++)
            if (isfinite(ldexp(s->weight[j], by)))
                s->weight[j] = ldexp(s->weight[j], by);
        for (pleats_idx j = 0; s->divisor && j < s->n_out; j++)
            if (isnormal(ldexp(s->divisor[j], 2 * by)))
                s->divisor[j] = ldexp(s->divisor[j], 2 * by);
    }
}

/* Units that read the inputs, and a layer behind them. */
static pleats_net *units_first(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    static double zero[2] = {0, 0}, slope[2] = {0, 1};
    const pleats_pl relu = {1, zero, slope, zero};
    const pleats_idx in[] = {0, 1, 2};
    double weight[9], bias[3] = {0};
    pleats_net *net;
    pleats_idx units, out;
    for (int i = 0; i < 9; i++)
        weight[i] = rng_real(r, 53);
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &net));
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n_inputs, in, 1, &relu, NULL,
                                   &units));
    const pleats_idx read[] = {units, units + 1, units + 2};
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 3, n_inputs, read, weight,
                                      bias, &out));
    const pleats_idx last[] = {out, out + 1, out + 2};
    need_ok(ctx,
            pleats_net_add_pl(ctx, net, NULL, 3, last, 1, &relu, NULL, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    return net;
}

static pleats_net *draw_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    if (rng_one_in(r, 50))
        return units_first(ctx, r, n_inputs);
    for (;;) {
        pleats_net *net = rng_one_in(r, 2)
                              ? random_wide_conv(ctx, r, n_inputs)
                              : random_layers(ctx, r, n_inputs, 4, 24);
        if (rng_one_in(r, 2))
            change_divisors(r, net);
        if (rng_one_in(r, 4))
            scale_steps(r, net);
        if (pleats_near_fits(net))
            return net;
        pleats_net_clear(ctx, net);
    }
}

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_idx *piece; /* [n_units] */
    pleats_ripple ripple;
    mpq_t *number; /* [n_scalars] true ones */
    mpq_t part;
} stage;

/* The number of row i of an affine step. */
static void run_row(stage *x, const pleats_step *s, pleats_idx i,
                    pleats_idx *scratch)
{
    const pleats_row row = pleats_step_row(s, i, scratch);
    mpq_t *to = &x->number[s->out + i];
    mpq_set_ui(*to, 0, 1);
    for (pleats_idx j = 0; j < row.n; j++) {
        if (row.in[j] < 0 || mpq_sgn(x->number[row.in[j]]) == 0)
            continue;
        mpq_set_d(x->part, row.weight[j]);
        mpq_mul(x->part, x->part, x->number[row.in[j]]);
        mpq_add(*to, *to, x->part);
    }
    mpq_set_d(x->part, row.divisor);
    mpq_div(*to, *to, x->part);
}

static void find_numbers(stage *x, pleats_idx step, pleats_idx unit)
{
    const pleats_net *net = x->net;
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(net) + 1, sizeof *scratch);
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        mpq_set_ui(x->number[i], 0, 1);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            if (pleats_step_is_affine(s))
                run_row(x, s, i, scratch);
            else if (x->piece[s->first_unit + i])
                mpq_set(x->number[s->out + i], x->number[s->in[i]]);
            else
                mpq_set_ui(x->number[s->out + i], 0, 1);
        }
        if (k == step)
            mpq_set_ui(x->number[s->out + unit], 1, 1);
    }
    free(scratch);
}

/* Whether high + low is within `error` of the true number. */
static bool is_within(stage *x, pleats_idx scalar, double high, double low,
                      double error)
{
    n_compared++;
    n_unknown += isfinite(error) ? 0 : 1;
    if (!isfinite(error))
        return true;
    mpq_set_d(x->part, high);
    mpq_sub(x->number[scalar], x->number[scalar], x->part);
    mpq_set_d(x->part, low);
    mpq_sub(x->number[scalar], x->number[scalar], x->part);
    mpq_abs(x->number[scalar], x->number[scalar]);
    mpq_set_d(x->part, error);
    return mpq_cmp(x->number[scalar], x->part) <= 0;
}

/* What is said of all that a step of units reads. */
static bool bounds_hold(stage *x, pleats_idx step)
{
    const pleats_step *s = &x->net->step[step];
    double most, error;
    bool good = true;
    pleats_ripple_bounds(&x->ripple, step, &most, &error);
    for (pleats_idx i = 0; i < s->n_in && isfinite(error); i++) {
        const double high =
            x->ripple.high[pleats_ripple_where(&x->ripple, s->in[i])];
        mpq_set_d(x->part, high);
        mpq_sub(x->part, x->number[s->in[i]], x->part);
        good = good && fabs(high) <= most &&
               fabs(mpq_get_d(x->part)) <= error * (1 + 0x1p-40);
        n_moved += high != 0;
    }
    return good;
}

static bool unit_is_right(stage *x, pleats_idx step, pleats_idx unit)
{
    const pleats_net *net = x->net;
    bool good = true;
    find_numbers(x, step, unit);
    need_ok(x->ctx, pleats_ripple_run(x->ctx, &x->ripple, step, unit));
    for (pleats_idx k = step + 1; k < net->n_steps; k++)
        if (!pleats_step_is_affine(&net->step[k]))
            good = bounds_hold(x, k) && good;
    for (pleats_idx i = 0; i < net->n_scalars; i++) {
        const pleats_idx at = x->ripple.at[i];
        double error;
        const double number = pleats_ripple_of(&x->ripple, i, &error);
        if (x->ripple.unit[i] >= 0 || at < 0) {
            good = is_within(x, i, number, 0, error) && good;
            continue;
        }
        const double low = x->ripple.low[at];
        good = is_within(x, i, number, low,
                         x->ripple.step[x->ripple.maker[i]].error) &&
               (isinf(error) || fabs(low) <= error) && good;
    }
    return good;
}

/* Any unit of any step. */
static void draw_unit(const pleats_net *net, rng *r, pleats_idx *step,
                      pleats_idx *unit)
{
    do
        *step = rng_int(r, 0, net->n_steps - 1);
    while (pleats_step_is_affine(&net->step[*step]));
    *unit = rng_int(r, 0, net->step[*step].n_out - 1);
}

static bool check(stage *x, rng *r)
{
    bool good = true;
    for (int i = 0; i < REFERENCES; i++) {
        const int32_t few = rng_int(r, 1, 4);
        for (pleats_idx u = 0; u < x->net->n_units; u++)
            x->piece[u] = !rng_one_in(r, few);
        need_ok(x->ctx, pleats_ripple_refer(x->ctx, &x->ripple, x->piece));
        for (int k = 0; k < UNITS; k++) {
            pleats_idx step, unit;
            draw_unit(x->net, r, &step, &unit);
            good = unit_is_right(x, step, unit) && good;
        }
    }
    return good;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    const pleats_idx n_inputs = rng_int(&r, 1, 3);
    pleats_net *net = draw_net(ctx, &r, n_inputs);
    pleats_coordinates c = {.n_inputs = n_inputs};
    pleats_forms forms;
    stage x = {.ctx = ctx, .net = net};
    x.piece = need_memory((size_t)net->n_units, sizeof *x.piece);
    x.number = need_memory((size_t)net->n_scalars, sizeof *x.number);
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        mpq_init(x.number[i]);
    mpq_init(x.part);
    mpz_init_set_ui(c.den, 1);
    need_ok(ctx, pleats_integers_new(ctx, (size_t)n_inputs, &c.num));
    need_ok(ctx, pleats_forms_init(ctx, &forms, net, &c));
    need_ok(ctx, pleats_fine_init(ctx, &forms, &c, net->n_steps));
    need_ok(ctx, pleats_ripple_init(ctx, &x.ripple, net, forms.fine));
    const bool good = check(&x, &r);
    if (!good || number_from_environment("PLEATS_TEST_SEED", 0)) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, net);
    }
    pleats_ripple_clear(ctx, &x.ripple);
    pleats_forms_clear(ctx, &forms);
    pleats_integers_free(ctx, c.num, (size_t)n_inputs);
    mpz_clear(c.den);
    mpq_clear(x.part);
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        mpq_clear(x.number[i]);
    free(x.number);
    free(x.piece);
    pleats_net_clear(ctx, net);
    const bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return good && clean;
}

int main(void)
{
    const uint64_t failures = failed_cases(CASES, run_case);
    printf("%lu numbers compared, %lu read by units moved, %lu not known\n",
           n_compared, n_moved, n_unknown);
    return failures > 0;
}
