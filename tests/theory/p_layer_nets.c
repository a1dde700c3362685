/* Every layer of the tables as a network with random weights: its regions,
 * found by cutting cells, are the number that the table has. */
#include "activations.h"
#include "counts.h"
#include "domains.h"
#include "layers.h"
#include "rng.h"
#include "unit.h"

#include "pleats/make.h"
#include "spec/spec.h"
#include "theory/windows.h"

#include <math.h>

#include <stdio.h>
#include <stdlib.h>

static pleats_spec *spec_of_layer(pleats_ctx *ctx,
                                  const pleats_conv_layer *layer)
{
    const pleats_layer_spec conv = {.kind = PLEATS_LAYER_CONV,
                                    .conv = layer->conv};
    const pleats_layer_spec units = {
        .kind = PLEATS_LAYER_ACTIVATION,
        .pieces = layer->pieces,
        .activation = layer->pieces == 2   ? PLEATS_ACT_RELU
                      : layer->pieces == 3 ? PLEATS_ACT_HARDTANH
                                           : PLEATS_ACT_PL};
    pleats_spec *spec = NULL;
    need_ok(ctx, pleats_spec_new(ctx, &layer->in, &spec));
    need_ok(ctx, pleats_spec_add(ctx, spec, &conv));
    need_ok(ctx, pleats_spec_add(ctx, spec, &units));
    need_ok(ctx, pleats_spec_end(ctx, spec, NULL));
    return spec;
}

static size_t count_all(pleats_ctx *ctx, pleats_net *net, pleats_idx n_inputs)
{
    pleats_domain *all = domain_all(ctx, n_inputs);
    const size_t regions = count_net(ctx, net, all, false, false).regions;
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    return regions;
}

static void table_layers(void **state)
{
    pleats_ctx *ctx = *state;
    const double most = n_cases(1) > 1 ? 3e5 : 1e5;
    const uint64_t first = number_from_environment("PLEATS_TEST_SEED", 1);
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        const double regions = row->truth ? atof(row->truth) : INFINITY;
        if (regions > most)
            continue;
        const pleats_conv_layer layer = layer_of_row(row);
        pleats_spec *spec = spec_of_layer(ctx, &layer);
        for (uint64_t seed = first; seed < first + n_cases(3); seed++) {
            const pleats_init init = {.weights = PLEATS_WEIGHTS_HE_NORMAL,
                                      .bias = PLEATS_BIAS_NORMAL,
                                      .deviation = 1,
                                      .seed = seed};
            pleats_net *net = NULL;
            need_ok(ctx, pleats_net_random(ctx, spec, &init, &net));
            const size_t got =
                count_all(ctx, net, (pleats_idx)pleats_shape_count(&layer.in));
            if ((double)got == regions)
                continue;
            fprintf(stderr, "row %zu, seed %llu: counted %zu, not %s\n", i,
                    (unsigned long long)seed, got, row->truth);
            fail();
        }
        pleats_spec_clear(ctx, spec);
    }
}

/* ---- layers that no spec describes: a matrix, a bias for every unit ---- */

typedef struct {
    pleats_idx n_in, n_out;
    double *weight, *bias;
} matrix;

static matrix new_matrix(int64_t n_in, int64_t n_out)
{
    return (matrix){(pleats_idx)n_in, (pleats_idx)n_out,
                    need_memory((size_t)(n_in * n_out), sizeof(double)),
                    need_memory((size_t)n_out, sizeof(double))};
}

/* Regions of units of function f on the matrix, which is freed. */
static size_t count_matrix(pleats_ctx *ctx, matrix m, const pleats_pl *f)
{
    pleats_net *net = NULL;
    pleats_idx *in = need_memory((size_t)(m.n_in + m.n_out), sizeof *in);
    pleats_idx first = 0;
    for (pleats_idx i = 0; i < m.n_in; i++)
        in[i] = i;
    need_ok(ctx, pleats_net_new(ctx, m.n_in, &net));
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, m.n_out, m.n_in, in,
                                      m.weight, m.bias, &first));
    for (pleats_idx i = 0; i < m.n_out; i++)
        in[i] = first + i;
    need_ok(ctx,
            pleats_net_add_pl(ctx, net, NULL, m.n_out, in, 1, f, NULL, &first));
    for (pleats_idx i = 0; i < m.n_out; i++)
        in[i] = first + i;
    need_ok(ctx, pleats_net_set_outputs(ctx, net, m.n_out, in));
    free(in);
    free(m.weight);
    free(m.bias);
    return count_all(ctx, net, m.n_in);
}

