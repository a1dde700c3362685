/* Frames of random polytopes, among them rotated ones with sides at thirds and
 * sevenths, flat and empty ones, against the oracle's hull: the same dimension,
 * and exactly the same vertices and rays.  So the box of a frame holds all of
 * its part.  And the second way to the same (frame_check) has nothing to say
 * about these frames, but finds what is wrong with others.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cells/frame_check.h"

#include "cases.h"
#include "cone.h"
#include "domains.h"
#include "hull.h"
#include "need.h"
#include "random_domain.h"
#include "rng.h"

#include "exact/integers.h"

#include <math.h>
#include <stdio.h>

enum { CASES = 3000 };

static uint64_t n_boxed, n_flat, n_empty, n_compared, n_broken;

static void set_fraction(rng *r, mpq_t q)
{
    static const unsigned long den[] = {1, 2, 3, 7, 21, 1000003};
    mpq_set_si(q, rng_int(r, -20, 20), den[rng_int(r, 0, 5)]);
    mpq_canonicalize(q);
}

/* Rows of small whole numbers about the origin, now and then the opposite of
 * the one before, as another side of a slab, an equation or an empty set. */
static void draw_rows(rng *r, pleats_part *part)
{
    for (pleats_idx i = 0; i < part->m; i++) {
        mpq_t *row = part->a + (size_t)i * (size_t)part->k;
        bool opposite = i > 0 && rng_one_in(r, 2);
        for (pleats_idx j = 0; j < part->k; j++) {
            if (opposite)
                mpq_neg(row[j], row[j - part->k]);
            else
                mpq_set_si(row[j], rng_int(r, -3, 3), 1);
        }
        set_fraction(r, part->b[i]);
        mpq_abs(part->b[i], part->b[i]);
        if (opposite && rng_one_in(r, 4))
            mpq_neg(part->b[i], part->b[i - 1]);
        else if (rng_one_in(r, 20))
            mpq_neg(part->b[i], part->b[i]);
    }
}

static pleats_domain *draw_polytope(pleats_ctx *ctx, rng *r)
{
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    pleats_idx k = rng_int(r, 1, 3);
    mpq_t q;
    mpq_init(q);
    need_ok(ctx, pleats_domain_new(ctx, k, "a polytope", &domain));
    need_ok(ctx, pleats_domain_add_part(ctx, domain, k, rng_int(r, 0, 3 * k),
                                        false, &part));
    draw_rows(r, part);
    for (pleats_idx j = 0; j < k; j++) {
        set_fraction(r, q);
        mpq_abs(q, q);
        if (rng_one_in(r, 4))
            pleats_part_set_hi(part, j, q);
        if (!rng_one_in(r, 10))
            mpq_neg(q, q);
        if (rng_one_in(r, 4))
            pleats_part_set_lo(part, j, q);
    }
    mpq_clear(q);
    return domain;
}

/* Cuts a cone down to where h >= 0. */
static bool keep_above(cone *c, mpq_t *h)
{
    cone above, below;
    sides found = cone_split(c, h, &above, &below);
    if (found != SIDE_BOTH)
        return found == SIDE_POSITIVE;
    cone_clear(c);
    cone_clear(&below);
    *c = above;
    return true;
}

static bool cone_of(const forms *inside, cone *c)
{
    bool good;
    forms infinity;
    forms_init(&infinity, inside->k);
    mpq_set_ui(forms_add(&infinity)[0], 1, 1);
    cone_init(c, inside->k);
    good = keep_above(c, forms_at(&infinity, 0));
    for (size_t i = 0; i < inside->n && good; i++)
        good = keep_above(c, forms_at(inside, i));
    forms_clear(&infinity);
    return good;
}

/* Where the rays of a cone are in the inputs: (w, x) as whole numbers. */
static void list_points(const cone *c, const forms *input, vectors *out)
{
    mpq_t sum, part;
    mpz_t common;
    mpq_init(sum);
    mpq_init(part);
    mpz_init_set_ui(common, 1);
    for (size_t i = 0; i < input->n * (input->k + 1); i++)
        mpz_lcm(common, common, mpq_denref(input->q[i]));
    vectors_init(out, input->n);
    for (size_t i = 0; i < c->ray.n; i++) {
        mpz_t *ray = vectors_at(&c->ray, i), *to = vectors_add(out);
        mpz_mul(to[0], ray[0], common);
        for (size_t x = 0; x < input->n; x++) {
            mpq_set_ui(sum, 0, 1);
            for (size_t j = 0; j <= input->k; j++) {
                mpq_set_z(part, ray[j]);
                mpq_mul(part, part, forms_at(input, x)[j]);
                mpq_add(sum, sum, part);
            }
            mpq_set_z(part, common);
            mpq_mul(sum, sum, part);
            mpz_set(to[x + 1], mpq_numref(sum));
        }
        pleats_integers_make_primitive(to, input->n + 1);
    }
    mpq_clear(sum);
    mpq_clear(part);
    mpz_clear(common);
}

