/* Relaxations of small networks at exact points of their box: every scalar's
 * value is within what its form says, with and without the programme, also
 * where there are so few coordinates that radii go into errors, and where
 * errors are as large as the forms.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "ranges/relaxation.h"

#include "base/perturb.h"
#include "cases.h"
#include "interval_check.h"
#include "mlp.h"
#include "need.h"
#include "random_mlp.h"
#include "values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1500, POINTS = 12 };

typedef struct {
    pleats_ctx *ctx;
    rng r;
    pleats_net *net;
    pleats_interval *scalar;
    bool *is_moving;
    pleats_relaxation relaxation;
    pleats_idx *scratch;
    const char *wrong;
} relaxation_case;

/* An input's form covers its interval to the last bit: |x - centre| is at most
 * the sum of radius and error. */
static void check_input(relaxation_case *c, pleats_idx i)
{
    const pleats_forms *f = &c->relaxation.forms;
    const double *form = pleats_forms_entry(f, i);
    mpq_t reach, q, centre;
    mpq_init(reach);
    mpq_init(q);
    mpq_init(centre);
    mpq_set_d(reach, f->error[i]);
    for (pleats_idx j = 0; j < f->k; j++) {
        mpq_set_d(q, fabs(form[j]));
        mpq_add(reach, reach, q);
    }
    mpq_set_d(centre, form[f->k]);
    for (int side = 0; side < 2; side++) {
        mpq_set_d(q, side ? c->scalar[i].hi : c->scalar[i].lo);
        mpq_sub(q, q, centre);
        mpq_abs(q, q);
        if (mpq_cmp(q, reach) > 0)
            c->wrong = "an input's form does not reach to its end";
    }
    mpq_clear(reach);
    mpq_clear(q);
    mpq_clear(centre);
}

/* A form's error grows, and its entries move to the far end of it. */
static void loosen(relaxation_case *c, pleats_idx scalar)
{
    pleats_forms *f = &c->relaxation.forms;
    double *form = f->entry + (size_t)scalar * f->stride;
    double far = ldexp(f->magnitude[scalar], -rng_int(&c->r, 1, 20)), sum = 0;
    if (!isfinite(far) || far == 0)
        return;
    form[f->k] += rng_one_in(&c->r, 2) ? far : -far;
    for (pleats_idx j = 0; j <= f->k; j++)
        sum += fabs(form[j]);
    pleats_forms_set_bounds(
        f, scalar,
        pleats_round_up(f->error[scalar] + far + 0x1p-52 * (sum + far)),
        pleats_round_up(sum));
}

/* What a form reaches to on the box, exactly: constant +- |others| +- error. */
static void reach_of(const relaxation_case *c, pleats_idx scalar, int sign,
                     mpq_t out)
{
    const pleats_forms *f = &c->relaxation.forms;
    const double *form = pleats_forms_entry(f, scalar);
    mpq_t part;
    mpq_init(part);
    mpq_set_d(out, f->error[scalar]);
    for (pleats_idx j = 0; j < f->k; j++) {
        mpq_set_d(part, fabs(form[j]));
        mpq_add(out, out, part);
    }
    if (sign < 0)
        mpq_neg(out, out);
    mpq_set_d(part, form[f->k]);
    mpq_add(out, out, part);
    mpq_clear(part);
}

static bool is_finite(const relaxation_case *c, pleats_idx scalar)
{
    const pleats_forms *f = &c->relaxation.forms;
    return isfinite(f->error[scalar]) && isfinite(f->magnitude[scalar]);
}

/* Bounds of a form hold all that it reaches to, to the last bit, and its
 * magnitude all of its entries. */
static void check_form(relaxation_case *c, pleats_idx scalar)
{
    const pleats_forms *f = &c->relaxation.forms;
    pleats_interval bounds = pleats_relaxation_bounds(&c->relaxation, scalar);
    double size = 0;
    mpq_t end;
    if (!is_finite(c, scalar))
        return;
    mpq_init(end);
    for (int sign = -1; sign <= 1; sign += 2) {
        reach_of(c, scalar, sign, end);
        if (!interval_holds(bounds, end))
            c->wrong = "a form reaches beyond its bounds";
    }
    for (pleats_idx j = 0; j <= f->k; j++)
        size += fabs(pleats_forms_entry(f, scalar)[j]);
    if (!(size * (1 - 0x1p-40) <= f->magnitude[scalar]))
        c->wrong = "a form is larger than its magnitude";
    mpq_clear(end);
}

/* Without a coordinate to be had, a unit's radius is in its error: the form
 * reaches as far as with one.  Moved numbers differ between the two. */
