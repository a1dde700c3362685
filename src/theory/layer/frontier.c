#include "theory/layer/frontier.h"

#include "exact/integers.h"
#include "theory/layer/chains.h"

#include <string.h>

#define MOST_WEIGHT_BITS 0x1p32
enum { MOVES_AT_ONCE = 128 };

pleats_status pleats_weights_init(pleats_ctx *ctx, pleats_weights *weights,
                                  int64_t filters, int64_t base,
                                  unsigned long shift, int64_t most)
{
    pleats_status status = PLEATS_OK;
    int64_t n = most < filters ? most : filters;
    *weights = (pleats_weights){0};
    double bits = (double)n * ((double)shift + 64) * (double)n;
    if (bits > MOST_WEIGHT_BITS)
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "a window with %lld units of its own makes numbers of "
                        "too many digits",
                        (long long)n));
    TRY(pleats_integers_new(ctx, (size_t)n + 1, &weights->at));
    weights->n = (size_t)n + 1;
    mpz_set_ui(weights->at[0], 1);
    for (int64_t t = 1; t <= n; t++) {
        mpz_mul_ui(weights->at[t], weights->at[t - 1],
                   (unsigned long)(filters - t + 1));
        mpz_divexact_ui(weights->at[t], weights->at[t], (unsigned long)t);
    }
    for (int64_t t = 1; t <= n; t++) {
        mpz_t power;
        mpz_init(power);
        mpz_ui_pow_ui(power, (unsigned long)base, (unsigned long)t);
        mpz_mul(weights->at[t], weights->at[t], power);
        mpz_mul_2exp(weights->at[t], weights->at[t], shift * (unsigned long)t);
        mpz_clear(power);
    }
done:
    return status;
}

void pleats_weights_clear(pleats_ctx *ctx, pleats_weights *weights)
{
    pleats_integers_free(ctx, weights->at, weights->n);
    *weights = (pleats_weights){0};
}

/* A weight without its low zero limbs. */
typedef struct {
    mp_size_t skip, n;
    const mp_limb_t *limb;
} factor;

/* A demand of the window that a state can meet, and where that leads. */
typedef struct {
    uint64_t hash; /* of the packed state */
    size_t state, demand;
} move;

typedef struct {
    const pleats_frontier_step *step;
    const pleats_weights *weights;
    factor *factor;         /* [weights->n] */
    int16_t *entry;         /* [widest state with its derived entries] */
    int16_t *kept, *joined; /* [widest state] */
    int16_t *spare;         /* [widest state] */
    bool is_merging;        /* states with their mirror images */
    bool is_signed;         /* weights: states may be expanded */
    size_t n_moves;         /* gathered */
    move *move;             /* [MOVES_AT_ONCE + weights->n] */
    uint64_t *packed;       /* [MOVES_AT_ONCE + 2 weights->n, words of the new
                               level]: where moves lead; room for images */
    mp_limb_t *product;     /* [limbs of the new level + 1] */
    pleats_frontier_cost *cost;
} mover;

static pleats_status mover_init(pleats_ctx *ctx, mover *m,
                                const pleats_frontier_plan *plan,
                                const pleats_weights *weights,
                                pleats_frontier_cost *cost)
{
    pleats_status status = PLEATS_OK;
    size_t most = 1, most_read = 1;
    *m = (mover){.weights = weights, .cost = cost};
    for (pleats_idx i = 0; i < plan->n; i++) {
        const pleats_frontier_step *step = &plan->step[i];
        const size_t read = step->n_before + step->n_derived;
        most = step->n > most ? step->n : most;
        most_read = read > most_read ? read : most_read;
    }
    TRY(pleats_alloc(ctx, most_read, sizeof *m->entry, &m->entry));
    TRY(pleats_alloc(ctx, most, sizeof *m->kept, &m->kept));
    TRY(pleats_alloc(ctx, most, sizeof *m->joined, &m->joined));
    TRY(pleats_alloc(ctx, most, sizeof *m->spare, &m->spare));
    TRY(pleats_alloc(ctx, MOVES_AT_ONCE + weights->n, sizeof *m->move,
                     &m->move));
    TRY(pleats_alloc(ctx, weights->n, sizeof *m->factor, &m->factor));
    for (size_t t = 0; t < weights->n; t++) {
        factor *f = &m->factor[t];
        f->limb = mpz_limbs_read(weights->at[t]);
        f->n = (mp_size_t)mpz_size(weights->at[t]);
        for (; f->n > 0 && f->limb[0] == 0; f->skip++, f->n--)
            f->limb++;
    }
done:
    return status;
}

static void mover_clear(pleats_ctx *ctx, mover *m)
{
    pleats_release(ctx, m->entry);
    pleats_release(ctx, m->kept);
    pleats_release(ctx, m->joined);
    pleats_release(ctx, m->spare);
    pleats_release(ctx, m->move);
    pleats_release(ctx, m->factor);
}

