/* Sides of hulls: orthogonal, as long as was asked for, and the same for a seed.
 */
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
    static const pleats_idx size[][2] = {{1, 1}, {2, 2}, {MOST, MOST}, {7, MOST}};
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

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_orthogonal, ctx),
        cmocka_unit_test_prestate(test_seeds, ctx)};
    return RUN(tests, ctx);
}
