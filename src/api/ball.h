/* Balls, whatever their centre is called. */
#ifndef PLEATS_API_BALL_H
#define PLEATS_API_BALL_H

#include "base/base.h"

#include "pleats/domain.h"

/* As pleats_domain_ball; `where` ends its description: "ball 1/3 in R^2". */
PLEATS_NODISCARD pleats_status pleats_domain_ball_named(
    pleats_ctx *ctx, int32_t n_inputs, pleats_values centre, const char *radius,
    pleats_norm norm, const char *where, pleats_give pleats_domain **out);

#endif