static bool holds_all(const vectors *a, const vectors *b)
{
    for (size_t i = 0; i < b->n; i++) {
        bool found = false;
        for (size_t j = 0; j < a->n && !found; j++) {
            found = true;
            for (size_t c = 0; c <= a->k; c++)
                found = found &&
                        mpz_cmp(vectors_at(a, j)[c], vectors_at(b, i)[c]) == 0;
        }
        if (!found)
            return false;
    }
    return true;
}

static const char *points_differ(const cone *want, const forms *input,
                                 const cone *got, const forms *got_input)
{
    const char *wrong = NULL;
    vectors a, b;
    if (want->line.n != got->line.n)
        return "the lines";
    if (want->line.n > 0)
        return NULL;
    list_points(want, input, &a);
    list_points(got, got_input, &b);
    if (!holds_all(&b, &a))
        wrong = "a vertex of the part is not in the frame";
    else if (!holds_all(&a, &b))
        wrong = "a vertex of the frame is not in the part";
    vectors_clear(&a);
    vectors_clear(&b);
    n_compared++;
    return wrong;
}

/* The frame's rows and boxes, and the inputs over its coordinates. */
static void frame_forms(const pleats_frame *f, forms *inside, forms *input)
{
    size_t k = (size_t)f->k;
    const pleats_coordinates *c = &f->coordinates;
    forms_init(inside, k);
    forms_init(input, k);
    for (size_t i = 0; i < (size_t)f->m; i++) {
        mpq_t *to = forms_add(inside);
        for (size_t j = 0; j <= k; j++)
            mpq_set_z(to[j == k ? 0 : j + 1], f->row[i * (k + 1) + j]);
    }
    for (size_t side = 0; side < 2 * k; side++) {
        if (!f->boxed[side / 2])
            continue;
        mpq_t *to = forms_add(inside);
        mpq_set_ui(to[0], 1, 1);
        mpq_set_si(to[1 + side / 2], side % 2 ? -1 : 1, 1);
    }
    for (size_t i = 0; i < (size_t)c->n_inputs; i++) {
        mpq_t *to = forms_add(input);
        for (size_t j = 0; j <= k; j++) {
            mpq_ptr q = to[j == k ? 0 : j + 1];
            mpz_set(mpq_numref(q), c->num[i * (k + 1) + j]);
            mpz_set(mpq_denref(q), c->den);
            mpq_canonicalize(q);
        }
    }
}

static const char *inner_point_is_wrong(const pleats_frame *f)
{
    for (pleats_idx j = 0; j < f->k && f->has_interior; j++)
        if (f->boxed[j] && !(fabs(f->interior[j]) < 1))
            return "the inner point is on the box";
    for (size_t i = 0; i < (size_t)f->m && f->has_interior; i++)
        if (pleats_sign_at(f->row + i * ((size_t)f->k + 1), f->k,
                           f->interior) <= 0)
            return "the inner point is on a row";
    return NULL;
}

static const char *frame_is_wrong(const pleats_frame *f, const hull *h)
{
    const char *wrong = inner_point_is_wrong(f);
    forms inside, input;
    cone want, got = {0};
    if ((size_t)f->k != h->inside.k)
        return "the dimension";
    frame_forms(f, &inside, &input);
    bool good = cone_of(&h->inside, &want) && cone_of(&inside, &got);
    if (!wrong)
        wrong = good ? points_differ(&want, &h->input, &got, &input)
                     : "it has no interior";
    if (good)
        cone_clear(&got);
    cone_clear(&want);
    forms_clear(&inside);
    forms_clear(&input);
    return wrong;
}

/* Changes one thing in a frame, so that it is another set. */
static bool break_frame(rng *r, pleats_frame *f)
{
    pleats_coordinates *c = &f->coordinates;
    size_t width = (size_t)f->k + 1;
    mpz_t *num = c->num + (size_t)rng_int(r, 0, c->n_inputs - 1) * width;
    mpz_t *row = f->row + (size_t)(f->m ? rng_int(r, 0, f->m - 1) : 0) * width;
    switch (rng_int(r, 0, 4)) {
    case 0: /* an input is a little larger */
        mpz_mul_ui(c->den, c->den, 1000000);
        for (size_t i = 0; i < (size_t)c->n_inputs * width; i++)
            mpz_mul_ui(c->num[i], c->num[i], 1000000);
        mpz_add_ui(num[f->k], num[f->k], 1);
        return f->k > 0 || f->m == 0;
    case 1: /* a row lets a little more in */
        if (f->m == 0)
            return false;
        for (size_t j = 0; j < width; j++)
            mpz_mul_ui(row[j], row[j], 1000000);
        mpz_add_ui(row[f->k], row[f->k], 1);
        return true;
    case 2: /* or a little less */
        if (f->m == 0)
            return false;
        for (size_t j = 0; j < width; j++)
            mpz_mul_ui(row[j], row[j], 1000000);
        mpz_sub_ui(row[f->k], row[f->k], 1);
        return true;
    case 3: /* one row is turned round */
        if (f->m == 0)
            return false;
        for (size_t j = 0; j < width; j++)
            mpz_neg(row[j], row[j]);
        return true;
    default: /* a coordinate is boxed that was not */
        for (pleats_idx j = 0; j < f->k; j++)
            if (!f->boxed[j]) {
                f->boxed[j] = true;
                return true;
            }
        return false;
    }
}

