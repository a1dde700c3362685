/* The relative interior of a domain's part, in coordinates of its own. */
#ifndef PLEATS_ORACLE_HULL_H
#define PLEATS_ORACLE_HULL_H

#include "affine.h"

#include "domain/domain.h"

typedef struct {
    bool is_empty;
    forms input;  /* the network's inputs over the coordinates of the hull */
    forms inside; /* non-constant, all positive exactly in the interior */
    size_t dimension; /* of the set of inputs */
} hull;

void hull_init(hull *h, const pleats_part *part, size_t n_inputs);
void hull_clear(hull *h);

#endif
