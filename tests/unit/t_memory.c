/* Memory: metered, limited, refused. */
#include "meter.h"
#include "unit.h"

/* Memory is metered: the context's view and the allocator's agree. */
static void live_and_peak_bytes(void **state)
{
    meter m = {0};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    double *first = NULL, *second = NULL;
    (void)state;
    assert_int_equal(pleats_ctx_new(&a, &ctx), PLEATS_OK);
    size_t bare = m.live;
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    assert_int_equal(pleats_alloc(ctx, 100, sizeof *first, &first), PLEATS_OK);
    size_t one = pleats_ctx_live_bytes(ctx);
    assert_true(one >= 800 && one <= 864);
    assert_int_equal(pleats_alloc(ctx, 50, sizeof *second, &second), PLEATS_OK);
    size_t both = pleats_ctx_live_bytes(ctx);
    assert_int_equal(m.live, bare + both);
    pleats_release(ctx, first);
    assert_int_equal(pleats_ctx_live_bytes(ctx), both - one);
    assert_int_equal(pleats_ctx_peak_bytes(ctx), both);
    pleats_release(ctx, second);
    pleats_release(ctx, NULL);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
    assert_int_equal(m.live, 0);
    assert_int_equal(m.blocks, 0);
    assert_false(m.is_unsound);
}

static void allocations_are_zeroed(void **state)
{
    unsigned char *p = NULL;
    assert_int_equal(pleats_alloc(*state, 1000, 1, &p), PLEATS_OK);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(p[i], 0);
    memset(p, 255, 1000);
    pleats_release(*state, p);
    assert_int_equal(pleats_alloc(*state, 1000, 1, &p), PLEATS_OK);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(p[i], 0);
    pleats_release(*state, p);
    p = (unsigned char *)state;
    assert_int_equal(pleats_alloc(*state, 0, 8, &p), PLEATS_OK);
    assert_null(p);
}

/* Large ones begin at a line of the cache, wherever their blocks lie, and keep
 * within these. */
static void large_allocations_are_lined_up(void **state)
{
    enum { N = 40 };
    meter m = {0};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    unsigned char *p[N];
    (void)state;
    assert_int_equal(pleats_ctx_new(&a, &ctx), PLEATS_OK);
    for (size_t i = 0; i < N; i++) {
        const size_t bytes = 1024 + 8 * i;
        assert_int_equal(pleats_alloc(ctx, bytes, 1, &p[i]), PLEATS_OK);
        assert_int_equal((uintptr_t)p[i] % 64, 0);
        assert_int_equal(p[i][0] + p[i][bytes - 1], 0);
        memset(p[i], 255, bytes);
    }
    for (size_t i = 0; i < N; i++)
        pleats_release(ctx, p[i]);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
    assert_int_equal(m.live, 0);
    assert_int_equal(m.blocks, 0);
    assert_false(m.is_unsound);
}

static void growing_keeps_contents(void **state)
{
    int32_t *array = NULL;
    size_t capacity = 0;
    assert_int_equal(pleats_grow(*state, &array, &capacity, 0, sizeof *array),
                     PLEATS_OK);
    for (int32_t i = 0; i < 1000; i++) {
        assert_int_equal(pleats_grow(*state, &array, &capacity, (size_t)i + 1,
                                     sizeof *array),
                         PLEATS_OK);
        assert_true(capacity > (size_t)i);
        assert_int_equal(array[i], 0);
        array[i] = i;
    }
    for (int32_t i = 0; i < 1000; i++)
        assert_int_equal(array[i], i);
    pleats_release(*state, array);
}

static void the_memory_limit_holds(void **state)
{
    pleats_ctx *ctx = need_ctx();
    char *a = NULL, *b = NULL;
    size_t capacity = 0;
    (void)state;
    pleats_ctx_set_memory_limit(ctx, 1000);
    assert_int_equal(pleats_alloc(ctx, 600, 1, &a), PLEATS_OK);
    assert_int_equal(pleats_alloc(ctx, 600, 1, &b), PLEATS_LIMIT);
    assert_null(b);
    assert_non_null(strstr(pleats_ctx_message(ctx), "limit"));
    assert_int_equal(pleats_grow(ctx, &b, &capacity, 600, 1), PLEATS_LIMIT);
    assert_null(b);
    assert_int_equal(capacity, 0);
    pleats_release(ctx, a);
    assert_int_equal(pleats_alloc(ctx, 600, 1, &b), PLEATS_OK);
    pleats_release(ctx, b);
    pleats_ctx_free(ctx);
}

static void impossible_sizes_are_refused(void **state)
{
    void *p = NULL;
    size_t capacity = 0;
    assert_int_equal(pleats_alloc(*state, SIZE_MAX, 2, &p), PLEATS_LIMIT);
    assert_int_equal(pleats_alloc(*state, SIZE_MAX, 1, &p), PLEATS_LIMIT);
    assert_int_equal(pleats_alloc(*state, SIZE_MAX / 8, 16, &p), PLEATS_LIMIT);
    assert_int_equal(pleats_alloc(*state, (size_t)1 << 62, 1, &p),
                     PLEATS_LIMIT);
    assert_null(p);
    assert_int_equal(pleats_grow(*state, &p, &capacity, SIZE_MAX, 8),
                     PLEATS_LIMIT);
    assert_int_equal(pleats_grow(*state, &p, &capacity, SIZE_MAX / 2 + 2, 1),
                     PLEATS_LIMIT);
    assert_null(p);
    assert_int_equal(capacity, 0);
}

static void a_failing_allocator_is_reported(void **state)
{
    meter m = {.fail_at = 1};
    pleats_allocator a = meter_allocator(&m);
    pleats_ctx *ctx = NULL;
    char *p = NULL;
    (void)state;
    assert_int_equal(pleats_ctx_new(&a, &ctx), PLEATS_NOMEM);
    assert_null(ctx);
    m.fail_at = 3;
    assert_int_equal(pleats_ctx_new(&a, &ctx), PLEATS_OK);
    assert_int_equal(pleats_alloc(ctx, 1, 1, &p), PLEATS_NOMEM);
    assert_null(p);
    assert_non_null(strstr(pleats_ctx_message(ctx), "memory"));
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    pleats_ctx_free(ctx);
    pleats_ctx_free(NULL);
    assert_int_equal(m.blocks, 0);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_and_peak_bytes),
        cmocka_unit_test_prestate(allocations_are_zeroed, ctx),
        cmocka_unit_test(large_allocations_are_lined_up),
        cmocka_unit_test_prestate(growing_keeps_contents, ctx),
        cmocka_unit_test(the_memory_limit_holds),
        cmocka_unit_test_prestate(impossible_sizes_are_refused, ctx),
        cmocka_unit_test(a_failing_allocator_is_reported),
    };
    return RUN(tests, ctx);
}
