/* A piecewise-linear network as a list of steps over scalars.
 *
 * A network is a vector of scalars.  Scalars 0 .. n_inputs-1 are the inputs;
 * every step reads scalars made before it and writes `n_out` new ones,
 * `out .. out+n_out-1`.  Tensors do not exist here: reshaping, transposing,
 * slicing, concatenating and padding are only choices of which scalars the
 * next step reads.  There are two sorts of step:
 *
 *   affine  out_i = (bias_i + sum_j weight_ij in_j) / divisor_i
 *           as a dense matrix, a convolution or sparse rows;
 *   units   out_i = a piecewise-linear function of one scalar (PL), or the
 *           maximum or minimum of several (MAX).
 *
 * All parameters are finite doubles and are exact: the network is the real
 * function that they define.  A network does not change once it is built.
 */
#ifndef PLEATS_NET_NET_H
#define PLEATS_NET_NET_H

#include "base/base.h"

typedef enum {
    PLEATS_STEP_DENSE,
    PLEATS_STEP_CONV,
    PLEATS_STEP_SPARSE,
    PLEATS_STEP_PL,
    PLEATS_STEP_MAX
} pleats_step_kind;

/* One piecewise-linear function of one scalar, continuous.  Piece p is the one
 * with exactly p breakpoints strictly below the input: value
 * slope[p] * x + intercept[p].  Neighbouring pieces differ in slope. */
typedef struct {
    pleats_idx n_breaks;
    double *at;        /* [n_breaks], increasing */
    double *slope;     /* [n_breaks + 1] */
    double *intercept; /* [n_breaks + 1] */
} pleats_pl;

/* Whether a piece is the input as it is; whether it is 0. */
static inline bool pleats_pl_passes(const pleats_pl *f, pleats_idx piece)
{
    return f->slope[piece] == 1 && f->intercept[piece] == 0;
}

static inline bool pleats_pl_is_flat(const pleats_pl *f, pleats_idx piece)
{
    return f->slope[piece] == 0 && f->intercept[piece] == 0;
}

/* Convolution without padding over `in` seen as [groups * in_channels x
 * spatial dims], row-major: padding and inserted zeros are entries -1 of
 * `in`.  weight is [groups * out_channels x in_channels x kernel dims]; the
 * output is [groups * out_channels x out dims]. */
enum { PLEATS_MAX_SPATIAL = 3 };
typedef struct {
    pleats_idx groups, in_channels, out_channels; /* channels of one group */
    pleats_idx n_spatial;                         /* 0 .. 3 */
    pleats_idx in_size[PLEATS_MAX_SPATIAL];
    pleats_idx kernel[PLEATS_MAX_SPATIAL];
    pleats_idx stride[PLEATS_MAX_SPATIAL];
    pleats_idx dilation[PLEATS_MAX_SPATIAL];
} pleats_conv_shape;

typedef struct {
    pleats_step_kind kind;
    char *name;           /* the ONNX node's name, for people */
    char *op;             /* its operator */
    pleats_idx n_dims;    /* shape of what the step writes, batch left out */
    int64_t *dims;        /* [n_dims] */
    int64_t n_parameters; /* numbers stored for it in the file */

    pleats_idx n_in;
    pleats_idx *in; /* [n_in] scalars read; -1 is the constant 0 (CONV only) */
    pleats_idx out, n_out;
    pleats_idx first_unit; /* PL, MAX: number of its first unit */

    /* affine steps */
    double *weight;    /* DENSE [n_out x n_in]; CONV see above; SPARSE [n_in] */
    double *bias;      /* [n_out], CONV [groups * out_channels], or NULL: 0 */
    double *divisor;   /* SPARSE: [n_out], non-zero, or NULL: 1 */
    pleats_idx *start; /* SPARSE, MAX: [n_out + 1], row i reads
                          in[start[i]] .. in[start[i+1]-1] */
    pleats_conv_shape conv;
    pleats_idx positions; /* CONV: product of the out dims */
    pleats_idx n_taps;    /* CONV: terms of one row */
    pleats_idx *tap;      /* CONV: [n_taps] offsets in `in` from a window's
                             first entry */
    pleats_idx *window;   /* CONV: [positions] first entry of a window, in the
                             first channel of a group */

    /* PL steps */
    pleats_idx n_functions;
    pleats_pl *function; /* [n_functions] */
    pleats_idx *which;   /* [n_out] function of each unit, NULL: all 0 */
    bool is_min;         /* MAX: the minimum instead */
} pleats_step;

