/* pleats_count as a whole: counts known by hand, limits, and numbers of very
 * different size. */
#include "counts.h"
#include "domains.h"
#include "mlp.h"
#include "pleats/pleats.h"
#include "unit.h"

#include <math.h>
#include <stdlib.h>

/* Frees net and domain. */
static void expect(pleats_ctx *ctx, pleats_net *net, pleats_domain *domain,
                   counts want)
{
    for (int paranoid = 0; paranoid < 2; paranoid++) {
        counts got = count_net(ctx, net, domain, true, paranoid);
        if (!counts_are_equal(got, want)) {
            counts_show(stderr, "want", want);
            counts_show(stderr, paranoid ? "paranoid" : "got", got);
            fail();
        }
    }
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

static const double grid[] = {1, 0, 0, 1, 0, -1, 0, 1, 0, 0, 1, -1};

static void a_grid_on_domains(void **state)
{
    pleats_ctx *c = *state;
    expect(c, arrangement_net(c, 4, 2, grid), domain_all(c, 2),
           (counts){2, 9, 9, 9});
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_boxes(c, 2, "1/3 1 -1 1/3"), (counts){2, 2, 2, 2});
    expect(c, arrangement_net(c, 4, 2, grid), domain_boxes(c, 2, "0 0 -1 2"),
           (counts){1, 3, 3, 3});
    expect(c, arrangement_net(c, 4, 2, grid), domain_boxes(c, 2, "0 0 1 1"),
           (counts){0, 1, 1, 1});
    expect(c, arrangement_net(c, 4, 2, grid), domain_boxes(c, 2, "1 0 1 1"),
           (counts){-1, 0, 0, 0});
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_affine(c, 2, 1, "0 1/2;1 1"), (counts){1, 5, 5, 5});
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_polytope(c, 2, "1 1 2;-1 0 0;0 -1 0"), (counts){2, 3, 3, 3});
}

/* |x + y| <= 1/3, |x - y| <= 1/7 reaches to x = 5/21 = 0.23809..., and a little
 * beyond the cut; the sides of its frame's box are longer fractions than the
 * box may have. */
/* Three lines in general position: regions alone, which one layer's formula
 * gives on the whole space. */
static void expect_regions(pleats_ctx *ctx, pleats_domain *domain,
                           size_t regions)
{
    static const double lines[] = {1, 0, 0, 0, 1, -3, 1, 1, -5};
    pleats_net *net = arrangement_net(ctx, 3, 2, lines);
    assert_int_equal(count_net(ctx, net, domain, false, false).regions,
                     regions);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

/* One line meets the box, two the strip. */
static void one_layer_on_a_part_of_the_space(void **state)
{
    pleats_ctx *c = *state;
    expect_regions(c, domain_all(c, 2), 7);
    expect_regions(c, domain_boxes(c, 2, "-1 1 -1 1"), 2);
    expect_regions(c, domain_boxes(c, 2, "- - -1 1"), 3);
}

static void a_corner_of_a_rotated_box(void **state)
{
    static const struct {
        double at;
        size_t regions;
    } cut[] = {{0.2378, 2}, {0.238095, 2}, {0.238096, 1}, {-0.2378, 2}};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        const double row[] = {1, 0, -cut[i].at};
        expect(
            *state, arrangement_net(*state, 1, 2, row),
            domain_polytope(*state, 2, "1 1 1/3;-1 -1 1/3;1 -1 1/7;-1 1 1/7"),
            (counts){2, cut[i].regions, cut[i].regions, cut[i].regions});
    }
}

