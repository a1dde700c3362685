/* Frames in doubles, against the frames: on random parts of their boxes, inputs
 * lie in the intervals and forms that they are said to lie in, and rows are off
 * by no more than they are said to be.  All compared over the rationals.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "need.h"
#include "random_domain.h"
#include "show.h"

#include "base/perturb.h"
#include "optimum/site.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 600, PARTS = 8 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_domain *domain;
    pleats_net net; /* inputs alone */
    pleats_site site;
    double *lo, *hi; /* [k] */
    const char *wrong;
} scene;

/* value = form . (t, 1), t [k] doubles; form [k + 1]. */
static void value_at(mpz_t *form, pleats_idx k, const double *t, mpq_t value)
{
    mpq_t part, coordinate;
    mpq_inits(part, coordinate, NULL);
    mpq_set_z(value, form[k]);
    for (pleats_idx j = 0; j < k; j++) {
        mpq_set_d(coordinate, t[j]);
        mpq_set_z(part, form[j]);
        mpq_mul(part, part, coordinate);
        mpq_add(value, value, part);
    }
    mpq_clears(part, coordinate, NULL);
}

static bool is_within(const mpq_t value, double lo, double hi)
{
    mpq_t end;
    bool is;
    mpq_init(end);
    is = !isnan(lo) && !isnan(hi);
    if (isfinite(lo)) {
        mpq_set_d(end, lo);
        is = is && mpq_cmp(end, value) <= 0;
    }
    if (isfinite(hi)) {
        mpq_set_d(end, hi);
        is = is && mpq_cmp(end, value) >= 0;
    }
    mpq_clear(end);
    return is;
}

/* A part of the box: now and then a very small one, or a point. */
static void choose_part(scene *s, rng *r)
{
    for (pleats_idx j = 0; j < s->site.frame.k; j++) {
        const double middle = ldexp(rng_int(r, -1000, 1000), -10);
        const double width = ldexp(rng_int(r, 0, 1000), -rng_int(r, 10, 50));
        s->lo[j] = fmax(-1, middle - width);
        s->hi[j] = fmin(1, middle + width);
    }
}

/* A point at which the first input is about 0, if there is one: what it is off
 * by is large beside it. */
static void choose_root(scene *s, rng *r)
{
    const pleats_frame *f = &s->site.frame;
    for (pleats_idx j = 0; j < f->k; j++) {
        const double slope = mpz_get_d(f->coordinates.num[j]);
        const double root =
            -mpz_get_d(f->coordinates.num[f->k]) / (slope != 0 ? slope : 1) +
            ldexp(rng_int(r, -8, 8), -52);
        s->lo[j] = s->hi[j] = fmax(-1, fmin(1, j == 0 ? root : 0));
    }
}

/* A corner of the part. */
static void choose_corner(const scene *s, rng *r, double *t)
{
    for (pleats_idx j = 0; j < s->site.frame.k; j++)
        t[j] = rng_one_in(r, 2) ? s->lo[j] : s->hi[j];
}

static void check_inputs(scene *s, const double *t)
{
    const pleats_frame *f = &s->site.frame;
    const pleats_box_part part = {f->k, s->lo, s->hi};
    const size_t n = (size_t)s->net.n_inputs, width = (size_t)f->k + 1;
    pleats_interval *input = need_memory(n, sizeof *input);
    pleats_relaxation relaxed = {0};
    mpq_t value, den;
    mpq_inits(value, den, NULL);
    pleats_site_inputs(&s->site, &part, input);
    need_ok(s->ctx,
            pleats_relaxation_init_within(s->ctx, &relaxed, &s->net,
                                          &s->site.inputs, &part, f->k, false));
    for (size_t i = 0; i < n; i++) {
        const pleats_interval form =
            pleats_relaxation_bounds(&relaxed, (pleats_idx)i);
        value_at(f->coordinates.num + i * width, f->k, t, value);
        mpq_set_z(den, f->coordinates.den);
        mpq_div(value, value, den);
        if (!is_within(value, input[i].lo, input[i].hi))
            s->wrong = "an input is outside its interval";
        if (!is_within(value, form.lo, form.hi))
            s->wrong = "an input is outside its form";
    }
    mpq_clears(value, den, NULL);
    pleats_relaxation_clear(&relaxed);
    free(input);
}

static void check_rows(scene *s, const double *t)
{
    const pleats_frame *f = &s->site.frame;
    const size_t width = (size_t)f->k + 1;
    mpq_t value, scale, stored, part, error;
    mpq_inits(value, scale, stored, part, error, NULL);
    for (size_t i = 0; i < (size_t)f->m; i++) {
        mpz_t *row = f->row + i * width;
        mpz_abs(mpq_numref(scale), row[0]);
        for (size_t c = 1; c < width; c++)
            if (mpz_cmpabs(row[c], mpq_numref(scale)) > 0)
                mpz_abs(mpq_numref(scale), row[c]);
        value_at(row, f->k, t, value);
        mpq_div(value, value, scale);
        mpq_set_d(stored, s->site.row[i * width + width - 1]);
        for (size_t j = 0; j + 1 < width; j++) {
            mpq_set_d(part, s->site.row[i * width + j]);
            mpq_set_d(error, t[j]);
            mpq_mul(part, part, error);
            mpq_add(stored, stored, part);
        }
        mpq_sub(stored, stored, value);
        mpq_abs(stored, stored);
        mpq_set_d(error, s->site.row_error[i]);
        if (mpq_cmp(stored, error) > 0)
            s->wrong = "a row is off by more than its error";
    }
    mpq_clears(value, scale, stored, part, error, NULL);
}

static void check(scene *s, rng *r)
{
    double *t = need_memory((size_t)s->site.frame.k + 1, sizeof *t);
    s->lo = need_memory((size_t)s->site.frame.k + 1, sizeof *t);
    s->hi = need_memory((size_t)s->site.frame.k + 1, sizeof *t);
    for (int i = 0; i < PARTS; i++) {
        if (i % 2)
            choose_part(s, r);
        else
            choose_root(s, r);
        choose_corner(s, r, t);
        check_inputs(s, t);
        check_rows(s, t);
    }
    free(t);
    free(s->lo);
    free(s->hi);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    scene s = {.ctx = need_ctx()};
    const int32_t n_inputs = rng_int(&r, 1, 4);
    pleats_domain *domain = random_domain(s.ctx, &r, n_inputs);
    s.domain = domain;
    s.net = (pleats_net){.n_inputs = n_inputs, .n_scalars = n_inputs};
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        const pleats_status status =
            pleats_site_init(s.ctx, &s.site, &s.net, domain, &domain->part[i]);
        if (status == PLEATS_OK && !s.site.frame.empty)
            check(&s, &r);
        else if (status != PLEATS_OK && status != PLEATS_INVALID)
            need_ok(s.ctx, status);
        pleats_site_clear(s.ctx, &s.site);
    }
    if (s.wrong) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, s.wrong);
        show_domain(stderr, domain);
    }
    pleats_domain_clear(s.ctx, domain);
    pleats_ctx_free(s.ctx);
    return !s.wrong;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
