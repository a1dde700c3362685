#include "theory/layer/family.h"

#include "theory/hash.h"

#include <string.h>

void pleats_family_clear(pleats_ctx *ctx, pleats_family *family)
{
    pleats_release(ctx, family->bits);
    pleats_release(ctx, family->slot);
    *family = (pleats_family){.n_words = family->n_words};
}

static size_t slot_of(const pleats_family *f, const uint64_t *set)
{
    size_t mask = f->n_slots - 1;
    size_t at = pleats_hash_words(set, f->n_words) & mask;
    while (f->slot[at] > 0 && memcmp(pleats_family_set(f, f->slot[at] - 1), set,
                                     f->n_words * sizeof *set) != 0)
        at = (at + 1) & mask;
    return at;
}

size_t pleats_family_find(const pleats_family *family, const uint64_t *set)
{
    if (family->n == 0)
        return SIZE_MAX;
    uint32_t found = family->slot[slot_of(family, set)];
    return found > 0 ? found - 1 : SIZE_MAX;
}

static pleats_status widen(pleats_ctx *ctx, pleats_family *f)
{
    pleats_status status = PLEATS_OK;
    size_t wanted = f->n_slots ? 2 * f->n_slots : 64;
    pleats_release(ctx, f->slot);
    f->slot = NULL;
    TRY(pleats_alloc(ctx, wanted, sizeof *f->slot, &f->slot));
    f->n_slots = wanted;
    for (size_t i = 0; i < f->n; i++)
        f->slot[slot_of(f, pleats_family_set(f, i))] = (uint32_t)i + 1;
done:
    return status;
}

pleats_status pleats_family_add(pleats_ctx *ctx, pleats_family *family,
                                const uint64_t *set, size_t most)
{
    pleats_status status = PLEATS_OK;
    if (2 * (family->n + 1) > family->n_slots)
        TRY(widen(ctx, family));
    size_t at = slot_of(family, set);
    if (family->slot[at] > 0)
        return PLEATS_OK;
    if (family->n >= most)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "the windows on a frontier have more than %zu "
                           "unions",
                           most);
    TRY(pleats_grow(ctx, &family->bits, &family->capacity,
                    (family->n + 1) * family->n_words, sizeof *set));
    memcpy(family->bits + family->n * family->n_words, set,
           family->n_words * sizeof *set);
    family->slot[at] = (uint32_t)++family->n;
done:
    return status;
}
