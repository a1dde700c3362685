/* Units that are asked early: in the highest cell in which all units of the
 * step before that they read have their pieces.
 *
 * What they read is fixed below that cell.  So one that does not cut it has its
 * piece in the whole subtree, and the others are on the list of a level as the
 * units of its own step are.
 */
#ifndef PLEATS_CELLS_EARLY_H
#define PLEATS_CELLS_EARLY_H

#include "cells/unit.h"

/* Of a step of units: who reads it in the step that follows at once. */
typedef struct {
    const pleats_step *next; /* units; NULL: they are not asked early */
    size_t *start;           /* [units + 1] */
    pleats_idx *reader;      /* units of `next` that read unit i:
                                reader[start[i] .. start[i + 1] - 1] */
} pleats_readers;

/* Of step i of units; nothing is asked early when the step behind it is affine,
 * or there is none. */
PLEATS_NODISCARD pleats_status pleats_readers_init(pleats_ctx *ctx,
                                                   pleats_readers *readers,
                                                   const pleats_net *net,
                                                   pleats_idx i);
void pleats_readers_clear(pleats_ctx *ctx, pleats_readers *readers);

/* The lists of all levels, one behind the other, and which units are on their
 * way there. */
typedef struct {
    pleats_open_unit *open;
    size_t open_capacity;
    pleats_idx *settled; /* [n_settled] units that got their piece in the top
                            level's cell */
    size_t n_settled, settled_capacity;
    pleats_idx *found; /* room */
    size_t n_found, found_capacity;
    uint64_t *mark; /* [units of the widest step] */
    uint64_t clock;
} pleats_early;

PLEATS_NODISCARD pleats_status pleats_early_init(pleats_ctx *ctx,
                                                 pleats_early *early,
                                                 const pleats_net *net);
void pleats_early_clear(pleats_ctx *ctx, pleats_early *early);

/* Notes that unit i has its piece. */
PLEATS_NODISCARD pleats_status pleats_early_note(pleats_ctx *ctx,
                                                 pleats_early *early,
                                                 pleats_idx i);

/* Adds to the list open[first .. first + *n - 1], which ends the stack and is
 * in the units' order, those units all of whose inputs have their pieces now
 * and had not before: of all units when the step is new, else of those that
 * read one that was noted.  Step's units that are still open: list
 * [n_list].  Forgets what was noted. */
PLEATS_NODISCARD pleats_status pleats_early_list(
    pleats_ctx *ctx, pleats_early *early, const pleats_readers *readers,
    bool is_new, const pleats_open_unit *list, size_t n_list, size_t first,
    size_t *n);

#endif
