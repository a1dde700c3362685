/* Specs that are read off networks: of those that were built from a spec, and
 * of files whose architecture is known. */
#include "meter.h"
#include "onnx/onnx.h"
#include "spec/of_spec.h"
#include "spec_same.h"
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

static const char *examples, *models, *ext;

/* Parameters that are no special numbers. */
static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *parameters)
{
    (void)ctx, (void)state, (void)spec, (void)index;
    for (size_t i = 0; i < parameters->n_weights; i++)
        parameters->weight[i] = 0.25 + (double)i;
    for (size_t i = 0; i < parameters->n_biases; i++)
        parameters->bias[i] = 0.75 - (double)i;
    return PLEATS_OK;
}

/* A network built from a spec has that spec. */
static void networks_of_specs(void **state)
{
    static const char *cases[] = {
        "mlp:2,5,4,1",
        "mlp:3,2,2:abs",
        "mlp:3,4,2,1:leakyrelu",
        "mlp:2,3,2,1:maxout=3",
        "cnn:in=2/fc=3,nobias/hardtanh/fc=4/relu6/fc=1",
        "cnn:in=2x7/conv=4@3,s=2,p=1,g=2/relu/maxpool=2/gap/pl=4/fc=2,nobias",
        "cnn:in=2x6x5/conv=3@3x2,p=0:1x1:0,d=2x1,nobias/bn/relu/"
        "maxpool=3x2,s=1x2,p=1x0/conv=4@2x2/maxout=2/flatten/fc=3/relu",
        "cnn:in=1x4x4x5/conv=2@2x3x1/relu/avgpool=2x1x2,s=1/flatten/fc=1",
        "cnn:in=2x4x4/bn/res{conv=2@3x3,p=1/relu/res{conv=2@1x1/bn}}/relu/"
        "res{abs/conv=2@3x3,p=1}/avgpool=2,s=1,p=1/flatten/fc=2",
        "cnn:in=3/res{res{fc=3/relu}/fc=3}/relu",
        "cnn:in=2x4/avgpool=2/flatten/fc=3/relu/fc=2",
        "cnn:in=3x2/gap/fc=2/hardtanh",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_net *net = NULL;
        pleats_spec *a = spec_parse(*state, cases[i]), *b = NULL;
        need_ok(*state, pleats_net_of_spec(*state, a, fill, NULL, &net));
        need_ok(*state, pleats_spec_of_net(*state, net, &b));
        assert_string_equal(a->text, cases[i]);
        expect_same_spec(a, b);
        pleats_spec_clear(*state, a);
        pleats_spec_clear(*state, b);
        pleats_net_clear(*state, net);
    }
}

/* Text to spec to network to spec with the allocator failing at call k. */
static pleats_status make_with(meter *m)
{
    const char *text = "cnn:in=1x6x6/conv=2@3x3/relu/res{conv=2@1/bn}/relu/"
                       "maxpool=2/flatten/fc=1";
    const pleats_allocator allocator = meter_allocator(m);
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = NULL;
    pleats_spec *a = NULL, *b = NULL;
    pleats_net *net = NULL;
    TRY(pleats_ctx_new(&allocator, &ctx));
    TRY(pleats_spec_parse(ctx, text, &a));
    TRY(pleats_net_of_spec(ctx, a, fill, NULL, &net));
    TRY(pleats_spec_of_net(ctx, net, &b));
done:
    if (ctx) {
        pleats_spec_clear(ctx, a);
        pleats_spec_clear(ctx, b);
        pleats_net_clear(ctx, net);
        pleats_ctx_free(ctx);
    }
    return status;
}

static void allocations_fail(void **state)
{
    (void)state;
    meter whole = {0};
    assert_int_equal(make_with(&whole), PLEATS_OK);
    for (size_t k = 1; k <= whole.calls; k++) {
        meter m = {.fail_at = k};
        assert_int_equal(make_with(&m), PLEATS_NOMEM);
        assert_int_equal(m.blocks, 0);
        assert_false(m.is_unsound);
    }
}

/* ---- shifts and scales that are no layer ---- */

/* Parts of a network on two scalars: c and d 2x2 layers without and with bias,
 * s a shift, x factors, y both, r ReLU, t hard tanh, m the maximum of both. */
