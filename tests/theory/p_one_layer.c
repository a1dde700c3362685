/* Counts of random networks of one layer, by cutting cells, are the numbers
 * that the shape alone gives. */
#include "activations.h"
#include "counts.h"
#include "domains.h"
#include "layers.h"
#include "rng.h"
#include "unit.h"

#include "theory/layer/central.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/windows.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_REGIONS = 3000 };

static layer_row random_row(rng *r)
{
    static const char *const input[] = {"3",   "4",   "5",   "2x2",
                                        "3x3", "2x3", "3x4", "2x2x2"};
    static const char *const kernel[] = {"2",   "3",   "2",   "2x2",
                                         "2x2", "2x2", "2x2", "2x2x2"};
    int32_t i = rng_int(r, 0, 7);
    return (layer_row){.input = input[i],
                       .kernel = kernel[i],
                       .stride = rng_one_in(r, 4) ? 2 : 1,
                       .pad = rng_one_in(r, 3),
                       .dilation = rng_one_in(r, 4) ? 2 : 1,
                       .channels = rng_int(r, 1, 2),
                       .filters = rng_int(r, 1, 4),
                       .pieces = 2 + rng_one_in(r, 4)};
}

static pleats_idx padded_size(const pleats_conv_layer *layer, pleats_idx d)
{
    return (pleats_idx)(layer->in.size[d] + layer->conv.pad_lo[d] +
                        layer->conv.pad_hi[d]);
}

/* The scalar at a place of the padded input, -1 outside. */
static pleats_idx scalar_at(const pleats_conv_layer *layer, pleats_idx place)
{
    pleats_idx n = layer->in.n_spatial, x[PLEATS_MAX_SPATIAL] = {0};
    for (pleats_idx d = n; d-- > 0;) {
        x[d] =
            place % padded_size(layer, d) - (pleats_idx)layer->conv.pad_lo[d];
        place /= padded_size(layer, d);
    }
    for (pleats_idx d = 0; d < n; d++) {
        if (x[d] < 0 || x[d] >= layer->in.size[d])
            return -1;
        place = place * (pleats_idx)layer->in.size[d] + x[d];
    }
    return place; /* the channel stood in the rest */
}

static pleats_net *random_net(pleats_ctx *ctx, const pleats_conv_layer *layer,
                              bool has_bias, activation act, rng *r)
{
    const pleats_conv_spec *c = &layer->conv;
    pleats_conv_shape shape = {
        .groups = (pleats_idx)c->groups,
        .in_channels = (pleats_idx)(layer->in.channels / c->groups),
        .out_channels = (pleats_idx)(c->filters / c->groups),
        .n_spatial = layer->in.n_spatial};
    pleats_idx places = (pleats_idx)layer->in.channels, taps = 1, first = 0;
    for (pleats_idx d = 0; d < shape.n_spatial; d++) {
        shape.in_size[d] = padded_size(layer, d);
        shape.kernel[d] = (pleats_idx)c->kernel[d];
        shape.stride[d] = (pleats_idx)c->stride[d];
        shape.dilation[d] = (pleats_idx)c->dilation[d];
        places *= shape.in_size[d];
        taps *= shape.kernel[d];
    }
    size_t n_weights = (size_t)(c->filters * shape.in_channels) * (size_t)taps;
    double *weight = need_memory(n_weights, sizeof *weight);
    double *bias = need_memory((size_t)c->filters, sizeof *bias);
    pleats_idx *in = need_memory((size_t)places, sizeof *in);
    for (size_t i = 0; i < n_weights; i++)
        weight[i] = rng_real(r, 30);
    for (int64_t i = 0; has_bias && i < c->filters; i++)
        bias[i] = rng_real(r, 30);
    for (pleats_idx i = 0; i < places; i++)
        in[i] = scalar_at(layer, i);
    pleats_net *net = NULL;
    pleats_idx n_units = (pleats_idx)pleats_layer_units(layer);
    need_ok(ctx, pleats_net_new(ctx, (pleats_idx)pleats_shape_count(&layer->in),
                                &net));
    need_ok(ctx, pleats_net_add_conv(ctx, net, NULL, &shape, in, weight, bias,
                                     &first));
    pleats_idx *unit = need_memory((size_t)n_units, sizeof *unit);
    for (pleats_idx i = 0; i < n_units; i++)
        unit[i] = first + i;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n_units, unit, 1,
                                   activation_function(act), NULL, &first));
    for (pleats_idx i = 0; i < n_units; i++)
        unit[i] = first + i;
    need_ok(ctx, pleats_net_set_outputs(ctx, net, n_units, unit));
    free(weight);
    free(bias);
    free(in);
    free(unit);
    return net;
}

