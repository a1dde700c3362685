/* Everything that the shape of one layer says about its regions. */
#ifndef PLEATS_THEORY_LAYER_ONE_LAYER_H
#define PLEATS_THEORY_LAYER_ONE_LAYER_H

#include "theory/layer/conv_layer.h"

#include "pleats/layer.h"

enum { PLEATS_REASON_CHARS = 400 };

/* A number with its label; when it is not known, only the reason counts. */
typedef struct {
    bool is_known;
    pleats_label label;
    double error; /* of PLEATS_PROBABLE: probability that it is too small */
    mpz_t value;
    char reason[PLEATS_REASON_CHARS];
} pleats_labelled;

/* Where the activation bends when there are no biases. */
typedef enum {
    PLEATS_BREAK_ZERO,    /* at 0, perhaps elsewhere too: ReLU, ReLU6 */
    PLEATS_BREAK_NONZERO, /* nowhere at 0: hard tanh */
    PLEATS_BREAK_UNKNOWN
} pleats_break;

typedef struct {
    pleats_break breaks;
    unsigned want;     /* PLEATS_WANT_..., 0: all */
    int64_t slice;     /* dimension of the affine slice, -1: none */
    uint64_t budget;   /* steps of each enumeration; states of the polynomial's
                          programmes; 0: no bound */
    uint64_t samples;  /* of the estimate, at least 1 */
    size_t max_states; /* on a frontier, 0: no bound */
    double level;      /* of the estimate's interval, in (0, 1) */
    uint64_t seed;
} pleats_one_layer_task;

typedef struct {
    /* R_N; regions for generic shared filters and biases, and what is certain
     * about these when `generic` is an estimate */
    pleats_labelled formula, generic, lower, upper;
    /* without biases, and what these certainly do not exceed when they are
     * not exact; likewise when no breakpoint is 0; bounded ones; those that a
     * generic affine slice meets */
    pleats_labelled no_bias, no_bias_upper, nonzero_breaks, bounded, slice;
    /* independent sets by size (n = 0 and at = NULL when out of reach): true
     * ones, or K-type ones, which are not below */
    pleats_independence sizes;
    bool sizes_are_true;
    double sizes_error; /* probability that they are not; 0: proven */
    /* formula = sum binomial[k] C(d, k), d the filters of a group; n = 0 when
     * out of reach */
    mpz_t *binomial;
    size_t n_binomial;
    char polynomial_reason[PLEATS_REASON_CHARS];
    bool
        is_interval; /* generic is an estimate, within [low, high] at `level` */
    mpz_t low, high;
    bool complete; /* no limit left out anything that was wanted */
} pleats_one_layer;

/* A layer of a spec. */
typedef struct {
    pleats_conv_layer layer;
    pleats_break breaks;
    bool is_first; /* it reads the input of the network */
} pleats_placed_layer;

/* The layer that the i-th activation of the spec (0 the first) sits on, as a
 * layer on its own input, whatever stands before it.  PLEATS_INVALID when the
 * activation does not sit on one convolution or fully connected layer alone. */
PLEATS_NODISCARD pleats_status pleats_layer_of_spec(pleats_ctx *ctx,
                                                    const pleats_spec *spec,
                                                    int64_t i,
                                                    pleats_placed_layer *out);

/* PLEATS_INVALID for a layer that makes no sense; limits only leave numbers
 * out.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_one_layer_init(
    pleats_ctx *ctx, pleats_one_layer *one, const pleats_conv_layer *layer,
    const pleats_one_layer_task *task);
/* An answer in which nothing is known, for this reason; to be cleared. */
void pleats_one_layer_blank(pleats_one_layer *one, const char *why);
void pleats_one_layer_clear(pleats_ctx *ctx, pleats_one_layer *one);

#endif
