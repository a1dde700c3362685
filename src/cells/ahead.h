/* The forms of the next step of units, made on the way down.
 *
 * A level of the walk holds the sums of the affine step that follows its units,
 * over those units that have their piece in its cell (forms/columns.h).  A
 * child starts from its parent's sums and adds the units that got their piece
 * in it.
 */
#ifndef PLEATS_CELLS_AHEAD_H
#define PLEATS_CELLS_AHEAD_H

#include "cells/early.h"
#include "forms/columns.h"

/* Of a network: the columns after each step of units, and who reads it. */
typedef struct {
    const pleats_net *net;
    pleats_idx n_fine;       /* the first steps, whose forms are to be fine */
    pleats_columns *columns; /* [n_steps] none where these are fine */
    pleats_readers *readers; /* [n_steps] */
    bool makes_outputs;      /* a region's outputs have their forms, too */
} pleats_ahead;

/* Of one level. */
typedef struct {
    const pleats_columns *columns; /* NULL: no sums are kept */
    double *sum;
    size_t capacity;
} pleats_sums;

/* `coordinates` are those of a frame, from which the number of fine steps
 * follows; NULL: none are. */
PLEATS_NODISCARD pleats_status
pleats_ahead_init(pleats_ctx *ctx, pleats_ahead *ahead, const pleats_net *net,
                  const pleats_coordinates *coordinates, bool makes_outputs);
void pleats_ahead_clear(pleats_ctx *ctx, pleats_ahead *ahead);

void pleats_sums_clear(pleats_ctx *ctx, pleats_sums *sums);

/* Levels hold at most so many numbers of one step. */
enum { PLEATS_MOST_SUMS = 1 << 22 };

/* Makes room for the sums of these columns, unless they are too many. */
PLEATS_NODISCARD static inline pleats_status
pleats_sums_prepare(pleats_ctx *ctx, pleats_sums *sums,
                    const pleats_forms *forms, const pleats_columns *columns)
{
    pleats_status status = PLEATS_OK;
    const size_t size = pleats_columns_size(columns, forms);
    sums->columns = NULL;
    if (size > PLEATS_MOST_SUMS)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &sums->sum, &sums->capacity, size, sizeof *sums->sum));
    sums->columns = columns;
done:
    return status;
}
/* The level enters step `step` of units (-1: none) with no unit settled. */
PLEATS_NODISCARD pleats_status pleats_sums_start(pleats_ctx *ctx,
                                                 const pleats_ahead *ahead,
                                                 pleats_sums *sums,
                                                 const pleats_forms *forms,
                                                 pleats_idx step);
/* Whether levels of this depth keep such sums: deep ones of wide steps do not.
 */
bool pleats_sums_are_kept(const pleats_columns *columns,
                          const pleats_forms *forms, size_t depth);
/* A child on level `depth` starts as its parent; the parent's last child takes
 * the sums over.  Where they are not kept, there are none. */
PLEATS_NODISCARD pleats_status pleats_sums_take(pleats_ctx *ctx,
                                                pleats_sums *child,
                                                pleats_sums *parent,
                                                const pleats_forms *forms,
                                                size_t depth, bool is_last);
PLEATS_NODISCARD static inline pleats_status
pleats_sums_inherit(pleats_ctx *ctx, pleats_sums *child, pleats_sums *parent,
                    const pleats_forms *forms, size_t depth, bool is_last)
{
    child->columns = NULL;
    return parent->columns
               ? pleats_sums_take(ctx, child, parent, forms, depth, is_last)
               : PLEATS_OK;
}
/* Notes that unit i (local to the step) has its piece; whether its form is of
 * use to the sums. */
bool pleats_columns_note(const pleats_columns *columns, pleats_noted *noted,
                         pleats_forms *forms, pleats_idx i, pleats_idx piece);
static inline bool pleats_sums_note(const pleats_sums *sums,
                                    pleats_noted *noted, pleats_forms *forms,
                                    pleats_idx i, pleats_idx piece)
{
    const pleats_columns *c = sums->columns;
    if (!c || !c->is_plain)
        return c && pleats_columns_note(c, noted, forms, i, piece);
    noted->unit[noted->n] = i;
    noted->n += c->adds[piece];
    return c->adds[piece];
}
/* The same for all units of a step, whose pieces piece [n] are at most 1, but
 * for the open ones, whose pieces are negative: `used` gets the inputs of those
 * that are of use or open; their number is the result. */
pleats_idx pleats_sums_note_all(const pleats_sums *sums, pleats_noted *noted,
                                pleats_forms *forms, const pleats_step *step,
                                const pleats_idx *piece, pleats_idx n_open,
                                const pleats_idx *open, pleats_idx *used);
/* Adds the units that were noted, whose inputs' forms must be set; piece: of
 * all units of the step. */
void pleats_sums_add_noted(pleats_sums *sums, pleats_noted *noted,
                           pleats_forms *forms, const pleats_idx *piece);
static inline void pleats_sums_add(pleats_sums *sums, pleats_noted *noted,
                                   pleats_forms *forms, const pleats_idx *piece)
{
    if (noted->n > 0)
        pleats_sums_add_noted(sums, noted, forms, piece);
}

#endif
