/* The kind of vector that a file of many kinds is included for, by LANES, how
 * many doubles it has: 4 or 8.
 *
 *     VECTOR, BITS, INTS    the vector, and those of integers of its numbers'
 *                           size, and of four bytes
 *     KIND(x)               the name x for this kind
 *
 * Included by sources alone, once for each kind. */
#undef VECTOR
#undef BITS
#undef INTS
#undef KIND
#if LANES == 8
#define VECTOR eight
#define BITS eight_bits
#define INTS eight_ints
#define KIND(x) x##_eight
#else
#define VECTOR four
#define BITS four_bits
#define INTS four_ints
#define KIND(x) x##_four
#endif
