/* A map from (scope, name) to an index. */
#ifndef PLEATS_ONNX_NAMES_H
#define PLEATS_ONNX_NAMES_H

#include "base/base.h"

typedef struct {
    pleats_idx scope;
    const char *name; /* lent; NULL: a free slot */
    pleats_idx value;
} pleats_name;

typedef struct {
    pleats_name *slot; /* [capacity], a power of two */
    size_t n, capacity;
} pleats_names;

void pleats_names_clear(pleats_ctx *ctx, pleats_names *names);
/* The entry of `name` in `scope`; when there is none, a new one with value
 * `fresh` (`*is_new` says so).  `*out` is lent until the next call. */
PLEATS_NODISCARD pleats_status pleats_names_intern(
    pleats_ctx *ctx, pleats_names *names, pleats_idx scope, const char *name,
    pleats_idx fresh, bool *is_new, pleats_idx **out);
/* The value of `name` in `scope`, or `otherwise`. */
pleats_idx pleats_names_find(const pleats_names *names, pleats_idx scope,
                             const char *name, pleats_idx otherwise);

#endif
