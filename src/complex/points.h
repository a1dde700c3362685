/* Points of a domain with the values that a network has there, exactly.
 *
 * A point is one row of integers over a common denominator: its coordinates t,
 * the denominator, and the scalars that a later step still reads.  So where a
 * scalar is affine on a segment, its value at any point of it is the same sum
 * of the two ends' rows as the point itself: new points on edges need no forms,
 * no programmes and no solving. */
#ifndef PLEATS_COMPLEX_POINTS_H
#define PLEATS_COMPLEX_POINTS_H

#include "forms/forms.h"

typedef struct {
    mpz_t *x;      /* [width] t [k], the denominator, the lead, scalars */
    mpz_t cut;     /* a positive multiple of the value of the cut at hand */
    size_t booked; /* bytes that the context knows of */
} pleats_complex_point;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    size_t k, width;
    pleats_idx *slot; /* [n_scalars] its column; -1: nothing reads it */
    pleats_idx *last; /* [n_scalars] the last step that reads it */
    size_t n, capacity;
    pleats_complex_point *point; /* [n] */
    mpz_t *fresh;                /* [width] a row in the making */
    bool *is_fresh;              /* [width] */
    pleats_idx *scratch;         /* [most terms of a row] */
    mpz_t left, right;           /* room */
    bool has_room;
} pleats_complex_points;

/* No point yet; to be cleared also when it fails. */
PLEATS_NODISCARD pleats_status
pleats_complex_points_init(pleats_ctx *ctx, pleats_complex_points *points,
                           const pleats_net *net, size_t k);
void pleats_complex_points_clear(pleats_complex_points *points);

/* Adds the point t / t[k]; t [k + 1], the last one positive. */
PLEATS_NODISCARD pleats_status
pleats_complex_points_add(pleats_complex_points *points, mpz_t *t);
/* All points get the values of the inputs. */
PLEATS_NODISCARD pleats_status pleats_complex_points_inputs(
    pleats_complex_points *points, const pleats_coordinates *coordinates);
/* All points get the values of what a step makes, and lose those of what no
 * later one reads.  Cost: points times the terms of the step. */
PLEATS_NODISCARD pleats_status
pleats_complex_points_step(pleats_complex_points *points, pleats_idx step);

/* ---- cuts: all points get the value of an affine function ---- */

/* row . (t, 1); row [k + 1] */
void pleats_complex_points_cut_form(pleats_complex_points *points, mpz_t *row);
/* scalar - at */
void pleats_complex_points_cut_level(pleats_complex_points *points,
                                     pleats_idx scalar, const mpq_t at);
/* scalar - lead */
void pleats_complex_points_cut_lead(pleats_complex_points *points,
                                    pleats_idx scalar);

/* The lead is a scalar's value; then the greater (smaller) one of both. */
void pleats_complex_points_set_lead(pleats_complex_points *points,
                                    pleats_idx scalar);
void pleats_complex_points_raise_lead(pleats_complex_points *points,
                                      pleats_idx scalar, bool is_min);
/* It is 0 again. */
void pleats_complex_points_drop_lead(pleats_complex_points *points);

/* Adds the point between a and b at which the cut vanishes, which has opposite
 * signs there. */
PLEATS_NODISCARD pleats_status pleats_complex_points_cross(
    pleats_complex_points *points, pleats_idx a, pleats_idx b);

/* Keeps the points with keep [n], in their order. */
void pleats_complex_points_keep(pleats_complex_points *points,
                                const bool *keep);

static inline int
pleats_complex_points_sign(const pleats_complex_points *points, size_t i)
{
    return mpz_sgn(points->point[i].cut);
}

/* Whether a scalar is the lead at point i. */
bool pleats_complex_points_is_lead(const pleats_complex_points *points,
                                   size_t i, pleats_idx scalar);

#endif
