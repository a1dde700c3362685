/* Forms near a reference, on random networks of ReLUs, many of them degenerate.
 *
 * First points that go down the steps together until their pieces part, as
 * cells do: a unit that has no form made has its piece at each of them, by
 * exact arithmetic, and forms that are made are as near to the exact ones as
 * their bounds say, also after others have gone further down.  Then counts of
 * whole domains, against the oracle's.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "cases.h"
#include "domains.h"
#include "form_check.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "regions.h"
#include "show.h"

#include "cells/walk.h"
#include "forms/fine.h"
#include "forms/near.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1000, MOST_POINTS = 12, MOST_K = 3, MOST_REGIONS = 400 };

static unsigned long n_unseen, n_seen, n_turned, n_compared;

static pleats_net *draw_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    for (;;) {
        pleats_net *net = rng_one_in(r, 6)
                              ? random_wide_conv(ctx, r, n_inputs)
                              : random_layers(ctx, r, n_inputs, 4, 24);
        if (pleats_near_fits(net))
            return net;
        pleats_net_clear(ctx, net);
    }
}

/* ---- points ---- */

/* In 2^-20 of a coordinate. */
typedef struct {
    int32_t t[MOST_K];
} point;

typedef struct {
    pleats_ctx *ctx;
    rng *r;
    bool is_loose, makes_outputs;
    const pleats_net *net;
    const pleats_coordinates *coordinates;
    pleats_idx *piece; /* [n_units] */
    pleats_near near;
    pleats_forms forms;
    pleats_exact_forms exact;
} stage;

static pleats_idx piece_at(stage *x, pleats_idx scalar, const point *p)
{
    const pleats_quotient *form = NULL;
    const pleats_idx k = x->coordinates->k;
    mpz_t sum, part;
    mpz_init(sum);
    mpz_init(part);
    need_ok(x->ctx, pleats_exact_forms_need(x->ctx, &x->exact, scalar, &form));
    mpz_mul_2exp(sum, form->num[k], 20);
    for (pleats_idx c = 0; c < k; c++) {
        mpz_mul_si(part, form->num[c], p->t[c]);
        mpz_add(sum, sum, part);
    }
    const pleats_idx piece = mpz_sgn(sum) > 0;
    mpz_clear(sum);
    mpz_clear(part);
    return piece;
}

/* Bounds that are infinite promise nothing. */
static bool bound_holds(pleats_ctx *ctx, const pleats_forms *f,
                        pleats_exact_forms *exact, pleats_idx scalar)
{
    return !isfinite(f->error[scalar]) || !isfinite(f->magnitude[scalar]) ||
           form_holds(ctx, f, exact, scalar);
}

/* ---- numbers that are off ---- */

/* Moves an entry by up to a quarter, towards 0 as a rule, so that errors add
 * up; by how much. */
static double move(rng *r, double *entry)
{
    const double by =
        ldexp(fabs(*entry), rng_one_in(r, 2) ? -2 : -rng_int(r, 2, 40));
    const double before = *entry;
    *entry += (*entry > 0) == rng_one_in(r, 4) ? by : -by;
    return fabs(*entry - before) * (1 + 0x1p-20);
}

static void move_form(rng *r, pleats_forms *f, pleats_idx scalar)
{
    double *entry = f->entry + (size_t)scalar * f->stride, error = 0, size = 0;
    if (!isfinite(f->error[scalar]) || pleats_forms_is_zero(f, scalar))
        return;
    for (pleats_idx c = 0; c <= f->k; c++) {
        error += move(r, &entry[c]);
        size += fabs(entry[c]);
    }
    if (f->fine)
        f->fine->error[scalar] =
            (error + f->fine->error[scalar]) * (1 + 0x1p-20);
    pleats_forms_set_bounds(f, scalar,
                            (error + f->error[scalar]) * (1 + 0x1p-20),
                            size * (1 + 0x1p-20));
}

/* Moves all that the forms of later steps are made of within errors that are
 * claimed then: those of the reference and of the step's seen units, and how
 * turned units move others. */