/* Regions of a random network on `domain`, which is freed. */
static size_t count_random(pleats_ctx *ctx, const pleats_conv_layer *layer,
                           bool has_bias, activation act, pleats_domain *domain,
                           rng *r)
{
    pleats_net *net = random_net(ctx, layer, has_bias, act, r);
    counts c = count_net(ctx, net, domain, false, false);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    return c.regions;
}

/* A random plane: coordinates without a common direction. */
static pleats_domain *random_plane(pleats_ctx *ctx, pleats_idx n, rng *r)
{
    char text[1024];
    int at = 0;
    for (int row = 0; row < 3; row++)
        for (pleats_idx i = 0; i < n; i++)
            at += snprintf(text + at, sizeof text - (size_t)at, "%s%d/997",
                           i ? " " : (row ? ";" : ""),
                           rng_int(r, -100000, 100000));
    return domain_affine(ctx, n, 2, text);
}

static void show(const layer_row *row, int64_t groups, const char *what,
                 size_t got, unsigned long want)
{
    fprintf(stderr,
            "%s: input %s kernel %s stride %d pad %d dilation %d channels %d "
            "filters %d groups %d pieces %d: counted %zu, not %lu\n",
            what, row->input, row->kernel, (int)row->stride, (int)row->pad,
            (int)row->dilation, (int)row->channels, (int)row->filters,
            (int)groups, (int)row->pieces, got, want);
}

/* One random layer: with biases in all of space and on a plane, and without,
 * a breakpoint being 0 or none.
 * Returns whether it was small enough. */
static bool try_layer(pleats_ctx *ctx, const layer_row *row,
                      const pleats_conv_layer *layer, rng *r)
{
    pleats_effort effort = {.seed = rng_next(r), .budget = 1000000};
    pleats_independence sizes = {0};
    const pleats_idx n = (pleats_idx)pleats_shape_count(&layer->in);
    const long q = (long)layer->pieces - 1;
    mpz_t want;
    mpz_init(want);
    need_ok(ctx, pleats_generic_sizes(ctx, layer, &effort, &sizes));
    pleats_independence_sum(&sizes, q, -1, want);
    bool is_small = effort.complete && mpz_cmp_ui(want, MOST_REGIONS) <= 0;
    const struct {
        const char *what;
        bool has_bias, is_plane;
        activation act;
    } run[] = {
        {"all", true, false, q == 1 ? ACT_RELU : ACT_HARDTANH},
        {"plane", true, true, q == 1 ? ACT_RELU : ACT_HARDTANH},
        {"no bias, break at 0", false, false, q == 1 ? ACT_RELU : ACT_CLIP01},
        {"no bias, breaks elsewhere", false, false, ACT_HARDTANH}};
    for (size_t i = 0; is_small && i < (q == 1 ? 3 : 4); i++) {
        pleats_independence_sum(&sizes, q, run[i].is_plane ? 2 : -1, want);
        effort.spent = 0;
        if (i == 2)
            need_ok(ctx,
                    pleats_central_regions(ctx, layer, &effort, want, NULL));
        size_t got =
            count_random(ctx, layer, run[i].has_bias, run[i].act,
                         run[i].is_plane && n > 2 ? random_plane(ctx, n, r)
                                                  : domain_all(ctx, n),
                         r);
        if (mpz_cmp_ui(want, got) != 0) {
            show(row, layer->conv.groups, run[i].what, got, mpz_get_ui(want));
            fail();
        }
    }
    pleats_independence_clear(ctx, &sizes);
    mpz_clear(want);
    return is_small;
}

static void random_layers(void **state)
{
    pleats_ctx *ctx = *state;
    const uint64_t seed = number_from_environment("PLEATS_TEST_SEED", 1);
    rng r = {seed};
    uint64_t small = 0;
    fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < n_cases(120); i++) {
        layer_row row = random_row(&r);
        pleats_conv_layer layer = layer_of_row(&row);
        if (row.channels == 2 && row.filters % 2 == 0 && rng_one_in(&r, 2))
            layer.conv.groups = 2;
        bool fits = true;
        for (pleats_idx d = 0; d < layer.in.n_spatial; d++)
            fits &= pleats_layer_outputs(&layer, d) >= 1 &&
                    (layer.conv.kernel[d] - 1) * layer.conv.dilation[d] <
                        padded_size(&layer, d);
        if (fits)
            small += try_layer(ctx, &row, &layer, &r);
    }
    assert_true(small >= 30);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(random_layers, ctx),
    };
    return RUN(tests, ctx);
}
