#include "onnx/number.h"

#include "exact/integers.h"
#include "exact/rational.h"

enum { POOL_BITS_LOG2 = 33, MANTISSA_BITS = 53, SPARE_BITS = 64 };

#define NAME_BITS ((uint64_t)0x7ff4 << 48)

void pleats_pool_init(pleats_ctx *ctx, pleats_pool *pool)
{
    *pool = (pleats_pool){.ctx = ctx};
}

void pleats_pool_clear(pleats_pool *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        mpq_clear(pool->value[i]);
    if (pool->ctx) {
        pleats_release(pool->ctx, pool->value);
        pleats_release(pool->ctx, pool->factor);
    }
    *pool = (pleats_pool){0};
}

pleats_status pleats_pool_take_status(pleats_pool *pool)
{
    pleats_status status = pool->status;
    pool->status = PLEATS_OK;
    return status;
}

bool pleats_numbers_have_rational(const pleats_number *x, size_t n)
{
    for (size_t i = 0; x && i < n; i++)
        if (pleats_number_is_rational(x[i]))
            return true;
    return false;
}

void pleats_number_get(const pleats_pool *pool, pleats_number x, mpq_t out)
{
    if (pleats_number_is_rational(x))
        mpq_set(out, pleats_number_rational(pool, x));
    else
        mpq_set_d(out, x);
}

double pleats_number_nearest(const pleats_pool *pool, pleats_number x)
{
    return pleats_number_is_rational(x)
               ? pleats_rational_to_double(pleats_number_rational(pool, x))
               : x;
}

double pleats_number_round(pleats_pool *pool, pleats_number x)
{
    pool->n_rounded += pleats_number_is_rational(x);
    return pleats_number_nearest(pool, x);
}

static pleats_status add_value(pleats_pool *pool, const mpq_t value,
                               pleats_number *out)
{
    pleats_status status = PLEATS_OK;
    size_t num = mpz_sizeinbase(mpq_numref(value), 2);
    size_t den = mpz_sizeinbase(mpq_denref(value), 2);
    uint64_t bits = NAME_BITS | pool->n;
    if (num > PLEATS_NUMBER_MAX_BITS || den > PLEATS_NUMBER_MAX_BITS)
        TRY(pleats_fail(pool->ctx, PLEATS_INVALID,
                        "a constant that takes more than %d bits",
                        PLEATS_NUMBER_MAX_BITS));
    if (pool->n_bits + num + den > (size_t)1 << POOL_BITS_LOG2)
        TRY(pleats_fail(pool->ctx, PLEATS_LIMIT,
                        "constants that are no doubles take more than 1 GiB"));
    TRY(pleats_grow(pool->ctx, &pool->value, &pool->capacity, pool->n + 1,
                    sizeof *pool->value));
    pool->n_bits += num + den;
    mpq_init(pool->value[pool->n]);
    mpq_set(pool->value[pool->n++], value);
    memcpy(out, &bits, sizeof bits);
done:
    return status;
}

pleats_number pleats_number_put(pleats_pool *pool, const mpq_t value)
{
    bool exact = false;
    pleats_number x =
        pleats_quotient_to_double(mpq_numref(value), mpq_denref(value), &exact);
    if (exact || pool->status != PLEATS_OK)
        return exact ? x : (double)NAN;
    pool->status = add_value(pool, value, &x);
    return pool->status == PLEATS_OK ? x : (double)NAN;
}

pleats_number pleats_number_of_integer(pleats_pool *pool, int64_t x)
{
    mpq_t q;
    if (x >= -((int64_t)1 << MANTISSA_BITS) && x <= (int64_t)1 << MANTISSA_BITS)
        return (double)x;
    mpq_init(q);
    mpq_set_si(q, x, 1);
    pleats_number result = pleats_number_put(pool, q);
    mpq_clear(q);
    return result;
}

bool pleats_number_to_integer(const pleats_pool *pool, pleats_number x,
                              int64_t *out)
{
    mpq_t q;
    if (!pleats_number_is_finite(x))
        return false;
    mpq_init(q);
    pleats_number_get(pool, x, q);
    mpz_tdiv_q(mpq_numref(q), mpq_numref(q), mpq_denref(q));
    bool fits = mpz_fits_slong_p(mpq_numref(q)) != 0;
    *out = fits ? mpz_get_si(mpq_numref(q)) : 0;
    mpq_clear(q);
    return fits;
}

/* ---- factors of denominators ---- */

static uint64_t odd_part(pleats_number x)
{
    int64_t mantissa = pleats_dyadic_of(x).mantissa;
    return (uint64_t)(mantissa < 0 ? -mantissa : mantissa);
}

/* Remembers that numbers are divided by `by`; beyond room for them factors are
 * forgotten, and numbers that need them are rounded and counted. */
