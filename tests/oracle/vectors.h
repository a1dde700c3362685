/* Lists of integer vectors of length k + 1: points and directions that only
 * matter up to positive multiples. */
#ifndef PLEATS_ORACLE_VECTORS_H
#define PLEATS_ORACLE_VECTORS_H

#include <gmp.h>
#include <stddef.h>

/* `n` vectors; vector i is at(i)[0 .. k]. */
typedef struct {
    size_t k, n, room;
    mpz_t *z; /* [room x (k + 1)], all initialised */
} vectors;

void vectors_init(vectors *v, size_t k);
void vectors_clear(vectors *v);
/* Appends a vector of any contents and lends it. */
mpz_t *vectors_add(vectors *v);
void vectors_push(vectors *v, mpz_t *vector);
static inline mpz_t *vectors_at(const vectors *v, size_t i)
{
    return v->z + i * (v->k + 1);
}

void vector_dot(mpz_t *a, mpz_t *b, size_t k, mpz_t out);
void vector_negate(mpz_t *v, size_t k);
/* to = a x + b y, divided by the entries' greatest common divisor */
void vector_combine(mpz_t *to, const mpz_t a, mpz_t *x, const mpz_t b, mpz_t *y,
                    size_t k);

#endif
