/* Rational numbers from texts and doubles, and back.
 *
 * A text is a decimal with an optional exponent ("-0.1", "1e-3") or a fraction
 * of two integers ("1/3"), and stands for exactly that number.  Texts beyond
 * PLEATS_NUMBER_CHARS characters and exponents beyond +-PLEATS_NUMBER_EXPONENT
 * are refused, so that a number never takes more than a few kilobytes. */
#ifndef PLEATS_EXACT_RATIONAL_H
#define PLEATS_EXACT_RATIONAL_H

#include "base/base.h"

#include <gmp.h>

enum { PLEATS_NUMBER_CHARS = 4096, PLEATS_NUMBER_EXPONENT = 4096 };

/* `out` (initialised by the caller) gets the number that the first `length`
 * bytes of `text` stand for.  PLEATS_INVALID when they stand for none; the
 * message then quotes them and says what a number looks like. */
PLEATS_NODISCARD pleats_status pleats_rational_parse(pleats_ctx *ctx,
                                                     const char *text,
                                                     size_t length, mpq_t out);

/* `out` gets exactly `value`; PLEATS_INVALID when it is not finite. */
PLEATS_NODISCARD pleats_status pleats_rational_set_double(pleats_ctx *ctx,
                                                          double value,
                                                          mpq_t out);

/* The double nearest to `value`, ties to even; an infinity beyond the range
 * of doubles. */
double pleats_rational_to_double(const mpq_t value);

/* `value` for people: a decimal or a fraction where that is short and exact,
 * else nine digits after a "~". */
PLEATS_NODISCARD pleats_status pleats_rational_text(pleats_ctx *ctx,
                                                    const mpq_t value,
                                                    pleats_give char **out);

/* `q` in full: "7/3", or "7" for an integer. */
PLEATS_NODISCARD pleats_status pleats_fraction_text(pleats_ctx *ctx,
                                                    const mpq_t q,
                                                    pleats_give char **out);

/* `count` rationals, all 0; NULL when count is 0. */
PLEATS_NODISCARD pleats_status pleats_rational_array(pleats_ctx *ctx,
                                                     size_t count,
                                                     pleats_give mpq_t **out);
void pleats_rational_array_free(pleats_ctx *ctx, size_t count,
                                pleats_take mpq_t *array);

#endif
