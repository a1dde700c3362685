/* Work that is shared by threads: nothing is lost or done twice, errors and
 * reasons to stop end it, no memory is left. */
#include "meter.h"
#include "unit.h"

#include "cells/walk.h"
#include "count/work.h"
#include "domains.h"
#include "mlp.h"
#include "par/numbered.h"
#include "pleats/pleats.h"
#include "rng.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* A network of two layers of `width` random units on R^n. */
static pleats_net *random_layers(pleats_ctx *ctx, int32_t n, int32_t width)
{
    rng r = {1};
    mlp m;
    mlp_init(&m, 3, (int32_t[]){n, width, width, 1});
    for (int32_t l = 0; l < 3; l++)
        for (int32_t i = 0; i < m.width[l + 1]; i++) {
            m.bias[l][i] = rng_int(&r, -99, 99);
            for (int32_t j = 0; j < m.width[l]; j++)
                mlp_row(&m, l, i)[j] = rng_int(&r, -99, 99);
        }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

static void the_cell_limit_is_exact(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = random_layers(ctx, 3, 9);
    pleats_domain *all = domain_all(ctx, 3);
    for (uint64_t most = 1; most < 600; most += 7) {
        const pleats_count_task task = {.limits.threads = 4,
                                        .eager = true,
                                        .maps = true,
                                        .limits.cells = most};
        pleats_tally tally = {0};
        mpz_init(tally.regions);
        assert_int_equal(pleats_count_regions(ctx, net, all, &task, &tally),
                         PLEATS_OK);
        assert_false(tally.complete);
        assert_int_equal(tally.stopped, PLEATS_STOP_CELLS);
        assert_true(mpz_cmp_ui(tally.regions, most) == 0);
        assert_true(tally.maps >= 1 && tally.maps <= most);
        mpz_clear(tally.regions);
    }
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

static pleats_status count_arrangement(pleats_ctx *ctx, pleats_idx threads,
                                       mpz_t regions)
{
    enum { N = 16, K = 5 };
    double rows[N * (K + 1)];
    rng r = {2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        rows[i] = rng_int(&r, -1, 1);
    const pleats_count_task task = {.limits.threads = threads, .eager = true};
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    pleats_net *net = arrangement_net(ctx, N, K, rows);
    pleats_domain *all = domain_all(ctx, K);
    pleats_status status = pleats_count_regions(ctx, net, all, &task, &tally);
    assert_true(status != PLEATS_OK || tally.complete);
    mpz_set(regions, tally.regions);
    mpz_clear(tally.regions);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    return status;
}

/* One layer on the whole space, which is counted without a walk. */
static void arrangements_are_shared(void **state)
{
    mpz_t alone, shared;
    mpz_init(alone);
    mpz_init(shared);
    assert_int_equal(count_arrangement(*state, 1, alone), PLEATS_OK);
    assert_true(mpz_cmp_ui(alone, 1000) > 0);
    for (int round = 0; round < 20; round++) {
        assert_int_equal(count_arrangement(*state, 2 + round % 3, shared),
                         PLEATS_OK);
        assert_true(mpz_cmp(alone, shared) == 0);
    }
    mpz_clear(alone);
    mpz_clear(shared);
}

typedef struct {
    pleats_ctx *ctx;
    pthread_t caller;
    int reports;
    double share;
} watcher;

static void *cancel(void *state)
{
    const struct timespec moment = {0, 50000000};
    nanosleep(&moment, NULL);
    pleats_ctx_cancel(state);
    return NULL;
}

static void watch(void *state, const pleats_progress *now)
{
    watcher *w = state;
    assert_true(pthread_equal(w->caller, pthread_self()));
    assert_true(now->share >= w->share && now->share <= 1);
    w->share = now->share;
    w->reports++;
}

/* Counts what takes far too long, until it is stopped for `why`. */
static void stop_long_count(pleats_ctx *ctx, const pleats_limits *limits,
                            pleats_stop why)
{
    pleats_net *net = random_layers(ctx, 6, 60);
    pleats_domain *all = domain_all(ctx, 6);
    pleats_count_result result = {0};
    assert_int_equal(pleats_count(ctx, net, all, NULL, limits, &result),
                     PLEATS_OK);
    assert_int_equal(result.label, PLEATS_LOWER);
    assert_int_equal(result.stopped, why);
    assert_true(strtoull(result.regions, NULL, 10) > 0);
    assert_true(result.seconds < 60);
    pleats_count_result_clear(ctx, &result);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

static void cancelled_from_another_thread(void **state)
{
    pleats_ctx *ctx = need_ctx();
    pthread_t other;
    (void)state;
    assert_int_equal(pthread_create(&other, NULL, cancel, ctx), 0);
    stop_long_count(ctx, &(pleats_limits){.threads = 3}, PLEATS_STOP_CANCEL);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
}

static void progress_is_told_by_the_caller(void **state)
{
    watcher w = {.ctx = *state, .caller = pthread_self()};
    const pleats_limits limits = {
        .threads = 3, .seconds = 0.7, .progress = watch, .progress_state = &w};
    stop_long_count(*state, &limits, PLEATS_STOP_TIME);
    assert_true(w.reports >= 1 && w.reports < 8);
}

enum { N_PARTS = 20 };

/* A part that takes 2 ms; the first one of another worker 0.9 s. */
static pleats_status sleep_part(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    atomic_int *done = state; /* [2] of each worker */
    const long ms = worker == 1 && done[1] == 0 ? 900 : 2;
    const struct timespec pause = {.tv_nsec = ms * 1000000};
    (void)ctx;
    (void)number;
    atomic_fetch_add(&done[worker], 1);
    nanosleep(&pause, NULL);
    return PLEATS_OK;
}

/* While the caller has nothing to do, since another worker is slow. */
static void progress_of_numbered_parts(void **state)
{
    watcher w = {.ctx = *state, .caller = pthread_self()};
    const pleats_limits limits = {
        .threads = 2, .progress = watch, .progress_state = &w};
    pleats_team team;
    atomic_int done[2] = {0};
    need_ok(*state, pleats_team_init(*state, &team, &limits));
    need_ok(*state,
            pleats_numbered_run(&team, 0, N_PARTS, sleep_part, done, &limits));
    pleats_team_clear(*state, &team);
    assert_int_equal(done[0] + done[1], N_PARTS);
    assert_true(w.reports >= 2 && w.reports < 8);
    assert_true(w.share > 0);
}

static void thread_numbers_are_checked(void **state)
{
    static const int32_t bad[] = {-1, INT32_MIN, 4097, INT32_MAX};
    pleats_ctx *ctx = *state;
    pleats_net *net = random_layers(ctx, 2, 3);
    pleats_domain *all = domain_all(ctx, 2);
    for (size_t i = 0; i < 4; i++) {
        const pleats_limits limits = {.threads = bad[i]};
        pleats_count_result result = {0};
        assert_int_equal(pleats_count(ctx, net, all, NULL, &limits, &result),
                         PLEATS_INVALID);
        assert_non_null(strstr(pleats_ctx_message(ctx), "threads"));
        pleats_count_result_clear(ctx, &result);
    }
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

/* ---- memory ---- */

static pleats_status count_in(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_domain *domain, bool pieces)
{
    const pleats_count_task task = {
        .pieces = pieces, .limits.threads = 3, .eager = true, .budget = 5};
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    pleats_status status =
        pleats_count_regions(ctx, net, domain, &task, &tally);
    mpz_clear(tally.regions);
    return status;
}

/* Counts while the k-th allocation fails, with `after` all later ones too; how
 * many there were. */
static size_t fail_once(const pleats_net *net, const pleats_domain *domain,
                        bool pieces, size_t k, bool after)
{
    meter m = {.fail_at = k, .fail_after = after};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    pleats_status status = pleats_ctx_new(&a, &ctx);
    if (status == PLEATS_OK) {
        status = count_in(ctx, net, domain, pieces);
        assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
        pleats_ctx_free(ctx);
    }
    assert_int_equal(status, m.calls >= k ? PLEATS_NOMEM : PLEATS_OK);
    assert_false(m.is_unsound);
    assert_int_equal(m.blocks, 0);
    return m.calls;
}

/* Which allocation is the k-th differs from run to run: whoever asks for it,
 * the count fails, and nothing is left.  By a walk, and without one. */
static void every_allocation_may_fail(void **state)
{
    pleats_ctx *made = *state;
    static const double rows[] = {1, 0, 0, 0, 0, 1, 0, 0, 0,  0, 1, 0,
                                  1, 1, 0, 1, 1, 0, 1, 0, -1, 1, 1, 2};
    pleats_net *net[] = {random_layers(made, 2, 5),
                         arrangement_net(made, 6, 3, rows)};
    pleats_domain *domain[] = {domain_boxes(made, 2, "-1/3 1 -1 1"),
                               domain_all(made, 3)};
    for (size_t i = 0; i < 2; i++) {
        size_t calls = SIZE_MAX;
        for (size_t k = 1; k <= calls; k += 1 + k / 32)
            for (int after = 0; after < 2; after++)
                calls = fail_once(net[i], domain[i], i == 0, k, after);
        pleats_domain_clear(made, domain[i]);
        pleats_net_clear(made, net[i]);
    }
}

static void the_memory_limit_holds_for_all(void **state)
{
    pleats_ctx *made = *state;
    pleats_net *net = random_layers(made, 2, 5);
    pleats_domain *box = domain_boxes(made, 2, "-1 1 -1 1");
    for (size_t limit = 1024; limit < 1 << 20; limit += limit / 2) {
        pleats_ctx *ctx = need_ctx();
        pleats_ctx_set_memory_limit(ctx, limit);
        pleats_status status = count_in(ctx, net, box, true);
        const pleats_stop reason = pleats_ctx_limit(ctx);
        assert_true(status == PLEATS_OK || status == PLEATS_LIMIT);
        assert_true(status == PLEATS_OK || reason);
        if (limit <= 4096) /* with a result or without: it was met */
            assert_int_equal(reason, PLEATS_STOP_MEMORY);
        assert_true(pleats_ctx_peak_bytes(ctx) <= limit);
        assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
        pleats_ctx_free(ctx);
    }
    pleats_domain_clear(made, box);
    pleats_net_clear(made, net);
}

/* ---- subtrees that are not there ---- */

static pleats_status ignore_regions(void *state, uint64_t n, double share,
                                    bool *stop)
{
    (void)share;
    (void)stop;
    *(uint64_t *)state += n;
    return PLEATS_OK;
}

static pleats_status ignore_region(void *state, pleats_space *space,
                                   pleats_cell *cell, double share, bool *stop)
{
    (void)space;
    (void)cell;
    return ignore_regions(state, 1, share, stop);
}

typedef struct {
    const pleats_net *net;
    const pleats_frame *frame;
    pleats_ahead ahead;
    pleats_task task;
    uint64_t regions;
} subtree;

static pleats_status walk_subtree(void *state, pleats_crew *crew,
                                  pleats_idx worker, pleats_ctx *ctx,
                                  const pleats_parcel *task, bool *stop)
{
    pleats_status status = PLEATS_OK;
    subtree *t = state;
    pleats_space space = {0};
    const pleats_visitor visitor = {.region = ignore_region,
                                    .state = &t->regions};
    bool complete = false;
    (void)worker;
    (void)task;
    TRY(pleats_space_init(ctx, &space, t->net, t->frame, PLEATS_ENGINE_VERTICES,
                          false));
    TRY(pleats_walk(&space, &t->ahead, &visitor, &t->task, crew, &complete));
done:
    *stop = !complete;
    pleats_space_clear(&space);
    return status;
}

/* Walks the children `path`, -1 at its end, down the tree of a network on all
 * of its inputs. */
static pleats_status walk_path(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_idx *path, uint64_t *regions)
{
    pleats_ctx *contexts[1] = {ctx};
    unsigned char byte = 0;
    const pleats_parcel any = {&byte, 1};
    pleats_frame frame = {0};
    pleats_domain *all = domain_all(ctx, net->n_inputs);
    subtree t = {.net = net, .frame = &frame};
    const pleats_team team = {1, false, contexts};
    const pleats_job job = {&team, &t, walk_subtree, NULL};
    bool complete;
    need_ok(ctx, pleats_frame_init(ctx, &frame, all, &all->part[0]));
    need_ok(ctx, pleats_ahead_init(ctx, &t.ahead, net, NULL, false));
    for (; *path >= 0; path++)
        need_ok(ctx, pleats_task_go(ctx, &t.task, *path));
    pleats_status status = pleats_crew_run(&job, &any, &complete);
    *regions = t.regions;
    pleats_task_clear(ctx, &t.task);
    pleats_ahead_clear(ctx, &t.ahead);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, all);
    return status;
}

/* A path, and what comes of it. */
typedef struct {
    pleats_idx path[4];
    pleats_status status;
    uint64_t regions;
} path_case;

static void check_paths(pleats_ctx *ctx, const pleats_net *net, size_t n,
                        const path_case *cases)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t regions = 0;
        assert_int_equal(walk_path(ctx, net, cases[i].path, &regions),
                         cases[i].status);
        assert_true(regions == cases[i].regions);
    }
}

/* Two lines in the plane. */
static void subtrees(void **state)
{
    static const double rows[] = {1, 0, 0, 0, 1, 0};
    static const path_case cases[] = {{{-1}, PLEATS_OK, 4},
                                      {{0, -1}, PLEATS_OK, 2},
                                      {{1, -1}, PLEATS_OK, 2},
                                      {{1, 0, -1}, PLEATS_OK, 1},
                                      {{2, -1}, PLEATS_INVALID, 0},
                                      {{INT32_MAX, -1}, PLEATS_INVALID, 0},
                                      {{0, 2, -1}, PLEATS_INVALID, 0},
                                      {{1, 1, 0, -1}, PLEATS_INVALID, 0}};
    pleats_net *net = arrangement_net(*state, 2, 2, rows);
    check_paths(*state, net, sizeof cases / sizeof *cases, cases);
    pleats_net_clear(*state, net);
}

/* max(x, -x, -1): the third beats each of the others somewhere, and both of
 * them nowhere, so that it has a cell without a point. */
static void subtrees_of_empty_cells(void **state)
{
    static const path_case cases[] = {{{-1}, PLEATS_OK, 2},
                                      {{0, -1}, PLEATS_OK, 1},
                                      {{1, -1}, PLEATS_OK, 1},
                                      {{2, -1}, PLEATS_OK, 0},
                                      {{2, 0, -1}, PLEATS_INVALID, 0},
                                      {{2, 2, -1}, PLEATS_INVALID, 0}};
    static const double weight[] = {1, -1, 0}, bias[] = {0, 0, -1};
    static const pleats_idx start[] = {0, 3}, x = 0;
    pleats_ctx *ctx = *state;
    pleats_net *net = NULL;
    pleats_idx out = 0;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    need_ok(ctx,
            pleats_net_add_dense(ctx, net, NULL, 3, 1, &x, weight, bias, &out));
    const pleats_idx in[] = {out, out + 1, out + 2};
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, false, 1, start, in, &out));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &out));
    check_paths(ctx, net, sizeof cases / sizeof *cases, cases);
    pleats_net_clear(ctx, net);
}

