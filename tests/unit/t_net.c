/* Every kind of step against values worked out by hand. */
#include "activations.h"
#include "net/net.h"
#include "unit.h"

#include <math.h>

static const pleats_idx first[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};

static pleats_net *net_of(pleats_ctx *ctx, pleats_idx n_inputs)
{
    pleats_net *net = NULL;
    assert_int_equal(pleats_net_new(ctx, n_inputs, &net), PLEATS_OK);
    return net;
}

/* Evaluates and compares scalars from `out` on, exactly. */
static void expect_values(pleats_ctx *ctx, const pleats_net *net,
                          const double *x, pleats_idx out, pleats_idx n,
                          const double *want)
{
    double scalar[64];
    assert_true(net->n_scalars <= 64);
    assert_int_equal(pleats_net_evaluate(ctx, net, x, scalar, NULL), PLEATS_OK);
    for (pleats_idx i = 0; i < n; i++)
        assert_true(scalar[out + i] == want[i]);
}

static void expect_row(const pleats_net *net, pleats_idx i, pleats_idx n,
                       const pleats_idx *in, const double *weight)
{
    pleats_idx scratch[64];
    assert_true(pleats_net_row_terms(net) <= 64);
    pleats_row row = pleats_step_row(&net->step[net->n_steps - 1], i, scratch);
    assert_int_equal(row.n, n);
    for (pleats_idx j = 0; j < n; j++) {
        assert_int_equal(row.in[j], in[j]);
        assert_true(row.weight[j] == weight[j]);
    }
}

static void dense(void **state)
{
    static const double weight[] = {1, 2, 3, -4, 0, 0.5}, bias[] = {10, -1};
    static const pleats_idx in[] = {2, 0, 2};
    pleats_net *net = net_of(*state, 3);
    pleats_idx out = 0;
    assert_int_equal(
        pleats_net_add_dense(*state, net, NULL, 2, 3, in, weight, bias, &out),
        PLEATS_OK);
    assert_int_equal(out, 3);
    assert_int_equal(net->n_scalars, 5);
    assert_int_equal(net->n_units, 0);
    expect_row(net, 1, 3, in, weight + 3);
    expect_values(*state, net, (double[]){5, 6, 7}, out, 2,
                  (double[]){7 + 10 + 21 + 10, -28 + 3.5 - 1});
    assert_int_equal(
        pleats_net_add_dense(*state, net, NULL, 1, 1, &out, weight, NULL, &out),
        PLEATS_OK);
    expect_values(*state, net, (double[]){5, 6, 7}, out, 1, (double[]){48});
    pleats_net_clear(*state, net);
}

static void sparse(void **state)
{
    static const pleats_idx start[] = {0, 3, 3, 4}, in[] = {0, 0, 1, 1};
    static const double weight[] = {1, 1, 1, -1}, bias[] = {0, 5, 1};
    static const double divisor[] = {3, 2, -4};
    pleats_net *net = net_of(*state, 2);
    pleats_idx out = 0;
    assert_int_equal(pleats_net_add_sparse(*state, net, NULL, 3, start, in,
                                           weight, bias, divisor, &out),
                     PLEATS_OK);
    expect_values(*state, net, (double[]){4, 7}, out, 3,
                  (double[]){5, 2.5, 1.5});
    expect_row(net, 0, 3, in, weight);
    assert_int_equal(pleats_net_add_sparse(*state, net, NULL, 3, start, in,
                                           weight, NULL, NULL, &out),
                     PLEATS_OK);
    expect_values(*state, net, (double[]){4, 7}, out, 3, (double[]){15, 0, -7});
    pleats_net_clear(*state, net);
}

/* 3x3 inputs, a 2x2 kernel: out(y, x) = a + 10 b + 100 c + 1000 d. */
static void convolution_two_dimensional(void **state)
{
    static const pleats_conv_shape shape = {1,      1,      1,      2,
                                            {3, 3}, {2, 2}, {1, 1}, {1, 1}};
    static const double weight[] = {1, 10, 100, 1000}, bias[] = {0.5};
    static const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    pleats_net *net = net_of(*state, 9);
    pleats_idx out = 0;
    assert_int_equal(pleats_net_add_conv(*state, net, NULL, &shape, first,
                                         weight, bias, &out),
                     PLEATS_OK);
    assert_int_equal(net->n_scalars, 13);
    expect_values(*state, net, x, out, 4,
                  (double[]){5421.5, 6532.5, 8754.5, 9865.5});
    expect_row(net, 2, 4, (pleats_idx[]){3, 4, 6, 7}, weight);
    pleats_net_clear(*state, net);
}

