/* An architecture: the shapes of a network, without weights.
 *
 * A spec is a chain of layers from the input to the output; a residual block
 * is the chain between RES_BEGIN and RES_END, whose result is added to what
 * stood before it.  A network read from a file whose graph is no such chain
 * gets GENERAL layers: units that read affine functions of anything before.
 */
#ifndef PLEATS_SPEC_SPEC_H
#define PLEATS_SPEC_SPEC_H

#include "net/net.h"
#include "pleats/spec.h"

typedef enum {
    PLEATS_LAYER_CONV,
    PLEATS_LAYER_FC,
    PLEATS_LAYER_ACTIVATION, /* units of one scalar */
    PLEATS_LAYER_MAXOUT,     /* maxima over `rank` neighbouring channels */
    PLEATS_LAYER_MAXPOOL,
    PLEATS_LAYER_AVGPOOL,
    PLEATS_LAYER_GAP, /* global average */
    PLEATS_LAYER_FLATTEN,
    PLEATS_LAYER_BN,
    PLEATS_LAYER_RES_BEGIN,
    PLEATS_LAYER_RES_END,
    PLEATS_LAYER_GENERAL /* `n_units` units, affine in anything before; each
                            has at most `pieces` pieces, and when rank > 0 is
                            a maximum or minimum of at most `rank`; the
                            last one has no units, only the output */
} pleats_layer_kind;

/* Channels first; n_spatial = 0 for a vector.  Sizes beyond n_spatial are 1. */
typedef struct {
    int64_t channels;
    pleats_idx n_spatial;
    int64_t size[PLEATS_MAX_SPATIAL];
} pleats_shape;

/* Beyond n_spatial axes: kernel, stride, dilation 1 and pads 0. */
typedef struct {
    int64_t filters, groups;
    int64_t kernel[PLEATS_MAX_SPATIAL], stride[PLEATS_MAX_SPATIAL];
    int64_t pad_lo[PLEATS_MAX_SPATIAL], pad_hi[PLEATS_MAX_SPATIAL];
    int64_t dilation[PLEATS_MAX_SPATIAL];
    bool has_bias;
} pleats_conv_spec;

typedef enum {
    PLEATS_ACT_RELU,      /* breakpoint 0, slope 0 below */
    PLEATS_ACT_LEAKYRELU, /* breakpoint 0, slope 0.01 below */
    PLEATS_ACT_ABS,
    PLEATS_ACT_HARDTANH, /* breakpoints -1, 1 */
    PLEATS_ACT_RELU6,    /* breakpoints 0, 6 */
    PLEATS_ACT_PL        /* any activation of `pieces` pieces */
} pleats_activation;

typedef struct {
    pleats_layer_kind kind;
    pleats_shape in, out;
    pleats_conv_spec conv;        /* CONV; kernel, stride, pads of pools */
    bool has_bias;                /* FC */
    pleats_activation activation; /* ACTIVATION */
    int64_t pieces;               /* ACTIVATION: of a unit */
    int64_t flat;                 /* ACTIVATION: those of slope 0, at least */
    int64_t rank;                 /* MAXOUT: candidates of a unit */
    int64_t n_units;              /* ACTIVATION, MAXOUT, MAXPOOL, GENERAL */
    int64_t n_parameters;
} pleats_layer_spec;

struct pleats_spec {
    pleats_shape input;
    pleats_idx n_layers;
    pleats_layer_spec *layer; /* [n_layers] */
    size_t capacity;
    char *text; /* the canonical text form; for a file that is no chain, its
                   path */
};

void pleats_spec_clear(pleats_ctx *ctx, pleats_take pleats_spec *spec);

/* ---- building ---- */

/* A spec without layers.  PLEATS_INVALID unless the shape has 1 to 2^30
 * scalars. */
PLEATS_NODISCARD pleats_status pleats_spec_new(pleats_ctx *ctx,
                                               const pleats_shape *input,
                                               pleats_give pleats_spec **out);
/* Adds a layer, of which `kind` is given and besides
 *   CONV, MAXPOOL, AVGPOOL  conv (of pools: kernel, pads, dilation 1, stride,
 *                           which 0 makes that of the kernel)
 *   FC                      out.channels, has_bias
 *   ACTIVATION              activation, for ACT_PL pieces and flat
 *   MAXOUT                  rank
 *   GENERAL                 out.channels, n_units, pieces, rank, n_parameters;
 * all else is inferred.  A FLATTEN that does nothing is left out, and one is
 * put before an FC layer where it is needed.  PLEATS_INVALID with what does not
 * fit and what would. */
PLEATS_NODISCARD pleats_status pleats_spec_add(pleats_ctx *ctx,
                                               pleats_spec *spec,
                                               const pleats_layer_spec *layer);
/* Ends the spec: every residual block must be closed; writes `text`, or takes
 * a copy of `name` when that is not NULL. */
PLEATS_NODISCARD pleats_status pleats_spec_end(pleats_ctx *ctx,
                                               pleats_spec *spec,
                                               const char *name);

/* ---- reading: more in pleats/spec.h ---- */

/* The shape of the last layer's result. */
pleats_shape pleats_spec_output(const pleats_spec *spec);

static inline int64_t pleats_shape_count(const pleats_shape *s)
{
    int64_t count = s->channels;
    for (pleats_idx d = 0; d < s->n_spatial; d++)
        count *= s->size[d];
    return count;
}

#endif
