/* The context: how it is made, messages, remarks. */
#include "base/ctx_state.h"
#include "base/text.h"
#include "pleats/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_MEMORY_LIMIT ((size_t)8 << 30)

static void *default_alloc(void *state, size_t bytes)
{
    (void)state;
    return calloc(1, bytes);
}

static void default_release(void *state, void *pointer, size_t bytes)
{
    (void)state;
    (void)bytes;
    free(pointer);
}

pleats_status pleats_ctx_new(const pleats_allocator *allocator,
                             pleats_ctx **out)
{
    const pleats_allocator standard = {default_alloc, default_release, NULL};
    const pleats_allocator *a = allocator ? allocator : &standard;
    pleats_ctx *ctx = a->alloc(a->state, sizeof *ctx);
    *out = ctx;
    if (!ctx)
        return PLEATS_NOMEM;
    memset(ctx, 0, sizeof *ctx);
    ctx->owner = ctx;
    ctx->allocator = *a;
    ctx->is_cleared = !allocator;
    ctx->limit = DEFAULT_MEMORY_LIMIT;
    atomic_init(&ctx->live, 0);
    atomic_init(&ctx->peak, 0);
    atomic_init(&ctx->cancelled, false);
    atomic_init(&ctx->is_full, false);
    return PLEATS_OK;
}

void pleats_ctx_free(pleats_ctx *ctx)
{
    if (!ctx)
        return;
    for (size_t i = 0; i < ctx->n_remarks; i++)
        pleats_release(ctx, ctx->remarks[i]);
    ctx->allocator.release(ctx->allocator.state, ctx, sizeof *ctx);
}

pleats_status pleats_ctx_fork(pleats_ctx *ctx, pleats_ctx **out)
{
    pleats_status status = pleats_alloc(ctx, 1, sizeof **out, out);
    if (status == PLEATS_OK)
        (*out)->owner = ctx->owner;
    return status;
}

static bool has_remark(const pleats_ctx *ctx, const char *text)
{
    for (size_t i = 0; i < ctx->n_remarks; i++)
        if (strcmp(ctx->remarks[i], text) == 0)
            return true;
    return false;
}

void pleats_ctx_join(pleats_ctx *ctx, pleats_ctx *fork)
{
    if (!fork)
        return;
    for (size_t i = 0; i < fork->n_remarks; i++) {
        if (ctx->n_remarks < PLEATS_MOST_REMARKS &&
            !has_remark(ctx, fork->remarks[i]))
            ctx->remarks[ctx->n_remarks++] = fork->remarks[i];
        else
            pleats_release(ctx, fork->remarks[i]);
    }
    pleats_release(ctx, fork);
}

void pleats_ctx_take_message(pleats_ctx *ctx, const pleats_ctx *from)
{
    if (ctx == from)
        return;
    memcpy(ctx->message, from->message, sizeof ctx->message);
    ctx->file = from->file;
    ctx->line = from->line;
}

const char *pleats_ctx_message(const pleats_ctx *ctx)
{
    return ctx->message;
}

size_t pleats_ctx_n_remarks(const pleats_ctx *ctx)
{
    return ctx->n_remarks;
}

const char *pleats_ctx_remark(const pleats_ctx *ctx, size_t i)
{
    return i < ctx->n_remarks ? ctx->remarks[i] : "";
}

void pleats_fail_at(pleats_ctx *ctx, const char *file, int line,
                    const char *format, ...)
{
    char text[PLEATS_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    pleats_vformat(text, sizeof text, format, args);
    va_end(args);
    pleats_plain(text, ctx->message, sizeof ctx->message);
    ctx->file = file;
    ctx->line = line;
}

pleats_status pleats_remark(pleats_ctx *ctx, const char *format, ...)
{
    char raw[PLEATS_MESSAGE_BYTES], text[PLEATS_MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    pleats_vformat(raw, sizeof raw, format, args);
    va_end(args);
    pleats_plain(raw, text, sizeof text);
    if (has_remark(ctx, text) || ctx->n_remarks == PLEATS_MOST_REMARKS)
        return PLEATS_OK;
    pleats_status status =
        pleats_strdup(ctx, text, &ctx->remarks[ctx->n_remarks]);
    if (status == PLEATS_OK)
        ctx->n_remarks++;
    return status;
}

size_t pleats_printable(const char *text, size_t length, size_t most)
{
    size_t n = 0;
    while (n < length && n < most && text[n] >= ' ' && text[n] <= '~')
        n++;
    return n;
}