/* Stride 2, dilation 2 and zeros at both ends of 5 inputs; two filters. */
static void convolution_with_gaps(void **state)
{
    static const pleats_conv_shape shape = {1, 1, 2, 1, {7}, {2}, {2}, {2}};
    static const pleats_idx in[] = {-1, 0, 1, 2, 3, 4, -1};
    static const double weight[] = {1, 10, -1, 2}, bias[] = {0, 100};
    pleats_net *net = net_of(*state, 5);
    pleats_idx out = 0;
    assert_int_equal(
        pleats_net_add_conv(*state, net, NULL, &shape, in, weight, bias, &out),
        PLEATS_OK);
    expect_values(*state, net, (double[]){1, 2, 3, 4, 5}, out, 6,
                  (double[]){20, 42, 4, 104, 106, 96});
    pleats_net_clear(*state, net);
}

/* Two groups of one channel each, and two channels that are summed. */
static void convolution_with_channels(void **state)
{
    static const pleats_conv_shape grouped = {2, 1, 1, 1, {2}, {2}, {1}, {1}};
    static const pleats_conv_shape summed = {1, 2, 1, 1, {2}, {1}, {1}, {1}};
    static const pleats_conv_shape point = {1, 2, 2, 0, {0}, {0}, {0}, {0}};
    static const double four[] = {1, 2, 3, 4}, two[] = {1, 100};
    static const double x[] = {5, 6, 7, 8};
    pleats_net *net = net_of(*state, 4);
    pleats_idx out = 0;
    assert_int_equal(pleats_net_add_conv(*state, net, NULL, &grouped, first,
                                         four, NULL, &out),
                     PLEATS_OK);
    expect_values(*state, net, x, out, 2, (double[]){17, 53});
    assert_int_equal(
        pleats_net_add_conv(*state, net, NULL, &summed, first, two, NULL, &out),
        PLEATS_OK);
    expect_values(*state, net, x, out, 2, (double[]){705, 806});
    assert_int_equal(
        pleats_net_add_conv(*state, net, NULL, &point, first, four, two, &out),
        PLEATS_OK);
    expect_values(*state, net, x, out, 2, (double[]){18, 139});
    pleats_net_clear(*state, net);
}

static void convolution_three_dimensional(void **state)
{
    static const pleats_conv_shape shape = {
        1, 1, 1, 3, {2, 2, 2}, {2, 1, 2}, {1, 1, 1}, {1, 1, 1}};
    static const double weight[] = {1, 10, 100, 1000};
    static const double x[] = {1, 2, 3, 4, 5, 6, 7, 8};
    pleats_net *net = net_of(*state, 8);
    pleats_idx out = 0;
    assert_int_equal(pleats_net_add_conv(*state, net, NULL, &shape, first,
                                         weight, NULL, &out),
                     PLEATS_OK);
    expect_values(*state, net, x, out, 2, (double[]){6521, 8743});
    pleats_net_clear(*state, net);
}

/* The value and piece of one unit at x. */
static void expect_unit(pleats_ctx *ctx, const pleats_net *net, double x,
                        double value, pleats_idx piece)
{
    double scalar[8];
    pleats_idx pieces[4] = {-1, -1, -1, -1};
    assert_int_equal(pleats_net_evaluate(ctx, net, &x, scalar, pieces),
                     PLEATS_OK);
    assert_true(scalar[1] == value);
    assert_int_equal(pieces[0], piece);
}

