#include "theory/layer/relations.h"

#include "exact/integers.h"
#include "theory/modular.h"

#include <string.h>

enum { MOST = 63, NONE = -1 };

/* A set of neurons on the way through all of them, with a matching of it to
 * inputs and one of the relations to neurons that are not in it. */
typedef struct {
    uint64_t set;
    int16_t neuron_at[MOST];   /* that an input is matched to, NONE: free */
    int16_t relation_at[MOST]; /* that a neuron is matched to */
} state;

typedef struct {
    pleats_ctx *ctx;
    pleats_idx n_neurons;
    uint64_t window[MOST]; /* inputs of a neuron */
    size_t n_relations;
    uint64_t support[MOST]; /* neurons: position * filters + filter */
    uint64_t budget, seen;
    mpz_t *size; /* [n_neurons + 1] */
} search;

/* ---- matchings ---- */

static bool match_input(const search *s, state *t, int neuron, uint64_t *tried)
{
    uint64_t open = s->window[neuron] & ~*tried;
    while (open) {
        const int input = __builtin_ctzll(open);
        *tried |= (uint64_t)1 << input;
        if (t->neuron_at[input] == NONE ||
            match_input(s, t, t->neuron_at[input], tried)) {
            t->neuron_at[input] = (int16_t)neuron;
            return true;
        }
        open = s->window[neuron] & ~*tried;
    }
    return false;
}

/* Matches a relation to a neuron of its support that is not in the set. */
static bool match_relation(const search *s, state *t, int r, uint64_t *tried)
{
    const uint64_t all = s->support[r] & ~t->set;
    uint64_t open = all & ~*tried;
    while (open) {
        const int neuron = __builtin_ctzll(open);
        *tried |= (uint64_t)1 << neuron;
        if (t->relation_at[neuron] == NONE ||
            match_relation(s, t, t->relation_at[neuron], tried)) {
            t->relation_at[neuron] = (int16_t)r;
            return true;
        }
        open = all & ~*tried;
    }
    return false;
}

/* Whether the set with one neuron more is K-type and, as far as the relations
 * tell, independent. */
static bool add_neuron(const search *s, state *t, int neuron)
{
    uint64_t tried = 0;
    const int r = t->relation_at[neuron];
    t->set |= (uint64_t)1 << neuron;
    if (!match_input(s, t, neuron, &tried))
        return false;
    if (r == NONE)
        return true;
    t->relation_at[neuron] = NONE;
    tried = 0;
    return match_relation(s, t, r, &tried);
}

/* All sets that the neurons from `first` on complete. */
static pleats_status visit(search *s, const state *t, int first, size_t size)
{
    pleats_status status = PLEATS_OK;
    if (++s->seen > s->budget)
        return pleats_fail(s->ctx, PLEATS_LIMIT, "too many sets of neurons");
    TRY(pleats_check_work(s->ctx, 200));
    mpz_add_ui(s->size[size], s->size[size], 1);
    for (int neuron = first; neuron < s->n_neurons; neuron++) {
        state next = *t;
        if (add_neuron(s, &next, neuron))
            TRY(visit(s, &next, neuron + 1, size + 1));
    }
done:
    return status;
}

/* ---- relations ---- */

/* Sums over a block of positions from `at` of v[a] z_w - w[a] z_v, filters v
 * and w: its support, and its row of coefficients. */
static uint64_t relate(const pleats_conv_layer *layer, const int64_t *at,
                       int64_t v, int64_t w, const uint64_t *weight,
                       uint64_t *row)
{
    const int64_t filters = layer->conv.filters;
    int64_t taps = 1;
    uint64_t support = 0;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        taps *= layer->conv.kernel[d];
    for (int64_t tap = 0; tap < taps; tap++) {
        int64_t rest = tap, position = 0, scale = 1;
        for (pleats_idx d = layer->in.n_spatial - 1; d >= 0; d--) {
            position += scale * (at[d] + rest % layer->conv.kernel[d]);
            scale *= pleats_layer_outputs(layer, d);
            rest /= layer->conv.kernel[d];
        }
        row[position * filters + w] = weight[v * taps + tap];
        row[position * filters + v] = PLEATS_PRIME - weight[w * taps + tap];
        support |= (uint64_t)1 << (position * filters + w) |
                   (uint64_t)1 << (position * filters + v);
    }
    return support;
}

/* Takes a relation that is independent of those before, which random filters
 * modulo a prime prove. */
static void take(search *s, pleats_echelon *e, uint64_t *row, uint64_t support)
{
    if (s->n_relations < MOST && pleats_echelon_push(e, row))
        s->support[s->n_relations++] = support;
    memset(row, 0, (size_t)s->n_neurons * sizeof *row);
}

