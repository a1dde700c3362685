/* Units that keep a piece on a box, as pleats_stable_units says it at every
 * effort, against all regions of random and degenerate networks as the oracle
 * finds them: a unit keeps a piece when, in all regions, that piece gives its
 * value.  No effort contradicts the truth, regions leave nothing open, and the
 * order of coordinates changes nothing of this.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"
#include "unit_truth.h"

#include "pleats/stable.h"

#include <stdlib.h>

enum { CASES = 500, MAX_REGIONS = 40, EFFORTS = 4 };

static const int32_t max_units[] = {0, 12, 10, 8};

static uint64_t n_states[4], n_decided[EFFORTS], n_touching;

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *box;
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
    c->truth = need_memory((size_t)c->net->n_units + 1, sizeof *c->truth);
    if (unit_truth(c->net, c->box, MAX_REGIONS, c->truth, &n_touching)) {
        for (pleats_idx u = 0; u < c->net->n_units; u++)
            n_states[c->truth[u]]++;
        for (int effort = 0; effort < EFFORTS; effort++)
            good = is_true(c, "as it is", c->net, c->box, effort) && good;
        good = check_reversed(c) && good;
    }
    free(c->truth);
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
