/* Forms in doubles against exact ones. */
#ifndef PLEATS_PROPERTY_FORM_CHECK_H
#define PLEATS_PROPERTY_FORM_CHECK_H

#include "forms/exact_forms.h"
#include "forms/forms.h"

/* Whether a form, whose bounds are finite, is as near to the true one as they
 * say: the sum of |stored - true| over the entries is at most its error; the
 * magnitude is at least that of |stored|; and the entry after the constant
 * bounds what error and rounding do to a value. */
bool form_holds(pleats_ctx *ctx, const pleats_forms *forms,
                pleats_exact_forms *exact, pleats_idx scalar);

#endif
