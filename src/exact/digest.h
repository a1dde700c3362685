/* SHA-256 digests of bytes and integers, and sets of them.
 *
 * Objects that are too large to be kept (affine maps, patterns) are told apart
 * by the digest of their canonical form.  Equal objects have equal digests;
 * that two different ones collide is not excluded by proof, only by SHA-256. */
#ifndef PLEATS_EXACT_DIGEST_H
#define PLEATS_EXACT_DIGEST_H

#include "base/base.h"

#include <gmp.h>

enum { PLEATS_DIGEST_BYTES = 32, PLEATS_DIGEST_DIGITS = 64 };
typedef struct {
    unsigned char byte[PLEATS_DIGEST_BYTES];
} pleats_digest;

typedef struct pleats_hasher pleats_hasher;

PLEATS_NODISCARD pleats_status
pleats_hasher_new(pleats_ctx *ctx, pleats_give pleats_hasher **out);
void pleats_hasher_free(pleats_ctx *ctx, pleats_take pleats_hasher *hasher);
void pleats_hasher_add(pleats_hasher *hasher, const void *bytes, size_t n);
PLEATS_NODISCARD pleats_status pleats_hasher_add_integer(pleats_ctx *ctx,
                                                         pleats_hasher *hasher,
                                                         const mpz_t z);
/* The digest of all that was added; the hasher is then as new. */
void pleats_hasher_end(pleats_hasher *hasher, pleats_digest *out);
/* The digest of all that was added so far; more may follow. */
void pleats_hasher_look(const pleats_hasher *hasher, pleats_digest *out);

/* Hexadecimal digits, and a zero byte. */
void pleats_digest_hex(const pleats_digest *digest,
                       char hex[PLEATS_DIGEST_DIGITS + 1]);

/* The digits of the digest of n bytes, and a zero byte. */
PLEATS_NODISCARD pleats_status
pleats_digest_text(pleats_ctx *ctx, const void *bytes, size_t n,
                   char hex[PLEATS_DIGEST_DIGITS + 1]);

/* A set that numbers its members 0, 1, 2, ... as they come. */
typedef struct {
    size_t n, capacity, n_slots;
    pleats_digest *member; /* [n] */
    size_t *slot;          /* [n_slots] number + 1, or 0 */
} pleats_digest_set;

void pleats_digest_set_clear(pleats_ctx *ctx, pleats_digest_set *set);
/* *number of the digest, which is added when it is not there (*is_new). */
PLEATS_NODISCARD pleats_status pleats_digest_set_add(pleats_ctx *ctx,
                                                     pleats_digest_set *set,
                                                     const pleats_digest *d,
                                                     size_t *number,
                                                     bool *is_new);
/* Number of the digest, or SIZE_MAX. */
size_t pleats_digest_set_find(const pleats_digest_set *set,
                              const pleats_digest *d);

#endif
