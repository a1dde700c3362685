/* Records of trials: parts that are made apart are the whole, what is done
 * stays, and nothing of a text that is refused is taken. */
#include "unit.h"

#include "exact/lines.h"

#include "pleats/estimate.h"
#include "pleats/search.h"

#include <stdlib.h>

enum { TRIALS = 25 };

static const char mean_spec[] = "mlp:2,9,1";
/* Some climbs meet the upper bound of this one, the first ones do not. */
static const char search_spec[] = "cnn:in=1x4/conv=1@2/relu/conv=1@3/relu";

typedef struct {
    pleats_ctx *ctx;
    pleats_spec *spec;
    pleats_domain *domain;
} scene;

static scene set_up(pleats_ctx *ctx, const char *text)
{
    static const double lo[] = {-1, -1}, hi[] = {1, 1};
    scene s = {.ctx = ctx};
    need_ok(ctx, pleats_spec_parse(ctx, text, &s.spec));
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(lo),
                                   pleats_doubles(hi), &s.domain));
    return s;
}

static void tear_down(scene *s)
{
    pleats_domain_free(s->ctx, s->domain);
    pleats_spec_free(s->ctx, s->spec);
}

static pleats_record *new_record(pleats_ctx *ctx)
{
    pleats_record *record;
    need_ok(ctx, pleats_record_new(ctx, &record));
    return record;
}

/* ---- means ---- */

static pleats_status make_mean(const scene *s, pleats_record *record,
                               pleats_mean_result *out)
{
    pleats_mean_options options;
    pleats_init_mean_options(&options);
    options.trials = TRIALS;
    options.record = record;
    return pleats_mean_regions(s->ctx, s->spec, s->domain, &options, NULL, out);
}

/* The trials first .. end - 1, as text. */
static char *part_of_mean(const scene *s, uint64_t first, uint64_t end,
                          size_t *n)
{
    pleats_record *record = new_record(s->ctx);
    pleats_mean_result r;
    char *text;
    pleats_record_ask(record, first, end);
    need_ok(s->ctx, make_mean(s, record, &r));
    assert_int_equal(r.n, end - first);
    assert_int_equal(pleats_record_n(record), end - first);
    need_ok(s->ctx, pleats_record_save(s->ctx, record, &text, n));
    pleats_mean_result_clear(s->ctx, &r);
    pleats_record_free(s->ctx, record);
    return text;
}

static void parts_of_a_mean_are_the_mean(void **state)
{
    static const uint64_t part[][2] = {{12, 13}, {0, 5}, {13, TRIALS}, {3, 12}};
    scene s = set_up(*state, mean_spec);
    pleats_record *record = new_record(s.ctx);
    pleats_mean_result whole, r;
    need_ok(s.ctx, make_mean(&s, NULL, &whole));
    for (size_t i = 0; i < 4; i++) {
        size_t n;
        char *text = part_of_mean(&s, part[i][0], part[i][1], &n);
        if (i == 0) { /* the first text waits for the first call */
            need_ok(s.ctx, pleats_record_add_text(s.ctx, record, text, n));
            assert_int_equal(pleats_record_add_text(s.ctx, record, text, n),
                             PLEATS_INVALID);
            pleats_record_ask(record, 0, 0);
            need_ok(s.ctx, make_mean(&s, record, &r));
            assert_int_equal(r.n, 1);
            assert_null(r.quantile[0]);
            pleats_mean_result_clear(s.ctx, &r);
        } else {
            need_ok(s.ctx, pleats_record_add_text(s.ctx, record, text, n));
        }
        pleats_record_text_free(s.ctx, text);
    }
    assert_int_equal(pleats_record_n(record), TRIALS);
    assert_true(pleats_record_has(record, 24));
    assert_false(pleats_record_has(record, 25));
    need_ok(s.ctx, make_mean(&s, record, &r));
    assert_int_equal(r.n, whole.n);
    for (uint64_t i = 0; i < r.n; i++) {
        assert_int_equal(r.row[i].number, i);
        assert_int_equal(r.row[i].seed, whole.row[i].seed);
        assert_string_equal(r.row[i].regions, whole.row[i].regions);
    }
    assert_true(r.mean == whole.mean && r.lo == whole.lo && r.hi == whole.hi);
    pleats_mean_result_clear(s.ctx, &r);
    pleats_mean_result_clear(s.ctx, &whole);
    pleats_record_free(s.ctx, record);
    tear_down(&s);
}

