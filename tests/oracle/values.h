/* The affine forms of a network's scalars, one scalar at a time, from the rows
 * and functions as they are stored. */
#ifndef PLEATS_ORACLE_VALUES_H
#define PLEATS_ORACLE_VALUES_H

#include "affine.h"

#include "net/net.h"

/* scalar[s->out + i] of an affine step, from the scalars that it reads.
 * `scratch` as for pleats_step_row. */
void value_of_row(const pleats_step *s, pleats_idx i, forms *scalar,
                  pleats_idx *scratch);

/* scalar[s->out + i] of unit i when it has that piece. */
void value_of_unit(const pleats_step *s, pleats_idx i, pleats_idx piece,
                   forms *scalar);

/* `scalar` (not initialised) gets the forms of all scalars where the inputs are
 * `input` and each unit has its piece of pattern [n_units]. */
void values_of_pattern(const pleats_net *net, const forms *input,
                       const int32_t *pattern, forms *scalar);

/* All other scalars of a network where the inputs, the first of `scalar`, are
 * numbers (forms without coordinates), each unit on the piece that it has there
 * by definition; piece [n_units], unless NULL, gets it. */
void values_at_point(const pleats_net *net, forms *scalar, pleats_idx *piece);

#endif
