/* A plane cut into the cells of a network, before any colour.
 *
 * Two vertices are one corner when they are equal over the rationals; their
 * doubles are off by at most 2^-28 of the frame, their areas by 2^-12 of them.
 * Cells are in the order of the walk, which depends on the network and the
 * domain alone.
 */
#ifndef PLEATS_DRAW_PLANE_SCENE_H
#define PLEATS_DRAW_PLANE_SCENE_H

#include "draw/plane/axes.h"
#include "draw/plane/boundary.h"
#include "draw/plane/corners.h"
#include "draw/plane/layers.h"

typedef struct {
    pleats_idx active; /* units on a piece that is not constant */
    pleats_idx depth;  /* layer of the last wall among its sides; 0: none */
    uint32_t hash;     /* of its pattern */
    double gradient;   /* Euclidean norm of the outputs' derivatives along both
                          axes; with maps */
    double area;       /* in the axes' coordinates; when asked for */
} pleats_scene_cell;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net; /* lent */
    pleats_frame frame;
    pleats_axes axes;
    pleats_layers layers;

    pleats_corners corners; /* on the frame */
    double *corner;         /* [corners.n x 2] the same on the axes */
    double frame_of[4];     /* least and greatest place on axis 0, on axis 1 */

    size_t n_cells;
    pleats_stop stopped;     /* why not all cells are there */
    pleats_scene_cell *cell; /* [n_cells] */
    size_t *start;           /* [n_cells + 1] first side of each cell */
    size_t *side;     /* [start[n_cells]] the corner where a side starts; cells
                         are counter-clockwise on the axes */
    pleats_idx *wall; /* alike: the unit that makes the side, or -1 - number
                         of a side of the domain */
    pleats_boundary boundary; /* without cells when not asked for */
    double *map;              /* [n_cells x n_outputs x 3]: output on the axes;
                                 when asked for */
    size_t n_pattern;         /* bytes of a pattern */
    unsigned char *pattern; /* [n_cells x n_pattern] see layers.h; when kept */
    size_t corner_capacity, cell_capacity, start_capacity, side_capacity,
        wall_capacity, map_capacity, pattern_capacity;
} pleats_scene;

typedef struct {
    bool boundary;      /* find the boundary and the classes, too */
    bool patterns;      /* keep them */
    bool maps;          /* work out those of the outputs */
    bool areas;         /* work them out: those of slivers take exact corners */
    bool exact_corners; /* work out all of them over the integers */
    double level;       /* of networks with one output */
    double grain;       /* of the boundary, see there */
    size_t most_cells;  /* 0: no limit */
} pleats_scene_options;

/* Gathers the cells of a network on a domain that is one bounded plane; those
 * before a limit where there is one.  PLEATS_INVALID when it is none, or
 * PLEATS_LIMIT when there is no cell.  Clear the scene in every case. */
PLEATS_NODISCARD pleats_status pleats_scene_init(
    pleats_ctx *ctx, pleats_scene *scene, const pleats_net *net,
    const pleats_domain *domain, const pleats_scene_options *options);
void pleats_scene_clear(pleats_scene *scene);

/* Widens *lo to *hi by the values of an output on the plane; with maps. */
void pleats_scene_range(const pleats_scene *scene, pleats_idx output,
                        double *lo, double *hi);

/* area (initialised) = the exact area of a cell in the frame's coordinates,
 * with the sign of the axes' area; corners must be exact. */
void pleats_scene_area(const pleats_scene *scene, size_t cell, mpq_t area);

static inline size_t pleats_scene_sides(const pleats_scene *scene, size_t cell)
{
    return scene->start[cell + 1] - scene->start[cell];
}

#endif
