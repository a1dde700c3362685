/* Formulas of linear constraints under `and` and `or`, and their
 * disjunctive normal form. */
#include "read/formula.h"

enum { QUOTED_CHARS = 40 };

pleats_status pleats_formulas_init(pleats_ctx *ctx, const pleats_sexprs *tree,
                                   const pleats_variables *names,
                                   bool keeps_outputs, pleats_formulas *out)
{
    *out = (pleats_formulas){
        .tree = tree, .names = names, .keeps_outputs = keeps_outputs};
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

/* left - right. */
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
                        "(%.*s) must compare exactly two terms",
                        (int)node[head].length, node[head].text));
    pleats_idx left = node[head].next, right = node[left].next;
    mpq_set_si(scale, 1, 1);
    TRY(pleats_form_add(&source, form, scale, left));
    mpq_set_si(scale, -1, 1);
    TRY(pleats_form_add(&source, form, scale, right));
    pleats_form_reduce(form);
done:
    mpq_clear(scale);
    return status;
}

typedef enum {
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    EQUAL,
    UNEQUAL
} relation;

static const struct {
    const char *word;
    relation relation;
} relations[] = {{"<", LESS},           {"<=", LESS_EQUAL},   {">", GREATER},
                 {">=", GREATER_EQUAL}, {"=", EQUAL},         {"==", EQUAL},
                 {"!=", UNEQUAL},       {"distinct", UNEQUAL}};
static const relation negation[] = {
    [LESS] = GREATER_EQUAL, [LESS_EQUAL] = GREATER, [GREATER] = LESS_EQUAL,
    [GREATER_EQUAL] = LESS, [EQUAL] = UNEQUAL,      [UNEQUAL] = EQUAL};

static bool find_relation(const pleats_sexprs *tree, pleats_idx head,
                          relation *out)
{
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++)
        if (pleats_sexpr_is(tree, head, relations[i].word)) {
            *out = relations[i].relation;
            return true;
        }
    return false;
}

static bool holds(relation r, int sign)
{
    switch (r) {
    case LESS:
        return sign < 0;
    case LESS_EQUAL:
        return sign <= 0;
    case GREATER:
        return sign > 0;
    case GREATER_EQUAL:
        return sign >= 0;
    case EQUAL:
        return sign == 0;
    default:
        return sign != 0;
    }
}

/* Adds the constraint form < 0 or <= 0, with `negative` of -form. */
static pleats_status add_atom(pleats_ctx *ctx, pleats_formulas *f,
                              const pleats_form *form, bool negative,
                              bool is_strict)
{
    pleats_status status = PLEATS_OK;
    mpq_t scale;
    mpq_init(scale);
    mpq_set_si(scale, negative ? -1 : 1, 1);
    TRY(pleats_grow(ctx, &f->atom, &f->capacity, f->n_atoms + 1,
                    sizeof *f->atom));
    pleats_form *atom = &f->atom[f->n_atoms];
    pleats_form_init(atom);
    f->n_atoms++;
    atom->is_strict = is_strict;
    TRY(pleats_form_add_scaled(ctx, atom, scale, form));
done:
    mpq_clear(scale);
    return status;
}

static pleats_status read_comparison(pleats_ctx *ctx, pleats_formulas *f,
                                     pleats_idx head, relation r,
                                     pleats_formula *out)
{
    pleats_status status = PLEATS_OK;
    pleats_form form;
    pleats_form_init(&form);
    TRY(read_difference(ctx, f, head, &form));
    *out = (pleats_formula){.n_cases = 1};
    if (form.has_outputs && form.n > 0)
        f->has_mixed |= form.term[0].variable < f->names->n_inputs;
    if (f->keeps_outputs && form.has_others)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "only inputs and outputs of the network may be "
                        "compared"));
    if ((form.has_outputs && !f->keeps_outputs) ||
        (form.n == 0 && holds(r, mpq_sgn(form.constant))))
        goto done;
    *out = (pleats_formula){.kind = PLEATS_FORMULA_ATOM,
                            .n_cases = 1,
                            .atom = (pleats_idx)f->n_atoms,
                            .n_atoms = 1};
    bool is_strict = r == LESS || r == GREATER || r == UNEQUAL;
    TRY(add_atom(ctx, f, &form, r == GREATER || r == GREATER_EQUAL, is_strict));
    if (form.n > 0 && (r == EQUAL || r == UNEQUAL)) {
        TRY(add_atom(ctx, f, &form, true, is_strict));
        out->n_atoms = 2;
        out->is_either = r == UNEQUAL;
        out->n_cases = out->is_either ? 2 : 1;
    }
