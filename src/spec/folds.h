/* Networks that fold: the construction behind the lower bound `folds`
 * [docs/theory.md 5.2].
 *
 * A *site* is a layer of units that reads one affine layer, with the pool right
 * behind it.  All sites before the last one of a plan fold: each of some
 * *coordinates*, c channels on the grid or K scalars of a vector, is mapped
 * several times onto an interval; the last site is an arrangement of
 * hyperplanes about the middle of the cube, all of whose regions are met in
 * every fold.  Residual branches add 0. */
#ifndef PLEATS_SPEC_FOLDS_H
#define PLEATS_SPEC_FOLDS_H

#include "spec/spec.h"

#include <gmp.h>

typedef struct {
    pleats_idx affine, act, pool; /* layers of the spec; pool -1: none */
} pleats_fold_site;

typedef struct {
    pleats_idx n;
    pleats_fold_site *at; /* [n] */
    const char *end;      /* why there are no more; NULL: the spec ends */
} pleats_fold_sites;

/* The sites of a chain, as far as folds carry over. */
PLEATS_NODISCARD pleats_status pleats_fold_sites_find(pleats_ctx *ctx,
                                                      const pleats_spec *spec,
                                                      pleats_fold_sites *out);
void pleats_fold_sites_clear(pleats_ctx *ctx, pleats_fold_sites *sites);

typedef struct {
    pleats_idx last;     /* the site of the arrangement */
    int64_t channels;    /* c: of the grid's coordinates */
    int64_t coordinates; /* K: of each fully connected layer that folds */
    bool is_below_pool;  /* no arrangement, but thresholds on each coordinate,
                            whose largest in a window the last site's max-pool
                            chooses */
    uint64_t flips; /* whether unit i of the arrangement looks the other way:
                       bit i modulo 64 */
} pleats_fold_plan;

/* How one site folds. */
typedef struct {
    int64_t units;       /* for each coordinate */
    int64_t pieces;      /* that it is folded into */
    bool is_extra;       /* one piece more than units (Serra's fold) */
    bool has_constant;   /* one unit more a group that is 1 everywhere, since
                            the last site is padded */
    int64_t groups;      /* blocks of channels that never meet; 1: all do */
    int64_t coordinates; /* that are folded */
    int64_t channels;    /* of coordinates that it hands on .. */
    int64_t positions;   /* .. on so many positions, behind its pool */
    int64_t tap;         /* of a convolution: number of the tap that reads */
} pleats_fold;

/* How site `i` < plan->last folds; NULL, or why it cannot.  `available` is how
 * many coordinates the site before hands on. */
const char *pleats_fold_of(const pleats_spec *spec,
                           const pleats_fold_sites *sites,
                           const pleats_fold_plan *plan, pleats_idx i,
                           int64_t available, pleats_fold *out);
/* Positions of a shape. */
int64_t pleats_shape_positions(const pleats_shape *shape);

/* The network of a plan, with ReLU at all sites up to the last.  On the unit
 * cube it has at least the bound's number of regions, exactly that without
 * pools (if plan->last > 0).  Layers behind the last site get ones.  The
 * arrangement is drawn with `seed`: generic, but for bad luck.
 * PLEATS_INVALID when weights would need rounding. */
PLEATS_NODISCARD pleats_status pleats_net_fold(pleats_ctx *ctx,
                                               const pleats_spec *spec,
                                               const pleats_fold_plan *plan,
                                               uint64_t seed,
                                               pleats_give pleats_net **out);

#endif