/* Puts `line` in the place of the one that begins with `start`, under a right
 * digest. */
static void change(pleats_ctx *ctx, pleats_text *text, const char *start,
                   const char *line)
{
    char *at = strstr(text->byte, start), *last = strstr(text->byte, "sha256 ");
    pleats_text changed = {0};
    assert_true(at && last);
    char *behind = strchr(at + 1, '\n');
    need_ok(ctx, pleats_text_bytes(ctx, &changed, text->byte,
                                   (size_t)(at - text->byte)));
    need_ok(ctx, pleats_text_bytes(ctx, &changed, line, strlen(line)));
    need_ok(ctx,
            pleats_text_bytes(ctx, &changed, behind, (size_t)(last - behind)));
    need_ok(ctx, pleats_text_end(ctx, &changed));
    pleats_release(ctx, text->byte);
    *text = changed;
}

static pleats_text saved(pleats_ctx *ctx, pleats_record *record)
{
    pleats_text text = {0};
    need_ok(ctx, pleats_record_save(ctx, record, &text.byte, &text.n));
    return text;
}

/* What is done stays as it is; of a text with a line that makes no sense
 * nothing is taken. */
static void what_is_done_stays(void **state)
{
    scene s = set_up(*state, mean_spec);
    pleats_record *record = new_record(s.ctx), *few = new_record(s.ctx);
    pleats_mean_result whole, r;
    need_ok(s.ctx, make_mean(&s, record, &whole));
    pleats_text text = saved(s.ctx, record);
    pleats_record_ask(few, 3, 5);
    need_ok(s.ctx, make_mean(&s, few, &r));
    pleats_mean_result_clear(s.ctx, &r);

    change(s.ctx, &text, "\n3 done", "\n3 done exact 123456");
    change(s.ctx, &text, "\n9 done", "\n9 gone exact 1");
    assert_int_equal(pleats_record_add_text(s.ctx, few, text.byte, text.n),
                     PLEATS_INVALID);
    assert_int_equal(pleats_record_n(few), 2);
    change(s.ctx, &text, "\n9 gone", "\n9 done exact 654321");
    need_ok(s.ctx, pleats_record_add_text(s.ctx, few, text.byte, text.n));
    assert_int_equal(pleats_record_n(few), TRIALS);
    need_ok(s.ctx, make_mean(&s, few, &r));
    assert_string_equal(r.row[3].regions, whole.row[3].regions);
    assert_string_equal(r.row[9].regions, "654321");

    pleats_release(s.ctx, text.byte);
    pleats_mean_result_clear(s.ctx, &r);
    pleats_mean_result_clear(s.ctx, &whole);
    pleats_record_free(s.ctx, record);
    pleats_record_free(s.ctx, few);
    tear_down(&s);
}

/* ---- searches ---- */

static pleats_status make_search(const scene *s, pleats_record *record,
                                 pleats_search_result *out)
{
    pleats_search_options options;
    pleats_init_search_options(&options);
    options.starts = 12;
    options.seed = 5;
    options.record = record;
    return pleats_search(s->ctx, s->spec, &options, NULL, out);
}

static void need_same(const pleats_search_result *r,
                      const pleats_search_result *want)
{
    assert_string_equal(r->best, want->best);
    assert_int_equal(r->is_exact, want->is_exact);
    assert_int_equal(r->start, want->start);
    assert_int_equal(r->starts, want->starts);
    assert_int_equal(r->counts, want->counts);
}

