/* Units that keep one piece on a whole box.
 *
 * A unit keeps a piece of its function (of a maximum, a candidate) when that
 * piece gives its value at all points of the open box, taken in the box's own
 * dimension; the piece then does so on the closed box, too.  A unit whose input
 * only touches a breakpoint, at sides of the box or in whole regions, keeps the
 * piece beside it.  This is the same for all efforts. */
#ifndef PLEATS_STABLE_H
#define PLEATS_STABLE_H

#include "pleats/count.h"
#include "pleats/record.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    PLEATS_UNIT_OFF,      /* it keeps a piece on which it is constant */
    PLEATS_UNIT_ON,       /* it keeps a piece, and none that is constant; of a
                             maximum: one candidate always wins */
    PLEATS_UNIT_CHANGES,  /* it keeps no piece */
    PLEATS_UNIT_UNDECIDED /* not known */
} pleats_unit_state;

/* How hard to try; from intervals on, each proves all that the ones before
 * it prove. */
typedef enum {
    PLEATS_STABLE_USUAL, /* PLEATS_STABLE_BY_PROGRAMMES */
    PLEATS_STABLE_BY_INTERVALS,
    PLEATS_STABLE_BY_FORMS,      /* affine forms with errors */
    PLEATS_STABLE_BY_PROGRAMMES, /* linear programmes, checked */
    PLEATS_STABLE_EXACT          /* and the regions of the box, one by one */
} pleats_stable_effort;

typedef struct {
    size_t size; /* of this struct; pleats_init_stable_options */
    pleats_stable_effort effort;
    pleats_record *record; /* of PLEATS_STABLE_EXACT: of subtrees of the search;
                              or NULL */
} pleats_stable_options;

static inline void pleats_init_stable_options(pleats_stable_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    int32_t first_unit, units, off, on, changes, undecided;
    const char *name, *op; /* of the network's step, lent */
} pleats_stable_layer;

typedef struct {
    int32_t n_layers, n_units;
    pleats_stable_layer *layer; /* [n_layers] of units */
    pleats_unit_state *state;   /* [n_units] */
    char *regions;              /* that were gone through; NULL: none */
    bool complete;              /* they are all: nothing is undecided then */
    pleats_stop stopped;        /* why they are not */
    double seconds;
    uint64_t reserved[8];
} pleats_stable_result;

/* States of all units on a bounded box.  What is said is proved: stable units
 * by bounds that are rounded outwards or because no region has another piece,
 * units that change by two regions.  PLEATS_INVALID when the domain is no
 * single bounded box.  `options` and `limits` may be NULL.  Clear the result in
 * every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_stable_units(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_stable_options *options, const pleats_limits *limits,
    pleats_stable_result *out);
PLEATS_API void pleats_stable_result_clear(pleats_ctx *ctx,
                                           pleats_stable_result *result);

#ifdef __cplusplus
}
#endif

#endif
