/* Ranks of the sets of classes of one level: how many scalars of them can be
 * linked to the inputs, however many there are in a class.
 *
 * On a line (pleats_linkage.is_line) the intervals tell all: a least cut in
 * front of a set of classes falls apart into cuts in front of intervals, since
 * paths that cross can be uncrossed.  Else the table has all sets, of at most
 * PLEATS_MOST_SUBSET_CLASSES classes. */
#ifndef PLEATS_THEORY_BOUNDS_RANK_TABLE_H
#define PLEATS_THEORY_BOUNDS_RANK_TABLE_H

#include "theory/bounds/linkage.h"

enum { PLEATS_MOST_SUBSET_CLASSES = 10, PLEATS_MOST_RANK = 4096 };

/* Numbers in a table for n classes: at[i * n + j] for the classes i .. j on a
 * line, else at[set]. */
size_t pleats_rank_entries(bool is_line, pleats_idx n);
/* That of all classes. */
uint16_t pleats_rank_of_all(bool is_line, pleats_idx n, const uint16_t *rank);
/* The table of level 0. */
void pleats_rank_start(bool is_line, const pleats_level *input, uint16_t *rank);
/* Of the classes' scalars only `active` ones are left:
 * rank(X) = min over Y in X of rank(Y) + active(X \ Y), in place. */
void pleats_rank_truncate(bool is_line, pleats_idx n, const int64_t *active,
                          uint16_t *rank);
/* The ranks of a level that reads one of n classes: to(J) = from(union of what
 * J reads). */
void pleats_rank_induce(bool is_line, const pleats_level *level, pleats_idx n,
                        const uint16_t *from, uint16_t *to);

#endif
