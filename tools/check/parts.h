/* Parts of the domain: as they are written, and over the coordinates in which
 * they are full-dimensional. */
#ifndef PARTS_H
#define PARTS_H

#include "network.h"

#include <stdio.h>

/* A part as it is written. */
typedef struct {
    bool is_slice;
    size_t k, m;
    mpq_t *origin, *direction; /* of slices: [n], [k x n] */
    mpq_t *lo, *hi;            /* [k] */
    bool *has_lo, *has_hi;     /* [k] */
    mpq_t *row;                /* [m x (k + 1)] */
} raw_part;

/* A part of the domain over the coordinates s in which it is full-dimensional.
 * A line has k + 1 numbers, the constant last. */
typedef struct {
    size_t k, n_sides;
    bool *boxed;   /* [k] |s_j| <= 1 */
    bool is_empty; /* a bound or a side without coefficients says so */
    bool fills;    /* it is given by the inputs, none of them fixed */
    mpq_t *input;  /* [n_inputs x (k + 1)] */
    mpz_t *side;   /* [n_sides x (k + 1)] >= 0, primitive */
} part;

void part_make(part *to, const raw_part *p, size_t n_inputs);

/* Prints it in words. */
void part_print(const raw_part *p, size_t n_inputs, FILE *out);

#endif
