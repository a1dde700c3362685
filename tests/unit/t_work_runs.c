/* Works that are put down between sections, where memory ends, and whose tasks
 * are given away. */
#include "work_scene.h"

#include "domains.h"

#include <stdlib.h>

/* ---- cells that many units cut ---- */

/* Runs for some microseconds at a time, at last for seconds, each time from a
 * text. */
static void count_in_slices(const scene *s, rng *r, const char *regions)
{
    pleats_work *work = scene_begin(s, false);
    pleats_count_result found;
    int slices = 0;
    for (; !pleats_work_is_done(work) && slices < 2000; slices++) {
        pleats_limits limits;
        size_t n;
        pleats_init_limits(&limits);
        limits.seconds = 1e-6 * rng_int(r, 20, 300 + slices * (10 + slices));
        need_ok(s->ctx, pleats_work_run(s->ctx, work, &limits));
        char *text = scene_save(s, work, &n);
        pleats_work_clear(work);
        need_ok(s->ctx, pleats_work_add_text(s->ctx, work, text, n));
        pleats_work_text_free(s->ctx, text);
    }
    assert_true(pleats_work_is_done(work));
    assert_true(slices > 4);
    need_ok(s->ctx, pleats_work_result(s->ctx, work, &found));
    assert_string_equal(found.regions, regions);
    pleats_count_result_clear(s->ctx, &found);
    pleats_work_free(s->ctx, work);
}

static void sections_are_put_down(void **state)
{
    static const int32_t widths[][5] = {{3, 200, 1}, {3, 3, 160, 1}};
    for (int i = 0; i < 2; i++) {
        rng r = {(uint64_t)i + 7};
        scene s = {.ctx = *state,
                   .net = scene_mlp(*state, &r, i + 2, widths[i])};
        pleats_count_result whole;
        s.domain = domain_boxes(s.ctx, 3, "-1 1 -1 1 -1 1");
        need_ok(s.ctx,
                pleats_count(s.ctx, s.net, s.domain, NULL, NULL, &whole));
        for (int round = 0; round < 1; round++)
            count_in_slices(&s, &r, whole.regions);
        pleats_count_result_clear(s.ctx, &whole);
        scene_tear_down(&s);
    }
}

/* Goes on where memory ran out: nothing is lost or counted twice, or the work
 * says that it is torn.  Returns whether it was torn. */
static bool run_with_bytes(const scene *s, size_t bytes)
{
    pleats_work *work = scene_begin(s, true);
    pleats_limits limits;
    pleats_count_result r = {0};
    char *text = NULL;
    size_t n;
    pleats_init_limits(&limits);
    limits.bytes = pleats_ctx_live_bytes(s->ctx) + bytes;
    need_ok(s->ctx, pleats_work_run(s->ctx, work, &limits));
    const bool is_torn = !pleats_work_is_whole(work);
    if (is_torn) {
        assert_int_equal(pleats_work_save(s->ctx, work, &text, &n),
                         PLEATS_LIMIT);
    } else {
        need_ok(s->ctx, pleats_work_run(s->ctx, work, NULL));
        need_ok(s->ctx, pleats_work_result(s->ctx, work, &r));
        assert_string_equal(r.regions, s->regions);
        assert_string_equal(r.maps, s->maps);
    }
    pleats_count_result_clear(s->ctx, &r);
    pleats_work_free(s->ctx, work);
    return is_torn;
}

static void limits_of_memory_lose_nothing(void **state)
{
    scene s;
    size_t torn = 0, n = 0;
    scene_set_up(&s, *state);
    for (size_t bytes = 1; bytes < 60000; bytes += 61, n++)
        torn += run_with_bytes(&s, bytes);
    assert_in_range(torn, 1, n / 2);
    scene_tear_down(&s);
}

