/* Intervals of affine rows, of pieces and around rationals, at the very points
 * where they are widest, over the rationals: no value is outside by any amount.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "activations.h"
#include "cases.h"
#include "interval_check.h"
#include "need.h"
#include "rng.h"

#include "ranges/interval.h"

#include <math.h>
#include <stdio.h>

enum { CASES = 20000, MOST_TERMS = 8 };

static double draw(rng *r)
{
    double x = rng_real(r, rng_one_in(r, 3) ? 3 : 53);
    return rng_one_in(r, 4) ? ldexp(x, rng_int(r, -40, 40)) : x;
}

static pleats_interval draw_interval(rng *r)
{
    double a = draw(r), b = draw(r);
    if (rng_one_in(r, 8))
        b = a;
    if (rng_one_in(r, 8))
        a = 0;
    return (pleats_interval){fmin(a, b), fmax(a, b)};
}

/* The row's value where each input is at the end that makes it largest or
 * smallest. */
static void value_at_end(const pleats_step *s, const pleats_interval *x,
                         int side, mpq_t out)
{
    mpq_t a, b;
    mpq_init(a);
    mpq_init(b);
    mpq_set_d(out, s->bias[0]);
    for (pleats_idx j = 0; j < s->n_in; j++) {
        bool up = (s->weight[j] * s->divisor[0] > 0) == (side > 0);
        mpq_set_d(a, s->weight[j]);
        mpq_set_d(b, up ? x[j].hi : x[j].lo);
        mpq_mul(a, a, b);
        mpq_add(out, out, a);
    }
    mpq_set_d(a, s->divisor[0]);
    mpq_div(out, out, a);
    mpq_clear(a);
    mpq_clear(b);
}

static const char *row_is_wrong(rng *r)
{
    const char *wrong = NULL;
    pleats_interval x[MOST_TERMS + 1];
    double weight[MOST_TERMS], bias = draw(r), divisor = 1;
    pleats_idx in[MOST_TERMS], n = rng_int(r, 0, MOST_TERMS), start[] = {0, n};
    pleats_idx scratch[MOST_TERMS];
    const pleats_step s = {.kind = PLEATS_STEP_SPARSE,
                           .n_in = n,
                           .in = in,
                           .out = MOST_TERMS,
                           .n_out = 1,
                           .weight = weight,
                           .bias = &bias,
                           .divisor = &divisor,
                           .start = start};
    mpq_t value;
    mpq_init(value);
    for (pleats_idx j = 0; j < n; j++) {
        in[j] = j;
        weight[j] = draw(r);
        x[j] = draw_interval(r);
    }
    if (rng_one_in(r, 3))
        divisor = rng_one_in(r, 2) ? -3 : 0.1;
    x[MOST_TERMS] = (pleats_interval){-INFINITY, INFINITY};
    pleats_interval_affine(x, &s, scratch);
    for (int side = 0; side < 2; side++) {
        value_at_end(&s, x, side, value);
        if (!interval_holds(x[MOST_TERMS], value))
            wrong = "a row's value is outside";
    }
    mpq_clear(value);
    return wrong;
}

/* f(x) - tilt x where x has piece p. */
static void piece_at(const pleats_pl *f, pleats_idx p, double x, double tilt,
                     mpq_t out)
{
    mpq_t a;
    mpq_init(a);
    mpq_set_d(out, f->slope[p]);
    mpq_set_d(a, tilt);
    mpq_sub(out, out, a);
    mpq_set_d(a, x);
    mpq_mul(out, out, a);
    mpq_set_d(a, f->intercept[p]);
    mpq_add(out, out, a);
    mpq_clear(a);
}

/* A continuous function but for the rounding of its intercepts. */
static void draw_function(rng *r, pleats_pl *f)
{
    f->n_breaks = rng_int(r, 1, 3);
    for (pleats_idx p = 0; p <= f->n_breaks; p++) {
        f->slope[p] = rng_one_in(r, 3) ? rng_int(r, -1, 1) : draw(r);
        if (p == 0)
            f->intercept[p] = rng_one_in(r, 3) ? 0 : draw(r);
        if (p == 0)
            continue;
        double before = p > 1 ? f->at[p - 2] : rng_real(r, 8);
        f->at[p - 1] = before + 0.01 + fabs(rng_real(r, 50));
        if (p == 1 && rng_one_in(r, 3))
            f->at[0] = 0;
        f->intercept[p] = f->slope[p - 1] * f->at[p - 1] + f->intercept[p - 1] -
                          f->slope[p] * f->at[p - 1];
    }
}

/* The values at the ends of the interval and at all breakpoints in it, each
 * with the piece that it has there by definition. */
