/* The way down the tree of cells: a stack of cells, each a child of the one
 * before it, with what is known of its units.
 *
 * Depends on the network, the frame and the children chosen alone: whoever goes
 * the same way has the same cells in the same numbers, and asks the same
 * questions on the way.
 */
#ifndef PLEATS_CELLS_DESCENT_H
#define PLEATS_CELLS_DESCENT_H

#include "cells/ahead.h"
#include "cells/sift.h"

/* One cell on the way down, with the units of its step that cut it.  The first
 * of them splits it; its children are made one by one. */
typedef struct {
    pleats_cell cell;
    pleats_sums sums;
    pleats_idx number;           /* which child of the level below it is */
    pleats_idx step;             /* of units; -1: behind the last one */
    double share;                /* of the whole tree */
    size_t first, n;             /* its units: open[first .. first + n - 1] */
    pleats_sums early_sums;      /* of the step that follows it at once */
    size_t early_first, n_early; /* that one's: early.open[...] alike */
    pleats_idx n_children;       /* 0: not split (yet) */
    pleats_idx n_made;           /* children made so far, in their order */
    pleats_idx start;            /* on a line: the end where it begins */
    bool is_backward;            /* child 0 is on the positive side */
    pleats_idx next, end;  /* for the walk: children that it has yet to visit */
    pleats_idx at;         /* PL: the plane after piece `at` splits it */
    pleats_idx *candidate; /* MAX: [n_children] */
    size_t candidate_capacity;
} pleats_level;

/* Called now and then between questions; set *stop to end the walk. */
typedef void (*pleats_tick_fn)(void *state, double share, bool *stop);

typedef struct {
    pleats_space *space;
    const pleats_ahead *ahead; /* lent */
    pleats_tick_fn tick;       /* may be NULL */
    void *tick_state;
    pleats_level *level; /* [depth] */
    size_t depth, level_capacity;
    pleats_open_unit *open; /* a stack of lists, one for each level */
    size_t open_capacity;
    pleats_early early;
    pleats_idx *candidate; /* [pieces of any unit] of the MAX unit that was
                              asked last */
    pleats_sums spare;     /* of the step that a level comes from */
    pleats_noted noted;
    pleats_sift sift;
    pleats_idx last; /* the last step of units, -1: none */
    pleats_idx end;  /* the step at which a cell is a region when none of its
                        units is open: the last one, or -1 for the outputs'
                        forms */
    double done;     /* share of the tree */
    bool stop;
} pleats_descent;

PLEATS_NODISCARD pleats_status pleats_descent_init(pleats_descent *descent,
                                                   pleats_space *space,
                                                   const pleats_ahead *ahead,
                                                   pleats_tick_fn tick,
                                                   void *tick_state);
void pleats_descent_clear(pleats_descent *descent);

/* Puts the whole frame on the empty stack. */
PLEATS_NODISCARD pleats_status pleats_descent_root(pleats_descent *descent);

/* Brings the top level to its first step that has units which cut the cell:
 * afterwards it has children, or is a region. */
PLEATS_NODISCARD pleats_status pleats_descent_advance(pleats_descent *descent);

/* Puts child `number` of the top level, which has such a one, on the stack;
 * *any: false, and the stack is as before, when the child is empty. */
PLEATS_NODISCARD pleats_status pleats_descent_child(pleats_descent *descent,
                                                    pleats_idx number,
                                                    bool *any);

static inline pleats_level *pleats_descent_top(const pleats_descent *d)
{
    return &d->level[d->depth - 1];
}

/* Who reads the level's units and is asked early. */
static inline const pleats_readers *
pleats_level_readers(const pleats_descent *d, const pleats_level *l)
{
    return &d->ahead->readers[l->step];
}

static inline const pleats_step *pleats_level_step(const pleats_descent *d,
                                                   const pleats_level *l)
{
    return &d->space->net->step[l->step];
}

/* ---- between the files of the descent ---- */

/* Goes on to the next step that has units, or to none, and lists those that
 * might cut the level's cell. */
PLEATS_NODISCARD pleats_status pleats_descent_open_step(pleats_descent *descent,
                                                        pleats_level *level);
/* Asks the top level's units, and those that can be asked early.  is_new: its
 * step was opened in its cell. */
PLEATS_NODISCARD pleats_status pleats_descent_ask(pleats_descent *descent,
                                                  pleats_level *level,
                                                  bool is_new);

/* ---- steps ---- */

/* The first step of units from `from` on, or -1. */
pleats_idx pleats_unit_step_from(const pleats_net *net, pleats_idx from);

/* Works out the forms from the units of step `from`, all of which have pieces
 * (or from the inputs, -1), up to those that step `to` of units reads. */
PLEATS_NODISCARD pleats_status pleats_run_forms(pleats_space *space,
                                                pleats_idx from, pleats_idx to);

#endif
