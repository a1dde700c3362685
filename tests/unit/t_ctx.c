/* What a context says, and the ends and limits of calls. */
#include "unit.h"

#include <math.h>

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
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_CANCEL);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_CANCEL);
    pleats_ctx_free(ctx);
    double before = pleats_now();
    assert_true(pleats_now() >= before);
}

static void begin(pleats_ctx *ctx, pleats_limits limits, pleats_watch *watch)
{
    assert_int_equal(pleats_watch_begin(ctx, &limits, watch), PLEATS_OK);
}

/* Whether so many bytes can be had now. */
static bool has_room(pleats_ctx *ctx, size_t bytes)
{
    char *block = NULL;
    pleats_status status = pleats_alloc(ctx, bytes, 1, &block);
    assert_true(status == PLEATS_OK || status == PLEATS_LIMIT);
    pleats_release(ctx, block);
    return status == PLEATS_OK;
}

/* Of calls within calls the nearest end holds, whichever it is of, and what
 * held before holds again. */
static void the_nearest_deadline_holds(void **state)
{
    static const double seconds[][2] = {{1e6, 1e-9}, {0, 1e-9}, {1e-9, 1e6},
                                        {1e-9, 0},   {1e6, 0},  {0, 0}};
    pleats_ctx *ctx = need_ctx();
    (void)state;
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        const double outer = seconds[i][0], inner = seconds[i][1];
        const pleats_stop of_outer =
            outer == 1e-9 ? PLEATS_STOP_TIME : PLEATS_STOP_NONE;
        pleats_watch a, b;
        begin(ctx, (pleats_limits){.seconds = outer}, &a);
        assert_int_equal(pleats_stop_reason(ctx), of_outer);
        begin(ctx, (pleats_limits){.seconds = inner}, &b);
        assert_int_equal(pleats_stop_reason(ctx),
                         inner == 1e-9 ? PLEATS_STOP_TIME : of_outer);
        pleats_watch_end(ctx, &b);
        assert_int_equal(pleats_stop_reason(ctx), of_outer);
        pleats_watch_end(ctx, &a);
        assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    }
    pleats_ctx_free(ctx);
}

/* The context's time is over for calls with time left. */
static void the_limit_of_the_context_holds_beside(void **state)
{
    pleats_ctx *ctx = need_ctx();
    pleats_watch watch;
    (void)state;
    begin(ctx, (pleats_limits){.seconds = 1e6}, &watch);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_OK);
    pleats_ctx_set_time_limit(ctx, 1e-9);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_TIME);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_LIMIT);
    assert_non_null(strstr(pleats_ctx_message(ctx), "time limit"));
    pleats_watch_end(ctx, &watch);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_TIME);
    pleats_ctx_set_time_limit(ctx, 0);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    pleats_ctx_free(ctx);
}

static void the_least_memory_holds(void **state)
{
    static const size_t bytes[][2] = {
        {4000, 1000}, {1000, 4000}, {1000, 0}, {0, 1000}, {9000, 4000}};
    (void)state;
    for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++) {
        const size_t outer = bytes[i][0], inner = bytes[i][1];
        pleats_ctx *ctx = need_ctx();
        pleats_watch a, b;
        pleats_ctx_set_memory_limit(ctx, 6000);
        begin(ctx, (pleats_limits){.bytes = outer}, &a);
        assert_true(has_room(ctx, 2000) == (outer != 1000));
        assert_true(has_room(ctx, 5000) == (outer == 0 || outer == 9000));
        assert_false(has_room(ctx, 7000));
        begin(ctx, (pleats_limits){.bytes = inner}, &b);
        assert_true(has_room(ctx, 500));
        assert_true(has_room(ctx, 2000) == (outer != 1000 && inner != 1000));
        assert_false(has_room(ctx, 5000));
        assert_int_equal(pleats_ctx_limit(ctx), PLEATS_STOP_MEMORY);
        pleats_watch_end(ctx, &b);
        assert_true(has_room(ctx, 2000) == (outer != 1000));
        pleats_watch_end(ctx, &a);
        assert_true(has_room(ctx, 5000));
        assert_false(has_room(ctx, 7000));
        pleats_ctx_free(ctx);
    }
}

/* Each call heeds its own request and those of the calls around it. */
static void cancelled_by_a_number(void **state)
{
    static int request[2];
    pleats_ctx *ctx = need_ctx();
    (void)state;
    for (int which = 0; which < 2; which++) {
        pleats_watch a, b;
        begin(ctx, (pleats_limits){.cancel = &request[0]}, &a);
        begin(ctx, (pleats_limits){.cancel = &request[1]}, &b);
        assert_int_equal(pleats_check_stop(ctx), PLEATS_OK);
        request[which] = 1;
        assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_CANCEL);
        assert_int_equal(pleats_check_stop(ctx), PLEATS_LIMIT);
        assert_non_null(strstr(pleats_ctx_message(ctx), "interrupt"));
        pleats_watch_end(ctx, &b);
        assert_int_equal(pleats_stop_reason(ctx),
                         which == 0 ? PLEATS_STOP_CANCEL : PLEATS_STOP_NONE);
        pleats_watch_end(ctx, &a);
        assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
        request[which] = 0;
    }
    pleats_ctx_free(ctx);
}

/* A call within one that puts together what it has does not start its work
 * anew. */
static void endings_are_kept(void **state)
{
    pleats_ctx *ctx = need_ctx();
    pleats_watch a, b;
    (void)state;
    begin(ctx, (pleats_limits){.seconds = 1e-9}, &a);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_TIME);
    pleats_set_ending(ctx, true);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    begin(ctx, (pleats_limits){0}, &b);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    pleats_watch_end(ctx, &b);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
    pleats_watch_end(ctx, &a);
    begin(ctx, (pleats_limits){.seconds = 1e-9}, &a);
    assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_TIME);
    pleats_watch_end(ctx, &a);
    pleats_ctx_free(ctx);
}

