/* Units that change on hulls, by the oracle's regions of the hull, of random
 * and degenerate networks: those that are said to do so do, those of which it
 * is not said that they may do not, of the first units both are the same, and a
 * cut tells of all that change on it.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "need.h"
#include "random_net.h"
#include "show.h"
#include "unit_truth.h"

#include "sample/hulls.h"

#include <math.h>
#include <stdlib.h>

enum { CASES = 600, MAX_REGIONS = 60, MOST_INPUTS = 3 };

static const int32_t max_units[] = {0, 14, 10, 7};

static uint64_t n_lower, n_true, n_upper, n_cut, n_known, n_touching;

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_idx k;
    double point[MOST_INPUTS], side[MOST_INPUTS * MOST_INPUTS];
    pleats_unit_state *truth;
    FILE *report;
} hull_case;

/* Short numbers meet breakpoints; now and then sides are tiny or huge. */
static void random_hull(hull_case *c, rng *r)
{
    const numbers kind = (numbers)rng_int(r, 0, NUMBERS_SIGN);
    const int scale = rng_one_in(r, 6) ? 60 * rng_int(r, -1, 0) : 0;
    for (pleats_idx i = 0; i < c->net->n_inputs; i++)
        c->point[i] = rng_one_in(r, 4) ? 0 : random_number(r, kind);
    for (pleats_idx i = 0; i < c->k * c->net->n_inputs; i++)
        c->side[i] = ldexp(random_number(r, kind), scale);
}

/* The hull by its inequalities, one for each choice of signs. */
static pleats_domain *domain_of(const hull_case *c, pleats_idx k)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    const pleats_idx n = c->net->n_inputs;
    need_ok(c->ctx, pleats_domain_new(c->ctx, n, "a hull", &d));
    need_ok(c->ctx, pleats_domain_add_part(c->ctx, d, k, 1 << k, true, &part));
    for (pleats_idx i = 0; i < n; i++)
        mpq_set_d(part->origin[i], c->point[i]);
    for (pleats_idx i = 0; i < k * n; i++)
        mpq_set_d(part->direction[i], c->side[i]);
    for (pleats_idx row = 0; row < 1 << k; row++) {
        for (pleats_idx j = 0; j < k; j++)
            mpq_set_si(part->a[row * k + j], row & (1 << j) ? 1 : -1, 1);
        mpq_set_si(part->b[row], 1, 1);
    }
    return d;
}

/* Whether unit u reads inputs through affine steps alone. */
static bool is_first(const pleats_net *net, pleats_idx u)
{
    pleats_idx first_out = net->n_scalars;
    const pleats_step *own = NULL;
    for (pleats_idx k = net->n_steps - 1; k >= 0; k--) {
        const pleats_step *s = &net->step[k];
        if (pleats_step_is_affine(s))
            continue;
        first_out = s->out;
        if (u >= s->first_unit && u < s->first_unit + s->n_out)
            own = s;
    }
    return own->out == first_out;
}

static bool wrong(hull_case *c, const char *what, pleats_idx u)
{
    fprintf(c->report, "%s: unit %d, in truth %d\n", what, u, c->truth[u]);
    return false;
}

static bool check_units(hull_case *c, const pleats_hull *h)
{
    bool good = true;
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const bool does = c->truth[u] == PLEATS_UNIT_CHANGES;
        n_lower += h->changes[u];
        n_true += does;
        n_upper += h->may_change[u];
        n_known++;
        if (h->changes[u] && !does)
            good = wrong(c, "said to change", u);
        if (does && !h->may_change[u])
            good = wrong(c, "said not to change", u);
        if (is_first(c->net, u) && h->changes[u] != h->may_change[u])
            good = wrong(c, "left open behind affine steps", u);
    }
    return good;
}

/* The cut of a hull of up to two sides is the hull. */
static bool check_cut(hull_case *c, const pleats_hulls *hulls, pleats_hull *h)
{
    bool good = true, is_whole = false;
    need_ok(c->ctx, pleats_hull_cut(c->ctx, hulls, c->point, 0, h, &is_whole));
    if (!is_whole)
        good = wrong(c, "a cut that is not whole", 0);
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const bool does = c->truth[u] == PLEATS_UNIT_CHANGES;
        n_cut += h->cut_changes[u];
        if (h->cut_changes[u] && !does)
            good = wrong(c, "said to change on the cut", u);
        if (c->k <= 2 && does && !h->cut_changes[u])
            good = wrong(c, "said not to change on the cut", u);
    }
    return good;
}

static bool check(hull_case *c)
{
    pleats_hulls hulls = {0};
    pleats_hull h = {0};
    pleats_domain *d = domain_of(c, c->k), *own = NULL;
    bool good = true;
    c->truth = need_memory((size_t)c->net->n_units + 1, sizeof *c->truth);
    /* Sides that are not independent have no cut. */
    const bool has_cut = pleats_hull_section(c->ctx, c->net->n_inputs, c->point,
                                             c->k, c->side, &own) == PLEATS_OK;
    if (unit_truth(c->net, d, MAX_REGIONS, c->truth, &n_touching)) {
        need_ok(c->ctx, pleats_hulls_init(c->ctx, &hulls, c->net, c->k, c->side,
                                          1, c->point));
        need_ok(c->ctx, pleats_hull_init(c->ctx, &h, &hulls));
        need_ok(c->ctx, pleats_hull_look(c->ctx, &hulls, c->point, &h));
        good = check_units(c, &h);
        if (has_cut)
            good = check_cut(c, &hulls, &h) && good;
        pleats_hull_clear(c->ctx, &h);
        pleats_hulls_clear(c->ctx, &hulls);
    }
    free(c->truth);
    pleats_domain_clear(c->ctx, d);
    pleats_domain_clear(c->ctx, own);
    return good;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    hull_case c = {.ctx = need_ctx()};
    char *text = NULL;
    size_t length = 0;
    const pleats_idx n_inputs = rng_int(&r, 1, MOST_INPUTS);
    const pleats_idx most = max_units[n_inputs];
    c.net = random_net(c.ctx, &r, n_inputs, rng_int(&r, most / 3, most));
    c.k = rng_int(&r, 1, n_inputs);
    random_hull(&c, &r);
    c.report = open_memstream(&text, &length);
    fprintf(c.report, "seed %llu, %d sides\n", (unsigned long long)seed, c.k);
    show_net(c.report, c.net);
    bool good = check(&c);
    fclose(c.report);
    if (!good)
        fputs(text, stderr);
    free(text);
    pleats_net_clear(c.ctx, c.net);
    pleats_ctx_free(c.ctx);
    return good;
}

int main(void)
{
    uint64_t failed = failed_cases(CASES, run_case);
    printf("units %llu: certainly changing %llu, in truth %llu, at most %llu; "
           "on cuts %llu; ties %llu\n",
           (unsigned long long)n_known, (unsigned long long)n_lower,
           (unsigned long long)n_true, (unsigned long long)n_upper,
           (unsigned long long)n_cut, (unsigned long long)n_touching);
    return failed > 0;
}
