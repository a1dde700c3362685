/* Numbers of regions of hyperplane arrangements: known ones, and small ones
 * against Whitney's sum over all sets of hyperplanes. */
#include "arrangement/arrangement.h"
#include "exact/integers.h"
#include "meter.h"
#include "rng.h"
#include "unit.h"

#include <stdlib.h>

enum { MAX_ENTRIES = 6000, MAX_WIDTH = 71 };

typedef struct {
    pleats_idx k, m;
    mpz_t row[MAX_ENTRIES];
} arrangement;

static arrangement *start(pleats_idx k)
{
    arrangement *a = need_memory(1, sizeof *a);
    a->k = k;
    for (size_t i = 0; i < MAX_ENTRIES; i++)
        mpz_init(a->row[i]);
    return a;
}

static void end(arrangement *a)
{
    for (size_t i = 0; i < MAX_ENTRIES; i++)
        mpz_clear(a->row[i]);
    free(a);
}

/* The entries of row i. */
static mpz_t *row_of(arrangement *a, pleats_idx i)
{
    return a->row + (size_t)i * ((size_t)a->k + 1);
}

static mpz_t *add_row(arrangement *a)
{
    return row_of(a, a->m++);
}

/* x_i - x_j = c; c_j the factor of x_j. */
static void add_pair(arrangement *a, pleats_idx i, pleats_idx j, long factor,
                     long constant)
{
    mpz_t *z = add_row(a);
    mpz_set_si(z[j], factor);
    mpz_set_si(z[i], 1);
    mpz_set_si(z[a->k], -constant);
}

static void expect(pleats_ctx *ctx, arrangement *a, const char *regions)
{
    mpz_t got;
    mpz_init(got);
    assert_int_equal(
        pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got),
        PLEATS_OK);
    char *text = mpz_get_str(NULL, 10, got);
    assert_string_equal(text, regions);
    free(text);
    mpz_clear(got);
    end(a);
}

/* x_i - x_j = lo, ..., hi for i < j. */
static arrangement *differences(pleats_idx n, long lo, long hi)
{
    arrangement *a = start(n);
    for (pleats_idx i = 0; i < n; i++)
        for (pleats_idx j = i + 1; j < n; j++)
            for (long c = lo; c <= hi; c++)
                add_pair(a, i, j, -1, c);
    return a;
}

