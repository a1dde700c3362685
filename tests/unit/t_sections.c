/* One cell with many planes: its sections in ranges, by several threads, and
 * stopped. */
#include "unit.h"

#include "base/perturb.h"
#include "cells/walk.h"
#include "count/count.h"
#include "count/work.h"
#include "domains.h"
#include "mlp.h"
#include "pleats/pleats.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>

/* One layer of n random planes in k dimensions. */
static pleats_net *random_planes(pleats_ctx *ctx, pleats_idx k, size_t n)
{
    rng r = {3};
    const size_t size = n * (size_t)(k + 1);
    double *rows = need_memory(size, sizeof *rows);
    for (size_t i = 0; i < size; i++)
        rows[i] = rng_int(&r, -9999, 9999);
    pleats_net *net = arrangement_net(ctx, (pleats_idx)n, k, rows);
    free(rows);
    return net;
}

/* [-1, 1]^k for k up to 4. */
static pleats_domain *box_of(pleats_ctx *ctx, pleats_idx k)
{
    const char *sides = "-1 1 -1 1 -1 1 -1 1";
    return domain_boxes(ctx, k, sides + 5 * (size_t)(4 - k));
}

/* So many planes that a cell's sections are shared. */
static size_t many_planes(pleats_idx k)
{
    return k == 2 ? 300 : k == 3 ? 80 : 20;
}

/* Their regions in [-1, 1]^k; clear tally->regions. */
static void count_on_box(pleats_ctx *ctx, pleats_idx k, size_t n,
                         int32_t threads, pleats_tally *tally)
{
    const pleats_count_task task = {.limits.threads = threads, .eager = true};
    pleats_net *net = random_planes(ctx, k, n);
    pleats_domain *box = box_of(ctx, k);
    *tally = (pleats_tally){0};
    mpz_init(tally->regions);
    need_ok(ctx, pleats_count_regions(ctx, net, box, &task, tally));
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
}

/* The same count, put down again and again, by whatever limits say, and moved
 * to another work each time; clear *regions. */
static int put_down(pleats_ctx *ctx, pleats_idx k, size_t n,
                    const pleats_limits *limits, mpz_t regions)
{
    const pleats_count_task task = {.limits.threads = 2, .eager = true};
    pleats_net *net = random_planes(ctx, k, n);
    pleats_domain *box = box_of(ctx, k);
    pleats_work *work, *next;
    pleats_tally tally = {0};
    int runs = 0;
    mpz_init(tally.regions);
    need_ok(ctx, pleats_work_make(ctx, net, box, &task, &work));
    for (; !pleats_work_is_done(work); runs++) {
        char *text;
        size_t bytes;
        need_ok(ctx, pleats_work_run(ctx, work, runs < 200 ? limits : NULL));
        need_ok(ctx, pleats_work_save(ctx, work, &text, &bytes));
        need_ok(ctx, pleats_work_make(ctx, net, box, &task, &next));
        pleats_work_clear(next);
        need_ok(ctx, pleats_work_add_text(ctx, next, text, bytes));
        pleats_work_text_free(ctx, text);
        pleats_work_free(ctx, work);
        work = next;
    }
    pleats_work_tally(work, &tally);
    mpz_init_set(regions, tally.regions);
    mpz_clear(tally.regions);
    pleats_work_free(ctx, work);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
    return runs;
}

/* Sections that are put down between two of them, and in the middle of one. */
static void sections_are_put_down(void **state)
{
    for (pleats_idx k = 2; k <= 4; k++) {
        const size_t n = many_planes(k);
        pleats_tally alone;
        count_on_box(*state, k, n, 1, &alone);
        for (int how = 0; how < 4; how++) {
            pleats_limits limits;
            mpz_t regions;
            pleats_init_limits(&limits);
            limits.cells = how == 0 ? 2000 : 0;
            limits.seconds = how == 0 ? 0 : 1e-4 * how * how;
            const int runs = put_down(*state, k, n, &limits, regions);
            assert_true(how != 1 || runs > 1);
            assert_true(mpz_cmp(alone.regions, regions) == 0);
            mpz_clear(regions);
        }
        mpz_clear(alone.regions);
    }
}

/* One cell whose regions are counted by sections, which threads share. */
static void sections_are_shared(void **state)
{
    for (pleats_idx k = 2; k <= 4; k++) {
        const size_t n = many_planes(k);
        pleats_tally alone, shared;
        count_on_box(*state, k, n, 1, &alone);
        assert_true(alone.complete && mpz_cmp_ui(alone.regions, 2000) > 0);
        for (int round = 0; round < 8; round++) {
            count_on_box(*state, k, n, 2 + round % 3, &shared);
            assert_true(shared.complete);
            assert_true(mpz_cmp(alone.regions, shared.regions) == 0);
            /* Doubles that are moved are moved otherwise in each thread. */
            assert_true(PLEATS_PERTURB ||
                        alone.by_bounds + alone.by_exact ==
                            shared.by_bounds + shared.by_exact);
            mpz_clear(shared.regions);
        }
        mpz_clear(alone.regions);
    }
}

/* Of a cell whose sections were not all counted those that were are there. */
static void stopped_sections_count(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = random_planes(ctx, 2, 24000);
    pleats_domain *box = box_of(ctx, 2);
    for (int32_t threads = 1; threads <= 2; threads++) {
        const pleats_limits limits = {.seconds = 0.3, .threads = threads};
        pleats_count_result r = {0};
        need_ok(ctx, pleats_count(ctx, net, box, NULL, &limits, &r));
        assert_int_equal(r.label, PLEATS_LOWER);
        assert_int_equal(r.stopped, PLEATS_STOP_TIME);
        assert_true(atol(r.regions) > 1000);
        pleats_count_result_clear(ctx, &r);
    }
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
}

