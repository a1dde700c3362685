#include "forms/exact_form.h"

#include <limits.h>

/* Of the numbers in a sum of 128 bits: one more is the sign, and one is to
 * spare, so that such a number twice still fits. */
enum { MOST_BITS = 126, MOST_DEN_BITS = 63 };

struct pleats_exact_term {
    const pleats_exact_form *form;
    int64_t mantissa; /* the weight's */
    int bits;         /* of mantissa * num, when small */
    long exponent;    /* of the weight and the form together */
};
typedef struct pleats_exact_term term;

static int mantissa_bits(int64_t mantissa)
{
    return pleats_uint64_bits((uint64_t)(mantissa < 0 ? -mantissa : mantissa));
}

void pleats_exact_form_clear(pleats_ctx *ctx, pleats_exact_form *f,
                             size_t width)
{
    pleats_release(ctx, f->small);
    if (f->big) {
        pleats_unbook(ctx, f->booked);
        pleats_integers_free(ctx, f->big, width);
        mpz_clear(f->big_den);
    }
    *f = (pleats_exact_form){0};
}

static pleats_status need_small(pleats_ctx *ctx, pleats_exact_form *f,
                                size_t width)
{
    if (f->small)
        return PLEATS_OK;
    return pleats_alloc(ctx, width, sizeof *f->small, &f->small);
}

static pleats_status need_big(pleats_ctx *ctx, pleats_exact_form *f,
                              size_t width)
{
    pleats_status status = PLEATS_OK;
    if (f->big)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, width, &f->big));
    mpz_init(f->big_den);
done:
    return status;
}

/* Completes a small form whose numbers, exponent and denominator are set. */
static void finish_small(pleats_exact_form *f, size_t width)
{
    pleats_uint128 any = 0;
    for (size_t c = 0; c < width; c++)
        any |= pleats_int128_abs(f->small[c]);
    int twos = pleats_uint128_twos(any);
    for (size_t c = 0; twos && c < width; c++)
        f->small[c] >>= twos;
    f->is_big = false;
    f->bits = pleats_uint128_bits(any >> twos);
    f->exponent += twos;
}

/* Tells the context of the memory that GMP has for a form. */
static pleats_status book_big(pleats_ctx *ctx, pleats_exact_form *f,
                              size_t width)
{
    pleats_status status = PLEATS_OK;
    size_t bytes = (size_t)f->big_den->_mp_alloc;
    for (size_t c = 0; c < width; c++)
        bytes += (size_t)f->big[c]->_mp_alloc;
    bytes *= sizeof(mp_limb_t);
    if (bytes > f->booked)
        TRY(pleats_book(ctx, bytes - f->booked));
    else
        pleats_unbook(ctx, f->booked - bytes);
    f->booked = bytes;
done:
    return status;
}

/* The same for a big one; it becomes small when it can. */
static pleats_status finish_big(pleats_ctx *ctx, pleats_exact_form *f,
                                size_t width)
{
    pleats_status status = PLEATS_OK;
    size_t bits = 0;
    mp_bitcnt_t twos = mpz_scan1(f->big_den, 0);
    mpz_fdiv_q_2exp(f->big_den, f->big_den, twos);
    f->exponent -= (long)twos;
    f->exponent += (long)pleats_integers_take_twos(f->big, width);
    for (size_t c = 0; c < width; c++)
        if (mpz_sgn(f->big[c]) && mpz_sizeinbase(f->big[c], 2) > bits)
            bits = mpz_sizeinbase(f->big[c], 2);
    if (bits == 0)
        mpz_set_ui(f->big_den, 1);
    TRY(book_big(ctx, f, width));
    f->is_big =
        bits > MOST_BITS || mpz_sizeinbase(f->big_den, 2) > MOST_DEN_BITS;
    if (f->is_big)
        return PLEATS_OK;
    TRY(need_small(ctx, f, width));
    for (size_t c = 0; c < width; c++)
        (void)pleats_int128_of_integer(f->big[c], &f->small[c]);
    f->small_den = mpz_get_ui(f->big_den);
    finish_small(f, width);
done:
    return status;
}

pleats_status pleats_exact_form_set(pleats_ctx *ctx, pleats_exact_form *f,
                                    size_t width, mpz_t *num, const mpz_t den)
{
    pleats_status status = PLEATS_OK;
    TRY(need_big(ctx, f, width));
    for (size_t c = 0; c < width; c++)
        mpz_set(f->big[c], num[c]);
    mpz_set(f->big_den, den);
    f->exponent = 0;
    TRY(finish_big(ctx, f, width));
done:
    return status;
}

