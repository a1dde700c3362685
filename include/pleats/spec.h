/* Architectures: the shapes of networks without their weights. */
#ifndef PLEATS_SPEC_H
#define PLEATS_SPEC_H

#include "pleats/net.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An architecture: the shapes of a network without its weights. */
typedef struct pleats_spec pleats_spec;

/* Reads the text form, "mlp:2,32,32,1" or "cnn:in=1x8x8/conv=4@3x3/relu/fc=10"
 * (docs/specs.md has the grammar).  PLEATS_INVALID with one line that says at
 * which character what would be right. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_spec_parse(
    pleats_ctx *ctx, const char *text, pleats_give pleats_spec **out);
/* Reads the JSON form from a file. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_spec_read(
    pleats_ctx *ctx, const char *path, pleats_give pleats_spec **out);
/* Reads a file that is the JSON form of a spec or a model, as what is in it
 * says: `*spec` or `*net` gets it, the other is NULL. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_spec_or_net(
    pleats_ctx *ctx, const char *path, const pleats_load_options *options,
    pleats_give pleats_spec **spec, pleats_give pleats_net **net);
/* The architecture of a network.  Affine steps that only scale and shift each
 * scalar belong to their neighbours and are left out, BatchNormalization
 * excepted. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_spec_of_net(
    pleats_ctx *ctx, const pleats_net *net, pleats_give pleats_spec **out);
PLEATS_API void pleats_spec_free(pleats_ctx *ctx,
                                 pleats_take pleats_spec *spec);

/* The canonical text, from which the same spec can be read again; of a network
 * that is no chain of layers, its path.  Lent. */
PLEATS_API const char *pleats_spec_text(const pleats_spec *spec);
/* Whether the spec is a chain of layers, not just units that read anything
 * before them. */
PLEATS_API bool pleats_spec_is_chain(const pleats_spec *spec);
PLEATS_API int64_t pleats_spec_n_inputs(const pleats_spec *spec);
PLEATS_API int64_t pleats_spec_n_outputs(const pleats_spec *spec);
/* Sums over the layers. */
PLEATS_API int64_t pleats_spec_n_parameters(const pleats_spec *spec);
PLEATS_API int64_t pleats_spec_n_units(const pleats_spec *spec);
/* Whether no unit is anything but a ReLU. */
PLEATS_API bool pleats_spec_is_relu(const pleats_spec *spec);
/* The rank of all units, where these are maxout units of one rank; 0: they are
 * not. */
PLEATS_API int64_t pleats_spec_maxout_rank(const pleats_spec *spec);

/* ---- comparing -------------------------------------------------------- */

/* Layers of units; and the same, max pools not counted. */
PLEATS_API int32_t pleats_spec_n_unit_layers(const pleats_spec *spec);
PLEATS_API int32_t pleats_spec_depth(const pleats_spec *spec);

/* The fully connected network with the inputs of `spec`, its first activation
 * and (unless it ends with units) its outputs, with `depth` hidden layers (0:
 * as many as spec) of one width, whose parameters are closest to those of
 * spec.  PLEATS_INVALID when spec has no units. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_spec_match_fc(pleats_ctx *ctx, const pleats_spec *spec, int32_t depth,
                     pleats_give pleats_spec **out);

/* The same with `factor` times as many filters and units in all layers up to
 * the last units.  PLEATS_INVALID when the shapes do not fit together then, as
 * for a residual branch on the input, or become too large. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_spec_scaled(pleats_ctx *ctx, const pleats_spec *spec, int64_t factor,
                   pleats_give pleats_spec **out);

/* The network that repeats the layers of `spec` up to and with its first units
 * `depth` times, then has the affine layers after its last units; the number of
 * filters, or units, is the same in all and such that the parameters are
 * closest to `budget` (0: those of spec).  PLEATS_INVALID when the layers
 * cannot be repeated, because of their kind or as the shape becomes too small.
 */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_spec_with_depth(pleats_ctx *ctx, const pleats_spec *spec, int32_t depth,
                       int64_t budget, pleats_give pleats_spec **out);

#ifdef __cplusplus
}
#endif
#endif
