/* The places of a convolution's input, for its fine forms: several windows read
 * what is at one place, which is looked at once for a group of channels. */
#ifndef PLEATS_FORMS_FINE_PLACES_H
#define PLEATS_FORMS_FINE_PLACES_H

#include "forms/fine.h"

/* Room for the largest convolution among the steps [x->n_steps]; freed with the
 * rest of x. */
PLEATS_NODISCARD pleats_status pleats_fine_places_init(pleats_ctx *ctx,
                                                       pleats_fine *x,
                                                       const pleats_step *step);

/* Looks at all places of a group's channels; before the other two. */
void pleats_fine_places_look(pleats_fine *x, const pleats_step *s,
                             pleats_idx group);

/* Whether the rows of a convolution, of which the scalar is one, at a position
 * rest on a form that was made after theirs. */
bool pleats_fine_window_is_stale(const pleats_fine *x, const pleats_step *s,
                                 pleats_idx scalar, pleats_idx position);

/* Fills x->term with the terms at a position, of all channels of a group: those
 * of the places in its window; how many. */
size_t pleats_fine_places_take(pleats_forms *f, const pleats_step *s,
                               pleats_idx group, pleats_idx position);

#endif
