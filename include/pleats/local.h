/* The geometry around a point: the activation region that holds it, its facets
 * and neighbours, how far its walls are; and the graph of regions around it.
 *
 * Words.  A *half-space* of a region is one side of a plane where a unit's
 * pieces meet, for the affine forms that hold in the region, or a side of the
 * domain; the region is what all of them have in common.  A *facet* is a
 * half-space that the others do not imply; equal ones are one facet.  All
 * verdicts are proven, the data row being taken as the exact numbers that its
 * doubles are; a half-space for which no proof was found is *undecided*, and
 * counted as such.
 */
#ifndef PLEATS_LOCAL_H
#define PLEATS_LOCAL_H

#include "pleats/count.h"
#include "pleats/output.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A network on a domain, prepared for points. */
typedef struct pleats_local pleats_local;

/* `domain` NULL: R^n.  Both are lent until pleats_local_free.  PLEATS_INVALID
 * for an empty domain and for a union of several parts. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_local_new(pleats_ctx *ctx, const pleats_net *net,
                 const pleats_domain *domain, pleats_give pleats_local **out);
PLEATS_API void pleats_local_free(pleats_ctx *ctx,
                                  pleats_take pleats_local *local);

/* ---- one region --------------------------------------------------------- */

/* How facets and redundant half-spaces were proven. */
typedef enum {
    PLEATS_PROOF_NONE,            /* undecided */
    PLEATS_PROOF_RAY,             /* facet: first met by a ray, by bounds */
    PLEATS_PROOF_PROGRAMME,       /* facet: a point beyond it alone, found by
                                     a programme, checked by bounds */
    PLEATS_PROOF_EXACT_FACET,     /* facet: exact programme */
    PLEATS_PROOF_INDEPENDENT,     /* facet: its normal is independent of all
                                     others */
    PLEATS_PROOF_SUM,             /* redundant: a sum of others, by bounds */
    PLEATS_PROOF_EXACT_REDUNDANT, /* redundant: exact programme */
    PLEATS_PROOF_REPEATED,        /* equal to another half-space */
    PLEATS_N_PROOFS
} pleats_proof;

/* A unit that changes its piece. */
typedef struct {
    int32_t unit;     /* number among all units */
    int32_t from, to; /* pieces */
} pleats_piece_change;

typedef struct {
    pleats_proof proof;
    int32_t side; /* of the domain: 2 j and 2 j + 1: lower and upper bound of
                     coordinate j, from 2 dimension on: rows; -1: none */
    int32_t n_units;
    int32_t *unit; /* [n_units] whose planes it is on */
    int32_t n_changes;
    pleats_piece_change *change;   /* [n_changes] the neighbour's pattern; none
                                      across a side of the domain */
    double distance, max_distance; /* of its plane from the point, Euclidean
                                      and in the max norm: proven lower bounds;
                                      negative where not known or a side's */
} pleats_facet;

/* One layer's walls, seen from the point (see pleats_facet). */
typedef struct {
    int32_t layer;         /* see pleats_net_layer */
    int32_t facets;        /* with a unit of the layer on them */
    double facet_distance; /* nearest facet; negative: none, or not known */
    double wall_distance;  /* nearest plane of any unit, likewise */
} pleats_layer_walls;

typedef enum {
    PLEATS_SHAPE_UNKNOWN, /* too large for the exact decision */
    PLEATS_SHAPE_BOUNDED,
    PLEATS_SHAPE_UNBOUNDED
} pleats_region_shape;

/* An inequality of the region, with exact coefficients.  A polytope that its
 * rows alone bound has a box about it, too, whose sides are redundant. */
typedef struct {
    int32_t unit; /* whose pieces meet on the plane; -1: a side */
    int32_t side; /* as of pleats_facet; -1: of a unit */
    pleats_proof proof;
    int32_t facet; /* the facet on whose plane it is; -1: none */
    /* n_inputs + 1 integers without a common divisor, with a blank between
     * them: a_0 x_0 + ... + a_(n-1) x_(n-1) + a_n >= 0 in the region.  On a
     * domain of lower dimension that is one of many that mean the same: it has
     * 0 at inputs that others determine there. */
    char *row;
} pleats_halfspace_row;

typedef struct {
    size_t size;   /* of this struct; pleats_init_local_options */
    bool map;      /* fill a and b */
    bool vertices; /* at most 8 dimensions */
    bool halfspaces;
} pleats_local_options;

