/* The bounds' values: the tables of the reference text, among them numbers
 * that other sources print, and hypotheses that must be refused. */
#include "bound_of.h"

#include "meter.h"
#include "spec/of_spec.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_COLUMNS = 7 };

typedef struct {
    const char *spec;
    const char *value[MOST_COLUMNS]; /* NULL: not asked; "-": does not apply */
} line;

static void check_value(const pleats_bounds_result *r, const char *spec,
                        const char *name, const char *want)
{
    const pleats_bound *b = bound_of(r, name);
    if (strcmp(b->applies ? b->value : "-", want) != 0)
        fail_msg("%s: %s is %s, not %s (%s)", spec, name,
                 b->applies ? b->value : "-", want, b->why);
    if (b->applies)
        assert_true(fabs(b->log10 - log10(strtod(want, NULL))) < 1e-9);
}

static void check_lines(pleats_ctx *ctx, const char *const *name,
                        size_t n_names, const line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pleats_bounds_result r = bounds_of_text(ctx, lines[i].spec);
        for (size_t k = 0; k < n_names; k++)
            if (lines[i].value[k])
                check_value(&r, lines[i].spec, name[k], lines[i].value[k]);
        pleats_bounds_result_clear(ctx, &r);
    }
}

#define CHECK_LINES(ctx, name, lines)                                          \
    check_lines((ctx), (name), sizeof(name) / sizeof *(name), (lines),         \
                sizeof(lines) / sizeof *(lines))

/* Upper bounds of fully connected networks, docs/theory.md 4. */
static void fc_upper(void **state)
{
    static const char *const name[] = {"patterns",       "montufar-2017",
                                       "serra-2018",     "hinz-2019-serra",
                                       "hinz-2019-line", "hinz-2021"};
    static const line lines[] = {
        {"mlp:1,2,2,1", {"16", "9", "9", "9", "9", "9"}},
        {"mlp:1,3,3,1", {"64", "16", "16", "16", "16", "16"}},
        {"mlp:2,2,2,2,1", {"64", "64", "30", "30", "30", "30"}},
        {"mlp:2,3,3,1", {"64", "49", "40", "40", "40", "40"}},
        {"mlp:2,4,4,1", {"256", "121", "121", "121", "115", "109"}},
        {"mlp:2,4,4,4,1", {"4096", "1331", "1331", "1331", "1175", "1031"}},
        {"mlp:2,6,6,1", {"4096", "484", "484", "484", "484", "484"}},
        {"mlp:3,4,4,4,1", {"4096", "3375", "1631", "1631", "1595", "1559"}},
        {"mlp:3,9,9,1",
         {"262144", "16900", "16900", "16900", "16900", "16900"}},
        {"mlp:4,6,4,1", {"1024", "912", "817", "817", "811", "805"}},
        {"mlp:4,6,16,1",
         {"4194304", "143469", "71369", "71369", "71249", "71129"}},
        {"mlp:5,3,5,2,1", {"1024", "832", "351", "351", "350", "349"}},
        {"mlp:10,5,10,1", {"32768", "20416", "4944", "4944", "4944", "4944"}},
        {"mlp:10,10,10,10,1",
         {"1073741824", "1073741824", "365139905", "365139905", "359844836",
          "355881371"}},
        {"mlp:784,11,11,10",
         {"4194304", "4194304", "2449868", "2449868", "2449868", "2449868"}},
        {"mlp:784,1,21,10", {"4194304", "44", "23", "23", "23", "23"}},
        {"mlp:784,21,1,10",
         {"4194304", "4194304", "4194303", "4194303", "4194303", "4194303"}},
        {"mlp:784,10,10,10,10,10",
         {"1099511627776", NULL, "216643797580", "216643797580", "207552149122",
          "201237225232"}},
    };
    CHECK_LINES(*state, name, lines);
}

