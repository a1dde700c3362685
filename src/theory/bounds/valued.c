#include "theory/bounds/valued.h"

void pleats_valued_clear(pleats_ctx *ctx, pleats_valued *family)
{
    for (size_t i = 0; i < family->capacity; i++)
        mpz_clear(family->value[i]);
    pleats_release(ctx, family->value);
    family->value = NULL;
    family->capacity = 0;
    pleats_family_clear(ctx, &family->sets);
}

pleats_status pleats_valued_find(pleats_ctx *ctx, pleats_valued *family,
                                 const uint64_t *set, size_t most, size_t *at,
                                 bool *is_new)
{
    pleats_status status = PLEATS_OK;
    size_t had = family->capacity;
    *at = pleats_family_find(&family->sets, set);
    *is_new = *at == SIZE_MAX;
    if (!*is_new)
        return PLEATS_OK;
    *at = family->sets.n;
    TRY(pleats_grow(ctx, &family->value, &family->capacity, *at + 1,
                    sizeof *family->value));
    for (; had < family->capacity; had++)
        mpz_init(family->value[had]);
    TRY(pleats_family_add(ctx, &family->sets, set, most));
done:
    return status;
}
