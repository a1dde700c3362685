/* Regions of a cell counted without making them.
 *
 * Planes H_1 .. H_m that cut a cell C divide it into
 *
 *     1 + sum_i  regions of the section C and H_i by H_1 .. H_{i-1}
 *
 * parts, where an H_i that is the same as an earlier one adds none: going from
 * i - 1 planes to i, every part of the section cuts one part of the cell in two
 * (deletion and restriction).  Sections are cells of one dimension less, down
 * to points.
 */
#ifndef PLEATS_CELLS_SECTIONS_H
#define PLEATS_CELLS_SECTIONS_H

#include "cells/section_values.h"
#include "cells/unit.h"

/* One section, and the planes that cut it. */
typedef struct {
    pleats_vertices cell;
    size_t n;
    pleats_hyperplane *plane; /* [n] */
    size_t capacity;
} pleats_section;

typedef struct {
    size_t n;
    pleats_section *section; /* [n], by depth */
    pleats_section run;      /* planes whose points on a segment are near */
    pleats_segment segment;  /* all its points */
    pleats_section_values values;
} pleats_sections;

void pleats_sections_clear(pleats_ctx *ctx, pleats_sections *sections);

/* Which terms of the sum are added up: those of the planes first .. end - 1,
 * and the 1 where first is 0; of a segment, all where first is 0. */
typedef struct {
    size_t first, end; /* first moves on as they are added */
    /* NULL, or called before each of them: it may lower `end`, as long as it
     * stays above `first`, or set *stop. */
    pleats_status (*between)(void *state, size_t *first, size_t *end,
                             bool *stop);
    void *state;
    uint64_t whole; /* out: the sum of those that were added whole, and of
                       the 1 once there is one: what a second part of the
                       range, from first on, has to be added to */
} pleats_section_range;

/* *regions = into how many parts the breakpoints of the open PL units open [n]
 * of a step cut the cell, which is held by its vertices, or the part of that
 * number that the range stands for (what it has beyond the number of planes is
 * cut off); afterwards first < end when it was stopped.  With an error
 * *regions is what was found until then.  Cost: proportional to that number,
 * times the planes that meet a section. */
PLEATS_NODISCARD pleats_status pleats_sections_count(
    pleats_space *space, pleats_sections *sections, pleats_cell *cell,
    const pleats_step *step, const pleats_open_unit *open, size_t n,
    pleats_section_range *range, uint64_t *regions);

#endif
