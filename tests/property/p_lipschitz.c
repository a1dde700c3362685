/* Lipschitz constants on random networks and domains: they are the largest
 * slopes of all regions, each from its map by a formula of its own; the region
 * that is named has that slope, and the point is in its closure; a search that
 * is cut short says an interval that holds the constant.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "brute.h"
#include "cases.h"
#include "hull.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"
#include "values.h"

#include "pleats/lipschitz.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 1200, MOST_REGIONS = 200, MOST_THREADS = 3, MOST_K = 3 };

static uint64_t n_checked, n_cut_short, n_refused;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    const oracle_regions *truth;
    const hull *space;
    pleats_lipschitz_options o;
    mpq_t slope; /* the largest one; norm 2: its square */
    const char *wrong;
} scene;

/* ---- slopes by formulas ---- */

/* The determinant of a [n x n], whose rows are lent, by its first column. */
static void determinant(mpq_t **a, size_t n, size_t column, mpq_t out)
{
    mpq_t minor, *kept[MOST_K + 1];
    mpq_init(minor);
    mpq_set_ui(out, n == 0, 1);
    for (size_t i = 0; i < n; i++) {
        for (size_t r = 0, to = 0; r < n; r++)
            if (r != i)
                kept[to++] = a[r];
        determinant(kept, n - 1, column + 1, minor);
        mpq_mul(minor, minor, a[i][column]);
        if (i % 2)
            mpq_sub(out, out, minor);
        else
            mpq_add(out, out, minor);
    }
    mpq_clear(minor);
}

/* h G^-1 h = - det (G h; h 0) / det G, G being the products of the directions.
 */
static void square_slope(const hull *space, mpq_t *h, mpq_t out)
{
    const size_t k = space->input.k;
    mpq_t entry[(MOST_K + 1) * (MOST_K + 1)], *row[MOST_K + 1], part, all;
    mpq_inits(part, all, NULL);
    for (size_t i = 0; i < (MOST_K + 1) * (MOST_K + 1); i++)
        mpq_init(entry[i]);
    for (size_t i = 0; i <= k; i++) {
        row[i] = entry + i * (MOST_K + 1);
        for (size_t j = 0; j <= k && !(i == k && j == k); j++) {
            if (i == k || j == k) {
                mpq_set(row[i][j], h[i == k ? j : i]);
                continue;
            }
            for (size_t x = 0; x < space->input.n; x++) {
                mpq_t *form = forms_at(&space->input, x);
                mpq_mul(part, form[i + 1], form[j + 1]);
                mpq_add(row[i][j], row[i][j], part);
            }
        }
    }
    determinant(row, k + 1, 0, part);
    determinant(row, k, 0, all);
    mpq_div(out, part, all);
    mpq_neg(out, out);
    for (size_t i = 0; i < (MOST_K + 1) * (MOST_K + 1); i++)
        mpq_clear(entry[i]);
    mpq_clears(part, all, NULL);
}

/* step = the length, in the norm 1 or inf, of a step of 1 along coordinate j.
 */
static void length_of(const scene *s, size_t j, mpq_t step)
{
    mpq_t entry;
    mpq_init(entry);
    mpq_set_ui(step, 0, 1);
    for (size_t x = 0; x < s->space->input.n; x++) {
        mpq_abs(entry, forms_at(&s->space->input, x)[j + 1]);
        if (s->o.norm == PLEATS_NORM_1)
            mpq_add(step, step, entry);
        else if (mpq_cmp(entry, step) > 0)
            mpq_set(step, entry);
    }
    mpq_clear(entry);
}

/* The slope of a region: rows of |J| for inf, columns for 1. */
static void slope_of(const scene *s, const oracle_region *region, mpq_t out)
{
    const size_t k = region->map.k, m = region->map.n;
    const size_t first = s->o.map ? 0 : (size_t)s->o.output;
    const size_t last = s->o.map ? m : first + 1;
    const bool by_rows = s->o.norm == PLEATS_NORM_INF;
    mpq_t sum, entry, step;
    mpq_inits(sum, entry, step, NULL);
    mpq_set_ui(out, 0, 1);
    if (s->o.norm == PLEATS_NORM_2 && k > 0)
        square_slope(s->space, forms_at(&region->map, first) + 1, out);
    for (size_t a = by_rows ? first : 0;
         s->o.norm != PLEATS_NORM_2 && a < (by_rows ? last : k); a++) {
        mpq_set_ui(sum, 0, 1);
        for (size_t b = by_rows ? 0 : first; b < (by_rows ? k : last); b++) {
            const size_t j = by_rows ? b : a, o = by_rows ? a : b;
            length_of(s, j, step);
            mpq_abs(entry, forms_at(&region->map, o)[j + 1]);
            mpq_div(entry, entry, step);
            mpq_add(sum, sum, entry);
        }
        if (mpq_cmp(sum, out) > 0)
            mpq_set(out, sum);
    }
    mpq_clears(sum, entry, step, NULL);
}