void pleats_exact_form_direction(const pleats_exact_form *f, size_t width,
                                 mpz_t *num)
{
    for (size_t c = 0; c < width; c++)
        if (f->is_big)
            mpz_set(num[c], f->big[c]);
        else
            pleats_int128_to_integer(num[c], f->bits ? f->small[c] : 0);
}

void pleats_exact_form_get(const pleats_exact_form *f, size_t width, mpz_t *num,
                           mpz_t den)
{
    pleats_exact_form_direction(f, width, num);
    if (f->is_big)
        mpz_set(den, f->big_den);
    else
        mpz_set_ui(den, f->bits ? f->small_den : 1);
    if (pleats_exact_form_is_zero(f))
        return;
    if (f->exponent < 0)
        mpz_mul_2exp(den, den, (mp_bitcnt_t)-f->exponent);
    for (size_t c = 0; f->exponent > 0 && c < width; c++)
        mpz_mul_2exp(num[c], num[c], (mp_bitcnt_t)f->exponent);
}

pleats_status pleats_exact_sum_init(pleats_ctx *ctx, pleats_exact_sum *sum,
                                    size_t width, size_t most_terms)
{
    *sum = (pleats_exact_sum){.width = width};
    mpz_init(sum->common);
    mpz_init(sum->factor);
    mpz_init(sum->part);
    return pleats_alloc(ctx, most_terms, sizeof *sum->term, &sum->term);
}

void pleats_exact_sum_clear(pleats_ctx *ctx, pleats_exact_sum *sum)
{
    mpz_clear(sum->common);
    mpz_clear(sum->factor);
    mpz_clear(sum->part);
    pleats_release(ctx, sum->term);
    *sum = (pleats_exact_sum){0};
}

void pleats_exact_sum_add(pleats_exact_sum *sum, double weight,
                          const pleats_exact_form *form)
{
    pleats_dyadic w = pleats_dyadic_of(weight);
    if (w.mantissa != 0 && !pleats_exact_form_is_zero(form))
        sum->term[sum->n++] =
            (term){form, w.mantissa, mantissa_bits(w.mantissa) + form->bits,
                   w.exponent + form->exponent};
}

/* The least exponent of the terms and the bias; LONG_MAX: there is nothing to
 * add. */
static long least_exponent(const pleats_exact_sum *sum, pleats_dyadic bias)
{
    long least = bias.mantissa ? bias.exponent : LONG_MAX;
    for (size_t i = 0; i < sum->n; i++)
        least = sum->term[i].exponent < least ? sum->term[i].exponent : least;
    return least;
}

/* The least common multiple of the denominators, 0 when it is not small. */
static uint64_t small_common(const pleats_exact_sum *sum)
{
    uint64_t common = 1;
    for (size_t i = 0; i < sum->n; i++) {
        const pleats_exact_form *f = sum->term[i].form;
        if (f->is_big)
            return 0;
        if (f->small_den == common)
            continue;
        uint64_t rest = f->small_den / pleats_uint64_gcd(common, f->small_den);
        if (__builtin_mul_overflow(common, rest, &common) ||
            common >> MOST_DEN_BITS)
            return 0;
    }
    return common;
}

static uint64_t ratio(uint64_t common, const pleats_exact_form *f)
{
    return f->small_den == common ? 1 : common / f->small_den;
}

/* Whether  common * 2^-least * (bias + sum of the terms)  is certain to stay
 * small, and all its factors with it. */
static bool stays_small(const pleats_exact_sum *sum, pleats_dyadic bias,
                        long least, uint64_t common)
{
    long most = 0;
    if (bias.mantissa)
        most = mantissa_bits(bias.mantissa) + (bias.exponent - least) +
               pleats_uint64_bits(common);
    for (size_t i = 0; i < sum->n; i++) {
        const term *t = &sum->term[i];
        long bits = t->bits + (t->exponent - least) +
                    pleats_uint64_bits(ratio(common, t->form));
        most = bits > most ? bits : most;
    }
    return most + pleats_uint64_bits(sum->n) <= MOST_BITS;
}

/* The sum over the denominator  common * 2^-least. */
static void add_small(const pleats_exact_sum *sum, pleats_dyadic bias,
                      long least, uint64_t common, pleats_int128 *out)
{
    const size_t width = sum->width;
    const pleats_int128 one = 1;
    for (size_t c = 0; c < width; c++)
        out[c] = 0;
    if (bias.mantissa)
        out[width - 1] = (pleats_int128)common * bias.mantissa *
                         (one << (bias.exponent - least));
    for (size_t i = 0; i < sum->n; i++) {
        const term *t = &sum->term[i];
        const pleats_int128 *num = t->form->small;
        const pleats_int128 factor = (one << (t->exponent - least)) *
                                     t->mantissa * ratio(common, t->form);
        for (size_t c = 0; c < width; c++)
            out[c] += factor * num[c];
    }
}