static const char *unit_is_wrong(rng *r)
{
    double at[3], slope[4], intercept[4];
    pleats_pl f = {0, at, slope, intercept};
    pleats_interval x = draw_interval(r);
    pleats_idx in = 0;
    const char *wrong = NULL;
    draw_function(r, &f);
    const pleats_step s = {.kind = PLEATS_STEP_PL,
                           .n_in = 1,
                           .in = &in,
                           .out = 1,
                           .n_out = 1,
                           .n_functions = 1,
                           .function = &f};
    if (rng_one_in(r, 4))
        x.lo = at[0];
    if (rng_one_in(r, 4))
        x.hi = at[rng_int(r, 0, f.n_breaks - 1)];
    x.hi = fmax(x.hi, x.lo);
    double tilt = rng_one_in(r, 2) ? 0 : draw(r);
    pleats_range range = pleats_interval_pl(&x, &s, 0);
    pleats_interval out = pleats_interval_of_pieces(&f, &range, x, tilt);
    for (pleats_idx p = range.first; p < range.first + range.n; p++) {
        double from = p > 0 ? fmax(x.lo, at[p - 1]) : x.lo;
        double to = p < f.n_breaks ? fmin(x.hi, at[p]) : x.hi;
        if (range.n > 1 && !(from < to))
            wrong = "a piece is in that has no length";
    }
    mpq_t value;
    mpq_init(value);
    for (pleats_idx i = 0; i < f.n_breaks + 2; i++) {
        double t = i < f.n_breaks ? at[i] : i == f.n_breaks ? x.lo : x.hi;
        pleats_idx p = 0, end = range.first + range.n;
        if (t < x.lo || t > x.hi)
            continue;
        while (p < f.n_breaks && at[p] < t)
            p++;
        if (p < range.first && !(p + 1 == range.first && t == at[p]))
            wrong = "a piece is ruled out";
        if (p >= end)
            wrong = "the last piece is ruled out";
        piece_at(&f, p, t, tilt, value);
        if (!interval_holds(out, value))
            wrong = "a unit's value is outside";
    }
    mpq_clear(value);
    return wrong;
}

static const char *around_is_wrong(rng *r)
{
    mpq_t lo, hi;
    mpq_init(lo);
    mpq_init(hi);
    mpq_set_si(lo, rng_int(r, -1000, 1000), (unsigned long)rng_int(r, 1, 99));
    mpq_canonicalize(lo);
    mpq_set_si(hi, rng_int(r, 0, 1000), (unsigned long)rng_int(r, 1, 99));
    mpq_canonicalize(hi);
    mpq_add(hi, hi, lo);
    pleats_interval x = pleats_interval_around(lo, hi);
    bool good = interval_holds(x, lo) && interval_holds(x, hi);
    mpq_clear(lo);
    mpq_clear(hi);
    return good ? NULL : "a bound is outside of its doubles";
}

/* Candidates whose largest values tie with the winner's least: nobody who beats
 * the winner somewhere is out. */
static const char *maximum_is_wrong(rng *r)
{
    pleats_interval x[3];
    pleats_idx in[] = {0, 1, 2}, start[] = {0, 3};
    bool may_win[3];
    const pleats_step s = {.kind = PLEATS_STEP_MAX,
                           .n_in = 3,
                           .in = in,
                           .out = 3,
                           .n_out = 1,
                           .start = start,
                           .is_min = rng_one_in(r, 2)};
    for (int i = 0; i < 3; i++) {
        int a = rng_int(r, -3, 3), b = rng_int(r, -3, 3);
        x[i] = (pleats_interval){a < b ? a : b, a < b ? b : a};
    }
    pleats_range range = pleats_interval_max(x, &s, 0, may_win);
    for (int i = 0; i < 3; i++) {
        double best = s.is_min ? -x[i].lo : x[i].hi;
        bool beaten = false;
        for (int j = 0; j < 3; j++)
            beaten = beaten || (j != i && may_win[j] &&
                                best <= (s.is_min ? -x[j].hi : x[j].lo));
        if (!may_win[i] && !beaten)
            return "a candidate is out that wins somewhere";
        if (may_win[i] && beaten && range.n > 1 && i != range.first)
            return "a candidate is in that never wins alone";
    }
    return may_win[range.first] ? NULL : "the leader is out";
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    const char *wrong = row_is_wrong(&r);
    wrong = wrong ? wrong : unit_is_wrong(&r);
    wrong = wrong ? wrong : around_is_wrong(&r);
    wrong = wrong ? wrong : maximum_is_wrong(&r);
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, wrong);
    return !wrong;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
