/* The same as fours.h with eight doubles. */
#undef VECTOR
#undef BITS
#undef WORDS
#undef INTS
#undef LANES
#undef KIND
#define VECTOR eight
#define BITS eight_bits
#define WORDS eight_words
#define INTS eight_ints
#define LANES 8
#define KIND(x) x##_eight
