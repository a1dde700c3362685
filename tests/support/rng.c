#include "rng.h"

#include <math.h>

uint64_t rng_next(rng *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int32_t rng_int(rng *r, int32_t lo, int32_t hi)
{
    uint64_t span = (uint64_t)((int64_t)hi - lo + 1);
    return (int32_t)(lo + (int64_t)(rng_next(r) % span));
}

bool rng_one_in(rng *r, int32_t n)
{
    return rng_int(r, 1, n) == 1;
}

double rng_real(rng *r, int bits)
{
    return ldexp((double)(rng_next(r) >> (64 - bits)), 1 - bits) - 1.0;
}

void rng_order(rng *r, int32_t n, int32_t *order)
{
    for (int32_t i = 0; i < n; i++) {
        int32_t j = rng_int(r, 0, i);
        order[i] = order[j];
        order[j] = i;
    }
}
