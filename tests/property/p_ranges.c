/* Which pieces units can have on a box, as the product bounds it, against all
 * regions of random networks as the oracle finds them: no region has a piece
 * that was ruled out, nor a point at which a unit's input (a maximum's value)
 * leaves its bounds; and more effort never says less.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "brute.h"
#include "cases.h"
#include "hull.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "ranges/ranges.h"
#include "show.h"
#include "slack.h"
#include "values.h"

#include <math.h>
#include <stdlib.h>

enum { CASES = 800, MAX_REGIONS = 40, EFFORTS = 3 };

/* Units by input dimension: what the oracle can do in a moment. */
static const int32_t max_units[] = {0, 14, 11, 8};

/* Units that an effort proves stable, over all cases. */
static uint64_t n_stable[EFFORTS], n_truly_stable;

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *box;
    pleats_ranges found[EFFORTS];
    oracle_regions regions;
    forms scalar; /* [n_scalars] in one region */
    FILE *report;
} ranges_case;

/* Sides between simple fractions; one in six has no length. */
static pleats_domain *random_box(pleats_ctx *ctx, rng *r, pleats_idx n)
{
    pleats_domain *box = NULL;
    pleats_part *part = NULL;
    mpq_t lo, length;
    mpq_init(lo);
    mpq_init(length);
    need_ok(ctx, pleats_domain_new(ctx, n, "a box", &box));
    need_ok(ctx, pleats_domain_add_part(ctx, box, n, 0, false, &part));
    for (pleats_idx j = 0; j < n; j++) {
        random_fraction(r, lo);
        random_fraction(r, length);
        if (rng_one_in(r, 6))
            mpq_set_ui(length, 0, 1);
        mpq_abs(length, length);
        pleats_part_set_lo(part, j, lo);
        mpq_add(lo, lo, length);
        pleats_part_set_hi(part, j, lo);
    }
    mpq_clear(lo);
    mpq_clear(length);
    return box;
}

/* Whether sign * form > sign * bound somewhere in the region. */
static bool exceeds(const oracle_region *region, mpq_t *form, int sign,
                    double bound)
{
    forms all;
    mpq_t number;
    bool is_positive;
    if (!isfinite(bound))
        return false;
    forms_init(&all, region->inside.k);
    for (size_t i = 0; i < region->inside.n; i++)
        forms_push(&all, forms_at(&region->inside, i));
    mpq_init(number);
    mpq_t *over = forms_add(&all);
    mpq_set_si(number, sign, 1);
    form_add_multiple(over, number, form, all.k);
    mpq_set_d(number, sign * bound);
    mpq_sub(over[0], over[0], number);
    is_positive = form_is_constant(over, all.k) ? mpq_sgn(over[0]) > 0
                                                : slack_sign(&all, NULL) > 0;
    mpq_clear(number);
    forms_clear(&all);
    return is_positive;
}

/* Whether piece p, which the unit has in the present region, is one that the
 * range allows, or gives the same value there (as at a breakpoint). */
static bool allows(ranges_case *c, const pleats_step *s, pleats_idx i,
                   pleats_idx p, const pleats_range *range)
{
    pleats_idx end = range->first + range->n, other = p;
    size_t k = c->scalar.k;
    mpq_t *value = forms_at(&c->scalar, (size_t)(s->out + i));
    forms kept;
    bool is_same;
    if (s->kind == PLEATS_STEP_PL || range->n == 1)
        other = p < range->first ? range->first : p >= end ? end - 1 : p;
    if (other == p)
        return true;
    forms_init(&kept, k);
    forms_push(&kept, value);
    value_of_unit(s, i, other, &c->scalar);
    is_same = form_is_equal(forms_at(&kept, 0), value, k);
    form_set(value, forms_at(&kept, 0), k);
    forms_clear(&kept);
    return is_same;
}

static bool holds(ranges_case *c, const oracle_region *region,
                  const pleats_step *s, pleats_idx i, int effort)
{
    const pleats_range *range = &c->found[effort].unit[s->first_unit + i];
    pleats_idx p = region->pattern[s->first_unit + i];
    pleats_idx bounded = s->kind == PLEATS_STEP_PL ? s->in[i] : s->out + i;
    mpq_t *form = forms_at(&c->scalar, (size_t)bounded);
    bool good = allows(c, s, i, p, range) &&
                !exceeds(region, form, 1, range->hi) &&
                !exceeds(region, form, -1, range->lo);
    if (!good)
        fprintf(c->report,
                "unit %d, effort %d: piece %d in a region, but pieces %d to "
                "%d, [%.17g, %.17g]\n",
                s->first_unit + i, effort, p, range->first,
                range->first + range->n - 1, range->lo, range->hi);
    return good;
}