static pleats_status find_relations(search *s, const pleats_conv_layer *layer)
{
    pleats_status status = PLEATS_OK;
    const int64_t filters = layer->conv.filters;
    int64_t blocks = 1, most[PLEATS_MAX_SPATIAL] = {1, 1, 1}, taps = 1;
    pleats_echelon e = {0};
    uint64_t *row = NULL, *weight = NULL;
    pleats_rng rng;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++) {
        most[d] = pleats_layer_outputs(layer, d) - layer->conv.kernel[d] + 1;
        blocks *= most[d] > 0 ? most[d] : 0;
        taps *= layer->conv.kernel[d];
    }
    TRY(pleats_echelon_init(s->ctx, &e, s->n_neurons));
    TRY(pleats_alloc(s->ctx, (size_t)s->n_neurons, sizeof *row, &row));
    TRY(pleats_alloc(s->ctx, (size_t)(filters * taps), sizeof *weight,
                     &weight));
    pleats_rng_init(&rng, 1);
    for (int64_t i = 0; i < filters * taps; i++)
        weight[i] = 1 + pleats_rng_below(&rng, PLEATS_PRIME - 1);
    for (int64_t b = 0; b < blocks; b++) {
        int64_t at[PLEATS_MAX_SPATIAL] = {0}, rest = b;
        for (pleats_idx d = PLEATS_MAX_SPATIAL - 1; d >= 0; d--) {
            at[d] = rest % most[d];
            rest /= most[d];
        }
        for (int64_t v = 0; v < filters; v++)
            for (int64_t w = v + 1; w < filters; w++)
                take(s, &e, row, relate(layer, at, v, w, weight, row));
    }
done:
    pleats_release(s->ctx, row);
    pleats_release(s->ctx, weight);
    pleats_echelon_clear(s->ctx, &e);
    return status;
}

static bool has_relations(const pleats_conv_layer *layer)
{
    const pleats_conv_spec *c = &layer->conv;
    bool has = layer->in.channels == 1 && c->groups == 1 && c->filters > 1 &&
               layer->in.n_spatial > 0 && pleats_layer_units(layer) <= MOST &&
               pleats_shape_count(&layer->in) <= MOST;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        has = has && c->stride[d] == 1 && c->dilation[d] == 1;
    return has;
}

static pleats_status read_windows(search *s, const pleats_conv_layer *layer)
{
    pleats_status status = PLEATS_OK;
    pleats_taps taps = {0};
    TRY(pleats_taps_init(s->ctx, &taps, layer, false));
    for (pleats_idx i = 0; i < s->n_neurons; i++)
        s->window[i] =
            pleats_taps_set(&taps, i / (pleats_idx)layer->conv.filters);
done:
    pleats_taps_clear(s->ctx, &taps);
    return status;
}

/* The empty set; false when the relations cannot all be matched, which would
 * make it dependent. */
static bool begin(const search *s, state *t)
{
    memset(t, 0, sizeof *t);
    memset(t->neuron_at, NONE, sizeof t->neuron_at);
    memset(t->relation_at, NONE, sizeof t->relation_at);
    for (size_t r = 0; r < s->n_relations; r++) {
        uint64_t tried = 0;
        if (!match_relation(s, t, (int)r, &tried))
            return false;
    }
    return true;
}

/* The numbers found, without zeros at the end. */
static void publish(search *s, pleats_independence *out)
{
    size_t n = (size_t)s->n_neurons;
    while (n > 0 && mpz_sgn(s->size[n]) == 0)
        n--;
    *out = (pleats_independence){.n = n, .at = s->size};
    for (size_t i = n + 1; i <= (size_t)s->n_neurons; i++)
        mpz_clear(s->size[i]);
    s->size = NULL;
}

pleats_status pleats_sizes_above(pleats_ctx *ctx,
                                 const pleats_conv_layer *layer,
                                 uint64_t budget, pleats_independence *out,
                                 bool *is_done)
{
    pleats_status status = PLEATS_OK;
    search s = {.ctx = ctx, .budget = budget};
    state empty;
    *is_done = false;
    *out = (pleats_independence){0};
    if (!has_relations(layer))
        return PLEATS_OK;
    s.n_neurons = (pleats_idx)pleats_layer_units(layer);
    TRY(read_windows(&s, layer));
    TRY(find_relations(&s, layer));
    if (s.n_relations == 0 || !begin(&s, &empty))
        goto done;
    TRY(pleats_integers_new(ctx, (size_t)s.n_neurons + 1, &s.size));
    TRY(visit(&s, &empty, 0, 0));
    publish(&s, out);
    *is_done = true;
done:
    if (s.size)
        pleats_integers_free(ctx, s.size, (size_t)s.n_neurons + 1);
    if (pleats_is_too_large(ctx, status))
        status = PLEATS_OK;
    return status;
}
