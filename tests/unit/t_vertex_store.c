/* The store of vertices: which crossings are one, what is kept of them, and
 * that it forgets. */
#include "unit.h"

#include "cells/vertex_store.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>

enum { WIDTH = 4, MANY = 60000 };

static pleats_vertex_id cross(pleats_ctx *ctx, pleats_vertex_store *store,
                              pleats_vertex_id p, pleats_vertex_id q,
                              pleats_hyperplane plane)
{
    need_ok(ctx, pleats_vertex_store_begin(ctx, store, WIDTH));
    pleats_vertex_store_expect(store, p, q, plane);
    return pleats_vertex_store_cross(store, p, q, plane);
}

/* Doubles that say which vertex they are of. */
static void put(pleats_vertex_store *store, pleats_vertex_id id, double error)
{
    double point[2 * WIDTH] = {0};
    for (size_t j = 0; j < WIDTH; j++)
        point[2 * j] = (double)id + (double)j / 8;
    pleats_vertex_store_put(store, id, point, 2, error);
}

/* Whether the store has something of the vertex below `error`; it must be what
 * was put there, and known up to `known`. */
static bool has(const pleats_vertex_store *store, pleats_vertex_id id,
                double error, double known)
{
    const double *x = pleats_vertex_store_get(store, id, &error);
    for (size_t j = 0; x && j < WIDTH; j++)
        assert_true(x[j] == (double)id + (double)j / 8);
    assert_true(!x || error == known);
    return x;
}

/* A crossing is known by the ends of its edge and by all that a plane is. */
static void crossings_are_told_apart(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_vertex_store store = {0};
    const pleats_vertex_id p = pleats_vertex_store_new(&store),
                           q = pleats_vertex_store_new(&store),
                           r = pleats_vertex_store_new(&store);
    const struct {
        pleats_vertex_id p, q;
        pleats_hyperplane plane;
    } of[] = {{p, q, {0, -1, 0}}, {q, p, {0, -1, 0}}, {p, r, {0, -1, 0}},
              {r, q, {0, -1, 0}}, {p, q, {1, -1, 0}}, {p, q, {0, 1, 0}},
              {p, q, {0, 2, 0}},  {p, q, {0, -1, 1}}, {p, q, {0, -1, 2}}};
    enum { N = sizeof of / sizeof of[0] };
    assert_true(p != 0 && q != 0 && p != q && r != p && r != q);
    for (size_t i = 0; i < N; i++) {
        const pleats_vertex_id one =
            cross(ctx, &store, of[i].p, of[i].q, of[i].plane);
        assert_true(one == cross(ctx, &store, of[i].p, of[i].q, of[i].plane));
        for (size_t j = 0; j < N; j++) {
            const pleats_vertex_id other =
                cross(ctx, &store, of[j].p, of[j].q, of[j].plane);
            assert_true(j == i || one != other);
            assert_true(other != p && other != q && other != r);
        }
    }
    pleats_vertex_store_clear(ctx, &store);
}

/* Crossings that differ in one thing only, many of them in one place. */
static void crossings_in_one_place_are_told_apart(void **state)
{
    pleats_ctx *ctx = *state;
    enum { N = 400 };
    for (int what = 0; what < 5; what++) {
        pleats_vertex_store store = {0};
        pleats_vertex_id id[N];
        for (int i = 0; i < N; i++) {
            const pleats_hyperplane plane = {
                what == 2 ? i : 0, what == 3 ? i : -1, what == 4 ? i : 0};
            id[i] = cross(ctx, &store, what == 0 ? 9 + (uint64_t)i : 7,
                          what == 1 ? 9 + (uint64_t)i : 8, plane);
            for (int j = 0; j < i; j++)
                assert_true(id[i] != id[j]);
        }
        pleats_vertex_store_clear(ctx, &store);
    }
}

/* The best doubles of a vertex are kept, and given to who has worse ones. */
static void the_best_is_kept(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_vertex_store store = {0};
    const pleats_vertex_id p = pleats_vertex_store_new(&store),
                           q = pleats_vertex_store_new(&store);
    const pleats_vertex_id id =
        cross(ctx, &store, p, q, (pleats_hyperplane){3, -1, 0});
    double worse[WIDTH] = {0};
    assert_false(has(&store, id, INFINITY, 0));
    assert_false(has(&store, 0, INFINITY, 0));
    assert_false(has(&store, p, INFINITY, 0));
    put(&store, p, 0);
    assert_false(has(&store, p, INFINITY, 0));
    put(&store, id, 1e-9);
    assert_true(has(&store, id, INFINITY, 1e-9));
    assert_true(has(&store, id, 2e-9, 1e-9));
    assert_false(has(&store, id, 1e-9, 1e-9));
    pleats_vertex_store_put(&store, id, worse, 1, 1e-8);
    pleats_vertex_store_put(&store, id, worse, 1, INFINITY);
    pleats_vertex_store_put(&store, id, worse, 1, NAN);
    assert_true(has(&store, id, INFINITY, 1e-9));
    put(&store, id, 1e-12);
    assert_true(has(&store, id, 1e-9, 1e-12));
    pleats_vertex_store_clear(ctx, &store);
}

/* With many vertices all are what was put there or forgotten, those that were
 * asked for last are there, and there is little memory. */
static void many_are_forgotten(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_vertex_store store = {0};
    pleats_vertex_id *id = need_memory(MANY, sizeof *id);
    const pleats_hyperplane plane = {5, -1, 0};
    size_t n_there = 0, n_again = 0;
    rng r = {1};
    const pleats_vertex_id base = pleats_vertex_store_new(&store);
    for (size_t i = 0; i < MANY; i++) {
        id[i] = cross(ctx, &store, base, (pleats_vertex_id)i + 1000, plane);
        put(&store, id[i], 1e-10);
        assert_true(has(&store, id[i], INFINITY, 1e-10));
        assert_true(i == 0 || id[i] != id[i - 1]);
        const size_t j = i - (size_t)rng_int(&r, 0, i < 9 ? (int32_t)i : 9);
        n_again += id[j] ==
                   cross(ctx, &store, base, (pleats_vertex_id)j + 1000, plane);
    }
    for (size_t i = 0; i < MANY; i++)
        n_there += has(&store, id[i], INFINITY, 1e-10);
    assert_true(n_there > 4000 && n_there < 30000);
    assert_true(n_again > MANY - MANY / 20);
    assert_true(pleats_ctx_live_bytes(ctx) < (size_t)4 << 20);
    free(id);
    pleats_vertex_store_clear(ctx, &store);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(crossings_are_told_apart, ctx),
        cmocka_unit_test_prestate(crossings_in_one_place_are_told_apart, ctx),
        cmocka_unit_test_prestate(the_best_is_kept, ctx),
        cmocka_unit_test_prestate(many_are_forgotten, ctx),
    };
    return RUN(tests, ctx);
}