static void differences_of_coordinates(void **state)
{
    static const struct {
        pleats_idx n;
        long lo, hi;
        const char *regions;
    } known[] = {
        {5, 0, 0, "120"},  {6, 0, 0, "720"},   {7, 0, 0, "5040"},
        {4, 0, 1, "125"},  {5, 0, 1, "1296"},  {6, 0, 1, "16807"},
        {4, -1, 1, "336"}, {5, -1, 1, "5040"}, {2, -3, 3, "8"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        expect(*state, differences(known[i].n, known[i].lo, known[i].hi),
               known[i].regions);
}

static void type_b(void **state)
{
    static const char *const regions[] = {"48", "384", "3840"};
    for (pleats_idx n = 3; n <= 5; n++) {
        arrangement *a = differences(n, 0, 0);
        for (pleats_idx i = 0; i < n; i++) {
            add_pair(a, i, (i + 1) % n, 0, 0);
            for (pleats_idx j = i + 1; j < n; j++)
                add_pair(a, i, j, 1, 0);
        }
        expect(*state, a, regions[n - 3]);
    }
}

/* All 0-1 vectors of n entries but 0 (resonance), or after a 1 (threshold). */
static arrangement *binary(pleats_idx n, bool is_threshold)
{
    arrangement *a = start(n + is_threshold);
    for (long bits = is_threshold ? 0 : 1; bits < 1L << n; bits++) {
        mpz_t *z = add_row(a);
        for (pleats_idx j = 0; j < n; j++)
            mpz_set_si(z[j], bits >> j & 1);
        if (is_threshold)
            mpz_set_si(z[n], 1);
    }
    return a;
}

static void binary_normals(void **state)
{
    static const char *const resonance[] = {"2",   "6",     "32",
                                            "370", "11292", "1066044"};
    static const char *const threshold[] = {"4", "14", "104", "1882"};
    for (pleats_idx n = 1; n <= 6; n++)
        expect(*state, binary(n, false), resonance[n - 1]);
    for (pleats_idx n = 1; n <= 4; n++)
        expect(*state, binary(n, true), threshold[n - 1]);
}

/* x_1 = 0, ..., x_n = 0 and x_1 + ... + x_n = 0: the sum is 0 somewhere in all
 * orthants but two, 2^(n + 1) - 2 regions. */
static void one_more_than_independent(void **state)
{
    arrangement *a = start(70);
    for (pleats_idx i = 0; i < 70; i++)
        mpz_set_si(add_row(a)[i], 1);
    for (pleats_idx i = 0; i < 70; i++)
        mpz_set_si(row_of(a, 70)[i], 1);
    a->m++;
    expect(*state, a, "2361183241434822606846");
}

/* Rows t, t^2, ..., t^k, 1 for t = first, ...: in general position, since all
 * minors are Vandermonde's. */
static arrangement *moments(pleats_idx k, pleats_idx m, unsigned long first)
{
    arrangement *a = start(k);
    for (pleats_idx i = 0; i < m; i++) {
        mpz_t *z = add_row(a);
        for (pleats_idx j = 0; j < k; j++)
            mpz_ui_pow_ui(z[j], first + (unsigned long)i, (unsigned long)j + 1);
        mpz_set_ui(z[k], 1);
    }
    return a;
}

static void general_position(void **state)
{
    expect(*state, moments(3, 20, 1), "1351");
    expect(*state, moments(4, 30, 1), "31931");
    expect(*state, moments(4, 30, 1000003), "31931");
    expect(*state, moments(6, 15, 1), "9949");
    expect(*state, moments(20, 24, 1), "16774891");
    expect(*state, moments(2, 1500, 1), "1125751");
    expect(*state, moments(2, 400, 1000000007), "80201");
}

static void without_dimensions(void **state)
{
    expect(*state, start(0), "1");
    expect(*state, start(3), "1");
    arrangement *a = start(2);
    add_row(a);
    mpz_set_ui(add_row(a)[2], 7);
    expect(*state, a, "1");
    a = start(1);
    for (int i = 0; i < 6; i++) {
        mpz_t *z = add_row(a);
        mpz_set_si(z[0], 1 + i % 3);
        mpz_set_si(z[1], 6);
    }
    expect(*state, a, "4");
}

/* Two points that are one modulo 1009, the least prime that is ever used: the
 * minor of their rows is 1009. */
static void points_that_one_prime_joins(void **state)
{
    arrangement *a = start(1);
    mpz_t *z = add_row(a);
    mpz_set_si(z[0], 31);
    mpz_set_si(z[1], 1);
    z = add_row(a);
    mpz_set_si(z[0], 14);
    mpz_set_si(z[1], 33);
    expect(*state, a, "3");
}

/* Independent rows, and arrangements in coordinates of their own. */
static void products(void **state)
{
    arrangement *a = start(40);
    for (pleats_idx i = 0; i < 40; i++)
        mpz_set_si(add_row(a)[i], 1 + i);
    expect(*state, a, "1099511627776");
    a = start(40);
    for (pleats_idx i = 0; i < 40; i++)
        add_pair(a, i, (i + 1) % 40, i % 10 < 9, i % 7);
    expect(*state, a, "1099511627776");
    a = start(8);
    for (pleats_idx at = 0; at < 8; at += 4)
        for (pleats_idx i = 0; i < 4; i++)
            for (pleats_idx j = i + 1; j < 4; j++)
                for (long c = 0; c <= at / 4; c++)
                    add_pair(a, at + i, at + j, -1, c);
    expect(*state, a, "3000"); /* braid 4 times Shi 4 */
}

/* The rank of the rows of z [n x width], which it destroys. */
static pleats_idx rank_of(mpz_t *z, pleats_idx n, pleats_idx width)
{
    pleats_idx rank = 0;
    mpz_t t;
    mpz_init(t);
    for (pleats_idx c = 0; c < width && rank < n; c++) {
        pleats_idx i = rank;
        while (i < n && mpz_sgn(z[i * width + c]) == 0)
            i++;
        if (i == n)
            continue;
        for (pleats_idx e = 0; e < width; e++)
            mpz_swap(z[i * width + e], z[rank * width + e]);
        for (i = rank + 1; i < n; i++) {
            mpz_set(t, z[i * width + c]);
            for (pleats_idx e = 0; e < width; e++) {
                mpz_mul(z[i * width + e], z[i * width + e],
                        z[rank * width + c]);
                mpz_submul(z[i * width + e], z[rank * width + e], t);
            }
        }
        rank++;
    }
    mpz_clear(t);
    return rank;
}

/* The rank of the chosen rows, with or without their constants. */
static pleats_idx rank_of_set(arrangement *a, unsigned set, bool constants,
                              mpz_t *spare)
{
    pleats_idx width = a->k + constants, n = 0;
    for (pleats_idx i = 0; i < a->m; i++)
        if (set >> i & 1) {
            for (pleats_idx c = 0; c < width; c++)
                mpz_set(spare[n * width + c], row_of(a, i)[c]);
            n++;
        }
    return rank_of(spare, n, width);
}

/* The sum over sets of hyperplanes with a common point of
 * (-1)^(size - rank) [Whitney 1932]. */
static long whitney(arrangement *a)
{
    arrangement *spare = start(a->k);
    long sum = 0;
    for (unsigned set = 0; set < 1U << a->m; set++) {
        pleats_idx rank = rank_of_set(a, set, false, spare->row);
        if (rank == rank_of_set(a, set, true, spare->row))
            sum += (__builtin_popcount(set) - rank) % 2 ? -1 : 1;
    }
    end(spare);
    return sum;
}

static long count(pleats_ctx *ctx, arrangement *a)
{
    mpz_t got;
    mpz_init(got);
    assert_int_equal(
        pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got),
        PLEATS_OK);
    long regions = mpz_get_si(got);
    mpz_clear(got);
    return regions;
}

/* Rows with normals and many coincidences: small entries, some repeated. */
static arrangement *random_rows(rng *r)
{
    arrangement *a = start(rng_int(r, 1, 4));
    int32_t most = rng_int(r, 1, 2), m = rng_int(r, 1, 7);
    bool is_central = rng_one_in(r, 4);
    while (a->m < m) {
        mpz_t *z = add_row(a);
        bool has_normal = false;
        for (pleats_idx c = 0; c < a->k; c++) {
            mpz_set_si(z[c], rng_int(r, -most, most));
            has_normal |= mpz_sgn(z[c]) != 0;
        }
        mpz_set_si(z[a->k], is_central ? 0 : rng_int(r, -most, most));
        if (rng_one_in(r, 4) && a->m > 1)
            for (pleats_idx c = 0; c < a->k; c++) {
                mpz_mul_si(z[c], row_of(a, 0)[c], -3);
                has_normal = true;
            }
        a->m -= !has_normal;
    }
    return a;
}

/* In random coordinates t = G s + g with entries of so many bits, each row
 * times a random factor: large numbers, the same regions. */
static void change_coordinates(rng *r, arrangement *a, int bits)
{
    arrangement *g = start(a->k);
    mpz_t sum[MAX_WIDTH], dominant;
    mpz_init(dominant);
    mpz_setbit(dominant, (mp_bitcnt_t)bits + 4);
    for (pleats_idx c = 0; c <= a->k; c++)
        mpz_init(sum[c]);
    for (pleats_idx i = 0; i < a->k; i++) {
        mpz_t *z = add_row(g);
        for (pleats_idx c = 0; c <= a->k; c++)
            mpz_set_si(z[c], (int64_t)rng_next(r) >> (64 - bits));
        mpz_add(z[i], z[i], dominant);
    }
    for (pleats_idx i = 0; i < a->m; i++) {
        mpz_t *z = row_of(a, i);
        for (pleats_idx c = 0; c <= a->k; c++)
            mpz_set_si(sum[c], 0);
        mpz_set(sum[a->k], z[a->k]);
        for (pleats_idx j = 0; j < a->k; j++)
            for (pleats_idx c = 0; c <= a->k; c++)
                mpz_addmul(sum[c], z[j], row_of(g, j)[c]);
        int32_t factor = rng_int(r, 1, 1 << 20) * (rng_one_in(r, 2) ? 1 : -1);
        for (pleats_idx c = 0; c <= a->k; c++)
            mpz_mul_si(z[c], sum[c], factor);
    }
    for (pleats_idx c = 0; c <= a->k; c++)
        mpz_clear(sum[c]);
    mpz_clear(dominant);
    end(g);
}

static void degenerate(void **state)
{
    rng r = {1};
    for (uint64_t n = n_cases(150); n > 0; n--) {
        uint64_t seed = r.state;
        arrangement *a = random_rows(&r);
        long truth = whitney(a);
        if (count(*state, a) != truth)
            fail_msg("seed %llu", (unsigned long long)seed);
        change_coordinates(&r, a, rng_int(&r, 8, 60));
        if (count(*state, a) != truth)
            fail_msg("seed %llu, other coordinates", (unsigned long long)seed);
        end(a);
    }
}

/* x + y = 3, p x + y = 0, 2 p x + y = 1 and (3 p + 1) x + 2 y = 5 are in
 * general position, but the middle ones are parallel modulo p. */
static void parallel_modulo_prime(void **state)
{
    static const unsigned long times[] = {0, 1, 2, 3}, more[] = {1, 0, 0, 1};
    static const long rest[][2] = {{1, -3}, {1, 0}, {1, -1}, {2, -5}};
    arrangement *a = start(2);
    mpz_t prime;
    mpz_init(prime);
    mpz_setbit(prime, 61);
    mpz_nextprime(prime, prime);
    for (int i = 0; i < 4; i++) {
        mpz_t *z = add_row(a);
        mpz_mul_ui(z[0], prime, times[i]);
        mpz_add_ui(z[0], z[0], more[i]);
        mpz_set_si(z[1], rest[i][0]);
        mpz_set_si(z[2], rest[i][1]);
    }
    mpz_clear(prime);
    expect(*state, a, "11");
}

/* Entries are multiples of the primes that come first, so that many minors
 * vanish modulo those without being 0. */
static void unlucky_primes(void **state)
{
    rng r = {2};
    mpz_t prime[4];
    for (int i = 0; i < 4; i++) {
        mpz_init(prime[i]);
        if (i == 0)
            mpz_setbit(prime[i], 61);
        mpz_nextprime(prime[i], prime[i ? i - 1 : 0]);
    }
    for (uint64_t n = n_cases(200); n > 0; n--) {
        uint64_t seed = r.state;
        arrangement *a = random_rows(&r);
        for (pleats_idx i = 0; i < a->m; i++)
            for (pleats_idx c = 0; c <= a->k; c++)
                if (rng_one_in(&r, 2))
                    mpz_mul(row_of(a, i)[c], row_of(a, i)[c],
                            prime[rng_one_in(&r, 2) ? 0 : rng_int(&r, 1, 3)]);
        if (count(*state, a) != whitney(a))
            fail_msg("seed %llu", (unsigned long long)seed);
        end(a);
    }
    for (int i = 0; i < 4; i++)
        mpz_clear(prime[i]);
}

/* What is counted until then is a lower bound. */
static void stops_when_told(void **state)
{
    pleats_ctx *ctx = need_ctx();
    arrangement *a = binary(7, false);
    pleats_watch watch;
    mpz_t got;
    (void)state;
    mpz_init(got);
    need_ok(ctx,
            pleats_watch_begin(ctx, &(pleats_limits){.seconds = 1e-9}, &watch));
    assert_int_equal(
        pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got),
        PLEATS_LIMIT);
    assert_int_equal(mpz_get_ui(got), 1);
    pleats_watch_end(ctx, &watch);
    need_ok(ctx,
            pleats_watch_begin(ctx, &(pleats_limits){.seconds = 0.02}, &watch));
    assert_int_equal(
        pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got),
        PLEATS_LIMIT);
    assert_true(mpz_cmp_ui(got, 1) > 0);
    assert_true(mpz_cmp_ui(got, 347326352) < 0);
    pleats_watch_end(ctx, &watch);
    pleats_ctx_cancel(ctx);
    assert_int_equal(
        pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got),
        PLEATS_LIMIT);
    assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
    mpz_clear(got);
    end(a);
    pleats_ctx_free(ctx);
}

