#include "theory/layer/chains.h"

#include <string.h>

enum {
    SETS = PLEATS_CHAIN_SETS,
    TERMS_AT_ONCE = 64,
    STATES_BETWEEN_CHECKS = 256
};

/* ---- The sets of a seam ---- */

/* A seam's sets.  Words of sets outside of [first, end) are 0. */
typedef struct {
    const pleats_component *component;
    const pleats_seam *seam;
    size_t first, end;
} boundary;

static const uint64_t *set_of(const boundary *b, size_t kept)
{
    return pleats_family_set(&b->seam->ahead, b->seam->kept[kept]);
}

static boundary boundary_of(const pleats_component *component,
                            const pleats_seam *seam)
{
    boundary b = {component, seam, seam->ahead.n_words, 0};
    for (size_t i = 1; i < seam->n_kept; i++)
        for (size_t k = 0; k < seam->ahead.n_words; k++)
            if (set_of(&b, i)[k]) {
                b.first = k < b.first ? k : b.first;
                b.end = k + 1 > b.end ? k + 1 : b.end;
            }
    return b;
}

/* The capacity of kept set a minus kept set b. */
static int64_t apart(const boundary *at, size_t a, size_t b)
{
    int64_t sum = 0;
    for (size_t k = at->first; k < at->end; k++)
        for (uint64_t rest = set_of(at, a)[k] & ~set_of(at, b)[k]; rest;
             rest &= rest - 1)
            sum +=
                at->component->capacity[64 * k + (size_t)__builtin_ctzll(rest)];
    return sum;
}

/* Whether the union of two kept sets is kept, and a kept set a union of windows
 * so far. */
static pleats_status look_at_sets(pleats_ctx *ctx, const boundary *at,
                                  bool *are_good)
{
    pleats_status status = PLEATS_OK;
    const pleats_seam *seam = at->seam;
    const size_t n_words = seam->ahead.n_words;
    uint64_t *both = NULL;
    TRY(pleats_alloc(ctx, n_words, sizeof *both, &both));
    *are_good = true;
    for (size_t a = 1; a < seam->n_kept && *are_good; a++) {
        *are_good =
            seam->behind.n > 0 &&
            pleats_family_find(&seam->behind, set_of(at, a)) != SIZE_MAX;
        for (size_t b = 1; b < a && *are_good; b++) {
            for (size_t k = 0; k < n_words; k++)
                both[k] = set_of(at, a)[k] | set_of(at, b)[k];
            const size_t x = pleats_family_find(&seam->ahead, both);
            *are_good = x != SIZE_MAX && seam->number[x] != PLEATS_NOT_KEPT;
        }
    }
done:
    pleats_release(ctx, both);
    return status;
}

/* Entries by the capacities of their sets, which are not the same where one
 * contains another. */
static void sort_sets(const boundary *at, pleats_chains *c)
{
    int64_t size[SETS];
    for (size_t i = 0; i < c->n; i++) {
        const int64_t own = apart(at, i, 0);
        size_t s = i;
        for (; s > 0 && size[s - 1] > own; s--) {
            size[s] = size[s - 1];
            c->set[s].entry = c->set[s - 1].entry;
        }
        size[s] = own;
        c->set[s].entry = (uint32_t)i;
    }
}

static void fill_set(const boundary *at, pleats_chains *c, size_t s,
                     const uint32_t *image)
{
    pleats_chain_set *set = &c->set[s];
    memset(&set->more, INT8_MAX, sizeof set->more);
    memset(&set->less, INT8_MAX, sizeof set->less);
    memset(&set->less_image, INT8_MAX, sizeof set->less_image);
    for (size_t i = 1; i < c->n; i++) {
        const int64_t more = apart(at, i, set->entry);
        const uint32_t turned = image ? image[i] : (uint32_t)i;
        set->less.lane[i - 1] = (int8_t)apart(at, set->entry, i);
        set->less_image.lane[i - 1] = (int8_t)apart(at, set->entry, turned);
        if (more > 0)
            set->more.lane[i - 1] = (int8_t)more;
    }
    for (size_t r = 0; r < s; r++)
        if (apart(at, c->set[r].entry, set->entry) == 0) {
            c->set[r].above |= (uint64_t)1 << s;
            set->below |= (uint64_t)1 << r;
        }
}

