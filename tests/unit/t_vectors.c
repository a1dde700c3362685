#include "exact/vectors.h"
#include "unit.h"

/* Vectors that differ in a sign, in order, or in where an entry's limbs end. */
static void keeps_apart(void **state)
{
    static const char *text[][2] = {{"0", "0"},  {"1", "0"},
                                    {"0", "1"},  {"-1", "0"},
                                    {"0", "-1"}, {"10000000000000000", "0"},
                                    {"1", "1"},  {"-1", "1"},
                                    {"1", "-1"}, {"0", "10000000000000000"}};
    enum { N = sizeof text / sizeof *text };
    pleats_vectors set;
    mpz_t v[2];
    pleats_vectors_init(*state, &set, 2);
    mpz_init(v[0]);
    mpz_init(v[1]);
    for (size_t i = 0; i < 2 * N; i++) {
        size_t number;
        bool is_new;
        mpz_set_str(v[0], text[i % N][0], 16);
        mpz_set_str(v[1], text[i % N][1], 16);
        assert_int_equal(pleats_vectors_add(&set, v, &number, &is_new),
                         PLEATS_OK);
        assert_int_equal(number, i % N);
        assert_int_equal(is_new, i < N);
        assert_int_equal(mpz_cmp(pleats_vector(&set, number)[1], v[1]), 0);
    }
    assert_int_equal(set.n, N);
    mpz_clear(v[0]);
    mpz_clear(v[1]);
    pleats_vectors_clear(&set);
}

/* Number of (i, j) is found again among 10,000 others, by arithmetic. */
static void numbers_many(void **state)
{
    enum { N = 100 };
    pleats_vectors set;
    mpz_t v[2];
    pleats_vectors_init(*state, &set, 2);
    mpz_init(v[0]);
    mpz_init(v[1]);
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < N * N; i++) {
            size_t number;
            mpz_ui_pow_ui(v[0], 3, i / N);
            mpz_ui_pow_ui(v[1], 7, i % N);
            mpz_neg(v[1], v[1]);
            assert_int_equal(pleats_vectors_add(&set, v, &number, NULL),
                             PLEATS_OK);
            assert_int_equal(number, i);
        }
    mpz_clear(v[0]);
    mpz_clear(v[1]);
    pleats_vectors_clear(&set);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(keeps_apart, ctx),
        cmocka_unit_test_prestate(numbers_many, ctx),
    };
    return RUN(tests, ctx);
}
