/* Normal numbers in all lanes at once. */
#include "sample/normal.h"

#include <math.h>
#include <string.h>

enum { DEGREE = 7 };

/* Quotients of polynomials, the constants first [Wichura 1988]: around the
 * middle, in .425 - .25 q^2 ..., in the tails, and far out. */
typedef struct {
    double over[DEGREE + 1], under[DEGREE + 1];
} quotient;

static const quotient middle = {
    {3.3871328727963666080e0, 1.3314166789178437745e+2,
     1.9715909503065514427e+3, 1.3731693765509461125e+4,
     4.5921953931549871457e+4, 6.7265770927008700853e+4,
     3.3430575583588128105e+4, 2.5090809287301226727e+3},
    {1, 4.2313330701600911252e+1, 6.8718700749205790830e+2,
     5.3941960214247511077e+3, 2.1213794301586595867e+4,
     3.9307895800092710610e+4, 2.8729085735721942674e+4,
     5.2264952788528545610e+3}};
static const quotient tail = {
    {1.42343711074968357734e0, 4.63033784615654529590e0,
     5.76949722146069140550e0, 3.64784832476320460504e0,
     1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1, 2.05319162663775882187e0, 1.67638483018380384940e0,
     6.89767334985100004550e-1, 1.48103976427480074590e-1,
     1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
static const quotient far = {
    {6.65790464350110377720e0, 5.46378491116411436990e0,
     1.78482653991729133580e0, 2.96560571828504891230e-1,
     2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1,
     1.48753612908506148525e-2, 7.86869131145613259100e-4,
     1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

PLEATS_WITHIN double value_of(const quotient *f, double x)
{
    double over = f->over[DEGREE], under = f->under[DEGREE];
#pragma GCC unroll 8
    for (int i = DEGREE - 1; i >= 0; i--) {
        over = over * x + f->over[i];
        under = under * x + f->under[i];
    }
    return over / under;
}

/* -log x for 0 < x < 1, normal: x = m 2^e with m in [1, 2), and log m by its
 * series in (m - 1.5) / (m + 1.5) about log 1.5. */
PLEATS_WITHIN double minus_log(double x)
{
    static const double log_two = 0x1.62e42fefa39efp-1;
    static const double log_middle = 0x1.9f323ecbf984cp-2;
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    double e = (double)(int64_t)(bits >> 52) - 1023, m;
    bits = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1023 << 52;
    memcpy(&m, &bits, sizeof m);
    double s = (m - 1.5) / (m + 1.5), square = s * s, sum = 0;
#pragma GCC unroll 12
    for (int i = 23; i >= 1; i -= 2)
        sum = sum * square + 1.0 / i;
    return -(e * log_two + (log_middle + 2 * s * sum));
}

PLEATS_WIDE static void set_normal(double *u)
{
    double r[PLEATS_LANES], x[PLEATS_LANES];
    int64_t n_far = 0;
    for (int l = 0; l < PLEATS_LANES; l++) {
        double p = u[l] + 0x1p-54, q = p - 0.5;
        double rest = q < 0 ? p : (1 - u[l]) - 0x1p-54;
        r[l] = sqrt(minus_log(rest));
        double out = value_of(&tail, r[l] - 1.6);
        double in = q * value_of(&middle, 0.180625 - q * q);
        x[l] = fabs(q) <= 0.425 ? in : q < 0 ? -out : out;
        n_far += r[l] > 5 ? 1 : 0;
    }
    for (int l = 0; n_far > 0 && l < PLEATS_LANES; l++)
        if (r[l] > 5)
            x[l] = copysign(value_of(&far, r[l] - 5), x[l]);
    memcpy(u, x, sizeof x);
}

void pleats_normal_lanes(double *u)
{
    set_normal(u);
}