static pleats_idx add_part(pleats_ctx *ctx, pleats_net *net, char part,
                           pleats_idx from)
{
    const pleats_idx in[] = {from, from + 1}, start[] = {0, 1, 2},
                     both[] = {0, 2};
    const double weight[] = {1, 2, 3, 5}, one[] = {1, 1}, two[] = {1, 2},
                 bias[] = {-1, 1};
    double at[] = {0}, slope[] = {0, 1}, intercept[] = {0, 0};
    double ats[] = {-1, 1}, slopes[] = {0, 1, 0}, intercepts[] = {-1, 0, 1};
    const pleats_pl relu = {
        .n_breaks = 1, .at = at, .slope = slope, .intercept = intercept};
    const pleats_pl tanh = {
        .n_breaks = 2, .at = ats, .slope = slopes, .intercept = intercepts};
    pleats_idx out = 0;
    if (part == 'c' || part == 'd')
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 2, 2, in, weight,
                                          part == 'd' ? bias : NULL, &out));
    else if (part == 's' || part == 'x' || part == 'y')
        need_ok(ctx, pleats_net_add_sparse(
                         ctx, net, NULL, 2, start, in, part == 's' ? one : two,
                         part == 'x' ? NULL : bias, NULL, &out));
    else if (part == 'm')
        need_ok(ctx,
                pleats_net_add_max(ctx, net, NULL, false, 1, both, in, &out));
    else
        need_ok(ctx,
                pleats_net_add_pl(ctx, net, NULL, 2, in, 1,
                                  part == 'r' ? &relu : &tanh, NULL, &out));
    return out;
}

/* Without them the bounds for networks without biases, and those for units
 * right below a pool, would be claimed where they do not hold. */
