/* What a file is, by its first bytes, whatever its name. */
#ifndef PLEATS_BASE_FILE_KIND_H
#define PLEATS_BASE_FILE_KIND_H

#include "base/base.h"

/* The kinds that are read. */
typedef enum {
    PLEATS_KIND_OTHER, /* perhaps ONNX, which has no mark */
    PLEATS_KIND_NNET,
    PLEATS_KIND_JSON,
    PLEATS_KIND_VNNLIB,
    PLEATS_KIND_NPZ
} pleats_file_kind;

pleats_file_kind pleats_file_kind_of(const char *bytes, size_t n);

/* PLEATS_INVALID when the bytes [n] are recognised as something else than
 * `wanted` (PLEATS_KIND_OTHER: a model): the message says what they are and
 * what to do.  An empty file is refused, too.  Cost: the first and the last
 * 64 KiB. */
PLEATS_NODISCARD pleats_status pleats_file_expect(pleats_ctx *ctx,
                                                  const char *bytes, size_t n,
                                                  pleats_file_kind wanted);

#endif
