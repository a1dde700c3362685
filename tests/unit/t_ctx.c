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

static void messages(void **state)
{
    pleats_ctx *ctx = need_ctx();
    char *text = NULL;
    char long_text[40000];
    (void)state;
    assert_string_equal(pleats_ctx_message(ctx), "");
    assert_int_equal(pleats_fail(ctx, PLEATS_UNDECIDED, "%s %d", "unit", 7),
                     PLEATS_UNDECIDED);
    assert_string_equal(pleats_ctx_message(ctx), "unit 7");
    assert_int_equal(pleats_strdup(ctx, "abc", &text), PLEATS_OK);
    assert_string_equal(text, "abc");
    pleats_release(ctx, text);
    assert_int_equal(pleats_strndup(ctx, "abcdef", 2, &text), PLEATS_OK);
    assert_string_equal(text, "ab");
    pleats_release(ctx, text);
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = 0;
    assert_int_equal(pleats_fail(ctx, PLEATS_INVALID, "%s", long_text),
                     PLEATS_INVALID);
    assert_true(strlen(pleats_ctx_message(ctx)) > 1000);
    pleats_ctx_free(ctx);
}

static void remarks_are_kept_once(void **state)
{
    pleats_ctx *ctx = need_ctx();
    (void)state;
    assert_int_equal(pleats_ctx_n_remarks(ctx), 0);
    assert_string_equal(pleats_ctx_remark(ctx, 0), "");
    assert_int_equal(pleats_remark(ctx, "one %d", 1), PLEATS_OK);
    assert_int_equal(pleats_remark(ctx, "two"), PLEATS_OK);
    assert_int_equal(pleats_remark(ctx, "one 1"), PLEATS_OK);
    assert_int_equal(pleats_ctx_n_remarks(ctx), 2);
    assert_string_equal(pleats_ctx_remark(ctx, 0), "one 1");
    assert_string_equal(pleats_ctx_remark(ctx, 1), "two");
    for (int i = 0; i < 1000; i++)
        assert_int_equal(pleats_remark(ctx, "remark %d", i), PLEATS_OK);
    assert_true(pleats_ctx_n_remarks(ctx) <= 1002);
    pleats_ctx_free(ctx);
}

static void the_cancel_flag_stays_up(void **state)
{
    pleats_ctx *ctx = need_ctx();
    (void)state;
    assert_false(pleats_is_cancelled(ctx));
    pleats_ctx_cancel(ctx);
    assert_true(pleats_is_cancelled(ctx));
    assert_true(pleats_is_cancelled(ctx));
    pleats_ctx_free(ctx);
    double before = pleats_now();
    assert_true(pleats_now() >= before);
}

/* A fork says and remarks for itself, and shares all else. */
static void forks(void **state)
{
    pleats_ctx *ctx = need_ctx(), *fork = NULL;
    void *block = NULL;
    (void)state;
    pleats_fail_at(ctx, "file", 1, "of the owner");
    assert_int_equal(pleats_remark(ctx, "one"), PLEATS_OK);
    assert_int_equal(pleats_ctx_fork(ctx, &fork), PLEATS_OK);
    size_t live = pleats_ctx_live_bytes(ctx);
    assert_true(live > 0);
    pleats_fail_at(fork, "file", 2, "of the fork");
    assert_string_equal(pleats_ctx_message(ctx), "of the owner");
    assert_int_equal(pleats_ctx_n_remarks(fork), 0);
    assert_int_equal(pleats_remark(fork, "one"), PLEATS_OK);
    assert_int_equal(pleats_remark(fork, "two"), PLEATS_OK);
    assert_int_equal(pleats_alloc(fork, 100, 1, &block), PLEATS_OK);
    assert_true(pleats_ctx_live_bytes(ctx) >= live + 100);
    pleats_release(ctx, block);
    pleats_ctx_set_memory_limit(ctx, pleats_ctx_live_bytes(ctx) + 50);
    assert_int_equal(pleats_alloc(fork, 100, 1, &block), PLEATS_LIMIT);
    assert_string_equal(pleats_ctx_message(ctx), "of the owner");
    pleats_set_deadline(ctx, 1e-9);
    assert_string_equal(pleats_stop_reason(fork), "time limit");
    pleats_ctx_cancel(ctx);
    assert_string_equal(pleats_stop_reason(fork), "interrupt");
    pleats_fail_at(fork, "file", 3, "last words");
    pleats_ctx_take_message(ctx, fork);
    pleats_ctx_join(ctx, fork);
    pleats_ctx_join(ctx, NULL);
    assert_string_equal(pleats_ctx_message(ctx), "last words");
    assert_int_equal(pleats_ctx_n_remarks(ctx), 2);
    assert_string_equal(pleats_ctx_remark(ctx, 1), "two");
    pleats_ctx_free(ctx);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_and_peak_bytes),
        cmocka_unit_test_prestate(allocations_are_zeroed, ctx),
        cmocka_unit_test_prestate(growing_keeps_contents, ctx),
        cmocka_unit_test(the_memory_limit_holds),
        cmocka_unit_test_prestate(impossible_sizes_are_refused, ctx),
        cmocka_unit_test(a_failing_allocator_is_reported),
        cmocka_unit_test(messages),
        cmocka_unit_test(remarks_are_kept_once),
        cmocka_unit_test(the_cancel_flag_stays_up),
        cmocka_unit_test(forks),
    };
    return RUN(tests, ctx);
}
