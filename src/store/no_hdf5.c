/* What stands for HDF5 in a library that is built without it. */
#include "store/store.h"

static pleats_status refuse(pleats_ctx *ctx, const pleats_store_head *head,
                            pleats_output *out, void **state)
{
    (void)head, (void)out, (void)state;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "this pleats was built without HDF5; write .npz or "
                       ".jsonl, or build it with -DPLEATS_HDF5=ON");
}

static void free_nothing(void *state)
{
    (void)state;
}

const pleats_store_format pleats_store_hdf5 = {.begin = refuse,
                                               .free = free_nothing};
