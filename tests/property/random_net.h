/* Tiny random networks of every kind of step, mostly degenerate ones. */
#ifndef PLEATS_PROPERTY_RANDOM_NET_H
#define PLEATS_PROPERTY_RANDOM_NET_H

#include "net/net.h"
#include "rng.h"

/* How the numbers of a network are drawn. */
typedef enum {
    NUMBERS_SHORT,   /* reals of 8 bits */
    NUMBERS_FLOAT,   /* reals of 24 bits */
    NUMBERS_DOUBLE,  /* reals of 53 bits */
    NUMBERS_INTEGER, /* -2 .. 2 */
    NUMBERS_SIGN,    /* -1, 0, 1 */
    NUMBERS_SCALED,  /* short reals times 2^-40, 1 or 2^40 */
    NUMBERS_EXTREME, /* short reals times 2^-600, 1 or 2^600 */
    N_NUMBERS
} numbers;

double random_number(rng *r, numbers kind);

/* A matrix [rows x columns] with bias [rows]; unless `generic`, rows are now
 * and then zero, parallel to or the negative of another, and biases 0. */
void random_rows(rng *r, numbers kind, bool generic, pleats_idx rows,
                 pleats_idx columns, double *weight, double *bias);

/* Makes divisors of a network, where it has some, other numbers: many of them
 * below 1. */
void change_divisors(rng *r, pleats_net *net);

/* A network of n_inputs inputs and about `units` units. */
pleats_net *random_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs,
                       pleats_idx units);

#endif
