/* Random networks: the generator, the distributions, the layers. */
#include "unit.h"

#include "base/rng.h"
#include "counts.h"
#include "domains.h"
#include "onnx_write/write.h"
#include "pleats/make.h"
#include "spec/spec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The published outputs for the state 1, 2, 3, 4; splitmix64 after seed 0. */
static void test_generator(void **state)
{
    static const uint64_t first[] = {11520, 0, 1509978240,
                                     UINT64_C(1215971899390074240)};
    static const uint64_t seeded[] = {
        UINT64_C(0xe220a8397b1dcdaf), UINT64_C(0x6e789e6aa1b965f4),
        UINT64_C(0x06c45d188009454f), UINT64_C(0xf88bb8a8724c81ec)};
    pleats_rng rng = {{1, 2, 3, 4}};
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_true(pleats_rng_next(&rng) == first[i]);
    pleats_rng_init(&rng, 0);
    for (int i = 0; i < 4; i++)
        assert_true(rng.state[i] == seeded[i]);
}

static void test_below(void **state)
{
    int seen[7] = {0};
    pleats_rng rng;
    (void)state;
    pleats_rng_init(&rng, 3);
    for (int i = 0; i < 70000; i++)
        seen[pleats_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_true(abs(seen[i] - 10000) < 500);
}

/* Moments 1, 2 and 4, and how many lie within 1, 2 and 3 deviations; bounds
 * are 5 standard errors. */
static void test_normal(void **state)
{
    enum { N = 1000000 };
    static const double within[] = {0.6826894921, 0.9544997361, 0.9973002039};
    double sum = 0, square = 0, fourth = 0, inside[3] = {0};
    pleats_rng rng;
    (void)state;
    pleats_rng_init(&rng, 11);
    for (int i = 0; i < N; i++) {
        double x = pleats_rng_normal(&rng);
        sum += x;
        square += x * x;
        fourth += x * x * x * x;
        for (int k = 0; k < 3; k++)
            inside[k] += fabs(x) < k + 1;
    }
    assert_true(fabs(sum / N) < 5 * 1e-3);
    assert_true(fabs(square / N - 1) < 5 * sqrt(2.0 / N));
    assert_true(fabs(fourth / N - 3) < 5 * sqrt(96.0 / N));
    for (int k = 0; k < 3; k++)
        assert_true(fabs(inside[k] / N - within[k]) <
                    5 * sqrt(within[k] * (1 - within[k]) / N));
}

static pleats_net *make(pleats_ctx *ctx, const char *text,
                        const pleats_init *init)
{
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_net_random(ctx, spec, init, &net));
    pleats_spec_clear(ctx, spec);
    return net;
}

/* Computed by another program from the definition: U(-1/2, 1/2), float32. */
static void test_seed(void **state)
{
    static const double first[] = {0.20292183756828308, 0.020436620339751244,
                                   0.07410570234060287, -0.1086713969707489,
                                   0.1971784234046936};
    pleats_ctx *ctx = *state;
    const pleats_init init = {.seed = 1};
    pleats_net *net = make(ctx, "mlp:4,1", &init);
    for (int i = 0; i < 4; i++)
        assert_true(net->step[0].weight[i] == first[i]);
    assert_true(net->step[0].bias[0] == first[4]);
    pleats_net_clear(ctx, net);
}

typedef struct {
    double deviation, most;
} spread;

static spread spread_of(const double *x, size_t n)
{
    spread s = {0, 0};
    for (size_t i = 0; i < n; i++) {
        assert_true((double)(float)x[i] == x[i]);
        s.deviation += x[i] * x[i];
        s.most = fmax(s.most, fabs(x[i]));
    }
    s.deviation = sqrt(s.deviation / (double)n);
    return s;
}

/* Deviations: fc of 400 -> 100; conv of 8 -> 60 filters, 4 groups, 5x5, whose
 * fans are 50 and 1500 [PyTorch counts all filters]. */
static void test_distributions(void **state)
{
    static const struct {
        pleats_weight_init weights;
        bool is_uniform;
        double fc, conv; /* deviations */
    } cases[] = {{PLEATS_WEIGHTS_TORCH, true, 0.0288675, 0.0816497},
                 {PLEATS_WEIGHTS_HE_NORMAL, false, 0.0707107, 0.2},
                 {PLEATS_WEIGHTS_HE_UNIFORM, true, 0.0707107, 0.2},
                 {PLEATS_WEIGHTS_XAVIER_NORMAL, false, 0.0632456, 0.0359211},
                 {PLEATS_WEIGHTS_XAVIER_UNIFORM, true, 0.0632456, 0.0359211}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const pleats_init init = {.weights = cases[i].weights, .seed = i};
        pleats_net *fc = make(ctx, "mlp:400,100", &init);
        pleats_net *conv = make(ctx, "cnn:in=8x5x5/conv=60@5,g=4", &init);
        spread a = spread_of(fc->step[0].weight, 40000);
        spread b = spread_of(conv->step[0].weight, 3000);
        assert_true(fabs(a.deviation / cases[i].fc - 1) < 0.02);
        assert_true(fabs(b.deviation / cases[i].conv - 1) < 0.07);
        assert_true((a.most <= 1.7321 * cases[i].fc) == cases[i].is_uniform);
        assert_true((b.most <= 1.7321 * cases[i].conv) == cases[i].is_uniform);
        pleats_net_clear(ctx, fc);
        pleats_net_clear(ctx, conv);
    }
}

