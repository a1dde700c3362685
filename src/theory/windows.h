/* The receptive fields of a layer, as a hypergraph.
 *
 * Input cells that lie in the same windows are one *atom*, whose capacity is
 * their number times the input channels of a group.  Windows that share no
 * atom, not even through others, are in different *components*, and every
 * count factors over these.  Positions whose window sees only padding are
 * left out. */
#ifndef PLEATS_THEORY_WINDOWS_H
#define PLEATS_THEORY_WINDOWS_H

#include "theory/layer/conv_layer.h"

typedef struct {
    pleats_idx n_windows;
    pleats_idx n_atoms;
    pleats_idx *start;    /* [n_windows + 1] */
    pleats_idx *atom;     /* [start[n_windows]] those of window w are
                             atom[start[w]] .., increasing */
    int64_t *capacity;    /* [n_atoms] */
    pleats_idx *position; /* [n_windows] their positions, in sweep order */
    int64_t multiplicity; /* how many components are translates of this one */
} pleats_component;

typedef struct {
    pleats_idx n;
    pleats_component *component; /* [n], pairwise different */
    int64_t groups;              /* of the convolution: all are alike */
} pleats_windows;

/* Windows are in the order of the sweep: along the longer side of the output
 * first.  PLEATS_INVALID for sizes that do not fit together, PLEATS_LIMIT for
 * more than 2^24 (position, cell) pairs. */
PLEATS_NODISCARD pleats_status pleats_windows_init(
    pleats_ctx *ctx, pleats_windows *windows, const pleats_conv_layer *layer);
void pleats_windows_clear(pleats_ctx *ctx, pleats_windows *windows);

/* The cells of all windows, one by one, for those who need the geometry. */
typedef struct {
    pleats_idx n_positions, n_cells, n_taps;
    pleats_idx *cell; /* [n_positions x n_taps] in row-major order of kernel
                         offsets; -1: padding */
} pleats_taps;

/* Positions in row-major order, or (`swept`) in the order of the sweep. */
PLEATS_NODISCARD pleats_status pleats_taps_init(pleats_ctx *ctx,
                                                pleats_taps *taps,
                                                const pleats_conv_layer *layer,
                                                bool swept);
void pleats_taps_clear(pleats_ctx *ctx, pleats_taps *taps);

/* The cells of a position's window as a set; of at most 64 cells. */
uint64_t pleats_taps_set(const pleats_taps *taps, pleats_idx position);

/* Output positions along axis d. */
int64_t pleats_layer_outputs(const pleats_conv_layer *layer, pleats_idx d);
/* Cells of window i along axis d that are no padding, without dilation, and the
 * first of them. */
int64_t pleats_window_width(const pleats_conv_layer *layer, pleats_idx d,
                            int64_t i, int64_t *from);
/* How many units the layer has: positions x filters. */
int64_t pleats_layer_units(const pleats_conv_layer *layer);

/* PLEATS_INVALID, and why, unless all sizes are sensible and agree. */
PLEATS_NODISCARD pleats_status
pleats_conv_layer_check(pleats_ctx *ctx, const pleats_conv_layer *layer);

#endif
