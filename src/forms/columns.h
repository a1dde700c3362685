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

typedef struct {
    const pleats_step *units, *affine; /* NULL: not to be had */
    const pleats_step *target;  /* `affine`, or a step that adds to it what is
                                   known before the units have their pieces */
    bool is_dense;              /* every column has all rows, in their order */
    size_t *start;              /* [units->n_out + 1]; dense: NULL */
    pleats_idx *row;            /* [start[units->n_out]] outputs of target */
    double *weight;             /* alike; dense: [units->n_out x rows, up to a
                                   multiple of 8] */
    pleats_positions positions; /* of a convolution whose outputs are the
                                   target's in their order, or none */
    double *bias;      /* [target->n_out] all that are added to an output */
    double *bias_size; /* [target->n_out] their sum of sizes */
    bool knows_forms;  /* the target adds scalars that are known before */
    bool is_private;   /* only PL units that follow at once read the target */
    bool hides_units;  /* nothing but `affine` reads the units */
    bool has_tiny;     /* some weight or bias might vanish in a product */
} pleats_columns;

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

/* Numbers in the sums of one step: form by form, or of a dense step entry by
 * entry, so that many rows are summed at once. */
size_t pleats_columns_size(const pleats_columns *columns,
                           const pleats_forms *forms);

/* sum [size] = the biases, and what else is known before the units have their
 * pieces, whose forms must be set. */
void pleats_columns_start(const pleats_columns *columns,
                          const pleats_forms *forms, double *sum);
/* Adds the columns of n units times their outputs' forms, which are those of
 * scalars `source` [n]; place [units->n_out]: room. */
void pleats_columns_add(const pleats_columns *columns,
                        const pleats_forms *forms, pleats_idx n,
                        const pleats_idx *unit, const pleats_idx *source,
                        pleats_idx *place, double *sum);
/* When all units are added: the forms of the target's outputs, not yet divided
 * by its divisors. */
pleats_form_sums pleats_columns_sums(const pleats_columns *columns,
                                     const pleats_forms *forms,
                                     const double *sum);
/* Sets them; those of the n listed scalars alone, when `scalar` is not NULL. */
void pleats_columns_finish(const pleats_columns *columns, pleats_forms *forms,
                           const double *sum, pleats_idx n,
                           const pleats_idx *scalar);

#endif
