/* What charts rest on: logarithms of long decimals, round ticks, texts that
 * keep to their column, and the room that a chart takes. */
#include "rng.h"
#include "unit.h"

#include "draw/chart/chart.h"
#include "draw/chart/plot.h"
#include "draw/chart/reports.h"
#include "draw/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- logarithms ---- */

static void expect_log10(pleats_ctx *ctx, const char *decimal, double want)
{
    double got = NAN;
    assert_int_equal(pleats_log10_of_decimal(ctx, decimal, &got), PLEATS_OK);
    assert_true(fabs(got - want) <= 1e-15 * (1 + fabs(want)));
}

static void test_logarithms(void **state)
{
    enum { MOST = 5000 };
    char text[MOST + 2];
    expect_log10(*state, "1", 0);
    expect_log10(*state, "2", 0.30102999566398119521);
    expect_log10(*state, "0010", 1);
    expect_log10(*state, "12345678901234567890", 19.0915149772126999);
    double zero = 0;
    assert_int_equal(pleats_log10_of_decimal(*state, "0", &zero), PLEATS_OK);
    assert_true(isinf(zero) && zero < 0);
    memset(text, '0', sizeof text);
    text[0] = '1';
    for (int power = 1; power <= MOST; power += power < 20 ? 1 : 249) {
        text[power + 1] = '\0';
        expect_log10(*state, text, power);
        text[power + 1] = '0';
    }
    memset(text, '9', MOST);
    text[MOST] = '\0';
    expect_log10(*state, text, MOST);
}

static void test_no_logarithms(void **state)
{
    static const char *const texts[] = {"",    "-1",  "+1",   "1e5", " 1",
                                        "1.5", "0x1", "12\n", "ten", "1/2"};
    double got;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(pleats_log10_of_decimal(*state, texts[i], &got),
                         PLEATS_INVALID);
}

/* ---- ticks ---- */

/* The number that a tick's text says, as its log10 where the axis has that. */
static double said(const pleats_scale *scale, const pleats_tick *t)
{
    char *end;
    double head = strtod(t->text, &end), power = 0;
    if (t->power[0]) {
        power = strtod(t->power, NULL);
        if (*end == '\0')
            head = 1; /* "10" and its power */
        else
            assert_string_equal(end, "\u00d710");
    }
    return scale->is_log ? log10(head) + power : head * pow(10, power);
}

/* Ascending, in range, saying where they are; returns how many have a text. */
static int check_ticks(const pleats_scale *scale, int most)
{
    pleats_tick tick[PLEATS_MOST_TICKS];
    int labels = 0;
    size_t n = pleats_ticks(scale, most, tick);
    double slack = 1e-6 * (scale->hi - scale->lo);
    for (size_t i = 0; i < n; i++) {
        assert_true(tick[i].at >= scale->lo - slack);
        assert_true(tick[i].at <= scale->hi + slack);
        assert_true(i == 0 || tick[i].at > tick[i - 1].at);
        if (!tick[i].text[0])
            continue;
        double off = fabs(said(scale, &tick[i]) - tick[i].at);
        assert_true(off <= 1e-5 * (scale->hi - scale->lo) + 1e-9);
        labels++;
    }
    return labels;
}

/* In [0, 1). */
static double unit(rng *r)
{
    return 0.5 + 0.5 * rng_real(r, 30);
}

static void test_linear_ticks(void **state)
{
    rng r = {7};
    (void)state;
    for (int i = 0; i < 3000; i++) {
        double range = pow(10, 8 * unit(&r) - 3);
        double lo = range * (4 * unit(&r) - 2);
        const pleats_scale scale = {.lo = lo, .hi = lo + range};
        int labels = check_ticks(&scale, 8);
        assert_true(labels >= 3 && labels <= 9);
    }
}

static void test_log_ticks(void **state)
{
    rng r = {8};
    (void)state;
    for (int i = 0; i < 3000; i++) {
        double range = pow(10, 5 * unit(&r) - 1);
        double lo = 3000 * unit(&r) * (i % 2) + 4 * unit(&r);
        const pleats_scale scale = {.lo = lo, .hi = lo + range, .is_log = true};
        int labels = check_ticks(&scale, 8);
        assert_true(labels >= 1 && labels <= 10);
    }
}

static void test_whole_ticks(void **state)
{
    const pleats_scale scale = {.lo = 0.6, .hi = 3.4, .is_whole = true};
    pleats_tick tick[PLEATS_MOST_TICKS];
    (void)state;
    assert_int_equal(pleats_ticks(&scale, 8, tick), 3);
    assert_string_equal(tick[0].text, "1");
    assert_string_equal(tick[2].text, "3");
}