/* A climb at the target ends those behind it, also when a record has it. */
static void climbs_at_the_target_end_others(void **state)
{
    scene s = set_up(*state, search_spec);
    pleats_search_result whole, r;
    need_ok(s.ctx, make_search(&s, NULL, &whole));
    assert_true(whole.is_exact);
    for (uint64_t first = 0; first <= whole.start + 2; first++) {
        pleats_record *record = new_record(s.ctx);
        pleats_record_ask(record, first, 12);
        need_ok(s.ctx, make_search(&s, record, &r));
        pleats_search_result_clear(s.ctx, &r);
        pleats_text text = saved(s.ctx, record);
        pleats_record_ask(record, 0, UINT64_MAX);
        need_ok(s.ctx, make_search(&s, record, &r));
        need_same(&r, &whole);
        pleats_search_result_clear(s.ctx, &r);
        pleats_record_clear(s.ctx, record); /* and once more from the text */
        need_ok(s.ctx,
                pleats_record_add_text(s.ctx, record, text.byte, text.n));
        need_ok(s.ctx, make_search(&s, record, &r));
        need_same(&r, &whole);
        pleats_search_result_clear(s.ctx, &r);
        pleats_record_ask(record, 0, 0);
        need_ok(s.ctx, make_search(&s, record, &r));
        need_same(&r, &whole);
        pleats_search_result_clear(s.ctx, &r);
        pleats_release(s.ctx, text.byte);
        pleats_record_free(s.ctx, record);
    }
    pleats_search_result_clear(s.ctx, &whole);
    tear_down(&s);
}

/* ---- refused ---- */

static void need_other(const scene *s, pleats_status status)
{
    assert_int_equal(status, PLEATS_INVALID);
    assert_non_null(strstr(pleats_ctx_message(s->ctx), "of another call"));
}

static void records_are_of_one_call(void **state)
{
    scene s = set_up(*state, mean_spec), other = set_up(*state, "mlp:2,8,1");
    pleats_record *record = new_record(s.ctx);
    char key[PLEATS_RECORD_KEY_BYTES], again[PLEATS_RECORD_KEY_BYTES], *text;
    pleats_mean_result r;
    pleats_search_result found;
    size_t n;
    assert_int_equal(pleats_record_key(s.ctx, record, key), PLEATS_INVALID);
    assert_int_equal(pleats_record_save(s.ctx, record, &text, &n),
                     PLEATS_INVALID);
    need_ok(s.ctx, make_mean(&s, record, &r));
    pleats_mean_result_clear(s.ctx, &r);
    need_ok(s.ctx, pleats_record_key(s.ctx, record, key));
    need_other(&s, make_mean(&other, record, &r));
    pleats_mean_result_clear(s.ctx, &r);
    need_other(&s, make_search(&s, record, &found));
    pleats_search_result_clear(s.ctx, &found);
    need_ok(s.ctx, pleats_record_key(s.ctx, record, again));
    assert_string_equal(key, again);
    pleats_record_free(s.ctx, record);
    record = new_record(s.ctx);
    need_ok(s.ctx, make_mean(&other, record, &r));
    need_ok(s.ctx, pleats_record_key(s.ctx, record, again));
    assert_string_not_equal(key, again);
    pleats_mean_result_clear(s.ctx, &r);
    pleats_record_free(s.ctx, record);
    tear_down(&s);
    tear_down(&other);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(parts_of_a_mean_are_the_mean, ctx),
        cmocka_unit_test_prestate(what_is_done_stays, ctx),
        cmocka_unit_test_prestate(climbs_at_the_target_end_others, ctx),
        cmocka_unit_test_prestate(records_are_of_one_call, ctx),
    };
    return RUN(tests, ctx);
}