static void shifts_and_scales(void **state)
{
    static const char *cases[][2] = {
        {"cr", "cnn:in=2/fc=2,nobias/relu"},
        {"csr", "cnn:in=2/fc=2/relu"},
        {"cxsr", "cnn:in=2/fc=2/relu"},
        {"cyr", "cnn:in=2/fc=2/relu"},
        {"ycr", "cnn:in=2/fc=2/relu"},
        {"cxr", "cnn:in=2/fc=2,nobias/relu"},
        {"scr", "cnn:in=2/fc=2/relu"},
        {"sxcr", "cnn:in=2/fc=2/relu"},
        {"crscr", "cnn:in=2/fc=2,nobias/relu/fc=2/relu"},
        {"crscrcr", "cnn:in=2/fc=2,nobias/relu/fc=2/relu/fc=2,nobias/relu"},
        {"crxcr", "cnn:in=2/fc=2,nobias/relu/fc=2,nobias/relu"},
        {"rsr", "cnn:in=2/relu/bn/relu"},
        {"sr", "cnn:in=2/bn/relu"},
        {"drxr", "cnn:in=2/fc=2/relu/relu"},
        {"drm", "cnn:in=2/fc=2/relu/maxout=2"},
        {"drsm", "cnn:in=2/fc=2/relu/bn/maxout=2"},
        {"dtxm", "cnn:in=2/fc=2/hardtanh/bn/maxout=2"},
        {"dxm", "cnn:in=2/fc=2/maxout=2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_net *net = NULL;
        pleats_spec *spec = NULL;
        pleats_idx at = 0;
        need_ok(*state, pleats_net_new(*state, 2, &net));
        for (const char *part = cases[i][0]; *part; part++)
            at = add_part(*state, net, *part, at);
        need_ok(*state, pleats_net_set_outputs(*state, net, 1, &at));
        need_ok(*state, pleats_spec_of_net(*state, net, &spec));
        if (strcmp(spec->text, cases[i][1]) != 0)
            fail_msg("%s: %s, not %s", cases[i][0], spec->text, cases[i][1]);
        pleats_spec_clear(*state, spec);
        pleats_net_clear(*state, net);
    }
}

static pleats_spec *spec_of_file(pleats_ctx *ctx, const char *folder,
                                 const char *name)
{
    char path[512];
    pleats_net *net = NULL;
    pleats_spec *spec = NULL;
    snprintf(path, sizeof path, "%s/%s.onnx", folder, name);
    need_ok(ctx, pleats_onnx_load(ctx, path, NULL, &net));
    need_ok(ctx, pleats_spec_of_net(ctx, net, &spec));
    pleats_net_clear(ctx, net);
    return spec;
}

static void expect_file(pleats_ctx *ctx, const char *folder, const char *name,
                        const char *text)
{
    pleats_spec *a = spec_of_file(ctx, folder, name),
                *b = spec_parse(ctx, text);
    if (strcmp(a->text, b->text) != 0)
        print_error("%s:\n", name);
    expect_same_spec(a, b);
    pleats_spec_clear(ctx, a);
    pleats_spec_clear(ctx, b);
}

/* Architectures as the scripts that made the files have them. */
static void example_files(void **state)
{
    expect_file(*state, examples, "moons", "mlp:2,16,16,1");
    expect_file(*state, examples, "bars",
                "cnn:in=1x6x6/conv=3@3x3/relu/maxpool=2/flatten/fc=3");
}

/* Architectures as the networks' README has them. */
static void trained_files(void **state)
{
    static const char *cases[][2] = {
        {"moons_mlp_32x3", "mlp:2,32,32,32,1"},
        {"digits_mlp_16", "mlp:64,16,10"},
        {"wine_mlp_16", "mlp:13,16,3"},
        {"cancer_mlp_12x2", "mlp:30,12,12,1"},
        {"sdf3d_mlp_32x2", "mlp:3,32,32,1"},
        {"digits_lenet", "cnn:in=1x8x8/conv=4@3x3,p=1/relu/maxpool=2/"
                         "conv=8@3x3/relu/flatten/fc=10"},
        {"digits_lenet_op15", "cnn:in=1x8x8/conv=4@3x3,p=1/relu/maxpool=2/"
                              "conv=8@3x3/relu/flatten/fc=10"},
        {"digits_conv1", "cnn:in=1x8x8/conv=3@3x3,s=2/relu/flatten/fc=10"},
        {"digits_resnet",
         "cnn:in=1x8x8/conv=6@3x3,p=1/relu/res{conv=6@3x3,p=1/relu/"
         "conv=6@3x3,p=1}/relu/conv=16@3x3,s=2,p=1/relu/gap/fc=10"},
        {"digits_resnet_bn",
         "cnn:in=1x8x8/conv=6@3x3,p=1,nobias/bn/relu/res{"
         "conv=6@3x3,p=1,nobias/bn/relu/conv=6@3x3,p=1,nobias/bn}/relu/"
         "conv=16@3x3,s=2,p=1/relu/gap/fc=10"},
        {"digits_mixedact",
         "cnn:in=1x8x8/conv=4@3x3,p=1/leakyrelu/conv=6@3x3,s=2/relu6/"
         "avgpool=2,s=1/flatten/fc=12/hardtanh/fc=10"},
        {"digits_prelu_hsig", "cnn:in=64/fc=16/leakyrelu/fc=12/pl=3/fc=10"},
        {"charts_conv1d", "cnn:in=1x32/conv=4@5,s=2/relu/conv=6@3,s=2/relu/"
                          "maxpool=2/flatten/fc=6"},
        {"fashion12_cnn", "cnn:in=1x12x12/conv=4@3x3/relu/maxpool=2/"
                          "conv=8@3x3/relu/flatten/fc=10"},
        {"fashion28_cnn", "cnn:in=1x28x28/conv=4@5x5,s=2,p=2/relu/"
                          "conv=8@3x3,s=2,p=1/relu/flatten/fc=10"},
        {"fashion28_mlp_24x2", "mlp:784,24,24,10"},
        {"zoo/degen_affine_only", "mlp:2,1"},
        {"zoo/avgpool_ceil_pad",
         "cnn:in=1x6x6/conv=2@3x3/relu/avgpool=3,s=2,p=1/flatten/fc=2"},
        {"zoo/maxpool_pad_overlap",
         "cnn:in=1x6x6/conv=2@3x3/relu/maxpool=3,s=2,p=1/flatten/fc=2"},
        {"zoo/group_conv",
         "cnn:in=1x6x6/conv=4@3x3/relu/conv=4@2x2,g=2,nobias/relu/flatten/"
         "fc=1"},
        {"zoo/conv1d_squeeze", "cnn:in=1x8/conv=1@3,p=1/relu/flatten/fc=2"},
        {"zoo/bn_before_after_relu", "cnn:in=3/fc=5/bn/relu/bn/fc=2"},
        {"zoo/reducemean_hw", "cnn:in=1x6x6/conv=4@3x3/relu/gap/fc=2"},
        {"enc/local_functions", "mlp:2,6,5,2"},
        {"enc/gemm_alpha_beta", "mlp:2,6,5,2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_file(*state, models, cases[i][0], cases[i][1]);
}

/* Other people's, where they are there. */
static void published_files(void **state)
{
    if (access(ext, R_OK) != 0)
        skip();
    expect_file(*state, ext, "ACASXU_run2a_1_1_batch_2000",
                "mlp:5,50,50,50,50,50,50,5");
    expect_file(*state, ext, "mnist-net_256x2", "mlp:784,256,256,10");
}

/* Networks that are no chain keep their units and their inputs. */
static void general_files(void **state)
{
    static const struct {
        const char *name;
        int64_t n_inputs, n_units, n_outputs;
    } cases[] = {{"digits_dwconcat", 64, 512, 10},
                 {"zoo/maxout_max", 2, 4, 1},
                 {"zoo/skip_concat_sdf", 3, 16, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = spec_of_file(*state, models, cases[i].name);
        const pleats_shape out = pleats_spec_output(spec);
        assert_false(pleats_spec_is_chain(spec));
        assert_int_equal(pleats_shape_count(&spec->input), cases[i].n_inputs);
        assert_int_equal(pleats_spec_n_units(spec), cases[i].n_units);
        assert_int_equal(pleats_shape_count(&out), cases[i].n_outputs);
        pleats_spec_clear(*state, spec);
    }
}

int main(int argc, char **argv)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(networks_of_specs, ctx),
        cmocka_unit_test(allocations_fail),
        cmocka_unit_test_prestate(shifts_and_scales, ctx),
        cmocka_unit_test_prestate(example_files, ctx),
        cmocka_unit_test_prestate(trained_files, ctx),
        cmocka_unit_test_prestate(published_files, ctx),
        cmocka_unit_test_prestate(general_files, ctx),
    };
    examples = argc > 1 ? argv[1] : ".";
    models = argc > 2 ? argv[2] : ".";
    ext = argc > 3 ? argv[3] : ".";
    return RUN(tests, ctx);
}
