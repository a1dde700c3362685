/* The forms that the product keeps on random networks with random pieces,
 * against the oracle's: the exact ones are equal, so are their differences, and
 * those in doubles, or in two doubles each, are as near as their error bounds
 * say.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "forms/exact_forms.h"
#include "forms/fine.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "show.h"
#include "values.h"

#include <math.h>
#include <stdlib.h>

enum { CASES = 4000, COORDINATES = 3, DIFFERENCES = 4 };

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_coordinates coordinates;
    pleats_idx *piece;
    pleats_forms rounded;
    pleats_exact_forms exact;
    forms known;
} forms_case;

/* Inputs over the coordinates: fractions with one denominator, of all sizes. */
static void draw_coordinates(rng *r, pleats_idx n_inputs, pleats_coordinates *c)
{
    static const unsigned long denominator[] = {1, 3, 1024, 7};
    size_t n = (size_t)n_inputs * (COORDINATES + 1);
    *c = (pleats_coordinates){.n_inputs = n_inputs, .k = COORDINATES};
    c->num = need_memory(n, sizeof *c->num);
    mpz_init_set_ui(c->den, denominator[rng_int(r, 0, 3)]);
    for (size_t i = 0; i < n; i++) {
        mpz_init_set_si(c->num[i], rng_int(r, -9, 9));
        if (rng_one_in(r, 8))
            mpz_mul_2exp(c->num[i], c->num[i], (mp_bitcnt_t)rng_int(r, 1, 900));
    }
}

static void coordinates_clear(pleats_coordinates *c)
{
    for (pleats_idx i = 0; i < c->n_inputs * (c->k + 1); i++)
        mpz_clear(c->num[i]);
    mpz_clear(c->den);
    free(c->num);
}

/* Form i of the product, num [k + 1] / den with the constant last, as one of
 * the oracle's, which have it first. */
static void convert(mpz_t *num, const mpz_t den, mpq_t *out)
{
    for (size_t j = 0; j <= COORDINATES; j++) {
        mpq_set_z(out[j], num[j == 0 ? COORDINATES : j - 1]);
        mpz_set(mpq_denref(out[j]), den);
        mpq_canonicalize(out[j]);
    }
}

/* Whether the sum of |stored - true| over the entries, which bounds the
 * difference at all points of norm 1, is at most `error`; and the magnitude at
 * least the sum of |stored|.  What is stored is entry + low, where low is not
 * NULL.  NaN and infinite bounds promise nothing. */
static bool is_near(const forms_case *c, pleats_idx i, const double *low,
                    double error)
{
    const double *entry = pleats_forms_entry(&c->rounded, i);
    mpq_t *want = forms_at(&c->known, (size_t)i);
    mpq_t sum, size, number;
    bool hold = true;
    if (!isfinite(error) || !isfinite(c->rounded.magnitude[i]))
        return true;
    mpq_init(sum);
    mpq_init(size);
    mpq_init(number);
    for (size_t j = 0; j <= COORDINATES; j++) {
        mpq_set_d(number, entry[j]);
        mpq_sub(number, number, want[j == COORDINATES ? 0 : j + 1]);
        if (low) {
            mpq_t part;
            mpq_init(part);
            mpq_set_d(part, low[j]);
            mpq_add(number, number, part);
            mpq_clear(part);
        }
        mpq_abs(number, number);
        mpq_add(sum, sum, number);
        mpq_set_d(number, fabs(entry[j]));
        mpq_add(size, size, number);
    }
    mpq_set_d(number, error);
    hold = mpq_cmp(sum, number) <= 0;
    mpq_set_d(number, c->rounded.magnitude[i]);
    hold = hold && mpq_cmp(size, number) <= 0;
    mpq_clear(sum);
    mpq_clear(size);
    mpq_clear(number);
    return hold;
}

/* The same of the entries by themselves and, where there are any, with the low
 * parts.  */
static bool bounds_hold(const forms_case *c, pleats_idx i)
{
    const pleats_fine *fine = c->rounded.fine;
    const bool is_fine =
        fine && (c->exact.step[i] < 0 || c->exact.step[i] < fine->n_steps);
    return is_near(c, i, NULL, c->rounded.error[i]) &&
           (!is_fine || is_near(c, i, fine->low + (size_t)i * c->rounded.stride,
                                fine->error[i]));
}

static bool exact_is_equal(forms_case *c, pleats_idx i)
{
    forms got;
    const pleats_quotient *quotient;
    need_ok(c->ctx, pleats_exact_forms_need(c->ctx, &c->exact, i, &quotient));
    forms_init(&got, COORDINATES);
    mpq_t *form = forms_add(&got);
    convert(quotient->num, quotient->den, form);
    bool equal =
        form_is_equal(form, forms_at(&c->known, (size_t)i), COORDINATES);
    forms_clear(&got);
    return equal;
}

/* Whether row [k + 1] is a positive multiple of the oracle's form. */
static bool is_multiple(mpz_t *row, mpq_t *form)
{
    bool good = true;
    mpq_t got, ratio;
    mpq_init(got);
    mpq_init(ratio);
    for (size_t j = 0; j <= COORDINATES; j++) {
        mpq_set_z(got, row[j == 0 ? COORDINATES : j - 1]);
        good = good && mpq_sgn(got) == mpq_sgn(form[j]);
        if (!good || mpq_sgn(got) == 0)
            continue;
        mpq_div(got, got, form[j]);
        good = mpq_sgn(ratio) == 0 || mpq_equal(got, ratio);
        mpq_set(ratio, got);
    }
    mpq_clear(got);
    mpq_clear(ratio);
    return good;
}

