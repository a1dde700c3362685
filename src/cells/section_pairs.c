/* Which planes cut a section, from pairs of generators of the whole and from
 * those on the section. */
#include "cells/section_values.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <float.h>
#include <math.h>

/* Of one side of plane i: the largest and the least of the lower and upper
 * bounds of ratios. */
typedef struct {
    four most_low, most_high, least_low, least_high;
} extremes;

/* The ratios of a row's first values to `value`, which is known up to `off`;
 * they are off by at most (|ratio| off + bound) / room, room = |value| - off,
 * and by rounding. */
PLEATS_WITHIN void divide(const double *row, size_t width, double value,
                          double off, double room, four *ratio, four *bound)
{
    const four quotient = *(const four *)row / value;
    const four size = (four)((four_bits)quotient & SIZE);
    const four from = *(const four *)(row + width);
    const double inverse = 1 / room, share = off * inverse + DBL_EPSILON;
    *ratio = quotient;
    *bound = (size * share + from * inverse) * (1 + 0x1p-20) + 0x1p-960;
    for (size_t j = 0; PLEATS_PERTURB && j < PLEATS_PAIRED; j++)
        pleats_perturb_value(PLEATS_PERTURB_VALUE, (pleats_idx)j,
                             (double *)ratio + j, (double *)bound + j);
}

PLEATS_WITHIN void add(const four *ratio, const four *bound, extremes *x)
{
    const four low = *ratio - *bound, high = *ratio + *bound;
    widen(&low, &x->least_low, &x->most_low);
    widen(&high, &x->least_high, &x->most_high);
}

/* What pairs and generators on plane i tell. */
typedef struct {
    extremes below, above; /* of plane i */
    four_bits up, down;    /* where plane i holds a generator */
    four_bits unsure;      /* bounds of some generator tell nothing */
} findings;

/* A generator where plane i has this value, known up to `off`. */
PLEATS_WITHIN void add_beside(const double *row, size_t width, double value,
                              double off, findings *x)
{
    const double room = fabs(value) - off;
    four ratio, bound;
    if (!(room > 0)) {
        x->unsure = ~(four_bits){0};
        return;
    }
    divide(row, width, value, off, room, &ratio, &bound);
    x->unsure |= ~(bound < INFINITY);
    if (value > 0)
        add(&ratio, &bound, &x->above);
    else
        add(&ratio, &bound, &x->below);
}

/* A generator that plane i holds. */
PLEATS_WITHIN void add_on(const double *row, size_t width, findings *x)
{
    const four value = *(const four *)row, bound = *(const four *)(row + width);
    const four_bits up = value > bound, down = value < -bound;
    x->up |= up;
    x->down |= down;
    x->unsure |= ~(up | down | (bound == 0));
}

/* Rounding keeps an order: where a rounded number is above another, it is above
 * before rounding. */
PLEATS_WITHIN void conclude(const findings *x, int64_t *seen)
{
    const extremes *above = &x->above, *below = &x->below;
    const four_bits up = x->up | (above->most_low > below->least_high);
    const four_bits down = x->down | (above->least_high < below->most_low);
    const four_bits not_up = above->most_high < below->least_low;
    const four_bits not_down = above->least_low > below->most_high;
    *(four_bits *)seen = up;
    *(four_bits *)(seen + PLEATS_PAIRED) = down;
    *(four_bits *)(seen + 2 * PLEATS_PAIRED) =
        ~(up & down) & (x->unsure | ~(up | not_up) | ~(down | not_down));
}

PLEATS_WIDE
static void look(const pleats_value_table *t, size_t i, int64_t *seen)
{
    const four far = {INFINITY, INFINITY, INFINITY, INFINITY};
    const extremes none = {-far, -far, far, far};
    findings x = {.below = none, .above = none};
    for (size_t g = 0; g < t->n; g++) {
        const double *row = t->row + g * 2 * t->width;
        const double value = row[i], off = row[t->width + i];
        if (value == 0 && off == 0)
            add_on(row, t->width, &x);
        else
            add_beside(row, t->width, value, off, &x);
    }
    conclude(&x, seen);
}

void pleats_section_pairs_look(const pleats_value_table *t, size_t i,
                               int64_t *seen)
{
    look(t, i, seen);
}
