/* Formulas of linear constraints under `and` and `or`, and their
 * disjunctive normal form. */
#ifndef PLEATS_READ_FORMULA_H
#define PLEATS_READ_FORMULA_H

#include "read/linear_form.h"

enum { PLEATS_FORMULA_MAX_CASES = 4096 };

typedef enum {
    PLEATS_FORMULA_TRUE,
    PLEATS_FORMULA_ATOM,
    PLEATS_FORMULA_AND,
    PLEATS_FORMULA_OR
} pleats_formula_kind;

/* What a node of the text means: an atom is the constraint form <= 0, or
 * form < 0; with n_atoms 2, both of two constraints (an equation), or either of
 * them.  The others stand for their operands.  `n_cases` is the number of
 * conjunctions in its disjunctive normal form. */
typedef struct {
    pleats_formula_kind kind;
    pleats_idx n_cases;
    pleats_idx atom, n_atoms; /* the first one */
    bool is_either;
} pleats_formula;

typedef struct {
    const pleats_sexprs *tree;
    const pleats_variables *names;
    pleats_formula *formula; /* [tree->n], filled in where read */
    size_t n_atoms, capacity;
    pleats_form *atom;  /* [n_atoms] reduced */
    bool keeps_outputs; /* comparisons of outputs are atoms, and not true */
    bool has_mixed;     /* a comparison between inputs and outputs was met */
    pleats_idx line;    /* last looked at, for messages */
} pleats_formulas;

/* `tree` and `names` are lent. */
PLEATS_NODISCARD pleats_status pleats_formulas_init(
    pleats_ctx *ctx, const pleats_sexprs *tree, const pleats_variables *names,
    bool keeps_outputs, pleats_formulas *out);
void pleats_formulas_clear(pleats_ctx *ctx, pleats_formulas *formulas);

/* Reads the formula at node i, or (`negate`) its negation: comparisons by <=,
 * <, >=, >, = (also ==) and != (also distinct), under and, or and not.
 * Unless outputs are kept, comparisons that mention them are true, negated or
 * not, and so is an `or` with a true operand.  PLEATS_INVALID for what is no
 * formula, and beyond PLEATS_FORMULA_MAX_CASES cases. */
PLEATS_NODISCARD pleats_status pleats_formula_read(pleats_ctx *ctx,
                                                   pleats_formulas *formulas,
                                                   pleats_idx i, bool negate);

/* Calls `visit` with the atoms of case number `which` of the formula that was
 * read at node i. */
PLEATS_NODISCARD pleats_status pleats_formula_visit(
    const pleats_formulas *formulas, pleats_idx i, pleats_idx which,
    pleats_status (*visit)(void *state, pleats_idx atom), void *state);

#endif
