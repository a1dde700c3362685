/* Every allocation of a scenario fails once, the k-th for k = 1, 2, ... until
 * all is well: alone, and together with all later ones.  Each time the answer
 * is "out of memory", nothing crashes and nothing leaks. */
#ifndef PLEATS_TEST_FAIL_EVERYWHERE_H
#define PLEATS_TEST_FAIL_EVERYWHERE_H

#include "meter.h"
#include "unit.h"

typedef struct {
    const char *data, *model;
} places;

typedef pleats_status (*scenario)(pleats_ctx *ctx, const places *at);

/* One run; the status of the scenario. */
static inline pleats_status run_once(meter *m, scenario run, const places *at)
{
    pleats_allocator a = meter_allocator(m);
    pleats_ctx *ctx = NULL;
    pleats_status status = pleats_ctx_new(&a, &ctx);
    if (status == PLEATS_OK) {
        status = run(ctx, at);
        if (status != PLEATS_OK)
            assert_true(strlen(pleats_ctx_message(ctx)) > 0);
        if (pleats_ctx_n_remarks(ctx) == 0)
            assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    }
    pleats_ctx_free(ctx);
    assert_false(m->is_unsound);
    assert_int_equal(m->blocks, 0);
    assert_int_equal(m->live, 0);
    return status;
}

/* All k up to some hundreds, then ever fewer of them. */
static inline void fail_everywhere(scenario run, const places *at)
{
    meter whole = {0};
    assert_int_equal(run_once(&whole, run, at), PLEATS_OK);
    print_message("%zu allocations\n", (size_t)whole.calls);
    for (size_t k = 1; k <= whole.calls; k += 1 + k / 128)
        for (int after = 0; after < 2; after++) {
            meter m = {.fail_at = k, .fail_after = after};
            pleats_status status = run_once(&m, run, at);
            if (status != PLEATS_NOMEM)
                fail_msg("allocation %zu of %zu: status %d", k,
                         (size_t)whole.calls, (int)status);
        }
}

#define TEST_OF(run)                                                           \
    static void test_##run(void **state)                                       \
    {                                                                          \
        fail_everywhere(run, *state);                                          \
    }

#endif