typedef enum { FREE_WEIGHTS, FREE_BIASES, NO_BIASES } freedom;

/* The layer with weights or biases that positions do not share. */
static matrix unroll(pleats_ctx *ctx, const pleats_conv_layer *layer,
                     freedom how, rng *r)
{
    const int64_t cells = pleats_shape_count(&layer->in),
                  channels = layer->in.channels;
    pleats_taps taps = {0};
    need_ok(ctx, pleats_taps_init(ctx, &taps, layer, false));
    matrix m = new_matrix(cells, layer->conv.filters * taps.n_positions);
    double *filter =
        need_memory((size_t)(taps.n_taps * channels), sizeof *filter);
    for (pleats_idx unit = 0; unit < m.n_out; unit++) {
        const pleats_idx p = unit % taps.n_positions;
        double *row = m.weight + (size_t)unit * (size_t)m.n_in;
        for (int64_t i = 0; i < taps.n_taps * channels; i++)
            if (p == 0 || how == FREE_WEIGHTS)
                filter[i] = rng_real(r, 30);
        m.bias[unit] = how == NO_BIASES ? 0 : rng_real(r, 30);
        for (pleats_idx tap = 0; tap < taps.n_taps; tap++)
            for (int64_t c = 0; c < channels; c++) {
                const pleats_idx cell = taps.cell[p * taps.n_taps + tap];
                if (cell >= 0)
                    row[cell * channels + c] = filter[tap * channels + c];
            }
    }
    free(filter);
    pleats_taps_clear(ctx, &taps);
    return m;
}

/* Three breakpoints, none at 0. */
static const pleats_pl *three_breaks(void)
{
    static double at[] = {-1, 0.5, 2}, slope[] = {0, 1, 2, 1},
                  intercept[] = {0, 1, 0.5, 2.5};
    static const pleats_pl f = {
        .n_breaks = 3, .at = at, .slope = slope, .intercept = intercept};
    return &f;
}

static void expect_regions(pleats_ctx *ctx, const layer_row *row, freedom how,
                           const pleats_pl *f)
{
    const pleats_conv_layer layer = layer_of_row(row);
    rng r = {number_from_environment("PLEATS_TEST_SEED", 1)};
    for (uint64_t i = 0; i < n_cases(3); i++) {
        const size_t got = count_matrix(ctx, unroll(ctx, &layer, how, &r), f);
        if ((double)got == atof(row->truth))
            continue;
        fprintf(stderr,
                "input %s kernel %s filters %d pieces %d freedom %d: counted "
                "%zu, not %s\n",
                row->input, row->kernel, (int)row->filters, (int)row->pieces,
                (int)how, got, row->truth);
        fail();
    }
}

