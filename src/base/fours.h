/* The kind of vector that a file of many kinds is included for: four doubles.
 *
 *     VECTOR, BITS, WORDS, INTS    the vector, and those of integers of its
 *                                  numbers' size, unsigned, and of four bytes
 *     LANES                        how many numbers
 *     KIND(x)                      the name x for this kind */
#undef VECTOR
#undef BITS
#undef WORDS
#undef INTS
#undef LANES
#undef KIND
#define VECTOR four
#define BITS four_bits
#define WORDS four_words
#define INTS four_ints
#define LANES 4
#define KIND(x) x##_four
