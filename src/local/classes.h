/* The classes of a network in a region: which output is the largest where.
 *
 * Of several outputs class i is where output i is the largest one, and the
 * first of those that are equal on all of a region.  Of one output there are
 * two classes: 0 where it is below 0, and 1 elsewhere. */
#ifndef PLEATS_LOCAL_CLASSES_H
#define PLEATS_LOCAL_CLASSES_H

#include "cells/cell.h"

#include "pleats/regions.h"

/* Room, which may be used for many regions; zeroed to begin with. */
typedef struct {
    pleats_idx n;                /* classes */
    unsigned char *standing;     /* [n] PLEATS_CLASS_..., after a call: outputs
                                    that are equal stand alike */
    pleats_idx *same;            /* [n] the first class that is the same */
    pleats_idx n_rivals, *rival; /* [n] that none is above everywhere */
    pleats_cell part[2];
} pleats_classes;

static inline pleats_idx pleats_n_classes(const pleats_net *net)
{
    return net->n_outputs > 1 ? net->n_outputs : 2;
}

PLEATS_NODISCARD pleats_status pleats_classes_init(pleats_ctx *ctx,
                                                   pleats_classes *classes,
                                                   const pleats_net *net);
void pleats_classes_clear(pleats_ctx *ctx, pleats_classes *classes);

/* Called for the part of a region in which a class is the first of the largest;
 * `part` is lent. */
typedef pleats_status (*pleats_class_fn)(void *state, pleats_space *space,
                                         pleats_idx class, pleats_cell *part);

/* Finds how all classes stand to the cell of a region, exactly, and hands its
 * parts to `visit` (NULL: they are not wanted).  The outputs must have their
 * forms (pleats_count_task.outputs). */
PLEATS_NODISCARD pleats_status pleats_classes_find(pleats_classes *classes,
                                                   pleats_space *space,
                                                   pleats_cell *cell,
                                                   pleats_class_fn visit,
                                                   void *state);

#endif