static void test_tick_texts(void **state)
{
    const pleats_scale plain = {.lo = 0, .hi = 5e6};
    const pleats_scale huge = {.lo = 0, .hi = 2500, .is_log = true};
    pleats_tick tick[PLEATS_MOST_TICKS];
    (void)state;
    size_t n = pleats_ticks(&plain, 8, tick);
    assert_string_equal(tick[0].text, "0");
    assert_string_equal(tick[n - 1].text, "5\u00d710");
    assert_string_equal(tick[n - 1].power, "6");
    n = pleats_ticks(&huge, 8, tick);
    assert_string_equal(tick[0].text, "1");
    assert_string_equal(tick[n - 1].text, "10");
    assert_string_equal(tick[n - 1].power, "2500");
}

/* ---- texts ---- */

static void test_fit(void **state)
{
    static const char text[] =
        "lower to upper bound cnn:in=1x8x8/conv=4@3x3/relu/flatten/fc=10 "
        "\u00e4\u00f6\u00fc\u00d7\u00d7\u00d7\u00d7\u00d7\u00d7\u00d7 end";
    pleats_canvas dry;
    char piece[sizeof text];
    pleats_canvas_open_dry(*state, &dry);
    pleats_canvas_font(&dry, 9);
    for (double width = 1; width < 300; width += 7) {
        for (size_t at = 0, n; text[at]; at += n) {
            n = pleats_text_fit(&dry, text + at, width);
            assert_true(n >= 1 && at + n < sizeof text);
            assert_true(((unsigned char)text[at + n] & 0xc0) != 0x80);
            snprintf(piece, sizeof piece, "%.*s", (int)n, text + at);
            if (n > 2)
                assert_true(pleats_canvas_text_width(&dry, piece) <= width);
        }
    }
    pleats_canvas_clear(&dry);
}

static void test_columns(void **state)
{
    pleats_canvas dry;
    double x, y;
    pleats_canvas_open_dry(*state, &dry);
    pleats_column c = pleats_column_dry(&dry, 300, 1);
    assert_true(pleats_column_height(&c, 0) == 0);
    pleats_column_text(&c, NULL);
    pleats_column_text(&c, "");
    assert_true(pleats_column_height(&c, 0) == 0);
    pleats_column_text(&c, "one line");
    assert_true(fabs(pleats_column_height(&c, 0) - PLEATS_TEXT_LINE) < 1e-9);
    assert_false(pleats_column_entry(&c, 12, "an entry", &x, &y));
    assert_false(pleats_column_entry(&c, 12, "beside it", &x, &y));
    assert_true(x > 40);
    assert_true(fabs(pleats_column_height(&c, 0) - 2 * PLEATS_TEXT_LINE) <
                1e-9);
    pleats_column_entry(&c, 12,
                        "an entry that is so long that it needs a line of its "
                        "own and the next one too",
                        &x, &y);
    assert_true(x == 0);
    assert_true(fabs(pleats_column_height(&c, 0) - 4 * PLEATS_TEXT_LINE) <
                1e-9);
    pleats_canvas_clear(&dry);
}

/* ---- the room of a chart ---- */

static void test_heights(void **state)
{
    static const double x[] = {1, 2, 3}, y[] = {1, INFINITY, 3};
    static const char *const line[] = {"first", "second", "third"};
    const pleats_chart_series series = {
        .form = PLEATS_CHART_LINE, .n = 3, .x = x, .y = y};
    pleats_chart chart = {.series = &series, .n_series = 1, .line = line};
    const pleats_chart_panel panel = {.width = 480, .unit = 1};
    pleats_canvas dry;
    pleats_canvas_open_dry(*state, &dry);
    double bare = pleats_chart_height(&chart, &dry, &panel);
    chart.n_lines = 3;
    double lines = pleats_chart_height(&chart, &dry, &panel);
    assert_true(fabs(lines - bare - 3 * PLEATS_TEXT_LINE) < 1e-9);
    chart.title = "a title";
    assert_true(pleats_chart_height(&chart, &dry, &panel) > lines);
    const pleats_chart_panel twice = {.width = 960, .unit = 2};
    double larger = pleats_chart_height(&chart, &dry, &twice);
    assert_true(fabs(larger / pleats_chart_height(&chart, &dry, &panel) - 2) <
                0.01);
    chart.y.name = "a name";
    assert_true(pleats_chart_margin(&chart, &dry, 1) > PLEATS_TEXT_LINE);
    pleats_canvas_clear(&dry);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_logarithms, ctx),
        cmocka_unit_test_prestate(test_no_logarithms, ctx),
        cmocka_unit_test(test_linear_ticks),
        cmocka_unit_test(test_log_ticks),
        cmocka_unit_test(test_whole_ticks),
        cmocka_unit_test(test_tick_texts),
        cmocka_unit_test_prestate(test_fit, ctx),
        cmocka_unit_test_prestate(test_columns, ctx),
        cmocka_unit_test_prestate(test_heights, ctx),
    };
    return RUN(tests, ctx);
}