/* Every allocation fails once. */
static void out_of_memory(void **state)
{
    meter m = {0};
    pleats_allocator allocator = meter_allocator(&m);
    arrangement *a = binary(4, true);
    pleats_ctx *ctx = NULL;
    pleats_status status = PLEATS_NOMEM;
    mpz_t got;
    (void)state;
    mpz_init(got);
    need_ok(NULL, pleats_ctx_new(&allocator, &ctx));
    for (size_t at = 1; status != PLEATS_OK; at++) {
        m.fail_at = m.calls + at;
        status = pleats_arrangement_count(ctx, NULL, a->k, a->m, a->row, got);
        assert_true(status == PLEATS_OK || status == PLEATS_NOMEM);
        assert_int_equal(pleats_ctx_live_bytes(ctx), 0);
        assert_true(at > 10 || status == PLEATS_NOMEM);
    }
    assert_int_equal(mpz_get_ui(got), 1882);
    mpz_clear(got);
    end(a);
    pleats_ctx_free(ctx);
    assert_int_equal(m.live, 0);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(differences_of_coordinates, ctx),
        cmocka_unit_test_prestate(type_b, ctx),
        cmocka_unit_test_prestate(binary_normals, ctx),
        cmocka_unit_test_prestate(one_more_than_independent, ctx),
        cmocka_unit_test_prestate(general_position, ctx),
        cmocka_unit_test_prestate(without_dimensions, ctx),
        cmocka_unit_test_prestate(points_that_one_prime_joins, ctx),
        cmocka_unit_test_prestate(products, ctx),
        cmocka_unit_test_prestate(degenerate, ctx),
        cmocka_unit_test_prestate(parallel_modulo_prime, ctx),
        cmocka_unit_test_prestate(unlucky_primes, ctx),
        cmocka_unit_test(stops_when_told),
        cmocka_unit_test(out_of_memory),
    };
    return RUN(tests, ctx);
}
