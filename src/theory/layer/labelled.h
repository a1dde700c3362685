/* Helpers for labelled numbers. */
#ifndef PLEATS_THEORY_LAYER_LABELLED_H
#define PLEATS_THEORY_LAYER_LABELLED_H

#include "theory/layer/one_layer.h"

/* The number is `value`, for the reason given. */
void pleats_labelled_set(pleats_labelled *to, pleats_label label,
                         const mpz_t value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The number is `value`, unless a random choice modulo a prime was unlucky, of
 * which the probability is at most `error`: PLEATS_PROBABLE, or PLEATS_EXACT
 * when that is 0. */
void pleats_labelled_set_probable(pleats_labelled *to, double error,
                                  const mpz_t value, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The number is not known, for the reason given. */
void pleats_labelled_unknown(pleats_labelled *to, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* out = factor * value, rounded down or up: the factor to a multiple of 2^-30,
 * so that the last bits of the mathematical library do not show, and the
 * product to an integer. */
void pleats_scale(const mpz_t value, double factor, bool up, mpz_t out);

/* Numbers that the true or K-type sizes determine: bounded regions, slices. */
void pleats_fill_from_sizes(pleats_one_layer *one,
                            const pleats_conv_layer *layer, int64_t slice);

#endif
