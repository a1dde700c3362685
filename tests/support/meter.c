#include "meter.h"

#include <stdlib.h>
#include <string.h>

/* Sizes stand before the blocks; 16 bytes keep these aligned. */
enum { HEAD = 16 };

static void *meter_alloc(void *state, size_t bytes)
{
    meter *m = state;
    size_t call = ++m->calls;
    if (m->fail_at &&
        (call == m->fail_at || (m->fail_after && call > m->fail_at)))
        return NULL;
    unsigned char *block = malloc(bytes + HEAD);
    if (!block)
        return NULL;
    memcpy(block, &bytes, sizeof bytes);
    m->live += bytes;
    m->blocks++;
    return block + HEAD;
}

static void meter_release(void *state, void *pointer, size_t bytes)
{
    meter *m = state;
    size_t size;
    unsigned char *block = (unsigned char *)pointer - HEAD;
    memcpy(&size, block, sizeof size);
    if (size != bytes)
        m->is_unsound = true;
    m->live -= size;
    m->blocks--;
    free(block);
}

pleats_allocator meter_allocator(meter *m)
{
    return (pleats_allocator){meter_alloc, meter_release, m};
}
