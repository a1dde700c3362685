/* The constructions behind the lower bounds: their counted regions are the
 * bounds. */
#include "unit.h"

#include "counts.h"
#include "cube.h"
#include "pleats/make.h"
#include "spec/spec.h"

static pleats_net *construct(pleats_ctx *ctx, const char *text,
                             pleats_construction kind, uint64_t seed)
{
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_net_construct(ctx, spec, kind, seed, &net));
    pleats_spec_clear(ctx, spec);
    return net;
}

static size_t regions(pleats_ctx *ctx, const pleats_net *net,
                      pleats_domain *domain)
{
    counts c = count_net(ctx, net, domain, false, false);
    pleats_domain_clear(ctx, domain);
    return c.dimension == NO_COUNT ? 0 : c.regions;
}

typedef struct {
    const char *spec;
    size_t bound;
    bool only_cube; /* the count on R^n takes too long for a test */
} expected;

/* On the cube the bound, on R^n at least that. */
static void check_cube(pleats_ctx *ctx, pleats_construction kind, size_t n,
                       const expected *e)
{
    for (size_t i = 0; i < n; i++) {
        pleats_net *net = construct(ctx, e[i].spec, kind, 1);
        size_t on_cube = regions(ctx, net, cube(ctx, net->n_inputs, "0 1"));
        if (on_cube != e[i].bound)
            fail_msg("%s: %zu regions on the cube, not %zu", e[i].spec, on_cube,
                     e[i].bound);
        if (!e[i].only_cube)
            assert_true(regions(ctx, net, domain_all(ctx, net->n_inputs)) >=
                        e[i].bound);
        pleats_net_clear(ctx, net);
    }
}

/* The lower bounds of the folds, docs/theory.md 5. */
static void test_montufar(void **state)
{
    static const expected e[] = {
        {"mlp:2,6,6,1", 198, false}, {"mlp:1,3,3,3,1", 36, false},
        {"mlp:2,8,8,1", 592, false}, {"mlp:2,3,3,1", 7, false},
        {"mlp:2,4,4,1", 44, false},  {"mlp:3,9,9,1", 3510, true}};
    check_cube(*state, PLEATS_FOLDS_MONTUFAR, sizeof e / sizeof *e, e);
}

/* The extra fold has no piece besides: the bound on all of R^n. */
static void test_serra(void **state)
{
    static const expected e[] = {
        {"mlp:2,6,6,1", 352, false},
        {"mlp:1,3,3,3,1", 64, false},
        {"mlp:2,8,8,1", 925, false},
        {"mlp:1,4,5,3,1", 120, false},
        {"mlp:1,3,3,3,3,1", 256, false},
        {"mlp:3,9,9,1", 8320, false},
        /* (3 + 1)^2 times the four regions of two lines in the plane */
        {"cnn:in=1x3/conv=3@2/relu/conv=2@2/relu/flatten/fc=1", 64, false}};
    pleats_ctx *ctx = *state;
    check_cube(ctx, PLEATS_FOLDS_SERRA, sizeof e / sizeof *e, e);
    for (size_t i = 0; i < sizeof e / sizeof *e; i++) {
        pleats_net *net = construct(ctx, e[i].spec, PLEATS_FOLDS_SERRA, 1);
        assert_int_equal(regions(ctx, net, domain_all(ctx, net->n_inputs)),
                         e[i].bound);
        pleats_net_clear(ctx, net);
    }
}

/* Theorem 5's lower bounds, docs/theory.md 5; the last two have the true 255 of
 * two 2x2 filters on a 3x3 input, for which the published formula says 256. */
static void test_xiong(void **state)
{
    static const expected e[] = {
        {"cnn:in=1x4/conv=2@2/relu/conv=1@2/relu/flatten/fc=1", 32, false},
        {"cnn:in=1x4/conv=2@2/relu/conv=2@2/relu/flatten/fc=1", 120, false},
        {"cnn:in=1x4/conv=2@2/relu/conv=3@2/relu/flatten/fc=1", 320, false},
        {"cnn:in=1x4/conv=2@2/relu/conv=4@2/relu/flatten/fc=1", 680, false},
        {"cnn:in=1x4/conv=2@2/relu/conv=5@2/relu/flatten/fc=1", 1248, false},
        {"cnn:in=1x4/conv=2@2/relu/conv=6@2/relu", 2072, false},
        {"cnn:in=1x5/conv=2@3/relu/conv=2@2/relu/flatten/fc=1", 120, false},
        {"cnn:in=1x3/conv=3@2/relu/conv=2@2/relu/flatten/fc=1", 36, false},
        {"cnn:in=1x3x3/conv=1@2x2/relu/conv=3@2x2/relu", 8, false},
        {"cnn:in=1x3x3/conv=2@2x2/relu/conv=1@2x2/relu", 32, false},
        {"cnn:in=1x4/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu", 2, false},
        {"cnn:in=1x4/conv=2@2/relu/flatten/fc=2/relu", 32, false},
        {"cnn:in=1x3x3/conv=2@2x2/relu", 255, false},
        {"cnn:in=1x4x4/conv=1@2x2/relu/conv=2@2x2/relu", 255, true}};
    check_cube(*state, PLEATS_FOLDS_XIONG, sizeof e / sizeof *e, e);
}

