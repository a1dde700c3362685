/* What the fuzz targets share: a context that counts its memory, and files in
 * memory for the readers that take a path. */
#ifndef PLEATS_FUZZ_H
#define PLEATS_FUZZ_H

#include "base/base.h"
#include "meter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Calls `read` with a context of 64 MiB and, when `with_path`, the path of a
 * file with these bytes, else their own name.  Aborts when memory is left or an
 * error is one that input must not cause. */
typedef pleats_status fuzz_read(pleats_ctx *ctx, const uint8_t *data,
                                size_t size, const char *path);
int fuzz(const uint8_t *data, size_t size, bool with_path, fuzz_read *read);

#endif
