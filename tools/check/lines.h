/* A certificate (docs/certificates.md): its header, and the lines of its body
 * one by one, whichever form they have. */
#ifndef LINES_H
#define LINES_H

#include "parts.h"

#include <stdio.h>

typedef struct {
    char model[65];
    size_t n_inputs, n_units, n_parts;
    mpz_t regions;          /* that are claimed; of = 1 alone */
    size_t part_number, of; /* of several files that prove it together */
    part *part;             /* [n_parts] */
    bool is_text;
} header;

typedef struct {
    size_t wall; /* NO_WALL: it is the form's */
    mpz_t m;
    long exponent;
} multiplier;
#define NO_WALL ((size_t)-1)

typedef struct {
    char letter;
    size_t n_numbers, n_multipliers;
    mpz_t *number; /* [n_numbers] */
    multiplier *y; /* [n_multipliers] */
    size_t number_room, y_room;
} line;

typedef struct source source;

/* Opens the certificate; what it says. */
source *source_open(const char *path, header *h);

/* The next line of the body.  `net`, k: what says how long lines of the binary
 * form are. */
void source_next(source *s, const network *net, size_t k, line *l);
/* Whether there is nothing more. */
bool source_is_over(source *s);

/* Prints the domain in words. */
void source_describe(const source *s, FILE *out);

#endif
