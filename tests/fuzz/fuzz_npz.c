/* Any bytes as an .npz file: an array of finite numbers or a refusal. */
#include "fuzz.h"
#include "read/npz.h"

#include <math.h>
#include <stdlib.h>

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_npz_array array;
    (void)path;
    pleats_status status =
        pleats_npz_parse(ctx, (const char *)data, size, "x", &array);
    for (int64_t i = 0; i < array.count && status == PLEATS_OK; i++)
        if (!isfinite(array.data[i]))
            abort();
    pleats_npz_clear(ctx, &array);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
