/* Extreme values on random networks and domains: they are those of all corners
 * of all regions; the network has them at their points; these are in the
 * closure of their regions, which brute force has, too; and a search that is
 * cut short says an interval that holds them.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "extremes.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"
#include "values.h"

#include "pleats/range.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1200, MOST_REGIONS = 300, MOST_THREADS = 3 };

static uint64_t n_checked, n_unbounded, n_cut_short;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    const oracle_regions *truth;
    const char **direction; /* [n_outputs] texts */
    mpq_t *weight;          /* [n_outputs] the same */
    mpq_t least, largest;
    const char *wrong;
} scene;

static void set_text(mpq_t q, const char *text)
{
    if (mpq_set_str(q, text, 10) != 0)
        abort();
    mpq_canonicalize(q);
}

/* ---- what is said of one extreme ---- */

static bool is_region(const scene *s, const int32_t *pattern)
{
    const size_t bytes = (size_t)s->net->n_units * sizeof *pattern;
    for (size_t i = 0; i < s->truth->n; i++)
        if (bytes == 0 || memcmp(s->truth->at[i].pattern, pattern, bytes) == 0)
            return true;
    return false;
}

/* All scalars at a point are those that the pattern gives there, so that the
 * point is in the closed region. */
static bool is_in_closure(const pleats_net *net, const forms *point,
                          const int32_t *pattern, mpq_t *weight, mpq_t value)
{
    forms there, by_pattern;
    mpq_t part;
    bool same = true;
    mpq_init(part);
    forms_init(&there, 0);
    for (size_t i = 0; i < point->n; i++)
        forms_push(&there, forms_at(point, i));
    values_at_point(net, &there, NULL);
    values_of_pattern(net, point, pattern, &by_pattern);
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        same = same && mpq_equal(forms_at(&there, (size_t)i)[0],
                                 forms_at(&by_pattern, (size_t)i)[0]);
    mpq_set_ui(value, 0, 1);
    for (pleats_idx j = 0; j < net->n_outputs; j++) {
        mpq_mul(part, weight[j], forms_at(&there, (size_t)net->output[j])[0]);
        mpq_add(value, value, part);
    }
    forms_clear(&there);
    forms_clear(&by_pattern);
    mpq_clear(part);
    return same;
}

static void check_point(scene *s, const pleats_extreme *e, mpq_t value)
{
    forms point;
    mpq_t there;
    mpq_init(there);
    forms_init(&point, 0);
    for (pleats_idx i = 0; i < s->net->n_inputs; i++) {
        mpq_t *x = forms_add(&point);
        set_text(x[0], e->point[i]);
        if (fabs(mpq_get_d(x[0]) - e->input[i]) > 1e-15 * fabs(e->input[i]))
            s->wrong = "a rounded point is another one";
    }
    if (!is_region(s, e->pattern))
        s->wrong = "the pattern is none of a region";
    if (!is_in_closure(s->net, &point, e->pattern, s->weight, there))
        s->wrong = "the point is not in its region's closure";
    if (!mpq_equal(there, value))
        s->wrong = "the network has another value at the point";
    forms_clear(&point);
    mpq_clear(there);
}

static void check_interval(scene *s, const pleats_extreme *e, mpq_t truth)
{
    mpq_t end;
    mpq_init(end);
    if (isnan(e->lower) || isnan(e->upper))
        s->wrong = "an interval that is not one";
    if (isfinite(e->lower)) {
        mpq_set_d(end, e->lower);
        if (mpq_cmp(end, truth) > 0)
            s->wrong = "the value is below its interval";
    }
    if (isfinite(e->upper)) {
        mpq_set_d(end, e->upper);
        if (mpq_cmp(end, truth) < 0)
            s->wrong = "the value is above its interval";
    }
    mpq_clear(end);
}

/* side: -1 the least value, 1 the largest one. */
static void check_extreme(scene *s, const pleats_extreme *e, mpq_t truth,
                          int side, bool is_cut_short)
{
    mpq_t value;
    mpq_init(value);
    if (!is_cut_short && (e->label != PLEATS_EXACT || e->stopped))
        s->wrong = "a search to the end is not exact";
    if (e->label != PLEATS_EXACT && !e->stopped)
        s->wrong = "no reason why it is not exact";
    check_interval(s, e, truth);
    if (e->value) {
        set_text(value, e->value);
        check_point(s, e, value);
        const int order = mpq_cmp(value, truth);
        if (e->label == PLEATS_EXACT ? order != 0 : order * side > 0)
            s->wrong = "another value than brute force";
        n_cut_short += e->label != PLEATS_EXACT;
    } else if (e->label != PLEATS_NO_LABEL) {
        s->wrong = "a label without a value";
    }
    mpq_clear(value);
}

