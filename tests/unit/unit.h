/* cmocka and the headers that it wants before it. */
#ifndef PLEATS_TEST_UNIT_H
#define PLEATS_TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"
#include "need.h"

/* Runs the tests with a context as their state; fails too when memory is left
 * in it. */
static inline int run_with_context(const struct CMUnitTest *tests, size_t n,
                                   pleats_ctx *ctx)
{
    int failures = _cmocka_run_group_tests("", tests, n, NULL, NULL);
    if (pleats_ctx_live_bytes(ctx) != 0 && pleats_ctx_n_remarks(ctx) == 0) {
        print_error("%zu bytes were not freed\n", pleats_ctx_live_bytes(ctx));
        failures++;
    }
    pleats_ctx_free(ctx);
    return failures;
}

#define RUN(tests, ctx)                                                        \
    run_with_context((tests), sizeof(tests) / sizeof((tests)[0]), (ctx))

#endif
