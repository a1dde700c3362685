/* Works as texts: what is written is read, and nothing that is damaged, of
 * another count or of no sense, even if its digest is right; what the public
 * functions refuse. */
#include "unit.h"

#include "bad_works.h"
#include "domains.h"
#include "exact/digest.h"
#include "meter.h"
#include "work_scene.h"

#include <stdio.h>
#include <stdlib.h>

enum { SHA_LINE = 7 + PLEATS_DIGEST_DIGITS + 1, TEXT_ROOM = 1 << 16 };

/* ---- what is written is read ---- */

static void read_texts_are_written_alike(void **state)
{
    scene s;
    scene_set_up(&s, *state);
    for (int maps = 0; maps < 2; maps++) {
        size_t n, n_again;
        char *text = scene_text(&s, maps, &n);
        pleats_work *work = scene_empty(&s, maps);
        pleats_count_result r;
        need_ok(s.ctx, pleats_work_add_text(s.ctx, work, text, n));
        char *again = scene_save(&s, work, &n_again);
        assert_int_equal(n, n_again);
        assert_memory_equal(text, again, n);
        assert_false(pleats_work_is_done(work));
        need_ok(s.ctx, pleats_work_run(s.ctx, work, NULL));
        assert_true(pleats_work_is_done(work));
        need_ok(s.ctx, pleats_work_result(s.ctx, work, &r));
        assert_string_equal(r.regions, s.regions);
        if (maps)
            assert_string_equal(r.maps, s.maps);
        pleats_count_result_clear(s.ctx, &r);
        pleats_work_text_free(s.ctx, text);
        pleats_work_text_free(s.ctx, again);
        pleats_work_free(s.ctx, work);
    }
    scene_tear_down(&s);
}

/* Maps of a text without tasks are still to be told apart. */
static void finished_texts_have_maps_to_tell(void **state)
{
    scene s;
    size_t n;
    pleats_count_result r;
    scene_set_up(&s, *state);
    pleats_work *work = scene_begin(&s, true);
    need_ok(s.ctx, pleats_work_run(s.ctx, work, NULL));
    char *text = scene_save(&s, work, &n);
    pleats_work_clear(work);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, work, text, n));
    assert_int_equal(pleats_work_n_tasks(work), 0);
    assert_false(pleats_work_is_done(work));
    need_ok(s.ctx, pleats_work_run(s.ctx, work, NULL));
    assert_true(pleats_work_is_done(work));
    need_ok(s.ctx, pleats_work_result(s.ctx, work, &r));
    assert_string_equal(r.maps, s.maps);
    pleats_count_result_clear(s.ctx, &r);
    pleats_work_text_free(s.ctx, text);
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

/* A text that is refused leaves the work as it was. */
static void need_refusal(const scene *s, pleats_work *work, const char *text,
                         size_t n, const char *word)
{
    size_t n_before, n_after;
    char *before = scene_save(s, work, &n_before);
    /* Exactly n bytes, so that a sanitizer sees a look beyond. */
    char *bytes = malloc(n ? n : 1);
    assert_non_null(bytes);
    memcpy(bytes, text, n);
    assert_int_equal(pleats_work_add_text(s->ctx, work, bytes, n),
                     PLEATS_INVALID);
    if (!strstr(pleats_ctx_message(s->ctx), word))
        fail_msg("nothing like '%s' in: %s", word, pleats_ctx_message(s->ctx));
    char *after = scene_save(s, work, &n_after);
    assert_int_equal(n_before, n_after);
    assert_memory_equal(before, after, n_before);
    free(bytes);
    pleats_work_text_free(s->ctx, before);
    pleats_work_text_free(s->ctx, after);
}

