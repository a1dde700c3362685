#include "onnx/exact_rows.h"

#include "base/hash.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <float.h>

enum {
    LEAST_EXPONENT = DBL_MIN_EXP - DBL_MANT_DIG, /* of the smallest double */
    ALL_EXPONENTS = 1 << 20, /* beyond those of all numbers */
    STEP_TWOS = 1000         /* a power of two that divides at once */
};

pleats_status pleats_row_scales_new(pleats_ctx *ctx, size_t n,
                                    pleats_row_scale **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        mpz_init_set_ui((*out)[i].odd, 1);
done:
    return status;
}

void pleats_row_scales_free(pleats_ctx *ctx, size_t n, pleats_row_scale *s)
{
    for (size_t i = 0; s && i < n; i++)
        mpz_clear(s[i].odd);
    pleats_release(ctx, s);
}

static bool is_one(const pleats_row_scale *s)
{
    return s->twos == 0 && mpz_cmp_ui(s->odd, 1) == 0;
}

/* Numbers of twos in z != 0, and z without them. */
static long take_twos(mpz_t z)
{
    long twos = (long)mpz_scan1(z, 0);
    mpz_fdiv_q_2exp(z, z, (mp_bitcnt_t)twos);
    return twos;
}

void pleats_make_divisible(pleats_pool *pool, size_t n, pleats_number *x)
{
    mpq_t q;
    mpq_init(q);
    for (size_t i = 0; i < n; i++) {
        if (!pleats_number_is_rational(x[i]))
            continue;
        pleats_number_get(pool, x[i], q);
        take_twos(mpq_denref(q));
        while (mpz_cmp_ui(mpq_denref(q), 1) > 0)
            if (pleats_pool_take_factor(pool, mpq_denref(q)) == 0) {
                x[i] = pleats_number_round(pool, x[i]);
                break;
            }
    }
    mpq_clear(q);
}

void pleats_row_scale_apply(const pleats_pool *pool, pleats_number x,
                            const pleats_row_scale *scale, mpq_t out)
{
    pleats_number_get(pool, x, out);
    mpz_mul(mpq_numref(out), mpq_numref(out), scale->odd);
    mpq_canonicalize(out);
    if (scale->twos > 0)
        mpq_mul_2exp(out, out, (mp_bitcnt_t)scale->twos);
    else
        mpq_div_2exp(out, out, (mp_bitcnt_t)-scale->twos);
}

/* Widens [*low, *high] to hold the exponents of the bits of x * odd. */
static void widen(const pleats_pool *pool, pleats_number x, const mpz_t odd,
                  long *low, long *high)
{
    long bottom = 0, top = 0, more = (long)mpz_sizeinbase(odd, 2);
    if (x == 0)
        return;
    if (pleats_number_is_rational(x)) {
        mpq_srcptr q = pleats_number_rational(pool, x);
        bottom = (long)mpz_scan1(mpq_numref(q), 0) -
                 (long)mpz_scan1(mpq_denref(q), 0);
        top = (long)mpz_sizeinbase(mpq_numref(q), 2) -
              (long)mpz_sizeinbase(mpq_denref(q), 2) + 1;
    } else {
        bottom = pleats_dyadic_of(x).exponent;
        top = ilogb(x) + 1;
    }
    *low = bottom < *low ? bottom : *low;
    *high = top + more > *high ? top + more : *high;
}

void pleats_row_scale_find(const pleats_pool *pool, size_t n,
                           const pleats_number *x, pleats_number more,
                           pleats_row_scale *out)
{
    long low = 0, high = -ALL_EXPONENTS;
    mpq_t q;
    mpq_init(q);
    out->twos = 0;
    for (size_t i = 0; i <= n; i++) {
        pleats_number v = i < n ? x[i] : more;
        if (!pleats_number_is_rational(v))
            continue;
        pleats_number_get(pool, v, q);
        take_twos(mpq_denref(q));
        mpz_lcm(out->odd, out->odd, mpq_denref(q));
    }
    mpq_clear(q);
    for (size_t i = 0; i <= n; i++)
        if (pleats_number_is_finite(i < n ? x[i] : more))
            widen(pool, i < n ? x[i] : more, out->odd, &low, &high);
    if (low < LEAST_EXPONENT)
        out->twos = low - high >= LEAST_EXPONENT ? -high : LEAST_EXPONENT - low;
    if (high + out->twos >= DBL_MAX_EXP)
        out->twos = DBL_MAX_EXP - 1 - high;
}

double pleats_split_next(pleats_pool *pool, mpq_t x)
{
    mpq_t part;
    double next = pleats_rational_to_double(x);
    pool->n_rounded += next == 0 && mpq_sgn(x) != 0;
    if (next == 0 || !isfinite(next)) {
        mpq_set_ui(x, 0, 1);
        return next;
    }
    mpq_init(part);
    mpq_set_d(part, next);
    mpq_sub(x, x, part);
    mpq_clear(part);
    return next;
}

