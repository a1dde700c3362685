/* Regions that are visited on random networks and domains: they are those of
 * brute force, each once; points that are proved to be inside are; maps give
 * the network's values there; whatever the batch, the engine and the threads.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "base/perturb.h"
#include "brute.h"
#include "cases.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"
#include "values.h"

#include "pleats/regions.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 400, MOST_REGIONS = 300, MOST_THREADS = 4 };

static uint64_t n_points,
    n_inside; /* on full-dimensional domains of all cases */

typedef struct {
    const pleats_net *net;
    const pleats_part *part; /* the only one, NULL: not to be checked */
    const oracle_regions *truth;
    bool *is_seen;    /* [truth->n] */
    uint64_t n, most; /* regions seen; after so many no more are asked for */
    bool is_alone;    /* only the caller's thread may call */
    pthread_t caller;
    int32_t batch;
    pthread_mutex_t lock;
    const char *wrong;
} visit;

/* ---- what is said of a region ---- */

static void note_pattern(visit *v, const int32_t *piece)
{
    const size_t units = (size_t)v->net->n_units;
    for (size_t i = 0; i < v->truth->n; i++) {
        if (units &&
            memcmp(v->truth->at[i].pattern, piece, units * sizeof *piece) != 0)
            continue;
        if (v->is_seen[i])
            v->wrong = "a region was visited twice";
        v->is_seen[i] = true;
        return;
    }
    v->wrong = "a region is none of brute force";
}

/* Whether x is in a part in R^n's own coordinates. */
static bool is_in_part(const pleats_part *p, const double *x)
{
    bool is_in = true;
    mpq_t value, term;
    mpq_inits(value, term, NULL);
    for (pleats_idx j = 0; j < p->k && is_in; j++) {
        mpq_set_d(value, x[j]);
        is_in = (!p->has_lo[j] || mpq_cmp(value, p->lo[j]) >= 0) &&
                (!p->has_hi[j] || mpq_cmp(value, p->hi[j]) <= 0);
    }
    for (pleats_idx i = 0; i < p->m && is_in; i++) {
        mpq_set_ui(value, 0, 1);
        for (pleats_idx j = 0; j < p->k; j++) {
            mpq_set_d(term, x[j]);
            mpq_mul(term, term, p->a[i * p->k + j]);
            mpq_add(value, value, term);
        }
        is_in = mpq_cmp(value, p->b[i]) <= 0;
    }
    mpq_clears(value, term, NULL);
    return is_in;
}

/* The exact pattern at x. */
static void find_pattern(const pleats_net *net, const double *x, int32_t *piece)
{
    forms value;
    forms_init(&value, 0);
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        mpq_set_d(forms_add(&value)[0], x[i]);
    values_at_point(net, &value, piece);
    forms_clear(&value);
}

static void check_point(visit *v, const int32_t *piece, const double *x,
                        bool is_inside)
{
    const size_t units = (size_t)v->net->n_units;
    int32_t *there = need_memory(units + 1, sizeof *there);
    const bool is_full = v->part && !v->part->direction;
    n_points += is_full;
    n_inside += is_full && is_inside;
    for (pleats_idx i = 0; i < v->net->n_inputs; i++)
        if (!isfinite(x[i])) {
            if (is_inside)
                v->wrong = "a point inside is not finite";
            free(there);
            return;
        }
    find_pattern(v->net, x, there);
    if (is_inside && units && memcmp(there, piece, units * sizeof *piece) != 0)
        v->wrong = "a point inside has another pattern";
    if (is_inside && is_full && !is_in_part(v->part, x))
        v->wrong = "a point inside is not in the domain";
    free(there);
}

/* The map's values at x are the network's, in doubles, which claim nothing. */
static void check_map(visit *v, const double *x, const double *a,
                      const double *b)
{
    const size_t n = (size_t)v->net->n_inputs, m = (size_t)v->net->n_outputs;
    double *scalar = need_memory((size_t)v->net->n_scalars, sizeof *scalar);
    pleats_ctx *ctx = need_ctx();
    need_ok(ctx, pleats_net_evaluate(ctx, v->net, x, scalar, NULL));
    double largest = 0;
    for (pleats_idx i = 0; i < v->net->n_scalars; i++)
        largest = fmax(largest, fabs(scalar[i]));
    for (size_t o = 0; o < m; o++) {
        double sum = b[o], size = fabs(b[o]) + largest;
        for (size_t i = 0; i < n; i++) {
            sum += a[o * n + i] * x[i];
            size += fabs(a[o * n + i] * x[i]);
        }
        if (!PLEATS_PERTURB && isfinite(size) && size < 1e100 &&
            fabs(sum - scalar[v->net->output[o]]) > 1e-6 * size)
            v->wrong = "a map has other values than the network";
    }
    free(scalar);
    pleats_ctx_free(ctx);
}

