/* Joint patterns of a level of maxima. */
#ifndef PLEATS_THEORY_BOUNDS_MAXIMA_H
#define PLEATS_THEORY_BOUNDS_MAXIMA_H

#include "theory/bounds/linkage.h"

#include <gmp.h>

/* At most so many, by the sharp number of one layer of maxima
 * [MontufarRenZhang2022] for all of them, or class by class, whichever is less;
 * `ranks` is the level's table (theory/bounds/rank_table.h). */
void pleats_maxima_patterns(const pleats_level *level, bool is_line,
                            const uint16_t *ranks, mpz_t out);

#endif