/* Lower bounds, docs/theory.md 5; Theorem 5 on fully connected ones too. */
static void fc_lower(void **state)
{
    static const char *const name[] = {
        "pascanu-2013", "montufar-2014",    "serra-2018-lower",   "line-exact",
        "arora-2018",   "xiong-2020-lower", "serra-2018-zonotope"};
    static const line lines[] = {
        {"mlp:2,6,6,1", {"66", "198", "352", "-"}},
        {"mlp:3,9,9,1", {"390", "3510", "8320", "-"}},
        {"mlp:1,3,3,3,1", {"36", "36", "64", "64"}},
        {"mlp:2,8,8,1", {"148", "592", "925", "-"}},
        {"mlp:3,8,3,3,1", {NULL, NULL, "-", "-", "126", NULL, "224"}},
        {"mlp:2,3,3,1", {NULL, "7", "-", "-", NULL, "12"}},
        {"mlp:2,4,4,1", {NULL, "44", "-", "-", NULL, "20"}},
        {"mlp:1,2,2,1", {NULL, NULL, "-", "-", NULL, "6"}},
        {"mlp:1,3,3,1", {NULL, NULL, "16", "16", NULL, "12"}},
        {"mlp:3,2,5,1", {"-", "-", "-", "-"}},
        {"mlp:2,6,6,1:leakyrelu", {"-", "-", "-", "-", "-", "42", "-"}},
    };
    CHECK_LINES(*state, name, lines);
}

/* The table of docs/theory.md 4.1, and more stacks. */
static void two_convolutions(void **state)
{
    static const char *const name[] = {"xiong-2020-lower", "conv-aware",
                                       "hinz-2021",        "serra-2018",
                                       "xiong-2020-upper", "montufar-2017"};
#define TWO(d2) "cnn:in=1x4/conv=2@2/relu/conv=" #d2 "@2/relu"
    static const line lines[] = {
        {TWO(1), {"32", "220", "226", "228", "220", "228"}},
        {TWO(2), {"120", "795", "805", "817", "880", "912"}},
        {TWO(3), {"320", "2380", "2394", "2424", "3135", "3249"}},
        {TWO(4), {"680", "5927", "5945", "6001", "8965", "9291"}},
        {TWO(5), {"1248", "12740", "12762", "12852", "21230", "22002"}},
        {TWO(6), {"2072", "24475", "24501", "24633", "43670", "45258"}},
        {TWO(7), {"3200", "43140", "43170", "43352", "80905", "83847"}},
        {TWO(8), {"4680", "71095", "71129", "71369", "138435", "143469"}},
        {"cnn:in=1x5/conv=2@3/relu/conv=2@2/relu",
         {"120", "847", NULL, "847", "1008"}},
        {"cnn:in=1x3/conv=3@2/relu/conv=2@2/relu",
         {"36", "160", NULL, "168", "160"}},
        {"cnn:in=1x3x3/conv=1@2x2/relu/conv=3@2x2/relu",
         {"8", "99", NULL, "99", "128"}},
        {"cnn:in=1x3x3/conv=2@2x2/relu/conv=1@2x2/relu",
         {"32", "510", NULL, "511", "512"}},
        {"cnn:in=1x4/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu",
         {"2", "47", NULL, "47", "64"}},
        {"cnn:in=1x3/conv=1@3,p=1/relu/conv=1@3,p=1/relu",
         {"-", "42", NULL, "42", "64"}},
    };
#undef TWO
    CHECK_LINES(*state, name, lines);
}

/* Maxout and the form with ranks, docs/theory.md 4.2; one-layer values. */
static void other_values(void **state)
{
    static const char *const name[] = {
        "serra-2018-maxout", "montufar-ren-zhang-2022",
        "serra-2018-ranks",  "zaslavsky",
        "first-layer",       "xiong-2020-upper"};
    static const line lines[] = {
        {"mlp:2,3,1:maxout=3", {"46", "19", "-", "19", "19", "-"}},
        {"mlp:2,3,3,1:maxout=3", {"2116", "361", "-"}},
        {"mlp:4,5,5,1:maxout=2", {"961", "961", "-"}},
        {"cnn:in=2/fc=1/fc=4/relu/fc=4/relu", {"-", "-", "55"}},
        {"cnn:in=3/fc=2/fc=5/relu/fc=5/relu", {"-", "-", "416"}},
        {"mlp:2,3,1", {"-", "-", "-", "7", "7", "-"}},
        {"mlp:10,50,1", {"-", "-", "-", "13432735556", "13432735556"}},
        {"mlp:10,8,1", {"-", "-", "-", "256", "256"}},
        {"cnn:in=1x5/conv=8@2/relu",
         {NULL, NULL, NULL, NULL, "115649", "115649"}},
        {"cnn:in=1x3x3/conv=3@2x2/relu",
         {NULL, NULL, NULL, NULL, NULL, "4013"}},
        {"cnn:in=1x4/conv=2@2/pl=3", {NULL, NULL, NULL, NULL, "441", "441"}},
        {"cnn:in=1x6/conv=3@2,d=2/relu", {NULL, NULL, NULL, NULL, "1600"}},
    };
    CHECK_LINES(*state, name, lines);
}

