/* Functions of one constant each, and powers. */
#include "onnx/op_fold.h"

#include <string.h>

pleats_number pleats_fold_rounded(const pleats_call *c, double value)
{
    c->pool->n_rounded += isfinite(value);
    return pleats_number_of(value);
}

/* ---- irrational ones ---- */

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}
static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}
static double mish(double x)
{
    return x * tanh(softplus(x));
}

typedef struct {
    const char *name;
    double (*f)(double);
    double exact_at; /* the rational argument with a rational value that f gets
                        right; NaN: none */
} smooth;

static const smooth functions[] = {
    {"Exp", exp, 0},     {"Log", log, 1},     {"Sigmoid", sigmoid, 0},
    {"Tanh", tanh, 0},   {"Erf", erf, 0},     {"Softplus", softplus, NAN},
    {"Mish", mish, 0},   {"Sin", sin, 0},     {"Cos", cos, 0},
    {"Tan", tan, 0},     {"Asin", asin, 0},   {"Acos", acos, 1},
    {"Atan", atan, 0},   {"Sinh", sinh, 0},   {"Cosh", cosh, 0},
    {"Asinh", asinh, 0}, {"Acosh", acosh, 1}, {"Atanh", atanh, 0},
};

static const smooth *find_smooth(const char *name)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i].name, name) == 0)
            return &functions[i];
    return &functions[0];
}

/* Input 0, and the result in its shape. */
static pleats_status begin(const pleats_call *c, pleats_tensor_sort sort,
                           const pleats_tensor **x)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_call_need(c, 0, x));
    TRY(pleats_tensor_new(c->ctx, sort, &(*x)->shape, c->out));
done:
    return status;
}

pleats_status pleats_fold_smooth(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    const smooth *s = find_smooth(c->node->proto->op_type);
    TRY(begin(c, PLEATS_TENSOR_REAL, &t));
    for (int64_t i = 0; i < t->shape.n; i++) {
        pleats_number x = pleats_call_real(c, t, i);
        double y = s->f(pleats_number_nearest(c->pool, x));
        c->out->real[i] = x == s->exact_at || !pleats_number_is_finite(x)
                              ? pleats_number_of(y)
                              : pleats_fold_rounded(c, y);
    }
done:
    return status;
}

/* The negative side of Elu, Selu and Celu. */
static double exponential_side(const char *name, double x, double alpha,
                               double gamma)
{
    if (strcmp(name, "Celu") == 0)
        return alpha * expm1(x / alpha);
    return gamma * alpha * expm1(x);
}

/* Elu, Selu, Celu: gamma * x above 0. */
pleats_status pleats_fold_elu(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    const char *name = c->node->proto->op_type;
    bool is_selu = strcmp(name, "Selu") == 0;
    double alpha = 0, gamma = 1;
    TRY(pleats_call_float(c, "alpha", is_selu ? 1.67326319217681884765625f : 1,
                          &alpha));
    if (is_selu)
        TRY(pleats_call_float(c, "gamma", 1.05070102214813232421875f, &gamma));
    TRY(begin(c, PLEATS_TENSOR_REAL, &t));
    for (int64_t i = 0; i < t->shape.n; i++) {
        pleats_number x = pleats_call_real(c, t, i);
        c->out->real[i] =
            pleats_call_compare(c, x, 0) >= 0
                ? pleats_call_mul(c, gamma, x)
                : pleats_fold_rounded(
                      c,
                      exponential_side(name, pleats_number_nearest(c->pool, x),
                                       alpha, gamma));
    }
done:
    return status;
}

static double gelu(double x, bool by_tanh)
{
    double slope = 0.7978845608028653559; /* sqrt(2 / pi) */
    return by_tanh ? x / 2 * (1 + tanh(slope * (x + 0.044715 * x * x * x)))
                   : x / 2 * (1 + erf(x * 0.70710678118654752440));
}

/* Gelu, and Swish with its alpha. */
pleats_status pleats_fold_gelu(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    static const char *const choices[] = {"none", "tanh"};
    const pleats_tensor *t = NULL;
    bool is_swish = strcmp(c->node->proto->op_type, "Swish") == 0;
    double alpha = 0;
    int by_tanh = 0;
    TRY(pleats_call_float(c, "alpha", 1, &alpha));
    TRY(pleats_call_choose(c, "approximate", "none", 2, choices, &by_tanh));
    TRY(begin(c, PLEATS_TENSOR_REAL, &t));
    for (int64_t i = 0; i < t->shape.n; i++) {
        double x = pleats_number_nearest(c->pool, pleats_call_real(c, t, i));
        double y = is_swish ? x * sigmoid(alpha * x) : gelu(x, by_tanh != 0);
        c->out->real[i] = x == 0 ? 0 : pleats_fold_rounded(c, y);
    }
done:
    return status;
}

/* ---- rational ones ---- */

pleats_number pleats_fold_abs(const pleats_call *c, pleats_number x)
{
    return pleats_call_compare(c, x, 0) == -1 ? pleats_number_neg(c->pool, x)
                                              : x;
}

static pleats_number softsign(const pleats_call *c, pleats_number x,
                              const double *unused)
{
    (void)unused;
    return pleats_call_div(c, x, pleats_call_add(c, 1, pleats_fold_abs(c, x)));
}

static pleats_number hard_swish(const pleats_call *c, pleats_number x,
                                const double *unused)
{
    (void)unused;
    pleats_number gate = pleats_call_div(c, pleats_call_add(c, x, 3), 6);
    if (pleats_call_compare(c, gate, 0) <= 0)
        return 0;
    return pleats_call_compare(c, gate, 1) >= 0 ? x
                                                : pleats_call_mul(c, x, gate);
}