static void damaged_texts_are_refused(void **state)
{
    scene s;
    size_t n;
    scene_set_up(&s, *state);
    char *text = scene_text(&s, true, &n);
    pleats_work *work = scene_empty(&s, true);
    for (size_t i = 0; i < n; i++)
        for (int flip = 1; flip < 256; flip += flip < 3 ? 1 : 84) {
            text[i] = (char)(text[i] ^ flip);
            need_refusal(&s, work, text, n, "the text: is ");
            text[i] = (char)(text[i] ^ flip);
        }
    for (size_t i = 0; i < n; i++)
        need_refusal(&s, work, text, i, "the text: is ");
    need_ok(s.ctx, pleats_work_add_text(s.ctx, work, text, n));
    pleats_work_text_free(s.ctx, text);
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

/* ---- lines of no sense under a right digest ---- */

/* Puts the digest of all that is there behind it. */
static size_t end_text(pleats_ctx *ctx, char *text)
{
    pleats_hasher *hasher;
    pleats_digest digest;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    need_ok(ctx, pleats_hasher_new(ctx, &hasher));
    pleats_hasher_add(hasher, text, strlen(text));
    pleats_hasher_end(hasher, &digest);
    pleats_hasher_free(ctx, hasher);
    pleats_digest_hex(&digest, hex);
    strcat(strcat(strcat(text, "sha256 "), hex), "\n");
    return strlen(text);
}

/* `from` with the line behind the one that begins by `mark` (or this line, if
 * `here`) replaced by `line`, which may be "" for none. */
static size_t with_line(pleats_ctx *ctx, const char *from, const char *mark,
                        bool here, const char *line, char *out)
{
    const char *at = strstr(from, mark);
    assert_non_null(at);
    if (!here)
        at = strchr(at + 1, '\n') + 1;
    else
        at++;
    const size_t head = (size_t)(at - from);
    const char *tail = strchr(at, '\n') + 1;
    memcpy(out, from, head);
    out[head] = '\0';
    strcat(strcat(strcat(out, line), *line ? "\n" : ""), tail);
    return end_text(ctx, out);
}

static void lines_of_no_sense_are_refused(void **state)
{
    scene s;
    size_t n;
    scene_set_up(&s, *state);
    char *text = scene_text(&s, true, &n);
    char *out = malloc(TEXT_ROOM);
    pleats_work *work = scene_empty(&s, true);
    assert_non_null(out);
    assert_true(n < TEXT_ROOM / 2);
    text[n - SHA_LINE] = '\0';
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        const bad *b = &bads[i];
        n = with_line(s.ctx, text, b->mark, b->here, b->line, out);
        need_refusal(&s, work, out, n, b->word);
    }
    strcpy(out, text);
    n = end_text(s.ctx, out);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, work, out, n));
    free(out);
    pleats_work_text_free(s.ctx, text);
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

/* Paths that lead nowhere are found when their turn comes. */
static void paths_to_nowhere_end_the_run(void **state)
{
    static const char *const path[] = {"0 .7", "0 .(1000000)",
                                       "0 .0000000000000000000000000000"};
    scene s;
    size_t n;
    scene_set_up(&s, *state);
    char *text = scene_text(&s, true, &n);
    char *out = malloc(TEXT_ROOM);
    assert_non_null(out);
    text[n - SHA_LINE] = '\0';
    for (size_t i = 0; i < 3; i++) {
        pleats_work *work = scene_empty(&s, true);
        n = with_line(s.ctx, text, "\ntasks", false, path[i], out);
        need_ok(s.ctx, pleats_work_add_text(s.ctx, work, out, n));
        assert_int_equal(pleats_work_run(s.ctx, work, NULL), PLEATS_INVALID);
        assert_non_null(strstr(pleats_ctx_message(s.ctx), "a task "));
        pleats_work_free(s.ctx, work);
    }
    free(out);
    pleats_work_text_free(s.ctx, text);
    scene_tear_down(&s);
}

/* ---- memory ---- */

/* Whatever allocation fails, what is added is added as a whole or not at all.
 */
static void no_memory_for_a_text_leaves_the_work(void **state)
{
    size_t n, n_failed = 0;
    (void)state;
    for (size_t k = 1;; k++) {
        meter m = {0};
        pleats_allocator a = meter_allocator(&m);
        pleats_ctx *ctx = NULL;
        scene s;
        assert_int_equal(pleats_ctx_new(&a, &ctx), PLEATS_OK);
        scene_set_up(&s, ctx);
        char *text = scene_text(&s, true, &n);
        pleats_work *work = scene_empty(&s, true);
        m.fail_at = m.calls + k;
        const pleats_status status = pleats_work_add_text(ctx, work, text, n);
        m.fail_at = 0;
        if (status != PLEATS_OK) {
            size_t n_after;
            char *after = scene_save(&s, work, &n_after);
            assert_int_equal(status, PLEATS_NOMEM);
            assert_int_equal(pleats_work_n_tasks(work), 0);
            assert_non_null(strstr(after, "\nmaps 0\n"));
            pleats_work_text_free(ctx, after);
            n_failed++;
        }
        pleats_work_text_free(ctx, text);
        pleats_work_free(ctx, work);
        scene_tear_down(&s);
        assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
        pleats_ctx_free(ctx);
        if (status == PLEATS_OK)
            break;
    }
    assert_true(n_failed > 20);
}

/* ---- parts ---- */

static void need_no_shard(const scene *s, pleats_work *work, uint64_t part,
                          uint64_t of, const char *word)
{
    assert_int_equal(pleats_work_shard(s->ctx, work, part, of, NULL),
                     PLEATS_INVALID);
    assert_non_null(strstr(pleats_ctx_message(s->ctx), word));
}

