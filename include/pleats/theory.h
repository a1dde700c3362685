/* What the shape of a network alone says about its linear regions: exact
 * numbers for one layer, bounds for many.  No weights are needed.
 *
 * Every number is a decimal text with a label: "exact", "probable" (the number
 * unless random filters modulo a prime were unlucky, with the probability of
 * that beside it; regions are certainly not too many), "lower", "upper" or
 * "estimate", and a reason in words. */
#ifndef PLEATS_THEORY_H
#define PLEATS_THEORY_H

#include "pleats/pleats.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- specs ------------------------------------------------------------ */

/* An architecture: the shapes of a network without its weights. */
typedef struct pleats_spec pleats_spec;

/* Reads the text form, "mlp:2,32,32,1" or "cnn:in=1x8x8/conv=4@3x3/relu/fc=10"
 * (docs/specs.md has the grammar).  PLEATS_INVALID with one line that says at
 * which character what would be right. */
PLEATS_NODISCARD pleats_status pleats_spec_parse(pleats_ctx *ctx,
                                                 const char *text,
                                                 pleats_give pleats_spec **out);
/* Reads the JSON form from a file. */
PLEATS_NODISCARD pleats_status pleats_spec_read(pleats_ctx *ctx,
                                                const char *path,
                                                pleats_give pleats_spec **out);
/* Reads a file that is the JSON form of a spec or a model, as what is in it
 * says: `*spec` or `*net` gets it, the other is NULL. */
PLEATS_NODISCARD pleats_status pleats_spec_or_net(
    pleats_ctx *ctx, const char *path, const pleats_load_options *options,
    pleats_give pleats_spec **spec, pleats_give pleats_net **net);
/* The architecture of a network. */
PLEATS_NODISCARD pleats_status pleats_spec_of_net(
    pleats_ctx *ctx, const pleats_net *net, pleats_give pleats_spec **out);
void pleats_spec_free(pleats_ctx *ctx, pleats_take pleats_spec *spec);

/* The canonical text, from which the same spec can be read again; of a network
 * that is no chain of layers, its path.  Lent. */
const char *pleats_spec_text(const pleats_spec *spec);
/* Whether the spec is a chain of layers, not just units that read anything
 * before them. */
bool pleats_spec_is_chain(const pleats_spec *spec);
int64_t pleats_spec_n_inputs(const pleats_spec *spec);
int64_t pleats_spec_n_outputs(const pleats_spec *spec);
int64_t pleats_spec_n_parameters(const pleats_spec *spec);
int64_t pleats_spec_n_units(const pleats_spec *spec);
/* Whether no unit is anything but a ReLU. */
bool pleats_spec_is_relu(const pleats_spec *spec);
/* The rank of all units, where these are maxout units of one rank; 0: they are
 * not. */
int64_t pleats_spec_maxout_rank(const pleats_spec *spec);

/* ---- one layer -------------------------------------------------------- */

/* A number with its label; `value` is NULL when it is out of reach or was not
 * asked for, and the reason then says why. */
typedef struct {
    char *value;       /* decimal, or NULL */
    const char *label; /* "exact", "probable", "lower", "upper" or "estimate";
                          NULL when the value is */
    double error;      /* at most the probability that a "probable" value is
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
    unsigned want;       /* PLEATS_WANT_..., 0: all; the rest may be left out */
    int64_t layer;       /* which activation of the spec, 0 the first */
    int64_t slice;       /* dimension of an affine slice, -1: none */
    uint64_t budget;     /* steps (about 0.1 us) of each enumeration, and states
                            for the polynomial; 0: 20 million */
    uint64_t samples;    /* of the estimate, at most 10^6, 0: 2000 */
    uint64_t max_states; /* on a frontier of the programme, 0: 4 million */
    double level;        /* of the estimate's interval, 0: 0.95 */
    double time_limit;   /* seconds, 0: none */
    uint64_t seed;
} pleats_one_layer_options;

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
    /* Independent sets of units by size; label "exact" or "probable", or
     * "upper" for those that the formula counts; n = 0 when out of reach. */
    pleats_numbers independent;
    const char *independent_label;
    double independent_error;      /* as pleats_number's */
    pleats_numbers characteristic; /* coefficient of x^(n_inputs - j), j = 0 ..;
                                      of the arrangement, when exact */
    /* The formula as a polynomial in d, the filters (of a group): integers in
     * the basis C(d, k), fractions in the basis d^k; leading c d^degree. */
    pleats_numbers binomial, monomial;
    const char *polynomial_label; /* "exact" or "upper" */
    char *polynomial_reason;
    char *leading;
    int64_t degree;
    const char *sentence; /* why maximum and average coincide, and when not */
    bool complete;        /* no limit left out anything that was asked for */
    double seconds;
} pleats_one_layer_result;

/* Counts for one layer of a spec.  `options` may be NULL.  A limit is no
 * failure: PLEATS_OK with complete = false.  PLEATS_INVALID when the activation
 * does not sit on one convolution or fully connected layer.  Clear the result
 * in every case. */