static inline void pleats_init_local_options(pleats_local_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    int32_t n_inputs, n_outputs, n_units, dimension;
    int32_t *piece;      /* [n_units] */
    bool on_side;        /* the point is on a side of the domain */
    bool exact;          /* no half-space is undecided */
    pleats_stop stopped; /* what left half-spaces undecided */

    int32_t n_halfspaces; /* repeated ones included */
    int32_t proofs[PLEATS_N_PROOFS];
    int32_t n_facets;
    pleats_facet *facet; /* [n_facets] */
    int32_t n_layers;    /* that have units */
    pleats_layer_walls *layer;

    /* Largest max-norm ball about the point that no wall of a unit meets
     * (sides of the domain do not count): exact radius as a fraction, and
     * rounded down; the unit whose wall it touches.  NULL, negative, -1: no
     * wall at all, or a domain whose directions are not orthogonal axes. */
    char *ball;
    double ball_below;
    int32_t ball_unit;
    double distance; /* Euclidean, of the nearest wall of the region; a proven
                        lower bound; negative: see above */
    pleats_region_shape shape;
    double *centre; /* [n_inputs] of a large ball inside the region; NULL when
                       it is not bounded, or no ball was proven */
    double radius;  /* proven for this centre, in the domain's directions */

    int32_t n_vertices, n_rays;
    char **vertex; /* [n_vertices x n_inputs] exact fractions, when asked for */

    double *a, *b; /* [n_outputs x n_inputs], [n_outputs]: y = a x + b in the
                      region, in doubles; NULL when not asked for */
    uint64_t by_bounds, by_exact; /* on which side of its planes the point is */
    double seconds;
    /* [n_halfspaces] those of units first, in the order of the units; NULL when
     * not asked for, where a limit ended the call, or where there are none */
    pleats_halfspace_row *halfspace;
    double *slope; /* [n_outputs x 3] with a: the 1-norm, the 2-norm and the max
                      norm of each of its rows, in doubles */
    uint64_t reserved[6];
} pleats_local_result;

/* The region of the input x [n_inputs].  PLEATS_INVALID when x is not in the
 * domain, or lies on walls, so that no single region holds it: the message
 * names the units.  A time limit is no failure: what it left undecided is
 * counted.  `options` and `limits` may be NULL.  Clear the result in every
 * case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_local_at(pleats_ctx *ctx, pleats_local *local, const double *x,
                const pleats_local_options *options,
                const pleats_limits *limits, pleats_local_result *out);
/* Writes the map as an .npz file, arrays A [n_outputs x n_inputs] and b
 * [n_outputs], float64; commit it (pleats/output.h). */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_local_write_map(
    pleats_ctx *ctx, const pleats_local_result *result, pleats_output *out);
PLEATS_API void pleats_local_result_clear(pleats_ctx *ctx,
                                          pleats_local_result *result);

/* ---- regions around it --------------------------------------------------- */

typedef struct {
    char hash[65];         /* SHA-256 of the pattern */
    int32_t depth;         /* facets on a shortest way from the first region */
    bool expanded;         /* its neighbours were looked for */
    bool exact;            /* none of its half-spaces is undecided */
    int32_t facets, sides; /* shared with regions; with the domain's outside */
} pleats_walk_node;

typedef struct {
    int64_t from, to; /* from < to */
    int64_t n_units;
    const int32_t *unit; /* [n_units] that change their piece */
} pleats_walk_edge;

typedef struct {
    int32_t n_units;
    int64_t n_nodes, n_edges;
    pleats_walk_node *node; /* [n_nodes] the first one holds the point */
    int32_t *piece;         /* [n_nodes x n_units] */
    pleats_walk_edge *edge; /* [n_edges] */
    int32_t *unit;          /* what the edges lend */
    bool complete;          /* the whole domain: every region, every edge */
    pleats_stop stopped;    /* why not: ..., PLEATS_STOP_UNDECIDED */
    double seconds;
    uint64_t reserved[8];
} pleats_walk_result;

/* The regions of the domain breadth first from the one that holds x, through
 * facets; each once, told apart by their patterns.  A limit is no failure.
 * `limits` may be NULL; limits->cells: regions.  Works in the caller's
 * thread.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_local_walk(pleats_ctx *ctx, pleats_local *local, const double *x,
                  const pleats_limits *limits, pleats_walk_result *out);
PLEATS_API void pleats_walk_result_clear(pleats_ctx *ctx,
                                         pleats_walk_result *result);

#ifdef __cplusplus
}
#endif
#endif
