#include "onnx/small_floats.h"

#include <math.h>
#include <stddef.h>

enum {
    FLOAT = 1,
    FLOAT16 = 10,
    BFLOAT16 = 16,
    E4M3FN = 17,
    E4M3FNUZ = 18,
    E5M2 = 19,
    E5M2FNUZ = 20,
    E2M1 = 23
};

const pleats_float_format *pleats_float_format_of(int64_t data_type)
{
    static const pleats_float_format single = {8, 23, 127, PLEATS_FLOAT_IEEE},
                                     half = {5, 10, 15, PLEATS_FLOAT_IEEE},
                                     brain = {8, 7, 127, PLEATS_FLOAT_IEEE},
                                     e4m3fn = {4, 3, 7, PLEATS_FLOAT_FINITE},
                                     e4m3fnuz = {4, 3, 8,
                                                 PLEATS_FLOAT_UNSIGNED0},
                                     e5m2 = {5, 2, 15, PLEATS_FLOAT_IEEE},
                                     e5m2fnuz = {5, 2, 16,
                                                 PLEATS_FLOAT_UNSIGNED0},
                                     e2m1 = {2, 1, 1, PLEATS_FLOAT_ALL};
    switch (data_type) {
    case FLOAT:
        return &single;
    case FLOAT16:
        return &half;
    case BFLOAT16:
        return &brain;
    case E4M3FN:
        return &e4m3fn;
    case E4M3FNUZ:
        return &e4m3fnuz;
    case E5M2:
        return &e5m2;
    case E5M2FNUZ:
        return &e5m2fnuz;
    case E2M1:
        return &e2m1;
    default:
        return NULL;
    }
}

double pleats_float_decode(const pleats_float_format *f, uint64_t bits)
{
    uint64_t fraction = bits & (((uint64_t)1 << f->fraction) - 1);
    int all = (1 << f->exponent) - 1;
    int exponent = (int)(bits >> f->fraction) & all;
    bool negative = bits >> (f->fraction + f->exponent) & 1;
    double value = (double)fraction;
    if (f->top == PLEATS_FLOAT_IEEE && exponent == all)
        value = fraction ? (double)NAN : HUGE_VAL;
    else if ((f->top == PLEATS_FLOAT_FINITE && exponent == all &&
              fraction == ((uint64_t)1 << f->fraction) - 1) ||
             (f->top == PLEATS_FLOAT_UNSIGNED0 && negative && !exponent &&
              !fraction))
        value = (double)NAN;
    else if (exponent)
        value = ldexp(value + (double)((uint64_t)1 << f->fraction),
                      exponent - f->bias - f->fraction);
    else
        value = ldexp(value, 1 - f->bias - f->fraction);
    return negative ? -value : value;
}

/* The largest finite number. */
static double largest(const pleats_float_format *f)
{
    int all = (1 << f->exponent) - 1;
    uint64_t ones = ((uint64_t)1 << f->fraction) - 1;
    uint64_t exponent = (uint64_t)(f->top == PLEATS_FLOAT_IEEE ? all - 1 : all);
    uint64_t fraction = f->top == PLEATS_FLOAT_FINITE ? ones - 1 : ones;
    return pleats_float_decode(f, exponent << f->fraction | fraction);
}

double pleats_float_round(const pleats_float_format *f, double x)
{
    int e = 0, least = 1 - f->bias - f->fraction;
    if (x == 0 || !isfinite(x))
        return x;
    frexp(x, &e);
    e -= f->fraction + 1; /* of the last place */
    e = e < least ? least : e;
    double rounded = ldexp(nearbyint(ldexp(x, -e)), e);
    if (fabs(rounded) <= largest(f))
        return rounded;
    return f->top == PLEATS_FLOAT_IEEE ? copysign(HUGE_VAL, x) : (double)NAN;
}