/* The certified number of a 2-D layer is never the over-count: 3x3, two
 * filters 2x2 has 255 regions, the formula says 256. */
static void no_overcount_below(void **state)
{
    static const struct {
        const char *spec, *truth;
    } layer[] = {
        {"cnn:in=1x3x3/conv=2@2x2/relu", "255"},
        {"cnn:in=1x3x3/conv=3@2x2/relu", "3998"},
        {"cnn:in=1x3x4/conv=2@2x2/relu", "4061"},
        {"cnn:in=1x4x4/conv=2@2x2/relu", "257108"},
        {"cnn:in=1x2x2/conv=1@2x2,p=1/relu", "223"},
        {"cnn:in=1x3x3/conv=2@2x2/hardtanh", "6305"},
        {"cnn:in=1x4x3/conv=2@2x1/relu", "166375"},
    };
    for (size_t i = 0; i < sizeof layer / sizeof *layer; i++) {
        pleats_bounds_result r = bounds_of_text(*state, layer[i].spec);
        const pleats_bound *b = bound_of(&r, "first-layer");
        assert_true(b->applies);
        assert_true(compare_decimals(b->value, layer[i].truth) <= 0);
        assert_true(compare_decimals(r.best_upper, layer[i].truth) >= 0);
        pleats_bounds_result_clear(*state, &r);
    }
}

/* What must not be claimed: active counts without a slope 0, chains across
 * skips, constructions with padding, pools or without biases. */
