/* Numbers in the bytes of a file. */
#ifndef PLEATS_BASE_BITS_H
#define PLEATS_BASE_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The unsigned number in `n` bytes, at most 8. */
static inline uint64_t pleats_bits_read(const unsigned char *bytes, int n,
                                        bool is_big_endian)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | bytes[is_big_endian ? i : n - 1 - i];
    return value;
}

/* The float32 (`n` = 4) or float64 (8) with these bits. */
static inline double pleats_bits_real(uint64_t bits, int n)
{
    float single;
    double twice;
    uint32_t low = (uint32_t)bits;
    memcpy(&single, &low, sizeof single);
    memcpy(&twice, &bits, sizeof twice);
    return n == 4 ? (double)single : twice;
}

#endif
