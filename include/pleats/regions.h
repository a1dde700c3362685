/* All activation regions of a network on a domain, one batch after the other.
 *
 * Which regions there are is certain, as of pleats_count; each is visited
 * once.  A batch is a struct of arrays: what was asked for, of n regions. */
#ifndef PLEATS_REGIONS_H
#define PLEATS_REGIONS_H

#include "pleats/count.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What to know of a region, or-ed together. */
enum {
    PLEATS_REGION_PATTERN = 1 << 0,
    PLEATS_REGION_POINT = 1 << 1,
    PLEATS_REGION_MAP = 1 << 2,
    PLEATS_REGION_VOLUME = 1 << 3,       /* in doubles, with a proven error */
    PLEATS_REGION_EXACT_VOLUME = 1 << 4, /* as a fraction */
    PLEATS_REGION_BOUNDED = 1 << 5,
    PLEATS_REGION_CLASS = 1 << 6,
    PLEATS_REGION_SLOPE = 1 << 7,
    PLEATS_REGION_VERTICES = 1 << 8,    /* exactly */
    PLEATS_REGION_FACETS = 1 << 9,      /* which units make them, exactly */
    PLEATS_REGION_NEIGHBOURS = 1 << 10, /* behind the facets, exactly */
    PLEATS_REGION_CENTRE = 1 << 11      /* of a large ball inside, proven */
};

/* How a class stands to a region.  Class i of several outputs: output i is the
 * largest one.  Of one output, class 0: it is below 0; class 1: it is not. */
enum {
    PLEATS_CLASS_NOWHERE, /* but perhaps on a set without interior */
    PLEATS_CLASS_SOMEWHERE,
    PLEATS_CLASS_EVERYWHERE /* two classes: their outputs are equal */
};

/* Of n regions; what was not asked for is NULL.  All is lent for the call of
 * the visitor. */
typedef struct {
    int32_t n;
    int32_t
        worker; /* 0 .. threads - 1: the thread that calls, 0 the caller's */
    int32_t n_inputs, n_outputs, n_units;
    /* [n x pattern_bytes] the pieces of all units, packed: see
     * pleats_pattern_unpack */
    int32_t pattern_bytes;
    const unsigned char *pattern;
    /* [n x n_inputs] a point of the region, rounded to doubles; is_inside [n]:
     * it was proved that the doubles, taken as exact numbers, are a point of
     * the region.  Else it is near one: no double may be in a region that is
     * thin, or on a slice. */
    const double *point;
    const bool *is_inside;
    /* y = a x + b in the region: [n x n_outputs x n_inputs], [n x n_outputs],
     * row-major, worked out in doubles.  On a slice it is the map of the
     * region of R^n that holds it. */
    const double *a, *b;
    /* The volume [n] in the domain's own coordinates (docs/formats.md says what
     * that is): |volume - true| <= volume_error [n]; infinite with error 0 for
     * an unbounded region.  exact_volume [n]: it is the fraction that this text
     * says, NULL where it is infinite. */
    const double *volume, *volume_error;
    const char *const *exact_volume;
    const bool *is_bounded; /* [n] */
    /* [n x classes] PLEATS_CLASS_... of every class, exactly: as many as
     * outputs, but two of one output */
    const unsigned char *standing;
    /* [n x n_outputs x 3] the 1-norm, the 2-norm and the max norm of each row
     * of a, in doubles */
    const double *slope;
    /* [n] a JSON array of the region's vertices, each an array of n_inputs
     * fractions as texts; rays are left out */
    const char *const *vertices;
    /* [n] a JSON array of numbers, one of each facet: that of the unit on whose
     * wall it lies (the first one, of several on one wall), or -1: it is a side
     * of the domain */
    const char *const *facets;
    /* [n] a JSON array with an entry of each facet, in the same order: null for
     * a side of the domain; else the units whose pieces are others in the
     * region behind it, and these pieces: [[unit, piece], ..] */
    const char *const *neighbours;
    /* [n x n_inputs] the centre of a Euclidean ball about as large as can be
     * (Chebyshev centre), and [n] a radius that is proven for it: all points of
     * the domain that are nearer than this are in the region.  NaN and 0 where
     * no ball was proven, as in a region that holds balls of any size. */
    const double *centre, *radius;
    uint64_t reserved[5];
} pleats_region_batch;

/* Returns whether to go on. */
typedef bool (*pleats_region_batch_fn)(void *state,
                                       const pleats_region_batch *batch);

typedef struct {
    size_t size;   /* of this struct; pleats_init_regions_options */
    unsigned want; /* PLEATS_REGION_..., 0: patterns */
    int32_t batch; /* regions of a batch, 0: 256; 1: one at a time */
    /* false: the visitor is called in the caller's thread alone, which does all
     * of the work.  true: in as many threads as limits allow, at the same time;
     * each has a number, batch->worker, and its own batches. */
    bool any_thread;
    bool paranoid; /* as in pleats_count_options */
    pleats_count_engine engine;
    /* of > 1: the regions of part `part` alone, from 0, as of pleats_work_shard
     */
    uint64_t part, of;
} pleats_regions_options;

static inline void pleats_init_regions_options(pleats_regions_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *regions;       /* decimal: that were visited */
    pleats_label label;  /* PLEATS_EXACT: they are all; or PLEATS_LOWER */
    pleats_stop stopped; /* PLEATS_STOP_VISITOR when the visitor asked for no
                            more, ... */
    int32_t dimension;   /* as of pleats_count_result */
    double seconds;
    uint64_t reserved[8];
} pleats_regions_result;

/* Visits the regions.  With one thread their order is the same each time.  The
 * last batches may be shorter.  After the visitor returned false, or a limit,
 * no batch follows in that thread, and soon none in the others; regions that
 * were found but not yet handed over are then not counted.  The context can be
 * used as before.  Cost: that of pleats_count, and for POINT an evaluation in
 * exact numbers, for MAP n_outputs times the terms of the network, a region.
 * VOLUME, EXACT_VOLUME, BOUNDED, VERTICES, FACETS, NEIGHBOURS and CENTRE hold
 * all cells by their vertices, in at most 8 dimensions; PLEATS_INVALID, with
 * the reason, beyond, and for volumes on a union of several parts. `options`
 * and `limits` may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_regions(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_regions_options *options, const pleats_limits *limits,
    pleats_region_batch_fn visit, void *state, pleats_regions_result *out);
PLEATS_API void pleats_regions_result_clear(pleats_ctx *ctx,
                                            pleats_regions_result *result);

/* Bytes of a packed pattern: units in their order, each with as many bits as
 * its number of pieces needs, from the lowest bit of the first byte on. */
PLEATS_API int32_t pleats_pattern_bytes(const pleats_net *net);
/* A packed pattern to piece [n_units] as of pleats_net_eval. */
PLEATS_API void pleats_pattern_unpack(const pleats_net *net,
                                      const unsigned char *pattern,
                                      int32_t *piece);

#ifdef __cplusplus
}
#endif
#endif