static void remember_factor(pleats_pool *pool, uint64_t by)
{
    const size_t mask = (size_t)2 * PLEATS_POOL_FACTORS - 1;
    if (by <= 1 || pool->n_factors == PLEATS_POOL_FACTORS)
        return;
    if (!pool->factor) {
        pool->status = pleats_alloc(pool->ctx, mask + 1, sizeof *pool->factor,
                                    &pool->factor);
        if (pool->status != PLEATS_OK)
            return;
    }
    size_t at = (size_t)(by * 0x9e3779b97f4a7c15u >> 40) & mask;
    while (pool->factor[at] && pool->factor[at] != by)
        at = (at + 1) & mask;
    pool->n_factors += pool->factor[at] == 0;
    pool->factor[at] = by;
}

/* Divides d by its greatest common divisor with f; *product gets the divisor
 * too unless it would leave the range below 2^53. */
static bool take_common(mpz_t d, uint64_t f, mpz_t common, mpz_t product)
{
    mpz_set_ui(common, (unsigned long)f);
    mpz_gcd(common, common, d);
    if (mpz_cmp_ui(common, 1) == 0)
        return false;
    mpz_mul(product, product, common);
    if (mpz_sizeinbase(product, 2) > MANTISSA_BITS) {
        mpz_divexact(product, product, common);
        return false;
    }
    mpz_divexact(d, d, common);
    return true;
}

double pleats_pool_take_factor(pleats_pool *pool, mpz_t d)
{
    enum { SMALL_PRIMES = 1000 };
    mpz_t common, product;
    double result = 0;
    if (mpz_sizeinbase(d, 2) <= MANTISSA_BITS) {
        result = mpz_get_d(d);
        remember_factor(pool, (uint64_t)result);
        mpz_set_ui(d, 1);
        return result;
    }
    mpz_init(common);
    mpz_init_set_ui(product, 1);
    for (size_t i = 0; pool->factor && i < (size_t)2 * PLEATS_POOL_FACTORS; i++)
        while (pool->factor[i] > 1 &&
               take_common(d, pool->factor[i], common, product))
            ;
    for (uint64_t f = 3; f < SMALL_PRIMES; f += 2)
        while (take_common(d, f, common, product))
            ;
    if (mpz_cmp_ui(product, 1) > 0)
        result = mpz_get_d(product);
    mpz_clear(common);
    mpz_clear(product);
    return result;
}

/* ---- arithmetic ---- */

typedef void (*operation)(mpq_t, const mpq_t, const mpq_t);

/* a and b are finite. */
static pleats_number in_rationals(pleats_pool *pool, operation apply,
                                  pleats_number a, pleats_number b)
{
    mpq_t x, y;
    mpq_init(x);
    mpq_init(y);
    pleats_number_get(pool, a, x);
    pleats_number_get(pool, b, y);
    apply(x, x, y);
    pleats_number result = pleats_number_put(pool, x);
    mpq_clear(x);
    mpq_clear(y);
    return result;
}

static bool are_finite(pleats_number a, pleats_number b)
{
    return pleats_number_is_finite(a) && pleats_number_is_finite(b);
}

/* Knuth's TwoSum: whether a + b is the double *sum. */
static bool is_double_sum(double a, double b, double *sum)
{
    double s = a + b, t = s - a;
    *sum = s;
    return (a - (s - t)) + (b - t) == 0;
}

/* Whether a * b is the double *product.  Mantissas are multiplied apart from
 * the exponents, so that the error term cannot underflow. */
static bool is_double_product(double a, double b, double *product)
{
    int ea = 0, eb = 0;
    *product = 0;
    if (a == 0 || b == 0)
        return true;
    double ma = frexp(a, &ea), mb = frexp(b, &eb), m = ma * mb;
    *product = a * b;
    return isfinite(*product) && fma(ma, mb, -m) == 0 &&
           ldexp(*product, -ea - eb) == m;
}

pleats_number pleats_number_add(pleats_pool *pool, pleats_number a,
                                pleats_number b)
{
    double sum = 0;
    if (!are_finite(a, b))
        return pleats_number_nearest(pool, a) + pleats_number_nearest(pool, b);
    return is_double_sum(a, b, &sum) ? sum : in_rationals(pool, mpq_add, a, b);
}

pleats_number pleats_number_mul(pleats_pool *pool, pleats_number a,
                                pleats_number b)
{
    double product = 0;
    if (!are_finite(a, b))
        return pleats_number_nearest(pool, a) * pleats_number_nearest(pool, b);
    return is_double_product(a, b, &product)
               ? product
               : in_rationals(pool, mpq_mul, a, b);
}

