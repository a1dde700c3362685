#include "sample/student.h"

#include <math.h>

/* P(|T| < t), by the sums for whole degrees of freedom [Abramowitz and Stegun
 * 1964, 26.7.3 and 26.7.4]. */
static double probability(double t, unsigned freedom)
{
    const double angle = atan(t / sqrt(freedom));
    const double cosine = cos(angle), square = cosine * cosine;
    double term = freedom % 2 ? cosine : 1, sum = 0;
    for (unsigned i = freedom % 2 ? 3 : 2; i <= freedom; i += 2) {
        sum += term;
        term *= square * (i - 1) / i;
    }
    if (freedom % 2)
        return 2 / acos(-1) * (angle + sin(angle) * sum);
    return sin(angle) * sum;
}

double pleats_student_quantile(double level, unsigned freedom)
{
    double lo = 0, hi = 1;
    while (probability(hi, freedom) < level && hi < 1e300)
        hi *= 2;
    for (int i = 0; i < 200 && lo < hi; i++) {
        double middle = lo + (hi - lo) / 2;
        if (middle <= lo || middle >= hi)
            break;
        if (probability(middle, freedom) < level)
            lo = middle;
        else
            hi = middle;
    }
    return hi;
}
