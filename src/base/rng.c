/* Random numbers that are the same on every machine for a seed. */
#include "base/rng.h"

#include <stdbool.h>

uint64_t pleats_splitmix(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

void pleats_rng_init(pleats_rng *rng, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        rng->state[i] = pleats_splitmix(&seed);
}

void pleats_rng_stream(pleats_rng *rng, uint64_t seed, uint64_t stream)
{
    uint64_t start = pleats_splitmix(&stream);
    pleats_rng_init(rng, seed);
    for (int i = 0; i < 4; i++)
        rng->state[i] ^= pleats_splitmix(&start);
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t pleats_rng_next(pleats_rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

/* The lowest 2^64 mod n values are drawn again, so that what stays is a
 * multiple of n. */
uint64_t pleats_rng_below(pleats_rng *rng, uint64_t n)
{
    uint64_t least = (0 - n) % n, x = pleats_rng_next(rng);
    while (x < least)
        x = pleats_rng_next(rng);
    return x % n;
}

double pleats_rng_uniform(pleats_rng *rng)
{
    return (double)(pleats_rng_next(rng) >> 11) * 0x1p-53;
}

/* True with probability exp(-x), 0 <= x <= 1 [von Neumann 1951]: the run
 * x > u_1 > u_2 > ... has at least n terms u with probability x^n / n!, hence
 * an even number of them with probability exp(-x). */
static bool happens(pleats_rng *rng, double x)
{
    bool even = true;
    double u = pleats_rng_uniform(rng);
    while (u < x) {
        x = u;
        u = pleats_rng_uniform(rng);
        even = !even;
    }
    return even;
}

/* True with probability exp(-n x). */
static bool all_happen(pleats_rng *rng, uint64_t n, double x)
{
    for (uint64_t i = 0; i < n; i++)
        if (!happens(rng, x))
            return false;
    return true;
}

/* The absolute value is k + x with k whole and 0 <= x < 1; its density
 * exp(-(k + x)^2 / 2) is exp(-k/2) exp(-k(k-1)/2) exp(-kx) exp(-x^2/2). */
double pleats_rng_normal(pleats_rng *rng)
{
    for (;;) {
        uint64_t k = 0;
        while (happens(rng, 0.5))
            k++;
        if (k > 1 && !all_happen(rng, k * (k - 1), 0.5))
            continue;
        double x = pleats_rng_uniform(rng);
        if (!all_happen(rng, k, x) || !happens(rng, x * x / 2))
            continue;
        double size = (double)k + x;
        return pleats_rng_next(rng) >> 63 ? -size : size;
    }
}
