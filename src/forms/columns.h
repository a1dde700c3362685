/* The affine step between two steps of units, column by column.
 *
 * Forms of its outputs grow with the units before it: as soon as a unit has its
 * piece, its column is added to the sums of all rows.  On the way down a tree
 * of cells this is done once for each unit that gets a piece, instead of once
 * for each unit and each leaf.
 */
#ifndef PLEATS_FORMS_COLUMNS_H
#define PLEATS_FORMS_COLUMNS_H

#include "forms/positions.h"

/* A term of dense sums: where its column and its form begin. */
typedef struct {
    size_t weight, form;
} pleats_column_term;

typedef struct pleats_columns pleats_columns;
struct pleats_columns {
    const pleats_step *units, *affine; /* NULL: not to be had */
    pleats_idx step;                   /* the number of `units` */
    const pleats_step *target;  /* `affine`, or a step that adds to it what is
                                   known before the units have their pieces */
    size_t rows;                /* of the target, up to a multiple of 8 */
    bool is_dense;              /* every column has all rows, in their order */
    size_t *start;              /* [units->n_out + 1]; dense: NULL */
    pleats_idx *row;            /* [start[units->n_out]] outputs of target */
    double *weight;             /* alike; dense: [units->n_out x rows, up to a
                                   multiple of 8] */
    pleats_positions positions; /* of a convolution whose outputs are the
                                   target's in their order, or none */
    double *bias;      /* [target->n_out, up to a multiple of 8] all that are
                          added to an output */
    double *bias_size; /* alike: their sum of sizes */
    bool knows_forms;  /* the target adds scalars that are known before */
    bool is_private;   /* only PL units that follow at once read the target */
    bool hides_units;  /* nothing but `affine` reads the units */
    bool has_tiny;     /* some weight or bias might vanish in a product */
    bool is_plain;     /* nothing else reads the units, and they are plain: */
    bool adds[2];      /* then: whether a unit adds to the sums, by its piece */
    bool passes[2];    /* then: whether it passes its input on */
    const pleats_columns *behind; /* NULL, or of the next step of units: they
                                     read these sums alone, and each passes its
                                     input on or is 0; both are dense */
    pleats_idx passing;           /* then: the piece on which it passes it on */
    bool is_in_order; /* then: unit i bends at 0 and reads sum i, of all */
    pleats_column_term *term; /* then: [units of these, up to a multiple of 4]
                                 that they are then */
};

enum { PLEATS_UNITS_OF_A_WORD = 64 };

/* Units whose columns are to be added: those of one step at a time. */
typedef struct {
    pleats_idx n;
    pleats_idx *unit;         /* [n] */
    pleats_idx *source;       /* [n] whose forms their outputs' are */
    pleats_idx *place;        /* [units] room */
    pleats_column_term *term; /* [units, up to a multiple of 8] room */
    double *bound;            /* alike */
    uint64_t *word;           /* [units / PLEATS_UNITS_OF_A_WORD, rounded up]
                                 room: bits of units */
} pleats_noted;

/* Room for the units of any step. */
PLEATS_NODISCARD pleats_status pleats_noted_init(pleats_ctx *ctx,
                                                 pleats_noted *noted,
                                                 const pleats_net *net);
void pleats_noted_clear(pleats_ctx *ctx, pleats_noted *noted);

/* last[i] = the last step that reads what step i makes, -1: none does, n_steps:
 * it makes outputs, with `for_outputs`; last [n_steps]. */
PLEATS_NODISCARD pleats_status pleats_find_readers(pleats_ctx *ctx,
                                                   const pleats_net *net,
                                                   bool for_outputs,
                                                   pleats_idx *last);

/* Of the affine step after step `units`, when it is the only one before the
 * next step of units, or with `for_outputs` the last one of all; reads nothing
 * but these units, and is not huge.  One more step may
 * add biases, or what was there before the units, as residual networks do;
 * `last` as above. */
PLEATS_NODISCARD pleats_status pleats_columns_init(
    pleats_ctx *ctx, pleats_columns *columns, const pleats_net *net,
    const pleats_idx *last, pleats_idx units, bool for_outputs);
void pleats_columns_clear(pleats_ctx *ctx, pleats_columns *columns);

/* Sets columns->behind, to these or NULL; they are those of the next step of
 * units. */
PLEATS_NODISCARD pleats_status pleats_columns_link(
    pleats_ctx *ctx, pleats_columns *columns, const pleats_columns *behind);

/* Rows of a dense step's sums: with room up to a multiple of 8. */
static inline size_t pleats_columns_rows(const pleats_columns *columns)
{
    return columns->rows;
}

/* Numbers in the sums of one step: form by form, or of a dense step entry by
 * entry, so that many rows are summed at once. */
static inline size_t pleats_columns_size(const pleats_columns *c,
                                         const pleats_forms *f)
{
    return c->is_dense ? pleats_columns_rows(c) * ((size_t)f->k + 2)
                       : (size_t)c->target->n_out * f->stride;
}

/* sum [size] = the biases, and what else is known before the units have their
 * pieces, whose forms must be set. */
void pleats_columns_start(const pleats_columns *columns,
                          const pleats_forms *forms, double *sum);
/* Adds the columns of the units that were noted times their outputs' forms. */
void pleats_columns_add(const pleats_columns *columns,
                        const pleats_forms *forms, const pleats_noted *noted,
                        double *sum);
/* sum [size] = the sums behind (columns->behind) of those units that pass their
 * input on, by their pieces piece [units]; negative: none.  What they read are
 * these columns' sums `from`, all units of which are added, and which are used
 * up. */
void pleats_columns_pass(const pleats_columns *columns,
                         const pleats_forms *forms, const pleats_idx *piece,
                         const pleats_noted *room, double *from, double *sum);
/* The same at once for all units in a box, in which they get their pieces, or a
 * negative one where it does not tell; the sums `from` stay.  Whether there may
 * be such units.  Of columns that fit. */
bool pleats_columns_pass_box(const pleats_columns *columns,
                             const pleats_forms *forms,
                             const pleats_form_box *box, pleats_idx *piece,
                             const pleats_noted *room, const double *from,
                             double *sum);
static inline bool pleats_columns_fit_box(const pleats_columns *columns,
                                          const pleats_forms *f)
{
    return columns->is_in_order && f->k == 2 && !columns->behind->knows_forms;
}
/* When all units are added: the forms of the target's outputs, not yet divided
 * by its divisors. */
static inline pleats_form_sums pleats_columns_sums(const pleats_columns *c,
                                                   const pleats_forms *f,
                                                   const double *sum)
{
    return (pleats_form_sums){
        .first = c->target->out,
        .entry = sum,
        .row = c->is_dense ? 1 : f->stride,
        .column = c->is_dense ? pleats_columns_rows(c) : 1,
        .zero_is_exact = !c->has_tiny,
    };
}
/* Moves every sum within its bound, in a build that is perturbed. */
void pleats_columns_perturb(const pleats_columns *columns,
                            const pleats_forms *forms, double *sum);
/* Sets them; those of the n listed scalars alone, when `scalar` is not NULL. */
void pleats_columns_finish(const pleats_columns *columns, pleats_forms *forms,
                           const double *sum, pleats_idx n,
                           const pleats_idx *scalar);

#endif