/* The next divisor; the scale is what remains. */
static double take_divisor(pleats_pool *pool, pleats_row_scale *s)
{
    if (mpz_cmp_ui(s->odd, 1) > 0)
        return pleats_pool_take_factor(pool, s->odd);
    long twos = s->twos > STEP_TWOS    ? STEP_TWOS
                : s->twos < -STEP_TWOS ? -STEP_TWOS
                                       : s->twos;
    s->twos -= twos;
    return ldexp(1, (int)twos);
}

/* One sparse step for the scalars whose scale is not 1, if there are any;
 * which [n] is scratch. */
static pleats_status divide_once(const pleats_call *c,
                                 const pleats_step_label *label, size_t n,
                                 pleats_row_scale *scale, pleats_idx *scalar,
                                 size_t *which)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    pleats_step_label own = *label;
    pleats_idx first = 0;
    int64_t dim = 0;
    for (size_t i = 0; i < n; i++) {
        if (scalar[i] < 0 || is_one(&scale[i]))
            continue;
        which[rows.n] = i;
        TRY(pleats_terms_add(c, &rows, scalar[i], 1));
        TRY(pleats_terms_end(c, &rows, 0, take_divisor(c->pool, &scale[i])));
    }
    dim = (int64_t)rows.n;
    own.n_parameters = 0;
    own.n_dims = 1;
    own.dims = &dim;
    if (rows.n)
        TRY(pleats_net_add_sparse(c->ctx, c->net, &own, (pleats_idx)rows.n,
                                  rows.start, rows.in, rows.weight, NULL,
                                  rows.divisor, &first));
    for (size_t r = 0; r < rows.n; r++)
        scalar[which[r]] = first + (pleats_idx)r;
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

static bool are_one(const pleats_idx *scalar, const pleats_row_scale *scale,
                    size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (scalar[i] >= 0 && !is_one(&scale[i]))
            return false;
    return true;
}

pleats_status pleats_emit_divisions(const pleats_call *c,
                                    const pleats_step_label *label, size_t n,
                                    pleats_row_scale *scale, pleats_idx *scalar)
{
    pleats_status status = PLEATS_OK;
    size_t *which = NULL;
    TRY(pleats_alloc(c->ctx, n, sizeof *which, &which));
    while (!are_one(scalar, scale, n))
        TRY(divide_once(c, label, n, scale, scalar, which));
done:
    pleats_release(c->ctx, which);
    return status;
}

/* ---- sparse rows ---- */

/* Rows already taken apart, by a hash of their numbers: convolutions and
 * normalisations have the same at many places. */
enum { MEMO_SLOTS = 1 << 12 };
typedef struct {
    size_t slot[MEMO_SLOTS]; /* number of a row + 1; 0: none */
    int32_t *term; /* [terms of the new rows] the old row's, -1: its bias */
    size_t capacity;
} memo;

static size_t slot_of(const pleats_terms *t, size_t i)
{
    const size_t n = (size_t)(t->start[i + 1] - t->start[i]);
    uint64_t hash = n;
    for (size_t j = 0; j < n + 2; j++) {
        double x = j < n    ? t->weight[(size_t)t->start[i] + j]
                   : j == n ? t->bias[i]
                            : t->divisor[i];
        hash = pleats_hash_add_double(hash, x);
    }
    return hash % MEMO_SLOTS;
}

/* Whether rows i and k hold the same numbers. */
static bool are_alike(const pleats_terms *t, size_t i, size_t k)
{
    const size_t n = (size_t)(t->start[i + 1] - t->start[i]);
    bool alike = n == (size_t)(t->start[k + 1] - t->start[k]) &&
                 pleats_number_is_same(t->bias[i], t->bias[k]) &&
                 pleats_number_is_same(t->divisor[i], t->divisor[k]);
    for (size_t j = 0; alike && j < n; j++)
        alike = pleats_number_is_same(t->weight[(size_t)t->start[i] + j],
                                      t->weight[(size_t)t->start[k] + j]);
    return alike;
}

/* Adds the parts of x as terms of `scalar`, which come from term `from`. */
static pleats_status add_parts(const pleats_call *c, pleats_terms *to,
                               pleats_idx scalar, mpq_t x, int32_t from,
                               memo *m)
{
    pleats_status status = PLEATS_OK;
    double part = 0;
    while ((part = pleats_split_next(c->pool, x)) != 0) {
        TRY(pleats_grow(c->ctx, &m->term, &m->capacity, to->n_terms + 1,
                        sizeof *m->term));
        m->term[to->n_terms] = from;
        TRY(pleats_terms_add(c, to, scalar, part));
    }
done:
    return status;
}

