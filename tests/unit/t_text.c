/* What a terminal may see (pleats/text.h). */
#include "unit.h"

#include "base/text.h"
#include "pleats/text.h"

#include <stdio.h>

static void expect(const char *text, const char *want)
{
    char out[256];
    pleats_plain(text, out, sizeof out);
    assert_string_equal(out, want);
}

static void plain_text_stays(void **state)
{
    (void)state;
    expect("", "");
    expect("net.onnx ~|\\", "net.onnx ~|\\");
    expect("\u00b5\u00a0\u20ac\u65e5\U0001f600",
           "\u00b5\u00a0\u20ac\u65e5\U0001f600");
    expect("\u05d0\u0628", "\u05d0\u0628"); /* letters from right to left */
}

static void controls_are_shown(void **state)
{
    (void)state;
    expect("a\x1b[31m\n\t\r\x7f", "a\\u001b[31m\\u000a\\u0009\\u000d\\u007f");
    expect("\302\200\302\23331m\302\237", "\\u0080\\u009b31m\\u009f");
    expect("\u061c\u200e\u200f\u2028\u2029",
           "\\u061c\\u200e\\u200f\\u2028\\u2029");
    expect("\u202a\u202b\u202c\u202d\u202e",
           "\\u202a\\u202b\\u202c\\u202d\\u202e");
    expect("\u2066\u2067\u2068\u2069\u206a",
           "\\u2066\\u2067\\u2068\\u2069\u206a");
}

/* Bytes that are no UTF-8: alone, cut, too long, surrogates, beyond the end. */
static void bytes_are_shown(void **state)
{
    (void)state;
    expect("\x9b"
           "31m",
           "\\x9b31m");
    expect("\xc2", "\\xc2");
    expect("\xc2x", "\\xc2x");
    expect("\xe2\x80", "\\xe2\\x80");
    expect("\xc0\x9b", "\\xc0\\x9b");
    expect("\xe0\x80\x9b", "\\xe0\\x80\\x9b");
    expect("\xed\xa0\x80", "\\xed\\xa0\\x80");
    expect("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    expect("\xff\xfe", "\\xff\\xfe");
}

static void cut_at_a_character(void **state)
{
    char out[8];
    (void)state;
    pleats_plain("abc\u20acdef", out, 7);
    assert_string_equal(out, "abc\u20ac");
    pleats_plain("abc\u20acdef", out, 6);
    assert_string_equal(out, "abc");
    pleats_plain("ab\x1b", out, 8);
    assert_string_equal(out, "ab");
}

/* A text in pieces: a character is known once it is whole. */
static void characters_in_pieces(void **state)
{
    char out[PLEATS_PLAIN_BYTES];
    size_t length = 0;
    (void)state;
    assert_int_equal(pleats_plain_next("\xe2\x80", 2, out, &length), 0);
    assert_int_equal(pleats_plain_next("\xe2\x80\xae", 3, out, &length), 3);
    assert_int_equal(length, 6);
    assert_memory_equal(out, "\\u202e", 6);
    assert_int_equal(pleats_plain_next("\xf0\x9f\x98\x80z", 5, out, &length),
                     4);
    assert_int_equal(length, 4);
}

/* Messages and remarks are one line that a terminal may see. */
static void messages_are_plain(void **state)
{
    pleats_ctx *ctx = *state;
    assert_int_equal(
        pleats_fail(ctx, PLEATS_INVALID, "%s: %.1f", "a\n\u202e\x9b", 0.5),
        PLEATS_INVALID);
    assert_string_equal(pleats_ctx_message(ctx), "a\\u000a\\u202e\\x9b: 0.5");
    need_ok(ctx, pleats_remark(ctx, "%s", "\x1b]0;title\x07"));
    assert_string_equal(pleats_ctx_remark(ctx, 0), "\\u001b]0;title\\u0007");
}

static void numbers(void **state)
{
    char text[32], *end = NULL;
    (void)state;
    assert_int_equal(pleats_format(text, sizeof text, "%.3g %d", 1.5, 7), 5);
    assert_string_equal(text, "1.5 7");
    assert_true(pleats_read_double("1.5,2", &end) == 1.5);
    assert_string_equal(end, ",2");
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(controls_are_shown),
        cmocka_unit_test(bytes_are_shown),
        cmocka_unit_test(cut_at_a_character),
        cmocka_unit_test(characters_in_pieces),
        cmocka_unit_test_prestate(messages_are_plain, ctx),
        cmocka_unit_test(numbers),
    };
    return RUN(tests, ctx);
}