/* Regions and maps of the grid on a union; pieces are refused there. */
static void expect_union(pleats_ctx *ctx, const char *boxes, int dimension,
                         const char *regions)
{
    pleats_count_options options = {.maps = true};
    pleats_count_result result = {0};
    pleats_net *net = arrangement_net(ctx, 4, 2, grid);
    pleats_domain *domain = domain_boxes(ctx, 2, boxes);
    for (int paranoid = 0; paranoid < 2; paranoid++) {
        options.paranoid = paranoid;
        assert_int_equal(
            pleats_count(ctx, net, domain, &options, NULL, &result), PLEATS_OK);
        assert_int_equal(result.label, PLEATS_EXACT);
        assert_int_equal(result.dimension, dimension);
        assert_string_equal(result.regions, regions);
        assert_string_equal(result.maps, regions);
        pleats_count_result_clear(ctx, &result);
    }
    options.pieces = true;
    assert_int_equal(pleats_count(ctx, net, domain, &options, NULL, &result),
                     PLEATS_INVALID);
    pleats_count_result_clear(ctx, &result);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

/* On the grid every region has a map of its own.  Boxes that overlap, that
 * have the same regions, flat ones in one line, one beside a solid box. */
static void unions(void **state)
{
    expect_union(*state, "-1 1/2 -1 1/2;0 2 0 2", 2, "7");
    expect_union(*state, "1/4 1/2 -1 2;1/2 3/4 -1 3", 2, "3");
    expect_union(*state, "0 2 -1 2;0 2 -1 2", 2, "6");
    expect_union(*state, "1/2 1/2 -1 1/2;1/2 1/2 1/4 5", 1, "3");
    expect_union(*state, "-1 1/2 -1 1/2;3 3 -1 2", 2, "7");
    /* Of the first segment only what leaves the box counts. */
    expect_union(*state, "-1 1/2 -1 1/2;1/4 1/4 -1 2;1/4 1/3 5 5", 2, "7");
}

/* A part that is empty, or inside one of higher dimension, adds nothing: what
 * is left is one part. */
static void parts_that_add_nothing(void **state)
{
    pleats_ctx *c = *state;
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_boxes(c, 2, "-1 1/2 -1 1/2;1/4 1/4 -1/2 1/4"),
           (counts){2, 4, 4, 4});
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_boxes(c, 2, "1 0 - -;-1 1/2 -1 1/2;- - 1 1/2"),
           (counts){2, 4, 4, 4});
    expect(c, arrangement_net(c, 4, 2, grid),
           domain_boxes(c, 2, "1 0 - -;- - 1 1/2"), (counts){-1, 0, 0, 0});
}

/* A network without units, and one whose units never bend. */
static void nothing_to_cut(void **state)
{
    pleats_ctx *c = *state;
    pleats_net *net = NULL;
    pleats_idx in = 0, out = 0;
    assert_int_equal(pleats_net_new(c, 3, &net), PLEATS_OK);
    assert_int_equal(pleats_net_set_outputs(c, net, 1, &in), PLEATS_OK);
    expect(c, net, domain_all(c, 3), (counts){3, 1, 1, 1});
    assert_int_equal(pleats_net_new(c, 1, &net), PLEATS_OK);
    assert_int_equal(pleats_net_add_pl(c, net, NULL, 1, &in, 1,
                                       activation_function(ACT_LINEAR), NULL,
                                       &out),
                     PLEATS_OK);
    assert_int_equal(pleats_net_set_outputs(c, net, 1, &out), PLEATS_OK);
    expect(c, net, domain_all(c, 1), (counts){1, 1, 1, 1});
}

/* x is multiplied by 2^exponent three times, then a ReLU: two regions on both
 * sides of 0, however small or large the numbers grow on the way. */
static void products_beyond_doubles(void **state)
{
    static const char *where[] = {"- -", "-1 1", "-1/3 -"};
    pleats_ctx *c = *state;
    for (int exponent = -600; exponent <= 600; exponent += 400)
        for (size_t i = 0; i < 3; i++) {
            mlp m;
            mlp_init(&m, 4, (int32_t[]){1, 1, 1, 1, 1});
            for (int32_t l = 0; l < 4; l++)
                m.weight[l][0] = ldexp(1, exponent);
            m.activation[0] = m.activation[1] = ACT_LINEAR;
            expect(c, mlp_build(c, &m), domain_boxes(c, 1, where[i]),
                   (counts){1, 2, 2, 2});
            mlp_clear(&m);
        }
}

