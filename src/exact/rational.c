/* Rational numbers from texts and doubles, and back. */
#include "exact/rational.h"

#include "base/text.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTED_CHARS = 40, SHORT_CHARS = 24, SHORT_DIGITS = 20 };

/* A number as written: digits[0..n) with `point` of them after the decimal
 * point, times 10^exponent; or, with a slash, digits / denominator. */
typedef struct {
    char *digits;
    size_t n, point;
    long exponent;
    const char *denominator;
    size_t denominator_length;
} written;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && is_digit(text[n]))
        n++;
    return n;
}

/* Quotes the printable start of `text`, so that the message stays one short
 * line. */
static pleats_status refuse(pleats_ctx *ctx, const char *text, size_t length,
                            const char *why)
{
    size_t n = pleats_printable(text, length, QUOTED_CHARS);
    return pleats_fail(ctx, PLEATS_INVALID, "'%.*s%s' %s", (int)n, text,
                       n < length ? "..." : "", why);
}

/* Reads the exponent after an 'e'; false when it is none or out of bounds. */
static bool read_exponent(const char *text, size_t length, long *out)
{
    size_t i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    long value = 0;
    if (i == length || count_digits(text + i, length - i) != length - i)
        return false;
    for (; i < length; i++) {
        value = 10 * value + (text[i] - '0');
        if (value > PLEATS_NUMBER_EXPONENT)
            return false;
    }
    *out = text[0] == '-' ? -value : value;
    return true;
}

/* Takes an unsigned number apart; w->digits has room for `length` digits and
 * a zero byte. */
static bool take_apart(const char *text, size_t length, written *w)
{
    size_t i = count_digits(text, length);
    memcpy(w->digits, text, i);
    w->n = i;
    if (i > 0 && i < length && text[i] == '/') {
        w->denominator = text + i + 1;
        w->denominator_length = length - i - 1;
        return w->denominator_length > 0 &&
               count_digits(w->denominator, w->denominator_length) ==
                   w->denominator_length;
    }
    if (i < length && text[i] == '.') {
        w->point = count_digits(text + i + 1, length - i - 1);
        memcpy(w->digits + w->n, text + i + 1, w->point);
        w->n += w->point;
        i += 1 + w->point;
    }
    if (w->n == 0)
        return false;
    if (i < length && (text[i] == 'e' || text[i] == 'E'))
        return read_exponent(text + i + 1, length - i - 1, &w->exponent);
    return i == length;
}

/* The value of what take_apart found; false when the denominator is 0.
 * w->digits is overwritten. */
static bool put_together(written *w, mpq_t out)
{
    w->digits[w->n] = '\0';
    mpz_set_str(mpq_numref(out), w->digits, 10);
    mpz_set_ui(mpq_denref(out), 1);
    if (w->denominator) {
        memcpy(w->digits, w->denominator, w->denominator_length);
        w->digits[w->denominator_length] = '\0';
        mpz_set_str(mpq_denref(out), w->digits, 10);
        if (mpz_sgn(mpq_denref(out)) == 0) {
            mpq_set_ui(out, 0, 1);
            return false;
        }
    } else {
        long exponent = w->exponent - (long)w->point;
        mpz_t power;
        mpz_init(power);
        mpz_ui_pow_ui(power, 10, (unsigned long)labs(exponent));
        if (exponent < 0)
            mpz_set(mpq_denref(out), power);
        else
            mpz_mul(mpq_numref(out), mpq_numref(out), power);
        mpz_clear(power);
    }
    mpq_canonicalize(out);
    return true;
}

pleats_status pleats_rational_parse(pleats_ctx *ctx, const char *text,
                                    size_t length, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    written w = {0};
    size_t sign = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    if (length > PLEATS_NUMBER_CHARS)
        return refuse(ctx, text, length,
                      "is too long for a number: at most 4096 characters");
    TRY(pleats_alloc(ctx, length + 1, 1, &w.digits));
    if (!take_apart(text + sign, length - sign, &w))
        TRY(refuse(ctx, text, length,
                   "is not a number: write a decimal (0.1, -2, 1e-3; exponents "
                   "up to 4096) or a fraction (1/3)"));
    if (!put_together(&w, out))
        TRY(refuse(ctx, text, length, "has a zero denominator"));
    if (sign && text[0] == '-')
        mpq_neg(out, out);
done:
    pleats_release(ctx, w.digits);
    return status;
}

