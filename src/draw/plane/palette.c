#include "draw/plane/palette.h"

#include <math.h>

pleats_colour pleats_colour_mix(pleats_colour a, pleats_colour b, double share)
{
    return (pleats_colour){a.red + share * (b.red - a.red),
                           a.green + share * (b.green - a.green),
                           a.blue + share * (b.blue - a.blue)};
}

pleats_colour pleats_colour_of_kind(pleats_idx i)
{
    static const pleats_colour colour[PLEATS_KINDS] = {
        {0.00, 0.45, 0.70}, {0.90, 0.60, 0.00}, {0.00, 0.62, 0.45},
        {0.80, 0.40, 0.00}, {0.80, 0.60, 0.70}, {0.35, 0.70, 0.90},
        {0.95, 0.90, 0.25}, {0.30, 0.30, 0.30}};
    return colour[i % PLEATS_KINDS];
}

pleats_colour pleats_colour_of_line(pleats_idx i)
{
    static const pleats_colour black = {0, 0, 0};
    return pleats_colour_mix(pleats_colour_of_kind(i), black, 0.25);
}

/* 8 kinds in 16 lightnesses each, as in page/colour.js. */
pleats_colour pleats_colour_of_hash(uint32_t hash)
{
    static const pleats_colour white = {1, 1, 1};
    pleats_colour kind = pleats_colour_of_kind((pleats_idx)(hash % 8));
    double share = (double)(hash / 8 % 16) / 16;
    return pleats_colour_mix(kind, white, 0.35 + 0.45 * share);
}

/* Between a few colours of a scale with even lightness (after viridis). */
pleats_colour pleats_colour_of_share(double share)
{
    static const pleats_colour scale[] = {
        {0.27, 0.00, 0.33}, {0.28, 0.20, 0.48}, {0.19, 0.41, 0.56},
        {0.13, 0.57, 0.55}, {0.21, 0.72, 0.47}, {0.57, 0.84, 0.27},
        {0.99, 0.91, 0.14}};
    enum { LAST = sizeof scale / sizeof *scale - 1 };
    double place = share * LAST;
    if (!(place > 0))
        return scale[0];
    if (place >= LAST)
        return scale[LAST];
    int i = (int)place;
    return pleats_colour_mix(scale[i], scale[i + 1], place - i);
}

uint32_t pleats_colour_to_bits(pleats_colour c)
{
    const double part[] = {c.red, c.green, c.blue};
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++)
        bits = bits << 8 | (uint32_t)lround(255 * part[i]);
    return bits;
}

pleats_colour pleats_colour_of_bits(uint32_t bits)
{
    return (pleats_colour){(bits >> 16 & 0xff) / 255.0,
                           (bits >> 8 & 0xff) / 255.0, (bits & 0xff) / 255.0};
}
