/* Four forms in a plane, whose parts lie entry by entry.  Included by sources
 * alone, as wide.h is. */
#ifndef PLEATS_FORMS_FOUR_FORMS_H
#define PLEATS_FORMS_FOUR_FORMS_H

#include "base/wide.h"
#include "forms/forms.h"

/* Puts four numbers each side by side for each of the four forms at `to`. */
PLEATS_WITHIN void pleats_put_entries(const four *x, const four *y,
                                      const four *z, const four *last, four *to)
{
    const four a = *x, b = *y, c = *z, d = *last;
    const four ab = __builtin_shufflevector(a, b, 0, 4, 2, 6);
    const four ba = __builtin_shufflevector(a, b, 1, 5, 3, 7);
    const four cd = __builtin_shufflevector(c, d, 0, 4, 2, 6);
    const four dc = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    to[0] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    to[1] = __builtin_shufflevector(ba, dc, 0, 1, 4, 5);
    to[2] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    to[3] = __builtin_shufflevector(ba, dc, 2, 3, 6, 7);
}

/* Sets the forms of four scalars from `first` on, as pleats_forms_set_bounds
 * does: entries x, y, z, errors and magnitudes, which may be no numbers. */
PLEATS_WITHIN void pleats_put_four(pleats_forms *f, pleats_idx first,
                                   const four *x, const four *y, const four *z,
                                   const four *error, const four *magnitude)
{
    const four infinite = {INFINITY, INFINITY, INFINITY, INFINITY}, none = {0};
    four off = *error, size = *magnitude;
    const four_bits is_unknown = ~((size < INFINITY) & (off == off));
    choose(&is_unknown, &infinite, &off);
    choose(&is_unknown, &infinite, &size);
    four bound = (off + f->gamma * size) * (1 + 0x1p-20) + 0x1p-960;
    const four_bits is_nothing = (size == 0) & (off == 0);
    choose(&is_nothing, &none, &bound);
    *(four *)(f->error + first) = off;
    *(four *)(f->magnitude + first) = size;
    pleats_put_entries(x, y, z, &bound,
                       (four *)(f->entry + (size_t)first * f->stride));
}

#endif
