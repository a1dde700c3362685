#include "exact/vectors.h"

void pleats_vectors_init(pleats_ctx *ctx, pleats_vectors *set, size_t width)
{
    *set = (pleats_vectors){.ctx = ctx, .width = width};
}

void pleats_vectors_clear(pleats_vectors *set)
{
    if (!set->ctx)
        return;
    for (size_t i = 0; i < set->n * set->width; i++)
        mpz_clear(set->x[i]);
    pleats_release(set->ctx, set->x);
    pleats_release(set->ctx, set->hash);
    pleats_release(set->ctx, set->slot);
    *set = (pleats_vectors){0};
}

/* FNV-1a on the limbs, mixed once more because the low bits choose a slot. */
static uint64_t hash_of(mpz_t *v, size_t width)
{
    const uint64_t prime = 1099511628211u;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < width; i++) {
        const mp_limb_t *limb = mpz_limbs_read(v[i]);
        size_t n = mpz_size(v[i]);
        hash = (hash ^ (2 * n + (mpz_sgn(v[i]) < 0))) * prime;
        for (size_t j = 0; j < n; j++) {
            hash = (hash ^ limb[j]) * prime;
            hash ^= hash >> 32;
        }
    }
    return hash;
}

static bool is_member(const pleats_vectors *set, size_t i, mpz_t *v,
                      uint64_t hash)
{
    if (set->hash[i] != hash)
        return false;
    for (size_t j = 0; j < set->width; j++)
        if (mpz_cmp(pleats_vector(set, i)[j], v[j]) != 0)
            return false;
    return true;
}

static pleats_status double_slots(pleats_vectors *set)
{
    pleats_status status = PLEATS_OK;
    size_t n_slots = set->n_slots ? 2 * set->n_slots : 64;
    size_t *slot = NULL;
    TRY(pleats_alloc(set->ctx, n_slots, sizeof *slot, &slot));
    pleats_release(set->ctx, set->slot);
    set->slot = slot;
    set->n_slots = n_slots;
    for (size_t i = 0; i < set->n; i++) {
        size_t s = (size_t)set->hash[i] & (n_slots - 1);
        while (slot[s])
            s = (s + 1) & (n_slots - 1);
        slot[s] = i + 1;
    }
done:
    return status;
}

pleats_status pleats_vectors_add(pleats_vectors *set, mpz_t *v, size_t *number,
                                 bool *is_new)
{
    pleats_status status = PLEATS_OK;
    const uint64_t hash = hash_of(v, set->width);
    if (2 * (set->n + 1) > set->n_slots)
        TRY(double_slots(set));
    TRY(pleats_grow(set->ctx, &set->x, &set->x_capacity,
                    (set->n + 1) * set->width, sizeof *set->x));
    TRY(pleats_grow(set->ctx, &set->hash, &set->hash_capacity, set->n + 1,
                    sizeof *set->hash));
    size_t s = (size_t)hash & (set->n_slots - 1);
    while (set->slot[s] && !is_member(set, set->slot[s] - 1, v, hash))
        s = (s + 1) & (set->n_slots - 1);
    bool added = set->slot[s] == 0;
    if (added) {
        for (size_t j = 0; j < set->width; j++)
            mpz_init_set(set->x[set->n * set->width + j], v[j]);
        set->hash[set->n++] = hash;
        set->slot[s] = set->n;
    }
    *number = set->slot[s] - 1;
    if (is_new)
        *is_new = added;
done:
    return status;
}