/* Row i of the terms, in doubles times *scale. */
static pleats_status add_row(const pleats_call *c, const pleats_terms *t,
                             size_t i, pleats_terms *to,
                             pleats_row_scale *scale, memo *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = t->in + t->start[i];
    size_t n = (size_t)(t->start[i + 1] - t->start[i]);
    pleats_number *x = NULL;
    pleats_idx one = -1;
    double bias = 0;
    mpq_t q;
    mpq_init(q);
    TRY(pleats_alloc(c->ctx, n + 1, sizeof *x, &x));
    for (size_t j = 0; j <= n; j++)
        x[j] = pleats_call_div(
            c, j < n ? t->weight[(size_t)t->start[i] + j] : t->bias[i],
            t->divisor[i]);
    pleats_make_divisible(c->pool, n + 1, x);
    pleats_row_scale_find(c->pool, n, x, x[n], scale);
    for (size_t j = 0; j < n; j++) {
        pleats_row_scale_apply(c->pool, x[j], scale, q);
        TRY(add_parts(c, to, in[j], q, (int32_t)j, m));
    }
    pleats_row_scale_apply(c->pool, x[n], scale, q);
    bias = pleats_split_next(c->pool, q);
    if (mpq_sgn(q) != 0) {
        TRY(pleats_call_one(c, &one));
        TRY(add_parts(c, to, one, q, -1, m));
    }
    TRY(pleats_terms_end(c, to, bias, 1));
done:
    pleats_release(c->ctx, x);
    mpq_clear(q);
    return status;
}

/* Row i like row k, whose parts are there. */
static pleats_status repeat_row(const pleats_call *c, const pleats_terms *t,
                                size_t i, size_t k, pleats_terms *to, memo *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = t->in + t->start[i];
    for (pleats_idx j = to->start[k]; j < to->start[k + 1]; j++) {
        int32_t from = m->term[j];
        TRY(pleats_grow(c->ctx, &m->term, &m->capacity, to->n_terms + 1,
                        sizeof *m->term));
        m->term[to->n_terms] = from;
        TRY(pleats_terms_add(c, to, from < 0 ? *c->one : in[from],
                             to->weight[j]));
    }
    TRY(pleats_terms_end(c, to, to->bias[k], 1));
done:
    return status;
}

/* Whether row i is finite and has a number that is no double. */
static bool is_rational(const pleats_terms *t, size_t i)
{
    size_t first = (size_t)t->start[i], n = (size_t)t->start[i + 1] - first;
    for (size_t j = first; j < first + n; j++)
        if (!pleats_number_is_finite(t->weight[j]))
            return false;
    return pleats_number_is_finite(t->bias[i]) &&
           pleats_number_is_finite(t->divisor[i]) &&
           (pleats_numbers_have_rational(t->weight + first, n) ||
            pleats_number_is_rational(t->bias[i]) ||
            pleats_number_is_rational(t->divisor[i]));
}

static pleats_status copy_row(const pleats_call *c, const pleats_terms *t,
                              size_t i, pleats_terms *to)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx j = t->start[i]; j < t->start[i + 1]; j++)
        TRY(pleats_terms_add(c, to, t->in[j], t->weight[j]));
    TRY(pleats_terms_end(c, to, t->bias[i], t->divisor[i]));
done:
    return status;
}

/* All rows in doubles times their scales. */
static pleats_status add_rows(const pleats_call *c, const pleats_terms *t,
                              pleats_terms *to, pleats_row_scale *scale)
{
    pleats_status status = PLEATS_OK;
    memo *m = NULL;
    TRY(pleats_alloc(c->ctx, 1, sizeof *m, &m));
    for (size_t i = 0; i < t->n; i++) {
        if (!is_rational(t, i)) {
            TRY(copy_row(c, t, i, to));
            continue;
        }
        size_t *slot = &m->slot[slot_of(t, i)], k = *slot - 1;
        if (*slot && to->start && are_alike(t, i, k)) {
            TRY(repeat_row(c, t, i, k, to, m));
            mpz_set(scale[i].odd, scale[k].odd);
            scale[i].twos = scale[k].twos;
        } else {
            TRY(add_row(c, t, i, to, &scale[i], m));
            *slot = i + 1;
        }
    }
done:
    if (m)
        pleats_release(c->ctx, m->term);
    pleats_release(c->ctx, m);
    return status;
}

pleats_status pleats_exact_sparse(const pleats_call *c,
                                  const pleats_step_label *label,
                                  const pleats_terms *terms, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    pleats_row_scale *scale = NULL;
    pleats_idx first = 0;
    TRY(pleats_row_scales_new(c->ctx, terms->n, &scale));
    TRY(add_rows(c, terms, &rows, scale));
    TRY(pleats_net_add_sparse(c->ctx, c->net, label, (pleats_idx)rows.n,
                              rows.start, rows.in, rows.weight, rows.bias,
                              rows.divisor, &first));
    for (size_t i = 0; i < terms->n; i++)
        out[i] = first + (pleats_idx)i;
    TRY(pleats_emit_divisions(c, label, terms->n, scale, out));
done:
    pleats_row_scales_free(c->ctx, terms->n, scale);
    pleats_terms_clear(c->ctx, &rows);
    return status;
}
