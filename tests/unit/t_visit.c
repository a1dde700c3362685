/* What pleats_regions says of points and of its end, where that is delicate;
 * patterns as it packs them. */
#include "unit.h"

#include "net/pattern.h"
#include "rng.h"

#include "pleats/pleats.h"

#include <math.h>
#include <stdlib.h>

/* One input, one ReLU of x. */
static pleats_net *ray(pleats_ctx *ctx)
{
    static const double one[] = {1};
    static const int64_t dims[] = {1};
    const pleats_layer_arrays layer[] = {
        {.type = PLEATS_AFFINE, .n_out = 1, .weight = one},
        {.type = PLEATS_RELU}};
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_from_arrays(ctx, 1, dims, 2, layer, sizeof *layer,
                                        &net));
    return net;
}

/* The only region's point, and whether it is said to be inside. */
typedef struct {
    double x;
    bool is_inside;
} answer;

static bool take(void *state, const pleats_region_batch *r)
{
    answer *a = state;
    assert_int_equal(r->n, 1);
    a->x = r->point[0];
    a->is_inside = r->is_inside[0];
    return true;
}

static answer point_between(pleats_ctx *ctx, const char *lo, const char *hi)
{
    pleats_net *net = ray(ctx);
    pleats_domain *domain = NULL;
    pleats_regions_options o;
    pleats_regions_result r;
    answer a = {0};
    pleats_init_regions_options(&o);
    o.want = PLEATS_REGION_POINT;
    need_ok(ctx, pleats_domain_cube(ctx, 1, lo, hi, &domain));
    need_ok(ctx, pleats_regions(ctx, net, domain, &o, NULL, take, &a, &r));
    assert_string_equal(r.regions, "1");
    pleats_regions_result_clear(ctx, &r);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return a;
}

/* Between two doubles that follow each other there is none. */
static void no_double_inside(void **state)
{
    const answer a = point_between(*state, "1",
                                   "1.0000000000000002220446049250"
                                   "313080847263336181640625");
    assert_true(a.x == 1 || a.x == 1 + 0x1p-52);
    assert_false(a.is_inside);
}

static void beyond_doubles(void **state)
{
    const answer a = point_between(*state, "1e309", "1e310");
    assert_false(a.is_inside);
}

static void inside(void **state)
{
    const answer a = point_between(*state, "1", "2");
    assert_true(a.x > 1 && a.x < 2 && a.is_inside);
}

static bool stop_at_once(void *state, const pleats_region_batch *r)
{
    *(uint64_t *)state += (uint64_t)r->n;
    return false;
}

/* The visitor stops at the first batch, which a worker hands over when all work
 * is done: what the others have is left out. */
static void left_out(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_init init = {.seed = 1};
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_regions_options o;
    pleats_regions_result r;
    pleats_count_result all;
    uint64_t n = 0;
    pleats_init_regions_options(&o);
    o.batch = 1 << 20;
    o.any_thread = true;
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:2,64,64,64,1", &spec));
    need_ok(ctx, pleats_net_random(ctx, spec, &init, &net));
    need_ok(ctx, pleats_domain_cube(ctx, 2, "-8", "8", &domain));
    need_ok(ctx, pleats_count(ctx, net, domain, NULL, NULL, &all));
    const pleats_limits limits = {.threads = 4};
    need_ok(ctx, pleats_regions(ctx, net, domain, &o, &limits, stop_at_once, &n,
                                &r));
    const uint64_t found = strtoull(r.regions, NULL, 10);
    const bool is_all = strcmp(r.regions, all.regions) == 0;
    assert_true(found == n);
    assert_int_equal(r.label, is_all ? PLEATS_EXACT : PLEATS_LOWER);
    assert_int_equal(r.stopped,
                     is_all ? PLEATS_STOP_NONE : PLEATS_STOP_VISITOR);
    pleats_count_result_clear(ctx, &all);
    pleats_regions_result_clear(ctx, &r);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
}

/* Bit i of a packed pattern of units with two pieces is the piece of unit i. */
static void packed(void **state)
{
    enum { UNITS = 3 + 13 + 20 };
    pleats_ctx *ctx = *state;
    const pleats_init init = {.seed = 1};
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    rng r = {3};
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:2,3,13,20,1", &spec));
    need_ok(ctx, pleats_net_random(ctx, spec, &init, &net));
    assert_int_equal(pleats_pattern_bytes(net), (UNITS + 7) / 8);
    for (int i = 0; i < 50; i++) {
        unsigned char pattern[(UNITS + 7) / 8] = {0};
        int32_t piece[UNITS], back[UNITS];
        for (int u = 0; u < UNITS; u++)
            piece[u] = rng_int(&r, 0, 1);
        pleats_pattern_pack(net, piece, pattern);
        for (int u = 0; u < UNITS; u++)
            assert_int_equal(pattern[u / 8] >> u % 8 & 1, piece[u]);
        pleats_pattern_unpack(net, pattern, back);
        assert_memory_equal(piece, back, sizeof piece);
    }
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(no_double_inside, ctx),
        cmocka_unit_test_prestate(beyond_doubles, ctx),
        cmocka_unit_test_prestate(inside, ctx),
        cmocka_unit_test_prestate(left_out, ctx),
        cmocka_unit_test_prestate(packed, ctx)};
    return RUN(tests, ctx);
}
