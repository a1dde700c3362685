/* A sum of scalars as a function of one of them, through the network's
 * steps. */
#ifndef PLEATS_ONNX_SCALAR_FORM_H
#define PLEATS_ONNX_SCALAR_FORM_H

#include "onnx/piecewise.h"

enum { PLEATS_FORM_TERMS = 32 };

/* constant + sum of weight[i] * scalar term[i], which differ. */
typedef struct {
    int n;
    pleats_idx term[PLEATS_FORM_TERMS];
    bool fixed[PLEATS_FORM_TERMS]; /* stays what it is */
    pleats_number weight[PLEATS_FORM_TERMS], constant;
} pleats_scalar_form;

/* form += weight * scalar; scalar -1 is 0.  false: no room. */
bool pleats_scalar_form_add(const pleats_call *c, pleats_scalar_form *form,
                            pleats_idx scalar, pleats_number weight);

/* The function of the scalar `base` that `form` is.  `*found` is false where
 * none is seen: steps are followed back where they are sums of few scalars or
 * units of one, and what is not a function of `base` after that must be a
 * multiple of what `base` is made of. */
PLEATS_NODISCARD pleats_status
pleats_scalar_form_along(const pleats_call *c, const pleats_scalar_form *form,
                         pleats_idx base, pleats_piecewise *out, bool *found);

#endif
