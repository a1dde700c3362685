/* Half-spaces that follow from others, next to systems that have no solution in
 * doubles. */
#include "local/point.h"
#include "local/proof.h"

#include "activations.h"
#include "domains.h"
#include "exact/integers.h"
#include "mlp.h"
#include "unit.h"

#include <math.h>

enum { K = 2, ROWS = 3 };

/* Whether the half-space of the last row follows from those of the others;
 * rows [ROWS x (K + 1)], constant last, all positive at 0. */
static bool follows(pleats_ctx *ctx, const double *rows, bool *by_bounds)
{
    static const pleats_idx listed[] = {0, 1};
    static const pleats_idx piece[] = {1, 1, 1};
    static const double origin[K] = {0};
    pleats_net *net = arrangement_net(ctx, ROWS, K, rows);
    pleats_domain *all = domain_all(ctx, K);
    pleats_frame frame;
    pleats_coordinates about = {0};
    pleats_region region;
    mpz_t *point = NULL;
    bool proven = false;
    need_ok(ctx, pleats_frame_init(ctx, &frame, all, &all->part[0]));
    need_ok(ctx, pleats_integers_new(ctx, K + 1, &point));
    need_ok(ctx, pleats_point_set(ctx, K, origin, point));
    need_ok(ctx, pleats_coordinates_about(ctx, &frame.coordinates, point, false,
                                          &about));
    need_ok(ctx,
            pleats_region_init(ctx, &region, net, piece, &about, NULL, point));
    assert_int_equal(region.n, ROWS);
    need_ok(ctx,
            pleats_prove_redundant(&region, 2, 2, listed, &proven, by_bounds));
    pleats_region_clear(&region);
    pleats_coordinates_clear(ctx, &about);
    pleats_integers_free(ctx, point, K + 1);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    return proven;
}

/* (1, 1) and (1, 1 + e) with the multipliers 3/2 and -1/2, or 1/2 and 1/2; e
 * near to the rounding of 1 is too small for doubles to tell these apart.  What
 * is left over is nearly 1. */
static void rows_that_are_nearly_parallel(void **state)
{
    pleats_ctx *c = *state;
    for (int bits = 8; bits <= 51; bits += 43) {
        const double e = ldexp(1, -bits), beside = 0x1p-70;
        const double no[] = {1, 1, beside, 1, 1 + e, beside, 1, 1 - e / 2, 1};
        const double yes[] = {1, 1, beside, 1, 1 + e, beside, 1, 1 + e / 2, 1};
        bool by_bounds = false;
        assert_false(follows(c, no, &by_bounds));
        assert_true(follows(c, yes, &by_bounds));
        assert_int_equal(by_bounds, bits == 8);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(rows_that_are_nearly_parallel, ctx),
    };
    return RUN(tests, ctx);
}
