/* Networks, domains and rows from memory: they are what was written down, and
 * what is wrong is refused by its place. */
#include "unit.h"

#include "pleats/pleats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *moons; /* an ONNX file */

static pleats_net *make(pleats_ctx *ctx, int32_t n_dims, const int64_t *dims,
                        int32_t n, const pleats_layer_arrays *layer)
{
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_from_arrays(ctx, n_dims, dims, n, layer,
                                        sizeof *layer, &net));
    return net;
}

/* Regions on a domain, which is freed. */
static uint64_t count_on(pleats_ctx *ctx, const pleats_net *net,
                         pleats_domain *domain)
{
    pleats_count_result r = {0};
    need_ok(ctx, pleats_count(ctx, net, domain, NULL, NULL, &r));
    assert_int_equal(r.label, PLEATS_EXACT);
    const uint64_t regions = strtoull(r.regions, NULL, 10);
    pleats_count_result_clear(ctx, &r);
    pleats_domain_free(ctx, domain);
    return regions;
}

/* ---- values ---- */

static double activation(double x, const pleats_layer_arrays *l)
{
    switch (l->type) {
    case PLEATS_RELU:
        return x > 0 ? x : 0;
    case PLEATS_LEAKY_RELU:
        return x >= 0 ? x : l->alpha * x;
    case PLEATS_ABS:
        return fabs(x);
    case PLEATS_CLIP:
        return fmin(fmax(x, l->lo), l->hi);
    default:
        return x < -1 ? -1 : x < 1 ? x : 2 * x - 1; /* PIECEWISE below */
    }
}

static void activations(void **state)
{
    static const double at[] = {-1, 1}, slope[] = {0, 1, 2};
    static const double intercept[] = {-1, 0, -1};
    static const double w[] = {1, -1, 2, 0.5}, b[] = {0.25, -1};
    static const int64_t dims[] = {2};
    const pleats_layer_arrays all[] = {
        {.type = PLEATS_RELU},
        {.type = PLEATS_LEAKY_RELU, .alpha = 0.125},
        {.type = PLEATS_ABS},
        {.type = PLEATS_CLIP, .lo = -0.5, .hi = 2},
        {.type = PLEATS_PIECEWISE,
         .n_breaks = 2,
         .breaks = at,
         .slopes = slope,
         .intercepts = intercept}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const pleats_layer_arrays layer[] = {
            {.type = PLEATS_AFFINE, .n_out = 2, .weight = w, .bias = b},
            all[i]};
        pleats_net *net = make(ctx, 1, dims, 2, layer);
        for (double x = -3; x <= 3; x += 0.5) {
            const double in[] = {x, 1 - x};
            double out[2];
            need_ok(ctx, pleats_net_eval(ctx, net, in, out, NULL));
            assert_true(out[0] == activation(in[0] - in[1] + 0.25, &all[i]));
            assert_true(out[1] ==
                        activation(2 * in[0] + 0.5 * in[1] - 1, &all[i]));
        }
        pleats_net_free(ctx, net);
    }
}

/* Entry [c][y][x] of an image of size x size, 0 outside. */
static double pixel(const double *image, int size, int c, int y, int x)
{
    bool is_there = y >= 0 && x >= 0 && y < size && x < size;
    return is_there ? image[(c * size + y) * size + x] : 0;
}

enum { SIZE = 5, FILTERS = 4 };

/* Two groups of one channel and two filters, stride 2, padding 1 before, 2
 * behind, dilation 2, then a maximum over 2 x 2. */
static void a_convolution(void **state)
{
    static const int64_t dims[] = {2, SIZE, SIZE};
    double w[FILTERS * 2 * 2], b[FILTERS], in[2 * SIZE * SIZE], out[FILTERS];
    pleats_ctx *ctx = *state;
    for (int i = 0; i < FILTERS * 4; i++)
        w[i] = (i * 7 % 11 - 5) / 4.0;
    for (int i = 0; i < FILTERS; i++)
        b[i] = i - 1.5;
    for (int i = 0; i < 2 * SIZE * SIZE; i++)
        in[i] = (i * 13 % 17 - 8) / 8.0;
    const pleats_layer_arrays layer[] = {
        {.type = PLEATS_CONV,
         .n_out = FILTERS,
         .weight = w,
         .bias = b,
         .kernel = {2, 2},
         .stride = {2, 2},
         .pad_before = {1, 1},
         .pad_behind = {2, 2},
         .dilation = {2, 2},
         .groups = 2},
        {.type = PLEATS_MAX_POOL, .kernel = {3, 3}}};
    pleats_net *net = make(ctx, 3, dims, 2, layer);
    assert_int_equal(pleats_net_n_outputs(net), FILTERS);
    need_ok(ctx, pleats_net_eval(ctx, net, in, out, NULL));
    for (int f = 0; f < FILTERS; f++) {
        double best = -INFINITY;
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 3; x++) {
                double sum = b[f];
                for (int k = 0; k < 4; k++)
                    sum += w[f * 4 + k] * pixel(in, SIZE, f / 2,
                                                2 * y - 1 + k / 2 * 2,
                                                2 * x - 1 + k % 2 * 2);
                best = fmax(best, sum);
            }
        assert_true(out[f] == best);
    }
    pleats_net_free(ctx, net);
}

