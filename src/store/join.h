/* Files of cells of all parts, as one. */
#ifndef PLEATS_STORE_JOIN_H
#define PLEATS_STORE_JOIN_H

#include "base/output.h"

/* Writes the HDF5 file of all cells to `out`, which is to be committed; its
 * columns show those of the files path [n], which are the parts, in any order,
 * and must stay where they are.  *regions: their sum.  PLEATS_INVALID unless
 * they are exactly the parts of one domain's cells, each complete and once. */
PLEATS_NODISCARD pleats_status pleats_store_join(pleats_ctx *ctx, size_t n,
                                                 const char *const *path,
                                                 pleats_output *out,
                                                 uint64_t *regions);

#endif