pleats_status pleats_rational_set_double(pleats_ctx *ctx, double value,
                                         mpq_t out)
{
    if (!isfinite(value))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%g is not a number that can be used: it must be "
                           "finite",
                           value);
    mpq_set_d(out, value);
    return PLEATS_OK;
}

double pleats_rational_to_double(const mpq_t value)
{
    return pleats_quotient_to_double(mpq_numref(value), mpq_denref(value),
                                     NULL);
}

/* How many decimal places `value` has, -1 when more than SHORT_DIGITS. */
static int decimal_places(const mpq_t value)
{
    mpz_t power;
    int places = 0;
    mpz_init_set_ui(power, 1);
    while (places <= SHORT_DIGITS &&
           !mpz_divisible_p(power, mpq_denref(value))) {
        mpz_mul_ui(power, power, 10);
        places++;
    }
    mpz_clear(power);
    return places <= SHORT_DIGITS ? places : -1;
}

/* Writes `value`, which has so many decimal places, as a decimal. */
static void write_decimal(char *out, size_t size, const mpq_t value, int places)
{
    mpz_t n, power;
    mpz_init(n);
    mpz_init(power);
    mpz_ui_pow_ui(power, 10, (unsigned long)places);
    mpz_abs(n, mpq_numref(value));
    mpz_mul(n, n, power);
    mpz_divexact(n, n, mpq_denref(value));
    gmp_snprintf(out, size, "%s%0*Zd", mpq_sgn(value) < 0 ? "-" : "",
                 places + 1, n);
    mpz_clear(power);
    mpz_clear(n);
    if (places > 0) {
        size_t length = strlen(out);
        char *point = out + length - (size_t)places;
        memmove(point + 1, point, (size_t)places + 1);
        *point = '.';
    }
}

pleats_status pleats_rational_text(pleats_ctx *ctx, const mpq_t value,
                                   char **out)
{
    char text[2 * SHORT_CHARS + SHORT_DIGITS + 8];
    int places = decimal_places(value);
    if (mpz_sizeinbase(mpq_numref(value), 10) > SHORT_CHARS ||
        mpz_sizeinbase(mpq_denref(value), 10) > SHORT_CHARS ||
        (places < 0 &&
         gmp_snprintf(text, sizeof text, "%Qd", value) > SHORT_CHARS)) {
        mpf_t rounded;
        mpf_init2(rounded, 64);
        mpf_set_q(rounded, value);
        locale_t before = pleats_locale_enter();
        gmp_snprintf(text, sizeof text, "~%.9Fg", rounded);
        pleats_locale_leave(before);
        mpf_clear(rounded);
    } else if (places >= 0) {
        write_decimal(text, sizeof text, value, places);
    }
    return pleats_strdup(ctx, text, out);
}

pleats_status pleats_fraction_text(pleats_ctx *ctx, const mpq_t q, char **out)
{
    pleats_status status = PLEATS_OK;
    size_t digits =
        mpz_sizeinbase(mpq_numref(q), 10) + mpz_sizeinbase(mpq_denref(q), 10);
    TRY(pleats_alloc(ctx, digits + 3, 1, out));
    mpq_get_str(*out, 10, q);
done:
    return status;
}

pleats_status pleats_rational_array(pleats_ctx *ctx, size_t count, mpq_t **out)
{
    pleats_status status = pleats_alloc(ctx, count, sizeof **out, out);
    if (status == PLEATS_OK)
        for (size_t i = 0; i < count; i++)
            mpq_init((*out)[i]);
    return status;
}

void pleats_rational_array_free(pleats_ctx *ctx, size_t count, mpq_t *array)
{
    if (!array)
        return;
    for (size_t i = 0; i < count; i++)
        mpq_clear(array[i]);
    pleats_release(ctx, array);
}