static void parts_that_are_none_are_refused(void **state)
{
    scene s;
    uint64_t part, of;
    scene_set_up(&s, *state);
    pleats_work *work = scene_begin(&s, false);
    need_no_shard(&s, work, 0, 0, "part 0 of 0");
    need_no_shard(&s, work, 2, 2, "part 2 of 2");
    need_no_shard(&s, work, 0, PLEATS_MOST_PARTS + 1, "at most 65536");
    need_no_shard(&s, work, UINT64_MAX, UINT64_MAX, "at most 65536");
    pleats_work_part(work, &part, &of);
    assert_true(part == 0 && of == 1);
    need_ok(s.ctx, pleats_work_shard(s.ctx, work, 1, 2, NULL));
    pleats_work_part(work, &part, &of);
    assert_true(part == 1 && of == 2);
    need_no_shard(&s, work, 1, 2, "has begun");
    pleats_work_free(s.ctx, work);
    work = scene_begin(&s, false);
    scene_run(&s, work, 1);
    need_no_shard(&s, work, 0, 2, "has begun");
    pleats_work_clear(work);
    need_no_shard(&s, work, 0, 2, "has begun");
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

/* A text of one part is not added to what is another one. */
static void texts_of_other_parts_are_refused(void **state)
{
    scene s;
    size_t n;
    uint64_t part, of;
    scene_set_up(&s, *state);
    pleats_work *first = scene_begin(&s, false),
                *second = scene_begin(&s, false);
    need_ok(s.ctx, pleats_work_shard(s.ctx, first, 0, 2, NULL));
    need_ok(s.ctx, pleats_work_shard(s.ctx, second, 1, 2, NULL));
    char *text = scene_save(&s, first, &n);
    need_refusal(&s, second, text, n,
                 "is about part 0 of 2, this count about "
                 "part 1 of 2");
    pleats_work *whole = scene_begin(&s, false);
    need_refusal(&s, whole, text, n, "part 0 of 1");
    pleats_work_clear(whole);
    need_ok(s.ctx, pleats_work_add_text(s.ctx, whole, text, n));
    pleats_work_part(whole, &part, &of);
    assert_true(part == 0 && of == 2);
    pleats_work_text_free(s.ctx, text);
    pleats_work_free(s.ctx, whole);
    pleats_work_free(s.ctx, first);
    pleats_work_free(s.ctx, second);
    scene_tear_down(&s);
}

/* ---- what is refused, and what is fine ---- */

static void public_functions_refuse(void **state)
{
    scene s;
    size_t n;
    pleats_count_options options;
    pleats_work *work;
    scene_set_up(&s, *state);
    pleats_init_count_options(&options);
    options.pieces = true;
    assert_int_equal(
        pleats_work_new(s.ctx, s.net, s.domain, &options, NULL, &work),
        PLEATS_INVALID);
    assert_null(work);
    pleats_work_free(s.ctx, NULL);
    need_ok(s.ctx, pleats_work_new(s.ctx, s.net, s.domain, NULL, NULL, &work));
    char *text = scene_save(&s, work, &n);
    assert_int_equal(pleats_work_n_tasks(work), 2);
    assert_true(pleats_work_share(work) == 0);
    pleats_output *maps;
    need_ok(s.ctx, pleats_output_open(s.ctx, "/dev/null", &maps));
    assert_int_equal(pleats_work_write_maps(s.ctx, work, maps, NULL),
                     PLEATS_INVALID);
    pleats_output_free(s.ctx, maps);
    assert_int_equal(pleats_work_write(s.ctx, work, "/nonexistent/work"),
                     PLEATS_IO);
    assert_true(pleats_work_read(s.ctx, work, "/nonexistent/work") !=
                PLEATS_OK);
    pleats_domain *other = domain_boxes(s.ctx, 2, "-1 1 -1 1");
    pleats_work *stranger;
    need_ok(s.ctx, pleats_work_new(s.ctx, s.net, other, NULL, NULL, &stranger));
    need_refusal(&s, stranger, text, n, "this count \"domain ");
    pleats_work_text_free(s.ctx, text);
    pleats_work_free(s.ctx, stranger);
    pleats_domain_clear(s.ctx, other);
    pleats_work_free(s.ctx, work);
    scene_tear_down(&s);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(read_texts_are_written_alike, ctx),
        cmocka_unit_test_prestate(finished_texts_have_maps_to_tell, ctx),
        cmocka_unit_test_prestate(damaged_texts_are_refused, ctx),
        cmocka_unit_test_prestate(lines_of_no_sense_are_refused, ctx),
        cmocka_unit_test_prestate(paths_to_nowhere_end_the_run, ctx),
        cmocka_unit_test_prestate(no_memory_for_a_text_leaves_the_work, ctx),
        cmocka_unit_test_prestate(parts_that_are_none_are_refused, ctx),
        cmocka_unit_test_prestate(texts_of_other_parts_are_refused, ctx),
        cmocka_unit_test_prestate(public_functions_refuse, ctx),
    };
    return RUN(tests, ctx);
}
