/* Proofs that a side of a plane has no points in a cell, as multipliers that a
 * reader adds up over the rationals.
 *
 * The true forms of the plane and of the cell's walls, with the multipliers,
 * are a form that is at most 0 on the frame's box.  Multipliers come from the
 * programme in doubles, cut to as few bits as still prove it; where doubles do
 * not, and where a coordinate has no box, from the exact programme. */
#ifndef PLEATS_CERT_CERT_PROOF_H
#define PLEATS_CERT_CERT_PROOF_H

#include "cells/cell.h"
#include "cert/cert_sink.h"

typedef struct {
    pleats_space *space; /* lent; its engine is that of programmes */
    /* Of the walls on the stack, [walls.n] where a proof is asked for: */
    pleats_idx *id; /* number in the certificate */
    long *scale;    /* the wall's doubles are 2^-scale times its form */
    size_t id_capacity, scale_capacity;
    pleats_multipliers y; /* the proof, for the reader */
    uint64_t n_exact;     /* proofs that took the exact programme */
    double *share;        /* room: [walls.n] */
    size_t share_capacity;
    pleats_idx *used; /* room: [walls.n] */
    size_t used_capacity;
    mpq_t *rational; /* room: [n_rationals] */
    size_t n_rationals;
    mpz_t part;
    bool has_part;
} pleats_certifier;

/* To be cleared also when it fails. */
PLEATS_NODISCARD pleats_status pleats_certifier_init(pleats_certifier *c,
                                                     pleats_space *space);
void pleats_certifier_clear(pleats_certifier *c);

/* To be called when the plane's side has become the top wall of the stack: its
 * number in the certificate. */
PLEATS_NODISCARD pleats_status pleats_certifier_name_wall(pleats_certifier *c,
                                                          pleats_idx id);

/* c->y becomes a proof that side `positive` of the plane has no points in the
 * cell, which must be so.  PLEATS_INTERNAL when there is none. */
PLEATS_NODISCARD pleats_status pleats_certifier_prove(pleats_certifier *c,
                                                      pleats_cell *cell,
                                                      pleats_hyperplane plane,
                                                      bool positive);

#endif
