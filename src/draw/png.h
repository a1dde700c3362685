/* Pixels as a PNG file. */
#ifndef PLEATS_DRAW_PNG_H
#define PLEATS_DRAW_PNG_H

#include "base/base.h"

#include <stdint.h>

typedef struct {
    size_t width, height;  /* 1 .. 2^16 */
    size_t stride;         /* pixels from row to row */
    const uint32_t *pixel; /* 0xRRGGBB; the upper 8 bits may be anything */
} pleats_pixels;

/* Adds the file to bytes [*n].  Rows are packed without a filter: lines and
 * flat colours come out no larger so, and much sooner. */
PLEATS_NODISCARD pleats_status pleats_png_write(pleats_ctx *ctx,
                                                const pleats_pixels *pixels,
                                                unsigned char **bytes,
                                                size_t *n, size_t *capacity);

#endif
