/* Which scalars of a network can be linked to which inputs, class by class.
 *
 * Scalars of one tensor that read the same and are read alike (the channels of
 * a position, within a group) are a *class*.  A network is a list of levels,
 * one a tensor: level 0 is the input, and each class of a level reads a set of
 * classes of an earlier one, mostly of the one before.  A set of scalars of a
 * level can be *linked* to the inputs when there are disjoint paths from it
 * down to them, through active units and one a scalar; generic unshared weights
 * make their affine functions independent if and only if it can be (Menger,
 * [docs/theory.md 4.5]).
 */
#ifndef PLEATS_THEORY_BOUNDS_LINKAGE_H
#define PLEATS_THEORY_BOUNDS_LINKAGE_H

#include "spec/spec.h"

typedef enum {
    PLEATS_LEVEL_LINEAR,
    PLEATS_LEVEL_UNITS, /* functions of one scalar each */
    PLEATS_LEVEL_POOL,  /* a max-pool right on units whose flat pieces are their
                           extremes: it reads the level before, of UNITS */
    PLEATS_LEVEL_MAX,   /* other maxima */
    PLEATS_LEVEL_SKIP   /* what a residual branch begins with; the sum, level
                           `end`, reads it too */
} pleats_level_kind;

/* Classes a level may have, so that a set of them is a word. */
enum { PLEATS_MOST_CLASSES = 64 };

typedef struct {
    pleats_level_kind kind;
    size_t from; /* the level that it reads */
    size_t end;  /* SKIP */
    pleats_idx n;
    int64_t size[PLEATS_MOST_CLASSES];   /* scalars of a class */
    uint64_t reads[PLEATS_MOST_CLASSES]; /* classes of `from` */
    int64_t pieces, flat;                /* UNITS; MAX: candidates, 0 */
    /* Positions along the first axis, 0: blocks of channels are told apart;
     * and the convolution or fully connected layer that the classes are the
     * outputs of, lent, or NULL. */
    pleats_idx n_rows;
    const pleats_layer_spec *made_by;
} pleats_level;

typedef struct {
    size_t n, capacity;
    pleats_level *level; /* [n] */
    bool is_line; /* all classes read intervals whose ends do not decrease */
} pleats_linkage;

/* *fits: whether all levels have at most PLEATS_MOST_CLASSES classes; else, and
 * for a spec that is no chain of layers, *out is empty.  Where `merges`, the
 * channels of a position are one class even if groups tell them apart: then
 * more can be linked than in truth, never less. */
PLEATS_NODISCARD pleats_status pleats_linkage_of_spec(pleats_ctx *ctx,
                                                      const pleats_spec *spec,
                                                      bool merges,
                                                      pleats_linkage *out,
                                                      bool *fits);
/* The same with the classes of every level merged into at most `parts` strips
 * of rows: what can be linked there can be linked here.  *fits is false when
 * some level's rows are in blocks, or it has a POOL. */
PLEATS_NODISCARD pleats_status pleats_linkage_merge(pleats_ctx *ctx,
                                                    const pleats_linkage *fine,
                                                    pleats_idx parts,
                                                    pleats_linkage *out,
                                                    bool *fits);
/* The rows of strip i: first .. last - 1. */
void pleats_strip_rows(pleats_idx n_rows, pleats_idx parts, pleats_idx i,
                       pleats_idx *first, pleats_idx *last);
void pleats_linkage_clear(pleats_ctx *ctx, pleats_linkage *linkage);

#endif