/* Weights that positions do not share: the formula is right. */
static void unshared_weights(void **state)
{
    static const layer_row rows[] = {
        {"3x3", "2x2", 1, 0, 1, 1, 2, 2, NULL, "256"},
        {"3x3", "2x2", 1, 0, 1, 1, 3, 2, NULL, "4013"},
        {"2x2", "2x2", 1, 1, 1, 1, 1, 2, NULL, "224"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_regions(*state, &rows[i], FREE_WEIGHTS,
                       activation_function(ACT_RELU));
}

/* A bias for every unit is as good as one for every filter; and so are
 * breakpoints away from 0. */
static void free_biases(void **state)
{
    static const layer_row rows[] = {
        {"3", "2", 1, 0, 1, 1, 2, 2, NULL, "15"},
        {"3", "2", 1, 0, 1, 1, 3, 2, NULL, "40"},
        {"4", "2", 1, 0, 1, 1, 2, 2, NULL, "55"},
        {"4", "2", 1, 0, 1, 1, 3, 2, NULL, "217"},
        {"5", "3", 1, 0, 1, 1, 3, 2, NULL, "370"},
        {"3", "2", 1, 0, 1, 2, 3, 2, NULL, "64"},
        {"4", "3", 1, 1, 1, 1, 2, 2, NULL, "161"},
        {"3x3", "2x2", 1, 0, 1, 1, 2, 2, NULL, "255"},
        {"3x3", "2x2", 1, 0, 1, 1, 3, 2, NULL, "3998"},
        {"3", "2", 1, 0, 1, 1, 2, 3, NULL, "65"},
        {"3", "2", 1, 0, 1, 1, 3, 3, NULL, "217"},
        {"4", "2", 1, 0, 1, 1, 2, 3, NULL, "441"},
        {"4", "2", 1, 0, 1, 1, 2, 4, NULL, "1747"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const pleats_pl *f = rows[i].pieces == 2 ? activation_function(ACT_RELU)
                             : rows[i].pieces == 3
                                 ? activation_function(ACT_HARDTANH)
                                 : three_breaks();
        expect_regions(*state, &rows[i], FREE_BIASES, f);
        if (rows[i].pieces > 2)
            expect_regions(*state, &rows[i], NO_BIASES, f);
    }
}

/* No biases, a breakpoint at 0, perhaps one elsewhere. */
static void no_biases(void **state)
{
    static const layer_row rows[] = {
        {"3", "2", 1, 0, 1, 1, 2, 2, NULL, "14"},
        {"3", "2", 1, 0, 1, 1, 3, 2, NULL, "28"},
        {"4", "2", 1, 0, 1, 1, 2, 2, NULL, "48"},
        {"4", "2", 1, 0, 1, 1, 3, 2, NULL, "128"},
        {"5", "3", 1, 0, 1, 1, 3, 2, NULL, "306"},
        {"3", "2", 1, 0, 1, 2, 3, 2, NULL, "64"},
        {"4", "3", 1, 1, 1, 1, 2, 2, NULL, "124"},
        {"3x3", "2x2", 1, 0, 1, 1, 2, 2, NULL, "254"},
        {"3x3", "2x2", 1, 0, 1, 1, 3, 2, NULL, "3924"},
        {"3", "2", 1, 0, 1, 1, 2, 3, NULL, "64"},
        {"3", "2", 1, 0, 1, 1, 3, 3, NULL, "199"},
        {"4", "2", 1, 0, 1, 1, 2, 3, NULL, "430"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_regions(
            *state, &rows[i], NO_BIASES,
            activation_function(rows[i].pieces == 2 ? ACT_RELU : ACT_CLIP01));
}

/* Graph convolutions with three nodes: unit (i, k) has the weights
 * graph[i][j] w[k][c] at node j, channel c, and the bias of k. */
static void graphs(void **state)
{
    static const struct {
        double graph[3][3];
        size_t regions[4]; /* channels, filters: 1, 2; 1, 3; 2, 2; 2, 3 */
    } rows[] = {{{{2, -1, 3}, {1, 1, -2}, {3, 1, 1}}, {27, 64, 64, 343}},
                {{{2, -1, 3}, {1, 1, -2}, {2, -1, 3}}, {9, 16, 16, 49}},
                {{{2, -1, 3}, {1, 1, -2}, {3, 0, 1}}, {19, 37, 49, 205}}};
    rng r = {number_from_environment("PLEATS_TEST_SEED", 1)};
    for (size_t g = 0; g < 3; g++)
        for (int at = 0; at < 4; at++) {
            const int channels = 1 + at / 2, filters = 2 + at % 2;
            matrix m = new_matrix(3 * channels, 3 * filters);
            double *row = m.weight;
            double w[3][2], b[3];
            for (int k = 0; k < filters; k++) {
                b[k] = rng_real(&r, 30);
                for (int c = 0; c < channels; c++)
                    w[k][c] = rng_int(&r, -1000000, 1000000);
            }
            for (int i = 0; i < 3; i++)
                for (int k = 0; k < filters; k++) {
                    m.bias[i * filters + k] = b[k];
                    for (int j = 0; j < 3; j++)
                        for (int c = 0; c < channels; c++)
                            *row++ = rows[g].graph[i][j] * w[k][c];
                }
            assert_int_equal(
                count_matrix(*state, m, activation_function(ACT_RELU)),
                rows[g].regions[at]);
        }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(table_layers, ctx),
        cmocka_unit_test_prestate(unshared_weights, ctx),
        cmocka_unit_test_prestate(free_biases, ctx),
        cmocka_unit_test_prestate(no_biases, ctx),
        cmocka_unit_test_prestate(graphs, ctx),
    };
    return RUN(tests, ctx);
}