static void pools_and_maxout(void **state)
{
    static const int64_t dims[] = {2, 4};
    static const double in[] = {1, 2, 4, 8, -1, 3, 5, -7};
    pleats_ctx *ctx = *state;
    double out[4];
    const pleats_layer_arrays average[] = {
        {.type = PLEATS_AVERAGE_POOL, .kernel = {2}}};
    const pleats_layer_arrays maxout[] = {{.type = PLEATS_MAXOUT, .rank = 2}};
    pleats_net *net = make(ctx, 2, dims, 1, average);
    need_ok(ctx, pleats_net_eval(ctx, net, in, out, NULL));
    assert_true(out[0] == 1.5 && out[1] == 6 && out[2] == 1 && out[3] == -1);
    pleats_net_free(ctx, net);
    net = make(ctx, 2, dims, 1, maxout);
    need_ok(ctx, pleats_net_eval(ctx, net, in, out, NULL));
    assert_true(out[0] == 1 && out[1] == 3 && out[2] == 5 && out[3] == 8);
    pleats_net_free(ctx, net);
}

/* ---- what is refused ---- */

static void refuse(pleats_ctx *ctx, int32_t n_dims, int32_t n,
                   const pleats_layer_arrays *layer, const char *word)
{
    static const int64_t dims[] = {1, 4, 4, 4, 4};
    pleats_net *net = NULL;
    assert_int_equal(pleats_net_from_arrays(ctx, n_dims, dims, n, layer,
                                            sizeof *layer, &net),
                     PLEATS_INVALID);
    assert_null(net);
    if (!strstr(pleats_ctx_message(ctx), word))
        fail_msg("'%s' does not say '%s'", pleats_ctx_message(ctx), word);
}

static void wrong_layers(void **state)
{
    static const double w[256] = {0}, bad[256] = {NAN};
    static const double at[] = {1, 1}, slope[] = {0, 1, 2}, zero[3] = {0};
    pleats_ctx *ctx = *state;
    const pleats_layer_arrays relu = {.type = PLEATS_RELU};
    const pleats_layer_arrays affine = {
        .type = PLEATS_AFFINE, .n_out = 2, .weight = w};
    pleats_layer_arrays two[] = {relu, affine};
    refuse(ctx, 0, 1, &relu, "sizes of the input");
    refuse(ctx, 5, 1, &relu, "sizes of the input");
    two[1].weight = NULL;
    refuse(ctx, 1, 2, two, "layer 1: its weight is NULL");
    two[1].weight = bad;
    refuse(ctx, 1, 2, two, "layer 1: weight[0] is not finite");
    two[1] = affine;
    two[1].bias = bad;
    refuse(ctx, 1, 2, two, "layer 1: bias[0] is not finite");
    two[1] = affine;
    two[1].n_out = 0;
    refuse(ctx, 1, 2, two, "layer 1: ");
    two[1] = (pleats_layer_arrays){
        .type = PLEATS_CONV, .n_out = 2, .weight = w, .kernel = {5, 5}};
    refuse(ctx, 3, 2, two, "layer 1: the kernel reaches over 5x5");
    two[1].kernel[1] = 0;
    refuse(ctx, 3, 2, two, "layer 1: axis 1 has kernel 0");
    two[1] = (pleats_layer_arrays){0};
    refuse(ctx, 1, 2, two, "layer 1: 0 is no type of layer");
    two[1] = (pleats_layer_arrays){.type = PLEATS_PIECEWISE,
                                   .n_breaks = 1,
                                   .breaks = at,
                                   .slopes = slope,
                                   .intercepts = zero};
    refuse(ctx, 1, 2, two, "layer 1: its function jumps at breakpoint 0");
    two[1].n_breaks = 2;
    refuse(ctx, 1, 2, two, "layer 1: breakpoint 1 is not above");
    two[1] = (pleats_layer_arrays){.type = PLEATS_CLIP, .lo = 1, .hi = 0};
    refuse(ctx, 1, 2, two, "layer 1: breakpoint 1 is not above");
    two[1] = (pleats_layer_arrays){.type = PLEATS_LEAKY_RELU, .alpha = NAN};
    refuse(ctx, 1, 2, two, "layer 1: piece 0 of its function is not finite");
}

