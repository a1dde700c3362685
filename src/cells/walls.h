/* The stack of walls of the cell that a walk is in: half-spaces
 * row . (t, 1) > 0 whose common interior, cut with the frame's boxes, is the
 * cell.  Each wall is held in doubles with error bounds, and exactly when
 * asked for. */
#ifndef PLEATS_CELLS_WALLS_H
#define PLEATS_CELLS_WALLS_H

#include "cells/frame.h"
#include "forms/exact_forms.h"

/* The points where scalar a - scalar b = at; b = -1: no b. */
typedef struct {
    pleats_idx a, b;
    double at;
} pleats_hyperplane;

/* A form in doubles, scaled by a power of two to entries of size about 1. */
typedef struct {
    double error;     /* as in forms.h, relative to the scaled form */
    double magnitude; /* likewise */
    double tolerance; /* evaluated at a point t, row . (t, 1) is off by at most
                         tolerance * max(1, |t|) */
} pleats_bounds;

typedef struct {
    pleats_ctx *ctx;
    const pleats_frame *frame;
    pleats_forms *forms;       /* lent */
    pleats_exact_forms *exact; /* lent */
    pleats_idx n;
    size_t entry_capacity, bounds_capacity, plane_capacity, sign_capacity,
        row_capacity;
    double *entry;            /* [n x (k + 1)] */
    pleats_bounds *bounds;    /* [n] */
    pleats_hyperplane *plane; /* [n], unset for the frame's own rows */
    int *sign;                /* [n] which side of the plane is inside */
    mpz_t **row;              /* [n] exact rows, NULL or stale when not known */
    bool *has_row;            /* [n] */
    size_t has_row_capacity;
    pleats_idx n_allocated; /* rows that have memory */
} pleats_walls;

/* A stack that holds the frame's rows. */
PLEATS_NODISCARD pleats_status pleats_walls_init(pleats_ctx *ctx,
                                                 pleats_walls *walls,
                                                 const pleats_frame *frame,
                                                 pleats_forms *forms,
                                                 pleats_exact_forms *exact);
void pleats_walls_clear(pleats_walls *walls);

/* Puts the side `sign` of the plane on top; entry [k + 1] and bounds are those
 * of pleats_plane_row for the plane's positive side. */
PLEATS_NODISCARD pleats_status pleats_walls_push(pleats_walls *walls,
                                                 pleats_hyperplane plane,
                                                 int sign, const double *entry,
                                                 pleats_bounds bounds);
/* The same for a wall whose doubles will not be asked for. */
PLEATS_NODISCARD pleats_status pleats_walls_push_plane(pleats_walls *walls,
                                                       pleats_hyperplane plane,
                                                       int sign);
static inline void pleats_walls_cut_back(pleats_walls *walls, pleats_idx n)
{
    walls->n = n;
}

static inline const double *pleats_walls_entry(const pleats_walls *w,
                                               pleats_idx i)
{
    return w->entry + (size_t)i * ((size_t)w->frame->k + 1);
}

/* `*row` gets the exact row [k + 1] of wall i, lent. */
PLEATS_NODISCARD pleats_status pleats_walls_row(pleats_walls *walls,
                                                pleats_idx i, mpz_t **row);

/* The form  a - b - at  of a plane in doubles: entry [k + 1]. */
pleats_bounds pleats_plane_row(const pleats_forms *forms,
                               pleats_hyperplane plane, double *entry);

/* An exact row [k + 1], not all 0, in doubles: entry [k + 1]. */
pleats_bounds pleats_row_to_doubles(mpz_t *row, pleats_idx k, double *entry);

/* entry . (t, 1) */
double pleats_row_value(const double *entry, pleats_idx k, const double *t);

#endif
