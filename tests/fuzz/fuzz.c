#define _GNU_SOURCE /* memfd_create */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MEMORY_LIMIT = 64 << 20 };

/* A file of its own for every input: a path can be opened again. */
static int make_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzzed", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    return fd;
}

int fuzz(const uint8_t *data, size_t size, bool with_path, fuzz_read *read)
{
    meter m = {0};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    char path[32] = "fuzzed";
    int fd = with_path ? make_file(data, size) : -1;
    if (fd >= 0)
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (pleats_ctx_new(&a, &ctx) == PLEATS_OK) {
        pleats_ctx_set_memory_limit(ctx, MEMORY_LIMIT);
        if (read(ctx, data, size, path) == PLEATS_INTERNAL)
            abort();
        pleats_ctx_free(ctx);
    }
    if (fd >= 0)
        close(fd);
    if (m.blocks != 0 || m.live != 0 || m.is_unsound)
        abort();
    return 0;
}
