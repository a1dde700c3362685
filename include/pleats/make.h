/* Making networks: random ones of an architecture, and the constructions that
 * prove lower bounds; and writing any network as an ONNX file. */
#ifndef PLEATS_MAKE_H
#define PLEATS_MAKE_H

#include "pleats/output.h"
#include "pleats/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The distribution of the weights; m and n are the numbers of weights that an
 * output and an input meet (fan-in, fan-out), as PyTorch counts them. */
typedef enum {
    PLEATS_WEIGHTS_TORCH,         /* PyTorch's default: U(-1, 1) / sqrt(m) */
    PLEATS_WEIGHTS_HE_NORMAL,     /* N(0, 2 / m) */
    PLEATS_WEIGHTS_HE_UNIFORM,    /* U(-1, 1) sqrt(6 / m) */
    PLEATS_WEIGHTS_XAVIER_NORMAL, /* N(0, 2 / (m + n)) */
    PLEATS_WEIGHTS_XAVIER_UNIFORM /* U(-1, 1) sqrt(6 / (m + n)) */
} pleats_weight_init;

typedef enum {
    PLEATS_BIAS_TORCH, /* U(-1, 1) / sqrt(m), whatever the weights are */
    PLEATS_BIAS_ZERO,
    PLEATS_BIAS_NORMAL /* N(0, deviation^2) */
} pleats_bias_init;

typedef struct {
    pleats_weight_init weights;
    pleats_bias_init bias;
    double deviation; /* of PLEATS_BIAS_NORMAL */
    uint64_t seed;
} pleats_init;

/* A random network whose parameters are float32 values, the same on every
 * machine for a seed.  Layers are drawn in order, weights before biases,
 * row-major.  Normalisation gets scales in [1/2, 3/2] and shifts in
 * [-1/2, 1/2].  PLEATS_INVALID for a spec that is no chain of layers. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_net_random(pleats_ctx *ctx, const pleats_spec *spec,
                  const pleats_init *init, pleats_give pleats_net **out);

typedef enum {
    /* [Montufar et al. 2014, Thm 4]: fully connected layers; p =
     * floor(n_l / n_0) units fold each coordinate p times. */
    PLEATS_FOLDS_MONTUFAR,
    /* [Serra et al. 2018, Thm 7]: p >= 3 units fold it p + 1 times; also for
     * unpadded convolutions (own). */
    PLEATS_FOLDS_SERRA,
    /* [Xiong et al. 2020, Thm 5]: unpadded convolutions; p =
     * floor(d_l / d_0) filters that look at one pixel fold a channel. */
    PLEATS_FOLDS_XIONG
} pleats_construction;

/* The network behind a lower bound.  The spec is a chain of convolutions and
 * fully connected layers, with ReLU after each, and at most one more affine
 * layer, which gets ones.  Every hidden layer but the last folds the unit cube
 * onto itself, filters that are left over being zero; the last one is an
 * arrangement all of whose regions meet the cube.  If it is fully connected,
 * its hyperplanes lie on the moment curve, hence in general position; filters
 * of a convolution are drawn with `seed`: generic, but for bad luck.
 *
 * On the unit cube the network has exactly the bound's number of regions, on
 * R^n at least as many (PLEATS_FOLDS_SERRA: as many).  No weight is rounded;
 * PLEATS_INVALID when one would have to be, or when the spec does not fit. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_net_construct(
    pleats_ctx *ctx, const pleats_spec *spec, pleats_construction construction,
    uint64_t seed, pleats_give pleats_net **out);

/* The network behind the lower bound `folds` (docs/theory.md 5.2): a chain with
 * ReLU up to its last folded layer; padding, strides, groups, pools and
 * residual branches do no harm.  On the unit cube it has at least the bound's
 * number of regions, exactly that without pools.  Of small networks the last
 * folded layer's units are oriented such that the function has as many affine
 * pieces as can be found.  PLEATS_INVALID when a weight would have to be
 * rounded, or when the spec does not fit. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_net_folds(pleats_ctx *ctx, const pleats_spec *spec, uint64_t seed,
                 pleats_give pleats_net **out);

/* Writes a network as an ONNX file: parameters as float32 where all are
 * float32 values, else as doubles.  Reading it gives the same function and the
 * same regions.  A function of one scalar that is no ONNX operator becomes a
 * sum of Relu nodes, one a breakpoint; PLEATS_INVALID when such a sum would
 * need rounding.  The file is read back before it takes its place; `made`,
 * unless NULL, gets what it says.  `out` is to be committed (pleats/output.h).
 */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_net_write(pleats_ctx *ctx, const pleats_net *net, pleats_output *out,
                 pleats_give pleats_net **made);

/* The same to a path, all at once.  PLEATS_IO when it cannot be written. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_net_save(pleats_ctx *ctx,
                                                          const pleats_net *net,
                                                          const char *path);

#ifdef __cplusplus
}
#endif
#endif
