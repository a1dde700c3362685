/* A part of the domain in a search: a box of one frame's coordinates, and units
 * that have pieces by decree in it. */
#ifndef PLEATS_OPTIMUM_NODE_H
#define PLEATS_OPTIMUM_NODE_H

#include "cells/frame.h"
#include "ranges/ranges.h"

/* A unit with the pieces first .. first + n - 1; a maximum with one winner. */
typedef struct {
    pleats_idx unit, first, n;
} pleats_cut;

/* How a node is split. */
typedef struct {
    pleats_idx coordinate; /* halved; -1: the unit is split */
    pleats_idx step, unit; /* the unit's number in the network */
    pleats_idx first, n;   /* its pieces here; of a maximum: 0, all */
} pleats_branch;

/* lo[j] <= t_j <= hi[j], all in [-1, 1]. */
typedef struct {
    pleats_idx frame, k;
    double *lo, *hi; /* [k], one block with `lo` */
    pleats_idx n_cuts;
    pleats_cut *cut; /* [n_cuts], each unit once */
    double bound;    /* a proven lower bound of what is minimised, or -inf */
    /* Units on which that depends and that can change their piece, when the
     * bound was found: 0 for a leaf. */
    pleats_idx n_open;
    pleats_idx n_wide; /* all units that can */
    pleats_idx n_idle; /* sides halved in turn without n_open becoming less */
    pleats_branch branch;
} pleats_node;

/* The whole frame, all of whose coordinates are boxed. */
PLEATS_NODISCARD pleats_status pleats_node_root(pleats_ctx *ctx,
                                                const pleats_frame *frame,
                                                pleats_idx number,
                                                pleats_node *node);
void pleats_node_clear(pleats_ctx *ctx, pleats_node *node);

/* How many children the branch of a node makes, and child `number` of it, with
 * the parent's bound. */
pleats_idx pleats_node_children(const pleats_net *net, const pleats_node *node);
PLEATS_NODISCARD pleats_status pleats_node_child(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_node *parent,
                                                 pleats_idx number,
                                                 pleats_node *child);

/* Nodes by their bound, the least first; of equal ones the one that came
 * first. */
typedef struct {
    pleats_node node;
    uint64_t number;
} pleats_queued;
typedef struct {
    size_t n, capacity;
    pleats_queued *item; /* a heap */
    uint64_t next;
} pleats_queue;

/* Takes the node, also when it fails. */
PLEATS_NODISCARD pleats_status pleats_queue_put(pleats_ctx *ctx,
                                                pleats_queue *queue,
                                                pleats_node *node);
/* The first node of a queue that is not empty, which the caller clears. */
pleats_node pleats_queue_take(pleats_queue *queue);
static inline const pleats_node *pleats_queue_first(const pleats_queue *queue)
{
    return &queue->item[0].node;
}
void pleats_queue_clear(pleats_ctx *ctx, pleats_queue *queue);

#endif
