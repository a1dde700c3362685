/* Colours that stay apart for colour-blind readers and in print. */
#ifndef PLEATS_DRAW_PLANE_PALETTE_H
#define PLEATS_DRAW_PLANE_PALETTE_H

#include "base/base.h"

typedef struct {
    double red, green, blue; /* 0 .. 1 */
} pleats_colour;

/* For things of a few kinds (classes, layers), i >= 0; repeats after eight.
 * [Okabe and Ito 2008] */
enum { PLEATS_KINDS = 8 };
pleats_colour pleats_colour_of_kind(pleats_idx i);

/* The same, dark enough for thin lines on white. */
pleats_colour pleats_colour_of_line(pleats_idx i);

/* A light one for a hash, the same for the same hash. */
pleats_colour pleats_colour_of_hash(uint32_t hash);

/* For a quantity 0 .. 1, from dark to light, lightness growing evenly. */
pleats_colour pleats_colour_of_share(double share);

/* a + share (b - a) */
pleats_colour pleats_colour_mix(pleats_colour a, pleats_colour b, double share);

/* As 0xRRGGBB, rounded, and back. */
uint32_t pleats_colour_to_bits(pleats_colour colour);
pleats_colour pleats_colour_of_bits(uint32_t bits);

#endif
