/* One layer of units: how many regions its shape alone allows; exact numbers,
 * formulas and what is certain where they are out of reach.  No weights are
 * needed.
 *
 * Every number is a decimal text with a label and a reason in words.
 * PLEATS_PROBABLE: the number unless random filters modulo a prime were
 * unlucky, with the probability of that beside it; regions are certainly not
 * too many. */
#ifndef PLEATS_LAYER_H
#define PLEATS_LAYER_H

#include "pleats/limits.h"
#include "pleats/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A number with its label; `value` is NULL when it is out of reach or was not
 * asked for, and the reason then says why. */
typedef struct {
    char *value;        /* decimal, or NULL */
    pleats_label label; /* PLEATS_NO_LABEL when the value is NULL */
    double error;       /* at most the probability that a probable value is
                           wrong; 0 of all others */
    char *reason;
} pleats_number;

typedef struct {
    size_t n;
    char **at; /* [n] decimal integers or fractions */
} pleats_numbers;

/* What to work out for one layer, or-ed together. */
enum {
    PLEATS_WANT_FORMULA = 1 << 0,
    PLEATS_WANT_GENERIC = 1 << 1,
    PLEATS_WANT_NO_BIAS = 1 << 2, /* and nonzero_breaks */
    PLEATS_WANT_BOUNDED = 1 << 3,
    PLEATS_WANT_SLICE = 1 << 4,
    PLEATS_WANT_INDEPENDENT = 1 << 5, /* and characteristic */
    PLEATS_WANT_POLYNOMIAL = 1 << 6,  /* binomial, monomial, leading */
    PLEATS_WANT_ALL = (1 << 7) - 1
};

typedef struct {
    size_t size;   /* of this struct; pleats_init_one_layer_options */
    unsigned want; /* PLEATS_WANT_..., 0: all; the rest may be left out */
    int64_t layer; /* which activation of the spec, 0 the first */
    int64_t slice; /* dimension of an affine slice, where has_slice */
    bool has_slice;
    uint64_t budget;     /* steps (about 0.1 us) of each enumeration, and states
                            for the polynomial; 0: 20 million */
    uint64_t samples;    /* of the estimate, at most 10^6, 0: 2000 */
    uint64_t max_states; /* on a frontier of the programme, 0: 4 million */
    double level;        /* of the estimate's interval, 0: 0.95 */
    uint64_t seed;
} pleats_one_layer_options;

static inline void
pleats_init_one_layer_options(pleats_one_layer_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *layer;           /* what was counted, in words */
    const char *input;     /* NULL for a layer that reads the network's input;
                              else a sentence: what stands before it is not
                              looked at */
    pleats_number formula; /* R_N [Xiong2020, Thm 2] */
    pleats_number generic; /* regions for generic shared filters and biases: the
                              maximum and the average [docs/theory.md 3.2] */
    /* When generic is an estimate: the interval that holds the truth with
     * probability `level`; and, also when it is probable, what is certain.
     * Else NULL. */
    char *generic_low, *generic_high, *generic_lower, *generic_upper;
    double level;
    pleats_number no_bias;        /* with all biases 0 */
    char *no_bias_upper;          /* what it certainly does not exceed; NULL
                                     when it is exact, or none is known */
    pleats_number nonzero_breaks; /* the same, no breakpoint being at 0 */
    pleats_number bounded;        /* bounded regions */
    pleats_number slice; /* regions that a generic affine slice meets */
    /* Independent sets of units by size; label exact or probable, or upper
     * for those that the formula counts; n = 0 when out of reach. */
    pleats_numbers independent;
    pleats_label independent_label;
    double independent_error;      /* as pleats_number's */
    pleats_numbers characteristic; /* coefficient of x^(n_inputs - j), j = 0 ..;
                                      of the arrangement, when exact */
    /* The formula as a polynomial in d, the filters (of a group): integers in
     * the basis C(d, k), fractions in the basis d^k; leading c d^degree. */
    pleats_numbers binomial, monomial;
    pleats_label polynomial_label; /* exact or upper */
    char *polynomial_reason;
    char *leading;
    int64_t degree;
    const char *sentence; /* why maximum and average coincide, and when not */
    bool complete;       /* no limit left out anything that was asked for, those
                            of the options among them */
    pleats_stop stopped; /* why not all that was asked for was worked out */
    double seconds;
    uint64_t reserved[8];
} pleats_one_layer_result;

/* Counts for one layer of a spec.  `options` and `limits` may be
 * NULL.  A limit is no
 * failure: PLEATS_OK with what there is.  PLEATS_INVALID when the activation
 * does not sit on one convolution or fully connected layer.  Clear the result
 * in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_count_one_layer(
    pleats_ctx *ctx, const pleats_spec *spec,
    const pleats_one_layer_options *options, const pleats_limits *limits,
    pleats_one_layer_result *out);
PLEATS_API void pleats_one_layer_result_clear(pleats_ctx *ctx,
                                              pleats_one_layer_result *result);

#ifdef __cplusplus
}
#endif
#endif
