/* A level of one output of a network over three dimensions, as an exact mesh.
 *
 * What is drawn is the boundary of a solid: the closure of the points of the
 * domain where the output is below the level.  Of the sets that one could take
 * it is the one whose boundary is a surface always: { output = level } has flat
 * parts of full dimension where all units are off, and { output <= level } has
 * points, lines and sheets where the output comes down to the level without
 * going below it.  Where the level is crossed these three have one boundary.
 * A facet on which the output equals the level belongs to the surface when the
 * output is below the level on just one side of it.
 *
 * Open (`cap` false), the surface is the boundary relative to the domain: it
 * ends at the domain's sides.  Closed, the sides of the domain where the output
 * is below the level belong to it, so that it bounds the solid.
 *
 * The mesh is watertight: every edge is in exactly two triangles, which run
 * through it in opposite directions, but for edges of an open surface that lie
 * on sides of the domain, which may be in one.  Where several sheets of the
 * solid touch along an edge or in a corner, each has corners of its own with
 * the same coordinates, so this holds there, too; the solid's sheets are then
 * taken to be apart.  Triangles run counter-clockwise around their normal,
 * which points to the larger output.
 *
 * Corners are told apart over the integers, and no triangle's exact corners lie
 * on a line.  Coordinates are the exact ones, rounded once, so that two corners
 * may have equal doubles and a triangle be flat when it is smaller than these
 * can tell. */
#ifndef PLEATS_DRAW_MESH_MESH_H
#define PLEATS_DRAW_MESH_MESH_H

#include "domain/domain.h"
#include "net/net.h"
#include "pleats/output.h"

typedef struct {
    size_t n_regions; /* of the network on the domain */
    size_t n_corners, n_triangles;
    double *corner;   /* [n_corners x 3] */
    size_t *triangle; /* [n_triangles x 3] corners */
    /* The inputs that are the coordinates; -1: these are the coordinates of the
     * domain itself, each scaled so that its bounds are -1 and 1. */
    pleats_idx axis[3];
} pleats_mesh;

/* `mesh` gets the surface; a corner's coordinates are the three inputs that
 * vary on the domain, where there are just three.  PLEATS_INVALID when the
 * domain is not one bounded polytope of dimension 3 or does not fit the
 * network, there is no such output, the level is not finite, or the output does
 * not cross it; the message then tells the range of the output.  PLEATS_LIMIT
 * when there is a reason to stop.
 *
 * Cost: one walk over all regions, in the caller's thread, with an exact form
 * of the output for each; memory grows with the mesh alone. */
PLEATS_NODISCARD pleats_status pleats_mesh_level(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    pleats_idx output, double level, bool cap, pleats_mesh *mesh);
void pleats_mesh_clear(pleats_ctx *ctx, pleats_mesh *mesh);

/* Writes Wavefront OBJ, all digits of the doubles. */
PLEATS_NODISCARD pleats_status pleats_mesh_write_obj(pleats_ctx *ctx,
                                                     const pleats_mesh *mesh,
                                                     pleats_output *out);
/* Likewise Stanford PLY, little-endian binary with coordinates as doubles;
 * PLEATS_INVALID when there are more corners than 32 bits can number. */
PLEATS_NODISCARD pleats_status pleats_mesh_write_ply(pleats_ctx *ctx,
                                                     const pleats_mesh *mesh,
                                                     pleats_output *out);

#endif
