/* Sections counted from values alone.
 *
 * Whether planes meet a section is a matter of the signs that their forms have
 * at its generators; and a generator of the section with a plane lies on an
 * edge that the plane crosses, so that every form has a value there between
 * those at the edge's ends.  So values are all that is worked out, at the
 * generators of the cell from their coordinates and at all others from two
 * values: no coordinates, and no walls.
 *
 * A generator stands for one vector of its direction: that whose doubles its
 * cell has, up to their error.  All values in its row are those of forms at
 * this one vector, and a row between two is that of a vector between theirs.
 */
#ifndef PLEATS_CELLS_SECTION_VALUES_H
#define PLEATS_CELLS_SECTION_VALUES_H

#include "cells/segment.h"
#include "cells/vertices.h"

/* Where a plane crosses an edge, as a share of it, give or take `off`. */
typedef struct {
    double share, off;
} pleats_crossing;

/* The generators of a section, and the values there of the forms of planes that
 * cut it. */
typedef struct {
    pleats_idx dim;
    bool is_simple; /* all generators are on just dim walls */
    size_t n, n_planes;
    size_t width; /* n_planes, rounded up to 4; the rest is 1, give or take 0 */
    double *row;  /* [n x 2 width] values, then their error bounds: 0 for the
                     value of a plane that holds the generator */
    size_t n_words;
    uint64_t *on; /* [n x n_words] as those of a cell */
    size_t row_capacity, on_capacity;
} pleats_value_table;

typedef struct {
    size_t n;
    pleats_value_table *table;    /* [n] by depth; 0: the cell's */
    pleats_crossed_edges crossed; /* edges of one, by a plane */
    pleats_crossing *place;       /* on each of these */
    pleats_segment segment;       /* points on it */
    size_t *cut;                  /* which planes cut the section */
    int64_t *seen; /* [3 width] of each plane: values above, below, unsure */
    bool *unsure;  /* [generators of the cell] signs are not known */
    bool *zero; /* [planes x generators] of the cell, that hold one another */
    size_t unsure_capacity, zero_capacity, place_capacity, cut_capacity,
        seen_capacity;
    bool is_exact;     /* which planes hold which was asked over the integers */
    uint64_t verdicts; /* of the term that is being counted */
} pleats_section_values;

void pleats_section_values_clear(pleats_ctx *ctx, pleats_section_values *x);

/* Makes the table of a cell and n planes that cut it.  Generators with
 * signs that are not known are worked out anew, and asked over the integers
 * which planes hold them.  *known: false when the cell has lines, or still has
 * such a generator. */
PLEATS_NODISCARD pleats_status pleats_section_values_begin(
    pleats_space *space, pleats_section_values *x, pleats_vertices *cell,
    const pleats_hyperplane *plane, size_t n, bool *known);

/* *regions = those of the section with plane i by the planes before it; *known:
 * false when bounds do not tell, and that plane i may be one of these. */
PLEATS_NODISCARD pleats_status
pleats_section_values_count(pleats_space *space, pleats_section_values *x,
                            size_t i, uint64_t *regions, bool *known);

/* ---- which planes cut a section, from the values at its cell ---- */

/* So many planes at a time. */
enum { PLEATS_PAIRED = 4 };

/* What is known of planes on a section: seen[j] where plane j is certainly
 * above 0 somewhere, seen[PLEATS_PAIRED + j] below, and seen[2 PLEATS_PAIRED +
 * j] where one of these is not known.  0 or -1; of the first PLEATS_PAIRED
 * columns of the table and the section with plane i.
 *
 * The section is the hull of the generators that plane i holds and the points
 * in which it crosses the segments between any two others, p above it and q
 * below. With r = value of plane j / value of plane i, at such a point plane
 * j's form has the sign of r_p - r_q: no edges and no crossings are needed. */
void pleats_section_pairs_look(const pleats_value_table *table, size_t i,
                               int64_t *seen);

#endif
