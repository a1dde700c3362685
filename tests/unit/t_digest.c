#include "exact/digest.h"
#include "unit.h"

#include <stdio.h>

static pleats_digest digest_of(pleats_hasher *h, const char *text)
{
    pleats_digest d;
    pleats_hasher_add(h, text, strlen(text));
    pleats_hasher_end(h, &d);
    return d;
}

static void expect_hex(const pleats_digest *d, const char *want)
{
    char hex[2 * PLEATS_DIGEST_BYTES + 1];
    for (int i = 0; i < PLEATS_DIGEST_BYTES; i++)
        sprintf(hex + 2 * i, "%02x", d->byte[i]);
    assert_string_equal(hex, want);
}

/* The examples of FIPS 180-2, and that the hasher starts anew. */
static void published_digests(void **state)
{
    pleats_hasher *h = NULL;
    assert_int_equal(pleats_hasher_new(*state, &h), PLEATS_OK);
    for (int again = 0; again < 2; again++) {
        pleats_digest d = digest_of(h, "abc");
        expect_hex(&d, "ba7816bf8f01cfea414140de5dae2223"
                       "b00361a396177a9cb410ff61f20015ad");
        d = digest_of(h, "");
        expect_hex(&d, "e3b0c44298fc1c149afbf4c8996fb924"
                       "27ae41e4649b934ca495991b7852b855");
    }
    pleats_hasher_free(*state, h);
}

static pleats_digest digest_of_integers(pleats_ctx *ctx, pleats_hasher *h,
                                        const char *a, const char *b)
{
    pleats_digest d;
    const char *text[] = {a, b};
    mpz_t z;
    mpz_init(z);
    for (int i = 0; i < 2; i++) {
        mpz_set_str(z, text[i], 16);
        assert_int_equal(pleats_hasher_add_integer(ctx, h, z), PLEATS_OK);
    }
    mpz_clear(z);
    pleats_hasher_end(h, &d);
    return d;
}

/* Pairs of integers that must not be taken for one another: sign, order, and
 * where one ends and the next begins. */
static void integers_keep_apart(void **state)
{
    static const char *pairs[][2] = {
        {"0", "0"},
        {"0", "1"},
        {"1", "0"},
        {"-1", "0"},
        {"1", "23"},
        {"12", "3"},
        {"123", "0"},
        {"100", "0"},
        {"1", "100"},
        {"0", "-1"},
        {"10000000000000000", "1"},
        {"1", "10000000000000000"},
        {"10000000000000001", "0"},
    };
    enum { N = sizeof pairs / sizeof pairs[0] };
    pleats_hasher *h = NULL;
    pleats_digest_set set = {0};
    size_t number;
    bool is_new;
    assert_int_equal(pleats_hasher_new(*state, &h), PLEATS_OK);
    for (int again = 0; again < 2; again++)
        for (size_t i = 0; i < N; i++) {
            pleats_digest d =
                digest_of_integers(*state, h, pairs[i][0], pairs[i][1]);
            assert_int_equal(
                pleats_digest_set_add(*state, &set, &d, &number, &is_new),
                PLEATS_OK);
            assert_int_equal(is_new, !again);
            assert_int_equal(number, i);
        }
    pleats_digest_set_clear(*state, &set);
    pleats_hasher_free(*state, h);
}

/* Thousands of members keep their numbers while the set grows; digests that
 * share their first bytes are told apart. */
static void sets_number_their_members(void **state)
{
    enum { N = 5000 };
    pleats_digest_set set = {0};
    pleats_digest d = {{0}};
    size_t number;
    bool is_new;
    assert_int_equal(pleats_digest_set_find(&set, &d), SIZE_MAX);
    for (size_t i = 0; i < N; i++) {
        d.byte[31] = (unsigned char)i;
        d.byte[30] = (unsigned char)(i >> 8);
        assert_int_equal(pleats_digest_set_find(&set, &d), SIZE_MAX);
        assert_int_equal(
            pleats_digest_set_add(*state, &set, &d, &number, &is_new),
            PLEATS_OK);
        assert_true(is_new);
        assert_int_equal(number, i);
    }
    assert_int_equal(set.n, N);
    for (size_t i = 0; i < N; i++) {
        d.byte[31] = (unsigned char)i;
        d.byte[30] = (unsigned char)(i >> 8);
        assert_int_equal(pleats_digest_set_find(&set, &d), i);
    }
    pleats_digest_set_clear(*state, &set);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(published_digests, ctx),
        cmocka_unit_test_prestate(integers_keep_apart, ctx),
        cmocka_unit_test_prestate(sets_number_their_members, ctx),
    };
    return RUN(tests, ctx);
}
