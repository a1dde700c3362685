/* How a change of one unit's output ripples through the units behind it, while
 * all of these keep the pieces of a reference.
 *
 * There the network is affine in that output: every scalar moves by a number
 * times the change.  These numbers are the values of the network without its
 * constants, at input 0, where the unit's output is 1.  Each is held in two
 * doubles, high + low, added up as in forms/fine_rows.h; of the numbers of a
 * step one bound says how far they are off,
 *
 *     error = sum over steps that it reads of gain * (their error) + rounding,
 *
 * gain being the largest sum of |weights| of a row, without the units that are
 * 0 under the reference.
 *
 * Numbers are kept for what affine steps make: all channels of a convolution at
 * one position side by side, as they are read.  A unit has that of its input,
 * or 0.
 */
#ifndef PLEATS_FORMS_RIPPLE_H
#define PLEATS_FORMS_RIPPLE_H

#include "forms/fine.h"
#include "forms/ripple_sums.h"

/* What a channel holds at a place of a convolution's input, or a term of a
 * dense step. */
typedef struct {
    pleats_idx at;     /* its number */
    pleats_idx weight; /* where those of the rows are behind the group's first,
                          for the kernel's first place */
} pleats_ripple_entry;

/* What all channels of a group hold at a place. */
typedef struct {
    pleats_idx first, n;        /* entries, those that may not be 0 */
    pleats_idx eight, n_eights; /* these are among so many eights of numbers;
                                   -1: they are anywhere */
} pleats_ripple_place;

/* An affine step that another step reads. */
typedef struct {
    pleats_idx step;
    double gain; /* sum of |weights| of a row, at most, without divisors */
} pleats_ripple_source;

/* Of a step; of units nothing but what they read.  Dense steps are
 * convolutions at one position. */
typedef struct {
    size_t at, width, blocks;   /* its numbers: blocks of a multiple of 8 */
    pleats_ripple_place *place; /* [places of all groups] */
    pleats_ripple_entry *entry;
    pleats_idx *start;          /* SPARSE: [numbers / 8 + 1] */
    pleats_ripple_eight *eight; /* SPARSE */
    pleats_idx *row;            /* SPARSE: [numbers] -1: none */
    size_t n_sources;
    pleats_ripple_source *source;
    double largest;   /* |weight| */
    double divisor;   /* least |divisor| */
    double most, low; /* no |high|, no |low| is larger */
    double error;     /* no number is off by more; infinite: not known */
    bool is_zero;     /* all numbers are */
} pleats_ripple_step;

typedef struct {
    const pleats_net *net;
    const pleats_fine *fine;  /* parameters of all steps */
    pleats_ripple_step *step; /* [n_steps] */
    pleats_idx *at;           /* [n_scalars] number, -1: nothing moves it */
    pleats_idx *maker;        /* [n_scalars] the affine step of that, or -1 */
    pleats_idx *unit;         /* [n_scalars] whose output it is, -1: none's */
    const pleats_idx *piece;  /* [n_units] the reference's */
    size_t n;           /* numbers; the last eight are 1, those before 0 */
    double *high, *low; /* [n] */
    bool *moves;        /* [n / 8] whether one of eight may not be 0 */
    pleats_idx scalar;  /* the unit's output, -1: none */
    pleats_ripple_term *term, *at_place; /* room: of a row, of all places */
    pleats_ripple_terms *terms;          /* room: [longest kernel + 1] */
    pleats_idx *n_at_place;              /* room: [places] terms there */
    pleats_idx *spot; /* room: [longest step's] where it reads the output */
} pleats_ripple;

/* The network, which fits (forms/near.h), and its parameters outlive the
 * ripple.  Memory: three numbers a scalar, one a term of a step. */
PLEATS_NODISCARD pleats_status pleats_ripple_init(pleats_ctx *ctx,
                                                  pleats_ripple *ripple,
                                                  const pleats_net *net,
                                                  const pleats_fine *fine);
void pleats_ripple_clear(pleats_ctx *ctx, pleats_ripple *ripple);

/* From now on with these pieces [n_units] behind the unit, which stay as they
 * are until the next call.  Cost: one pass over the terms. */
PLEATS_NODISCARD pleats_status pleats_ripple_refer(pleats_ctx *ctx,
                                                   pleats_ripple *ripple,
                                                   const pleats_idx *piece);

/* Of a unit of step `step`: what pleats_ripple_of says of later scalars is of
 * this unit then. */
PLEATS_NODISCARD pleats_status pleats_ripple_run(pleats_ctx *ctx,
                                                 pleats_ripple *ripple,
                                                 pleats_idx step,
                                                 pleats_idx unit);

/* How a scalar moves, within *error. */
double pleats_ripple_of(const pleats_ripple *ripple, pleats_idx scalar,
                        double *error);

/* Number of a scalar that an affine step makes, or of one that nothing moves:
 * what it moves is ripple.high there, within pleats_ripple_bounds. */
static inline pleats_idx pleats_ripple_where(const pleats_ripple *ripple,
                                             pleats_idx scalar)
{
    return ripple->at[scalar] < 0 ? (pleats_idx)ripple->n - 16
                                  : ripple->at[scalar];
}

/* Of all that a step of units reads: how far any of it moves, as doubles have
 * it, and an error that none exceeds. */
void pleats_ripple_bounds(const pleats_ripple *ripple, pleats_idx step,
                          double *most, double *error);

/* ---- between the files ---- */

/* A dense step or a convolution: `rows` channels of a group read `kernel`
 * places at each position. */
typedef struct {
    size_t groups, rows, channels, places, kernel, positions;
    const pleats_idx *window, *tap; /* places */
} pleats_ripple_grid;

pleats_ripple_grid pleats_ripple_grid_of(const pleats_ripple *ripple,
                                         pleats_idx step);

/* Lists term j of the sparse row that is at `lane` of the step's numbers. */
void pleats_ripple_list_term(pleats_ripple *ripple, pleats_idx step,
                             size_t lane, pleats_idx j);

/* The weights of a group. */
static inline const double *pleats_ripple_weights(const pleats_ripple *ripple,
                                                  pleats_idx step,
                                                  const pleats_ripple_grid *g,
                                                  size_t group)
{
    return ripple->fine->step[step].weight +
           group * g->kernel * g->channels * g->rows;
}

#endif
