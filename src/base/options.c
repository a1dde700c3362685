/* Structs of callers that were compiled with other versions. */
#include "base/base.h"

#include <string.h>

pleats_status pleats_struct_copy(pleats_ctx *ctx, const void *theirs,
                                 size_t given, size_t size, void *ours)
{
    memset(ours, 0, size);
    for (size_t i = size; i < given; i++)
        if (((const unsigned char *)theirs)[i])
            return pleats_fail(ctx, PLEATS_INVALID,
                               "a struct of %zu bytes says what this version "
                               "of the library (%zu bytes) does not know",
                               given, size);
    memcpy(ours, theirs, given < size ? given : size);
    return PLEATS_OK;
}

pleats_status pleats_options_copy(pleats_ctx *ctx, const void *theirs,
                                  size_t size, size_t first, void *ours)
{
    size_t given = 0;
    memset(ours, 0, size);
    if (!theirs)
        return PLEATS_OK;
    memcpy(&given, theirs, sizeof given);
    return pleats_struct_copy(ctx, theirs, given ? given : first, size, ours);
}
