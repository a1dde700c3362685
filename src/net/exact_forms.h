/* Affine forms over the integers: scalar = num . (t, 1) / den, exactly.
 *
 * They are worked out on demand, only for the scalars that are asked for and
 * what these depend on, and kept until the pieces that they rest on change.
 */
#ifndef PLEATS_NET_EXACT_FORMS_H
#define PLEATS_NET_EXACT_FORMS_H

#include "net/forms.h"

typedef struct {
    mpz_t *num; /* [k + 1], NULL until first needed */
    mpz_t den;  /* > 0; initialised with num */
} pleats_exact_form;

typedef struct {
    const pleats_net *net;
    const pleats_coordinates *coordinates;
    const pleats_idx *piece; /* [n_units], lent: the current pieces */
    pleats_exact_form *form; /* [n_scalars] */
    uint64_t *made;          /* [n_scalars] clock when the form was made */
    uint64_t *changed;       /* [n_steps] clock when the step's forms ceased to
                                hold */
    uint64_t clock;
    bool *wanted; /* [n_scalars], all false between calls */
    pleats_idx *scratch;
    mpz_t *factor; /* [most terms of a row + 2] */
    size_t n_factors;
} pleats_exact_forms;

PLEATS_NODISCARD pleats_status pleats_exact_forms_init(
    pleats_ctx *ctx, pleats_exact_forms *forms, const pleats_net *net,
    const pleats_coordinates *coordinates, const pleats_idx *piece);
void pleats_exact_forms_clear(pleats_ctx *ctx, pleats_exact_forms *forms);

/* To be called when a piece of step `from` (or of a later one) changes. */
void pleats_exact_forms_changed(pleats_exact_forms *forms, pleats_idx from);

/* Makes form[scalar] valid for the current pieces of all units that it depends
 * on. */
PLEATS_NODISCARD pleats_status pleats_exact_forms_need(
    pleats_ctx *ctx, pleats_exact_forms *forms, pleats_idx scalar);

/* row [k + 1] = a positive multiple of  scalar a - scalar b - at  (b = -1: no
 * b), divided by its content. */
PLEATS_NODISCARD pleats_status pleats_exact_forms_difference(
    pleats_ctx *ctx, pleats_exact_forms *forms, pleats_idx a, pleats_idx b,
    double at, mpz_t *row);

#endif
