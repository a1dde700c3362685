/* Networks: from ONNX files, from bytes, from arrays; what they are made of;
 * their values. */
#ifndef PLEATS_NET_H
#define PLEATS_NET_H

#include "pleats/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A piecewise-linear network.  It does not change, and may be lent to several
 * threads. */
typedef struct pleats_net pleats_net;

/* ---- from files -------------------------------------------------------- */

typedef struct {
    size_t size; /* of this struct; pleats_init_load_options; 0: as of 0.2 */
    /* Symbolic axes of the input: all axes ("1,1,28,28"; of several inputs with
     * semicolons between them, "1,2;1,3") or by name ("H=28,W=28"); NULL: the
     * batch axis is 1, others are refused.  A batch axis that the file fixes
     * above 1 may be set to 1, which is remarked. */
    const char *shape;
    /* Skip the strictly monotone end of the network (Softmax, LogSoftmax,
     * Sigmoid, ArgMax, Tanh, Exp and the like, and what only renames or scales
     * after them), with a remark. */
    bool logits;
    /* The outputs to keep, by name or number ("scores", "0", "0,2"); NULL: all
     * of them, joined in the file's order. */
    const char *output;
} pleats_load_options;

static inline void pleats_init_load_options(pleats_load_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

/* Reads an ONNX file, or a network in the .nnet form of ACAS Xu: of that the
 * network proper, of normalised inputs and outputs, with a remark.  In this and
 * all other calls that read a file, "-" is standard input, and what gzip packed
 * is unpacked, whatever its name.  PLEATS_INVALID with a message that names
 * every node that is not piecewise linear.  Time and memory: proportional to
 * the file.  `options` may be NULL. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_net_load(
    pleats_ctx *ctx, const char *path, const pleats_load_options *options,
    pleats_give pleats_net **out);

/* The same for the bytes [n] of such a file, which are needed during the call
 * alone; tensors in files of their own are refused.  `name` stands in messages
 * for the file's; NULL: "model". */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_net_from_bytes(
    pleats_ctx *ctx, const void *bytes, size_t n, const char *name,
    const pleats_load_options *options, pleats_give pleats_net **out);

/* NULL is fine. */
PLEATS_API void pleats_net_free(pleats_ctx *ctx, pleats_take pleats_net *net);

/* ---- from arrays ------------------------------------------------------- */

typedef enum {
    PLEATS_AFFINE = 1, /* y = weight x + bias; the tensor becomes a vector */
    PLEATS_CONV,       /* cross-correlation, as Conv of ONNX */
    PLEATS_RELU,       /* max(x, 0) */
    PLEATS_LEAKY_RELU, /* x >= 0: x, else alpha x */
    PLEATS_ABS,        /* |x| */
    PLEATS_CLIP,       /* min(max(x, lo), hi) */
    PLEATS_PIECEWISE,  /* any continuous piecewise-linear function of one scalar
                        */
    PLEATS_MAXOUT,     /* maxima over `rank` neighbouring channels */
    PLEATS_MAX_POOL,
    PLEATS_AVERAGE_POOL /* by the whole window, padding included */
} pleats_layer_type;

enum { PLEATS_MAX_AXES = 3 };

/* One layer of a network from arrays; what its type does not name is left 0.
 * All numbers are taken as the exact numbers that they are, and must be
 * finite. */
typedef struct {
    pleats_layer_type type;
    /* AFFINE: outputs; CONV: filters */
    int32_t n_out;
    /* AFFINE [n_out x scalars before]; CONV [n_out x channels / groups x
     * kernel], row-major */
    const double *weight;
    const double *bias; /* [n_out]; NULL: none */
    /* CONV and pools, for each axis behind the channels; stride 0 is 1 (of
     * pools: the kernel), dilation 0 is 1, groups 0 is 1 */
    int32_t kernel[PLEATS_MAX_AXES], stride[PLEATS_MAX_AXES];
    int32_t pad_before[PLEATS_MAX_AXES], pad_behind[PLEATS_MAX_AXES];
    int32_t dilation[PLEATS_MAX_AXES]; /* CONV */
    int32_t groups;                    /* CONV */
    double alpha;                      /* LEAKY_RELU */
    double lo, hi;                     /* CLIP */
    /* PIECEWISE: slope[p] x + intercept[p] between breaks[p - 1] and breaks[p];
     * the pieces must meet there, exactly */
    int32_t n_breaks;
    const double *breaks;     /* [n_breaks], increasing */
    const double *slopes;     /* [n_breaks + 1] */
    const double *intercepts; /* [n_breaks + 1] */
    int32_t rank;             /* MAXOUT */
} pleats_layer_arrays;

/* A chain of layers [n_layers] over an input of shape dims [n_dims]: {n} for a
 * vector, {channels, size ...} with up to three sizes.  Arrays are copied.
 * `layer_size` is sizeof (pleats_layer_arrays).  PLEATS_INVALID with the layer
 * that does not fit, and what would. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_net_from_arrays(pleats_ctx *ctx, int32_t n_dims, const int64_t *dims,
                       int32_t n_layers, const pleats_layer_arrays *layer,
                       size_t layer_size, pleats_give pleats_net **out);

/* ---- what it is made of ------------------------------------------------ */

/* SHA-256 of the file (unpacked) or bytes, 64 hexadecimal digits; "" of a
 * network from arrays.  Lent. */
PLEATS_API const char *pleats_net_sha256(const pleats_net *net);
PLEATS_API int32_t pleats_net_n_inputs(const pleats_net *net);
PLEATS_API int32_t pleats_net_n_outputs(const pleats_net *net);
PLEATS_API int32_t pleats_net_n_units(const pleats_net *net);
/* Constants of the file that had to be rounded to double, once each, because
 * they are irrational (the root in a folded BatchNormalization, Exp, ...) or
 * have denominators that cannot be taken apart; the double is then the exact
 * parameter.  Everything that rational arithmetic defines is exact. */
PLEATS_API int64_t pleats_net_n_rounded(const pleats_net *net);

/* One step of the network, or (index -1) its input.  Strings and `dims` are
 * lent by the network. */
typedef struct {
    const char *name;    /* the node's name in the file, "" when it has none */
    const char *op;      /* its operator; "Input" for the input */
    int32_t n_dims;      /* shape of its result, batch axis left out */
    const int64_t *dims; /* [n_dims] */
    int64_t parameters;  /* numbers that the file stores for it */
    int32_t units;       /* piecewise-linear units, 0 for an affine step */
    int32_t min_pieces, max_pieces; /* of a unit, 0 for an affine step */
} pleats_layer;

/* The input tensors of the file, which are joined in its order into one vector
 * of n_inputs numbers; what nothing reads is left out.  `*first`: the place of
 * tensor i in the vector. */
PLEATS_API int32_t pleats_net_n_input_tensors(const pleats_net *net);
PLEATS_API pleats_layer pleats_net_input_tensor(const pleats_net *net,
                                                int32_t index, int32_t *first);

PLEATS_API int32_t pleats_net_n_layers(const pleats_net *net);
PLEATS_API pleats_layer pleats_net_layer(const pleats_net *net, int32_t index);

/* Pieces of unit `unit`; 0 when there is no such unit. */
PLEATS_API int32_t pleats_net_unit_pieces(const pleats_net *net, int32_t unit);

/* ---- its values -------------------------------------------------------- */

/* Evaluates in doubles one input x [n_inputs] to y [n_outputs], row-major;
 * with `piece` [n_units] (may be NULL) the piece of every unit: the number of
 * breakpoints strictly below its input, or the index of the first winner.
 * PLEATS_INVALID when an output is not finite.  Cost: one pass over the
 * weights. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_net_eval(pleats_ctx *ctx,
                                                          const pleats_net *net,
                                                          const double *x,
                                                          double *y,
                                                          int32_t *piece);

#ifdef __cplusplus
}
#endif
#endif