pleats_number pleats_number_div(pleats_pool *pool, pleats_number a,
                                pleats_number b)
{
    int ea = 0, eb = 0;
    if (!are_finite(a, b) || b == 0)
        return pleats_number_nearest(pool, a) / pleats_number_nearest(pool, b);
    if (a == 0)
        return 0;
    double ma = frexp(a, &ea), mb = frexp(b, &eb), m = ma / mb, q = a / b;
    if (isfinite(q) && fma(m, mb, -ma) == 0 && ldexp(q, eb - ea) == m)
        return q;
    if (!pleats_number_is_rational(b))
        remember_factor(pool, odd_part(b));
    return in_rationals(pool, mpq_div, a, b);
}

/* All numbers are finite. */
static pleats_number dot_in_rationals(pleats_pool *pool, size_t n,
                                      const pleats_number *a,
                                      const pleats_number *b,
                                      pleats_number start)
{
    mpq_t sum, x, y;
    mpq_init(sum);
    mpq_init(x);
    mpq_init(y);
    pleats_number_get(pool, start, sum);
    for (size_t i = 0; i < n; i++) {
        pleats_number_get(pool, a[i], x);
        if (b) {
            pleats_number_get(pool, b[i], y);
            mpq_mul(x, x, y);
        }
        mpq_add(sum, sum, x);
    }
    pleats_number result = pleats_number_put(pool, sum);
    mpq_clear(sum);
    mpq_clear(x);
    mpq_clear(y);
    return result;
}

pleats_number pleats_number_dot(pleats_pool *pool, size_t n,
                                const pleats_number *a, const pleats_number *b,
                                pleats_number start)
{
    double sum = start, in_doubles = pleats_number_nearest(pool, start), p = 0;
    bool exact = !pleats_number_is_rational(start);
    bool finite = pleats_number_is_finite(start);
    for (size_t i = 0; i < n; i++) {
        pleats_number y = b ? b[i] : 1;
        exact = exact && is_double_product(a[i], y, &p) &&
                is_double_sum(sum, p, &sum);
        finite = finite && are_finite(a[i], y);
        in_doubles +=
            pleats_number_nearest(pool, a[i]) * pleats_number_nearest(pool, y);
    }
    if (!finite)
        return in_doubles;
    return exact ? sum : dot_in_rationals(pool, n, a, b, start);
}

pleats_number pleats_number_neg(pleats_pool *pool, pleats_number a)
{
    return pleats_number_is_rational(a) ? pleats_number_mul(pool, a, -1) : -a;
}

int pleats_number_compare(const pleats_pool *pool, pleats_number a,
                          pleats_number b)
{
    bool big = pleats_number_is_rational(a) || pleats_number_is_rational(b);
    mpq_t x, y;
    if (pleats_number_is_nan(a) || pleats_number_is_nan(b))
        return 2;
    if (!big)
        return (a > b) - (a < b);
    if (isinf(a) || isinf(b))
        return isinf(a) ? (a > 0 ? 1 : -1) : (b > 0 ? -1 : 1);
    mpq_init(x);
    mpq_init(y);
    pleats_number_get(pool, a, x);
    pleats_number_get(pool, b, y);
    int order = mpq_cmp(x, y);
    mpq_clear(x);
    mpq_clear(y);
    return (order > 0) - (order < 0);
}

/* The double nearest to the irrational root of x > 0: of a number of more bits
 * than a double has, cut off, whose last bit stands for the rest. */
static double irrational_root(const mpq_t x)
{
    mpz_t num, den;
    mpz_init(num);
    mpz_init_set_ui(den, 1);
    long size = (long)mpz_sizeinbase(mpq_numref(x), 2) -
                (long)mpz_sizeinbase(mpq_denref(x), 2);
    mp_bitcnt_t shift = SPARE_BITS + (size < 0 ? (mp_bitcnt_t)-size : 0);
    mpz_mul_2exp(num, mpq_numref(x), 2 * shift);
    mpz_fdiv_q(num, num, mpq_denref(x));
    mpz_sqrt(num, num);
    mpz_mul_2exp(num, num, 1);
    mpz_add_ui(num, num, 1);
    mpz_mul_2exp(den, den, shift + 1);
    double root = pleats_quotient_to_double(num, den, NULL);
    mpz_clear(num);
    mpz_clear(den);
    return root;
}

pleats_number pleats_number_sqrt(pleats_pool *pool, pleats_number a)
{
    mpq_t x;
    if (!pleats_number_is_finite(a) || a == 0 || a < 0)
        return sqrt(a);
    mpq_init(x);
    pleats_number_get(pool, a, x);
    pleats_number root = NAN;
    if (mpq_sgn(x) > 0 && mpz_perfect_square_p(mpq_numref(x)) &&
        mpz_perfect_square_p(mpq_denref(x))) {
        mpz_sqrt(mpq_numref(x), mpq_numref(x));
        mpz_sqrt(mpq_denref(x), mpq_denref(x));
        root = pleats_number_put(pool, x);
    } else if (mpq_sgn(x) > 0) {
        root = irrational_root(x);
        pool->n_rounded++;
    }
    mpq_clear(x);
    return root;
}