/* A random difference of scalars, now and then of a scalar to itself. */
static bool difference_is_right(rng *r, forms_case *c)
{
    const pleats_idx last = c->net->n_scalars - 1;
    const pleats_idx a = rng_int(r, 0, last);
    const pleats_idx b = rng_one_in(r, 2) ? -1 : rng_int(r, 0, last);
    const double at = rng_one_in(r, 2) ? 0 : rng_real(r, 20);
    mpz_t *row = NULL, content;
    mpq_t number;
    forms want;
    forms_init(&want, COORDINATES);
    mpz_init(content);
    mpq_init(number);
    mpq_t *form = forms_add(&want);
    form_set(form, forms_at(&c->known, (size_t)a), COORDINATES);
    mpq_set_si(number, -1, 1);
    if (b >= 0)
        form_add_multiple(form, number, forms_at(&c->known, (size_t)b),
                          COORDINATES);
    mpq_set_d(number, at);
    mpq_sub(form[0], form[0], number);
    need_ok(c->ctx, pleats_integers_new(c->ctx, COORDINATES + 1, &row));
    need_ok(c->ctx,
            pleats_exact_forms_multiple(c->ctx, &c->exact, a, b, at, row));
    bool good = is_multiple(row, form);
    need_ok(c->ctx,
            pleats_exact_forms_difference(c->ctx, &c->exact, a, b, at, row));
    good = good && is_multiple(row, form);
    for (size_t j = 0; j <= COORDINATES; j++)
        mpz_gcd(content, content, row[j]);
    good = good && mpz_cmp_ui(content, 1) <= 0;
    pleats_integers_free(c->ctx, row, COORDINATES + 1);
    mpz_clear(content);
    mpq_clear(number);
    forms_clear(&want);
    return good;
}

/* Units now and then one by one. */
static void run_step(rng *r, forms_case *c, const pleats_step *s)
{
    if (pleats_step_is_affine(s) || rng_one_in(r, 2))
        need_ok(c->ctx, pleats_forms_run(c->ctx, &c->rounded, s, c->piece));
    else
        for (pleats_idx i = s->n_out - 1; i >= 0; i--)
            pleats_forms_run_unit(&c->rounded, s, i,
                                  c->piece[s->first_unit + i]);
}

/* Runs all steps with new random pieces from step `from` on. */
static bool run_steps(rng *r, forms_case *c, pleats_idx from)
{
    bool good = true;
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(c->net), sizeof *scratch);
    for (pleats_idx k = from; k < c->net->n_steps; k++) {
        const pleats_step *s = &c->net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            if (pleats_step_is_affine(s)) {
                value_of_row(s, i, &c->known, scratch);
                continue;
            }
            pleats_idx *piece = &c->piece[s->first_unit + i];
            *piece = rng_int(r, 0, pleats_step_pieces(s, i) - 1);
            value_of_unit(s, i, *piece, &c->known);
        }
        run_step(r, c, s);
    }
    pleats_exact_forms_changed(&c->exact, from);
    for (int i = 0; i < DIFFERENCES; i++)
        good = good && difference_is_right(r, c);
    for (pleats_idx i = 0; i < c->net->n_scalars; i++)
        good = good && bounds_hold(c, i) && exact_is_equal(c, i);
    free(scratch);
    return good;
}

static void case_init(rng *r, forms_case *c)
{
    pleats_idx n_inputs = rng_int(r, 1, 4);
    *c = (forms_case){.ctx = need_ctx()};
    c->net = rng_one_in(r, 8) ? random_wide_conv(c->ctx, r, n_inputs)
                              : random_net(c->ctx, r, n_inputs, 12);
    if (rng_one_in(r, 2))
        change_divisors(r, c->net);
    draw_coordinates(r, n_inputs, &c->coordinates);
    c->piece = need_memory((size_t)c->net->n_units, sizeof *c->piece);
    need_ok(c->ctx,
            pleats_forms_init(c->ctx, &c->rounded, c->net, &c->coordinates));
    if (rng_one_in(r, 2))
        need_ok(c->ctx, pleats_fine_init(c->ctx, &c->rounded, &c->coordinates,
                                         rng_int(r, 1, c->net->n_steps)));
    need_ok(c->ctx, pleats_exact_forms_init(c->ctx, &c->exact, c->net,
                                            &c->coordinates, c->piece));
    forms_init(&c->known, COORDINATES);
    while (c->known.n < (size_t)c->net->n_scalars)
        forms_add(&c->known);
    for (pleats_idx i = 0; i < n_inputs; i++)
        convert(c->coordinates.num + (size_t)i * (COORDINATES + 1),
                c->coordinates.den, forms_at(&c->known, (size_t)i));
}

static bool case_clear(forms_case *c)
{
    forms_clear(&c->known);
    pleats_exact_forms_clear(c->ctx, &c->exact);
    pleats_forms_clear(c->ctx, &c->rounded);
    coordinates_clear(&c->coordinates);
    free(c->piece);
    pleats_net_clear(c->ctx, c->net);
    bool clean = pleats_ctx_live_bytes(c->ctx) == 0;
    pleats_ctx_free(c->ctx);
    return clean;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    forms_case c;
    case_init(&r, &c);
    bool good = run_steps(&r, &c, 0);
    for (int again = 0; again < 3; again++)
        good = good && run_steps(&r, &c, rng_int(&r, 0, c.net->n_steps - 1));
    if (!good) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, c.net);
        for (pleats_idx i = 0; i < c.net->n_scalars; i++)
            if (!bounds_hold(&c, i) || !exact_is_equal(&c, i))
                fprintf(stderr, "s%d is wrong: error %g, magnitude %g\n", i,
                        c.rounded.error[i], c.rounded.magnitude[i]);
    }
    return case_clear(&c) && good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
