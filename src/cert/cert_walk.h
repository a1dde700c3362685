/* The tree of a certificate: the cells of one part of a domain, each with what
 * is known of its units and why.
 *
 * A walk of its own, in the order of the network's units, so that a reader can
 * follow it with a list of the units that are open: all of a step are asked
 * when it is entered, those that cut a cell again in its parts, and the first
 * that cuts splits.  It shares questions and cells with the walk of
 * cells/walk.h, and none of its shortcuts. */
#ifndef PLEATS_CERT_CERT_WALK_H
#define PLEATS_CERT_CERT_WALK_H

#include "cells/task.h"
#include "cert/cert_proof.h"

/* Called at a region, whose pattern is space->piece. */
typedef pleats_status (*pleats_certified_fn)(void *state,
                                             const pleats_space *space);
/* Called now and then with the share of the tree that is done. */
typedef void (*pleats_certified_share_fn)(void *state, double share);

/* Called between two cells, `depth` of which are open: all lines in the sink
 * are of cells that are whole, and may be taken; `place` is the way to the next
 * one.
 */
typedef pleats_status (*pleats_certified_lines_fn)(void *state,
                                                   pleats_sink *sink,
                                                   const pleats_task *place,
                                                   size_t depth);
/* Called at a cell of the depth that is asked for: *own: the walk goes in; else
 * the lines up to there are dropped, and it goes on behind it. */
typedef pleats_status (*pleats_certified_cell_fn)(void *state, bool *own);

typedef struct {
    pleats_certified_fn region;
    pleats_certified_share_fn tick;  /* may be NULL */
    pleats_certified_lines_fn lines; /* may be NULL */
    pleats_certified_cell_fn cell;   /* may be NULL */
    size_t depth;                    /* splits above such a cell */
    void *state;
} pleats_certified;

/* A tree that is written by several: each writes all that is above the cells of
 * one depth but the regions there; these and the cells are dealt out by a hash
 * of the way to them, and each writes its own and what is below. */
typedef struct {
    uint64_t part, of; /* of = 1: all is one part; part = of: nobody's */
    size_t depth;      /* splits above the cells that are dealt out */
    uint64_t n_dealt;  /* such cells, of this depth, found by the walk */
} pleats_cert_deal;

/* Writes the tree of the frame, whose coordinates are the certificate's, from
 * `place` on: the way to the cell with which it goes on, all of it where that
 * is empty.  PLEATS_LIMIT when there is a reason to stop: the sink then has the
 * lines of whole cells alone, and `place` is the way to the next one.
 * A way may end behind the last child of a cell.  PLEATS_INVALID when it leads
 * nowhere. */
PLEATS_NODISCARD pleats_status pleats_cert_walk(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    pleats_cert_deal *deal, const pleats_certified *visit, pleats_sink *sink,
    pleats_task *place);

#endif