/* x = 2^1000 + 2^-100 t: far away, but a line has another side. */
static void bends_far_away(void **state)
{
    pleats_ctx *c = *state;
    pleats_net *net = NULL;
    pleats_idx in = 0, out = 0;
    pleats_domain *line = domain_affine(c, 1, 1, "0;1");
    mpq_set_d(line->part[0].origin[0], 0x1p1000);
    mpq_set_d(line->part[0].direction[0], 0x1p-100);
    assert_int_equal(pleats_net_new(c, 1, &net), PLEATS_OK);
    assert_int_equal(pleats_net_add_pl(c, net, NULL, 1, &in, 1,
                                       activation_function(ACT_RELU), NULL,
                                       &out),
                     PLEATS_OK);
    assert_int_equal(pleats_net_set_outputs(c, net, 1, &out), PLEATS_OK);
    expect(c, net, line, (counts){1, 2, 2, 2});
}

/* [lo, hi] times 10^exponent in both coordinates. */
static pleats_domain *scaled_box(pleats_ctx *ctx, long lo, long hi,
                                 long exponent)
{
    pleats_domain *d = domain_all(ctx, 2);
    mpq_t power, bound;
    mpq_init(power);
    mpq_init(bound);
    mpz_ui_pow_ui(mpq_numref(power), 10, (unsigned long)labs(exponent));
    mpz_set_ui(mpq_denref(power), 1);
    if (exponent < 0)
        mpq_inv(power, power);
    for (pleats_idx j = 0; j < 2; j++) {
        mpq_set_si(bound, lo, 1);
        mpq_mul(bound, bound, power);
        pleats_part_set_lo(&d->part[0], j, bound);
        mpq_set_si(bound, hi, 1);
        mpq_mul(bound, bound, power);
        pleats_part_set_hi(&d->part[0], j, bound);
    }
    mpq_clear(power);
    mpq_clear(bound);
    return d;
}

/* Two axes through 0, then two more a little further out. */
static void domains_beyond_doubles(void **state)
{
    pleats_ctx *c = *state;
    for (long exponent = -400; exponent <= 400; exponent += 800) {
        bool small = exponent < 0;
        expect(c, arrangement_net(c, 4, 2, grid),
               scaled_box(c, -1, 1, exponent),
               small ? (counts){2, 4, 4, 4} : (counts){2, 9, 9, 9});
        expect(c, arrangement_net(c, 4, 2, grid), scaled_box(c, 1, 2, exponent),
               (counts){2, 1, 1, 1});
        expect(c, arrangement_net(c, 4, 2, grid), scaled_box(c, 0, 2, exponent),
               small ? (counts){2, 1, 1, 1} : (counts){2, 4, 4, 4});
        expect(c, arrangement_net(c, 4, 2, grid), scaled_box(c, 1, 1, exponent),
               (counts){0, 1, 1, 1});
    }
}

/* Two lines that differ by one part in 2^52 leave a sliver between them. */
static void slivers(void **state)
{
    static const double rows[] = {1, 1, 1, 1 + 0x1p-52, 1, 1, 1, 1, 1};
    pleats_ctx *c = *state;
    expect(c, arrangement_net(c, 3, 2, rows), domain_all(c, 2),
           (counts){2, 4, 4, 4});
    expect(c, arrangement_net(c, 3, 2, rows), domain_boxes(c, 2, "-1 1 -2 2"),
           (counts){2, 4, 4, 4});
    expect(c, arrangement_net(c, 3, 2, rows), domain_boxes(c, 2, "1/3 1 -2 2"),
           (counts){2, 3, 3, 3});
}