static void units_of_one_scalar(void **state)
{
    static const struct {
        activation a;
        double x, value;
        pleats_idx piece;
    } table[] = {
        {ACT_RELU, -2, 0, 0},
        {ACT_RELU, 0, 0, 0},
        {ACT_RELU, 0x1p-1074, 0x1p-1074, 1},
        {ACT_LEAKY, -2, -0.25, 0},
        {ACT_ABS, -3, 3, 0},
        {ACT_ABS, 3, 3, 1},
        {ACT_HARDTANH, -1, -1, 0},
        {ACT_HARDTANH, -0.5, -0.5, 1},
        {ACT_HARDTANH, 1, 1, 1},
        {ACT_HARDTANH, 9, 1, 2},
        {ACT_RIPPLE, 0.75, 1.5, 1},
        {ACT_RIPPLE, 2, 1, 2},
        {ACT_LINEAR, 2, 6, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        pleats_net *net = net_of(*state, 1);
        pleats_idx out = 0;
        assert_int_equal(pleats_net_add_pl(*state, net, NULL, 1, first, 1,
                                           activation_function(table[i].a),
                                           NULL, &out),
                         PLEATS_OK);
        expect_unit(*state, net, table[i].x, table[i].value, table[i].piece);
        pleats_net_clear(*state, net);
    }
}

static void breakpoints_without_a_bend_are_dropped(void **state)
{
    const pleats_pl table[] = {*activation_function(ACT_RIPPLE),
                               *activation_function(ACT_LINEAR)};
    static const pleats_idx which[] = {1, 0, 1};
    pleats_net *net = net_of(*state, 3);
    pleats_idx out = 0;
    assert_int_equal(
        pleats_net_add_pl(*state, net, NULL, 3, first, 2, table, which, &out),
        PLEATS_OK);
    assert_int_equal(net->n_units, 3);
    assert_int_equal(pleats_step_pieces(&net->step[0], 0), 1);
    assert_int_equal(pleats_step_pieces(&net->step[0], 1), 3);
    assert_true(pleats_step_function(&net->step[0], 1)->at[1] == 1);
    assert_true(pleats_step_function(&net->step[0], 1)->intercept[2] == 3);
    pleats_net_clear(*state, net);
}

static void maxima_and_minima(void **state)
{
    static const pleats_idx start[] = {0, 3, 4, 6}, in[] = {0, 1, 2, 2, 1, 1};
    static const double x[] = {3, 5, 5};
    double scalar[9];
    pleats_idx piece[6], out = 0;
    pleats_net *net = net_of(*state, 3);
    for (int is_min = 0; is_min < 2; is_min++)
        assert_int_equal(
            pleats_net_add_max(*state, net, NULL, is_min, 3, start, in, &out),
            PLEATS_OK);
    assert_int_equal(net->n_units, 6);
    assert_int_equal(net->step[1].first_unit, 3);
    assert_int_equal(pleats_step_pieces(&net->step[0], 0), 3);
    assert_int_equal(pleats_step_pieces(&net->step[0], 1), 1);
    assert_int_equal(pleats_net_evaluate(*state, net, x, scalar, piece),
                     PLEATS_OK);
    static const double value[] = {5, 5, 5, 3, 5, 5};
    static const pleats_idx winner[] = {1, 0, 0, 0, 0, 0};
    for (int i = 0; i < 6; i++) {
        assert_true(scalar[3 + i] == value[i]);
        assert_int_equal(piece[i], winner[i]);
    }
    pleats_net_clear(*state, net);
}

static void labels_and_outputs(void **state)
{
    static const int64_t dims[] = {1, 2};
    static const double weight[] = {1, -1};
    const pleats_step_label label = {"fc", "Gemm", 2, dims, 2};
    pleats_net *net = net_of(*state, 1);
    pleats_idx out = 0;
    assert_int_equal(pleats_net_add_dense(*state, net, &label, 2, 1, first,
                                          weight, NULL, &out),
                     PLEATS_OK);
    assert_string_equal(net->step[0].name, "fc");
    assert_string_equal(net->step[0].op, "Gemm");
    assert_int_equal(net->step[0].n_dims, 2);
    assert_int_equal(net->step[0].dims[1], 2);
    assert_int_equal(net->step[0].n_parameters, 2);
    assert_int_equal(
        pleats_net_set_outputs(*state, net, 2, (pleats_idx[]){2, 0}),
        PLEATS_OK);
    assert_int_equal(net->n_outputs, 2);
    assert_int_equal(net->output[0], 2);
    assert_int_equal(pleats_net_set_outputs(*state, net, 1, &out), PLEATS_OK);
    assert_int_equal(net->n_outputs, 1);
    assert_int_equal(pleats_net_set_outputs(*state, net, 1, (pleats_idx[]){3}),
                     PLEATS_INTERNAL);
    pleats_net_clear(*state, net);
    pleats_net_clear(*state, NULL);
}

/* A refused step leaves the network as it was. */
static void refusals(void **state)
{
    static const double nan_weight[] = {NAN}, one[] = {1}, zero[] = {0};
    static const double infinite[] = {INFINITY};
    static const pleats_idx from_one[] = {1, 2}, falling[] = {0, 1, 0};
    static const pleats_idx start[] = {0, 1}, no_candidate[] = {0, 0};
    static const pleats_conv_shape wide = {1, 1, 1, 1, {2}, {2}, {1}, {2}};
    const pleats_pl tangled = {2, (double[]){1, 1}, (double[]){0, 1, 0},
                               (double[]){0, -1, 0}};
    pleats_net *net = net_of(*state, 2);
    pleats_idx out = 0;
    pleats_net *none = NULL;
    assert_int_equal(pleats_net_new(*state, 0, &none), PLEATS_INVALID);
    assert_null(none);
    assert_int_equal(pleats_net_add_dense(*state, net, NULL, 1, 1, first,
                                          nan_weight, NULL, &out),
                     PLEATS_INVALID);
    assert_int_equal(pleats_net_add_dense(*state, net, NULL, 1, 1, first, one,
                                          infinite, &out),
                     PLEATS_INVALID);
    assert_int_equal(pleats_net_add_dense(*state, net, NULL, 1, 1, first + 2,
                                          one, NULL, &out),
                     PLEATS_INTERNAL);
    assert_int_equal(pleats_net_add_sparse(*state, net, NULL, 1, start, first,
                                           one, NULL, zero, &out),
                     PLEATS_INVALID);
    assert_int_equal(pleats_net_add_sparse(*state, net, NULL, 1, from_one,
                                           first, one, NULL, NULL, &out),
                     PLEATS_INTERNAL);
    assert_int_equal(pleats_net_add_sparse(*state, net, NULL, 2, falling, first,
                                           one, NULL, NULL, &out),
                     PLEATS_INTERNAL);
    assert_int_equal(
        pleats_net_add_conv(*state, net, NULL, &wide, first, one, NULL, &out),
        PLEATS_INVALID);
    assert_int_equal(pleats_net_add_max(*state, net, NULL, false, 1,
                                        no_candidate, first, &out),
                     PLEATS_INTERNAL);
    assert_int_equal(
        pleats_net_add_pl(*state, net, NULL, 1, first, 1, &tangled, NULL, &out),
        PLEATS_INTERNAL);
    assert_int_equal(pleats_net_add_pl(*state, net, NULL, 1, first, 1,
                                       activation_function(ACT_RELU), from_one,
                                       &out),
                     PLEATS_INTERNAL);
    assert_int_equal(net->n_steps, 0);
    assert_int_equal(net->n_scalars, 2);
    assert_int_equal(net->n_units, 0);
    pleats_net_clear(*state, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(dense, ctx),
        cmocka_unit_test_prestate(sparse, ctx),
        cmocka_unit_test_prestate(convolution_two_dimensional, ctx),
        cmocka_unit_test_prestate(convolution_with_gaps, ctx),
        cmocka_unit_test_prestate(convolution_with_channels, ctx),
        cmocka_unit_test_prestate(convolution_three_dimensional, ctx),
        cmocka_unit_test_prestate(units_of_one_scalar, ctx),
        cmocka_unit_test_prestate(breakpoints_without_a_bend_are_dropped, ctx),
        cmocka_unit_test_prestate(maxima_and_minima, ctx),
        cmocka_unit_test_prestate(labels_and_outputs, ctx),
        cmocka_unit_test_prestate(refusals, ctx),
    };
    return RUN(tests, ctx);
}
