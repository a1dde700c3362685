#include "need.h"

#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *why)
{
    fprintf(stderr, "the test cannot go on: %s\n", why);
    exit(2);
}

void *need_memory(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);
    if (!p)
        give_up("no memory");
    return p;
}

void *need_more(void *pointer, size_t count, size_t size)
{
    void *p = realloc(pointer, count * size);
    if (!p)
        give_up("no memory");
    return p;
}

void need_ok(pleats_ctx *ctx, pleats_status status)
{
    if (status != PLEATS_OK)
        give_up(pleats_ctx_message(ctx));
}

pleats_ctx *need_ctx(void)
{
    pleats_ctx *ctx = NULL;
    if (pleats_ctx_new(NULL, &ctx) != PLEATS_OK)
        give_up("no context");
    return ctx;
}

uint64_t number_from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

uint64_t n_cases(uint64_t normal)
{
    uint64_t cases =
        normal * number_from_environment("PLEATS_TEST_MULTIPLIER", 1);
    uint64_t share = number_from_environment("PLEATS_TEST_SHARE", 1);
    return share > 1 ? cases / share + 1 : cases;
}
