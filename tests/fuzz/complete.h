/* Texts of lines under a right digest, from any bytes. */
#ifndef PLEATS_FUZZ_COMPLETE_H
#define PLEATS_FUZZ_COMPLETE_H

#include "exact/lines.h"

#include <stdint.h>

/* The input, with `own` in place of a first line "=", and the digest behind it.
 * The caller releases *out. */
PLEATS_NODISCARD pleats_status fuzz_complete(pleats_ctx *ctx,
                                             const pleats_text *own,
                                             const uint8_t *data, size_t size,
                                             char **out, size_t *n);

#endif
