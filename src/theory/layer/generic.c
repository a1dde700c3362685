#include "theory/layer/generic.h"

#include "exact/integers.h"
#include "theory/layer/independence.h"
#include "theory/layer/orbits.h"

/* Steps between looks at the clock, a power of 2; products of a step. */
enum { LOOK_EVERY = 1 << 16, PRODUCTS_OF_A_STEP = 64 };

bool pleats_effort_spend(pleats_ctx *ctx, pleats_effort *effort,
                         size_t products)
{
    const uint64_t before = effort->spent / LOOK_EVERY;
    effort->spent += 1 + products / PRODUCTS_OF_A_STEP;
    const bool is_time_to_look = effort->spent / LOOK_EVERY != before;
    if ((effort->budget > 0 && effort->spent > effort->budget) ||
        (is_time_to_look && pleats_stop_reason(ctx)))
        effort->complete = false;
    return effort->complete;
}

double pleats_effort_error(const pleats_effort *effort, size_t rank)
{
    return (double)effort->negative * ((double)rank + 1) / (double)PLEATS_PRIME;
}

/* The sizes of one component under `filters` filters. */
static pleats_status component_sizes(pleats_ctx *ctx, const pleats_taps *taps,
                                     const pleats_component *component,
                                     int64_t channels, int64_t filters,
                                     pleats_effort *effort,
                                     pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    pleats_normals normals = {0};
    pleats_symmetries symmetries = {0};
    pleats_rng rng;
    mpz_t *size = NULL;
    size_t columns = 0;
    int64_t used = 0;
    for (pleats_idx a = 0; a < component->n_atoms; a++)
        used += component->capacity[a];
    used = used < filters ? used : filters;
    TRY(pleats_normals_init(ctx, &normals, taps, component, channels, used));
    columns = (size_t)normals.n_columns;
    pleats_rng_init(&rng, effort->seed);
    pleats_normals_draw(&normals, &rng);
    TRY(pleats_symmetries_init(ctx, &symmetries, &normals));
    TRY(pleats_integers_new(ctx, columns + 1, &size));
    TRY(pleats_orbits_count(ctx, &normals, &symmetries, filters, effort, size));
    TRY(pleats_independence_set(ctx, out, size, columns));
done:
    pleats_integers_free(ctx, size, columns + 1);
    pleats_symmetries_clear(ctx, &symmetries);
    pleats_normals_clear(ctx, &normals);
    return status;
}

/* Components read different cells: their matroid is a direct sum. */
pleats_status pleats_generic_sizes(pleats_ctx *ctx,
                                   const pleats_conv_layer *layer,
                                   pleats_effort *effort,
                                   pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    pleats_taps taps = {0};
    pleats_windows windows = {0};
    pleats_independence one = {0};
    mpz_t unit;
    mpz_init_set_ui(unit, 1);
    const int64_t groups = layer->conv.groups;
    *out = (pleats_independence){0};
    effort->complete = true;
    TRY(pleats_taps_init(ctx, &taps, layer, true));
    TRY(pleats_windows_init(ctx, &windows, layer));
    TRY(pleats_independence_set(ctx, out, &unit, 0));
    for (pleats_idx i = 0; i < windows.n; i++) {
        const pleats_component *c = &windows.component[i];
        TRY(component_sizes(ctx, &taps, c, layer->in.channels / groups,
                            layer->conv.filters / groups, effort, &one));
        for (int64_t k = 0; k < c->multiplicity * groups; k++)
            TRY(pleats_independence_multiply(ctx, out, &one));
        pleats_independence_clear(ctx, &one);
    }
done:
    mpz_clear(unit);
    pleats_independence_clear(ctx, &one);
    pleats_taps_clear(ctx, &taps);
    pleats_windows_clear(ctx, &windows);
    if (status != PLEATS_OK)
        pleats_independence_clear(ctx, out);
    return status;
}