static void refusals(void **state)
{
    static const struct {
        const char *spec, *name;
    } refused[] = {
        {"mlp:2,4,4,1:leakyrelu", "serra-2018"},
        {"mlp:2,4,4,1:hardtanh", "hinz-2021"},
        {"mlp:2,4,4,1:relu6", "serra-2018"},
        {"cnn:in=4/res{fc=2/relu/fc=4}/fc=3/relu", "serra-2018"},
        {"cnn:in=4/res{fc=2/relu/fc=4}/fc=3/relu", "montufar-2017"},
        {"cnn:in=4/res{fc=2/relu/fc=4}/fc=3/relu", "montufar-2014"},
        {"cnn:in=1x4/conv=2@2/relu/maxpool=2/flatten/fc=3/relu", "serra-2018"},
        {"cnn:in=1x4/conv=2@2/relu/avgpool=2/conv=2@1/relu",
         "xiong-2020-lower"},
        {"cnn:in=1x4/conv=2@2,nobias/relu", "folds"},
        {"cnn:in=1x4/conv=2@2,nobias/pl=3", "first-layer"},
        {"cnn:in=1x4/conv=2@2,nobias/relu/conv=2@2/relu", "cones"},
        {"cnn:in=1x4/conv=2@2,nobias/hardtanh", "cones"},
        {"cnn:in=1x4/conv=2@2,nobias/relu/bn", "cones"},
        {"cnn:in=1x4/conv=2@3,p=1/relu/conv=2@2/relu", "xiong-2020-lower"},
        {"cnn:in=3x4/conv=2@2/relu/conv=2@2/relu", "xiong-2020-lower"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        pleats_bounds_result r = bounds_of_text(*state, refused[i].spec);
        if (bound_applies(&r, refused[i].name))
            fail_msg("%s applies to %s", refused[i].name, refused[i].spec);
        pleats_bounds_result_clear(*state, &r);
    }
}

/* One network, however it is written: by the best reading of it. */
static void readings(void **state)
{
    static const char *const spec[] = {
        "mlp:2,6,6,1", "cnn:in=2x1/conv=6@1/relu/conv=6@1/relu",
        "cnn:in=1x2/conv=6@2/relu/conv=6@1/relu",
        "cnn:in=1x2x1/conv=6@2x1/relu/conv=6@1x1/relu/flatten/fc=1",
        "cnn:in=1x2/conv=6@4,p=1/relu/gap/fc=6/relu"};
    for (size_t i = 0; i < sizeof spec / sizeof *spec; i++) {
        pleats_bounds_result r = bounds_of_text(*state, spec[i]);
        if (strcmp(r.best_lower, "352") != 0 ||
            strcmp(r.best_upper, "484") != 0)
            fail_msg("%s: %s to %s", spec[i], r.best_lower, r.best_upper);
        pleats_bounds_result_clear(*state, &r);
    }
    /* Windows that leave an input out, or have groups, are no such layers. */
    pleats_bounds_result r =
        bounds_of_text(*state, "cnn:in=1x3/conv=6@2,s=2/relu");
    assert_string_equal(r.best_upper, "22");
    pleats_bounds_result_clear(*state, &r);
    r = bounds_of_text(*state, "cnn:in=2x1/conv=6@1,g=2/relu");
    assert_string_equal(r.best_upper, "16");
    pleats_bounds_result_clear(*state, &r);
}

/* Windows that look past the only cell read nothing: no network has more than
 * one region.  With a tap on the cell there are two thresholds. */
static void windows_past_a_cell(void **state)
{
    static const char *const cases[][2] = {
        {"cnn:in=1x1/conv=2@2,d=2,p=1/relu", "1"},
        {"cnn:in=1x1x1/conv=2@1x3,d=1x3,p=0x4:2/relu", "1"},
        {"cnn:in=1x1/conv=2@3,d=2,p=2/relu", "3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_bounds_result r = bounds_of_text(*state, cases[i][0]);
        assert_string_equal(r.best_upper, cases[i][1]);
        assert_string_equal(r.best_lower, cases[i][1]);
        pleats_bounds_result_clear(*state, &r);
    }
}

/* The best stand first, and where both sides meet the maximum is exact. */
static void order(void **state)
{
    pleats_bounds_result r = bounds_of_text(*state, "mlp:1,3,3,1");
    assert_int_equal(r.bound[0].side, PLEATS_UPPER);
    assert_int_equal(r.bound[1].side, PLEATS_LOWER);
    assert_string_equal(r.best_upper, "16");
    assert_string_equal(r.best_lower, "16");
    assert_int_equal(r.bound[0].label, PLEATS_EXACT);
    assert_int_equal(r.bound[1].label, PLEATS_EXACT);
    pleats_bounds_result_clear(*state, &r);
    r = bounds_of_text(*state, "mlp:2,4,4,1");
    assert_string_equal(r.bound[0].name, "hinz-2021");
    assert_int_equal(r.bound[0].label, PLEATS_UPPER);
    assert_string_equal(r.bound[1].name, "montufar-2014");
    assert_string_equal(r.bound[0].value, r.best_upper);
    assert_string_equal(r.bound[1].value, r.best_lower);
    pleats_bounds_result_clear(*state, &r);
}

/* Wide networks answer at once; compared with bounds known otherwise. */
static void wide(void **state)
{
    char text[1024] = "cnn:in=3x32x32";
    double started = pleats_now();
    pleats_bounds_result r =
        bounds_of_text(*state, "mlp:784,2048,2048,2048,10");
    assert_string_equal(r.best_upper, bound_of(&r, "serra-2018")->value);
    pleats_bounds_result_clear(*state, &r);
    for (int i = 0; i < 10; i++)
        strcat(text, "/conv=64@3x3,p=1/relu");
    r = bounds_of_text(*state, text);
    assert_true(bound_applies(&r, "conv-aware"));
    assert_true(compare_decimals(bound_of(&r, "conv-aware")->value,
                                 bound_of(&r, "serra-2018")->value) < 0);
    pleats_bounds_result_clear(*state, &r);
    assert_true(pleats_now() - started < 5);
}

/* First layer of rank *state: rows (1, i, i + 1, ..) or multiples of one row;
 * the others of full rank with both signs in every row; no bias. */
static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    const pleats_layer_spec *layer = &spec->layer[index];
    const int *rank = state;
    int64_t width = pleats_shape_count(&layer->in);
    (void)ctx;
    for (int64_t k = 0; k < (int64_t)p->n_weights; k++) {
        int64_t i = k / width, j = k % width;
        double sign = (i + j) % 2 ? -1 : 1;
        p->weight[k] = index > 0    ? sign / (double)(i + 2 * j + 1)
                       : *rank == 1 ? (double)((i + 1) * (j + 1))
                       : j == 0     ? 1
                                    : (double)(i + j);
    }
    return PLEATS_OK;
}

/* Serra's form with ranks: on a box about 0 no unit is stable. */
static void ranks_of_weights(void **state)
{
    static const struct {
        const char *spec;
        int rank;
        const char *plain, *ranks;
    } cases[] = {{"mlp:2,4,4,1", 1, "121", "55"},
                 {"mlp:3,5,5,1", 2, NULL, "416"}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = NULL;
        pleats_net *net = NULL;
        pleats_domain *box = NULL;
        pleats_bounds_result r = {0};
        int rank = cases[i].rank;
        need_ok(ctx, pleats_spec_parse(ctx, cases[i].spec, &spec));
        need_ok(ctx, pleats_net_of_spec(ctx, spec, fill, &rank, &net));
        need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1",
                                        "1", &box));
        need_ok(ctx, pleats_bounds_on_box(ctx, net, box, NULL, &r));
        if (cases[i].plain)
            check_value(&r, cases[i].spec, "serra-2018", cases[i].plain);
        check_value(&r, cases[i].spec, "serra-2018-ranks", cases[i].ranks);
        pleats_bounds_result_clear(ctx, &r);
        pleats_domain_free(ctx, box);
        pleats_net_free(ctx, net);
        pleats_spec_free(ctx, spec);
    }
}

