/* What stands for HDF5 in a library that is built without it. */
#include "store/join.h"
#include "store/store.h"

static pleats_status refuse(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "this pleats was built without HDF5; write .npz or "
                       ".jsonl, or build it with -DPLEATS_HDF5=ON");
}

static pleats_status begin(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, void **state)
{
    (void)head, (void)out, (void)state;
    return refuse(ctx);
}

pleats_status pleats_store_join(pleats_ctx *ctx, size_t n,
                                const char *const *path, pleats_output *out,
                                uint64_t *regions)
{
    (void)n, (void)path, (void)out, (void)regions;
    return refuse(ctx);
}

static void free_nothing(void *state)
{
    (void)state;
}

const pleats_store_format pleats_store_hdf5 = {.begin = begin,
                                               .free = free_nothing};