/* ---- a case ---- */

static void run(scene *s, const pleats_limits *limits)
{
    pleats_range_result result;
    pleats_range_options o = {.size = sizeof o,
                              .direction = pleats_texts(s->direction)};
    need_ok(s->ctx,
            pleats_range_find(s->ctx, s->net, s->domain, &o, limits, &result));
    if (result.is_empty) {
        s->wrong = "the domain is said to be empty";
    } else {
        check_extreme(s, &result.least, s->least, -1, limits->cells > 0);
        check_extreme(s, &result.largest, s->largest, 1, limits->cells > 0);
    }
    pleats_range_result_clear(s->ctx, &result);
}

/* A domain with an unbounded region is refused; an empty one has no values. */
static void run_without_truth(scene *s)
{
    pleats_range_result result;
    const pleats_status status =
        pleats_range_find(s->ctx, s->net, s->domain, NULL, NULL, &result);
    if (s->truth->n == 0 ? status != PLEATS_OK || !result.is_empty
                         : status != PLEATS_INVALID)
        s->wrong = "an unbounded or empty domain is not said to be one";
    n_unbounded += status == PLEATS_INVALID;
    pleats_range_result_clear(s->ctx, &result);
}

static void choose_direction(scene *s, rng *r)
{
    const size_t m = (size_t)s->net->n_outputs;
    s->direction = need_memory(m, sizeof *s->direction);
    s->weight = need_memory(m, sizeof *s->weight);
    for (size_t j = 0; j < m; j++) {
        char text[64];
        mpq_init(s->weight[j]);
        if (rng_one_in(r, 2))
            mpq_set_si(s->weight[j], rng_int(r, -2, 2), 1);
        else
            random_fraction(r, s->weight[j]);
        const size_t digits = mpz_sizeinbase(mpq_numref(s->weight[j]), 10) +
                              mpz_sizeinbase(mpq_denref(s->weight[j]), 10);
        char *copy = need_memory(digits + sizeof text, 1);
        mpq_get_str(copy, 10, s->weight[j]);
        s->direction[j] = copy;
    }
}

static void clear_direction(scene *s)
{
    for (pleats_idx j = 0; j < s->net->n_outputs; j++) {
        free((char *)s->direction[j]);
        mpq_clear(s->weight[j]);
    }
    free(s->direction);
    free(s->weight);
}

static void check(scene *s, rng *r)
{
    choose_direction(s, r);
    if (!oracle_extremes(s->truth, s->weight, s->least, s->largest)) {
        run_without_truth(s);
    } else {
        const pleats_limits all = {.threads = rng_int(r, 1, MOST_THREADS)};
        const pleats_limits some = {.threads = rng_int(r, 1, MOST_THREADS),
                                    .cells = (uint64_t)rng_int(r, 1, 20)};
        n_checked++;
        run(s, &all);
        run(s, &some);
    }
    clear_direction(s);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 3), dimension;
    pleats_net *net = random_net(ctx, &r, n_inputs, rng_int(&r, 1, 9));
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    oracle_regions truth = {0};
    scene s = {.ctx = ctx, .net = net, .domain = domain, .truth = &truth};
    mpq_inits(s.least, s.largest, NULL);
    if (domain->n_parts == 1 &&
        oracle_regions_find(net, domain, MOST_REGIONS, &truth, &dimension))
        check(&s, &r);
    if (s.wrong) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, s.wrong);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    mpq_clears(s.least, s.largest, NULL);
    oracle_regions_clear(&truth);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return !s.wrong;
}

int main(void)
{
    static const uint64_t once[] = {5445, 23722};
    uint64_t failed = failed_cases(CASES, run_case) +
                      failed_again(sizeof once / sizeof *once, once, run_case);
    printf("%llu compared, %llu cut short, %llu refused\n",
           (unsigned long long)n_checked, (unsigned long long)n_cut_short,
           (unsigned long long)n_unbounded);
    if (!failed && n_cases(CASES) == CASES &&
        (n_checked < CASES / 4 || n_cut_short < 20)) {
        fprintf(stderr, "too few cases say anything\n");
        failed = 1;
    }
    return failed > 0;
}
