#include "exact/int128.h"

_Static_assert(GMP_NUMB_BITS == 64, "limbs of 64 bits");

uint64_t pleats_uint64_gcd(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

void pleats_int128_to_integer(mpz_t z, pleats_int128 x)
{
    pleats_uint128 size = pleats_int128_abs(x);
    mp_limb_t *limb = mpz_limbs_write(z, 2);
    limb[0] = (mp_limb_t)size;
    limb[1] = (mp_limb_t)(size >> 64);
    mpz_limbs_finish(z, x < 0 ? -2 : 2);
}

bool pleats_int128_of_integer(const mpz_t z, pleats_int128 *x)
{
    if (mpz_size(z) > 2 || mpz_getlimbn(z, 1) >> 63)
        return false;
    *x = (pleats_int128)mpz_getlimbn(z, 1) << 64 | mpz_getlimbn(z, 0);
    if (mpz_sgn(z) < 0)
        *x = -*x;
    return true;
}