/* sum [n] += from [m] * factor, modulo 2^(64 n). */
static void add_product(mp_limb_t *sum, mp_size_t n, const mp_limb_t *from,
                        mp_size_t m, const factor *f, mp_limb_t *product)
{
    mp_size_t skip = f->skip;
    while (m > 0 && from[m - 1] == 0)
        m--;
    for (; m > 0 && from[0] == 0; from++, m--)
        skip++;
    if (m > n - skip)
        m = n - skip;
    if (m <= 0 || f->n == 0)
        return;
    if (f->n == 1) {
        mp_limb_t carry = mpn_addmul_1(sum + skip, from, m, f->limb[0]);
        if (carry && skip + m < n)
            mpn_add_1(sum + skip + m, sum + skip + m, n - skip - m, carry);
        return;
    }
    const mp_size_t length = m + f->n < n - skip ? m + f->n : n - skip;
    if (m >= f->n)
        mpn_mul(product, from, m, f->limb, f->n);
    else
        mpn_mul(product, f->limb, f->n, from, m);
    mpn_add(sum + skip, sum + skip, n - skip, product, length);
}

int64_t pleats_frontier_most(const pleats_frontier_step *step,
                             const pleats_weights *weights,
                             const int16_t *entry)
{
    int64_t room = step->capacity - entry[step->own];
    int64_t most = (int64_t)weights->n - 1;
    return room < most ? room : most;
}

/* Puts the mirror image in the place of each of the n packed states that is
 * above it; m->kept and m->joined are turned about. */
static void take_lower(const mover *m, const pleats_level *to, size_t n,
                       uint64_t *packed)
{
    uint64_t *image = packed + n * to->n_words;
    pleats_step_reflect(m->step, m->kept, m->joined, m->spare);
    pleats_level_pack(to, m->kept, m->joined, n, image);
    for (size_t t = 0; t < n; t++)
        if (memcmp(image + t * to->n_words, packed + t * to->n_words,
                   to->n_words * sizeof *image) < 0)
            memcpy(packed + t * to->n_words, image + t * to->n_words,
                   to->n_words * sizeof *image);
}

/* Gathers the moves of a state; their slots are asked for from memory. */
static void gather(mover *m, const pleats_level *from, size_t state,
                   const pleats_level *to)
{
    uint64_t *packed = m->packed + m->n_moves * to->n_words;
    pleats_level_unpack(from, state, m->entry);
    pleats_step_split(m->step, m->entry, m->kept, m->joined);
    const size_t n =
        (size_t)pleats_frontier_most(m->step, m->weights, m->entry) + 1;
    pleats_level_pack(to, m->kept, m->joined, n, packed);
    if (m->is_merging && m->step->mirror)
        take_lower(m, to, n, packed);
    for (size_t t = 0; t < n; t++, packed += to->n_words)
        m->move[m->n_moves++] = (move){pleats_level_hash(to, packed), state, t};
}

/* Makes the moves that are gathered.  Every record is asked for before the
 * first is looked at, so that memory has time to answer. */
static pleats_status make_moves(pleats_ctx *ctx, mover *m,
                                const pleats_level *from, pleats_level *to)
{
    pleats_status status = PLEATS_OK;
    size_t number = 0;
    for (size_t i = 0; i < m->n_moves; i++)
        pleats_level_ask(to, m->move[i].hash);
    for (size_t i = 0; i < m->n_moves; i++) {
        const move *v = &m->move[i];
        TRY(pleats_level_add(ctx, to, m->packed + i * to->n_words, v->hash,
                             &number));
        add_product(pleats_level_weight(to, number), (mp_size_t)to->n_limbs,
                    pleats_level_weight(from, v->state),
                    (mp_size_t)from->n_limbs, &m->factor[v->demand],
                    m->product);
    }
    m->n_moves = 0;
done:
    return status;
}

static pleats_status check_cost(pleats_ctx *ctx, const pleats_frontier_cost *c,
                                const pleats_level *level)
{
    if (c->max_states > 0 && level->n > c->max_states)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "more than %zu states on a frontier", c->max_states);
    return pleats_check_stop(ctx);
}

/* Makes `to` of `from`, of whose states those that are done are given back
 * unless it is to be kept. */
static pleats_status move_level(pleats_ctx *ctx, mover *m, pleats_level *from,
                                bool is_kept, pleats_level *to)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, 2 * to->n_limbs + 2, sizeof *m->product,
                     &m->product));
    TRY(pleats_alloc(ctx,
                     (MOVES_AT_ONCE + 2 * m->weights->n) * to->n_words +
                         PLEATS_LEVEL_SPARE,
                     sizeof *m->packed, &m->packed));
    if (!is_kept)
        pleats_level_close(ctx, from);
    TRY(pleats_level_expect(ctx, to, from->n));
    for (size_t i = 0; i < from->n; i++) {
        gather(m, from, i, to);
        if (m->n_moves < MOVES_AT_ONCE && i + 1 < from->n)
            continue;
        TRY(make_moves(ctx, m, from, to));
        TRY(check_cost(ctx, m->cost, to));
        if (!is_kept)
            pleats_level_pass(ctx, from, i + 1);
    }
    if (to->n > m->cost->most)
        m->cost->most = to->n;