/* n units that all cut a line at different places. */
static pleats_net *comb(pleats_ctx *ctx, int32_t n)
{
    mlp m;
    mlp_init(&m, 2, (int32_t[]){1, n, 1});
    for (int32_t i = 0; i < n; i++) {
        m.weight[0][i] = 1;
        m.bias[0][i] = -i;
        m.weight[1][i] = 1;
    }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

static void expect_partial(pleats_ctx *ctx, const pleats_limits *limits,
                           pleats_stop why, uint64_t most)
{
    pleats_count_result result = {0};
    pleats_net *net = comb(ctx, 200);
    pleats_domain *all = domain_all(ctx, 1);
    assert_int_equal(pleats_count(ctx, net, all, NULL, limits, &result),
                     PLEATS_OK);
    assert_int_equal(result.label, PLEATS_LOWER);
    assert_int_equal(result.stopped, why);
    assert_true(strtoull(result.regions, NULL, 10) <= most);
    pleats_count_result_clear(ctx, &result);
    pleats_count_result_clear(ctx, &result);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
}

static void limits_leave_a_lower_bound(void **state)
{
    pleats_ctx *ctx = need_ctx();
    (void)state;
    expect_partial(ctx, &(pleats_limits){.cells = 10}, PLEATS_STOP_CELLS, 10);
    expect_partial(ctx, &(pleats_limits){.seconds = 1e-9}, PLEATS_STOP_TIME,
                   200);
    pleats_ctx_cancel(ctx);
    expect_partial(ctx, NULL, PLEATS_STOP_CANCEL, 200);
    pleats_ctx_free(ctx);
}

/* A reason to stop that comes up before the first region, while a polytope is
 * framed: nothing is claimed, least of all an empty domain. */
static void stopped_before_the_first_region(void **state)
{
    pleats_ctx *ctx = need_ctx();
    pleats_count_result result = {0};
    pleats_net *net = comb(ctx, 5);
    pleats_domain *segment = domain_polytope(ctx, 1, "1 1; -1 1");
    (void)state;
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_count(ctx, net, segment, NULL, NULL, &result),
                     PLEATS_OK);
    assert_int_equal(result.label, PLEATS_LOWER);
    assert_int_equal(result.stopped, PLEATS_STOP_CANCEL);
    assert_string_equal(result.regions, "0");
    pleats_count_result_clear(ctx, &result);
    pleats_domain_clear(ctx, segment);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
}

/* A limit that is not reached changes nothing. */
/* Pieces that could still merge are not promised: as many as there are maps. */
static void pieces_of_a_part(void **state)
{
    const pleats_count_options options = {.pieces = true, .maps = true};
    const pleats_limits limits = {.cells = 3};
    pleats_count_result result = {0};
    pleats_net *net = arrangement_net(*state, 4, 2, grid);
    pleats_domain *domain = domain_all(*state, 2);
    need_ok(*state,
            pleats_count(*state, net, domain, &options, &limits, &result));
    assert_int_equal(result.label, PLEATS_LOWER);
    assert_string_equal(result.pieces, result.maps);
    assert_string_not_equal(result.pieces, "0");
    pleats_count_result_clear(*state, &result);
    pleats_net_clear(*state, net);
    pleats_domain_clear(*state, domain);
}

/* Cells are held by their vertices up to dimension 8. */
static void dimensions_of_the_engine(void **state)
{
    const double row[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
    const pleats_count_options options = {.engine = PLEATS_COUNT_BY_VERTICES};
    for (pleats_idx k = 8; k <= 9; k++) {
        pleats_count_result result = {0};
        pleats_net *net = arrangement_net(*state, 1, k, row + 9 - k);
        pleats_domain *domain = domain_all(*state, k);
        assert_int_equal(
            pleats_count(*state, net, domain, &options, NULL, &result),
            k == 8 ? PLEATS_OK : PLEATS_INVALID);
        pleats_count_result_clear(*state, &result);
        pleats_net_clear(*state, net);
        pleats_domain_clear(*state, domain);
    }
}

static void limits_not_reached(void **state)
{
    const pleats_limits limits = {.seconds = 1e6, .cells = 1000};
    pleats_count_result result = {0};
    pleats_net *net = comb(*state, 200);
    pleats_domain *all = domain_all(*state, 1);
    assert_int_equal(pleats_count(*state, net, all, NULL, &limits, &result),
                     PLEATS_OK);
    assert_int_equal(result.label, PLEATS_EXACT);
    assert_int_equal(result.stopped, PLEATS_STOP_NONE);
    assert_string_equal(result.regions, "201");
    assert_null(result.pieces);
    assert_null(result.maps);
    assert_true(result.by_bounds + result.by_exact > 0);
    assert_true(result.seconds >= 0);
    pleats_count_result_clear(*state, &result);
    pleats_domain_clear(*state, all);
    pleats_net_clear(*state, net);
}

/* Peak memory of counting the regions of n generic lines. */
static size_t peak_of_lines(int32_t n)
{
    pleats_ctx *ctx = need_ctx();
    double rows[3 * 64];
    for (int32_t i = 0; i < n; i++) {
        rows[3 * i] = 1;
        rows[3 * i + 1] = i;
        rows[3 * i + 2] = i * i * i;
    }
    pleats_net *net = arrangement_net(ctx, n, 2, rows);
    pleats_domain *all = domain_all(ctx, 2);
    counts got = count_net(ctx, net, all, false, false);
    size_t lines = (size_t)n;
    assert_int_equal(got.regions, 1 + lines + lines * (lines - 1) / 2);
    size_t peak = pleats_ctx_peak_bytes(ctx);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, all);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
    return peak;
}