static void check_spread(relaxation_case *c, const pleats_step *s, pleats_idx i,
                         const pleats_range *range)
{
    pleats_relaxation *x = &c->relaxation;
    const pleats_idx used = x->n_used, out = s->out + i;
    mpq_t with, without;
    pleats_relaxation_add_pl(x, s, i, range);
    if (PLEATS_PERTURB || x->n_used == used || !is_finite(c, out)) {
        x->n_used = used;
        return;
    }
    mpq_init(with);
    mpq_init(without);
    reach_of(c, out, 1, with);
    x->n_used = x->forms.k;
    pleats_relaxation_add_pl(x, s, i, range);
    reach_of(c, out, 1, without);
    if (mpq_cmp(without, with) < 0)
        c->wrong = "a radius is not all in the error";
    x->n_used = used;
    mpq_clear(with);
    mpq_clear(without);
}

/* What the multipliers of the last programme prove for the objective, exactly:
 * with y >= 0, objective <= objective + sum y row. */
static void proof_of_multipliers(const relaxation_case *c, pleats_idx scalar,
                                 mpq_t out)
{
    const pleats_relaxation *x = &c->relaxation;
    const size_t width = (size_t)x->forms.k + 1;
    int exponent;
    mpq_t sum, y, part;
    mpq_inits(sum, y, part, NULL);
    (void)frexp(x->forms.magnitude[scalar], &exponent);
    mpq_set_d(out, x->forms.error[scalar]);
    for (size_t j = 0; j <= width; j++) {
        mpq_set_d(sum, j < width ? x->objective[j] : 0);
        for (pleats_idx i = 0; i < x->lp.m; i++) {
            if (!(x->multiplier[i] > 0))
                continue;
            mpq_set_d(y, ldexp(x->multiplier[i], exponent));
            mpq_set_d(part,
                      j < width ? x->row[(size_t)i * width + j] : x->error[i]);
            mpq_mul(part, part, y);
            mpq_add(sum, sum, part);
        }
        if (j + 1 < width)
            mpq_abs(sum, sum);
        mpq_add(out, out, sum);
    }
    mpq_clears(sum, y, part, NULL);
}

/* The lower end that was found with the programme's help is not above what it
 * proves, nor what the form reaches to, to the last bit. */
static void check_programme(relaxation_case *c, pleats_idx scalar,
                            pleats_interval found)
{
    const pleats_relaxation *x = &c->relaxation;
    mpq_t proven, reach;
    if (!x->has_programme || x->lp.m == 0 || !is_finite(c, scalar) ||
        x->forms.magnitude[scalar] == 0 || !isfinite(found.lo))
        return;
    mpq_inits(proven, reach, NULL);
    proof_of_multipliers(c, scalar, proven);
    mpq_neg(proven, proven);
    reach_of(c, scalar, -1, reach);
    if (mpq_cmp(reach, proven) > 0)
        mpq_set(proven, reach);
    mpq_set_d(reach, found.lo);
    if (mpq_cmp(reach, proven) > 0)
        c->wrong = "a bound that the multipliers do not prove";
    mpq_clears(proven, reach, NULL);
}

static void run_units(relaxation_case *c, const pleats_step *s)
{
    pleats_range *range = need_memory((size_t)s->n_out, sizeof *range);
    pleats_relaxation *x = &c->relaxation;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_interval by;
        need_ok(c->ctx, pleats_relaxation_solve(x, s->in[i], &by));
        pleats_interval_narrow(&c->scalar[s->in[i]], by);
        range[i] = pleats_interval_pl(c->scalar, s, i);
        pleats_interval_narrow(
            &c->scalar[s->out + i],
            pleats_interval_of_pieces(pleats_step_function(s, i), &range[i],
                                      c->scalar[s->in[i]], 0));
    }
    for (pleats_idx i = 0; i < s->n_out; i++) {
        check_spread(c, s, i, &range[i]);
        pleats_relaxation_add_pl(x, s, i, &range[i]);
    }
    for (pleats_idx i = 0; i < s->n_out; i++)
        need_ok(c->ctx, pleats_relaxation_add_pl_rows(x, s, i, &range[i]));
    free(range);
}

static void run_steps(relaxation_case *c)
{
    bool loose = rng_one_in(&c->r, 2);
    for (pleats_idx i = 0; i < c->net->n_steps; i++) {
        const pleats_step *s = &c->net->step[i];
        if (!pleats_step_is_affine(s)) {
            run_units(c, s);
            continue;
        }
        pleats_interval_affine(c->scalar, s, c->scratch);
        need_ok(c->ctx,
                pleats_forms_run(c->ctx, &c->relaxation.forms, s, NULL));
        for (pleats_idx u = 0; u < s->n_out; u++)
            if (loose && rng_one_in(&c->r, 2))
                loosen(c, s->out + u);
    }
}

