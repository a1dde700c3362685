/* Linear forms over a network's inputs and outputs, as constraint files write
 * them. */
#ifndef PLEATS_READ_LINEAR_FORM_H
#define PLEATS_READ_LINEAR_FORM_H

#include "read/variables.h"

#include <gmp.h>

typedef struct {
    pleats_idx variable; /* as of variables.h */
    mpq_t weight;
} pleats_form_term;

/* sum_i weight_i * variable_i + constant. */
typedef struct {
    size_t n, capacity;
    pleats_form_term *term; /* [n] */
    mpq_t constant;
    bool has_outputs; /* mentions an output, even with weight 0 */
    bool has_others;  /* mentions what is neither input nor output: its terms
                         are not kept */
    bool is_strict;   /* as a constraint: form < 0, not <= 0 */
} pleats_form;

void pleats_form_init(pleats_form *form);
void pleats_form_clear(pleats_ctx *ctx, pleats_form *form);

/* What terms are read from, and with which variables. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_sexprs *tree;
    const pleats_variables *names;
    pleats_idx *line; /* gets the line last looked at, for messages */
} pleats_form_source;

/* form += scale * (the term at node i): numbers, declared variables and their
 * sums, differences, products with numbers and quotients by numbers.
 * PLEATS_INVALID for all else. Call pleats_form_reduce when all is added. Cost:
 * for products, text times depth of nesting. */
PLEATS_NODISCARD pleats_status pleats_form_add(const pleats_form_source *source,
                                               pleats_form *form,
                                               const mpq_t scale, pleats_idx i);

/* form += scale * other. */
PLEATS_NODISCARD pleats_status pleats_form_add_scaled(pleats_ctx *ctx,
                                                      pleats_form *form,
                                                      const mpq_t scale,
                                                      const pleats_form *other);

/* Sorts the terms by variable, one for each, none of weight 0. */
void pleats_form_reduce(pleats_form *form);

#endif