pleats_status pleats_chains_init(pleats_ctx *ctx, pleats_chains **chains,
                                 const pleats_component *component,
                                 const pleats_seam *seam, const uint32_t *image)
{
    pleats_status status = PLEATS_OK;
    const boundary at = boundary_of(component, seam);
    bool are_good = false;
    *chains = NULL;
    if (seam->n_kept < 3 || seam->n_kept > SETS)
        return PLEATS_OK;
    TRY(look_at_sets(ctx, &at, &are_good));
    if (!are_good)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, 1,
                     sizeof **chains + seam->n_kept * sizeof *(*chains)->set,
                     chains));
    (*chains)->n = seam->n_kept;
    sort_sets(&at, *chains);
    for (size_t s = 0; s < seam->n_kept; s++)
        fill_set(&at, *chains, s, image);
done:
    return status;
}

/* ---- The chains of a state ---- */

/* A chain of flat sets from the least one to set `last`. */
typedef struct {
    pleats_lanes need, image; /* its state, and the mirror image of that */
    int64_t factor;           /* prod -mu */
    size_t last;
    uint64_t left; /* bits of sets that are still to come behind `last` */
} chain;

typedef struct {
    const pleats_chains *c;
    pleats_lanes own;       /* the state's needs */
    int8_t need[SETS];      /* the same by set */
    uint64_t flat;          /* bits of the flat sets */
    uint64_t known;         /* bits of sets a with mu[a] and next[a] */
    uint64_t next[SETS];    /* next[a]: bits of b with mu[a][b] not 0 */
    int64_t mu[SETS][SETS]; /* mu[a][b] for the bits b of next[a] */
    size_t n;               /* of the chains: each one's last but one, ... */
    chain chain[SETS];      /* [n] the last is the longest */
} walk;

/* to = max(from, need - less). */
PLEATS_WITHIN void join(pleats_lanes *restrict to, const pleats_lanes *from,
                        int8_t need, const pleats_lanes *less)
{
    for (size_t i = 0; i < SETS; i++) {
        const int8_t x = (int8_t)(need - less->lane[i]);
        if (from->lane[i] > x)
            to->lane[i] = from->lane[i];
        else
            to->lane[i] = x;
    }
}

PLEATS_WIDE
static void add_need(chain *restrict to, const chain *from, int8_t need,
                     const pleats_lanes *less, const pleats_lanes *less_image)
{
    join(&to->need, &from->need, need, less);
    join(&to->image, &from->image, need, less_image);
}

PLEATS_WIDE
static uint64_t find_flat(const pleats_chains *c, const pleats_lanes *own,
                          const int8_t *need)
{
    uint64_t flat = 0;
    for (size_t s = 0; s < c->n; s++) {
        uint8_t is_implied = 0;
        for (size_t i = 0; i < SETS; i++) {
            const int8_t x = (int8_t)(own->lane[i] - c->set[s].more.lane[i]);
            is_implied = (uint8_t)(is_implied | (x == need[s]));
        }
        flat |= (uint64_t)!is_implied << s;
    }
    return flat;
}

/* mu(a, b) = - sum of mu(a, x) over a and the flat x between a and b of larger
 * need than a.  PLEATS_LIMIT if a number is too large. */
static pleats_status find_mobius(pleats_ctx *ctx, walk *w, size_t a)
{
    int64_t *mu = w->mu[a];
    if (w->known >> a & 1)
        return PLEATS_OK;
    mu[a] = 1;
    w->next[a] = 0;
    for (uint64_t rest = w->c->set[a].above & w->flat; rest; rest &= rest - 1) {
        const int b = __builtin_ctzll(rest);
        uint64_t within = w->c->set[b].below & (w->next[a] | (uint64_t)1 << a);
        int64_t sum = 0;
        if (w->need[b] == w->need[a])
            continue;
        for (; within; within &= within - 1)
            if (__builtin_sub_overflow(sum, mu[__builtin_ctzll(within)], &sum))
                return pleats_fail(ctx, PLEATS_LIMIT,
                                   "a Moebius function passes 2^63");
        mu[b] = sum;
        w->next[a] |= (uint64_t)(sum != 0) << b;
    }
    w->known |= (uint64_t)1 << a;
    return PLEATS_OK;
}

/* Makes the next chain of `from` and set b. */
static pleats_status push(pleats_ctx *ctx, walk *w, const chain *from,
                          int64_t factor, size_t b)
{
    pleats_status status = PLEATS_OK;
    chain *to = &w->chain[w->n];
    if (__builtin_mul_overflow(from->factor, factor, &to->factor))
        TRY(pleats_fail(ctx, PLEATS_LIMIT, "a chain's factor passes 2^63"));
    add_need(to, from, w->need[b], &w->c->set[b].less,
             &w->c->set[b].less_image);
    TRY(find_mobius(ctx, w, b));
    to->last = b;
    to->left = w->next[b];
    w->n++;
done:
    return status;
}

