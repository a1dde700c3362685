/* Sides of hulls: orthogonal, as long as was asked for, and the same for a
 * seed. Hulls so thin that doubles do not see their sides: x0 = 1 +- 2^-60, and
 * units whose states there are known. */
#include "unit.h"

#include "sample/hulls.h"

#include <math.h>
#include <string.h>

enum { MOST = 40 };

static long double product(const double *a, const double *b, pleats_idx n)
{
    long double sum = 0;
    for (pleats_idx i = 0; i < n; i++)
        sum += (long double)a[i] * b[i];
    return sum;
}

static void sides(pleats_ctx *ctx, uint64_t seed, double length, pleats_idx k,
                  pleats_idx n, double *out)
{
    assert_int_equal(pleats_hulls_sides(ctx, seed, length, k, n, out),
                     PLEATS_OK);
}

static void test_orthogonal(void **state)
{
    static const pleats_idx size[][2] = {
        {1, 1}, {2, 2}, {MOST, MOST}, {7, MOST}};
    static const double length[] = {1, 0x1p-400, 0x1p400, 0.3};
    pleats_ctx *ctx = *state;
    double side[MOST * MOST];
    for (size_t c = 0; c < sizeof size / sizeof *size; c++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            const pleats_idx k = size[c][0], n = size[c][1];
            const long double square = (long double)length[c] * length[c];
            sides(ctx, seed, length[c], k, n, side);
            for (pleats_idx i = 0; i < k; i++)
                for (pleats_idx j = 0; j <= i; j++) {
                    long double p = product(side + i * n, side + j * n, n);
                    assert_true(fabsl(p / square - (i == j)) < 1e-13L);
                }
        }
}

/* Vectors that are nearly parallel are taken apart twice. */
static void test_parallel(void **state)
{
    pleats_ctx *ctx = *state;
    double side[4];
    for (uint64_t seed = 0; seed < 20000; seed++) {
        sides(ctx, seed, 1, 2, 2, side);
        assert_true(fabsl(product(side, side + 2, 2)) < 1e-14L);
    }
}

static void test_seeds(void **state)
{
    pleats_ctx *ctx = *state;
    double a[6], b[6], c[6], d[3];
    sides(ctx, 3, 1, 2, 3, a);
    sides(ctx, 3, 1, 2, 3, b);
    sides(ctx, 4, 1, 2, 3, c);
    sides(ctx, 3, 1, 1, 3, d);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    assert_memory_equal(a, d, sizeof d);
}

/* ---- thin hulls ---- */

enum { MOST_UNITS = 8 };

typedef struct {
    bool changes[MOST_UNITS], may_change[MOST_UNITS];
} states;

/* Of the hull point[0] +- side of a network with one input; n_exact: vertices
 * that may be looked at exactly, -1: as usual; another point may be there to
 * widen the margins. */
static states look(pleats_ctx *ctx, const pleats_net *net, size_t n_points,
                   const double *point, double side, int n_exact)
{
    pleats_hulls hulls;
    pleats_hull h;
    states out = {{false}, {false}};
    need_ok(ctx,
            pleats_hulls_init(ctx, &hulls, net, 1, &side, n_points, point));
    if (n_exact >= 0)
        hulls.n_exact = n_exact;
    need_ok(ctx, pleats_hull_init(ctx, &h, &hulls));
    need_ok(ctx, pleats_hull_look(ctx, &hulls, point, &h));
    for (pleats_idx u = 0; u < net->n_units; u++) {
        out.changes[u] = h.changes[u];
        out.may_change[u] = h.may_change[u];
    }
    pleats_hull_clear(ctx, &h);
    pleats_hulls_clear(ctx, &hulls);
    return out;
}

/* Affine scalar bias + sum_j weight_j in_j. */
static pleats_idx add_row(pleats_ctx *ctx, pleats_net *net, pleats_idx n,
                          const pleats_idx *in, const double *weight,
                          double bias)
{
    const pleats_idx start[] = {0, n};
    pleats_idx out;
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, in, weight,
                                       &bias, NULL, &out));
    return out;
}

/* A unit with slope 0 below a breakpoint, 1 from there to the next, if there
 * are two, and 2 beyond. */
