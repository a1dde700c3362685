/* A layer is a direct sum of components; each is counted in the cheapest way
 * that is right for it. */
#include "theory/layer/central.h"

#include "theory/layer/central_ways.h"
#include "theory/sums.h"

typedef struct {
    pleats_ctx *ctx;
    const pleats_taps *taps;
    int64_t channels, filters; /* of a group */
    long q;                    /* breakpoints */
    bool has_bias;
    bool is_exact; /* the published formula is: K-type sets are independent */
    pleats_rng rng;
    pleats_effort *effort;
} counter;

/* One window: d generic normals in n dimensions, any n of which are
 * independent.  Of the sets that the biased count has, sum C(d, j) q^j, those
 * fail without biases that have n units at 0, not the last unit among them. */
static void one_window_regions(const counter *c, int64_t n, mpz_t regions)
{
    mpz_t broken;
    pleats_zaslavsky(regions, c->filters, n, c->q);
    if (c->has_bias)
        return;
    mpz_init(broken);
    mpz_bin_uiui(broken, (unsigned long)(c->filters - 1), (unsigned long)n);
    mpz_sub(regions, regions, broken);
    mpz_clear(broken);
}

static pleats_status count_component(counter *c,
                                     const pleats_component *component,
                                     mpz_t regions, bool *is_modular)
{
    pleats_status status = PLEATS_OK;
    pleats_normals normals = {0};
    if (component->n_windows == 1) {
        one_window_regions(c, component->capacity[0], regions);
        return PLEATS_OK;
    }
    if (!c->has_bias && c->is_exact && pleats_component_is_line(component))
        return pleats_line_regions(c->ctx, component, c->filters, c->q - 1,
                                   c->effort, regions);
    *is_modular = true;
    TRY(pleats_normals_init(c->ctx, &normals, c->taps, component, c->channels,
                            c->filters));
    pleats_normals_draw(&normals, &c->rng);
    if (c->has_bias || c->q == 1)
        TRY(pleats_restriction_regions(c->ctx, &normals, c->has_bias ? c->q : 0,
                                       &c->rng, c->effort, regions));
    else
        TRY(pleats_pairs_regions(c->ctx, &normals, c->q - 1, c->effort,
                                 regions));
done:
    pleats_normals_clear(c->ctx, &normals);
    return status;
}

static pleats_status count_layer(pleats_ctx *ctx,
                                 const pleats_conv_layer *layer, bool has_bias,
                                 pleats_effort *effort, mpz_t regions,
                                 bool *is_modular)
{
    pleats_status status = PLEATS_OK;
    pleats_taps taps = {0};
    pleats_windows windows = {0};
    const char *why = NULL;
    mpz_t one;
    const int64_t groups = layer->conv.groups;
    counter c = {.ctx = ctx,
                 .taps = &taps,
                 .channels = layer->in.channels / groups,
                 .filters = layer->conv.filters / groups,
                 .q = (long)layer->pieces - 1,
                 .has_bias = has_bias,
                 .effort = effort};
    mpz_init(one);
    mpz_set_ui(regions, 1);
    effort->complete = true;
    pleats_rng_init(&c.rng, effort->seed);
    TRY(pleats_taps_init(ctx, &taps, layer, true));
    TRY(pleats_windows_init(ctx, &windows, layer));
    c.is_exact = pleats_formula_is_exact(layer, &why);
    for (pleats_idx i = 0; i < windows.n; i++) {
        const pleats_component *component = &windows.component[i];
        TRY(count_component(&c, component, one, is_modular));
        mpz_pow_ui(one, one, (unsigned long)(component->multiplicity * groups));
        mpz_mul(regions, regions, one);
    }
done:
    mpz_clear(one);
    pleats_taps_clear(ctx, &taps);
    pleats_windows_clear(ctx, &windows);
    return status;
}

pleats_status pleats_central_regions(pleats_ctx *ctx,
                                     const pleats_conv_layer *layer,
                                     pleats_effort *effort, mpz_t regions,
                                     bool *is_modular)
{
    bool unused = false;
    is_modular = is_modular ? is_modular : &unused;
    *is_modular = false;
    return count_layer(ctx, layer, false, effort, regions, is_modular);
}

pleats_status pleats_restricted_regions(pleats_ctx *ctx,
                                        const pleats_conv_layer *layer,
                                        pleats_effort *effort, mpz_t regions)
{
    bool is_modular = false;
    return count_layer(ctx, layer, true, effort, regions, &is_modular);
}
