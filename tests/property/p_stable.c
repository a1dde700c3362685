/* Units that keep a piece on a box, as pleats_stable_units says it at every
 * effort, against all regions of random and degenerate networks as the oracle
 * finds them: a unit keeps a piece when, in all regions, that piece gives its
 * value.  No effort contradicts the truth, regions leave nothing open, and the
 * order of coordinates changes nothing of this.
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

#include "pleats/stable.h"

#include <stdlib.h>

enum { CASES = 500, MAX_REGIONS = 40, EFFORTS = 4 };

static const int32_t max_units[] = {0, 12, 10, 8};

static uint64_t n_states[4], n_decided[EFFORTS], n_touching;

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *box;
    oracle_regions regions;
    forms scalar; /* [n_scalars] in one region */
    bool **gives; /* [n_units][pieces] in all regions so far */
    pleats_unit_state *truth;
    FILE *report;
} stable_case;

/* Sides between simple fractions, often at 0 and now and then without
 * length: where units without biases only touch their breakpoints. */
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
        mpq_abs(length, length);
        if (rng_one_in(r, 3))
            mpq_set_ui(lo, 0, 1);
        else if (rng_one_in(r, 3))
            mpq_neg(lo, length);
        if (rng_one_in(r, 8))
            mpq_set_ui(length, 0, 1);
        pleats_part_set_lo(part, j, lo);
        mpq_add(lo, lo, length);
        pleats_part_set_hi(part, j, lo);
    }
    mpq_clear(lo);
    mpq_clear(length);
    return box;
}

static pleats_idx pieces_of(const pleats_net *net, pleats_idx unit,
                            const pleats_step **step)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && unit >= s->first_unit &&
            unit < s->first_unit + s->n_out) {
            *step = s;
            return pleats_step_pieces(s, unit - s->first_unit);
        }
    }
    abort();
}

/* Whether piece p gives what the unit is in the region, where it has `piece`:
 * its values are the same, and p is no farther from `piece` than the breakpoint
 * at which the input stays. */
static bool gives(stable_case *c, const pleats_step *s, pleats_idx i,
                  pleats_idx piece, pleats_idx p)
{
    const size_t k = c->scalar.k;
    mpq_t *value = forms_at(&c->scalar, (size_t)(s->out + i));
    forms kept;
    if (p == piece)
        return true;
    if (s->kind == PLEATS_STEP_PL && p != piece + 1)
        return false;
    forms_init(&kept, k);
    forms_push(&kept, value);
    value_of_unit(s, i, p, &c->scalar);
    bool same = form_is_equal(forms_at(&kept, 0), value, k);
    form_set(value, forms_at(&kept, 0), k);
    forms_clear(&kept);
    n_touching += same;
    return same;
}

static void take_region(stable_case *c, const hull *h,
                        const oracle_region *region)
{
    values_of_pattern(c->net, &h->input, region->pattern, &c->scalar);
    for (pleats_idx k = 0; k < c->net->n_steps; k++) {
        const pleats_step *s = &c->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            const pleats_idx unit = s->first_unit + i;
            for (pleats_idx p = 0; p < pleats_step_pieces(s, i); p++)
                c->gives[unit][p] = c->gives[unit][p] &&
                                    gives(c, s, i, region->pattern[unit], p);
        }
    }
    forms_clear(&c->scalar);
}

static void find_truth(stable_case *c)
{
    hull h;
    const size_t n = (size_t)c->net->n_units;
    c->gives = need_memory(n + 1, sizeof *c->gives);
    c->truth = need_memory(n + 1, sizeof *c->truth);
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const pleats_step *s = NULL;
        pleats_idx pieces = pieces_of(c->net, u, &s);
        c->gives[u] = need_memory((size_t)pieces, sizeof **c->gives);
        for (pleats_idx p = 0; p < pieces; p++)
            c->gives[u][p] = true;
    }
    hull_init(&h, &c->box->part[0], (size_t)c->net->n_inputs);
    for (size_t i = 0; i < c->regions.n; i++)
        take_region(c, &h, &c->regions.at[i]);
    hull_clear(&h);
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const pleats_step *s = NULL;
        pleats_idx pieces = pieces_of(c->net, u, &s);
        c->truth[u] = PLEATS_UNIT_CHANGES;
        for (pleats_idx p = 0; p < pieces; p++) {
            if (!c->gives[u][p] || c->truth[u] == PLEATS_UNIT_OFF)
                continue;
            bool flat =
                s->kind == PLEATS_STEP_PL &&
                pleats_step_function(s, u - s->first_unit)->slope[p] == 0;
            c->truth[u] = flat ? PLEATS_UNIT_OFF : PLEATS_UNIT_ON;
        }
        n_states[c->truth[u]]++;
        free(c->gives[u]);
    }
    free(c->gives);
}