/* Whether each coordinate of the hull moves one input, and no other does. */
static bool is_along_axes(const hull *space)
{
    for (size_t x = 0; x < space->input.n; x++) {
        int moved = 0;
        for (size_t j = 1; j <= space->input.k; j++)
            moved += mpq_sgn(forms_at(&space->input, x)[j]) != 0;
        if (moved > 1)
            return false;
    }
    for (size_t j = 1; j <= space->input.k; j++) {
        int moving = 0;
        for (size_t x = 0; x < space->input.n; x++)
            moving += mpq_sgn(forms_at(&space->input, x)[j]) != 0;
        if (moving != 1)
            return false;
    }
    return true;
}

/* ---- what is said ---- */

static const oracle_region *find_region(const scene *s, const int32_t *pattern)
{
    const size_t bytes = (size_t)s->net->n_units * sizeof *pattern;
    for (size_t i = 0; i < s->truth->n; i++)
        if (bytes == 0 || memcmp(s->truth->at[i].pattern, pattern, bytes) == 0)
            return &s->truth->at[i];
    return NULL;
}

/* All scalars at the point are those that the pattern gives there. */
static bool is_in_closure(const scene *s, const pleats_lipschitz_result *r)
{
    forms point, there, by_pattern;
    bool same = true;
    forms_init(&point, 0);
    forms_init(&there, 0);
    for (pleats_idx i = 0; i < s->net->n_inputs; i++) {
        mpq_t *x = forms_add(&point);
        same = same && mpq_set_str(x[0], r->point[i], 10) == 0;
        mpq_canonicalize(x[0]);
        forms_push(&there, x);
    }
    values_at_point(s->net, &there, NULL);
    values_of_pattern(s->net, &point, r->pattern, &by_pattern);
    for (pleats_idx i = 0; i < s->net->n_scalars; i++)
        same = same && mpq_equal(forms_at(&there, (size_t)i)[0],
                                 forms_at(&by_pattern, (size_t)i)[0]);
    forms_clear(&point);
    forms_clear(&there);
    forms_clear(&by_pattern);
    return same;
}

static void check_region(scene *s, const pleats_lipschitz_result *r)
{
    const oracle_region *region = find_region(s, r->pattern);
    mpq_t said, slope;
    mpq_inits(said, slope, NULL);
    if (mpq_set_str(said, r->value, 10) != 0)
        s->wrong = "the value is no number";
    mpq_canonicalize(said);
    if (!region) {
        s->wrong = "the pattern is none of a region";
    } else {
        slope_of(s, region, slope);
        if (!mpq_equal(slope, said))
            s->wrong = "the region has another slope";
    }
    if (!is_in_closure(s, r))
        s->wrong = "the point is not in its region's closure";
    const int order = mpq_cmp(said, s->slope);
    if (r->label == PLEATS_EXACT ? order != 0 : order > 0)
        s->wrong = "another constant than brute force";
    mpq_clears(said, slope, NULL);
}

/* Whether lower <= the constant <= upper. */
static void check_interval(scene *s, const pleats_lipschitz_result *r)
{
    const bool is_square = s->o.norm == PLEATS_NORM_2;
    mpq_t end;
    mpq_init(end);
    if (!(r->lower >= 0) || isnan(r->upper))
        s->wrong = "an interval that is not one";
    mpq_set_d(end, isfinite(r->lower) ? r->lower : 0);
    if (is_square)
        mpq_mul(end, end, end);
    if (mpq_cmp(end, s->slope) > 0)
        s->wrong = "the constant is below its interval";
    if (isfinite(r->upper)) {
        mpq_set_d(end, r->upper);
        if (is_square)
            mpq_mul(end, end, end);
        if (mpq_cmp(end, s->slope) < 0)
            s->wrong = "the constant is above its interval";
    }
    mpq_clear(end);
}

static void run(scene *s, const pleats_limits *limits)
{
    pleats_lipschitz_result r;
    const pleats_status status =
        pleats_lipschitz_find(s->ctx, s->net, s->domain, &s->o, limits, &r);
    if (status == PLEATS_INVALID && s->o.norm != PLEATS_NORM_2 &&
        s->space->input.k > 1 && !is_along_axes(s->space)) {
        n_refused++;
    } else {
        need_ok(s->ctx, status);
        n_checked++;
        n_cut_short += r.label != PLEATS_EXACT;
        if ((r.label != PLEATS_EXACT) != (r.stopped != PLEATS_STOP_NONE))
            s->wrong = "no reason why it is not exact, or one too much";
        if (limits->cells == 0 && r.label != PLEATS_EXACT)
            s->wrong = "a search to the end is not exact";
        check_interval(s, &r);
        if (r.value)
            check_region(s, &r);
        else if (r.label != PLEATS_NO_LABEL)
            s->wrong = "a label without a value";
    }
    pleats_lipschitz_result_clear(s->ctx, &r);
}