/* A caller's struct that is longer: what is behind must be 0. */
static void a_longer_struct(void **state)
{
    struct {
        pleats_layer_arrays known;
        double unknown;
    } layer[] = {{{.type = PLEATS_RELU}, 0}, {{.type = PLEATS_ABS}, 0}};
    static const int64_t dims[] = {1};
    pleats_ctx *ctx = *state;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_from_arrays(ctx, 1, dims, 2, &layer->known,
                                        sizeof *layer, &net));
    assert_int_equal(pleats_net_n_units(net), 2);
    pleats_net_free(ctx, net);
    layer[1].unknown = 1;
    assert_int_equal(pleats_net_from_arrays(ctx, 1, dims, 2, &layer->known,
                                            sizeof *layer, &net),
                     PLEATS_INVALID);
}

/* ---- domains ---- */

/* One unit on each input, with its breakpoint at 1/3 exactly, and on the sum of
 * the inputs at 0: three lines that meet in (1/3, 1/3), (1/3, -1/3) and
 * (-1/3, 1/3), so that a convex set has as many regions as 1, the lines that it
 * meets and the points that it holds. */
static pleats_net *thirds(pleats_ctx *ctx)
{
    static const double w[] = {3, 0, 0, 3, 1, 1}, b[] = {-1, -1, 0};
    static const int64_t dims[] = {2};
    const pleats_layer_arrays layer[] = {
        {.type = PLEATS_AFFINE, .n_out = 3, .weight = w, .bias = b},
        {.type = PLEATS_RELU}};
    return make(ctx, 1, dims, 2, layer);
}

static void boxes(void **state)
{
    static const double minus[] = {-1, -1}, plus[] = {1, 1};
    static const double open_lo[] = {-INFINITY, 0}, near[] = {1.0 / 3, 0};
    static const char *const third[] = {"1/3", "0"}, *const one[] = {"1",
                                                                     "inf"};
    static const char *const zeros[] = {"0", "0"};
    pleats_ctx *ctx = *state;
    pleats_net *net = thirds(ctx);
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(minus),
                                   pleats_doubles(plus), &d));
    assert_int_equal(count_on(ctx, net, d), 7);
    need_ok(ctx, pleats_domain_cube(ctx, 2, "-1", "1", &d));
    assert_int_equal(count_on(ctx, net, d), 7);
    /* x0 >= 1/3 leaves nothing below the breakpoint; the double is below. */
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_texts(third),
                                   pleats_texts(one), &d));
    assert_int_equal(count_on(ctx, net, d), 2);
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(near),
                                   pleats_texts(one), &d));
    assert_int_equal(count_on(ctx, net, d), 4);
    /* x1 >= 0 alone. */
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(open_lo),
                                   (pleats_values){0}, &d));
    assert_int_equal(count_on(ctx, net, d), 6);
    need_ok(ctx, pleats_domain_box(ctx, 2, (pleats_values){0},
                                   (pleats_values){0}, &d));
    assert_int_equal(count_on(ctx, net, d), 7);
    need_ok(ctx, pleats_domain_ball(ctx, 2, pleats_texts(zeros), "1/3", &d));
    assert_int_equal(count_on(ctx, net, d), 2);
    need_ok(ctx,
            pleats_domain_ball(ctx, 2, pleats_doubles(near), "1/1000", &d));
    assert_int_equal(count_on(ctx, net, d), 2);
    pleats_net_free(ctx, net);
}