static void loosen(stage *x, const pleats_near_layer *l)
{
    const pleats_step *s = &x->net->step[l->step];
    pleats_near *near = &x->near;
    for (pleats_idx i = 0; i < l->n_seen; i++)
        if (rng_one_in(x->r, 2))
            move_form(x->r, &x->forms, s->in[l->close[i].unit]);
    for (pleats_idx i = near->layer_of[l->step] + 1; i < near->n_layers; i++) {
        const pleats_near_layer *next = &near->layer[i];
        for (pleats_idx j = 0; j < next->n; j++)
            if (rng_one_in(x->r, 4))
                move_form(x->r, &near->reference,
                          pleats_near_scalar(near, next, j));
        for (pleats_idx c = 0; c < near->n_columns; c++) {
            const size_t column = (size_t)c;
            double *number =
                near->number + column * near->n_close + next->first;
            double *error =
                &near->error[column * (size_t)near->n_layers + (size_t)i];
            double most = 0;
            for (pleats_idx j = 0; j < next->n && rng_one_in(x->r, 2); j++)
                most = fmax(most, move(x->r, &number[j]));
            *error = (*error + most) * (1 + 0x1p-20);
        }
    }
}

/* The box around some points; now and then one of which nothing is known. */
static void take_box(const stage *x, rng *r, size_t n, const point *const *p,
                     double *centre, double *half)
{
    const pleats_idx k = x->coordinates->k;
    const bool lost = rng_one_in(r, 8);
    /* vertices are points times a number from 4 - share to 4, in quarters */
    const int share = rng_int(r, 0, 3);
    for (pleats_idx c = 0; c <= k; c++) {
        double low = INFINITY, high = -INFINITY;
        for (size_t i = 0; i < n; i++)
            for (int w = 4 - share; w <= 4; w++) {
                const double t = c < k ? ldexp(p[i]->t[c], -20) : 1;
                low = fmin(low, t * w / 4);
                high = fmax(high, t * w / 4);
            }
        centre[c] = (low + high) / 2;
        half[c] = (high - low) / 2 + x->forms.gamma;
    }
    for (pleats_idx c = 0; c <= k && lost; c++) {
        centre[c] = rng_real(r, 8);
        half[c] = INFINITY;
    }
}

/* Whether what is known of the step's units is right, at all points. */
static bool is_right(stage *x, const pleats_near_layer *l, size_t n,
                     const point *const *p)
{
    const pleats_step *s = &x->net->step[l->step];
    bool *has_form = need_memory((size_t)s->n_out + 1, sizeof *has_form);
    bool good = true;
    for (pleats_idx i = 0; i < l->n_seen; i++) {
        has_form[l->close[i].unit] = true;
        good = good && bound_holds(x->ctx, &x->forms, &x->exact,
                                   s->in[l->close[i].unit]);
    }
    for (pleats_idx i = 0; i < s->n_out; i++)
        for (size_t j = 0; j < n && !has_form[i]; j++, n_unseen++)
            good = good &&
                   x->piece[s->first_unit + i] == piece_at(x, s->in[i], p[j]);
    n_seen += (unsigned long)l->n_seen;
    n_turned += l->n_turned;
    free(has_form);
    return good;
}

/* The scalars whose forms were made for a step. */
typedef struct {
    size_t n;
    pleats_idx *scalar; /* [n] */
} made;

static void keep_made(const stage *x, const pleats_near_layer *l, made *m)
{
    m->n = (size_t)l->n_seen;
    m->scalar = need_memory(m->n + 1, sizeof *m->scalar);
    for (size_t i = 0; i < m->n; i++)
        m->scalar[i] = pleats_near_scalar(&x->near, l, (pleats_idx)i);
}

/* Whether they are right after others went further down. */
static bool still_hold(stage *x, made *m)
{
    bool good = true;
    for (size_t i = 0; i < m->n; i++)
        good = good && bound_holds(x->ctx, &x->forms, &x->exact, m->scalar[i]);
    free(m->scalar);
    return good;
}

static bool descend(stage *x, pleats_idx from, size_t n, const point **p);

