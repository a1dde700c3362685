/* The public face of balls. */
#include "api/ball.h"
#include "api/values.h"
#include "domain/domain_ball.h"
#include "exact/rational.h"

#include "pleats/domain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A radius and the path of rows among them. */
enum { TEXT_BYTES = 128, BALL_BYTES = 4608, MOST_LIFTED = 2048 };

const char *pleats_norm_text(pleats_norm norm)
{
    static const char *const words[] = {"inf", "1", "2"};
    return words[norm];
}

pleats_status pleats_domain_ball(pleats_ctx *ctx, int32_t n_inputs,
                                 pleats_values centre, const char *radius,
                                 pleats_domain **out)
{
    return pleats_domain_ball_in(ctx, n_inputs, centre, radius, PLEATS_NORM_INF,
                                 out);
}

pleats_status pleats_domain_ball_in(pleats_ctx *ctx, int32_t n_inputs,
                                    pleats_values centre, const char *radius,
                                    pleats_norm norm, pleats_domain **out)
{
    char where[TEXT_BYTES];
    snprintf(where, sizeof where, "in R^%d", n_inputs);
    return pleats_domain_ball_named(ctx, n_inputs, centre, radius, norm, where,
                                    out);
}

/* Numbers of polytopes around and within are rounded away from the ball. */
static pleats_status refuse_euclidean(pleats_ctx *ctx, int32_t n,
                                      const mpq_t radius)
{
    static const double SLACK = 1e-5; /* over six digits */
    const double r = pleats_rational_to_double(radius), root = sqrt(n);
    return pleats_fail(
        ctx, PLEATS_INVALID,
        "a ball in norm 2 is no polytope, so that linear programmes cannot "
        "decide what is in it; radius %.6g in norm inf holds it, as %.6g in "
        "norm 1 does, and it holds radius %.6g in norm inf and %.6g in norm 1",
        r * (1 + SLACK), r * root * (1 + SLACK), r / root * (1 - SLACK),
        r * (1 - SLACK));
}

static pleats_status check(pleats_ctx *ctx, int32_t n, pleats_norm norm,
                           const mpq_t radius, const char *shown)
{
    if (n < 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%d inputs: a domain needs at least 1", n);
    if ((int)norm < 0 || norm > PLEATS_NORM_2)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "there is no norm %d: 0 is inf, 1 and 2 are "
                           "themselves",
                           (int)norm);
    if (mpq_sgn(radius) < 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the radius %s of the ball is negative", shown);
    if (norm == PLEATS_NORM_2 && n > 1 && mpq_sgn(radius) > 0)
        return refuse_euclidean(ctx, n, radius);
    if (norm == PLEATS_NORM_1 && n > MOST_LIFTED)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a ball in norm 1 can have %d inputs at most, not "
                           "%d",
                           MOST_LIFTED, n);
    return PLEATS_OK;
}

pleats_status pleats_domain_ball_named(pleats_ctx *ctx, int32_t n_inputs,
                                       pleats_values centre, const char *radius,
                                       pleats_norm norm, const char *where,
                                       pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    const size_t n = n_inputs > 0 ? (size_t)n_inputs : 0;
    char text[BALL_BYTES], *shown = NULL;
    mpq_t *middle = NULL, r;
    mpq_init(r);
    *out = NULL;
    TRY(pleats_values_need(ctx, "centre", centre));
    TRY(pleats_rational_parse(ctx, radius, strlen(radius), r));
    TRY(pleats_rational_text(ctx, r, &shown));
    TRY(check(ctx, n_inputs, norm, r, shown));
    snprintf(text, sizeof text, "%sball %s %s",
             norm == PLEATS_NORM_1 ? "norm-1 " : "", shown, where);
    TRY(pleats_rational_array(ctx, n, &middle));
    for (size_t i = 0; i < n; i++)
        TRY(pleats_values_get(ctx, "centre", centre, i, middle[i]));
    TRY(pleats_domain_new(ctx, n_inputs, text, &domain));
    TRY((norm == PLEATS_NORM_1
             ? pleats_domain_add_cross
             : pleats_domain_add_cube)(ctx, domain, middle, r));
    *out = domain;
    domain = NULL;
done:
    pleats_domain_clear(ctx, domain);
    pleats_rational_array_free(ctx, n, middle);
    mpq_clear(r);
    pleats_release(ctx, shown);
    return status;
}
