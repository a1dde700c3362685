/* The network as text (docs/certificates.md), and its forms on a part of the
 * input space, over the integers. */
#ifndef NETWORK_H
#define NETWORK_H

#include <stdio.h> /* before GMP, which then has its output */

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* constant + sum of weight * scalar, the weights being those between
 * numerators. */
typedef struct {
    size_t n;
    size_t *scalar; /* [n] */
    mpq_t *weight;  /* [n] as they are in the file */
    mpq_t constant;
    mpz_t *whole; /* [n] between numerators, see network_prepare */
    mpz_t whole_constant;
} sum;

typedef enum { AFFINE, BENT, LARGEST, SMALLEST } sort;

/* A scalar that is no input: a sum, or a unit.  A unit has one sum for each of
 * its pieces; a bent one reads one scalar. */
typedef struct {
    sort sort;
    size_t n_pieces; /* AFFINE: 1 */
    sum *piece;      /* [n_pieces] */
    mpq_t *at;       /* BENT: [n_pieces - 1] breakpoints */
    size_t unit;     /* number among the units */
} rule;

typedef struct {
    char model[65];
    size_t n_inputs, n_scalars, n_units, n_steps;
    rule *rule;   /* [n_scalars - n_inputs] */
    size_t *unit; /* [n_units] scalar of each */
    size_t *step; /* [n_steps + 1] first unit of each step */
    /* On the part at hand: */
    size_t k;
    mpz_t *den;     /* [n_scalars] */
    mpz_t *form;    /* [n_scalars x (k + 1)] numerators, constant last */
    bool *is_zero;  /* [n_scalars] all of them are 0 */
    mpz_t common;   /* denominator of all planes */
    mpz_t *factor;  /* [n_scalars] common / den, of scalars that units read */
    size_t n_ready; /* scalars that have a form */
} network;

void network_read(network *net, const char *path);

static inline const rule *network_unit(const network *net, size_t unit)
{
    return &net->rule[net->unit[unit] - net->n_inputs];
}

/* Makes everything ready for a part whose inputs are the forms
 * input [n_inputs x (k + 1)]. */
void network_prepare(network *net, size_t k, mpq_t *input);

/* Works out forms from number n_ready to `end`; piece [n_units]. */
void network_run(network *net, size_t end, const size_t *piece);

/* out [k + 1] = scalar - breakpoint, over the common denominator. */
void network_plane(const network *net, size_t unit, size_t at, mpz_t *out);
/* The same of candidate i less candidate j, positive where i wins. */
void network_duel(const network *net, size_t unit, size_t i, size_t j,
                  mpz_t *out);

/* ---- for all files ---- */

/* Prints "REFUSED: ...", with the line that is being read, and ends with 1. */
void refuse(const char *format, ...)
    __attribute__((noreturn, format(printf, 1, 2)));
extern unsigned long refuse_line; /* 0: no line of the certificate */
extern const char *refuse_of;     /* " of the body", or "" */

void *room(size_t n, size_t size);
mpz_t *integers(size_t n);
mpq_t *rationals(size_t n);

#endif
