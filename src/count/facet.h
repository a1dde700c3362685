/* The facets of a cell, and the pattern on their other side. */
#ifndef PLEATS_COUNT_FACET_H
#define PLEATS_COUNT_FACET_H

#include "cells/cell.h"

/* Whether wall i of the cell (not one of the frame's rows) carries a facet that
 * is not carried by an earlier wall; then point [k + 1] is a point inside it,
 * t_j = point_j / point_k, point_k > 0.  Exact; cost: one programme with one
 * row for each wall and two for each boxed coordinate. */
PLEATS_NODISCARD pleats_status pleats_facet_find(pleats_space *space,
                                                 const pleats_cell *cell,
                                                 pleats_idx i, mpz_t *point,
                                                 bool *is_facet);

/* A point strictly inside the cell, alike.  Exact; the same cost. */
PLEATS_NODISCARD pleats_status pleats_cell_find_inside(pleats_space *space,
                                                       const pleats_cell *cell,
                                                       mpz_t *point);

/* The pattern at point + (a little) * direction, for a point inside a facet:
 * fills space->piece. point [k + 1], direction [k]. */
PLEATS_NODISCARD pleats_status pleats_pattern_beside(pleats_space *space,
                                                     mpz_t *point,
                                                     mpz_t *direction);

#endif
