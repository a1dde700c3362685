/* The state of a certificate's walk, and what it asks and writes of the units
 * of a cell. */
#ifndef PLEATS_CERT_CERT_ASK_H
#define PLEATS_CERT_CERT_ASK_H

#include "cells/unit.h"
#include "cert/cert_walk.h"

/* One cell on the way down. */
typedef struct {
    pleats_cell cell;
    pleats_idx step;  /* of the units on its list; n_steps: none is left */
    pleats_idx n_ids; /* walls that the certificate has numbers for */
    size_t first, n;  /* its units: open[first .. first + n - 1] */
    double share;     /* of the tree */
    pleats_idx at, n_children, next;
    pleats_idx *candidate; /* [n_children] of a maximum */
    size_t candidate_capacity;
} pleats_cert_level;

typedef struct {
    pleats_space space;
    pleats_certifier certifier;
    pleats_sink *sink;
    const pleats_certified *visit;
    pleats_cert_deal *deal;
    pleats_cert_level *level; /* [depth] */
    size_t depth, level_capacity;
    pleats_open_unit *open;
    size_t open_capacity;
    pleats_idx most_candidates;
    pleats_idx *candidate;  /* room: [most_candidates] */
    pleats_idx *equal;      /* [most_candidates] an earlier one that is the
                               same, or itself */
    mpz_t *point;           /* [k + 1] */
    double *mean, *rounded; /* [k] */
    double done;
    pleats_task *place; /* the way to the next cell, between two; room for it */
    bool is_there;      /* it went down to where it goes on */
} pleats_cert_walker;

static inline const pleats_step *pleats_cert_step(const pleats_cert_walker *w,
                                                  const pleats_cert_level *l)
{
    return &w->space.net->step[l->step];
}

/* Asks the units on the level's list, writes what comes of it, and keeps those
 * that cut the cell; the first of these is what splits it. */
PLEATS_NODISCARD pleats_status pleats_cert_ask(pleats_cert_walker *walker,
                                               pleats_cert_level *level);

#endif
