#include "interval_check.h"

#include <math.h>

bool interval_holds(pleats_interval x, mpq_t value)
{
    mpq_t q;
    bool in = true;
    mpq_init(q);
    if (isfinite(x.lo)) {
        mpq_set_d(q, x.lo);
        in = mpq_cmp(q, value) <= 0;
    }
    if (in && isfinite(x.hi)) {
        mpq_set_d(q, x.hi);
        in = mpq_cmp(value, q) <= 0;
    }
    mpq_clear(q);
    return in;
}
