/* Units that are asked early, in the highest cell where all that they read has
 * its piece.
 *
 * First the lists: in random ways down random steps, each unit is listed just
 * where it is ready for the first time.  Then counts: networks in which pools
 * and activations read units directly, overlapping, in ties, twice, from
 * further back, by vertices, by programmes and by exact arithmetic alone,
 * against the oracle's.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "activations.h"
#include "cases.h"
#include "domains.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "regions.h"
#include "show.h"

#include "cells/early.h"
#include "pleats/pleats.h"

#include <stdio.h>
#include <stdlib.h>

enum { CASES = 1500, MOST_REGIONS = 400, MOST_UNITS = 8, MOST_WINDOW = 4 };

typedef struct {
    pleats_ctx *ctx;
    rng *r;
    pleats_net *net;
    pleats_idx now, n_now; /* the scalars made last */
} maker;

static void add_dense(maker *m, pleats_idx width)
{
    double weight[MOST_UNITS * MOST_UNITS], bias[MOST_UNITS];
    pleats_idx in[MOST_UNITS];
    const numbers kind = rng_one_in(m->r, 2) ? NUMBERS_INTEGER : NUMBERS_SHORT;
    for (pleats_idx j = 0; j < m->n_now; j++)
        in[j] = m->now + j;
    random_rows(m->r, kind, rng_one_in(m->r, 3), width, m->n_now, weight, bias);
    need_ok(m->ctx, pleats_net_add_dense(m->ctx, m->net, NULL, width, m->n_now,
                                         in, weight, bias, &m->now));
    m->n_now = width;
}

/* Units of which some may be without breakpoints, or off everywhere. */
static void add_activation(maker *m)
{
    pleats_pl table[N_ACTIVATIONS];
    pleats_idx in[MOST_UNITS], which[MOST_UNITS];
    const bool relu = rng_one_in(m->r, 2);
    for (activation a = 0; a < N_ACTIVATIONS; a++)
        table[a] = *activation_function(a);
    for (pleats_idx i = 0; i < m->n_now; i++) {
        in[i] = m->now + i;
        which[i] = relu ? ACT_RELU : rng_int(m->r, 0, N_ACTIVATIONS - 1);
    }
    need_ok(m->ctx, pleats_net_add_pl(m->ctx, m->net, NULL, m->n_now, in,
                                      N_ACTIVATIONS, table, which, &m->now));
}

/* Windows over the scalars made last; some begin at the same one, read one
 * twice, or an older one. */
static void add_pools(maker *m, pleats_idx n)
{
    pleats_idx start[MOST_UNITS + 1] = {0}, in[MOST_UNITS * MOST_WINDOW];
    for (pleats_idx i = 0; i < n; i++) {
        start[i + 1] = start[i] + rng_int(m->r, 1, MOST_WINDOW);
        for (pleats_idx j = start[i]; j < start[i + 1]; j++)
            in[j] = rng_one_in(m->r, 12)
                        ? rng_int(m->r, 0, m->now + m->n_now - 1)
                        : m->now + rng_int(m->r, 0, m->n_now - 1);
    }
    need_ok(m->ctx,
            pleats_net_add_max(m->ctx, m->net, NULL, rng_one_in(m->r, 4), n,
                               start, in, &m->now));
    m->n_now = n;
}

/* Adds a scalar from anywhere before to each of those made last. */
static void add_residue(maker *m, pleats_idx before)
{
    pleats_idx start[MOST_UNITS + 1] = {0}, in[2 * MOST_UNITS];
    double weight[2 * MOST_UNITS];
    for (pleats_idx i = 0; i < m->n_now; i++) {
        start[i + 1] = 2 * i + 2;
        in[2 * i] = m->now + i;
        in[2 * i + 1] = rng_int(m->r, 0, before - 1);
        weight[2 * i] = 1;
        weight[2 * i + 1] = rng_one_in(m->r, 3) ? -1 : 1;
    }
    need_ok(m->ctx, pleats_net_add_sparse(m->ctx, m->net, NULL, m->n_now, start,
                                          in, weight, NULL, NULL, &m->now));
}

/* Steps of units one directly behind the other, between affine ones. */
static pleats_net *draw_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    maker m = {.ctx = ctx, .r = r, .n_now = n_inputs};
    const pleats_idx width = MOST_UNITS - n_inputs;
    need_ok(ctx, pleats_net_new(ctx, n_inputs, &m.net));
    add_dense(&m, rng_int(r, 3, width));
    if (rng_one_in(r, 4))
        add_pools(&m, rng_int(r, 2, 3));
    else
        add_activation(&m);
    if (rng_one_in(r, 6))
        add_activation(&m);
    if (!rng_one_in(r, 6))
        add_pools(&m, rng_int(r, 2, 4));
    if (rng_one_in(r, 3))
        add_activation(&m);
    else if (rng_one_in(r, 4))
        add_pools(&m, 2);
    const pleats_idx pooled = m.now;
    add_dense(&m, rng_int(r, 1, 3));
    if (rng_one_in(r, 2))
        add_residue(&m, pooled);
    add_activation(&m);
    add_dense(&m, 1);
    need_ok(ctx, pleats_net_set_outputs(ctx, m.net, 1, &m.now));
    return m.net;
}

/* ---- lists ---- */

/* A way down: which units of both steps are open, and which of the second one
 * are listed. */
