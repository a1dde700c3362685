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

#include "cert/cert_proof.h"

/* Called at a region, whose pattern is space->piece. */
typedef pleats_status (*pleats_certified_fn)(void *state,
                                             const pleats_space *space);
/* Called now and then with the share of the tree that is done. */
typedef void (*pleats_certified_share_fn)(void *state, double share);

typedef struct {
    pleats_certified_fn region;
    pleats_certified_share_fn tick; /* may be NULL */
    void *state;
} pleats_certified;

/* Writes the tree of the frame, whose coordinates are the certificate's.
 * *n_exact is raised by the proofs that took exact arithmetic.  PLEATS_LIMIT
 * when there is a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_cert_walk(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    const pleats_certified *visit, pleats_sink *sink, uint64_t *n_exact);

#endif