/* What is given away is no longer there; what was found stays. */
static void what_is_given_away_is_gone(void **state)
{
    scene s;
    size_t n;
    char *text;
    pleats_count_result r;
    scene_set_up(&s, *state);
    pleats_work *work = scene_begin(&s, true), *other = scene_empty(&s, true);
    scene_run(&s, work, 5);
    const size_t n_tasks = pleats_work_n_tasks(work);
    assert_true(n_tasks > 2);
    need_ok(s.ctx, pleats_work_give(s.ctx, work, 2, &text, &n));
    assert_null(strstr(text, "\nregions"));
    assert_int_equal(pleats_work_n_tasks(work), n_tasks - 2);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, other, text, n));
    pleats_work_text_free(s.ctx, text);
    assert_int_equal(pleats_work_n_tasks(other), 2);
    need_ok(s.ctx, pleats_work_give(s.ctx, work, 1000, &text, &n));
    assert_int_equal(pleats_work_n_tasks(work), 0);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, other, text, n));
    pleats_work_text_free(s.ctx, text);
    need_ok(s.ctx, pleats_work_run(s.ctx, other, NULL));
    text = scene_save(&s, other, &n);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, work, text, n));
    pleats_work_text_free(s.ctx, text);
    need_ok(s.ctx, pleats_work_run(s.ctx, work, NULL));
    need_ok(s.ctx, pleats_work_result(s.ctx, work, &r));
    assert_string_equal(r.regions, s.regions);
    assert_string_equal(r.maps, s.maps);
    pleats_count_result_clear(s.ctx, &r);
    pleats_work_free(s.ctx, other);
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

/* The lines of tasks of a text; returns how many. */
static size_t task_lines(const char *text, char line[][64], size_t most)
{
    const char *at = strstr(text, "\ntasks ");
    assert_non_null(at);
    const size_t n = strtoull(at + strlen("\ntasks "), NULL, 10);
    assert_in_range(n, 0, most);
    at = strchr(at + 1, '\n');
    for (size_t i = 0; i < n; i++) {
        const size_t length = strcspn(++at, "\n");
        assert_in_range(length, 1, 63);
        memcpy(line[i], at, length);
        line[i][length] = '\0';
        at += length;
    }
    return n;
}

/* Those given away are the oldest one and more in even steps: number
 * ceil(j all / n), j = 0 .. n - 1. */
static void what_is_given_away_is_spread(void **state)
{
    enum { MOST = 64 };
    scene s;
    size_t n_bytes;
    char *text;
    char line[MOST][64], given[MOST][64], rest[MOST][64];
    scene_set_up(&s, *state);
    for (size_t n = 1; n <= 6; n++) {
        pleats_work *work = scene_begin(&s, true);
        scene_run(&s, work, 5);
        text = scene_save(&s, work, &n_bytes);
        const size_t all = task_lines(text, line, MOST);
        pleats_work_text_free(s.ctx, text);
        assert_in_range(all, 6, MOST);
        need_ok(s.ctx, pleats_work_give(s.ctx, work, n, &text, &n_bytes));
        assert_int_equal(task_lines(text, given, MOST), n);
        pleats_work_text_free(s.ctx, text);
        text = scene_save(&s, work, &n_bytes);
        assert_int_equal(task_lines(text, rest, MOST), all - n);
        pleats_work_text_free(s.ctx, text);
        for (size_t i = 0, j = 0; i < all; i++) {
            const bool is_given = j < n && i == (j * all + n - 1) / n;
            assert_string_equal(is_given ? given[j] : rest[i - j], line[i]);
            j += is_given;
        }
        pleats_work_free(s.ctx, work);
    }
    scene_tear_down(&s);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(limits_of_memory_lose_nothing, ctx),
        cmocka_unit_test_prestate(sections_are_put_down, ctx),
        cmocka_unit_test_prestate(what_is_given_away_is_gone, ctx),
        cmocka_unit_test_prestate(what_is_given_away_is_spread, ctx),
    };
    return RUN(tests, ctx);
}