static void resumed(void **state)
{
    pleats_ctx *ctx = need_ctx();
    (void)state;
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_LIMIT);
    pleats_ctx_resume(ctx);
    assert_int_equal(pleats_ctx_limit(ctx), PLEATS_STOP_NONE);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_OK);
    pleats_ctx_set_time_limit(ctx, 1e-9);
    assert_int_equal(pleats_ctx_limit(ctx), PLEATS_STOP_TIME);
    pleats_ctx_resume(ctx);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_OK);
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_check_stop(ctx), PLEATS_LIMIT);
    pleats_ctx_free(ctx);
}

/* No limits, limits of zeros and those that were set up; with {0} also of the
 * time before members were added. */
static void no_limits(void **state)
{
    pleats_limits set_up, zero = {0};
    memset(&set_up, 0xff, sizeof set_up);
    pleats_init_limits(&set_up);
    assert_int_equal(set_up.size, sizeof set_up);
    const pleats_limits *const none[] = {NULL, &zero, &set_up};
    pleats_ctx *ctx = need_ctx();
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        pleats_watch watch;
        assert_int_equal(pleats_watch_begin(ctx, none[i], &watch), PLEATS_OK);
        assert_int_equal(pleats_stop_reason(ctx), PLEATS_STOP_NONE);
        assert_true(has_room(ctx, 1 << 20));
        watch.limits.size = 0;
        assert_memory_equal(&watch.limits, &zero, sizeof zero);
        assert_int_equal(pleats_watch_threads(&watch.limits),
                         pleats_n_processors());
        pleats_watch_end(ctx, &watch);
    }
    pleats_ctx_free(ctx);
}

/* What is no limit is refused, and leaves all as it was. */
static void wrong_limits(void **state)
{
    static const pleats_limits wrong[] = {{.seconds = -1, .bytes = 1},
                                          {.seconds = NAN, .bytes = 1},
                                          {.threads = -1, .bytes = 1},
                                          {.threads = 4097, .bytes = 1}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pleats_watch watch;
        assert_int_equal(pleats_watch_begin(ctx, &wrong[i], &watch),
                         PLEATS_INVALID);
        assert_non_null(
            strstr(pleats_ctx_message(ctx), i < 2 ? "time limit" : "threads"));
        assert_true(has_room(ctx, 1000));
        pleats_watch_end(ctx, &watch);
        assert_true(has_room(ctx, 1000));
    }
}

typedef struct {
    size_t size;
    int32_t first, second;
} options_now;

/* Options of a newer caller are taken when they say nothing new; those of an
 * older one end where its own did. */
static void options_of_other_sizes(void **state)
{
    struct {
        options_now known;
        unsigned char rest[16];
    } newer = {.known = {.size = sizeof newer, .first = 1, .second = 2}};
    pleats_ctx *ctx = *state;
    options_now ours = {1, 1, 1};
    const size_t first = offsetof(options_now, second);
    assert_int_equal(pleats_options_take(ctx, &newer, &ours, first), PLEATS_OK);
    assert_int_equal(ours.first, 1);
    assert_int_equal(ours.second, 2);
    for (size_t i = 0; i < sizeof newer.rest; i++) {
        newer.rest[i] = 1;
        assert_int_equal(pleats_options_take(ctx, &newer, &ours, first),
                         PLEATS_INVALID);
        assert_non_null(strstr(pleats_ctx_message(ctx), "does not know"));
        newer.rest[i] = 0;
    }
    newer.rest[0] = 1; /* beyond the size that it says */
    for (size_t size = 0; size <= sizeof newer.known;
         size += size ? sizeof newer.known - first : first) {
        newer.known.size = size;
        assert_int_equal(pleats_options_take(ctx, &newer, &ours, first),
                         PLEATS_OK);
        assert_int_equal(ours.first, 1);
        assert_int_equal(ours.second, size == sizeof newer.known ? 2 : 0);
    }
    assert_int_equal(pleats_options_take(ctx, NULL, &ours, first), PLEATS_OK);
    assert_int_equal(ours.first, 0);
    assert_int_equal(ours.second, 0);
}

/* A fork says and remarks for itself, and shares all else. */
static void forks(void **state)
{
    pleats_ctx *ctx = need_ctx(), *fork = NULL;
    pleats_watch watch;
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
    begin(ctx, (pleats_limits){.seconds = 1e-9}, &watch);
    assert_int_equal(pleats_stop_reason(fork), PLEATS_STOP_TIME);
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_stop_reason(fork), PLEATS_STOP_CANCEL);
    pleats_watch_end(ctx, &watch);
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
        cmocka_unit_test(messages),
        cmocka_unit_test(remarks_are_kept_once),
        cmocka_unit_test(the_cancel_flag_stays_up),
        cmocka_unit_test(the_nearest_deadline_holds),
        cmocka_unit_test(the_limit_of_the_context_holds_beside),
        cmocka_unit_test(the_least_memory_holds),
        cmocka_unit_test(cancelled_by_a_number),
        cmocka_unit_test(endings_are_kept),
        cmocka_unit_test(resumed),
        cmocka_unit_test(no_limits),
        cmocka_unit_test_prestate(wrong_limits, ctx),
        cmocka_unit_test_prestate(options_of_other_sizes, ctx),
        cmocka_unit_test(forks),
    };
    return RUN(tests, ctx);
}
