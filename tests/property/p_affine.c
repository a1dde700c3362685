/* Affine steps for many points at once, dense and sparse, of all sizes around
 * those of tiles and blocks, against plain sums in long double: no further off
 * than rounding in any order can be.  Numbers are random, cancel, or lie at the
 * ends of the range.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "need.h"
#include "random_net.h"

#include "sample/affine.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 400, MOST_ROWS = 20, MOST_TERMS = 300 };

typedef struct {
    rng *r;
    numbers kind;
    pleats_step step;
    double *value; /* [(n_in + n_out + 1) x PLEATS_LANES] */
} affine_case;

/* All terms of all rows, and values so that sums nearly vanish now and then:
 * the second half of a row is the first one with the other sign. */
static void draw_numbers(affine_case *c, pleats_idx n_scalars, bool cancels)
{
    pleats_step *s = &c->step;
    size_t n_weights = s->kind == PLEATS_STEP_DENSE
                           ? (size_t)s->n_in * (size_t)s->n_out
                           : (size_t)s->n_in;
    for (size_t i = 0; i < n_weights; i++)
        s->weight[i] = random_number(c->r, c->kind);
    for (pleats_idx i = 0; i < s->n_out; i++)
        s->bias[i] = rng_one_in(c->r, 3) ? 0 : random_number(c->r, c->kind);
    for (pleats_idx i = 0; i < n_scalars; i++)
        for (int l = 0; l < PLEATS_LANES; l++)
            pleats_lanes_at(c->value, i)[l] = random_number(c->r, c->kind);
    pleats_idx half = n_scalars / 2;
    for (pleats_idx i = 0; cancels && i < half; i++)
        for (int l = 0; l < PLEATS_LANES; l++)
            pleats_lanes_at(c->value, half + i)[l] =
                -pleats_lanes_at(c->value, i)[l] *
                (1 + (rng_one_in(c->r, 2) ? DBL_EPSILON : 0));
    for (pleats_idx i = 0;
         cancels && s->kind == PLEATS_STEP_DENSE && i < half * s->n_out; i++) {
        double *row = s->weight + (size_t)(i / half) * (size_t)s->n_in;
        row[half + i % half] = row[i % half];
    }
}

/* Row i in a lane: |got - sum| <= bound, or the sum of all sizes overflows. */
static bool is_right(affine_case *c, pleats_idx i, int lane)
{
    const pleats_step *s = &c->step;
    const bool is_dense = s->kind == PLEATS_STEP_DENSE;
    pleats_idx first = is_dense ? 0 : s->start[i];
    pleats_idx end = is_dense ? s->n_in : s->start[i + 1];
    const double *weight =
        is_dense ? s->weight + (size_t)i * (size_t)s->n_in : s->weight;
    long double sum = s->bias[i], size = fabsl(sum);
    for (pleats_idx j = first; j < end; j++) {
        long double term =
            (long double)weight[j] * pleats_lanes_at(c->value, s->in[j])[lane];
        sum += term;
        size += fabsl(term);
    }
    double divisor = s->divisor ? s->divisor[i] : 1;
    double got = pleats_lanes_at(c->value, s->out + i)[lane];
    long double n = (long double)(end - first) + 3;
    long double bound = n * (DBL_EPSILON * size + DBL_TRUE_MIN);
    if (size > DBL_MAX / 2 || size / fabs(divisor) > DBL_MAX / 2)
        return true;
    return fabsl(got - sum / divisor) <= bound / fabs(divisor) + DBL_TRUE_MIN;
}

/* Rows of terms, as many as can be from none to twice the average. */
static void draw_rows(affine_case *c, pleats_idx n_scalars)
{
    pleats_step *s = &c->step;
    pleats_idx at = 0;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        s->start[i] = at;
        at += rng_int(c->r, 0, s->n_in - at);
    }
    s->start[s->n_out] = s->n_in;
    for (pleats_idx j = 0; j < s->n_in; j++)
        s->in[j] = rng_int(c->r, 0, n_scalars - 1);
    for (pleats_idx i = 0; s->divisor && i < s->n_out; i++)
        s->divisor[i] = rng_int(c->r, 1, 9);
}

static bool run_step(affine_case *c, pleats_idx n_scalars)
{
    pleats_ctx *ctx = need_ctx();
    pleats_affine affine;
    pleats_idx *scratch = need_memory((size_t)c->step.n_in, sizeof *scratch);
    bool right = true;
    need_ok(ctx, pleats_affine_init(ctx, &affine, &c->step,
                                    n_scalars + c->step.n_out));
    pleats_affine_run(&affine, c->value, scratch);
    for (pleats_idx i = 0; i < c->step.n_out; i++)
        for (int l = 0; l < PLEATS_LANES; l++)
            right = right && is_right(c, i, l);
    pleats_affine_clear(ctx, &affine);
    pleats_ctx_free(ctx);
    free(scratch);
    return right;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    affine_case c = {.r = &r, .kind = (numbers)rng_int(&r, 0, N_NUMBERS - 1)};
    pleats_step *s = &c.step;
    bool is_dense = !rng_one_in(&r, 3);
    s->kind = is_dense ? PLEATS_STEP_DENSE : PLEATS_STEP_SPARSE;
    s->n_in = rng_int(&r, 1, rng_one_in(&r, 4) ? MOST_TERMS : 12);
    s->n_out = rng_int(&r, 1, MOST_ROWS);
    pleats_idx n_scalars = is_dense ? s->n_in : rng_int(&r, 1, 40);
    size_t rows = (size_t)s->n_out, terms = (size_t)s->n_in;
    s->out = n_scalars;
    s->in = need_memory(terms, sizeof *s->in);
    s->weight = need_memory(is_dense ? rows * terms : terms, sizeof *s->weight);
    s->bias = need_memory(rows, sizeof *s->bias);
    c.value = need_memory(((size_t)n_scalars + rows + 1) * PLEATS_LANES,
                          sizeof *c.value);
    for (pleats_idx j = 0; j < s->n_in; j++)
        s->in[j] = j;
    if (!is_dense) {
        s->start = need_memory(rows + 1, sizeof *s->start);
        if (rng_one_in(&r, 2))
            s->divisor = need_memory(rows, sizeof *s->divisor);
        draw_rows(&c, n_scalars);
    }
    draw_numbers(&c, n_scalars, rng_one_in(&r, 2));
    bool right = run_step(&c, n_scalars);
    if (!right)
        fprintf(stderr, "seed %llu: %d rows of %d terms are off\n",
                (unsigned long long)seed, (int)s->n_out, (int)s->n_in);
    free(s->in);
    free(s->weight);
    free(s->bias);
    free(s->start);
    free(s->divisor);
    free(c.value);
    return right;
}

int main(void)
{
    return failed_cases(CASES, run_case) != 0;
}