/* Allocation k fails, k = 1, 2, ..: an honest error, and nothing leaks. */
static void no_memory(void **state)
{
    static const char *const text[] = {
        "cnn:in=1x3x3/conv=2@2x2/relu/res{conv=1@1/relu/conv=2@1}/fc=3/relu",
        "mlp:2,4,4,1"};
    (void)state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        pleats_status status = PLEATS_NOMEM;
        for (size_t k = 2; status != PLEATS_OK; k++) {
            meter m = {.fail_at = k};
            pleats_allocator allocator = meter_allocator(&m);
            pleats_ctx *ctx = NULL;
            pleats_spec *spec = NULL;
            pleats_bounds_result r = {0};
            assert_int_equal(pleats_ctx_new(&allocator, &ctx), PLEATS_OK);
            status = pleats_spec_parse(ctx, text[i], &spec);
            if (status == PLEATS_OK)
                status = pleats_bounds_of(ctx, spec, NULL, NULL, &r);
            assert_true(status == PLEATS_OK || status == PLEATS_NOMEM);
            pleats_bounds_result_clear(ctx, &r);
            pleats_spec_free(ctx, spec);
            pleats_ctx_free(ctx);
            assert_int_equal(m.live, 0);
        }
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(fc_upper, ctx),
        cmocka_unit_test_prestate(fc_lower, ctx),
        cmocka_unit_test_prestate(two_convolutions, ctx),
        cmocka_unit_test_prestate(other_values, ctx),
        cmocka_unit_test_prestate(no_overcount_below, ctx),
        cmocka_unit_test_prestate(refusals, ctx),
        cmocka_unit_test_prestate(readings, ctx),
        cmocka_unit_test_prestate(windows_past_a_cell, ctx),
        cmocka_unit_test_prestate(order, ctx),
        cmocka_unit_test_prestate(wide, ctx),
        cmocka_unit_test_prestate(ranks_of_weights, ctx),
        cmocka_unit_test_prestate(no_memory, ctx),
    };
    return RUN(tests, ctx);
}
