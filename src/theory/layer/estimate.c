/* A demand is drawn with the probability of its weight by walking backwards:
 * a state's weight is the sum, over the states and demands that lead to it, of
 * weight times demand weight, and a random number below it picks one.  All
 * draws walk together, so that each level is passed once. */
#include "theory/layer/estimate.h"

#include "exact/integers.h"
#include "theory/modular.h"

typedef struct {
    size_t n;
    pleats_idx n_windows;
    pleats_idx *demand; /* [n x n_windows] */
    uint32_t *state;    /* [n] where the draw stands */
    mpz_t *left;        /* [n] random number less what was passed */
    uint32_t *next;     /* [n] next draw at the same state + 1, or 0 */
} draws;

static pleats_status draws_init(pleats_ctx *ctx, draws *d, size_t n,
                                pleats_idx n_windows)
{
    pleats_status status = PLEATS_OK;
    *d = (draws){.n = n, .n_windows = n_windows};
    TRY(pleats_alloc(ctx, n * (size_t)n_windows, sizeof *d->demand,
                     &d->demand));
    TRY(pleats_alloc(ctx, n, sizeof *d->state, &d->state));
    TRY(pleats_alloc(ctx, n, sizeof *d->next, &d->next));
    TRY(pleats_integers_new(ctx, n, &d->left));
done:
    return status;
}

static void draws_clear(pleats_ctx *ctx, draws *d)
{
    pleats_release(ctx, d->demand);
    pleats_release(ctx, d->state);
    pleats_release(ctx, d->next);
    pleats_integers_free(ctx, d->left, d->n);
}

static void read_weight(const pleats_level *level, size_t state, mpz_t weight)
{
    mpz_t view;
    mpz_set(weight, mpz_roinit_n(view, pleats_level_weight(level, state),
                                 (mp_size_t)level->n_limbs));
}

/* A uniform number below `bound`: random bits, until they are below. */
static void random_below(pleats_rng *rng, const mpz_t bound, mpz_t out)
{
    const size_t bits = mpz_sizeinbase(bound, 2);
    do {
        mpz_set_ui(out, 0);
        for (size_t i = 0; i < bits; i += 32) {
            mpz_mul_2exp(out, out, 32);
            mpz_add_ui(out, out, pleats_rng_next(rng) >> 32);
        }
        mpz_fdiv_r_2exp(out, out, bits);
    } while (mpz_cmp(out, bound) >= 0);
}

/* Scratch of a step back. */
typedef struct {
    const pleats_frontier_step *step;
    const pleats_weights *weights;
    const pleats_level *from, *to;
    uint32_t *first; /* [to->n] first draw at a state + 1, or 0 */
    int16_t *entry, *kept, *joined;
    uint64_t *packed;
    mpz_t weight, product;
} walker;

static pleats_status walker_init(pleats_ctx *ctx, walker *w)
{
    pleats_status status = PLEATS_OK;
    const size_t before = w->step->n_before + w->step->n_derived;
    const size_t after = w->step->n;
    mpz_init(w->weight);
    mpz_init(w->product);
    TRY(pleats_alloc(ctx, w->to->n, sizeof *w->first, &w->first));
    TRY(pleats_alloc(ctx, before, sizeof *w->entry, &w->entry));
    TRY(pleats_alloc(ctx, after, sizeof *w->kept, &w->kept));
    TRY(pleats_alloc(ctx, after, sizeof *w->joined, &w->joined));
    TRY(pleats_alloc(ctx, w->weights->n * w->to->n_words + PLEATS_LEVEL_SPARE,
                     sizeof *w->packed, &w->packed));
done:
    return status;
}

static void walker_clear(pleats_ctx *ctx, walker *w)
{
    pleats_release(ctx, w->first);
    pleats_release(ctx, w->entry);
    pleats_release(ctx, w->kept);
    pleats_release(ctx, w->joined);
    pleats_release(ctx, w->packed);
    mpz_clear(w->weight);
    mpz_clear(w->product);
}