/* The sum in integers of 128 bits, unless it might not fit (*is_done). */
static pleats_status end_small(pleats_ctx *ctx, const pleats_exact_sum *sum,
                               pleats_dyadic bias, pleats_dyadic divisor,
                               long least, pleats_exact_form *out,
                               bool *is_done)
{
    pleats_status status = PLEATS_OK;
    uint64_t common = small_common(sum);
    uint64_t part =
        (uint64_t)(divisor.mantissa < 0 ? -divisor.mantissa : divisor.mantissa);
    *is_done = false;
    if (common == 0 || !stays_small(sum, bias, least, common) ||
        __builtin_mul_overflow(common, part, &out->small_den) ||
        out->small_den >> MOST_DEN_BITS)
        return PLEATS_OK;
    TRY(need_small(ctx, out, sum->width));
    TRY(pleats_check_work(ctx, sum->n * sum->width));
    add_small(sum, bias, least, common, out->small);
    for (size_t c = 0; divisor.mantissa < 0 && c < sum->width; c++)
        out->small[c] = -out->small[c];
    out->exponent = least - divisor.exponent;
    finish_small(out, sum->width);
    *is_done = true;
done:
    return status;
}

static void find_common(pleats_exact_sum *sum)
{
    mpz_set_ui(sum->common, 1);
    for (size_t i = 0; i < sum->n; i++) {
        const pleats_exact_form *f = sum->term[i].form;
        if (!f->is_big)
            mpz_lcm_ui(sum->common, sum->common, f->small_den);
        else if (mpz_cmp(sum->common, f->big_den) != 0)
            mpz_lcm(sum->common, sum->common, f->big_den);
    }
}

/* sum->factor = weight * common / (the form's denominator) * 2^-least */
static void find_factor(pleats_exact_sum *sum, const term *t, long least)
{
    const pleats_exact_form *f = t->form;
    pleats_integer_set_shifted(sum->factor, t->mantissa,
                               (unsigned long)(t->exponent - least));
    if (mpz_cmp_ui(sum->common, 1) == 0)
        return;
    if (!f->is_big)
        mpz_divexact_ui(sum->part, sum->common, f->small_den);
    else
        mpz_divexact(sum->part, sum->common, f->big_den);
    mpz_mul(sum->factor, sum->factor, sum->part);
}

static void add_big(pleats_exact_sum *sum, const pleats_exact_form *f,
                    mpz_t *out)
{
    for (size_t c = 0; c < sum->width; c++) {
        mpz_srcptr num = sum->part;
        if (f->is_big)
            num = f->big[c];
        else
            pleats_int128_to_integer(sum->part, f->small[c]);
        mpz_addmul(out[c], sum->factor, num);
    }
}

static pleats_status end_big(pleats_ctx *ctx, pleats_exact_sum *sum,
                             pleats_dyadic bias, pleats_dyadic divisor,
                             long least, pleats_exact_form *out)
{
    pleats_status status = PLEATS_OK;
    const size_t width = sum->width;
    TRY(need_big(ctx, out, width));
    find_common(sum);
    for (size_t c = 0; c < width; c++)
        mpz_set_ui(out->big[c], 0);
    if (bias.mantissa) {
        pleats_integer_set_shifted(out->big[width - 1], bias.mantissa,
                                   (unsigned long)(bias.exponent - least));
        mpz_mul(out->big[width - 1], out->big[width - 1], sum->common);
    }
    for (size_t i = 0; i < sum->n; i++) {
        find_factor(sum, &sum->term[i], least);
        add_big(sum, sum->term[i].form, out->big);
        TRY(pleats_check_work(ctx, width * (16 + mpz_size(sum->factor) +
                                            mpz_size(out->big[width - 1]))));
    }
    mpz_mul_si(out->big_den, sum->common, divisor.mantissa);
    for (size_t c = 0; divisor.mantissa < 0 && c < width; c++)
        mpz_neg(out->big[c], out->big[c]);
    mpz_abs(out->big_den, out->big_den);
    out->exponent = least - divisor.exponent;
    TRY(finish_big(ctx, out, width));
done:
    return status;
}

pleats_status pleats_exact_sum_end(pleats_ctx *ctx, pleats_exact_sum *sum,
                                   double bias, double divisor,
                                   pleats_exact_form *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_dyadic b = pleats_dyadic_of(bias);
    const pleats_dyadic d = pleats_dyadic_of(divisor);
    const long least = least_exponent(sum, b);
    bool is_done = false;
    if (least == LONG_MAX) {
        out->is_big = false;
        out->bits = 0;
        return PLEATS_OK;
    }
    TRY(end_small(ctx, sum, b, d, least, out, &is_done));
    if (!is_done)
        TRY(end_big(ctx, sum, b, d, least, out));
done:
    return status;
}