static void slices(void **state)
{
    static const double origin[] = {0, 0}, u[] = {1, 1}, uv[] = {1, 1, 1, -1};
    static const double dependent[] = {1, 2, 2, 4}, lo[] = {-1, -1},
                        hi[] = {1, 1};
    static const double big[] = {1, 0, 0, 0, 1, 0, 1, 1, 0}, at3[] = {0, 0, 0};
    const pleats_values none = {0};
    pleats_ctx *ctx = *state;
    pleats_net *net = thirds(ctx);
    pleats_domain *d = NULL;
    /* The diagonal: breakpoints at 1/3, for both inputs, and 0. */
    need_ok(ctx, pleats_domain_slice(ctx, 2, 1, pleats_doubles(origin),
                                     pleats_doubles(u), none, none, &d));
    assert_int_equal(count_on(ctx, net, d), 3);
    need_ok(ctx, pleats_domain_slice(ctx, 2, 1, pleats_doubles(origin),
                                     pleats_doubles(u), pleats_doubles(origin),
                                     pleats_doubles(hi), &d));
    assert_int_equal(count_on(ctx, net, d), 2);
    /* All of the plane by other axes. */
    need_ok(ctx, pleats_domain_slice(ctx, 2, 2, pleats_doubles(origin),
                                     pleats_doubles(uv), none, none, &d));
    assert_int_equal(count_on(ctx, net, d), 7);
    assert_int_equal(pleats_domain_slice(ctx, 2, 2, pleats_doubles(origin),
                                         pleats_doubles(dependent), none, none,
                                         &d),
                     PLEATS_INVALID);
    assert_non_null(strstr(pleats_ctx_message(ctx), "not independent"));
    /* Of three directions the third is the sum of the others. */
    assert_int_equal(pleats_domain_slice(ctx, 3, 3, pleats_doubles(at3),
                                         pleats_doubles(big), none, none, &d),
                     PLEATS_INVALID);
    assert_null(d);
    assert_int_equal(pleats_domain_slice(ctx, 2, 1, none, pleats_doubles(u),
                                         pleats_doubles(lo), none, &d),
                     PLEATS_INVALID);
    assert_string_equal(pleats_ctx_message(ctx), "origin is missing");
    pleats_net_free(ctx, net);
}

static void polytopes_and_unions(void **state)
{
    static const double a[] = {-1, 0, 0, -1, 1, 1}, b[] = {1, 1, 1};
    static const double left_lo[] = {-1, -1}, left_hi[] = {0, 1};
    static const double right_lo[] = {0, -1}, right_hi[] = {1, 1};
    pleats_ctx *ctx = *state;
    pleats_net *net = thirds(ctx);
    pleats_domain *d = NULL, *half[2] = {0};
    /* A triangle whose third side is x0 + x1 = 1. */
    need_ok(ctx, pleats_domain_polytope(ctx, 2, 3, pleats_doubles(a),
                                        pleats_doubles(b), &d));
    assert_int_equal(count_on(ctx, net, d), 7);
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(left_lo),
                                   pleats_doubles(left_hi), &half[0]));
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(right_lo),
                                   pleats_doubles(right_hi), &half[1]));
    need_ok(ctx, pleats_domain_union(ctx, 2, (const pleats_domain *const *)half,
                                     &d));
    assert_int_equal(pleats_domain_n_inputs(d), 2);
    assert_int_equal(count_on(ctx, net, d), 7);
    pleats_domain_free(ctx, half[0]);
    pleats_domain_free(ctx, half[1]);
    assert_int_equal(pleats_domain_union(ctx, 0, NULL, &d), PLEATS_INVALID);
    pleats_net_free(ctx, net);
}

