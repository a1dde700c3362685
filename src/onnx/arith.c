/* Arithmetic on parameters in doubles that knows whether it was exact. */
#include "onnx/call.h"

#include <math.h>

static double count(const pleats_call *c, bool exact, double value)
{
    c->net->n_rounded += !exact;
    return value;
}

/* Knuth's TwoSum: the rounding error of a sum, exactly. */
double pleats_call_add(const pleats_call *c, double a, double b)
{
    double s = a + b, t = s - a;
    double error = (a - (s - t)) + (b - t);
    return count(c, !isfinite(s) || error == 0, s);
}

/* Mantissas are multiplied apart from the exponents, so that the error term
 * of the product cannot underflow. */
double pleats_call_mul(const pleats_call *c, double a, double b)
{
    int ea = 0, eb = 0;
    double p = a * b;
    if (!isfinite(p) || a == 0 || b == 0)
        return p;
    double ma = frexp(a, &ea), mb = frexp(b, &eb), m = ma * mb;
    return count(c, fma(ma, mb, -m) == 0 && ldexp(p, -ea - eb) == m, p);
}

double pleats_call_div(const pleats_call *c, double a, double b)
{
    int ea = 0, eb = 0;
    double q = a / b;
    if (!isfinite(q) || a == 0 || isinf(b))
        return q;
    double ma = frexp(a, &ea), mb = frexp(b, &eb), m = ma / mb;
    return count(c, fma(m, mb, -ma) == 0 && ldexp(q, eb - ea) == m, q);
}

double pleats_call_sqrt(const pleats_call *c, double a)
{
    double r = sqrt(a);
    return count(c, !isfinite(r) || r == 0 || fma(r, r, -a) == 0, r);
}
