/* One affine form over the integers, num . (t, 1) * 2^exponent / den, exactly:
 * in integers of 128 bits while they last, else in big ones. */
#ifndef PLEATS_FORMS_EXACT_FORM_H
#define PLEATS_FORMS_EXACT_FORM_H

#include "exact/int128.h"
#include "exact/integers.h"

/* A zeroed object is the form 0. */
typedef struct {
    bool is_big;
    int bits;             /* small: |num| < 2^bits <= 2^126, 0: the form 0 */
    long exponent;        /* num is not even throughout */
    pleats_int128 *small; /* [width] small: num, NULL: all 0 */
    uint64_t small_den;   /* small: den < 2^63, odd; unset for the form 0 */
    mpz_t *big;           /* [width] big: num */
    size_t booked;        /* bytes that the context knows of for them */
    mpz_t big_den;        /* big: den > 0, odd; initialised with big */
} pleats_exact_form;

void pleats_exact_form_clear(pleats_ctx *ctx, pleats_exact_form *form,
                             size_t width);

static inline bool pleats_exact_form_is_zero(const pleats_exact_form *form)
{
    return !form->is_big && form->bits == 0;
}

/* form = num [width] / den, den > 0. */
PLEATS_NODISCARD pleats_status pleats_exact_form_set(pleats_ctx *ctx,
                                                     pleats_exact_form *form,
                                                     size_t width, mpz_t *num,
                                                     const mpz_t den);

/* num [width] / den = form, den > 0. */
void pleats_exact_form_get(const pleats_exact_form *form, size_t width,
                           mpz_t *num, mpz_t den);

/* num [width] = a positive multiple of the form, not even throughout. */
void pleats_exact_form_direction(const pleats_exact_form *form, size_t width,
                                 mpz_t *num);

/* A weighted sum of forms in the making. */
typedef struct {
    size_t width, n;
    struct pleats_exact_term *term; /* [n], room for as many as init said */
    mpz_t common, factor, part;     /* room */
} pleats_exact_sum;

PLEATS_NODISCARD pleats_status pleats_exact_sum_init(pleats_ctx *ctx,
                                                     pleats_exact_sum *sum,
                                                     size_t width,
                                                     size_t most_terms);
void pleats_exact_sum_clear(pleats_ctx *ctx, pleats_exact_sum *sum);

static inline void pleats_exact_sum_start(pleats_exact_sum *sum)
{
    sum->n = 0;
}
/* The form is lent until the sum is ended. */
void pleats_exact_sum_add(pleats_exact_sum *sum, double weight,
                          const pleats_exact_form *form);
/* out = (bias + sum of weight * form) / divisor; out is none of the forms. */
PLEATS_NODISCARD pleats_status pleats_exact_sum_end(pleats_ctx *ctx,
                                                    pleats_exact_sum *sum,
                                                    double bias, double divisor,
                                                    pleats_exact_form *out);

#endif