done:
    pleats_form_clear(ctx, &form);
    return status;
}

/* The cases of `and` are the combinations of its operands' cases, those of
 * `or` are theirs one after another. */
static pleats_status read_junction(pleats_ctx *ctx, pleats_formulas *f,
                                   pleats_idx head, bool negate,
                                   pleats_formula *out)
{
    pleats_status status = PLEATS_OK;
    bool is_or = pleats_sexpr_is(f->tree, head, "or") != negate;
    int64_t cases = is_or ? 0 : 1;
    bool is_true = !is_or;
    if (f->tree->node[head].next < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "(%.*s) lacks its operands",
                        (int)f->tree->node[head].length,
                        f->tree->node[head].text));
    for (pleats_idx i = f->tree->node[head].next; i >= 0;
         i = f->tree->node[i].next) {
        TRY(pleats_formula_read(ctx, f, i, negate));
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

/* `not` has the cases of what it negates. */
static pleats_status read_negation(pleats_ctx *ctx, pleats_formulas *f,
                                   pleats_idx head, bool negate,
                                   pleats_formula *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx operand = f->tree->node[head].next;
    if (pleats_sexpr_count_after(f->tree, head) != 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "(not) must hold exactly one constraint"));
    TRY(pleats_formula_read(ctx, f, operand, !negate));
    *out =
        (pleats_formula){.kind = f->formula[operand].kind == PLEATS_FORMULA_TRUE
                                     ? PLEATS_FORMULA_TRUE
                                     : PLEATS_FORMULA_AND,
                         .n_cases = f->formula[operand].n_cases};
done:
    return status;
}

static pleats_status refuse_formula(pleats_ctx *ctx, const pleats_sexpr *shown)
{
    int length = shown->is_list ? 0 : shown->length;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "'%.*s' is no constraint: use <=, <, >=, >, =, and, or, "
                       "not",
                       length < QUOTED_CHARS ? length : QUOTED_CHARS,
                       length ? shown->text : "");
}

/* The reader bounds the depth of lists, and so of this recursion. */
pleats_status pleats_formula_read(pleats_ctx *ctx, pleats_formulas *f,
                                  pleats_idx i, bool negate)
{
    const pleats_sexprs *tree = f->tree;
    pleats_idx head = pleats_sexpr_head(tree, i);
    relation r;
    f->line = tree->node[i].line;
    if (head < 0)
        return refuse_formula(ctx, &tree->node[i]);
    if (pleats_sexpr_is(tree, head, "and") || pleats_sexpr_is(tree, head, "or"))
        return read_junction(ctx, f, head, negate, &f->formula[i]);
    if (pleats_sexpr_is(tree, head, "not"))
        return read_negation(ctx, f, head, negate, &f->formula[i]);
    if (find_relation(tree, head, &r))
        return read_comparison(ctx, f, head, negate ? negation[r] : r,
                               &f->formula[i]);
    return refuse_formula(ctx, &tree->node[head]);
}

/* The atoms of one comparison. */
static pleats_status
visit_atoms(const pleats_formula *formula, pleats_idx which,
            pleats_status (*visit)(void *state, pleats_idx atom), void *state)
{
    pleats_status status = PLEATS_OK;
    if (formula->is_either)
        return visit(state, formula->atom + which);
    for (pleats_idx a = 0; a < formula->n_atoms; a++)
        TRY(visit(state, formula->atom + a));
done:
    return status;
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
        return visit_atoms(formula, which, visit, state);
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
