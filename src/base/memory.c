/* Memory, and the account of it.
 *
 * What is given out has a header before it, of the block that it lies in, so
 * that frees need no size and live and peak bytes are exact.  What is large
 * begins at a line of the processor's cache: a vector that is read across two
 * lines takes twice as long. */
#include "base/ctx_state.h"

#include <string.h>

typedef struct {
    size_t bytes;  /* of the block */
    size_t offset; /* from its start to what is given out */
} header;

/* LARGE: bytes from which on a block is lined up.  BYTES_PER_LOOK: that are
 * cleared between looks at the clock. */
enum { LARGE = 1024, BYTES_PER_LOOK = 1 << 24 };

void pleats_ctx_set_memory_limit(pleats_ctx *ctx, size_t bytes)
{
    ctx->owner->limit = bytes;
}

size_t pleats_ctx_live_bytes(const pleats_ctx *ctx)
{
    return atomic_load_explicit(&ctx->owner->live, memory_order_relaxed);
}

size_t pleats_ctx_peak_bytes(const pleats_ctx *ctx)
{
    return atomic_load_explicit(&ctx->owner->peak, memory_order_relaxed);
}

/* Adds so many live bytes, unless that would pass the limit. */
static bool book(pleats_ctx *owner, size_t bytes)
{
    const memory_order relaxed = memory_order_relaxed;
    size_t live = atomic_load_explicit(&owner->live, relaxed);
    do {
        if (bytes > owner->limit || live > owner->limit - bytes)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(
        &owner->live, &live, live + bytes, relaxed, relaxed));
    return true;
}

static void note_peak(pleats_ctx *owner)
{
    const memory_order relaxed = memory_order_relaxed;
    size_t live = atomic_load_explicit(&owner->live, relaxed);
    size_t peak = atomic_load_explicit(&owner->peak, relaxed);
    while (peak < live && !atomic_compare_exchange_weak_explicit(
                              &owner->peak, &peak, live, relaxed, relaxed))
        ;
}

pleats_status pleats_book(pleats_ctx *ctx, size_t bytes)
{
    if (book(ctx->owner, bytes)) {
        note_peak(ctx->owner);
        return PLEATS_OK;
    }
    atomic_store_explicit(&ctx->owner->is_full, true, memory_order_relaxed);
    return pleats_fail(ctx, PLEATS_LIMIT,
                       "%zu MiB more would pass the memory limit of %zu MiB",
                       bytes >> 20, ctx->owner->limit >> 20);
}

void pleats_unbook(pleats_ctx *ctx, size_t bytes)
{
    atomic_fetch_sub_explicit(&ctx->owner->live, bytes, memory_order_relaxed);
}

/* Clears a new block; a large one takes time, in which there may come a reason
 * to stop. */
static pleats_status clear_block(pleats_ctx *ctx, unsigned char *block,
                                 size_t bytes)
{
    pleats_status status = PLEATS_OK;
    size_t done = 0;
    for (; bytes - done > BYTES_PER_LOOK; done += BYTES_PER_LOOK) {
        TRY(pleats_check_stop(ctx));
        memset(block + done, 0, BYTES_PER_LOOK);
    }
    memset(block + done, 0, bytes - done);
done:
    return status;
}

/* The pointer at `place`, whatever its type, becomes `pointer`. */
static void set_pointer(void *place, void *pointer)
{
    memcpy(place, &pointer, sizeof pointer);
}

static void *pointer_at(const void *place)
{
    void *pointer;
    memcpy(&pointer, place, sizeof pointer);
    return pointer;
}

/* What is given out of a block, behind its header. */
static void *place_in(unsigned char *block, size_t bytes, bool is_large)
{
    header h = {bytes, sizeof h};
    if (is_large)
        h.offset += PLEATS_LINE - (uintptr_t)(block + sizeof h) % PLEATS_LINE;
    memcpy(block + h.offset - sizeof h, &h, sizeof h);
    return block + h.offset;
}

pleats_status pleats_alloc(pleats_ctx *ctx, size_t count, size_t size,
                           void *out)
{
    pleats_ctx *owner = ctx->owner;
    size_t bytes;
    set_pointer(out, NULL);
    if (count == 0 || size == 0)
        return PLEATS_OK;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        bytes > SIZE_MAX / 2 - sizeof(header) - PLEATS_LINE)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "a table of %zu x %zu bytes is too large", count,
                           size);
    const bool is_large = bytes >= LARGE;
    bytes += sizeof(header) + (is_large ? PLEATS_LINE : 0);
    pleats_status status = pleats_book(ctx, bytes);
    if (status != PLEATS_OK)
        return status;
    unsigned char *block =
        owner->allocator.alloc(owner->allocator.state, bytes);
    if (!block) {
        pleats_unbook(ctx, bytes);
        return pleats_fail(ctx, PLEATS_NOMEM, "out of memory (%zu bytes)",
                           bytes);
    }
    status = owner->is_cleared ? PLEATS_OK : clear_block(ctx, block, bytes);
    if (status != PLEATS_OK) {
        owner->allocator.release(owner->allocator.state, block, bytes);
        pleats_unbook(ctx, bytes);
        return status;
    }
    set_pointer(out, place_in(block, bytes, is_large));
    return PLEATS_OK;
}

void pleats_release(pleats_ctx *ctx, void *pointer)
{
    header h;
    if (!pointer)
        return;
    memcpy(&h, (unsigned char *)pointer - sizeof h, sizeof h);
    pleats_ctx *owner = ctx->owner;
    pleats_unbook(ctx, h.bytes);
    owner->allocator.release(owner->allocator.state,
                             (unsigned char *)pointer - h.offset, h.bytes);
}

pleats_status pleats_grow_bytes(pleats_ctx *ctx, void *array, size_t *capacity,
                                size_t need, size_t size)
{
    void *old = pointer_at(array);
    if (need <= *capacity)
        return PLEATS_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    void *bigger = NULL;
    pleats_status status = pleats_alloc(ctx, wanted, size, &bigger);
    if (status != PLEATS_OK)
        return status;
    if (bigger && old)
        memcpy(bigger, old, *capacity * size);
    pleats_release(ctx, old);
    set_pointer(array, bigger);
    *capacity = wanted;
    return PLEATS_OK;
}

pleats_status pleats_strndup(pleats_ctx *ctx, const char *text, size_t length,
                             char **out)
{
    pleats_status status = pleats_alloc(ctx, length + 1, 1, out);
    if (status == PLEATS_OK && length)
        memcpy(*out, text, length);
    return status;
}

pleats_status pleats_strdup(pleats_ctx *ctx, const char *text, char **out)
{
    return pleats_strndup(ctx, text, strlen(text), out);
}
