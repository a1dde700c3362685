/* zlib with a context's memory. */
#ifndef PLEATS_BASE_ZLIB_MEMORY_H
#define PLEATS_BASE_ZLIB_MEMORY_H

#include "base/base.h"

#include <zlib.h>

static inline void *pleats_zlib_take(void *ctx, unsigned count, unsigned size)
{
    void *block = NULL;
    return pleats_alloc(ctx, count, size, &block) == PLEATS_OK ? block : NULL;
}

static inline void pleats_zlib_give_back(void *ctx, void *block)
{
    pleats_release(ctx, block);
}

/* To be called before a stream is opened. */
static inline void pleats_zlib_memory(pleats_ctx *ctx, z_stream *z)
{
    z->zalloc = pleats_zlib_take;
    z->zfree = pleats_zlib_give_back;
    z->opaque = ctx;
}

#endif
