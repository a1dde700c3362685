/* The plain exact count against numbers known from the literature or by hand,
 * most of them of arrangements in special position. */
#include "domains.h"
#include "mlp.h"
#include "need.h"
#include "regions.h"
#include "rng.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Frees both net and domain. */
static void expect(pleats_ctx *ctx, pleats_net *net, pleats_domain *domain,
                   int dimension, uint64_t regions)
{
    region_count got = count_regions(net, &domain->part[0], 0, 0);
    assert_true(got.is_complete);
    assert_int_equal(got.dimension, dimension);
    assert_int_equal(got.regions, regions);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

static void expect_on_all(pleats_ctx *ctx, int32_t n, int32_t k,
                          const double *rows, uint64_t regions)
{
    expect(ctx, arrangement_net(ctx, n, k, rows), domain_all(ctx, k), k,
           regions);
}

/* x_i - x_j = l for i < j and l from `low` to `high`: braid (0, 0) with n!
 * regions, Shi (0, 1) with (n + 1)^(n - 1), Catalan (-1, 1) with n! times a
 * Catalan number. */
static void differences(void **state)
{
    static const struct {
        int32_t n, low, high;
        uint64_t regions;
    } table[] = {{3, 0, 0, 6},   {4, 0, 0, 24},  {5, 0, 0, 120}, {3, 0, 1, 16},
                 {4, 0, 1, 125}, {3, -1, 1, 30}, {4, -1, 1, 336}};
    for (size_t t = 0; t < sizeof table / sizeof table[0]; t++) {
        double rows[64 * 6] = {0};
        int32_t n = table[t].n, m = 0;
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = i + 1; j < n; j++)
                for (int32_t l = table[t].low; l <= table[t].high; l++, m++) {
                    double *row = rows + (size_t)m * (size_t)(n + 1);
                    row[i] = 1;
                    row[j] = -1;
                    row[n] = -l;
                }
        expect_on_all(*state, m, n, rows, table[t].regions);
    }
}

/* All non-zero normals with entries 0 and 1 (resonance), with offset 0; and
 * with an entry 1 first and entries +-1 after it (threshold). */
static void sign_normals(void **state)
{
    static const uint64_t resonance[] = {0, 2, 6, 32, 370};
    static const uint64_t threshold[] = {0, 0, 0, 104, 1882};
    for (int32_t n = 1; n <= 4; n++) {
        double rows[16 * 6] = {0};
        for (int32_t i = 1; i < 1 << n; i++)
            for (int32_t j = 0; j < n; j++)
                rows[(i - 1) * (n + 1) + j] = i >> j & 1;
        expect_on_all(*state, (1 << n) - 1, n, rows, resonance[n]);
    }
    for (int32_t n = 3; n <= 4; n++) {
        double rows[16 * 6] = {0};
        for (int32_t i = 0; i < 1 << n; i++) {
            rows[i * (n + 2)] = 1;
            for (int32_t j = 0; j < n; j++)
                rows[i * (n + 2) + 1 + j] = i >> j & 1 ? 1 : -1;
        }
        expect_on_all(*state, 1 << n, n + 1, rows, threshold[n]);
    }
}

/* n hyperplanes with random normals: sum of binomials, and with offset 0 twice
 * that for one less, in one dimension less. */
static void generic_position(void **state)
{
    static const uint64_t affine[] = {0, 11, 56, 176};
    static const uint64_t central[] = {0, 2, 20, 92};
    double rows[10 * 4];
    rng r = {7};
    for (int32_t k = 1; k <= 3; k++)
        for (int is_central = 0; is_central < 2; is_central++) {
            for (int32_t i = 0; i < 10 * (k + 1); i++)
                rows[i] = is_central && i % (k + 1) == k ? 0 : rng_real(&r, 24);
            expect_on_all(*state, 10, k, rows,
                          is_central ? central[k] : affine[k]);
        }
}

static void repeated_units(void **state)
{
    static const double same[] = {1, 1, 1, 2,  2, 2, -3, -3, -3,
                                  0, 0, 1, -1, 1, 0, 1,  -1, 0};
    static const double parallel[] = {1, 2, 0, 2, 4, 1, -1, -2, 5, 1, 2, -3};
    expect_on_all(*state, 6, 2, same, 4);
    expect_on_all(*state, 4, 2, parallel, 5);
    expect(*state, arrangement_net(*state, 4, 2, parallel),
           domain_boxes(*state, 2, "0 2 0 2"), 2, 3);
    expect(*state, arrangement_net(*state, 4, 2, parallel),
           domain_affine(*state, 2, 1, "5 5;2 -1"), 1, 1);
    expect(*state, arrangement_net(*state, 4, 2, parallel),
           domain_polytope(*state, 2, "1 0 -1;-1 0 0"), -1, 0);
}

/* Each of `layers` layers maps every coordinate x to |2 x - 1|, which folds
 * [0, 1] onto itself. */
static pleats_net *fold_net(pleats_ctx *ctx, int32_t k, int32_t layers)
{
    int32_t width[MLP_MAX_LAYERS + 1];
    mlp m;
    for (int32_t l = 0; l <= layers + 1; l++)
        width[l] = k;
    mlp_init(&m, layers + 1, width);
    for (int32_t l = 0; l <= layers; l++)
        for (int32_t i = 0; i < k; i++) {
            mlp_row(&m, l, i)[i] = l < layers ? 2 : 1;
            m.bias[l][i] = l < layers ? -1 : 0;
            m.activation[l] = ACT_ABS;
        }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

/* All 2^layers - 1 breakpoints of a coordinate lie in (0, 1). */
static void folds(void **state)
{
    expect(*state, fold_net(*state, 1, 5), domain_boxes(*state, 1, "0 1"), 1,
           32);
    expect(*state, fold_net(*state, 2, 4), domain_boxes(*state, 2, "0 1 0 1"),
           2, 256);
    expect(*state, fold_net(*state, 3, 3),
           domain_boxes(*state, 3, "0 1 0 1 0 1"), 3, 512);
    expect(*state, fold_net(*state, 2, 3),
           domain_affine(*state, 2, 1, "0 0;1 1"), 1, 8);
    expect(*state, fold_net(*state, 2, 3), domain_all(*state, 2), 2, 64);
}

static void limits(void **state)
{
    static const double grid[] = {1, 0, 0, 1, 0, -1, 0, 1, 0, 0, 1, -1};
    pleats_net *net = arrangement_net(*state, 4, 2, grid);
    pleats_domain *all = domain_all(*state, 2);
    region_count got = count_regions(net, &all->part[0], 4, 0);
    assert_false(got.is_complete);
    assert_int_equal(got.regions, 4);
    expect(*state, net, all, 2, 9);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(differences, ctx),
        cmocka_unit_test_prestate(sign_normals, ctx),
        cmocka_unit_test_prestate(generic_position, ctx),
        cmocka_unit_test_prestate(repeated_units, ctx),
        cmocka_unit_test_prestate(folds, ctx),
        cmocka_unit_test_prestate(limits, ctx),
    };
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    failures += pleats_ctx_live_bytes(ctx) != 0;
    pleats_ctx_free(ctx);
    return failures;
}
