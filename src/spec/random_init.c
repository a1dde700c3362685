/* Random networks of an architecture. */
#include "base/rng.h"
#include "pleats/make.h"
#include "spec/of_spec.h"

#include <math.h>

enum { STEPS_A_NUMBER = 20 };

typedef struct {
    const pleats_init *init;
    pleats_rng rng;
} source;

/* The float32 nearest to a number of U(-bound, bound). */
static double draw_uniform(source *s, double bound)
{
    return (float)((2 * pleats_rng_uniform(&s->rng) - 1) * bound);
}

static double draw_normal(source *s, double deviation)
{
    return (float)(pleats_rng_normal(&s->rng) * deviation);
}

static double draw_weight(source *s, double fan_in, double fan_out)
{
    switch (s->init->weights) {
    case PLEATS_WEIGHTS_TORCH:
        return draw_uniform(s, 1 / sqrt(fan_in));
    case PLEATS_WEIGHTS_HE_NORMAL:
        return draw_normal(s, sqrt(2 / fan_in));
    case PLEATS_WEIGHTS_HE_UNIFORM:
        return draw_uniform(s, sqrt(6 / fan_in));
    case PLEATS_WEIGHTS_XAVIER_NORMAL:
        return draw_normal(s, sqrt(2 / (fan_in + fan_out)));
    case PLEATS_WEIGHTS_XAVIER_UNIFORM:
        return draw_uniform(s, sqrt(6 / (fan_in + fan_out)));
    }
    return 0;
}

static double draw_bias(source *s, double fan_in)
{
    switch (s->init->bias) {
    case PLEATS_BIAS_TORCH:
        return draw_uniform(s, 1 / sqrt(fan_in));
    case PLEATS_BIAS_NORMAL:
        return draw_normal(s, s->init->deviation);
    case PLEATS_BIAS_ZERO:
        break;
    }
    return 0;
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    pleats_status status = PLEATS_OK;
    source *s = state;
    const pleats_layer_spec *layer = &spec->layer[index];
    bool is_norm = layer->kind == PLEATS_LAYER_BN;
    double fan_in = (double)p->n_weights / (double)layer->out.channels;
    double fan_out = (double)layer->out.channels;
    if (layer->kind == PLEATS_LAYER_CONV)
        for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
            fan_out *= (double)layer->conv.kernel[d];
    for (size_t i = 0; i < p->n_weights; i++) {
        TRY(pleats_check_work(ctx, STEPS_A_NUMBER));
        p->weight[i] = is_norm ? (float)(0.5 + pleats_rng_uniform(&s->rng))
                               : draw_weight(s, fan_in, fan_out);
    }
    for (size_t i = 0; i < p->n_biases; i++)
        p->bias[i] = is_norm ? draw_uniform(s, 0.5) : draw_bias(s, fan_in);
done:
    return status;
}

pleats_status pleats_net_random(pleats_ctx *ctx, const pleats_spec *spec,
                                const pleats_init *init, pleats_net **out)
{
    source s = {.init = init};
    pleats_rng_init(&s.rng, init->seed);
    return pleats_net_of_spec(ctx, spec, fill, &s, out);
}