/* One of several input tensors that are joined into one vector: scalars first
 * .. first + n - 1. */
typedef struct {
    char *name;
    pleats_idx n_dims;
    int64_t *dims; /* [n_dims], batch axis left out */
    pleats_idx first, n;
} pleats_input_tensor;

struct pleats_net {
    pleats_idx n_inputs, n_scalars, n_units, n_steps;
    pleats_step *step; /* [n_steps], in the order of evaluation */
    pleats_idx n_outputs;
    pleats_idx *output; /* [n_outputs] scalars, in row-major order */

    char *input_name;
    pleats_idx n_tensors;                   /* 0: the input is one tensor */
    pleats_input_tensor *tensor;            /* [n_tensors] */
    pleats_idx n_input_dims, n_output_dims; /* batch axis left out */
    int64_t *input_dims, *output_dims;
    char *path;        /* the file it came from, or NULL */
    char sha256[65];   /* of that file, "" when none */
    int64_t n_rounded; /* parameters that are a double near the file's exact
                          expression (folded BatchNormalization, inexact
                          constant arithmetic) */
    size_t step_capacity;
};
typedef struct pleats_net pleats_net;

/* ---- building: all arrays are copied; `*out` gets the first new scalar ----
 */

typedef struct {
    const char *name, *op; /* may be NULL */
    pleats_idx n_dims;
    const int64_t *dims; /* shape of the result for people, batch left out */
    int64_t n_parameters;
} pleats_step_label;

/* A network that so far has inputs only.  PLEATS_LIMIT beyond 2^30 scalars
 * here and in every add. */
PLEATS_NODISCARD pleats_status pleats_net_new(pleats_ctx *ctx,
                                              pleats_idx n_inputs,
                                              pleats_give pleats_net **out);
void pleats_net_clear(pleats_ctx *ctx, pleats_take pleats_net *net);

/* `out` becomes a network that begins as `of`, which lends it all that it has
 * and must outlive it, and to which steps may be added; also when it fails it
 * is to be cleared, by pleats_net_extension_clear. */
PLEATS_NODISCARD pleats_status pleats_net_extend(pleats_ctx *ctx,
                                                 const pleats_net *of,
                                                 pleats_net *out);
void pleats_net_extension_clear(pleats_ctx *ctx, const pleats_net *of,
                                pleats_net *net);

/* weight [n_out x n_in] row-major, bias [n_out] or NULL. */
PLEATS_NODISCARD pleats_status pleats_net_add_dense(
    pleats_ctx *ctx, pleats_net *net, const pleats_step_label *label,
    pleats_idx n_out, pleats_idx n_in, const pleats_idx *in,
    const double *weight, const double *bias, pleats_idx *out);

/* in [groups*in_channels x in_size...], entries -1 are 0.  All sizes, strides
 * and dilations are at least 1. */
PLEATS_NODISCARD pleats_status pleats_net_add_conv(
    pleats_ctx *ctx, pleats_net *net, const pleats_step_label *label,
    const pleats_conv_shape *shape, const pleats_idx *in, const double *weight,
    const double *bias, pleats_idx *out);

/* Row i reads in[start[i]..start[i+1]-1] with weights alike; a row without
 * terms is the constant bias/divisor.  bias, divisor may be NULL. */