static pleats_number threshold(const pleats_call *c, pleats_number x,
                               const double *alpha)
{
    return pleats_call_compare(c, x, alpha[0]) == 1 ? x : 0;
}

static pleats_number shrink(const pleats_call *c, pleats_number x,
                            const double *p)
{
    if (pleats_call_compare(c, x, -p[0]) == -1)
        return pleats_call_add(c, x, p[1]);
    return pleats_call_compare(c, x, p[0]) == 1 ? pleats_call_add(c, x, -p[1])
                                                : 0;
}

static pleats_status map(const pleats_call *c,
                         pleats_number (*f)(const pleats_call *, pleats_number,
                                            const double *),
                         const double *p)
{
    const pleats_tensor *t = NULL;
    pleats_status status = begin(c, PLEATS_TENSOR_REAL, &t);
    for (int64_t i = 0; status == PLEATS_OK && i < t->shape.n; i++)
        c->out->real[i] = f(c, pleats_call_real(c, t, i), p);
    return status;
}

pleats_status pleats_fold_softsign(pleats_call *c)
{
    return map(c, softsign, NULL);
}
pleats_status pleats_fold_hard_swish(pleats_call *c)
{
    return map(c, hard_swish, NULL);
}

pleats_status pleats_fold_threshold(pleats_call *c)
{
    double alpha = 0;
    pleats_status status = pleats_call_float(c, "alpha", 1, &alpha);
    return status == PLEATS_OK ? map(c, threshold, &alpha) : status;
}

pleats_status pleats_fold_shrink(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    double p[2] = {0};
    TRY(pleats_call_float(c, "lambd", 0.5f, &p[0]));
    TRY(pleats_call_float(c, "bias", 0, &p[1]));
    TRY(map(c, shrink, p));
done:
    return status;
}

pleats_status pleats_fold_sign(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    TRY(pleats_call_need(c, 0, &t));
    TRY(pleats_tensor_new(c->ctx, t->sort, &t->shape, c->out));
    for (int64_t i = 0; i < t->shape.n; i++) {
        pleats_number x = pleats_call_real(c, t, i);
        int sign = pleats_call_compare(c, x, 0);
        if (t->sort == PLEATS_TENSOR_INT)
            c->out->integer[i] = sign;
        else
            c->out->real[i] = sign == 2 ? x : sign;
    }
done:
    return status;
}

pleats_status pleats_fold_is_nan(pleats_call *c)
{
    const pleats_tensor *t = NULL;
    pleats_status status = begin(c, PLEATS_TENSOR_INT, &t);
    for (int64_t i = 0; status == PLEATS_OK && i < t->shape.n; i++)
        c->out->integer[i] = pleats_number_is_nan(pleats_call_real(c, t, i));
    return status;
}

pleats_status pleats_fold_is_inf(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    int64_t below = 1, above = 1;
    TRY(pleats_call_int(c, "detect_negative", 1, &below));
    TRY(pleats_call_int(c, "detect_positive", 1, &above));
    TRY(begin(c, PLEATS_TENSOR_INT, &t));
    for (int64_t i = 0; i < t->shape.n; i++) {
        pleats_number x = pleats_call_real(c, t, i);
        c->out->integer[i] = isinf(x) && (x > 0 ? above : below);
    }
done:
    return status;
}

/* ---- powers ---- */

enum { MAX_EXACT_EXPONENT = 1024 };

/* x^n by squaring, n >= 0. */
static pleats_number whole_power(const pleats_call *c, pleats_number x, int n)
{
    pleats_number result = 1;
    for (; n; n >>= 1) {
        if (n & 1)
            result = pleats_call_mul(c, result, x);
        x = n > 1 ? pleats_call_mul(c, x, x) : x;
    }
    return result;
}

/* Exact for whole exponents and for roots that are rational. */
static pleats_number power(const pleats_call *c, pleats_number x,
                           pleats_number y)
{
    bool finite = pleats_number_is_finite(x) && isfinite(y);
    if (finite && y == trunc(y) && fabs(y) <= MAX_EXACT_EXPONENT) {
        pleats_number p = whole_power(c, x, (int)fabs(y));
        return y < 0 ? pleats_call_div(c, 1, p) : p;
    }
    if (finite && fabs(y) == 0.5 && pleats_call_compare(c, x, 0) == 1)
        return pleats_call_sqrt(c, y < 0 ? pleats_call_div(c, 1, x) : x);
    double value = pow(pleats_number_nearest(c->pool, x),
                       pleats_number_nearest(c->pool, y));
    return finite || pleats_number_is_rational(y)
               ? pleats_fold_rounded(c, value)
               : pleats_number_of(value);
}

pleats_status pleats_fold_pow(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[2] = {0};
    TRY(pleats_call_expand(c, 2, all));
    TRY(pleats_tensor_new(c->ctx, all[0].sort, &all[0].shape, c->out));
    for (int64_t i = 0; i < all[0].shape.n; i++) {
        pleats_number p = power(c, pleats_call_real(c, &all[0], i),
                                pleats_call_real(c, &all[1], i));
        if (all[0].sort != PLEATS_TENSOR_INT)
            c->out->real[i] = p;
        else if (!pleats_number_to_integer(c->pool, p, &c->out->integer[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "an integer overflows"));
    }
done:
    pleats_tensor_clear(c->ctx, &all[0]);
    pleats_tensor_clear(c->ctx, &all[1]);
    return status;
}
