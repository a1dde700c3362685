/* Affine forms in doubles, with a proven bound on their error.
 *
 * On a cell every unit before a step has a piece, so each scalar is an affine
 * function of the domain's k coordinates t, form . (t, 1).  Here it is held in
 * doubles together with
 *
 *     error      |stored . (t, 1) - true . (t, 1)| <= error * max(1, |t|)
 *     magnitude  sum of |entries| of the stored form (at least)
 *
 * |t| being the max norm, so that in a domain with all |t_j| <= 1 the error is
 * just `error`.  The bound is the usual running error analysis: a sum of n
 * products is off by at most gamma(n) times the sum of absolute products, in
 * any order [Higham, Accuracy and Stability, ch. 3].  An error of 0 says that
 * the stored form is the true one; a magnitude of 0, that it stores nothing but
 * zeros.  Where an entry or a bound overflows, error and magnitude are both
 * infinite (never NaN, whatever the entries are), which no caller may take for
 * a decision.
 */
#ifndef PLEATS_FORMS_FORMS_H
#define PLEATS_FORMS_FORMS_H

#include "base/perturb.h"
#include "net/net.h"

#include <gmp.h>
#include <math.h>

/* How the inputs depend on the coordinates, exactly:
 * x_i = num_i . (t, 1) / den. */
typedef struct {
    pleats_idx n_inputs, k;
    mpz_t *num; /* [n_inputs x (k + 1)], row-major, constant last */
    mpz_t den;  /* > 0 */
} pleats_coordinates;

typedef struct {
    const pleats_net *net;
    pleats_idx k;
    size_t stride;     /* from form to form: k + 2 rounded up to 4 */
    double gamma;      /* for sums of k + 5 terms, and of the longest row's */
    double *entry;     /* [n_scalars x stride]: k coefficients, the constant,
                          error + gamma * magnitude, zeros */
    double *error;     /* [n_scalars] */
    double *magnitude; /* [n_scalars] */
    pleats_idx *active, *scratch; /* [longest row] */
    double *weight;               /* [longest row] */
    struct pleats_fine *fine;     /* NULL, or see forms/fine.h */
} pleats_forms;

/* Forms of the inputs; all others are unset until their step is run. */
PLEATS_NODISCARD pleats_status
pleats_forms_init(pleats_ctx *ctx, pleats_forms *forms, const pleats_net *net,
                  const pleats_coordinates *coordinates);
void pleats_forms_clear(pleats_ctx *ctx, pleats_forms *forms);

/* Writes the forms of the scalars that `step` makes, from those that it reads;
 * for a step of units, piece [n_units] says which piece each has.  PLEATS_LIMIT
 * when there is a reason to stop: some forms are then unset.  Cost: (terms of
 * the step) x (k + 1). */
PLEATS_NODISCARD pleats_status pleats_forms_run(pleats_ctx *ctx,
                                                pleats_forms *forms,
                                                const pleats_step *step,
                                                const pleats_idx *piece);

/* The same for row i of an affine step. */
void pleats_forms_run_row(pleats_forms *forms, const pleats_step *step,
                          pleats_idx i);

/* The same for one unit of a step. */
void pleats_forms_run_unit(pleats_forms *forms, const pleats_step *step,
                           pleats_idx unit, pleats_idx piece);

/* Forms of scalars one after the other that were summed up elsewhere: entry c
 * of scalar first + i is entry[i * row + c * column], c = 0 .. k + 1, where the
 * entry after the constant bounds the error of the others. */
typedef struct {
    pleats_idx first;
    const double *entry;
    size_t row, column;
    bool zero_is_exact; /* where that bound is 0, nothing was added at all */
} pleats_form_sums;

/* Sets the forms of n scalars, from the first one on, to sum_i / divisor_i;
 * divisor may be NULL. */
void pleats_forms_set(pleats_forms *forms, pleats_idx n,
                      const pleats_form_sums *sums, const double *divisor);

/* The same without divisors, four at a time, of a plane (k = 2) and sums that
 * lie entry by entry. */
void pleats_forms_set_plane(pleats_forms *forms, pleats_idx n,
                            const pleats_form_sums *sums);

/* The same for n listed scalars. */
void pleats_forms_set_some(pleats_forms *forms, pleats_idx n,
                           const pleats_idx *scalar,
                           const pleats_form_sums *sums);

static inline const double *pleats_forms_entry(const pleats_forms *forms,
                                               pleats_idx scalar)
{
    return forms->entry + (size_t)scalar * forms->stride;
}

/* Where a cell lies: at each of its vertices, which are (t, w) with max norm at
 * most 1, a form's value is form . centre, give or take |form| . half, which
 * has room for the rounding of both. */
typedef struct {
    const double *centre, *half; /* [k + 1] */
} pleats_form_box;

/* Whether the stored form is 0 and is the true one. */
static inline bool pleats_forms_is_zero(const pleats_forms *forms,
                                        pleats_idx scalar)
{
    return forms->magnitude[scalar] == 0 && forms->error[scalar] == 0;
}

/* Bounds of errors are products with weights of numbers from 2^-970 on: those
 * of weights from here on do not vanish. */
static inline bool pleats_forms_is_tiny(double weight)
{
    return weight != 0 && fabs(weight) < 0x1p-100;
}

/* An upper bound of the relative error of a sum of n products of doubles. */
double pleats_gamma(pleats_idx n);

/* A double that is certainly not below a quantity that was computed as x by
 * sums and products of non-negative numbers, underflows included: what came out
 * as 0 need not be 0.  Relative 2^-20 covers the rounding of up to 2^30
 * additions; 2^-960 covers as many underflows of products. */
static inline double pleats_round_up(double x)
{
    return x * (1 + 0x1p-20) + 0x1p-960;
}

/* Sets what is known about a form whose entries were set by hand. */
static inline void pleats_forms_set_bounds(pleats_forms *f, pleats_idx scalar,
                                           double error, double magnitude)
{
    double *entry = f->entry + (size_t)scalar * f->stride;
    const bool is_zero = error == 0 && magnitude == 0;
    if (!isfinite(magnitude) || isnan(error))
        error = magnitude = INFINITY;
    magnitude =
        pleats_perturb_form(PLEATS_PERTURB_FORM, scalar, (size_t)f->k + 1,
                            entry, 1, &error, magnitude);
    f->error[scalar] = error;
    f->magnitude[scalar] = magnitude;
    entry[f->k + 1] =
        is_zero ? 0 : pleats_round_up(error + f->gamma * magnitude);
}

#endif