/* Whether what is said of `net` on `box` at an effort is the truth; of the
 * regions, all of it. */
static bool is_true(stable_case *c, const char *what, pleats_net *net,
                    pleats_domain *box, int effort)
{
    const pleats_stable_options options = {
        .effort = (pleats_stable_effort)(PLEATS_STABLE_BY_INTERVALS + effort)};
    pleats_stable_result r;
    bool good = true;
    need_ok(c->ctx, pleats_stable_units(c->ctx, net, box, &options, NULL, &r));
    for (pleats_idx u = 0; u < net->n_units; u++) {
        const bool open = r.state[u] == PLEATS_UNIT_UNDECIDED;
        n_decided[effort] += !open;
        if (r.state[u] == c->truth[u] || (open && effort + 1 < EFFORTS))
            continue;
        good = false;
        fprintf(c->report, "%s: unit %d is %d at effort %d, in truth %d\n",
                what, u, (int)r.state[u], effort, (int)c->truth[u]);
    }
    pleats_stable_result_clear(c->ctx, &r);
    return good;
}

/* The rows of the first affine step, and with them the sides of the box, with
 * their coordinates the other way round. */
static bool check_reversed(stable_case *c)
{
    pleats_step *s = &c->net->step[0];
    const pleats_idx n = c->net->n_inputs;
    const pleats_part *from = &c->box->part[0];
    pleats_domain *box = NULL;
    pleats_part *part = NULL;
    for (pleats_idx i = 0; i < c->net->n_steps; i++) {
        s = &c->net->step[i];
        for (pleats_idx j = 0; j < s->n_in; j++)
            if (s->in[j] >= 0 && s->in[j] < n)
                s->in[j] = n - 1 - s->in[j];
    }
    need_ok(c->ctx, pleats_domain_new(c->ctx, n, "reversed", &box));
    need_ok(c->ctx, pleats_domain_add_part(c->ctx, box, n, 0, false, &part));
    for (pleats_idx j = 0; j < n; j++) {
        pleats_part_set_lo(part, j, from->lo[n - 1 - j]);
        pleats_part_set_hi(part, j, from->hi[n - 1 - j]);
    }
    bool good = true;
    for (int effort = 0; effort < EFFORTS; effort++)
        good = is_true(c, "reversed", c->net, box, effort) && good;
    pleats_domain_clear(c->ctx, box);
    return good;
}

static bool check(stable_case *c)
{
    bool good = true;
    int dimension = 0;
    if (oracle_regions_find(c->net, c->box, MAX_REGIONS, &c->regions,
                            &dimension)) {
        find_truth(c);
        for (int effort = 0; effort < EFFORTS; effort++)
            good = is_true(c, "as it is", c->net, c->box, effort) && good;
        good = check_reversed(c) && good;
        free(c->truth);
    }
    oracle_regions_clear(&c->regions);
    return good;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    stable_case c = {.ctx = need_ctx()};
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
    pleats_ctx_free(c.ctx);
    return good;
}

int main(void)
{
    uint64_t failed = failed_cases(CASES, run_case);
    printf("units off %llu, on %llu, changing %llu; ties %llu; decided by "
           "effort %llu %llu %llu %llu\n",
           (unsigned long long)n_states[0], (unsigned long long)n_states[1],
           (unsigned long long)n_states[2], (unsigned long long)n_touching,
           (unsigned long long)n_decided[0], (unsigned long long)n_decided[1],
           (unsigned long long)n_decided[2], (unsigned long long)n_decided[3]);
    return failed > 0;
}