/* Sets every draw at `target` that this state and demand are for to them. */
static void pick(walker *w, draws *d, pleats_idx window, size_t state,
                 int64_t demand, size_t target)
{
    uint32_t *link = &w->first[target];
    mpz_mul(w->product, w->weight, w->weights->at[demand]);
    while (*link > 0) {
        size_t i = *link - 1;
        if (mpz_cmp(d->left[i], w->product) >= 0) {
            mpz_sub(d->left[i], d->left[i], w->product);
            link = &d->next[i];
            continue;
        }
        d->demand[i * (size_t)d->n_windows + (size_t)window] =
            (pleats_idx)demand;
        d->state[i] = (uint32_t)state;
        *link = d->next[i];
    }
}

/* Takes all draws from their states after `window` to states before it. */
static pleats_status step_back(pleats_ctx *ctx, walker *w, draws *d,
                               pleats_idx window, pleats_rng *rng)
{
    pleats_status status = PLEATS_OK;
    TRY(walker_init(ctx, w));
    for (size_t i = 0; i < d->n; i++) {
        read_weight(w->to, d->state[i], w->weight);
        random_below(rng, w->weight, d->left[i]);
        d->next[i] = w->first[d->state[i]];
        w->first[d->state[i]] = (uint32_t)i + 1;
    }
    for (size_t state = 0; state < w->from->n; state++) {
        pleats_level_unpack(w->from, state, w->entry);
        pleats_step_split(w->step, w->entry, w->kept, w->joined);
        read_weight(w->from, state, w->weight);
        int64_t most = pleats_frontier_most(w->step, w->weights, w->entry);
        pleats_level_pack(w->to, w->kept, w->joined, (size_t)most + 1,
                          w->packed);
        for (int64_t t = 0; t <= most; t++) {
            size_t target = pleats_level_find(
                w->to, w->packed + (size_t)t * w->to->n_words);
            if (w->first[target] > 0)
                pick(w, d, window, state, t, target);
        }
    }
done:
    walker_clear(ctx, w);
    return status;
}

static pleats_status draw_demands(pleats_ctx *ctx,
                                  const pleats_frontier_plan *plan,
                                  const pleats_weights *weights,
                                  const pleats_sampling *sampling,
                                  pleats_rng *rng, draws *d)
{
    pleats_status status = PLEATS_OK;
    pleats_frontier_cost cost = {.max_states = sampling->max_states};
    pleats_level *level = NULL;
    mpz_t sum;
    mpz_init(sum);
    TRY(pleats_alloc(ctx, (size_t)plan->n + 1, sizeof *level, &level));
    TRY(pleats_frontier_run(ctx, plan, weights, &cost, level, sum));
    for (pleats_idx w = plan->n; w-- > 0;) {
        walker back = {.step = &plan->step[w],
                       .weights = weights,
                       .from = &level[w],
                       .to = &level[w + 1]};
        TRY(step_back(ctx, &back, d, w, rng));
    }
done:
    for (pleats_idx w = 0; level && w <= plan->n; w++)
        pleats_level_clear(ctx, &level[w]);
    pleats_release(ctx, level);
    mpz_clear(sum);
    return status;
}

/* Whether neurons of random different filters, demand[w] at window w, are
 * independent.  `order` [n_filters] is a permutation, which is shuffled. */
static bool is_independent(const pleats_normals *normals,
                           const pleats_idx *demand, pleats_rng *rng,
                           int64_t *order, pleats_echelon *echelon,
                           uint64_t *row)
{
    echelon->rank = 0;
    for (pleats_idx w = 0; w < normals->n_windows; w++)
        for (pleats_idx t = 0; t < demand[w]; t++) {
            uint64_t rest = (uint64_t)(normals->n_filters - t);
            int64_t at = t + (int64_t)pleats_rng_below(rng, rest);
            int64_t filter = order[at];
            order[at] = order[t];
            order[t] = filter;
            pleats_normals_row(normals, filter, w, row);
            if (!pleats_echelon_push(echelon, row))
                return false;
        }
    return true;
}

