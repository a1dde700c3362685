/* The tree of a certificate's part, cell by cell. */
#ifndef TREE_H
#define TREE_H

#include "lines.h"
#include "patterns.h"

#include <stdint.h>

/* A unit that may still change its piece: one of lo .. hi, or of the candidates
 * in `left`. */
typedef struct {
    size_t unit, lo, hi;
    uint64_t left; /* of maxima: bit i: candidate i is left */
} open_unit;

/* A cell on the way down: where the part's sides and the first n_walls walls
 * are positive.  Its open units are open[first .. first + n - 1]. */
typedef struct {
    size_t step, n_walls, first, n;
    bool is_split;
    size_t at;      /* breakpoint of the split */
    size_t child;   /* the next one that a split makes */
    open_unit last; /* lo: the sort of fact, hi: candidate: for their */
    bool has_last;  /* order */
} cell;

typedef struct {
    network *net;
    const part *part;
    source *source;
    line line;
    size_t width; /* k + 1 */
    mpz_t *wall;  /* [n_wall_room x width], over the common denominator */
    size_t wall_room;
    cell *cell; /* [depth] */
    size_t depth, cell_room;
    open_unit *open;
    size_t open_room;
    size_t *piece;     /* [n_units] */
    mpz_t *form, *sum; /* [width] */
    mpz_t term;
    bool points_only; /* facts are believed, and points prove that pieces differ
                       */
} tree;

/* Begins a part, whose lines come next. */
void tree_begin(tree *t, const part *p);

/* Adds the regions that the lines of the part prove; seen: the patterns of
 * those that were there before, NULL: no two leaves of the tree are compared.
 */
void tree_follow(tree *t, patterns *seen, mpz_t regions);

#endif
