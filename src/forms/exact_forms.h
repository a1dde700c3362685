/* The exact forms of a network's scalars, for the current pieces.
 *
 * They are worked out on demand, only for the scalars that are asked for and
 * what these depend on, and kept until the pieces that they rest on change.
 */
#ifndef PLEATS_FORMS_EXACT_FORMS_H
#define PLEATS_FORMS_EXACT_FORMS_H

#include "forms/exact_form.h"
#include "forms/forms.h"

/* scalar = num . (t, 1) / den, den > 0 */
typedef struct {
    mpz_t *num; /* [k + 1] */
    mpz_t den;
} pleats_quotient;

typedef struct {
    const pleats_net *net;
    const pleats_coordinates *coordinates;
    const pleats_idx *piece; /* [n_units], lent: the current pieces */
    pleats_exact_form *form; /* [n_scalars]; those of units that hand on
                                another scalar are not used */
    uint64_t *made;          /* [n_scalars] clock when the form was made */
    pleats_idx *step;        /* [n_scalars] that makes the scalar, -1: none */
    uint64_t *changed;       /* [n_steps] clock when the step's forms ceased to
                                hold */
    uint64_t clock;
    pleats_idx stale; /* forms of this step and later ones ceased to hold since
                         the last one was asked for; n_steps: none */

    pleats_exact_sum sum;
    pleats_exact_form difference;
    pleats_quotient quotient;
    pleats_idx *scratch; /* [most terms of a row + 2] */
    pleats_idx *wanted;  /* [n_wanted] scalars still to be made */
    size_t n_wanted, wanted_capacity;

    /* What the rows of one dense step read, without zeros. */
    pleats_idx dense; /* the step, -1: none */
    uint64_t dense_clock;
    pleats_idx n_read, *read, *column; /* [most terms of a row + 2] */
} pleats_exact_forms;

PLEATS_NODISCARD pleats_status pleats_exact_forms_init(
    pleats_ctx *ctx, pleats_exact_forms *forms, const pleats_net *net,
    const pleats_coordinates *coordinates, const pleats_idx *piece);
void pleats_exact_forms_clear(pleats_ctx *ctx, pleats_exact_forms *forms);

/* To be called when a piece of step `from` (or of a later one) changes on which
 * forms may rest that were made. */
static inline void pleats_exact_forms_changed(pleats_exact_forms *forms,
                                              pleats_idx from)
{
    forms->stale = from < forms->stale ? from : forms->stale;
}

/* `*out` gets the form of a scalar for the current pieces of all units that it
 * depends on; it is lent until the next call. */
PLEATS_NODISCARD pleats_status
pleats_exact_forms_need(pleats_ctx *ctx, pleats_exact_forms *forms,
                        pleats_idx scalar, const pleats_quotient **out);

/* row [k + 1] = a positive multiple of  scalar a - scalar b - at  (b = -1: no
 * b). */
PLEATS_NODISCARD pleats_status
pleats_exact_forms_multiple(pleats_ctx *ctx, pleats_exact_forms *forms,
                            pleats_idx a, pleats_idx b, double at, mpz_t *row);

/* The same, divided by its content: equal half-spaces have equal rows. */
PLEATS_NODISCARD pleats_status pleats_exact_forms_difference(
    pleats_ctx *ctx, pleats_exact_forms *forms, pleats_idx a, pleats_idx b,
    double at, mpz_t *row);

#endif