/* The points part by their pieces in step `to`; each group goes on. */
static bool part(stage *x, pleats_idx to, size_t n, const point **p)
{
    const pleats_step *s = &x->net->step[to];
    pleats_idx *piece = x->piece + s->first_unit;
    bool good = true;
    while (n > 0 && good) {
        size_t together = 0;
        for (pleats_idx i = 0; i < s->n_out; i++)
            piece[i] = piece_at(x, s->in[i], p[0]);
        for (size_t j = 0; j < n; j++) {
            bool same = true;
            for (pleats_idx i = 0; i < s->n_out && same; i++)
                same = piece[i] == piece_at(x, s->in[i], p[j]);
            if (same) {
                const point *one = p[j];
                p[j] = p[together];
                p[together++] = one;
            }
        }
        pleats_exact_forms_changed(&x->exact, to);
        good = descend(x, to, together, p);
        p += together;
        n -= together;
    }
    return good;
}

/* Whether the outputs' forms are right, if they are wanted. */
static bool leave(stage *x, pleats_idx from, const pleats_form_box *box)
{
    bool good = true;
    if (!x->makes_outputs)
        return true;
    need_ok(x->ctx, pleats_near_leave(x->ctx, &x->near, from, box, x->piece,
                                      &x->forms));
    for (pleats_idx o = 0; o < x->net->n_outputs; o++)
        good = good &&
               bound_holds(x->ctx, &x->forms, &x->exact, x->net->output[o]);
    return good;
}

static bool descend(stage *x, pleats_idx from, size_t n, const point **p)
{
    double centre[MOST_K + 1], half[MOST_K + 1];
    const pleats_form_box box = {centre, half};
    const pleats_idx to = pleats_unit_step_from(x->net, from + 1);
    take_box(x, x->r, n, p, centre, half);
    if (to < 0)
        return leave(x, from, &box);
    need_ok(x->ctx, pleats_near_enter(x->ctx, &x->near, from, to, &box,
                                      x->piece, &x->forms));
    const pleats_near_layer layer = *pleats_near_layer_of(&x->near, to);
    bool good = is_right(x, &layer, n, p);
    made forms = {0};
    if (x->is_loose)
        loosen(x, &layer);
    keep_made(x, &layer, &forms);
    good = good && part(x, to, n, p);
    return still_hold(x, &forms) && good;
}

static bool check_points(pleats_ctx *ctx, rng *r, const pleats_net *net,
                         const pleats_frame *frame)
{
    stage x = {.ctx = ctx,
               .r = r,
               .is_loose = rng_one_in(r, 2),
               .makes_outputs = rng_one_in(r, 2),
               .net = net,
               .coordinates = &frame->coordinates};
    point points[MOST_POINTS];
    const point *order[MOST_POINTS];
    const size_t n = (size_t)rng_int(r, 1, MOST_POINTS);
    const int32_t far = 1 << rng_int(r, 1, 20);
    const pleats_idx one_of = 1 << rng_int(r, 0, 5);
    for (size_t i = 0; i < n; i++) {
        for (pleats_idx c = 0; c < frame->k; c++) {
            const int32_t centre = rng_int(r, far - (1 << 20), (1 << 20) - far);
            points[i].t[c] = (i ? points[0].t[c] : centre);
            points[i].t[c] += i ? rng_int(r, -far, far) : 0;
            if (points[i].t[c] > 1 << 20 || points[i].t[c] < -(1 << 20))
                points[i].t[c] = centre;
        }
        order[i] = &points[i];
    }
    x.piece = need_memory((size_t)net->n_units, sizeof *x.piece);
    need_ok(ctx, pleats_forms_init(ctx, &x.forms, net, x.coordinates));
    need_ok(ctx, pleats_exact_forms_init(ctx, &x.exact, net, x.coordinates,
                                         x.piece));
    need_ok(ctx, pleats_near_init(ctx, &x.near, net, x.coordinates, one_of,
                                  x.makes_outputs));
    const bool good = descend(&x, -1, n, order);
    pleats_near_clear(ctx, &x.near);
    pleats_exact_forms_clear(ctx, &x.exact);
    pleats_forms_clear(ctx, &x.forms);
    free(x.piece);
    return good;
}

/* ---- counts ---- */

/* Regions, and their patterns in the order in which they come. */
typedef struct {
    uint64_t regions, patterns;
    bool makes_outputs, is_wrong; /* an output's form is */
} found;

