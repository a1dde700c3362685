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
    void *place;             /* room for points on a segment */
    size_t place_capacity;
} pleats_sections;

void pleats_sections_clear(pleats_ctx *ctx, pleats_sections *sections);

/* *regions = into how many parts the breakpoints of the open PL units open [n]
 * of a step cut the cell, which is held by its vertices.  Cost: proportional to
 * that number, times the planes that meet a section. */
PLEATS_NODISCARD pleats_status pleats_sections_count(
    pleats_space *space, pleats_sections *sections, pleats_cell *cell,
    const pleats_step *step, const pleats_open_unit *open, size_t n,
    uint64_t *regions);

#endif