static void check_point(relaxation_case *c, const pleats_interval *with,
                        const pleats_interval *without)
{
    forms value;
    forms_init(&value, 0);
    for (pleats_idx i = 0; i < c->net->n_inputs; i++) {
        mpq_t *x = forms_add(&value);
        const pleats_interval box = c->scalar[i];
        double share =
            rng_one_in(&c->r, 3) ? 0.5 : (double)rng_one_in(&c->r, 2) * 1.0;
        double t = box.lo + share * (box.hi - box.lo);
        mpq_set_d(x[0], share == 1 ? box.hi : fmin(fmax(t, box.lo), box.hi));
    }
    values_at_point(c->net, &value, NULL);
    for (pleats_idx i = 0; i < c->net->n_scalars; i++) {
        mpq_t *x = forms_at(&value, (size_t)i);
        if (!interval_holds(without[i], x[0]))
            c->wrong = "a value is outside of its form's bounds";
        else if (!interval_holds(with[i], x[0]))
            c->wrong = "a value is outside of the programme's bounds";
        else if (!interval_holds(c->scalar[i], x[0]))
            c->wrong = "a value is outside of its interval";
    }
    forms_clear(&value);
}

static void check(relaxation_case *c)
{
    size_t n = (size_t)c->net->n_scalars;
    pleats_interval *with = need_memory(n, sizeof *with);
    pleats_interval *without = need_memory(n, sizeof *without);
    for (pleats_idx i = 0; i < c->net->n_inputs; i++)
        check_input(c, i);
    run_steps(c);
    for (pleats_idx i = 0; i < c->net->n_scalars; i++) {
        check_form(c, i);
        without[i] = pleats_relaxation_bounds(&c->relaxation, i);
        need_ok(c->ctx, pleats_relaxation_solve(&c->relaxation, i, &with[i]));
        check_programme(c, i, with[i]);
    }
    for (int i = 0; i < POINTS && !c->wrong; i++)
        check_point(c, with, without);
    free(with);
    free(without);
}

static void draw_box(relaxation_case *c)
{
    for (pleats_idx i = 0; i < c->net->n_scalars; i++)
        c->scalar[i] = (pleats_interval){-INFINITY, INFINITY};
    for (pleats_idx i = 0; i < c->net->n_inputs; i++) {
        double a = ldexp(rng_real(&c->r, 53), rng_int(&c->r, -4, 2));
        double b = ldexp(rng_real(&c->r, 53), rng_int(&c->r, -4, 2));
        if (rng_one_in(&c->r, 5))
            b = nextafter(a, 8);
        c->scalar[i] = (pleats_interval){fmin(a, b), fmax(a, b)};
        c->is_moving[i] = !rng_one_in(&c->r, 6);
    }
}

static bool run_case(uint64_t seed)
{
    relaxation_case c = {.ctx = need_ctx(), .r = {seed}};
    mlp m;
    random_mlp(&c.r, rng_int(&c.r, 1, 3), rng_one_in(&c.r, 3), &m);
    c.net = mlp_build(c.ctx, &m);
    size_t n = (size_t)c.net->n_scalars;
    c.scalar = need_memory(n, sizeof *c.scalar);
    c.is_moving = need_memory((size_t)c.net->n_inputs, sizeof *c.is_moving);
    c.scratch =
        need_memory((size_t)pleats_net_row_terms(c.net) + 1, sizeof *c.scratch);
    draw_box(&c);
    need_ok(c.ctx, pleats_relaxation_init(
                       c.ctx, &c.relaxation, c.net, c.scalar, c.is_moving,
                       rng_int(&c.r, 0, c.net->n_inputs + c.net->n_units),
                       rng_int(&c.r, 0, 3) > 0));
    check(&c);
    if (c.wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, c.wrong);
    pleats_relaxation_clear(&c.relaxation);
    free(c.scalar);
    free(c.is_moving);
    free(c.scratch);
    pleats_net_clear(c.ctx, c.net);
    mlp_clear(&m);
    bool clean = pleats_ctx_live_bytes(c.ctx) == 0;
    pleats_ctx_free(c.ctx);
    return clean && !c.wrong;
}

/* A unit that keeps its last piece on [1, 2] has at 1 the value of the piece
 * before, by definition.  Where these differ, as they may by the rounding of
 * intercepts and do here by much, its form holds both. */
