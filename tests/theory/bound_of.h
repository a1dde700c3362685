/* Bounds of an architecture by name, for tests. */
#ifndef PLEATS_TEST_BOUND_OF_H
#define PLEATS_TEST_BOUND_OF_H

#include "unit.h"

#include "need.h"
#include "pleats/pleats.h"

#include <gmp.h>

/* The entry called `name`; there must be one. */
static inline const pleats_bound *bound_of(const pleats_bounds_result *r,
                                           const char *name)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->bound[i].name, name) == 0)
            return &r->bound[i];
    fail_msg("no bound is called %s", name);
    return NULL;
}

static inline bool bound_applies(const pleats_bounds_result *r,
                                 const char *name)
{
    return bound_of(r, name)->applies;
}

/* Negative, 0, positive as decimal a is below, at, above decimal b. */
static inline int compare_decimals(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    return n != m ? (n < m ? -1 : 1) : strcmp(a, b);
}

/* The bounds of a spec; clear them. */
static inline pleats_bounds_result bounds_of_text(pleats_ctx *ctx,
                                                  const char *text)
{
    pleats_spec *spec = NULL;
    pleats_bounds_result result = {0};
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_bounds_of(ctx, spec, NULL, NULL, &result));
    pleats_spec_free(ctx, spec);
    return result;
}

#endif
