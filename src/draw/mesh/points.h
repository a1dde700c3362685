/* Points of three dimensions over the integers, each once, and what can be
 * asked about them.  A point is (x, y, z, w), w > 0, primitive. */
#ifndef PLEATS_DRAW_MESH_POINTS_H
#define PLEATS_DRAW_MESH_POINTS_H

#include "exact/integers.h"
#include "exact/vectors.h"

enum { PLEATS_POINT_WIDTH = 4, PLEATS_POINT_ROOM = 12 };

typedef struct {
    pleats_ctx *ctx;
    pleats_vectors points; /* by number */
    pleats_vectors lines, planes;
    mpz_t room[PLEATS_POINT_ROOM]; /* to work in */
} pleats_mesh_points;

void pleats_mesh_points_init(pleats_ctx *ctx, pleats_mesh_points *corners);
void pleats_mesh_points_clear(pleats_mesh_points *corners);

static inline mpz_t *pleats_mesh_point(const pleats_mesh_points *c, size_t i)
{
    return pleats_vector(&c->points, i);
}

/* *number of the point x [4], which is made primitive and added when it is not
 * there.  x must not be one of `corners`. */
PLEATS_NODISCARD pleats_status
pleats_mesh_points_add(pleats_mesh_points *corners, mpz_t *x, size_t *number);

/* The point of the segment p q (in homogeneous coordinates, [4] each) where a
 * form with values fp and fq of opposite signs there vanishes. */
PLEATS_NODISCARD pleats_status
pleats_mesh_points_add_crossing(pleats_mesh_points *corners, mpz_t *p, mpz_t *q,
                                const mpz_t fp, const mpz_t fq, size_t *number);

/* The middle of a segment. */
PLEATS_NODISCARD pleats_status pleats_mesh_points_add_middle(
    pleats_mesh_points *corners, size_t a, size_t b, size_t *number);

/* A plane's way to be looked at: the coordinate that is left out, and whether
 * the rest is seen from behind. */
typedef struct {
    int axis, sign;
} pleats_view;

/* normal [3], not 0. */
pleats_view pleats_view_of(mpz_t *normal);

/* Sign of the turn a, b, c, counter-clockwise being 1; *value (may be NULL): a
 * form in c's homogeneous coordinates with that sign. */
int pleats_mesh_points_turn(pleats_mesh_points *corners, pleats_view view,
                            size_t a, size_t b, size_t c, mpz_t value);

/* Puts corners of a strictly convex polygon [n] into counter-clockwise order.
 */
void pleats_mesh_points_order(pleats_mesh_points *corners, pleats_view view,
                              size_t n, size_t *polygon);

/* *number of the line through two corners, and a coordinate that changes along
 * it. */
PLEATS_NODISCARD pleats_status pleats_mesh_points_line(
    pleats_mesh_points *corners, size_t a, size_t b, size_t *number, int *axis);

/* *number of the plane through a corner with a normal [3], either way round. */
PLEATS_NODISCARD pleats_status pleats_mesh_points_plane(
    pleats_mesh_points *corners, mpz_t *normal, size_t a, size_t *number);

/* Sign of a's coordinate minus b's. */
int pleats_mesh_points_compare(pleats_mesh_points *corners, int axis, size_t a,
                               size_t b);

/* A coordinate in doubles. */
double pleats_mesh_points_coordinate(const pleats_mesh_points *corners,
                                     size_t a, int axis);

/* out [3] = a positive multiple of b - a. */
void pleats_mesh_points_direction(pleats_mesh_points *corners, size_t a,
                                  size_t b, mpz_t *out);

#endif