done:
    pleats_release(ctx, m->product);
    pleats_release(ctx, m->packed);
    m->product = NULL;
    m->packed = NULL;
    return status;
}

/* Bits of the sum of all weights, which bounds what a step multiplies by. */
static size_t bits_of(const pleats_weights *weights)
{
    size_t bits = 1;
    mpz_t sum;
    mpz_init(sum);
    for (size_t t = 0; t < weights->n; t++)
        mpz_add(sum, sum, weights->at[t]);
    bits = mpz_sizeinbase(sum, 2);
    mpz_clear(sum);
    return bits;
}

/* The states behind the step as chain states, if it has such and they may be
 * taken. */
static pleats_status expand(pleats_ctx *ctx, const mover *m,
                            pleats_level *level)
{
    pleats_status status = PLEATS_OK;
    const bool is_sure = m->cost->expansion == PLEATS_EXPAND_ALWAYS;
    bool is_done = false;
    pleats_level fewer = pleats_level_like(level);
    if (!m->is_signed || !m->step->chains)
        return PLEATS_OK;
    TRY(pleats_chains_expand(ctx, m->step->chains, level,
                             is_sure ? SIZE_MAX : level->n, &fewer, &is_done));
    if (is_done) {
        const pleats_level all = *level;
        *level = fewer;
        fewer = all;
        m->cost->n_expanded++;
    }
done:
    pleats_level_clear(ctx, &fewer);
    return status;
}

/* Bits of the sums after `n` windows: those of the whole run suffice, since
 * all demands so far go on with 0. */
static size_t bits_after(const pleats_weights *weights, size_t bits, size_t n)
{
    const size_t most = weights->most_bits;
    return most > 0 && most < bits * n ? most : bits * n;
}

/* An empty level after n windows.  Signed weights are integers modulo what is
 * above all sums of the run. */
static void init_level(pleats_level *level, const pleats_frontier_plan *plan,
                       const mover *m, size_t bits, pleats_idx n,
                       pleats_level_pool *pool)
{
    const size_t windows = (size_t)(m->is_signed ? plan->n : n);
    pleats_level_init(level, n > 0 ? &plan->step[n - 1] : NULL,
                      bits_after(m->weights, bits, windows), pool);
}

static void init_pool(pleats_level_pool *pool, const pleats_frontier_plan *plan,
                      const mover *m, size_t bits)
{
    pleats_level level;
    for (pleats_idx n = 0; n <= plan->n; n++) {
        init_level(&level, plan, m, bits, n, pool);
        if (level.n_words + level.n_limbs > pool->n_record)
            pool->n_record = level.n_words + level.n_limbs;
    }
}

static pleats_status start(pleats_ctx *ctx, pleats_level *level)
{
    pleats_status status = PLEATS_OK;
    size_t first = 0;
    uint64_t packed = 0;
    TRY(pleats_level_add(ctx, level, &packed, pleats_level_hash(level, &packed),
                         &first));
    pleats_level_weight(level, first)[0] = 1;
done:
    return status;
}

static void read_sum(const pleats_level *level, mpz_t sum)
{
    mpz_t view;
    mpz_set(sum, mpz_roinit_n(view, pleats_level_weight(level, 0),
                              (mp_size_t)level->n_limbs));
}

static bool has_chains(const pleats_frontier_plan *plan)
{
    for (pleats_idx i = 0; i < plan->n; i++)
        if (plan->step[i].chains)
            return true;
    return false;
}

pleats_status pleats_frontier_run(pleats_ctx *ctx,
                                  const pleats_frontier_plan *plan,
                                  const pleats_weights *weights,
                                  pleats_frontier_cost *cost,
                                  pleats_level *level, mpz_t sum)
{
    pleats_status status = PLEATS_OK;
    mover m = {0};
    pleats_level here = {0}, there = {0};
    pleats_level_pool blocks = {0}, *pool = level ? NULL : &blocks;
    const size_t bits = bits_of(weights);
    TRY(mover_init(ctx, &m, plan, weights, cost));
    m.is_merging = !level;
    m.is_signed =
        !level && has_chains(plan) && cost->expansion != PLEATS_EXPAND_NEVER;
    init_pool(&blocks, plan, &m, bits);
    init_level(&here, plan, &m, bits, 0, pool);
    TRY(start(ctx, &here));
    for (pleats_idx p = 0; p < plan->n; p++) {
        m.step = &plan->step[p];
        init_level(&there, plan, &m, bits, p + 1, pool);
        TRY(move_level(ctx, &m, &here, level != NULL, &there));
        TRY(expand(ctx, &m, &there));
        if (level)
            level[p] = here;
        else
            pleats_level_clear(ctx, &here);
        here = there;
        there = (pleats_level){0};
    }
    read_sum(&here, sum);
    if (level) {
        level[plan->n] = here;
        here = (pleats_level){0};
    }
done:
    pleats_level_clear(ctx, &here);
    pleats_level_clear(ctx, &there);
    pleats_level_pool_clear(ctx, &blocks);
    mover_clear(ctx, &m);
    return status;
}
