/* The JSON form of specs; docs/specs.md describes it. */
#ifndef PLEATS_READ_SPEC_JSON_H
#define PLEATS_READ_SPEC_JSON_H

#include "spec/spec.h"

/* Reads the text [size] of a file: {"input": [1, 8, 8], "layers": [{"conv":
 * {"filters": 8, "kernel": 3}}, "relu", ...]}.  PLEATS_INVALID with the path
 * and the layer that does not fit. */
PLEATS_NODISCARD pleats_status
pleats_spec_json_parse(pleats_ctx *ctx, const char *path, const char *text,
                       size_t size, pleats_give pleats_spec **out);

#endif