/* Every limit of memory up to where it no longer matters: a run that it ends
 * leaves what is to be counted, or says that some of it is lost. */
static void memory_ends(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_count_task task = {.limits.threads = 3, .eager = true};
    pleats_net *net = random_layers(ctx, 3, 24);
    pleats_domain *box = domain_boxes(ctx, 3, "-2 2 -2 2 -2 2");
    pleats_tally alone = {0}, tally = {0};
    int n_torn = 0, n_cut = 0;
    mpz_inits(alone.regions, tally.regions, NULL);
    need_ok(ctx, pleats_count_regions(ctx, net, box, &task, &alone));
    for (size_t bytes = 1; bytes < 400000; bytes += bytes / 12 + 1) {
        pleats_work *work;
        pleats_limits limits;
        pleats_init_limits(&limits);
        need_ok(ctx, pleats_work_make(ctx, net, box, &task, &work));
        limits.bytes = pleats_ctx_live_bytes(ctx) + bytes;
        need_ok(ctx, pleats_work_run(ctx, work, &limits));
        n_cut += !pleats_work_is_done(work);
        if (pleats_work_is_whole(work)) {
            need_ok(ctx, pleats_work_run(ctx, work, NULL));
            pleats_work_tally(work, &tally);
            assert_true(tally.complete);
            assert_true(mpz_cmp(tally.regions, alone.regions) == 0);
        } else {
            char *text;
            size_t n;
            n_torn++;
            assert_int_equal(pleats_work_save(ctx, work, &text, &n),
                             PLEATS_LIMIT);
            assert_false(pleats_work_is_done(work));
        }
        pleats_work_free(ctx, work);
    }
    assert_true(n_cut > 10 && n_torn > 0);
    mpz_clears(alone.regions, tally.regions, NULL);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(the_cell_limit_is_exact, ctx),
        cmocka_unit_test_prestate(memory_ends, ctx),
        cmocka_unit_test_prestate(arrangements_are_shared, ctx),
        cmocka_unit_test(cancelled_from_another_thread),
        cmocka_unit_test_prestate(progress_is_told_by_the_caller, ctx),
        cmocka_unit_test_prestate(progress_of_numbered_parts, ctx),
        cmocka_unit_test_prestate(thread_numbers_are_checked, ctx),
        cmocka_unit_test_prestate(every_allocation_may_fail, ctx),
        cmocka_unit_test_prestate(the_memory_limit_holds_for_all, ctx),
        cmocka_unit_test_prestate(subtrees, ctx),
        cmocka_unit_test_prestate(subtrees_of_empty_cells, ctx),
    };
    return RUN(tests, ctx);
}