static bool stable_unit_is_right(void)
{
    double at[] = {1}, slope[] = {0, 1}, intercept[] = {0, -0.75};
    const pleats_pl f = {1, at, slope, intercept};
    const pleats_idx in = 0, which = 0;
    relaxation_case c = {.ctx = need_ctx()};
    pleats_interval scalar[] = {{1, 2}, {-INFINITY, INFINITY}};
    bool is_moving = true;
    pleats_idx out = 0;
    need_ok(c.ctx, pleats_net_new(c.ctx, 1, &c.net));
    need_ok(c.ctx,
            pleats_net_add_pl(c.ctx, c.net, NULL, 1, &in, 1, &f, &which, &out));
    need_ok(c.ctx, pleats_net_set_outputs(c.ctx, c.net, 1, &out));
    need_ok(c.ctx, pleats_relaxation_init(c.ctx, &c.relaxation, c.net, scalar,
                                          &is_moving, 1, false));
    const pleats_step *s = &c.net->step[0];
    const pleats_range range = pleats_interval_pl(scalar, s, 0);
    pleats_relaxation_add_pl(&c.relaxation, s, 0, &range);
    pleats_interval bounds = pleats_relaxation_bounds(&c.relaxation, out);
    bool good = range.n == 1 && bounds.lo <= 0 && bounds.hi >= 1.25;
    if (!good)
        fprintf(stderr, "a stable unit at its breakpoint: [%g, %g]\n",
                bounds.lo, bounds.hi);
    pleats_relaxation_clear(&c.relaxation);
    pleats_net_clear(c.ctx, c.net);
    pleats_ctx_free(c.ctx);
    return good;
}

static void add_row(pleats_relaxation *r, const double *row)
{
    const size_t m = (size_t)r->lp.m, width = (size_t)r->forms.k + 1;
    need_ok(r->ctx, pleats_grow(r->ctx, &r->row, &r->row_capacity,
                                (m + 1) * width, sizeof *r->row));
    need_ok(r->ctx, pleats_grow(r->ctx, &r->error, &r->error_capacity, m + 1,
                                sizeof *r->error));
    need_ok(r->ctx, pleats_grow(r->ctx, &r->magnitude, &r->magnitude_capacity,
                                m + 1, sizeof *r->magnitude));
    need_ok(r->ctx, pleats_grow(r->ctx, &r->multiplier, &r->multiplier_capacity,
                                m + 1, sizeof *r->multiplier));
    memcpy(r->row + m * width, row, width * sizeof *row);
    r->error[m] = 0;
    r->magnitude[m] = 3;
    need_ok(r->ctx, pleats_lp_cut(r->ctx, &r->lp, row));
}

/* -x_0 on the square inside the rows x_1 + h x_0 + c >= 0 and -x_1 + h x_0 +
 * h / 2 - c >= 0: multipliers are about 1 / (2 h), much larger than what they
 * prove, that x_0 >= -1/4. */
static bool cancelling_rows_are_right(void)
{
    const pleats_interval scalar[] = {{-1, 1}, {-1, 1}};
    const bool is_moving[] = {true, true};
    const pleats_idx out = 0;
    relaxation_case c = {.ctx = need_ctx(), .r = {1}};
    need_ok(c.ctx, pleats_net_new(c.ctx, 2, &c.net));
    need_ok(c.ctx, pleats_net_set_outputs(c.ctx, c.net, 1, &out));
    for (int i = 0; i < 200; i++) {
        double h = ldexp(1 + fabs(rng_real(&c.r, 53)), -16);
        double at = 0.5 * rng_real(&c.r, 53);
        pleats_interval found;
        need_ok(c.ctx, pleats_relaxation_init(c.ctx, &c.relaxation, c.net,
                                              scalar, is_moving, 2, true));
        add_row(&c.relaxation, (double[]){h, 1, at});
        add_row(&c.relaxation, (double[]){h, -1, h / 2 - at});
        need_ok(c.ctx, pleats_relaxation_solve(&c.relaxation, 0, &found));
        check_programme(&c, 0, found);
        if (!(fabs(found.lo + 0.25) < 0x1p-20))
            c.wrong = "the bound is not what the rows say";
        pleats_relaxation_clear(&c.relaxation);
    }
    if (c.wrong)
        fprintf(stderr, "rows that cancel: %s\n", c.wrong);
    pleats_net_clear(c.ctx, c.net);
    pleats_ctx_free(c.ctx);
    return !c.wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    return failures + !stable_unit_is_right() + !cancelling_rows_are_right() >
           0;
}
