#include "theory/layer/labelled.h"

#include "base/text.h"
#include "theory/layer/independence.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static void set(pleats_labelled *to, pleats_label label, double error,
                const mpz_t value, const char *format, va_list arguments)
{
    to->is_known = true;
    to->label = label;
    to->error = error;
    mpz_set(to->value, value);
    pleats_vformat(to->reason, sizeof to->reason, format, arguments);
}

void pleats_labelled_set(pleats_labelled *to, pleats_label label,
                         const mpz_t value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(to, label, 0, value, format, arguments);
    va_end(arguments);
}

void pleats_labelled_set_probable(pleats_labelled *to, double error,
                                  const mpz_t value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set(to, error > 0 ? PLEATS_PROBABLE : PLEATS_EXACT, error, value, format,
        arguments);
    va_end(arguments);
}

void pleats_labelled_unknown(pleats_labelled *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    to->is_known = false;
    pleats_vformat(to->reason, sizeof to->reason, format, arguments);
    va_end(arguments);
}

/* The characteristic polynomial at 1, up to sign, when the normals span the
 * inputs; else every region is unbounded.  [docs/theory.md 3.4] */
static void fill_bounded(pleats_one_layer *one, const pleats_conv_layer *layer)
{
    const int64_t inputs = pleats_shape_count(&layer->in);
    mpz_t sum;
    mpz_init(sum);
    if (!one->sizes_are_true)
        pleats_labelled_unknown(&one->bounded,
                                "needs the true numbers of independent sets");
    else if (one->sizes.n < (uint64_t)inputs)
        pleats_labelled_set_probable(
            &one->bounded, one->sizes_error, sum,
            "the normals have rank %zu in %lld dimensions: "
            "every region is unbounded",
            one->sizes.n, (long long)inputs);
    else {
        pleats_independence_sum(&one->sizes, -(long)(layer->pieces - 1), -1,
                                sum);
        mpz_abs(sum, sum);
        pleats_labelled_set_probable(
            &one->bounded, one->sizes_error, sum,
            "the characteristic polynomial at 1, up to sign");
    }
    mpz_clear(sum);
}

void pleats_fill_from_sizes(pleats_one_layer *one,
                            const pleats_conv_layer *layer, int64_t slice)
{
    mpz_t sum;
    mpz_init(sum);
    fill_bounded(one, layer);
    if (slice < 0 || !one->sizes.at)
        pleats_labelled_unknown(&one->slice,
                                slice < 0 ? "no slice was asked for"
                                          : "the numbers of independent sets "
                                            "are out of reach");
    else {
        pleats_independence_sum(&one->sizes, (long)(layer->pieces - 1), slice,
                                sum);
        pleats_labelled_set_probable(
            &one->slice, one->sizes_error, sum,
            "regions that a generic affine slice of dimension %lld meets: "
            "independent sets of at most %lld units",
            (long long)slice, (long long)slice);
    }
    if (one->slice.is_known && !one->sizes_are_true)
        one->slice.label = PLEATS_UPPER;
    mpz_clear(sum);
}

void pleats_scale(const mpz_t value, double factor, bool up, mpz_t out)
{
    mpq_t exact;
    mpq_init(exact);
    factor *= 0x1p30;
    mpq_set_d(exact, (up ? ceil(factor) : floor(factor)) * 0x1p-30);
    mpz_mul(out, mpq_numref(exact), value);
    if (up)
        mpz_cdiv_q(out, out, mpq_denref(exact));
    else
        mpz_fdiv_q(out, out, mpq_denref(exact));
    mpq_clear(exact);
}