/* 16 lines have 137 regions, 64 have 2081: memory may grow with the lines (and
 * with the depth of the walk, which is as long), not with the regions. */
static void memory_does_not_grow_with_regions(void **state)
{
    (void)state;
    size_t few = peak_of_lines(16), many = peak_of_lines(64);
    assert_true(many < 16 * few);
    assert_true(many < 2000000);
}

/* A count that stops while an empty polytope is framed, with a point beside it:
 * at least 1, unless an open side leaves nothing of the point. */
static void stopped_before_a_point(void **state)
{
    mpq_t zero;
    (void)state;
    mpq_init(zero);
    for (int open = 0; open < 2; open++) {
        pleats_ctx *ctx = need_ctx();
        pleats_net *net = comb(ctx, 5);
        pleats_domain *d = domain_polytope(ctx, 1, "1 -1; -1 -1");
        pleats_count_result r = {0};
        pleats_part *point = NULL;
        need_ok(ctx, pleats_domain_add_part(ctx, d, 1, 0, false, &point));
        pleats_part_set_lo(point, 0, zero);
        pleats_part_set_hi(point, 0, zero);
        need_ok(ctx, pleats_part_open_sides(ctx, point));
        point->is_open[0] = open;
        pleats_ctx_cancel(ctx);
        need_ok(ctx, pleats_count(ctx, net, d, NULL, NULL, &r));
        assert_int_equal(r.label, PLEATS_LOWER);
        assert_string_equal(r.regions, open ? "0" : "1");
        pleats_count_result_clear(ctx, &r);
        pleats_net_clear(ctx, net);
        pleats_domain_clear(ctx, d);
        pleats_ctx_free(ctx);
    }
    mpq_clear(zero);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_grid_on_domains, ctx),
        cmocka_unit_test_prestate(one_layer_on_a_part_of_the_space, ctx),
        cmocka_unit_test_prestate(a_corner_of_a_rotated_box, ctx),
        cmocka_unit_test_prestate(unions, ctx),
        cmocka_unit_test_prestate(parts_that_add_nothing, ctx),
        cmocka_unit_test_prestate(nothing_to_cut, ctx),
        cmocka_unit_test_prestate(products_beyond_doubles, ctx),
        cmocka_unit_test_prestate(bends_far_away, ctx),
        cmocka_unit_test_prestate(domains_beyond_doubles, ctx),
        cmocka_unit_test_prestate(slivers, ctx),
        cmocka_unit_test(limits_leave_a_lower_bound),
        cmocka_unit_test(stopped_before_the_first_region),
        cmocka_unit_test_prestate(pieces_of_a_part, ctx),
        cmocka_unit_test_prestate(dimensions_of_the_engine, ctx),
        cmocka_unit_test_prestate(limits_not_reached, ctx),
        cmocka_unit_test(stopped_before_a_point),
        cmocka_unit_test(memory_does_not_grow_with_regions),
    };
    return RUN(tests, ctx);
}
