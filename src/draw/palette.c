#include "draw/palette.h"

pleats_colour pleats_colour_mix(pleats_colour a, pleats_colour b, double share)
{
    return (pleats_colour){a.red + share * (b.red - a.red),
                           a.green + share * (b.green - a.green),
                           a.blue + share * (b.blue - a.blue)};
}

pleats_colour pleats_colour_of_kind(pleats_idx i)
{
    static const pleats_colour colour[] = {
        {0.00, 0.45, 0.70}, {0.90, 0.60, 0.00}, {0.00, 0.62, 0.45},
        {0.80, 0.40, 0.00}, {0.80, 0.60, 0.70}, {0.35, 0.70, 0.90},
        {0.95, 0.90, 0.25}, {0.30, 0.30, 0.30}};
    return colour[(size_t)i % (sizeof colour / sizeof *colour)];
}

pleats_colour pleats_colour_of_line(pleats_idx i)
{
    static const pleats_colour black = {0, 0, 0};
    return pleats_colour_mix(pleats_colour_of_kind(i), black, 0.25);
}

pleats_colour pleats_colour_of_hash(uint64_t hash)
{
    static const pleats_colour white = {1, 1, 1};
    pleats_colour kind = pleats_colour_of_kind((pleats_idx)(hash % 8));
    double share = (double)(hash / 8 % 1024) / 1024;
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
