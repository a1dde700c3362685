/* What the perturbation build does to numbers that come with a claimed error.
 *
 * Whatever a number in doubles is claimed to be off by at most, every answer
 * must come out the same wherever it lies within that claim.  In the build with
 * PLEATS_PERTURB, each such number is moved when it is stored, and its claim is
 * widened by what it was moved: so it holds exactly when it held before, and a
 * caller that leaves a claim out of account goes wrong by as much as it
 * deserves and not by a last bit.  Where a claim is 0 the number is exact and
 * stays; an infinite one says nothing, and stays too.
 *
 * PLEATS_PERTURB in the environment says how (default: random):
 *
 *     none     nothing is moved
 *     random   claims double; the number moves by a random part of that
 *     far      claims double; the number moves to the far end of that
 *     inflate  of some kinds of numbers, which the seed chooses, claims grow by
 *              a random power of two up to 2^30, as long as they stay small
 *              beside the number; of all others as in `random`.  Moves are
 *              random or to the far end
 *
 * PLEATS_PERTURB_SEED (default 1) is the seed.  A move depends on the seed, the
 * number and its key alone, so that a walk that is made again, in any thread,
 * meets the same numbers.
 *
 * In all other builds these are empty functions. */
#ifndef PLEATS_BASE_PERTURB_H
#define PLEATS_BASE_PERTURB_H

#include "base/base.h"

#ifndef PLEATS_PERTURB
#define PLEATS_PERTURB 0
#endif

/* Kinds of numbers. */
typedef enum {
    PLEATS_PERTURB_FORM,     /* forms/forms */
    PLEATS_PERTURB_SUM,      /* forms/column_sums */
    PLEATS_PERTURB_POINT,    /* generators of a cell */
    PLEATS_PERTURB_VALUE,    /* values of forms there, shares of an edge */
    PLEATS_PERTURB_ROW,      /* rows of walls, planes, half-spaces */
    PLEATS_PERTURB_INTERVAL, /* bounds of values on a box */
    PLEATS_PERTURB_SAMPLE,   /* values at drawn points */
    PLEATS_PERTURB_HINT,     /* numbers that claim nothing */
    PLEATS_PERTURB_FINE,     /* low parts, forms/fine */
    PLEATS_PERTURB_KINDS
} pleats_perturb_kind;

#if PLEATS_PERTURB

/* Moves the n entries, `stride` apart, of a form whose sum of |differences| to
 * the true one is claimed to be at most *error; a bound of their absolute sum,
 * which was one of at most `magnitude`. */
double pleats_perturb_form(pleats_perturb_kind kind, pleats_idx key, size_t n,
                           double *entry, size_t stride, double *error,
                           double magnitude);
/* The same for a point of max norm 1: every entry is off by at most *error. */
void pleats_perturb_point(pleats_idx key, size_t n, double *entry,
                          size_t stride, double *error);
/* The same for one number. */
void pleats_perturb_value(pleats_perturb_kind kind, pleats_idx key,
                          double *value, double *error);
/* Moves n entries, off by a factor of at most 1 +- unit each; the result is the
 * unit that holds then. */
double pleats_perturb_factors(pleats_idx key, size_t n, double *entry,
                              double unit);
/* Widens an interval of possible values. */
void pleats_perturb_interval(pleats_idx key, double *lo, double *hi);
/* How far values of at most this magnitude that are claimed to be off by at
 * most `error` may be moved, which is to be added to that claim; and moves n
 * such values. */
double pleats_perturb_room(pleats_idx key, double error, double magnitude);
void pleats_perturb_values(pleats_idx key, size_t n, double *value,
                           double room);
/* Changes numbers that nobody may believe: by little, or beyond recognition.
 * (Not where an answer rests on how good they are, as a bound does that
 * multipliers prove.) */
void pleats_perturb_hints(size_t n, double *hint);
/* A whole number from 0 to most, from a double. */
unsigned pleats_perturb_number(double from, unsigned most);

#else

static inline double pleats_perturb_form(pleats_perturb_kind kind,
                                         pleats_idx key, size_t n,
                                         double *entry, size_t stride,
                                         double *error, double magnitude)
{
    (void)kind, (void)key, (void)n, (void)entry, (void)stride, (void)error;
    return magnitude;
}

static inline void pleats_perturb_point(pleats_idx key, size_t n, double *entry,
                                        size_t stride, double *error)
{
    (void)key, (void)n, (void)entry, (void)stride, (void)error;
}

static inline void pleats_perturb_value(pleats_perturb_kind kind,
                                        pleats_idx key, double *value,
                                        double *error)
{
    (void)kind, (void)key, (void)value, (void)error;
}

static inline double pleats_perturb_factors(pleats_idx key, size_t n,
                                            double *entry, double unit)
{
    (void)key, (void)n, (void)entry;
    return unit;
}

static inline void pleats_perturb_interval(pleats_idx key, double *lo,
                                           double *hi)
{
    (void)key, (void)lo, (void)hi;
}

static inline double pleats_perturb_room(pleats_idx key, double error,
                                         double magnitude)
{
    (void)key, (void)error, (void)magnitude;
    return 0;
}

static inline void pleats_perturb_values(pleats_idx key, size_t n,
                                         double *value, double room)
{
    (void)key, (void)n, (void)value, (void)room;
}

static inline void pleats_perturb_hints(size_t n, double *hint)
{
    (void)n, (void)hint;
}

static inline unsigned pleats_perturb_number(double from, unsigned most)
{
    (void)from, (void)most;
    return 0;
}

#endif
#endif
