/* Polyhedral cones held by their generators: the double description method
 * [Motzkin et al. 1953] over the integers, as plain as it can be.
 *
 * A polyhedron in k coordinates t is the cone over it in (t_0, t), cut by
 * t_0 >= 0: a generator with t_0 > 0 is a point, one with t_0 = 0 a direction.
 * Forms and generators both have k + 1 entries and matter up to positive
 * multiples only: they are integer vectors, and a form's sign at a generator is
 * that of their inner product. */
#ifndef PLEATS_ORACLE_CONE_H
#define PLEATS_ORACLE_CONE_H

#include "affine.h"
#include "vectors.h"

#include <stdint.h>

/* The cone is full-dimensional: every x = lines + non-negative multiples of
 * rays; no ray is one of the others and lines. */
typedef struct {
    vectors line; /* a basis of the directions that go both ways */
    vectors ray;
    size_t n_walls, words;
    uint64_t *on; /* [ray.n x words]: bit w when wall w is 0 at the ray */
} cone;

typedef enum {
    SIDE_NONE = 0, /* the form is 0 on the cone */
    SIDE_POSITIVE = 1,
    SIDE_NEGATIVE = 2,
    SIDE_BOTH = SIDE_POSITIVE | SIDE_NEGATIVE
} sides;

/* All of R^(k+1). */
void cone_init(cone *c, size_t k);
void cone_clear(cone *c);

/* On which sides of h = 0 the cone has interior points.  When on both,
 * `above` and `below` get its two parts (clear them then); else they are left
 * alone. */
sides cone_split(const cone *c, mpq_t *h, cone *above, cone *below);

#endif
