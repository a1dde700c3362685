/* A walk at work, and how it gives parts of what is left of it to the crew. */
#ifndef PLEATS_CELLS_WALK_SHARE_H
#define PLEATS_CELLS_WALK_SHARE_H

#include "cells/sections.h"
#include "cells/walk.h"

typedef struct {
    pleats_space *space;
    const pleats_visitor *visitor;
    const pleats_task *task;
    pleats_crew *crew; /* NULL: nobody to share with */
    pleats_descent descent;
    pleats_sections sections;
    bool is_down; /* at the task's subtree */
    bool counts;  /* regions of cells that only the last step cuts, which are
                     not made */
    /* Of the task's own cell, or the one whose sections were stopped: those
     * that are left; 0, 0: all of the cell is. */
    uint64_t first, end;
    /* Where set, cells from this depth on are named and not walked. */
    pleats_subtree_fn name;
    void *name_state;
    size_t name_depth;
    uint64_t leaves;  /* ended so far */
    pleats_task part; /* room for tasks that are given away */
} pleats_walker;

/* Sets w->counts; the descent is at its start. */
void pleats_walk_begin(pleats_walker *w);

/* Whether the cell's regions can be counted without making them. */
static inline bool pleats_walk_can_count(const pleats_walker *w,
                                         const pleats_level *l)
{
    return w->counts && l->step == w->descent.last;
}

static inline bool pleats_walk_has_children(const pleats_walker *w,
                                            const pleats_level *l)
{
    return l->n_children > 0 && !pleats_walk_can_count(w, l);
}

/* Whether what is left is to be given back when work ends early. */
bool pleats_walk_keeps(const pleats_walker *w);

/* Between two sections of the top level's cell (of pleats_section_range): looks
 * around, and gives away the last ones that are left, about half of the work: a
 * section is cut by the planes before its own. */
PLEATS_NODISCARD pleats_status pleats_walk_share_sections(void *walker,
                                                          size_t *first,
                                                          size_t *end,
                                                          bool *stop);

/* Gives away one of the largest parts of what is left, unless it is all. */
PLEATS_NODISCARD pleats_status pleats_walk_feed(pleats_walker *w);

/* Gives away all that is left, so that what would be next is on top of the
 * crew's stack. */
PLEATS_NODISCARD pleats_status pleats_walk_hand_back(pleats_walker *w);

/* The level's cell is as if it had not been asked about. */
void pleats_walk_forget_children(pleats_level *l);

/* Gives back all that is left of the task, whose work ends early: the children
 * to come on all levels, and the cell on top, or the sections of it that are
 * left. */
PLEATS_NODISCARD pleats_status pleats_walk_give_rest(pleats_walker *w);

/* Names the top level's cell, and leaves it. */
PLEATS_NODISCARD pleats_status pleats_walk_name_top(pleats_walker *w);

#endif