/* Regions, pieces of the function and maps on the cube: cells on which all of
 * the last layer is off have one map [reference text, section 16]. */
static void test_pieces(void **state)
{
    static const struct {
        const char *spec;
        pleats_construction kind;
        size_t regions, pieces, maps;
    } e[] = {{"cnn:in=1x4/conv=2@2/relu/conv=3@2/relu/flatten/fc=1",
              PLEATS_FOLDS_XIONG, 320, 292, 269},
             {"mlp:2,6,6,1", PLEATS_FOLDS_SERRA, 352, 331, 301},
             {"mlp:2,6,6,1", PLEATS_FOLDS_MONTUFAR, 198, 188, 172}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof e / sizeof *e; i++) {
        pleats_net *net = construct(ctx, e[i].spec, e[i].kind, 0);
        pleats_domain *box = cube(ctx, net->n_inputs, "0 1");
        counts c = count_net(ctx, net, box, true, false);
        assert_int_equal(c.regions, e[i].regions);
        assert_int_equal(c.pieces, e[i].pieces);
        assert_int_equal(c.maps, e[i].maps);
        pleats_domain_clear(ctx, box);
        pleats_net_clear(ctx, net);
    }
}

/* Other filters are as generic. */
static void test_seeds(void **state)
{
    pleats_ctx *ctx = *state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        pleats_net *net =
            construct(ctx, "cnn:in=1x4/conv=2@2/relu/conv=3@2/relu",
                      PLEATS_FOLDS_XIONG, seed);
        assert_int_equal(regions(ctx, net, cube(ctx, 4, "0 1")), 320);
        pleats_net_clear(ctx, net);
    }
}

static void test_refusals(void **state)
{
    static const struct {
        const char *spec, *why;
        pleats_construction kind;
    } cases[] = {
        {"mlp:2,5,6,1", "at least 3", PLEATS_FOLDS_SERRA},
        {"mlp:4,3,6,1", "at least 1", PLEATS_FOLDS_MONTUFAR},
        {"mlp:2,6,6,1:abs", "relu after each", PLEATS_FOLDS_MONTUFAR},
        {"cnn:in=1x4/conv=2@2/relu/conv=2@2/relu", "no fully connected",
         PLEATS_FOLDS_MONTUFAR},
        {"cnn:in=1x4/conv=2@3,p=1/relu/conv=2@2/relu", "padded",
         PLEATS_FOLDS_XIONG},
        {"cnn:in=1x4/conv=2@2,nobias/relu/conv=2@2/relu", "no biases",
         PLEATS_FOLDS_XIONG},
        {"cnn:in=1x4/conv=2@2/relu/maxpool=2/conv=2@1/relu", "layer 3",
         PLEATS_FOLDS_XIONG},
        {"mlp:3,1", "needs a layer", PLEATS_FOLDS_MONTUFAR},
        {"mlp:30,30,40,1", "53 bits", PLEATS_FOLDS_MONTUFAR},
    };
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = NULL;
        pleats_net *net = NULL;
        need_ok(ctx, pleats_spec_parse(ctx, cases[i].spec, &spec));
        assert_int_equal(
            pleats_net_construct(ctx, spec, cases[i].kind, 1, &net),
            PLEATS_INVALID);
        if (!strstr(pleats_ctx_message(ctx), cases[i].why))
            fail_msg("%s: %s", cases[i].spec, pleats_ctx_message(ctx));
        assert_null(net);
        pleats_spec_clear(ctx, spec);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_montufar, ctx),
        cmocka_unit_test_prestate(test_serra, ctx),
        cmocka_unit_test_prestate(test_xiong, ctx),
        cmocka_unit_test_prestate(test_pieces, ctx),
        cmocka_unit_test_prestate(test_seeds, ctx),
        cmocka_unit_test_prestate(test_refusals, ctx)};
    return RUN(tests, ctx);
}