static bool region_holds(ranges_case *c, const hull *h,
                         const oracle_region *region)
{
    bool good = true;
    values_of_pattern(c->net, &h->input, region->pattern, &c->scalar);
    for (pleats_idx k = 0; k < c->net->n_steps; k++) {
        const pleats_step *s = &c->net->step[k];
        if (pleats_step_is_affine(s))
            continue;
        for (pleats_idx i = 0; i < s->n_out; i++)
            for (int effort = 0; effort < EFFORTS; effort++)
                good = holds(c, region, s, i, effort) && good;
    }
    forms_clear(&c->scalar);
    return good;
}

/* More effort keeps no piece, candidate or value that less effort rules out. */
static bool is_nested(ranges_case *c)
{
    for (pleats_idx u = 0; u < c->net->n_units; u++)
        for (int effort = 1; effort < EFFORTS; effort++) {
            const pleats_range *a = &c->found[effort - 1].unit[u];
            const pleats_range *b = &c->found[effort].unit[u];
            if (b->n < 1 || b->n > a->n || b->lo < a->lo || b->hi > a->hi) {
                fprintf(c->report, "unit %d: effort %d is worse\n", u, effort);
                return false;
            }
        }
    return true;
}

static void count_stable(const ranges_case *c)
{
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        bool is_stable = true;
        for (size_t i = 1; i < c->regions.n; i++)
            is_stable = is_stable && c->regions.at[i].pattern[u] ==
                                         c->regions.at[0].pattern[u];
        n_truly_stable += is_stable;
        for (int effort = 0; effort < EFFORTS; effort++)
            n_stable[effort] += c->found[effort].unit[u].n == 1;
    }
}

static bool check(ranges_case *c)
{
    bool good = true;
    int dimension = 0;
    hull h;
    for (int effort = 0; effort < EFFORTS; effort++)
        need_ok(c->ctx, pleats_ranges_find(c->ctx, c->net, c->box,
                                           (pleats_ranges_effort)effort,
                                           &c->found[effort]));
    if (oracle_regions_find(c->net, c->box, MAX_REGIONS, &c->regions,
                            &dimension)) {
        hull_init(&h, &c->box->part[0], (size_t)c->net->n_inputs);
        good = is_nested(c) && c->found[0].dimension == dimension;
        for (size_t i = 0; i < c->regions.n; i++)
            good = region_holds(c, &h, &c->regions.at[i]) && good;
        hull_clear(&h);
        count_stable(c);
    }
    oracle_regions_clear(&c->regions);
    for (int effort = 0; effort < EFFORTS; effort++)
        pleats_ranges_clear(c->ctx, &c->found[effort]);
    return good;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    ranges_case c = {.ctx = need_ctx()};
    char *text = NULL;
    size_t length = 0;
    pleats_idx n_inputs = rng_int(&r, 1, 3);
    pleats_idx most = max_units[n_inputs];
    c.net = random_net(c.ctx, &r, n_inputs, rng_int(&r, most / 3, most));
    c.box = random_box(c.ctx, &r, n_inputs);
    c.report = open_memstream(&text, &length);
    fprintf(c.report, "seed %llu\n", (unsigned long long)seed);
    show_net(c.report, c.net);
    show_domain(c.report, c.box);
    bool good = check(&c);
    fclose(c.report);
    if (!good)
        fputs(text, stderr);
    free(text);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.box);
    good = good && pleats_ctx_live_bytes(c.ctx) == 0;
    pleats_ctx_free(c.ctx);
    return good;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("stable units: %llu, proved by effort %llu, %llu, %llu\n",
           (unsigned long long)n_truly_stable, (unsigned long long)n_stable[0],
           (unsigned long long)n_stable[1], (unsigned long long)n_stable[2]);
    if (!is_one_case && (n_stable[0] == 0 || n_stable[1] <= n_stable[0] ||
                         n_stable[2] <= n_stable[1]))
        failures++;
    return failures > 0;
}