/* Of a map in norm 2 there is an interval: the square of its norm is at least
 * that of any row in any region, and at most the sum of the largest ones. */
static void run_map(scene *s)
{
    pleats_lipschitz_result r;
    mpq_t slope, most, end;
    mpq_inits(slope, most, end, NULL);
    s->o.map = true;
    need_ok(s->ctx,
            pleats_lipschitz_find(s->ctx, s->net, s->domain, &s->o, NULL, &r));
    s->o.map = false;
    for (s->o.output = 0; s->o.output < s->net->n_outputs; s->o.output++) {
        mpq_set_ui(most, 0, 1);
        for (size_t i = 0; i < s->truth->n; i++) {
            slope_of(s, &s->truth->at[i], slope);
            if (mpq_cmp(slope, most) > 0)
                mpq_set(most, slope);
        }
        mpq_set_d(end, isfinite(r.upper) ? r.upper : 0);
        mpq_mul(end, end, end);
        if (isfinite(r.upper) && mpq_cmp(end, most) < 0)
            s->wrong = "a map's constant is below that of an output";
        mpq_set_d(end, isfinite(r.lower) ? r.lower : 0);
        mpq_mul(end, end, end);
        mpq_set(s->slope, mpq_cmp(most, s->slope) > 0 ? most : s->slope);
    }
    if (mpq_cmp(end, s->slope) > 0)
        s->wrong = "a map's lower end is above all outputs";
    mpq_clears(slope, most, end, NULL);
    pleats_lipschitz_result_clear(s->ctx, &r);
}

/* ---- a case ---- */

static void check(scene *s, rng *r)
{
    mpq_t slope;
    mpq_init(slope);
    s->o = (pleats_lipschitz_options){.size = sizeof s->o,
                                      .norm = (pleats_norm)rng_int(r, 0, 2),
                                      .output =
                                          rng_int(r, 0, s->net->n_outputs - 1)};
    s->o.map = s->o.norm != PLEATS_NORM_2 && rng_one_in(r, 2);
    for (size_t i = 0; i < s->truth->n; i++) {
        slope_of(s, &s->truth->at[i], slope);
        if (mpq_cmp(slope, s->slope) > 0)
            mpq_set(s->slope, slope);
    }
    const pleats_limits all = {.threads = rng_int(r, 1, MOST_THREADS)};
    const pleats_limits some = {.threads = rng_int(r, 1, MOST_THREADS),
                                .cells = (uint64_t)rng_int(r, 1, 20)};
    run(s, &all);
    run(s, &some);
    if (s->o.norm == PLEATS_NORM_2 && s->net->n_outputs > 1) {
        mpq_set_ui(s->slope, 0, 1);
        run_map(s);
    }
    mpq_clear(slope);
}

/* Whether the domain is bounded, as the search has it. */
static bool is_bounded(scene *s)
{
    pleats_range_result result;
    const pleats_limits limits = {.cells = 1};
    const pleats_status status =
        pleats_range_find(s->ctx, s->net, s->domain, NULL, &limits, &result);
    pleats_range_result_clear(s->ctx, &result);
    return status == PLEATS_OK;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, MOST_K), dimension;
    pleats_net *net = random_net(ctx, &r, n_inputs, rng_int(&r, 1, 8));
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    oracle_regions truth = {0};
    hull space = {0};
    scene s = {.ctx = ctx,
               .net = net,
               .domain = domain,
               .truth = &truth,
               .space = &space};
    mpq_init(s.slope);
    if (domain->n_parts == 1) {
        hull_init(&space, &domain->part[0], (size_t)n_inputs);
        if (!space.is_empty && space.dimension == space.input.k &&
            oracle_regions_find(net, domain, MOST_REGIONS, &truth,
                                &dimension) &&
            truth.n > 0 && is_bounded(&s))
            check(&s, &r);
        hull_clear(&space);
    }
    if (s.wrong) {
        fprintf(stderr, "seed %llu: %s (norm %s, output %d%s)\n",
                (unsigned long long)seed, s.wrong, pleats_norm_text(s.o.norm),
                s.o.output, s.o.map ? ", map" : "");
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    mpq_clear(s.slope);
    oracle_regions_clear(&truth);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return !s.wrong;
}

int main(void)
{
    static const uint64_t once[] = {1836, 2002};
    uint64_t failed = failed_cases(CASES, run_case) +
                      failed_again(sizeof once / sizeof *once, once, run_case);
    printf("%llu compared, %llu cut short, %llu refused\n",
           (unsigned long long)n_checked, (unsigned long long)n_cut_short,
           (unsigned long long)n_refused);
    if (!failed && n_cases(CASES) == CASES &&
        (n_checked < CASES / 4 || n_cut_short < 20)) {
        fprintf(stderr, "too few cases say anything\n");
        failed = 1;
    }
    return failed > 0;
}