static pleats_status count_one(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    found *f = state;
    (void)cell, (void)share, (void)stop;
    f->regions++;
    for (pleats_idx o = 0; f->makes_outputs && o < space->net->n_outputs; o++)
        f->is_wrong =
            f->is_wrong || !bound_holds(space->ctx, &space->forms,
                                        &space->exact, space->net->output[o]);
    for (pleats_idx i = 0; i < space->net->n_units; i++)
        f->patterns =
            f->patterns * 0x5851f42d4c957f2d + 1 + (uint64_t)space->piece[i];
    return PLEATS_OK;
}

static pleats_status count_some(void *state, uint64_t n, double share,
                                bool *stop)
{
    (void)share, (void)stop;
    ((found *)state)->regions += n;
    return PLEATS_OK;
}

/* one_of 0: step by step. */
static found count(pleats_ctx *ctx, const pleats_net *net,
                   const pleats_frame *frame, pleats_idx one_of,
                   bool one_by_one)
{
    pleats_space space;
    pleats_ahead ahead;
    found all = {.makes_outputs = one_by_one};
    const pleats_visitor visitor = {.region = count_one,
                                    .regions = one_by_one ? NULL : count_some,
                                    .state = &all};
    bool complete;
    need_ok(ctx, pleats_space_init(ctx, &space, net, frame,
                                   PLEATS_ENGINE_VERTICES, false));
    if (one_of)
        need_ok(ctx, pleats_space_use_near(&space, one_of, one_by_one));
    need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, &frame->coordinates,
                                   one_by_one));
    need_ok(ctx, pleats_walk_alone(&space, &ahead, &visitor, NULL, &complete));
    pleats_ahead_clear(ctx, &ahead);
    pleats_space_clear(&space);
    return complete ? all : (found){0};
}

static bool check_counts(pleats_ctx *ctx, rng *r, const pleats_net *net,
                         const pleats_domain *domain, const pleats_frame *frame)
{
    const region_count known =
        count_regions(net, &domain->part[0], MOST_REGIONS, 1);
    bool good = true;
    if (!known.is_complete)
        return true;
    n_compared += known.regions > 1;
    const found want = count(ctx, net, frame, 0, true);
    for (int how = 0; how < 3; how++) {
        const pleats_idx one_of = 1 << rng_int(r, 0, 6);
        const found got = count(ctx, net, frame, one_of, how > 0);
        if (got.regions == known.regions && !got.is_wrong &&
            (how == 0 || got.patterns == want.patterns))
            continue;
        fprintf(stderr, "one of %d: %llu regions, not %llu, or others\n",
                one_of, (unsigned long long)got.regions,
                (unsigned long long)known.regions);
        good = false;
    }
    return good;
}

static bool run_case(uint64_t seed)
{
    static const char *const box[][3] = {
        {"-1 1", "-1 1 -1 1", "-1 1 -1 1 -1 1"},
        {"1/3 1/2", "1/7 1/3 -1/5 -1/7", "1/7 1/6 -1/5 -1/6 1/3 2/5"},
        {"-1/9 1/9", "-1/9 1/9 -1/7 1/3", "-1/7 1/6 -1/5 1/6 -1/3 2/5"}};
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    const pleats_idx n_inputs = rng_int(&r, 1, 3);
    pleats_net *net = draw_net(ctx, &r, n_inputs);
    pleats_domain *domain =
        domain_boxes(ctx, n_inputs, box[rng_int(&r, 0, 2)][n_inputs - 1]);
    pleats_frame frame;
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, domain->part));
    bool good = check_points(ctx, &r, net, &frame);
    good = check_counts(ctx, &r, net, domain, &frame) && good;
    if (!good || number_from_environment("PLEATS_TEST_SEED", 0)) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    pleats_frame_clear(ctx, &frame);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    const bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return good && clean;
}

int main(void)
{
    const uint64_t failures = failed_cases(CASES, run_case);
    printf("%lu forms made with %lu turned units, %lu pieces without; %lu "
           "counts compared\n",
           n_seen, n_turned, n_unseen, n_compared);
    return failures > 0;
}