static void wrong_domains(void **state)
{
    static const double nan[] = {0, NAN}, inf[] = {INFINITY, 0};
    static const double zero[] = {0, 0}, minus[] = {-1, -1};
    static const char *const words[] = {"0", "a third"}, *const null[] = {NULL};
    const pleats_values none = {0};
    pleats_ctx *ctx = *state;
    pleats_domain *d = NULL;
    const struct {
        pleats_values lo, hi;
        const char *word;
    } bad[] = {
        {pleats_doubles(nan), none, "lo[1] is not a number"},
        {pleats_doubles(inf), none, "lo[0] is infinite to the wrong"},
        {pleats_doubles(zero), pleats_doubles(minus), "lo[0] is above hi[0]"},
        {pleats_texts(words), none, "a third"},
        {pleats_texts(null), none, "lo[0] is NULL"},
        {{zero, words}, none, "as doubles and as texts"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(pleats_domain_box(ctx, 2, bad[i].lo, bad[i].hi, &d),
                         PLEATS_INVALID);
        assert_null(d);
        if (!strstr(pleats_ctx_message(ctx), bad[i].word))
            fail_msg("'%s' does not say '%s'", pleats_ctx_message(ctx),
                     bad[i].word);
    }
    assert_int_equal(pleats_domain_polytope(ctx, 2, 1, pleats_doubles(inf),
                                            pleats_doubles(zero), &d),
                     PLEATS_INVALID);
    assert_non_null(strstr(pleats_ctx_message(ctx), "only bounds may be"));
    assert_int_equal(pleats_domain_ball(ctx, 2, pleats_doubles(zero), "-1", &d),
                     PLEATS_INVALID);
    assert_int_equal(pleats_domain_box(ctx, 0, none, none, &d), PLEATS_INVALID);
}

/* ---- rows and bytes ---- */

static void rows(void **state)
{
    static const double x[] = {0, 0, 1, 1, 0.25, 0.5};
    static const double bad[] = {0, INFINITY};
    static const int64_t ends[] = {0, 1}, equal[] = {1, 1};
    static const int32_t twice[] = {0, 1, 0};
    pleats_ctx *ctx = *state;
    pleats_net *net = thirds(ctx);
    pleats_rows *points = NULL;
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_rows_from_array(ctx, 3, 2, x, "points", &points));
    assert_int_equal(pleats_rows_count(points), 3);
    assert_true(pleats_rows_row(points, 2)[1] == 0.5);
    need_ok(ctx, pleats_domain_rows(ctx, points, 2, ends, "-1", "1", &d));
    assert_int_equal(count_on(ctx, net, d), 3);
    assert_int_equal(pleats_domain_rows(ctx, points, 2, equal, "0", "1", &d),
                     PLEATS_INVALID);
    assert_int_equal(pleats_domain_axes(ctx, points, 0, 3, twice, "0", "1", &d),
                     PLEATS_INVALID);
    assert_non_null(strstr(pleats_ctx_message(ctx), "named twice"));
    need_ok(ctx, pleats_domain_row_ball(ctx, points, 2, "1/5", &d));
    assert_int_equal(count_on(ctx, net, d), 4);
    pleats_rows_free(ctx, points);
    assert_int_equal(pleats_rows_from_array(ctx, 1, 2, bad, NULL, &points),
                     PLEATS_INVALID);
    assert_string_equal(pleats_ctx_message(ctx),
                        "rows: number 1 of row 0 is not finite");
    pleats_net_free(ctx, net);
}

static void bytes_of_a_file(void **state)
{
    static unsigned char bytes[1 << 20];
    pleats_ctx *ctx = *state;
    pleats_net *file = NULL, *net = NULL;
    FILE *f = fopen(moons, "rb");
    assert_non_null(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    need_ok(ctx, pleats_net_load(ctx, moons, NULL, &file));
    need_ok(ctx, pleats_net_from_bytes(ctx, bytes, n, NULL, NULL, &net));
    assert_string_equal(pleats_net_sha256(file), pleats_net_sha256(net));
    assert_int_equal(pleats_net_n_units(file), pleats_net_n_units(net));
    pleats_net_free(ctx, net);
    pleats_net_free(ctx, file);
    assert_int_equal(
        pleats_net_from_bytes(ctx, bytes, n / 2, "half", NULL, &net),
        PLEATS_INVALID);
    assert_null(net);
    assert_int_equal(strncmp(pleats_ctx_message(ctx), "half: ", 6), 0);
    assert_int_equal(
        pleats_net_from_bytes(ctx, "\x1f\x8b\x08", 3, "packed", NULL, &net),
        PLEATS_INVALID);
    assert_int_equal(strncmp(pleats_ctx_message(ctx), "packed: ", 8), 0);
}

int main(int argc, char **argv)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(activations, ctx),
        cmocka_unit_test_prestate(a_convolution, ctx),
        cmocka_unit_test_prestate(pools_and_maxout, ctx),
        cmocka_unit_test_prestate(wrong_layers, ctx),
        cmocka_unit_test_prestate(a_longer_struct, ctx),
        cmocka_unit_test_prestate(boxes, ctx),
        cmocka_unit_test_prestate(slices, ctx),
        cmocka_unit_test_prestate(polytopes_and_unions, ctx),
        cmocka_unit_test_prestate(wrong_domains, ctx),
        cmocka_unit_test_prestate(rows, ctx),
        cmocka_unit_test_prestate(bytes_of_a_file, ctx),
    };
    moons = argc > 1 ? argv[1] : "";
    return RUN(tests, ctx);
}