typedef struct {
    uint64_t ticks, last, regions; /* last: the tick that ends it, 0: none */
} stopping;

static void count_tick(void *state, double share, bool *stop)
{
    stopping *s = state;
    (void)share;
    *stop = ++s->ticks == s->last;
}

static pleats_status add_regions(void *state, uint64_t n, double share,
                                 bool *stop)
{
    stopping *s = state;
    (void)share;
    (void)stop;
    s->regions += n;
    return PLEATS_OK;
}

/* A walk that is stopped between two sections is not complete, at whichever. */
static void stopped_between_sections(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = random_planes(ctx, 2, 150);
    pleats_domain *box = box_of(ctx, 2);
    pleats_frame frame = {0};
    pleats_space space = {0};
    pleats_ahead ahead = {0};
    const pleats_task root = {0};
    stopping s = {0};
    uint64_t n_ticks = 1, all = 0;
    need_ok(ctx, pleats_frame_init(ctx, &frame, box, &box->part[0]));
    need_ok(ctx, pleats_ahead_init(ctx, &ahead, net, NULL, false));
    need_ok(ctx, pleats_space_init(ctx, &space, net, &frame,
                                   PLEATS_ENGINE_VERTICES, false));
    for (uint64_t last = 0; last < n_ticks; last++) {
        const pleats_visitor visitor = {
            .regions = add_regions, .tick = count_tick, .state = &s};
        bool complete;
        s = (stopping){.last = last};
        need_ok(ctx,
                pleats_walk(&space, &ahead, &visitor, &root, NULL, &complete));
        assert_true(complete == (last == 0));
        n_ticks = last == 0 ? s.ticks : n_ticks;
        all = last == 0 ? s.regions : all;
        assert_true(last == 0 || s.regions < all);
    }
    assert_true(n_ticks > 70 && all > 500);
    pleats_space_clear(&space);
    pleats_ahead_clear(ctx, &ahead);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
}

/* n planes that touch a ball and cut corners off the box, so that the cell in
 * the middle has more walls than a word has bits; six units behind them. */
static pleats_net *planes_around_a_ball(pleats_ctx *ctx)
{
    const int32_t width[] = {3, 100, 6, 1};
    rng r = {7};
    mlp m;
    mlp_init(&m, 3, width);
    for (int32_t i = 0; i < width[1]; i++) {
        double *w = mlp_row(&m, 0, i), size;
        do {
            for (int j = 0; j < 3; j++)
                w[j] = rng_real(&r, 30);
            size = sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2]);
        } while (size < 0.3 || size > 1);
        m.bias[0][i] = 0.92 * size;
    }
    for (int32_t i = 0; i < width[2]; i++) {
        for (int32_t j = 0; j < width[1]; j++)
            mlp_row(&m, 1, i)[j] = rng_real(&r, 30);
        m.bias[1][i] = rng_real(&r, 30);
    }
    for (int32_t i = 0; i < width[2]; i++)
        mlp_row(&m, 2, 0)[i] = 1;
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

/* Sections of cells with many walls, against cells that are held by
 * programmes. */
static void cells_of_many_walls(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = planes_around_a_ball(ctx);
    pleats_domain *box = box_of(ctx, 3);
    pleats_tally tally[2] = {0};
    for (int i = 0; i < 2; i++) {
        const pleats_count_task task = {.engine = i ? PLEATS_ENGINE_PROGRAMME
                                                    : PLEATS_ENGINE_VERTICES};
        mpz_init(tally[i].regions);
        need_ok(ctx, pleats_count_regions(ctx, net, box, &task, &tally[i]));
    }
    assert_true(mpz_cmp_ui(tally[0].regions, 1000) > 0);
    assert_true(mpz_cmp(tally[0].regions, tally[1].regions) == 0);
    mpz_clear(tally[0].regions);
    mpz_clear(tally[1].regions);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
}

/* Verdicts that n of the planes x = 0, 2 x = 0, x = 1/2 take in the square. */
static uint64_t verdicts_of(pleats_ctx *ctx, pleats_idx n, const char *regions)
{
    const pleats_count_task task = {.limits.threads = 1};
    const double rows[] = {1, 0, 0, 2, 0, 0, 2, 0, -1};
    pleats_net *net = arrangement_net(ctx, n, 2, rows);
    pleats_domain *box = box_of(ctx, 2);
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    need_ok(ctx, pleats_count_regions(ctx, net, box, &task, &tally));
    assert_int_equal(mpz_cmp_ui(tally.regions, strtoul(regions, NULL, 10)), 0);
    mpz_clear(tally.regions);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
    return tally.by_bounds + tally.by_exact;
}

/* The second plane is the first one again, which values alone do not tell: what
 * was asked of it in vain is not counted with the third one, which is asked for
 * itself and of the two before it. */
static void verdicts_in_vain(void **state)
{
    const uint64_t two = verdicts_of(*state, 2, "2");
    assert_int_equal(verdicts_of(*state, 3, "3"), two + 3);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sections_are_shared, ctx),
        cmocka_unit_test_prestate(sections_are_put_down, ctx),
        cmocka_unit_test_prestate(stopped_sections_count, ctx),
        cmocka_unit_test_prestate(stopped_between_sections, ctx),
        cmocka_unit_test_prestate(cells_of_many_walls, ctx),
        cmocka_unit_test_prestate(verdicts_in_vain, ctx),
    };
    return RUN(tests, ctx);
}