static bool on_batch(void *state, const pleats_region_batch *r)
{
    visit *v = state;
    const size_t in = (size_t)r->n_inputs, out = (size_t)r->n_outputs;
    pthread_mutex_lock(&v->lock);
    int32_t *piece = need_memory((size_t)r->n_units + 1, sizeof *piece);
    if (r->n < 1 || r->n > v->batch || r->worker < 0 ||
        r->worker >= MOST_THREADS)
        v->wrong = "a batch of a wrong size, or of no worker";
    if (v->is_alone &&
        (r->worker != 0 || !pthread_equal(pthread_self(), v->caller)))
        v->wrong = "another thread than the caller's";
    for (size_t i = 0; i < (size_t)r->n; i++) {
        const double *x = r->point + i * in;
        pleats_pattern_unpack(v->net, r->pattern + i * (size_t)r->pattern_bytes,
                              piece);
        note_pattern(v, piece);
        check_point(v, piece, x, r->is_inside[i]);
        if (r->is_inside[i])
            check_map(v, x, r->a + i * out * in, r->b + i * out);
    }
    v->n += (uint64_t)r->n;
    const bool goes_on = !v->most || v->n < v->most;
    free(piece);
    pthread_mutex_unlock(&v->lock);
    return goes_on;
}

/* ---- a case ---- */

static void run(visit *v, pleats_ctx *ctx, const pleats_domain *domain,
                const pleats_regions_options *o, int32_t threads)
{
    pleats_regions_result result = {0};
    const pleats_limits limits = {.threads = threads};
    const uint64_t all = v->truth->n;
    memset(v->is_seen, 0, v->truth->n * sizeof *v->is_seen);
    v->n = 0;
    v->batch = o->batch;
    v->is_alone = !o->any_thread;
    v->caller = pthread_self();
    need_ok(ctx, pleats_regions(ctx, v->net, domain, o, &limits, on_batch, v,
                                &result));
    const uint64_t said = strtoull(result.regions, NULL, 10);
    if (said != v->n)
        v->wrong = "another number than was visited";
    if (v->n == all && !v->most &&
        (result.label != PLEATS_EXACT || result.stopped))
        v->wrong = "all were visited and it does not say so";
    if (!v->most && v->n != all)
        v->wrong = "not all were visited";
    if (v->n < all &&
        (result.label != PLEATS_LOWER || result.stopped != PLEATS_STOP_VISITOR))
        v->wrong = "a visitor that stops is not the reason";
    if (v->most && v->is_alone && all > v->most &&
        v->n >= v->most + (uint64_t)v->batch)
        v->wrong = "more than the visitor asked for";
    pleats_regions_result_clear(ctx, &result);
}

static void check(visit *v, pleats_ctx *ctx, rng *r,
                  const pleats_domain *domain)
{
    pleats_regions_options o = {
        .want = PLEATS_REGION_PATTERN | PLEATS_REGION_POINT | PLEATS_REGION_MAP,
        .batch = rng_int(r, 1, 9),
        .any_thread = rng_one_in(r, 2),
        .paranoid = rng_one_in(r, 6),
        .engine = rng_one_in(r, 2) ? PLEATS_COUNT_BY_VERTICES
                                   : PLEATS_COUNT_BY_PROGRAMMES};
    v->most = v->truth->n ? (uint64_t)rng_int(r, 1, (int32_t)v->truth->n) : 1;
    run(v, ctx, domain, &o, rng_int(r, 1, MOST_THREADS));
    v->most = 0; /* with the same context */
    run(v, ctx, domain, &o, rng_int(r, 1, MOST_THREADS));
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 3), dimension;
    pleats_net *net = random_net(ctx, &r, n_inputs, rng_int(&r, 1, 9));
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    oracle_regions truth = {0};
    visit v = {.net = net,
               .part = domain->n_parts == 1 ? &domain->part[0] : NULL,
               .truth = &truth};
    pthread_mutex_init(&v.lock, NULL);
    if (domain->n_parts == 1 &&
        oracle_regions_find(net, domain, MOST_REGIONS, &truth, &dimension)) {
        v.is_seen = need_memory(truth.n + 1, sizeof *v.is_seen);
        check(&v, ctx, &r, domain);
        free(v.is_seen);
    }
    if (v.wrong) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, v.wrong);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    pthread_mutex_destroy(&v.lock);
    oracle_regions_clear(&truth);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return !v.wrong;
}

int main(void)
{
    uint64_t failed = failed_cases(CASES, run_case);
    printf("%llu of %llu points are proved to be inside\n",
           (unsigned long long)n_inside, (unsigned long long)n_points);
    if (!failed && n_inside * 10 < n_points * 8) {
        fprintf(stderr, "too few points are proved to be inside\n");
        failed = 1;
    }
    return failed > 0;
}
