/* Ranks by hand: three inputs (scalars 0 to 2), four units (3 to 6 in, 7 to 10
 * out), three units of these (11 to 13 in, 14 to 16 out). */
#include "cells/necks.h"
#include "unit.h"

enum { INPUTS = 3, FIRST = 3, OUT = 7, LATER = 11, STEPS = 4 };

typedef struct {
    pleats_net *net;
    pleats_frame frame;
    pleats_space space;
    pleats_idx piece[7];
    bool is_neck[STEPS];
} stage;

/* `skips`: the second layer reads input 0, too. */
static void set_up(pleats_ctx *ctx, stage *s, bool skips)
{
    static const double weight[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3};
    static const pleats_idx in[] = {0, 1, 2}, first[] = {3, 4, 5, 6};
    static const pleats_idx later[] = {11, 12, 13};
    const pleats_idx out[] = {7, 8, 9, 10, 0};
    double at = 0, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, &at, slope, intercept};
    pleats_idx made;
    *s = (stage){.frame = {.k = INPUTS}};
    need_ok(ctx, pleats_net_new(ctx, INPUTS, &s->net));
    need_ok(ctx, pleats_net_add_dense(ctx, s->net, NULL, 4, 3, in, weight, NULL,
                                      &made));
    need_ok(ctx, pleats_net_add_pl(ctx, s->net, NULL, 4, first, 1, &relu, NULL,
                                   &made));
    need_ok(ctx, pleats_net_add_dense(ctx, s->net, NULL, 3, 4 + skips, out,
                                      weight, NULL, &made));
    need_ok(ctx, pleats_net_add_pl(ctx, s->net, NULL, 3, later, 1, &relu, NULL,
                                   &made));
    pleats_net_find_necks(s->net, s->is_neck);
    s->space = (pleats_space){.net = s->net,
                              .frame = &s->frame,
                              .piece = s->piece,
                              .is_neck = s->is_neck};
}

static void clear(pleats_ctx *ctx, stage *s)
{
    pleats_net_clear(ctx, s->net);
}

/* The bound for the planes of n scalars, less those of `minus` where >= 0. */
static pleats_idx rank(const stage *s, pleats_idx n, const pleats_idx *scalar,
                       const pleats_idx *minus)
{
    pleats_hyperplane plane[8];
    for (pleats_idx i = 0; i < n; i++)
        plane[i] = (pleats_hyperplane){scalar[i], minus ? minus[i] : -1, 0};
    return pleats_planes_rank(&s->space, n, plane);
}

static void through_a_neck(void **state)
{
    static const pleats_idx three[] = {11, 12, 13}, own[] = {11, 12, 13, 4};
    static const pleats_idx other[] = {11, 12, 13, 5}, early[] = {3, 4, 5, 6};
    static const pleats_idx any[] = {11, 12, 13, -1};
    static const pleats_idx minus[] = {-1, -1, -1, 3}, both[] = {12, 13, 11};
    static const pleats_idx mixed[] = {11, 12, 13, 11};
    static const pleats_idx of_units[] = {-1, -1, -1, 5};
    stage s;
    set_up(*state, &s, false);
    assert_true(s.is_neck[1] && s.is_neck[3]);
    assert_false(s.is_neck[0] || s.is_neck[2]);
    s.piece[0] = s.piece[1] = 1;
    assert_int_equal(rank(&s, 3, three, NULL), 2);
    assert_int_equal(rank(&s, 4, own, NULL), 2);
    assert_int_equal(rank(&s, 4, other, NULL), 3);
    assert_int_equal(rank(&s, 4, any, NULL), 3);
    assert_int_equal(rank(&s, 4, early, NULL), 3);
    assert_int_equal(rank(&s, 2, early, NULL), 2);
    assert_int_equal(rank(&s, 3, three, both), 2);
    assert_int_equal(rank(&s, 4, mixed, minus), 3);
    assert_int_equal(rank(&s, 4, own, of_units), 3);
    s.piece[1] = 0;
    assert_int_equal(rank(&s, 2, three, NULL), 1);
    assert_int_equal(rank(&s, 4, own, NULL), 2);
    s.piece[0] = 0;
    assert_int_equal(rank(&s, 3, three, NULL), 0);
    clear(*state, &s);
}

static void past_a_neck(void **state)
{
    static const pleats_idx three[] = {11, 12, 13};
    stage s;
    set_up(*state, &s, true);
    assert_false(s.is_neck[1]);
    assert_true(s.is_neck[3]);
    s.piece[0] = 1;
    assert_int_equal(rank(&s, 3, three, NULL), 3);
    clear(*state, &s);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(through_a_neck, ctx),
        cmocka_unit_test_prestate(past_a_neck, ctx),
    };
    return RUN(tests, ctx);
}
