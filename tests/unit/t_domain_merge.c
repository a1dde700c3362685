#include "domains.h"
#include "need.h"
#include "rng.h"
#include "unit.h"

#include "domain/domain.h"

static void expect_bounds(const pleats_part *p, pleats_idx j, long lo, long hi)
{
    assert_true(p->has_lo[j] && p->has_hi[j]);
    assert_int_equal(mpq_cmp_si(p->lo[j], lo, 1), 0);
    assert_int_equal(mpq_cmp_si(p->hi[j], hi, 1), 0);
}

static pleats_idx parts_left(const char *boxes)
{
    pleats_ctx *ctx = need_ctx();
    pleats_domain *d = domain_boxes(ctx, 2, boxes);
    need_ok(ctx, pleats_domain_merge(ctx, d));
    pleats_idx n = d->n_parts;
    pleats_domain_clear(ctx, d);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
    return n;
}

static void boxes_that_meet_along_a_side_are_one(void **state)
{
    (void)state;
    assert_int_equal(parts_left("0 1 0 1; 1 2 0 1"), 1);
    assert_int_equal(parts_left("1 2 0 1; 0 1 0 1"), 1);
    assert_int_equal(parts_left("0 1 0 1; 0 1 0 1"), 1);
    assert_int_equal(parts_left("0 3 0 1; 1 2 0 1"), 1);
    assert_int_equal(parts_left("0 1 0 1; 1 2 0 1; 0 2 1 2"), 1);
    assert_int_equal(parts_left("0 1 0 1; 1 1 0 1"), 1);
    assert_int_equal(parts_left("- 1 0 1; 1 - 0 1"), 1);
    assert_int_equal(parts_left("0 1 0 1; 0 1 - 1"), 1);
}

/* The one box that is left. */
static void expect_box(const char *boxes, const char *box)
{
    pleats_ctx *ctx = need_ctx();
    pleats_domain *d = domain_boxes(ctx, 2, boxes);
    pleats_domain *want = domain_boxes(ctx, 2, box);
    need_ok(ctx, pleats_domain_merge(ctx, d));
    assert_int_equal(d->n_parts, 1);
    const pleats_part *p = &d->part[0], *q = &want->part[0];
    for (pleats_idx j = 0; j < 2; j++) {
        assert_int_equal(p->has_lo[j], q->has_lo[j]);
        assert_int_equal(p->has_hi[j], q->has_hi[j]);
        assert_true(!q->has_lo[j] || mpq_equal(p->lo[j], q->lo[j]));
        assert_true(!q->has_hi[j] || mpq_equal(p->hi[j], q->hi[j]));
    }
    pleats_domain_clear(ctx, d);
    pleats_domain_clear(ctx, want);
    pleats_ctx_free(ctx);
}

static void boxes_have_the_ends_of_both(void **state)
{
    (void)state;
    expect_box("0 1 0 1; 1 2 0 1", "0 2 0 1");
    expect_box("0 3 0 1; 1 2 0 1", "0 3 0 1");
    expect_box("0 1 0 1; 1 - 0 1", "0 - 0 1");
    expect_box("- 1 0 1; 0 1 0 1", "- 1 0 1");
    expect_box("0 1 - 1; 0 1 0 2", "0 1 - 2");
}

/* x_0 <= 1 and x_0 >= 2, as rows. */
static void half_spaces_that_do_not_meet_stay(void **state)
{
    (void)state;
    pleats_ctx *ctx = need_ctx();
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_domain_new(ctx, 2, "half-spaces", &d));
    for (int i = 0; i < 2; i++) {
        pleats_part *p = NULL;
        need_ok(ctx, pleats_domain_add_part(ctx, d, 2, 1, false, &p));
        mpq_set_si(p->a[0], i ? -1 : 1, 1);
        mpq_set_si(p->b[0], i ? -2 : 1, 1);
    }
    need_ok(ctx, pleats_domain_merge(ctx, d));
    assert_int_equal(d->n_parts, 2);
    pleats_domain_clear(ctx, d);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
}

static void boxes_that_are_no_box_together_stay(void **state)
{
    (void)state;
    assert_int_equal(parts_left("0 1 0 1; 2 3 0 1"), 2);
    assert_int_equal(parts_left("0 1 0 1; 1 2 0 2"), 2);
    assert_int_equal(parts_left("0 1 0 1; 1 2 1 2"), 2);
    assert_int_equal(parts_left("0 1 0 1; 2 1 0 1"), 2);
}

/* A side that is left out may leave nothing of a part: [0, 1) and [1, 2] are
 * not looked at further. */
static void parts_with_open_sides_stay(void **state)
{
    (void)state;
    pleats_ctx *ctx = need_ctx();
    pleats_domain *d = domain_boxes(ctx, 2, "0 1 0 1; 1 2 0 1");
    need_ok(ctx, pleats_part_open_sides(ctx, &d->part[0]));
    d->part[0].is_open[2] = true;
    need_ok(ctx, pleats_domain_merge(ctx, d));
    assert_int_equal(d->n_parts, 2);
    pleats_domain_clear(ctx, d);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
}

/* Three thousand slabs of a box in a random order. */
static void slabs_become_their_box(void **state)
{
    enum { N = 3000 };
    int32_t order[N];
    rng r = {7};
    mpq_t end;
    pleats_domain *d = NULL;
    (void)state;
    pleats_ctx *ctx = need_ctx();
    mpq_init(end);
    rng_order(&r, N, order);
    need_ok(ctx, pleats_domain_new(ctx, 2, "slabs", &d));
    for (int i = 0; i < N; i++) {
        pleats_part *p = NULL;
        need_ok(ctx, pleats_domain_add_part(ctx, d, 2, 2, false, &p));
        for (int s = 0; s < 2; s++) {
            mpq_set_si(end, s, 1);
            if (s)
                pleats_part_set_hi(p, 0, end);
            else
                pleats_part_set_lo(p, 0, end);
            mpq_set_si(p->a[2 * s], s ? 3 : -3, 2);
            mpq_set_si(p->a[2 * s + 1], s ? 3 : -3, 2);
            mpq_set_si(p->b[s], s ? 3 * (order[i] + 1) : -3 * order[i], 2);
            mpq_canonicalize(p->b[s]);
        }
    }
    need_ok(ctx, pleats_domain_merge(ctx, d));
    assert_int_equal(d->n_parts, 1);
    assert_int_equal(d->part[0].m, 2);
    expect_bounds(&d->part[0], 0, 0, 1);
    for (int s = 0; s < 2; s++)
        assert_int_equal(mpq_cmp_si(d->part[0].b[s],
                                    mpq_sgn(d->part[0].a[2 * s]) > 0 ? N : 0,
                                    1),
                         0);
    mpq_clear(end);
    pleats_domain_clear(ctx, d);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_that_meet_along_a_side_are_one),
        cmocka_unit_test(boxes_have_the_ends_of_both),
        cmocka_unit_test(half_spaces_that_do_not_meet_stay),
        cmocka_unit_test(boxes_that_are_no_box_together_stay),
        cmocka_unit_test(parts_with_open_sides_stay),
        cmocka_unit_test(slabs_become_their_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
