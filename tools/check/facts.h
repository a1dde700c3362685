/* What lines say of the units of a cell, and the proofs by multipliers. */
#ifndef FACTS_H
#define FACTS_H

#include "tree.h"

/* Number i of the line. */
size_t fact_number(const tree *t, size_t i);

bool fact_is_settled(const network *net, const open_unit *o);
/* Takes open unit i of the cell, whose piece is known, off the list. */
void fact_settle(tree *t, cell *c, size_t i);
/* Whether a candidate of a maximum is left. */
bool fact_is_left(const open_unit *o, size_t candidate);

/* The lines A, B; M; X. */
void fact_side(tree *t, cell *c);
void fact_beaten(tree *t, cell *c);
void fact_empty(tree *t, const cell *c);

/* value = that of a form at the line's point, times its denominator. */
void fact_value(const tree *t, mpz_t *form, mpz_t value);
bool fact_is_zero(const tree *t, mpz_t *form);

#endif