PLEATS_NODISCARD pleats_status pleats_count_one_layer(
    pleats_ctx *ctx, const pleats_spec *spec,
    const pleats_one_layer_options *options, pleats_one_layer_result *out);
void pleats_one_layer_result_clear(pleats_ctx *ctx,
                                   pleats_one_layer_result *result);

/* ---- bounds ----------------------------------------------------------- */

/* One bound of the number of activation regions on all of the domain.  An
 * upper bound holds for every choice of weights (with a network on a box: for
 * that network on that box); a lower bound is reached by some choice. */
typedef struct {
    const char *name;   /* "serra-2018" */
    const char *side;   /* "upper" or "lower" */
    const char *label;  /* "upper", "lower", or "exact" where both sides meet */
    const char *source; /* "Serra2018, Thm 1" */
    /* Which of the counts it is proved for: "regions", "regions, pieces" or
     * "regions, pieces, maps", as every upper bound is. */
    const char *of;
    bool applies;
    const char *why; /* the hypotheses that hold, or the one that does not */
    char *value;     /* decimal; NULL when it does not apply */
    double log10;    /* of the value, NaN when it does not apply */
} pleats_bound;

/* The best upper bound first, then the best lower one, then the other upper and
 * lower ones from good to bad, then those that do not apply. */
typedef struct {
    size_t n;
    pleats_bound *bound; /* [n] */
    /* Growth: with d_l the filters of layer l of units, or its units where it
     * is fully connected, the maximum is at most a constant times prod
     * d_l^growth_upper[l], and at least one times prod d_l^growth_lower[l], as
     * all d_l grow.  n_growth is 0 for what is no chain, growth_lower NULL
     * where no construction is known. */
    size_t n_growth;
    int64_t *growth_upper, *growth_lower;
    char *best_upper;    /* decimal, NULL when a limit came before any */
    char *best_lower;    /* decimal, NULL when no lower bound applies */
    const char *stopped; /* by which limit, before all were worked out; NULL */
    double seconds;
} pleats_bounds_result;

/* All bounds of an architecture; those that a limit stopped do not apply. Clear
 * the result in every case. */
PLEATS_NODISCARD pleats_status pleats_bounds(pleats_ctx *ctx,
                                             const pleats_spec *spec,
                                             pleats_bounds_result *out);
typedef struct {
    uint64_t budget;           /* steps of about a nanosecond that each form of
                                  active-sets may take, 0: half a second's */
    const pleats_net *witness; /* a network of the architecture, whose exact
                                  count is a lower bound; NULL: none */
} pleats_bounds_options;

/* The same with options, which may be NULL.  PLEATS_INVALID when the witness is
 * of another architecture. */
PLEATS_NODISCARD pleats_status pleats_bounds_with(
    pleats_ctx *ctx, const pleats_spec *spec,
    const pleats_bounds_options *options, pleats_bounds_result *out);
/* Upper bounds of one network on a box: units that are proved to keep one piece
 * on it (interval bounds, then linear programmes) do not count, and its
 * matrices of low rank do.  PLEATS_INVALID when the domain is no single box in
 * all inputs. */
PLEATS_NODISCARD pleats_status pleats_bounds_on_box(pleats_ctx *ctx,
                                                    const pleats_net *net,
                                                    const pleats_domain *box,
                                                    pleats_bounds_result *out);
void pleats_bounds_result_clear(pleats_ctx *ctx, pleats_bounds_result *result);

/* ---- comparing -------------------------------------------------------- */

/* Layers of units; and the same, max pools not counted. */
int32_t pleats_spec_n_unit_layers(const pleats_spec *spec);
int32_t pleats_spec_depth(const pleats_spec *spec);

/* The fully connected network with the inputs of `spec`, its first activation
 * and (unless it ends with units) its outputs, with `depth` hidden layers (0:
 * as many as spec) of one width, whose parameters are closest to those of
 * spec.  PLEATS_INVALID when spec has no units. */
PLEATS_NODISCARD pleats_status
pleats_spec_match_fc(pleats_ctx *ctx, const pleats_spec *spec, int32_t depth,
                     pleats_give pleats_spec **out);

/* The same with `factor` times as many filters and units in all layers up to
 * the last units.  PLEATS_INVALID when the shapes do not fit together then, as
 * for a residual branch on the input, or become too large. */
PLEATS_NODISCARD pleats_status
pleats_spec_scaled(pleats_ctx *ctx, const pleats_spec *spec, int64_t factor,
                   pleats_give pleats_spec **out);

/* The network that repeats the layers of `spec` up to and with its first units
 * `depth` times, then has the affine layers after its last units; the number of
 * filters, or units, is the same in all and such that the parameters are
 * closest to `budget` (0: those of spec).  PLEATS_INVALID when the layers
 * cannot be repeated, because of their kind or as the shape becomes too small.
 */
PLEATS_NODISCARD pleats_status
pleats_spec_with_depth(pleats_ctx *ctx, const pleats_spec *spec, int32_t depth,
                       int64_t budget, pleats_give pleats_spec **out);

#ifdef __cplusplus
}
#endif
#endif