static pleats_status start(pleats_ctx *ctx, walk *w, const pleats_level *level,
                           size_t state)
{
    static const chain none = {.factor = 1};
    memset(&w->own, 0, sizeof w->own);
    memcpy(&w->own, pleats_level_record(level, state), level->n_entries);
    w->need[0] = 0;
    for (size_t s = 1; s < w->c->n; s++)
        w->need[s] = w->own.lane[w->c->set[s].entry - 1];
    w->flat = find_flat(w->c, &w->own, w->need);
    w->known = 0;
    w->n = 0;
    return push(ctx, w, &none, 1, (size_t)__builtin_ctzll(w->flat));
}

/* The next chain that ends with the need of the largest flat set, or NULL. */
static pleats_status next_chain(pleats_ctx *ctx, walk *w, const chain **out)
{
    pleats_status status = PLEATS_OK;
    const int8_t most = w->need[63 - __builtin_clzll(w->flat)];
    *out = NULL;
    while (w->n > 0 && !*out) {
        chain *top = &w->chain[w->n - 1];
        if (w->need[top->last] == most) {
            *out = top;
            w->n--;
        } else if (top->left == 0) {
            w->n--;
        } else {
            const size_t b = (size_t)__builtin_ctzll(top->left);
            top->left &= top->left - 1;
            TRY(push(ctx, w, top, -w->mu[top->last][b], b));
        }
    }
done:
    return status;
}

/* ---- Levels ---- */

/* A chain state, and what it adds. */
typedef struct {
    uint64_t packed[SETS / sizeof(uint64_t)];
    uint64_t hash;
    size_t state;
    int64_t factor;
} term;

typedef struct {
    size_t n;
    term term[TERMS_AT_ONCE];
} terms;

/* The lower of the chain's state and its mirror image. */
static void gather(terms *t, const chain *c, size_t state,
                   const pleats_level *to)
{
    term *new = &t->term[t->n++];
    const bool is_lower = memcmp(&c->image, &c->need, sizeof c->need) < 0;
    memcpy(new->packed, is_lower ? &c->image : &c->need, sizeof new->packed);
    new->hash = pleats_level_hash(to, new->packed);
    new->state = state;
    new->factor = c->factor;
}

/* Adds the terms.  As with moves, every record is asked for first. */
static pleats_status add_terms(pleats_ctx *ctx, terms *t,
                               const pleats_level *from, pleats_level *to)
{
    pleats_status status = PLEATS_OK;
    const mp_size_t n = (mp_size_t)to->n_limbs;
    for (size_t i = 0; i < t->n; i++)
        pleats_level_ask(to, t->term[i].hash);
    for (size_t i = 0; i < t->n; i++) {
        const term *one = &t->term[i];
        size_t number = 0;
        TRY(pleats_level_add(ctx, to, one->packed, one->hash, &number));
        mp_limb_t *sum = pleats_level_weight(to, number);
        const mp_limb_t *weight = pleats_level_weight(from, one->state);
        if (one->factor > 0)
            (void)mpn_addmul_1(sum, weight, n, (mp_limb_t)one->factor);
        else
            (void)mpn_submul_1(sum, weight, n, -(mp_limb_t)one->factor);
    }
    t->n = 0;
done:
    return status;
}

static pleats_status expand_state(pleats_ctx *ctx, walk *w,
                                  const pleats_level *level, size_t state,
                                  terms *t, pleats_level *to)
{
    pleats_status status = PLEATS_OK;
    const chain *c = NULL;
    TRY(start(ctx, w, level, state));
    TRY(next_chain(ctx, w, &c));
    while (c) {
        gather(t, c, state, to);
        if (t->n == TERMS_AT_ONCE)
            TRY(add_terms(ctx, t, level, to));
        TRY(next_chain(ctx, w, &c));
    }
done:
    return status;
}

pleats_status pleats_chains_expand(pleats_ctx *ctx, const pleats_chains *chains,
                                   const pleats_level *level, size_t most,
                                   pleats_level *to, bool *is_done)
{
    pleats_status status = PLEATS_OK;
    walk *w = NULL;
    terms *t = NULL;
    *is_done = false;
    if (level->is_wide)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, 1, sizeof *w, &w));
    TRY(pleats_alloc(ctx, 1, sizeof *t, &t));
    w->c = chains;
    for (size_t i = 0; i < level->n && to->n < most; i++) {
        if (i % STATES_BETWEEN_CHECKS == 0)
            TRY(pleats_check_stop(ctx));
        TRY(expand_state(ctx, w, level, i, t, to));
    }
    TRY(add_terms(ctx, t, level, to));
    *is_done = to->n < most;
done:
    pleats_release(ctx, t);
    pleats_release(ctx, w);
    return status;
}
