/* Arithmetic modulo an odd prime below 2^62, on residues in Montgomery's form
 * [Montgomery 1985]: a stands for a / 2^64.  Every residue has one form, so
 * equality of residues is equality of words. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_FIELD_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_FIELD_H

#include "base/base.h"

#include "exact/int128.h"

#include <gmp.h>

/* Primes below this have a table of inverses. */
enum { PLEATS_FIELD_TABLE = 1 << 16 };

typedef struct {
    uint64_t p;
    uint64_t minus;    /* -1 / p modulo 2^64 */
    uint64_t one;      /* the form of 1 */
    uint64_t square;   /* the form of 2^64 */
    uint16_t *inverse; /* [p] of every form, for small primes; else NULL */
} pleats_field;

PLEATS_NODISCARD pleats_status pleats_field_init(pleats_ctx *ctx,
                                                 pleats_field *field,
                                                 uint64_t prime);
void pleats_field_clear(pleats_ctx *ctx, pleats_field *field);

static inline uint64_t pleats_field_mul(const pleats_field *field, uint64_t a,
                                        uint64_t b)
{
    pleats_uint128 t = (pleats_uint128)a * b;
    uint64_t m = (uint64_t)t * field->minus;
    uint64_t r = (uint64_t)((t + (pleats_uint128)m * field->p) >> 64);
    return r < field->p ? r : r - field->p;
}

static inline uint64_t pleats_field_sub(const pleats_field *field, uint64_t a,
                                        uint64_t b)
{
    return a < b ? a - b + field->p : a - b;
}

/* The form of an integer. */
uint64_t pleats_field_of(const pleats_field *field, const mpz_t z);

/* Inverts x [n], none of them 0; `spare` [n + 64].  Three products for each
 * and one inverse where there is no table. */
void pleats_field_invert(const pleats_field *field, size_t n, uint64_t *x,
                         uint64_t *spare);

#endif