typedef struct {
    const pleats_step *s, *next;
    bool is_open[MOST_UNITS], is_listed[MOST_UNITS];
} way;

static bool is_ready(const way *w, pleats_idx unit)
{
    const bool is_pl = w->next->kind == PLEATS_STEP_PL;
    pleats_idx j = is_pl ? unit : w->next->start[unit];
    const pleats_idx end = is_pl ? unit + 1 : w->next->start[unit + 1];
    for (; j < end; j++) {
        const pleats_idx i = w->next->in[j] - w->s->out;
        if (i >= 0 && w->is_open[i])
            return false;
    }
    return true;
}

/* Whether the list is what it was, of which the caller dropped some, with the
 * units that are ready for the first time, in order. */
static bool is_right(way *w, const pleats_open_unit *list, size_t n)
{
    bool good = true, is_there[MOST_UNITS] = {false};
    for (size_t i = 0; i < n; i++) {
        good = good && (i == 0 || list[i - 1].unit < list[i].unit) &&
               is_ready(w, list[i].unit);
        is_there[list[i].unit] = true;
    }
    for (pleats_idx i = 0; i < w->next->n_out; i++) {
        const bool is_first = is_ready(w, i) && !w->is_listed[i];
        good = good && (!is_first || is_there[i]);
        w->is_listed[i] = w->is_listed[i] || is_first;
    }
    return good;
}

static bool go_down(pleats_ctx *ctx, rng *r, const pleats_readers *readers,
                    const pleats_step *s, pleats_early *early)
{
    way w = {.s = s, .next = readers->next};
    pleats_open_unit open[MOST_UNITS];
    size_t n_open = 0, n = 0, dropped = 0;
    bool good = true;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        w.is_open[i] = rng_one_in(r, 2);
        if (w.is_open[i])
            open[n_open++] = pleats_open_unit_of(s, i);
    }
    for (bool is_new = true;; is_new = false) {
        const size_t old = n;
        need_ok(ctx, pleats_early_list(ctx, early, readers, is_new, open,
                                       n_open, 0, &n));
        good = good && n >= old && is_right(&w, early->open, n);
        if (n_open == 0)
            break;
        for (size_t i = n; i > 0; i--)
            if (rng_one_in(r, 3)) {
                for (size_t j = i; j < n; j++)
                    early->open[j - 1] = early->open[j];
                n--;
                dropped++;
            }
        for (size_t i = n_open; i > 0; i--)
            if (rng_one_in(r, 2)) {
                need_ok(ctx, pleats_early_note(ctx, early, open[i - 1].unit));
                w.is_open[open[i - 1].unit] = false;
                for (size_t j = i; j < n_open; j++)
                    open[j - 1] = open[j];
                n_open--;
            }
    }
    return good && n + dropped == (size_t)w.next->n_out;
}

static bool check_lists(pleats_ctx *ctx, rng *r, const pleats_net *net)
{
    bool good = true;
    pleats_early early;
    need_ok(ctx, pleats_early_init(ctx, &early, net));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        pleats_readers readers = {0};
        if (pleats_step_is_affine(&net->step[i]))
            continue;
        need_ok(ctx, pleats_readers_init(ctx, &readers, net, i));
        for (int times = 0; readers.next && times < 8; times++)
            good = good && go_down(ctx, r, &readers, &net->step[i], &early);
        pleats_readers_clear(ctx, &readers);
    }
    pleats_early_clear(ctx, &early);
    if (!good)
        fprintf(stderr, "lists are wrong\n");
    return good;
}

/* ---- counts ---- */

static bool check_count(pleats_ctx *ctx, const pleats_net *net,
                        const pleats_domain *domain, uint64_t want,
                        pleats_count_options options)
{
    pleats_count_result got = {0};
    need_ok(ctx, pleats_count(ctx, net, domain, &options, NULL, &got));
    const bool good = strtoull(got.regions, NULL, 10) == want;
    if (!good)
        fprintf(stderr, "engine %d%s%s: %s regions, not %llu\n", options.engine,
                options.paranoid ? ", exactly" : "",
                options.maps ? ", with maps" : "", got.regions,
                (unsigned long long)want);
    pleats_count_result_clear(ctx, &got);
    return good;
}

static bool check_counts(pleats_ctx *ctx, const pleats_net *net,
                         const pleats_domain *domain)
{
    static const pleats_count_engine engine[] = {PLEATS_COUNT_BY_VERTICES,
                                                 PLEATS_COUNT_BY_PROGRAMMES};
    const region_count known =
        count_regions(net, &domain->part[0], MOST_REGIONS, 1);
    bool good = true;
    if (!known.is_complete)
        return true;
    for (int e = 0; e < 2; e++)
        for (int how = 0; how < 3; how++)
            good = check_count(ctx, net, domain, known.regions,
                               (pleats_count_options){.engine = engine[e],
                                                      .paranoid = how == 1,
                                                      .maps = how == 2}) &&
                   good;
    return good;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    const pleats_idx n_inputs = rng_int(&r, 1, 3);
    pleats_net *net = draw_net(ctx, &r, n_inputs);
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    while (domain->n_parts != 1) {
        pleats_domain_clear(ctx, domain);
        domain = random_domain(ctx, &r, n_inputs);
    }
    bool good = check_counts(ctx, net, domain);
    good = check_lists(ctx, &r, net) && good;
    if (!good || number_from_environment("PLEATS_TEST_SEED", 0)) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
