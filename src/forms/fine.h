/* Affine forms in two doubles each, for the first steps of a deep network.
 *
 * The bound of a form's error (forms/forms.h) grows by a factor of
 * sum |weight| from step to step, and so by 2^40 and more over some twenty
 * layers, while what is to be told apart does not.  Each form that one of the
 * first steps makes, the fine ones, is therefore held as entry + low, with
 *
 *     |(entry + low) . (t, 1) - true . (t, 1)| <= fine error * max(1, |t|)
 *
 * So `error`, which is that of the entries alone, stays about 2^-53 of them.
 * The steps after the fine ones go on from there in doubles.
 */
#ifndef PLEATS_FORMS_FINE_H
#define PLEATS_FORMS_FINE_H

#include "forms/fine_rows.h"
#include "forms/forms.h"

/* Rows of a step, in the order of rows of pleats_fine_rows. */
typedef struct {
    pleats_fine_rows rows;        /* of a convolution's first group */
    double *weight, *size, *bias; /* of all groups; NULL: made when needed */
} pleats_fine_step;

/* What the channels of a group hold at one place of a convolution's input. */
typedef struct {
    uint64_t newest; /* when the last of them was made, as `made` below */
    pleats_idx n;    /* terms of them; -1: not made yet */
} pleats_fine_place;

typedef struct pleats_fine {
    pleats_idx n_steps; /* that are fine */
    double *low;        /* [scalars of these x stride of the forms] */
    double *error;      /* [scalars] 0: entry + low is the true form; NaN, or
                           an infinite error of the form: not known */
    pleats_fine_step *step; /* [n_steps] */
    uint64_t clock;
    uint64_t *made; /* [scalars] clock when the form was made, 0: never */
    pleats_fine_place *place;   /* room: [places of a convolution's channel] */
    pleats_fine_term *at_place; /* room: [these x channels of a group] */
    pleats_idx *piece; /* [units of these] for which a unit's form was made */
    pleats_fine_sums sums;
    pleats_fine_term *term; /* room: [longest row] */
    double *before;         /* room: [k + 1] */
} pleats_fine;

/* Makes the first n_steps steps of the forms fine, from those of the inputs
 * over `coordinates` on.  Memory: the forms' once more, and the weights'. */
PLEATS_NODISCARD pleats_status
pleats_fine_init(pleats_ctx *ctx, pleats_forms *forms,
                 const pleats_coordinates *coordinates, pleats_idx n_steps);
void pleats_fine_clear(pleats_ctx *ctx, pleats_forms *forms);

/* Whether the forms that a step makes are held so. */
static inline bool pleats_fine_has(const pleats_forms *forms,
                                   const pleats_step *step)
{
    return forms->fine && step - forms->net->step < forms->fine->n_steps;
}

/* pleats_forms_run for such a step: makes those forms anew that rest on others
 * that were, or on other pieces.  Between neighbours in the tree of cells few
 * units change theirs, and far from these the rows of a convolution stay. */
PLEATS_NODISCARD pleats_status pleats_fine_run(pleats_ctx *ctx,
                                               pleats_forms *forms,
                                               const pleats_step *step,
                                               const pleats_idx *piece);

/* pleats_forms_run_unit for such a step. */
void pleats_fine_run_unit(pleats_forms *forms, const pleats_step *step,
                          pleats_idx unit, pleats_idx piece);

/* Of a step that was just run: makes a form just this number; until
 * pleats_fine_forget, after which the next run of the step makes it anew. */
void pleats_fine_set(pleats_forms *forms, pleats_idx scalar, double number);
static inline void pleats_fine_forget(pleats_forms *forms, pleats_idx scalar)
{
    forms->fine->made[scalar] = 0;
}

/* Makes a scalar's form a term, unless it is 0; how many there are then. */
static inline size_t pleats_fine_add_term(const pleats_forms *f,
                                          pleats_idx scalar, size_t column,
                                          size_t n, pleats_fine_term *term)
{
    const size_t at = (size_t)scalar * f->stride;
    const pleats_fine *x = f->fine;
    if (pleats_forms_is_zero(f, scalar))
        return n;
    term[n] = (pleats_fine_term){
        .column = column,
        .high = f->entry + at,
        .low = x->low + at,
        .error = x->error[scalar],
        .magnitude = f->magnitude[scalar],
        .low_size = pleats_round_up(f->error[scalar] + x->error[scalar])};
    return n + 1;
}

/* The weights that the first n_steps steps hold once more when they are fine.
 */
double pleats_fine_n_weights(const pleats_net *net, pleats_idx n_steps);

/* How many steps should be fine: so many that the errors of the others stay
 * small, as far as one point with all |t_j| < 1 tells.  Cost: that of all forms
 * once. */
PLEATS_NODISCARD pleats_status
pleats_fine_plan(pleats_ctx *ctx, const pleats_net *net,
                 const pleats_coordinates *coordinates, pleats_idx *n_steps);

#endif