static void test_biases(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_init init = {.weights = PLEATS_WEIGHTS_HE_NORMAL};
    pleats_net *net = make(ctx, "mlp:25,5000", &init);
    spread s = spread_of(net->step[0].bias, 5000);
    assert_true(s.most <= 0.2 && fabs(s.deviation * sqrt(3) / 0.2 - 1) < 0.05);
    pleats_net_clear(ctx, net);
    init.bias = PLEATS_BIAS_ZERO;
    net = make(ctx, "mlp:25,5000", &init);
    assert_true(spread_of(net->step[0].bias, 5000).most == 0);
    pleats_net_clear(ctx, net);
    init.bias = PLEATS_BIAS_NORMAL;
    init.deviation = 3;
    net = make(ctx, "mlp:25,5000", &init);
    s = spread_of(net->step[0].bias, 5000);
    assert_true(s.most > 6 && fabs(s.deviation / 3 - 1) < 0.05);
    pleats_net_clear(ctx, net);
}

static void test_normalisation(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_init init = {.seed = 5};
    pleats_net *net = make(ctx, "cnn:in=3x2/bn", &init);
    const pleats_step *s = &net->step[0];
    for (int i = 0; i < 6; i++) {
        assert_true(s->weight[i] >= 0.5 && s->weight[i] <= 1.5);
        assert_true(fabs(s->bias[i]) <= 0.5);
        assert_true(s->weight[i] == s->weight[i & ~1]);
    }
    assert_true(s->weight[0] != s->weight[2] && s->bias[0] != s->bias[2]);
    pleats_net_clear(ctx, net);
}

static void test_bytes(void **state)
{
    pleats_ctx *ctx = *state;
    unsigned char *bytes[3] = {0};
    size_t n[3] = {0};
    for (int i = 0; i < 3; i++) {
        const pleats_init init = {.seed = i == 2};
        pleats_net *net = make(ctx, "cnn:in=1x4x4/conv=2@3/relu/fc=3", &init);
        need_ok(ctx, pleats_onnx_print(ctx, net, &bytes[i], &n[i]));
        pleats_net_clear(ctx, net);
    }
    assert_true(n[0] == n[1] && memcmp(bytes[0], bytes[1], n[0]) == 0);
    assert_true(n[0] != n[2] || memcmp(bytes[0], bytes[2], n[0]) != 0);
    for (int i = 0; i < 3; i++)
        pleats_release(ctx, bytes[i]);
}

/* One layer on all of R^n has the number of regions that brute force over
 * integers found, whatever the weights: that tells units, windows, padding and
 * pieces apart. */
static void test_regions(void **state)
{
    static const struct {
        const char *spec;
        size_t regions;
    } cases[] = {{"cnn:in=1x3/conv=3@2/relu", 40},
                 {"cnn:in=1x5/conv=4@3,s=2/relu", 209},
                 {"cnn:in=2x3/conv=4@2/leakyrelu", 247},
                 {"cnn:in=1x4/conv=2@3,p=1/relu", 161},
                 {"cnn:in=1x2/conv=4@5,p=2/abs", 37},
                 {"cnn:in=1x3/conv=2@2/hardtanh", 65},
                 {"cnn:in=1x3/conv=2@2/pl=3", 65},
                 {"cnn:in=1x4/conv=2@2/pl=3", 441},
                 {"cnn:in=1x3/conv=2@2/pl=4", 175},
                 {"cnn:in=1x5/conv=2@3,s=2/pl=4", 256},
                 {"cnn:in=1x3x3/conv=2@2/relu", 255},
                 {"cnn:in=1x2x2/conv=2@2,p=1/relu", 2764},
                 {"cnn:in=1x3x3/conv=3@2,p=1,s=2/relu", 1568},
                 {"cnn:in=1x6/conv=2@2,d=2/relu", 225},
                 {"cnn:in=1x6/conv=3@2,s=2/relu", 343},
                 {"cnn:in=1/fc=1/pl=7", 7}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            const pleats_init init = {.seed = seed};
            pleats_net *net = make(ctx, cases[i].spec, &init);
            pleats_domain *all = domain_all(ctx, net->n_inputs);
            counts c = count_net(ctx, net, all, false, false);
            if (c.regions != cases[i].regions)
                fail_msg("%s: %zu regions, not %zu", cases[i].spec, c.regions,
                         cases[i].regions);
            pleats_domain_clear(ctx, all);
            pleats_net_clear(ctx, net);
        }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_generator, ctx),
        cmocka_unit_test_prestate(test_below, ctx),
        cmocka_unit_test_prestate(test_normal, ctx),
        cmocka_unit_test_prestate(test_seed, ctx),
        cmocka_unit_test_prestate(test_distributions, ctx),
        cmocka_unit_test_prestate(test_biases, ctx),
        cmocka_unit_test_prestate(test_normalisation, ctx),
        cmocka_unit_test_prestate(test_bytes, ctx),
        cmocka_unit_test_prestate(test_regions, ctx)};
    return RUN(tests, ctx);
}
