#include "cert/cert_sink.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PUT_BYTES = 64 };

/* The first byte of a line in the binary form. */
enum { BELOW = 0, ABOVE, BEATEN, SPLIT, POINT, NOWHERE, END, PART };

pleats_status pleats_multipliers_room(pleats_ctx *ctx, pleats_multipliers *y,
                                      size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &y->y, &y->capacity, n, sizeof *y->y));
    for (; y->n_ready < n; y->n_ready++)
        mpz_init(y->y[y->n_ready].m);
    y->n = n;
done:
    return status;
}

static int compare_walls(const void *a, const void *b)
{
    const pleats_multiplier *x = a, *y = b;
    return (x->wall > y->wall) - (x->wall < y->wall);
}

void pleats_multipliers_sort(pleats_multipliers *y)
{
    qsort(y->y, y->n, sizeof *y->y, compare_walls);
}

void pleats_multipliers_clear(pleats_ctx *ctx, pleats_multipliers *y)
{
    for (size_t i = 0; i < y->n_ready; i++)
        mpz_clear(y->y[i].m);
    pleats_release(ctx, y->y);
    *y = (pleats_multipliers){0};
}

void pleats_sink_clear(pleats_sink *s)
{
    if (s->ctx)
        pleats_release(s->ctx, s->byte);
    *s = (pleats_sink){0};
}

void pleats_sink_mark(pleats_sink *s)
{
    s->n_whole = s->n;
    s->whole = s->tally;
}

void pleats_sink_drop(pleats_sink *s)
{
    s->n = s->n_whole;
    s->tally = s->whole;
}

void pleats_sink_empty(pleats_sink *s)
{
    s->n = 0;
    s->tally = (pleats_cert_tally){0};
    pleats_sink_mark(s);
}

void pleats_cert_tally_add(pleats_cert_tally *to, const pleats_cert_tally *t)
{
    to->lines += t->lines;
    to->splits += t->splits;
    to->points += t->points;
    to->multipliers += t->multipliers;
    to->n_exact += t->n_exact;
    to->by_bounds += t->by_bounds;
    to->by_exact += t->by_exact;
}

static pleats_status need(pleats_sink *s, size_t n)
{
    return pleats_grow(s->ctx, &s->byte, &s->capacity, s->n + n, 1);
}

/* ---- numbers: naturals in groups of 7 bits, the lowest first ---- */

static pleats_status put_natural(pleats_sink *s, uint64_t x)
{
    pleats_status status = PLEATS_OK;
    TRY(need(s, 10));
    for (; x >= 128; x >>= 7)
        s->byte[s->n++] = (char)(x | 128);
    s->byte[s->n++] = (char)x;
done:
    return status;
}

static pleats_status put_integer(pleats_sink *s, long x)
{
    return put_natural(s,
                       x < 0 ? 2 * (uint64_t) - (x + 1) + 1 : 2 * (uint64_t)x);
}

static pleats_status put_big(pleats_sink *s, const mpz_t z)
{
    pleats_status status = PLEATS_OK;
    const size_t groups = (mpz_sizeinbase(z, 2) + 6) / 7;
    if (mpz_fits_ulong_p(z))
        return put_natural(s, mpz_get_ui(z));
    TRY(need(s, groups));
    for (size_t i = 0; i < groups; i++) {
        unsigned seven = 0;
        for (unsigned b = 0; b < 7; b++)
            seven |= (unsigned)mpz_tstbit(z, 7 * i + b) << b;
        s->byte[s->n++] = (char)(seven | (i + 1 < groups ? 128 : 0));
    }
done:
    return status;
}

static pleats_status put_signed_big(pleats_sink *s, const mpz_t z)
{
    pleats_status status = PLEATS_OK;
    mpz_t twice;
    mpz_init(twice);
    mpz_mul_2exp(twice, z, 1);
    if (mpz_sgn(z) < 0) {
        mpz_neg(twice, twice);
        mpz_sub_ui(twice, twice, 1);
    }
    TRY(put_big(s, twice));
done:
    mpz_clear(twice);
    return status;
}