static pleats_idx add_unit(pleats_ctx *ctx, pleats_net *net, pleats_idx in,
                           pleats_idx n_breaks, const double *at)
{
    double slope[] = {0, 1, 2}, break_at[2] = {at[0], at[n_breaks - 1]};
    double intercept[] = {0, -at[0], -at[0] - at[n_breaks - 1]};
    const pleats_pl f = {n_breaks, break_at, slope, intercept};
    pleats_idx out;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &in, 1, &f, NULL, &out));
    return out;
}

static pleats_idx add_max(pleats_ctx *ctx, pleats_net *net, pleats_idx a,
                          pleats_idx b)
{
    const pleats_idx start[] = {0, 2}, in[] = {a, b};
    pleats_idx out;
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, false, 1, start, in, &out));
    return out;
}

static pleats_net *new_net(pleats_ctx *ctx)
{
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    return net;
}

/* Unit 0 is the larger one of the input less 1 and 0, before anything is in
 * doubt; 1 reads the input, whose breakpoint is the point; 2 is the larger one
 * of the input and 1. */
static void test_thin(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = new_net(ctx);
    const double one = 1, point = 1;
    const pleats_idx input = 0;
    const pleats_idx unit = add_row(ctx, net, 0, NULL, NULL, 1);
    const pleats_idx zero = add_row(ctx, net, 0, NULL, NULL, 0);
    const pleats_idx less = add_row(ctx, net, 1, &input, &one, -1);
    add_max(ctx, net, less, zero);
    add_unit(ctx, net, input, 1, &one);
    add_max(ctx, net, input, unit);
    states s = look(ctx, net, 1, &point, 0x1p-60, -1);
    for (int u = 0; u < 3; u++)
        assert_true(s.changes[u] && s.may_change[u]);
    s = look(ctx, net, 1, &point, 0x1p-60, 0); /* not known, nor excluded */
    for (int u = 0; u < 3; u++)
        assert_true(!s.changes[u] && s.may_change[u]);
    pleats_net_clear(ctx, net);
}

/* From 1, a breakpoint, to 1 + 2^-51, beyond the next one: neither the first
 * two pieces nor the last one give all values. */
static void test_tie(void **state)
{
    static const double at[] = {1, 1 + 0x1p-52}, point[] = {1 + 0x1p-52, 4};
    pleats_ctx *ctx = *state;
    pleats_net *net = new_net(ctx);
    add_unit(ctx, net, 0, 2, at);
    const states s = look(ctx, net, 2, point, 0x1p-52, -1);
    assert_true(s.changes[0] && s.may_change[0]);
    pleats_net_clear(ctx, net);
}

/* r = max(x0 - 1, 0) is at most 2^-60, s = 0 is off, and y = max(s, r) = r.
 * r - 2^-61 has both signs; 2^-61 - r + y is 2^-61 everywhere. */
static void test_thin_behind(void **state)
{
    static const double one = 1, zero = 0, sum[] = {-1, 1};
    static const double point = 1;
    pleats_ctx *ctx = *state;
    pleats_net *net = new_net(ctx);
    const pleats_idx input = 0;
    const pleats_idx less = add_row(ctx, net, 1, &input, &one, -1);
    const pleats_idx low = add_row(ctx, net, 1, &input, &one, -9);
    const pleats_idx r = add_unit(ctx, net, less, 1, &zero);
    const pleats_idx s = add_unit(ctx, net, low, 1, &zero);
    const pleats_idx both[] = {r, add_max(ctx, net, s, r)};
    add_unit(ctx, net, add_row(ctx, net, 1, &r, &one, -0x1p-61), 1, &zero);
    add_unit(ctx, net, add_row(ctx, net, 2, both, sum, 0x1p-61), 1, &zero);
    const states is = look(ctx, net, 1, &point, 0x1p-60, -1);
    assert_true(is.changes[0] && !is.may_change[1] && !is.changes[2]);
    assert_true(is.changes[3] && !is.changes[4]);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_orthogonal, ctx),
        cmocka_unit_test_prestate(test_parallel, ctx),
        cmocka_unit_test_prestate(test_seeds, ctx),
        cmocka_unit_test_prestate(test_thin, ctx),
        cmocka_unit_test_prestate(test_tie, ctx),
        cmocka_unit_test_prestate(test_thin_behind, ctx)};
    return RUN(tests, ctx);
}
