#include "onnx/names.h"

#include <string.h>

/* FNV-1a over the scope and the name. */
static size_t hash(pleats_idx scope, const char *name)
{
    uint64_t h = 14695981039346656037u ^ (uint64_t)(uint32_t)scope;
    h *= 1099511628211u;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 1099511628211u;
    return (size_t)(h ^ h >> 32);
}

/* The slot that holds the entry, or the free one where it belongs. */
static pleats_name *slot_of(const pleats_names *names, pleats_idx scope,
                            const char *name)
{
    size_t mask = names->capacity - 1;
    size_t i = hash(scope, name) & mask;
    while (names->slot[i].name && (names->slot[i].scope != scope ||
                                   strcmp(names->slot[i].name, name) != 0))
        i = (i + 1) & mask;
    return &names->slot[i];
}

void pleats_names_clear(pleats_ctx *ctx, pleats_names *names)
{
    pleats_release(ctx, names->slot);
    *names = (pleats_names){0};
}

static pleats_status rehash(pleats_ctx *ctx, pleats_names *names)
{
    pleats_status status = PLEATS_OK;
    pleats_names bigger = {0};
    bigger.capacity = names->capacity ? names->capacity * 2 : 64;
    TRY(pleats_alloc(ctx, bigger.capacity, sizeof *bigger.slot, &bigger.slot));
    bigger.n = names->n;
    for (size_t i = 0; i < names->capacity; i++)
        if (names->slot[i].name)
            *slot_of(&bigger, names->slot[i].scope, names->slot[i].name) =
                names->slot[i];
    pleats_release(ctx, names->slot);
    *names = bigger;
done:
    return status;
}

pleats_status pleats_names_intern(pleats_ctx *ctx, pleats_names *names,
                                  pleats_idx scope, const char *name,
                                  pleats_idx fresh, bool *is_new,
                                  pleats_idx **out)
{
    pleats_status status = PLEATS_OK;
    pleats_name *slot = NULL;
    if (2 * (names->n + 1) > names->capacity)
        TRY(rehash(ctx, names));
    slot = slot_of(names, scope, name);
    *is_new = !slot->name;
    if (!slot->name) {
        *slot = (pleats_name){scope, name, fresh};
        names->n++;
    }
    *out = &slot->value;
done:
    return status;
}

pleats_idx pleats_names_find(const pleats_names *names, pleats_idx scope,
                             const char *name, pleats_idx otherwise)
{
    if (!names->capacity)
        return otherwise;
    const pleats_name *slot = slot_of(names, scope, name);
    return slot->name ? slot->value : otherwise;
}
