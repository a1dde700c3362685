/* Formulas of linear input constraints under `and` and `or`, and their
 * disjunctive normal form. */
#include "onnx/formula.h"

enum { QUOTED_CHARS = 40 };

pleats_status pleats_formulas_init(pleats_ctx *ctx, const pleats_sexprs *tree,
                                   const pleats_variables *names,
                                   pleats_formulas *out)
{
    *out = (pleats_formulas){.tree = tree, .names = names};
    return pleats_alloc(ctx, (size_t)tree->n, sizeof *out->formula,
                        &out->formula);
}

void pleats_formulas_clear(pleats_ctx *ctx, pleats_formulas *formulas)
{
    for (size_t i = 0; i < formulas->n_atoms; i++)
        pleats_form_clear(ctx, &formulas->atom[i]);
    pleats_release(ctx, formulas->atom);
    pleats_release(ctx, formulas->formula);
    *formulas = (pleats_formulas){0};
}

/* left - right for `<=`, right - left for `>=`. */
static pleats_status read_difference(pleats_ctx *ctx, pleats_formulas *f,
                                     pleats_idx head, pleats_form *form)
{
    pleats_status status = PLEATS_OK;
    const pleats_sexpr *node = f->tree->node;
    const pleats_form_source source = {ctx, f->tree, f->names, &f->line};
    mpq_t scale;
    mpq_init(scale);
    if (pleats_sexpr_count_after(f->tree, head) != 2)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "(%.2s) must compare exactly two terms",
                        node[head].text));
    pleats_idx left = node[head].next, right = node[left].next;
    mpq_set_si(scale, pleats_sexpr_is(f->tree, head, "<=") ? 1 : -1, 1);
    TRY(pleats_form_add(&source, form, scale, left));
    mpq_neg(scale, scale);
    TRY(pleats_form_add(&source, form, scale, right));
    pleats_form_reduce(form);
done:
    mpq_clear(scale);
    return status;
}

static pleats_status read_comparison(pleats_ctx *ctx, pleats_formulas *f,
                                     pleats_idx head, pleats_formula *out)
{
    pleats_status status = PLEATS_OK;
    pleats_form form;
    pleats_form_init(&form);
    TRY(read_difference(ctx, f, head, &form));
    bool is_true = form.n == 0 && mpq_sgn(form.constant) <= 0;
    *out = (pleats_formula){.n_cases = 1};
    if (form.has_outputs) {
        f->has_mixed |= form.n > 0;
    } else if (!is_true) {
        TRY(pleats_grow(ctx, &f->atom, &f->capacity, f->n_atoms + 1,
                        sizeof *f->atom));
        out->kind = PLEATS_FORMULA_ATOM;
        out->atom = (pleats_idx)f->n_atoms;
        f->atom[f->n_atoms++] = form;
        pleats_form_init(&form);
    }
done:
    pleats_form_clear(ctx, &form);
    return status;
}

/* The cases of `and` are the combinations of its operands' cases, those of
 * `or` are theirs one after another. */
static pleats_status read_junction(pleats_ctx *ctx, pleats_formulas *f,
                                   pleats_idx head, bool is_or,
                                   pleats_formula *out)
{
    pleats_status status = PLEATS_OK;
    int64_t cases = is_or ? 0 : 1;
    bool is_true = !is_or;
    if (f->tree->node[head].next < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "(%s) lacks its operands",
                        is_or ? "or" : "and"));
    for (pleats_idx i = f->tree->node[head].next; i >= 0;
         i = f->tree->node[i].next) {
        TRY(pleats_formula_read(ctx, f, i));
        const pleats_formula *operand = &f->formula[i];
        bool operand_is_true = operand->kind == PLEATS_FORMULA_TRUE;
        is_true =
            is_or ? is_true || operand_is_true : is_true && operand_is_true;
        cases = is_or ? cases + operand->n_cases : cases * operand->n_cases;
        if (cases > PLEATS_FORMULA_MAX_CASES)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "more than %d alternatives in one constraint",
                            PLEATS_FORMULA_MAX_CASES));
    }
    out->kind = is_true ? PLEATS_FORMULA_TRUE
                : is_or ? PLEATS_FORMULA_OR
                        : PLEATS_FORMULA_AND;
    out->n_cases = is_true ? 1 : (pleats_idx)cases;
done:
    return status;
}

/* The reader bounds the depth of lists, and so of this recursion. */
pleats_status pleats_formula_read(pleats_ctx *ctx, pleats_formulas *f,
                                  pleats_idx i)
{
    const pleats_sexprs *tree = f->tree;
    pleats_idx head = pleats_sexpr_head(tree, i);
    f->line = tree->node[i].line;
    if (pleats_sexpr_is(tree, head, "and") || pleats_sexpr_is(tree, head, "or"))
        return read_junction(ctx, f, head, pleats_sexpr_is(tree, head, "or"),
                             &f->formula[i]);
    if (pleats_sexpr_is(tree, head, "<=") || pleats_sexpr_is(tree, head, ">="))
        return read_comparison(ctx, f, head, &f->formula[i]);
    const pleats_sexpr *shown = &tree->node[head >= 0 ? head : i];
    return pleats_fail(ctx, PLEATS_INVALID,
                       "'%.*s' is no constraint that VNN-LIB 1.0 has: use <=, "
                       ">=, and, or",
                       shown->is_list                 ? 0
                       : shown->length < QUOTED_CHARS ? shown->length
                                                      : QUOTED_CHARS,
                       shown->is_list ? "" : shown->text);
}

pleats_status
pleats_formula_visit(const pleats_formulas *f, pleats_idx i, pleats_idx which,
                     pleats_status (*visit)(void *state, pleats_idx atom),
                     void *state)
{
    pleats_status status = PLEATS_OK;
    const pleats_formula *formula = &f->formula[i];
    if (formula->kind == PLEATS_FORMULA_TRUE)
        return PLEATS_OK;
    if (formula->kind == PLEATS_FORMULA_ATOM)
        return visit(state, formula->atom);
    bool is_or = formula->kind == PLEATS_FORMULA_OR;
    pleats_idx operand = f->tree->node[f->tree->node[i].child].next;
    for (; operand >= 0; operand = f->tree->node[operand].next) {
        pleats_idx cases = f->formula[operand].n_cases;
        if (!is_or) {
            TRY(pleats_formula_visit(f, operand, which % cases, visit, state));
            which /= cases;
        } else if (which < cases) {
            return pleats_formula_visit(f, operand, which, visit, state);
        } else {
            which -= cases;
        }
    }
done:
    return status;
}
