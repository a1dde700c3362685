#include "exact/digest.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>

struct pleats_hasher {
    struct sha256_ctx sha;
    unsigned char *buffer; /* [capacity] an integer's bytes */
    size_t capacity;
};

pleats_status pleats_hasher_new(pleats_ctx *ctx, pleats_hasher **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, 1, sizeof **out, out));
    sha256_init(&(*out)->sha);
done:
    return status;
}

void pleats_hasher_free(pleats_ctx *ctx, pleats_hasher *h)
{
    if (!h)
        return;
    pleats_release(ctx, h->buffer);
    pleats_release(ctx, h);
}

void pleats_hasher_add(pleats_hasher *h, const void *bytes, size_t n)
{
    sha256_update(&h->sha, n, bytes);
}

/* Sign and length first, so that no two lists of integers look alike. */
pleats_status pleats_hasher_add_integer(pleats_ctx *ctx, pleats_hasher *h,
                                        const mpz_t z)
{
    pleats_status status = PLEATS_OK;
    size_t n = mpz_sgn(z) ? (mpz_sizeinbase(z, 2) + 7) / 8 : 0;
    int64_t head = mpz_sgn(z) < 0 ? -(int64_t)n : (int64_t)n;
    TRY(pleats_grow(ctx, &h->buffer, &h->capacity, n, 1));
    pleats_hasher_add(h, &head, sizeof head);
    if (n) {
        mpz_export(h->buffer, NULL, 1, 1, 1, 0, z);
        pleats_hasher_add(h, h->buffer, n);
    }
done:
    return status;
}

void pleats_hasher_end(pleats_hasher *h, pleats_digest *out)
{
    sha256_digest(&h->sha, sizeof out->byte, out->byte);
}

void pleats_hasher_look(const pleats_hasher *h, pleats_digest *out)
{
    struct sha256_ctx copy = h->sha;
    sha256_digest(&copy, sizeof out->byte, out->byte);
}

void pleats_digest_hex(const pleats_digest *digest,
                       char hex[PLEATS_DIGEST_DIGITS + 1])
{
    for (size_t i = 0; i < PLEATS_DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest->byte[i]);
}

pleats_status pleats_digest_text(pleats_ctx *ctx, const void *bytes, size_t n,
                                 char hex[PLEATS_DIGEST_DIGITS + 1])
{
    pleats_status status = PLEATS_OK;
    pleats_hasher *hasher = NULL;
    pleats_digest digest;
    TRY(pleats_hasher_new(ctx, &hasher));
    pleats_hasher_add(hasher, bytes, n);
    pleats_hasher_end(hasher, &digest);
    pleats_digest_hex(&digest, hex);
done:
    pleats_hasher_free(ctx, hasher);
    return status;
}

void pleats_digest_set_clear(pleats_ctx *ctx, pleats_digest_set *set)
{
    pleats_release(ctx, set->member);
    pleats_release(ctx, set->slot);
    *set = (pleats_digest_set){0};
}

/* The slot that holds the digest, or the empty one where it would go. */
static size_t find_slot(const pleats_digest_set *set, const pleats_digest *d)
{
    uint64_t hash;
    memcpy(&hash, d->byte, sizeof hash);
    size_t i = (size_t)hash & (set->n_slots - 1);
    while (set->slot[i] &&
           memcmp(&set->member[set->slot[i] - 1], d, sizeof *d) != 0)
        i = (i + 1) & (set->n_slots - 1);
    return i;
}

static pleats_status double_slots(pleats_ctx *ctx, pleats_digest_set *set)
{
    pleats_status status = PLEATS_OK;
    size_t n_slots = set->n_slots ? 2 * set->n_slots : 64;
    size_t *slot = NULL;
    TRY(pleats_alloc(ctx, n_slots, sizeof *slot, &slot));
    pleats_release(ctx, set->slot);
    set->slot = slot;
    set->n_slots = n_slots;
    for (size_t i = 0; i < set->n; i++)
        set->slot[find_slot(set, &set->member[i])] = i + 1;
done:
    return status;
}

pleats_status pleats_digest_set_add(pleats_ctx *ctx, pleats_digest_set *set,
                                    const pleats_digest *d, size_t *number,
                                    bool *is_new)
{
    pleats_status status = PLEATS_OK;
    size_t slot;
    if (2 * (set->n + 1) > set->n_slots)
        TRY(double_slots(ctx, set));
    TRY(pleats_grow(ctx, &set->member, &set->capacity, set->n + 1,
                    sizeof *set->member));
    slot = find_slot(set, d);
    *is_new = set->slot[slot] == 0;
    if (*is_new) {
        set->member[set->n++] = *d;
        set->slot[slot] = set->n;
    }
    *number = set->slot[slot] - 1;
done:
    return status;
}

size_t pleats_digest_set_find(const pleats_digest_set *set,
                              const pleats_digest *d)
{
    return set->n ? set->slot[find_slot(set, d)] - 1 : SIZE_MAX;
}