/* Whether a frame's set, seen in the inputs, is the hull's: as in
 * frame_is_wrong, but for frames of any kind. */
static bool is_another(const pleats_frame *f, const hull *h)
{
    forms inside, input;
    cone want, got;
    const char *wrong = NULL;
    frame_forms(f, &inside, &input);
    bool good = cone_of(&h->inside, &want);
    if (good && cone_of(&inside, &got)) {
        wrong = want.line.n == 0 && got.line.n == 0
                    ? points_differ(&want, &h->input, &got, &input)
                    : NULL;
        cone_clear(&got);
    } else {
        cone_clear(&got);
        wrong = "it has no interior";
    }
    cone_clear(&want);
    forms_clear(&inside);
    forms_clear(&input);
    return wrong != NULL;
}

/* The second way has nothing to say about the frame, but about one that is
 * another set, it has. */
static const char *check_is_wrong(pleats_ctx *ctx, rng *r, pleats_frame *f,
                                  const pleats_domain *domain, const hull *h)
{
    const pleats_part *part = &domain->part[0];
    if (pleats_frame_check(ctx, f, domain->n_inputs, part) != PLEATS_OK)
        return "the check calls it wrong";
    if (part->direction || f->empty || !break_frame(r, f) || !is_another(f, h))
        return NULL;
    n_broken++;
    if (pleats_frame_check(ctx, f, domain->n_inputs, part) != PLEATS_INTERNAL)
        return "the check does not see what is wrong";
    return NULL;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    const char *wrong = NULL;
    pleats_ctx *ctx = need_ctx();
    pleats_domain *domain = rng_one_in(&r, 4)
                                ? random_domain(ctx, &r, rng_int(&r, 1, 3))
                                : draw_polytope(ctx, &r);
    const pleats_part *part = &domain->part[0];
    pleats_frame f;
    hull h;
    need_ok(ctx, pleats_frame_init(ctx, &f, domain, part));
    hull_init(&h, part, (size_t)domain->n_inputs);
    if (f.empty != h.is_empty)
        wrong = "whether it is empty";
    else if (!f.empty)
        wrong = frame_is_wrong(&f, &h);
    n_empty += f.empty;
    n_flat += !f.empty && f.k < part->k;
    n_boxed += !f.empty && f.k > 0 && f.boxed[0] && f.m > 0;
    if (!wrong)
        wrong = check_is_wrong(ctx, &r, &f, domain, &h);
    if (wrong)
        fprintf(stderr, "seed %llu, dimension %d: %s\n",
                (unsigned long long)seed, part->k, wrong);
    hull_clear(&h);
    pleats_frame_clear(ctx, &f);
    pleats_domain_clear(ctx, domain);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !wrong;
}

/* A slab that is thinner than what doubles tell apart: the nearest ones are on
 * its side. */
static bool thin_slab_is_right(void)
{
    pleats_ctx *ctx = need_ctx();
    pleats_domain *domain =
        domain_polytope(ctx, 2,
                        "-1 1 0; 1 -1 1/1208925819614629174706176;"
                        "1 0 1; -1 0 1; 0 1 1; 0 -1 1");
    pleats_frame f;
    need_ok(ctx, pleats_frame_init(ctx, &f, domain, &domain->part[0]));
    const char *wrong = inner_point_is_wrong(&f);
    if (wrong)
        fprintf(stderr, "a thin slab: %s\n", wrong);
    pleats_frame_clear(ctx, &f);
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
    return !wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case) + !thin_slab_is_right();
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu compared, %llu boxed, %llu flat, %llu empty, %llu broken\n",
           (unsigned long long)n_compared, (unsigned long long)n_boxed,
           (unsigned long long)n_flat, (unsigned long long)n_empty,
           (unsigned long long)n_broken);
    return failures > 0 ||
           (!is_one_case && (n_compared < 500 || n_boxed < 300 ||
                             n_flat < 100 || n_empty < 100 || n_broken < 300));
}