PLEATS_NODISCARD pleats_status pleats_net_add_sparse(
    pleats_ctx *ctx, pleats_net *net, const pleats_step_label *label,
    pleats_idx n_out, const pleats_idx *start, const pleats_idx *in,
    const double *weight, const double *bias, const double *divisor,
    pleats_idx *out);

/* One unit for each of the n scalars `in`; unit i has function[which[i]], or
 * function[0] when `which` is NULL.  Breakpoints at which the slope does not
 * change are dropped. */
PLEATS_NODISCARD pleats_status pleats_net_add_pl(
    pleats_ctx *ctx, pleats_net *net, const pleats_step_label *label,
    pleats_idx n, const pleats_idx *in, pleats_idx n_functions,
    const pleats_pl *function, const pleats_idx *which, pleats_idx *out);

/* Unit i is the maximum (minimum) over in[start[i]..start[i+1]-1], at least
 * one scalar each. */
PLEATS_NODISCARD pleats_status pleats_net_add_max(
    pleats_ctx *ctx, pleats_net *net, const pleats_step_label *label,
    bool is_min, pleats_idx n, const pleats_idx *start, const pleats_idx *in,
    pleats_idx *out);

/* Which scalars are the network's outputs. */
PLEATS_NODISCARD pleats_status pleats_net_set_outputs(pleats_ctx *ctx,
                                                      pleats_net *net,
                                                      pleats_idx n,
                                                      const pleats_idx *output);

/* ---- reading ---- */

static inline bool pleats_step_is_affine(const pleats_step *s)
{
    return s->kind < PLEATS_STEP_PL;
}

/* Whether it is a step of units of one function, with one breakpoint. */
static inline bool pleats_step_is_plain(const pleats_step *s)
{
    return s->kind == PLEATS_STEP_PL && s->n_out > 0 && !s->which &&
           s->function[0].n_breaks == 1;
}

/* Row i of an affine step: (bias + sum_j weight[j] * scalar in[j]) / divisor,
 * an `in[j]` of -1 being 0.  `scratch` has room for pleats_step_row_terms. */
typedef struct {
    pleats_idx n;
    const pleats_idx *in;
    const double *weight;
    double bias, divisor;
} pleats_row;

pleats_row pleats_step_row(const pleats_step *step, pleats_idx i,
                           pleats_idx *scratch);
/* The most terms that a row of the step has; and of any step. */
pleats_idx pleats_step_row_terms(const pleats_step *step);
pleats_idx pleats_net_row_terms(const pleats_net *net);
/* The most units of any step. */
pleats_idx pleats_net_most_units(const pleats_net *net);
/* The terms of all rows, and what units read, at least 1: what one pass over
 * the network costs. */
int64_t pleats_net_terms(const pleats_net *net);

/* What a group of a convolution reads at a position: tap j reads the scalar at
 * tap[j] from here on. */
static inline const pleats_idx *
pleats_step_window(const pleats_step *s, pleats_idx group, pleats_idx position)
{
    return s->in + (s->n_in / s->conv.groups * group + s->window[position]);
}

/* The function of unit i (local to the step) of a PL step. */
static inline const pleats_pl *pleats_step_function(const pleats_step *s,
                                                    pleats_idx i)
{
    return &s->function[s->which ? s->which[i] : 0];
}

/* How many pieces unit i (local to the step) has. */
static inline pleats_idx pleats_step_pieces(const pleats_step *s, pleats_idx i)
{
    return s->kind == PLEATS_STEP_PL ? pleats_step_function(s, i)->n_breaks + 1
                                     : s->start[i + 1] - s->start[i];
}

/* Evaluates in doubles: x [n_inputs] to scalar [n_scalars]; with piece
 * [n_units] also each unit's piece (PL: breakpoints strictly below its input;
 * MAX: the first winner).  Cost: one pass over the terms. */
PLEATS_NODISCARD pleats_status pleats_net_evaluate(pleats_ctx *ctx,
                                                   const pleats_net *net,
                                                   const double *x,
                                                   double *scalar,
                                                   pleats_idx *piece);

#endif