/* Marks the draws that are dependent; draw i counts for sample i % n. */
static pleats_status test_draws(pleats_ctx *ctx, const pleats_normals *normals,
                                const draws *d, pleats_rng *rng, uint64_t n,
                                bool *is_dependent)
{
    pleats_status status = PLEATS_OK;
    pleats_echelon echelon = {0};
    uint64_t *row = NULL;
    int64_t *order = NULL;
    TRY(pleats_echelon_init(ctx, &echelon, normals->n_columns));
    TRY(pleats_alloc(ctx, (size_t)normals->n_columns, sizeof *row, &row));
    TRY(pleats_alloc(ctx, (size_t)normals->n_filters, sizeof *order, &order));
    for (int64_t k = 0; k < normals->n_filters; k++)
        order[k] = k;
    for (size_t i = 0; i < d->n; i++)
        if (!is_dependent[i % n] &&
            !is_independent(normals, d->demand + i * (size_t)d->n_windows, rng,
                            order, &echelon, row))
            is_dependent[i % n] = true;
done:
    pleats_echelon_clear(ctx, &echelon);
    pleats_release(ctx, row);
    pleats_release(ctx, order);
    return status;
}

static pleats_status sample_component(pleats_ctx *ctx, const pleats_taps *taps,
                                      const pleats_component *c,
                                      const pleats_conv_layer *layer,
                                      const pleats_sampling *sampling,
                                      pleats_rng *rng, bool *is_dependent)
{
    pleats_status status = PLEATS_OK;
    const int64_t groups = layer->conv.groups;
    const int64_t filters = layer->conv.filters / groups;
    pleats_normals normals = {0};
    pleats_frontier_plan plan = {0};
    pleats_weights weights = {0};
    draws d = {0};
    TRY(pleats_normals_init(ctx, &normals, taps, c, layer->in.channels / groups,
                            filters));
    pleats_normals_draw(&normals, rng);
    TRY(pleats_weights_init(ctx, &weights, filters, layer->pieces - 1, 0,
                            normals.n_taps * normals.channels));
    TRY(pleats_frontier_plan_init(ctx, &plan, c));
    TRY(draws_init(
        ctx, &d, (size_t)sampling->samples * (size_t)(c->multiplicity * groups),
        c->n_windows));
    TRY(draw_demands(ctx, &plan, &weights, sampling, rng, &d));
    TRY(test_draws(ctx, &normals, &d, rng, sampling->samples, is_dependent));
done:
    draws_clear(ctx, &d);
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    pleats_normals_clear(ctx, &normals);
    return status;
}

pleats_status pleats_sample_independent(pleats_ctx *ctx,
                                        const pleats_conv_layer *layer,
                                        const pleats_sampling *sampling,
                                        uint64_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_taps taps = {0};
    pleats_windows windows = {0};
    pleats_rng rng;
    bool *is_dependent = NULL;
    *n = 0;
    pleats_rng_init(&rng, sampling->seed);
    TRY(pleats_taps_init(ctx, &taps, layer, true));
    TRY(pleats_windows_init(ctx, &windows, layer));
    TRY(pleats_alloc(ctx, (size_t)sampling->samples, sizeof *is_dependent,
                     &is_dependent));
    for (pleats_idx i = 0; i < windows.n; i++)
        TRY(sample_component(ctx, &taps, &windows.component[i], layer, sampling,
                             &rng, is_dependent));
    for (uint64_t i = 0; i < sampling->samples; i++)
        *n += !is_dependent[i];
done:
    pleats_release(ctx, is_dependent);
    pleats_taps_clear(ctx, &taps);
    pleats_windows_clear(ctx, &windows);
    return status;
}
