/* A plane cut into the regions of a network, as arrays: what pictures are made
 * of.
 *
 * Which regions there are, and which of them meet in a corner, is decided
 * exactly; corners are then rounded once.  Places are in the coordinates of the
 * plane: its own two (s and t of a plane that has them), or two inputs that
 * tell its points apart. */
#ifndef PLEATS_PLANE_H
#define PLEATS_PLANE_H

#include "pleats/count.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t size;   /* of this struct; pleats_init_plane_options */
    bool boundary; /* find classes and the decision boundary, too */
    double level;  /* where that of a network with one output is */
} pleats_plane_options;

static inline void pleats_init_plane_options(pleats_plane_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    int32_t active;  /* units on a piece that is not constant */
    int32_t depth;   /* layer of units, 1, 2, ..., of the last wall among its
                        sides; 0: none */
    int32_t winner;  /* the first of the greatest outputs; with one output
                        whether it is below the level (0) or not (1); -1: it has
                        parts, or classes were not asked for */
    uint32_t hash;   /* of the pattern */
    double gradient; /* Euclidean norm of the derivatives of all outputs along
                        both coordinates */
    double area;     /* in the coordinates */
} pleats_plane_cell;

/* A part of a cell in which one class is greatest. */
typedef struct {
    int64_t cell;
    int32_t winner;
    int64_t first, n; /* its corners in part_corner, in order around it */
} pleats_plane_part;

typedef struct {
    char *regions;       /* decimal: n_cells */
    pleats_label label;  /* PLEATS_EXACT: they are all; or PLEATS_LOWER */
    pleats_stop stopped; /* why not all */
    int32_t n_outputs, n_units, pattern_bytes;
    char axis[2][16]; /* what the coordinates are called */
    int64_t n_cells, n_corners;
    pleats_plane_cell *cell; /* [n_cells] */
    double *corner;          /* [n_corners x 2] each once */
    int64_t *start;          /* [n_cells + 1] first side of each cell */
    int64_t *side;           /* [start[n_cells]] the corner where a side
                                starts; counter-clockwise around each cell */
    int32_t *wall;           /* alike: the unit that makes the side, or
                                -1 - number of a side of the domain */
    unsigned char *pattern;  /* [n_cells x pattern_bytes] as of
                                pleats_region_batch */
    double *map;             /* [n_cells x n_outputs x 3] output m . (s, t, 1)
                                in the cell */
    int64_t n_parts, n_part_corners, n_segments;
    pleats_plane_part *part; /* [n_parts] of the cells that have several */
    double *part_corner;     /* [n_part_corners x 2] */
    double *segment;         /* [n_segments x 4] of the boundary, two points
                                each; some may be there twice */
    double seconds;
    uint64_t reserved[8];
} pleats_plane_result;

/* The cells of a domain that is one bounded plane.  A limit is no failure:
 * there are the cells before it, at least one.  Works in the caller's thread.
 * PLEATS_INVALID for other domains, PLEATS_LIMIT when there was not time for
 * one cell.  Memory: some hundred bytes a cell and output.  `options` and
 * `limits` may be NULL.  Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_plane_cells(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_plane_options *options, const pleats_limits *limits,
    pleats_plane_result *out);
PLEATS_API void pleats_plane_result_clear(pleats_ctx *ctx,
                                          pleats_plane_result *result);

#ifdef __cplusplus
}
#endif
#endif
