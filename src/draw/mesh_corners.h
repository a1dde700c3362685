/* Points of three dimensions over the integers, each once, and what can be
 * asked about them.  A point is (x, y, z, w), w > 0, primitive. */
#ifndef PLEATS_DRAW_MESH_CORNERS_H
#define PLEATS_DRAW_MESH_CORNERS_H

#include "exact/integers.h"
#include "exact/vectors.h"

enum { PLEATS_CORNER_WIDTH = 4, PLEATS_CORNER_ROOM = 12 };

typedef struct {
    pleats_ctx *ctx;
    pleats_vectors points; /* by number */
    pleats_vectors lines, planes;
    mpz_t room[PLEATS_CORNER_ROOM]; /* to work in */
} pleats_corners;

void pleats_corners_init(pleats_ctx *ctx, pleats_corners *corners);
void pleats_corners_clear(pleats_corners *corners);

static inline mpz_t *pleats_corner(const pleats_corners *c, size_t i)
{
    return pleats_vector(&c->points, i);
}

/* *number of the point x [4], which is made primitive and added when it is not
 * there.  x must not be one of `corners`. */
PLEATS_NODISCARD pleats_status pleats_corners_add(pleats_corners *corners,
                                                  mpz_t *x, size_t *number);

/* The point of the segment p q (in homogeneous coordinates, [4] each) where a
 * form with values fp and fq of opposite signs there vanishes. */
PLEATS_NODISCARD pleats_status
pleats_corners_add_crossing(pleats_corners *corners, mpz_t *p, mpz_t *q,
                            const mpz_t fp, const mpz_t fq, size_t *number);

/* The middle of a segment. */
PLEATS_NODISCARD pleats_status pleats_corners_add_middle(
    pleats_corners *corners, size_t a, size_t b, size_t *number);

/* A plane's way to be looked at: the coordinate that is left out, and whether
 * the rest is seen from behind. */
typedef struct {
    int axis, sign;
} pleats_view;

/* normal [3], not 0. */
pleats_view pleats_view_of(mpz_t *normal);

/* Sign of the turn a, b, c, counter-clockwise being 1; *value (may be NULL): a
 * form in c's homogeneous coordinates with that sign. */
int pleats_corners_turn(pleats_corners *corners, pleats_view view, size_t a,
                        size_t b, size_t c, mpz_t value);

/* Puts corners of a strictly convex polygon [n] into counter-clockwise order.
 */
void pleats_corners_order(pleats_corners *corners, pleats_view view, size_t n,
                          size_t *polygon);

/* *number of the line through two corners, and a coordinate that changes along
 * it. */
PLEATS_NODISCARD pleats_status pleats_corners_line(pleats_corners *corners,
                                                   size_t a, size_t b,
                                                   size_t *number, int *axis);

/* *number of the plane through a corner with a normal [3], either way round. */
PLEATS_NODISCARD pleats_status pleats_corners_plane(pleats_corners *corners,
                                                    mpz_t *normal, size_t a,
                                                    size_t *number);

/* Sign of a's coordinate minus b's. */
int pleats_corners_compare(pleats_corners *corners, int axis, size_t a,
                           size_t b);

/* A coordinate in doubles. */
double pleats_corners_coordinate(const pleats_corners *corners, size_t a,
                                 int axis);

/* out [3] = a positive multiple of b - a. */
void pleats_corners_direction(pleats_corners *corners, size_t a, size_t b,
                              mpz_t *out);

#endif
