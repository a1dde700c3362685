/* A network as bounds see it: layers of units, and what happens to the
 * dimension between them.
 *
 * On an activation region of the layers so far, all that later layers read is
 * an affine image of the region.  Bounds follow an upper bound of the
 * dimension of that image ("the rank") through the items of a stack:
 *
 *   UNITS    n units read an affine function of the image and cut the region;
 *            what they hand on has a dimension of at most n, and if they are
 *            ReLU-like of at most the number of active ones;
 *   LINEAR   an affine map of rank at most n;
 *   SKIP     the items up to `end` are a branch whose result is added to what
 *            stood before it.  Inside a region of the branch the sum x + F(x)
 *            is an affine function of x, so its dimension is at most the one
 *            at the item SKIP, whatever happened inside: a branch multiplies
 *            the number of regions and hands on the rank that it got.
 *
 * A stack with `has_general` units (graphs that are no chain) has no other
 * bound of the rank than the input's dimension: its only items are UNITS that
 * hand everything on.
 */
#ifndef PLEATS_THEORY_BOUNDS_STACK_H
#define PLEATS_THEORY_BOUNDS_STACK_H

#include "theory/layer/conv_layer.h"

typedef enum {
    PLEATS_ITEM_UNITS,
    PLEATS_ITEM_LINEAR,
    PLEATS_ITEM_SKIP
} pleats_item_kind;

/* What the units of a layer read. */
typedef enum {
    PLEATS_READS_ANY,  /* any affine function */
    PLEATS_READS_FC,   /* a fully connected layer, perhaps normalised */
    PLEATS_READS_CONV, /* a convolution, perhaps normalised */
} pleats_reads;

typedef struct {
    pleats_item_kind kind;
    int64_t n;  /* UNITS: units; LINEAR: its rank */
    size_t end; /* SKIP: the first item behind the branch */
    /* UNITS: */
    int64_t pieces;    /* of a unit; of a maximum: its candidates */
    int64_t undecided; /* units that may cut: n, fewer on a box */
    int64_t passing;   /* units that cannot cut but may hand on dimension */
    bool is_max;       /* a maximum of several numbers */
    bool is_relu;      /* two pieces, one of slope 0 */
    int64_t flat;      /* pieces of slope 0, less than pieces */
    /* A max-pool right behind ReLU, ReLU6 or hard tanh, whose flat pieces are
     * their extremes: `conv` has its windows. */
    bool pools_flat;
    bool keeps_rank; /* hands on what it got: general units */
    bool has_bias;
    pleats_reads reads;
    pleats_conv_layer conv; /* FC: a kernel as large as its input */
} pleats_item;

typedef struct {
    const pleats_spec *spec; /* lent: what it was made of */
    uint64_t budget;   /* steps of about a nanosecond a rule may take; 0: the
                          usual ones */
    int64_t dimension; /* of the domain */
    pleats_shape input;
    size_t n_items;
    pleats_item *item; /* [n_items] */
    size_t capacity;
    size_t n_unit_layers;
    bool has_general, has_skip, has_max, has_pool;
    bool is_on_box; /* units that are stable on a box have been removed */
    /* Every layer of units has one fully connected layer or convolution of its
     * own (perhaps normalised) and nothing else: no pools, no skips. */
    bool is_chain;
    /* The first layer of units has one of its own on the input itself. */
    bool is_first_direct;
} pleats_stack;

PLEATS_NODISCARD pleats_status pleats_stack_of_spec(pleats_ctx *ctx,
                                                    const pleats_spec *spec,
                                                    pleats_stack *out);
void pleats_stack_clear(pleats_ctx *ctx, pleats_stack *stack);

/* The layers of units in order: NULL behind the last. */
const pleats_item *pleats_stack_units(const pleats_stack *stack, size_t i);
/* Whether all layers of units are ReLU-like, and whether any is. */
bool pleats_stack_is_relu(const pleats_stack *stack);
bool pleats_stack_has_relu(const pleats_stack *stack);

#endif