static pleats_status put_text(pleats_sink *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static pleats_status put_text(pleats_sink *s, const char *format, ...)
{
    pleats_status status = PLEATS_OK;
    char text[PUT_BYTES];
    va_list args;
    va_start(args, format);
    const int n = pleats_vformat(text, sizeof text, format, args);
    va_end(args);
    TRY(need(s, (size_t)n));
    memcpy(s->byte + s->n, text, (size_t)n);
    s->n += (size_t)n;
done:
    return status;
}

static pleats_status put_decimal(pleats_sink *s, const mpz_t z)
{
    pleats_status status = PLEATS_OK;
    TRY(need(s, mpz_sizeinbase(z, 10) + 2));
    mpz_get_str(s->byte + s->n, 10, z);
    s->n += strlen(s->byte + s->n);
done:
    return status;
}

/* ---- lines ---- */

static pleats_status begin(pleats_sink *s, int op, const char *letter)
{
    s->tally.lines++;
    if (s->is_text)
        return put_text(s, "%s", letter);
    return put_natural(s, (uint64_t)op);
}

static pleats_status finish(pleats_sink *s)
{
    return s->is_text ? put_text(s, "\n") : PLEATS_OK;
}

static pleats_status natural(pleats_sink *s, uint64_t x)
{
    return s->is_text ? put_text(s, " %" PRIu64, x) : put_natural(s, x);
}

static pleats_status number(pleats_sink *s, pleats_idx x)
{
    return natural(s, (uint64_t)x);
}

static pleats_status multiplier(pleats_sink *s, const pleats_multiplier *y,
                                bool has_wall)
{
    pleats_status status = PLEATS_OK;
    if (s->is_text) {
        TRY(put_text(s, " "));
        if (has_wall)
            TRY(put_text(s, "%d:", y->wall));
        TRY(put_decimal(s, y->m));
        if (y->exponent)
            TRY(put_text(s, "p%ld", y->exponent));
        return PLEATS_OK;
    }
    if (has_wall)
        TRY(put_natural(s, (uint64_t)y->wall));
    TRY(put_big(s, y->m));
    TRY(put_integer(s, y->exponent));
done:
    return status;
}

/* `first`: the first one is the form's. */
static pleats_status list(pleats_sink *s, const pleats_multipliers *y,
                          bool first)
{
    pleats_status status = PLEATS_OK;
    s->tally.multipliers += y->n;
    if (!s->is_text)
        TRY(put_natural(s, y->n));
    for (size_t i = 0; i < y->n; i++)
        TRY(multiplier(s, &y->y[i], i > 0 || !first));
    TRY(finish(s));
done:
    return status;
}

pleats_status pleats_sink_fact(pleats_sink *s, pleats_idx unit, pleats_idx at,
                               bool above, const pleats_multipliers *y)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    TRY(begin(s, above ? ABOVE : BELOW, above ? "A" : "B"));
    TRY(number(s, unit));
    TRY(number(s, at));
    TRY(list(s, y, true));
done:
    return status;
}

pleats_status pleats_sink_beaten(pleats_sink *s, pleats_idx unit, pleats_idx i,
                                 pleats_idx j, const pleats_multipliers *y)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    TRY(begin(s, BEATEN, "M"));
    TRY(number(s, unit));
    TRY(number(s, i));
    TRY(number(s, j));
    TRY(list(s, y, true));
done:
    return status;
}

pleats_status pleats_sink_split(pleats_sink *s, pleats_idx unit, pleats_idx at)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    s->tally.splits++;
    TRY(begin(s, SPLIT, "S"));
    TRY(number(s, unit));
    if (at >= 0)
        TRY(number(s, at));
    TRY(finish(s));
done:
    return status;
}

pleats_status pleats_sink_point(pleats_sink *s, pleats_idx k, mpz_t *point,
                                const mpz_t den)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    s->tally.points++;
    TRY(begin(s, POINT, "W"));
    if (s->is_text)
        TRY(put_text(s, " "));
    TRY(s->is_text ? put_decimal(s, den) : put_big(s, den));
    for (pleats_idx j = 0; j < k; j++) {
        if (s->is_text)
            TRY(put_text(s, " "));
        TRY(s->is_text ? put_decimal(s, point[j])
                       : put_signed_big(s, point[j]));
    }
    TRY(finish(s));
done:
    return status;
}

pleats_status pleats_sink_nowhere(pleats_sink *s, const pleats_multipliers *y)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    TRY(begin(s, NOWHERE, "X"));
    TRY(list(s, y, false));
done:
    return status;
}

pleats_status pleats_sink_part(pleats_sink *s, uint64_t part)
{
    pleats_status status = PLEATS_OK;
    if (s->is_mute)
        return PLEATS_OK;
    TRY(begin(s, PART, "P"));
    TRY(natural(s, part));
    TRY(finish(s));
done:
    return status;
}

pleats_status pleats_sink_end(pleats_sink *s, const uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    TRY(begin(s, END, "E"));
    if (regions)
        TRY(natural(s, *regions));
    TRY(finish(s));
done:
    return status;
}
