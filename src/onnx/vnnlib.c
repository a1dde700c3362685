/* The input constraints of VNN-LIB 1.0 files. */
#include "onnx/vnnlib.h"

#include "base/file.h"
#include "exact/rational.h"
#include "onnx/formula.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4608, QUOTED_CHARS = 40, MIN_DECLARATION_CHARS = 20 };

/* What one file is read into. */
typedef struct {
    pleats_ctx *ctx;
    pleats_idx n_inputs;
    pleats_sexprs tree;
    pleats_variables names;
    pleats_idx n_declared; /* inputs */
    pleats_formulas formulas;
    pleats_idx n_asserted;
    size_t capacity;
    pleats_idx *asserted; /* [n_asserted] nodes of formulas */
    pleats_idx line;
} vnnlib;

/* One case of the constraints, as it is collected. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_form *atom;
    bool is_empty;         /* a bound or a constant contradicts another */
    bool *has_lo, *has_hi; /* [n_inputs] */
    mpq_t *lo, *hi;        /* [n_inputs] */
    pleats_idx n_rows;
    size_t capacity;
    pleats_idx *row; /* [n_rows] atoms with several inputs */
} polyhedron;

static pleats_status declare(vnnlib *v, pleats_idx head)
{
    const pleats_sexpr *node = v->tree.node;
    pleats_idx name = node[head].next, index;
    bool is_output;
    if (pleats_sexpr_count_after(&v->tree, head) != 2 ||
        !pleats_sexpr_is(&v->tree, node[name].next, "Real") ||
        !pleats_variable_parse(&node[name], &is_output, &index))
        return pleats_fail(v->ctx, PLEATS_INVALID,
                           "a declaration must be (declare-const X_i Real) or "
                           "(declare-const Y_i Real)");
    if (!is_output && index >= v->n_inputs)
        return pleats_fail(v->ctx, PLEATS_INVALID,
                           "X_%d is declared, but the network's inputs are X_0 "
                           "to X_%d",
                           index, v->n_inputs - 1);
    if (is_output && index >= v->names.n_outputs)
        return pleats_fail(v->ctx, PLEATS_INVALID,
                           "Y_%d is declared, but not all of Y_0 to Y_%d",
                           index, index - 1);
    bool *has = is_output ? v->names.has_output : v->names.has_input;
    if (has[index])
        return pleats_fail(v->ctx, PLEATS_INVALID, "%c_%d is declared twice",
                           is_output ? 'Y' : 'X', index);
    has[index] = true;
    v->n_declared += !is_output;
    return PLEATS_OK;
}

static pleats_status assert_formula(vnnlib *v, pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    if (pleats_sexpr_count_after(&v->tree, head) != 1)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "(assert) must hold exactly one constraint"));
    pleats_idx formula = v->tree.node[head].next;
    status = pleats_formula_read(v->ctx, &v->formulas, formula);
    v->line = v->formulas.line;
    TRY(status);
    TRY(pleats_grow(v->ctx, &v->asserted, &v->capacity,
                    (size_t)v->n_asserted + 1, sizeof *v->asserted));
    v->asserted[v->n_asserted++] = formula;
done:
    return status;
}

static pleats_status run_command(vnnlib *v, pleats_idx i)
{
    pleats_idx head = pleats_sexpr_head(&v->tree, i);
    v->line = v->tree.node[i].line;
    if (pleats_sexpr_is(&v->tree, head, "declare-const"))
        return declare(v, head);
    if (pleats_sexpr_is(&v->tree, head, "assert"))
        return assert_formula(v, head);
    if (pleats_sexpr_is(&v->tree, head, "vnnlib-version") ||
        pleats_sexpr_is(&v->tree, head, "declare-network"))
        return pleats_fail(v->ctx, PLEATS_INVALID,
                           "this is VNN-LIB 2.0, which is not read: write it "
                           "as VNN-LIB 1.0, with (declare-const X_0 Real) and "
                           "(assert ...)");
    const pleats_sexpr *shown = &v->tree.node[head >= 0 ? head : i];
    int length = shown->is_list ? 0 : shown->length;
    return pleats_fail(v->ctx, PLEATS_INVALID,
                       "'%.*s' is no command of VNN-LIB 1.0: use "
                       "(declare-const X_i Real) and (assert ...)",
                       length < QUOTED_CHARS ? length : QUOTED_CHARS,
                       shown->is_list ? "" : shown->text);
}

/* Reads the text and runs its commands; v->line follows. */
static pleats_status read_commands(vnnlib *v, const char *text, size_t length)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_sexprs_read(v->ctx, text, length, &v->tree, &v->line));
    v->names.n_inputs = v->n_inputs;
    v->names.n_outputs = (pleats_idx)(length / MIN_DECLARATION_CHARS);
    TRY(pleats_alloc(v->ctx, (size_t)v->names.n_inputs, sizeof(bool),
                     &v->names.has_input));
    TRY(pleats_alloc(v->ctx, (size_t)v->names.n_outputs, sizeof(bool),
                     &v->names.has_output));
    TRY(pleats_formulas_init(v->ctx, &v->tree, &v->names, &v->formulas));
    for (pleats_idx i = v->tree.n > 0 ? 0 : -1; i >= 0;
         i = v->tree.node[i].next)
        TRY(run_command(v, i));
    if (v->n_declared != v->n_inputs)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "%d inputs X_i are declared, but the network has %d",
                        v->n_declared, v->n_inputs));
done:
    return status;
}

/* weight * X + constant <= 0 as a bound of X. */
static void impose_bound(polyhedron *p, const pleats_form *form)
{
    pleats_idx i = form->term[0].input;
    mpq_t bound;
    mpq_init(bound);
    mpq_div(bound, form->constant, form->term[0].weight);
    mpq_neg(bound, bound);
    if (mpq_sgn(form->term[0].weight) > 0) {
        if (!p->has_hi[i] || mpq_cmp(bound, p->hi[i]) < 0)
            mpq_set(p->hi[i], bound);
        p->has_hi[i] = true;
    } else {
        if (!p->has_lo[i] || mpq_cmp(bound, p->lo[i]) > 0)
            mpq_set(p->lo[i], bound);
        p->has_lo[i] = true;
    }
    if (p->has_lo[i] && p->has_hi[i] && mpq_cmp(p->lo[i], p->hi[i]) > 0)
        p->is_empty = true;
    mpq_clear(bound);
}

/* Only comparisons that are false come without inputs. */
static pleats_status impose(void *state, pleats_idx atom)
{
    pleats_status status = PLEATS_OK;
    polyhedron *p = state;
    const pleats_form *form = &p->atom[atom];
    if (form->n == 0) {
        p->is_empty = true;
    } else if (form->n == 1) {
        impose_bound(p, form);
    } else {
        TRY(pleats_grow(p->ctx, &p->row, &p->capacity, (size_t)p->n_rows + 1,
                        sizeof *p->row));
        p->row[p->n_rows++] = atom;
    }
done:
    return status;
}

static pleats_status add_part(const polyhedron *p, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    pleats_idx n = domain->n_inputs;
    TRY(pleats_domain_add_part(p->ctx, domain, n, p->n_rows, false, &part));
    for (pleats_idx i = 0; i < n; i++) {
        if (p->has_lo[i])
            pleats_part_set_lo(part, i, p->lo[i]);
        if (p->has_hi[i])
            pleats_part_set_hi(part, i, p->hi[i]);
    }
    for (pleats_idx r = 0; r < p->n_rows; r++) {
        const pleats_form *form = &p->atom[p->row[r]];
        mpq_t *a = part->a + (size_t)r * (size_t)n;
        for (size_t t = 0; t < form->n; t++)
            mpq_set(a[form->term[t].input], form->term[t].weight);
        mpq_neg(part->b[r], form->constant);
    }
done:
    return status;
}

/* Collects case number `which` of all assertions together and adds it to the
 * domain unless its bounds contradict one another. */
static pleats_status add_case(const vnnlib *v, pleats_idx which, polyhedron *p,
                              pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    p->is_empty = false;
    p->n_rows = 0;
    memset(p->has_lo, 0, (size_t)v->n_inputs * sizeof *p->has_lo);
    memset(p->has_hi, 0, (size_t)v->n_inputs * sizeof *p->has_hi);
    for (pleats_idx i = 0; i < v->n_asserted && !p->is_empty; i++) {
        pleats_idx formula = v->asserted[i];
        pleats_idx cases = v->formulas.formula[formula].n_cases;
        TRY(pleats_formula_visit(&v->formulas, formula, which % cases, impose,
                                 p));
        which /= cases;
    }
    if (!p->is_empty)
        TRY(add_part(p, domain));
done:
    return status;
}

static pleats_status count_cases(const vnnlib *v, pleats_idx *out)
{
    int64_t cases = 1;
    for (pleats_idx i = 0; i < v->n_asserted; i++) {
        cases *= v->formulas.formula[v->asserted[i]].n_cases;
        if (cases > PLEATS_FORMULA_MAX_CASES)
            return pleats_fail(v->ctx, PLEATS_INVALID,
                               "the alternatives combine to more than %d parts",
                               PLEATS_FORMULA_MAX_CASES);
    }
    *out = (pleats_idx)cases;
    return PLEATS_OK;
}

static pleats_status add_cases(const vnnlib *v, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    polyhedron p = {.ctx = v->ctx, .atom = v->formulas.atom};
    size_t n = (size_t)v->n_inputs;
    pleats_idx cases = 0;
    TRY(count_cases(v, &cases));
    TRY(pleats_alloc(v->ctx, n, sizeof *p.has_lo, &p.has_lo));
    TRY(pleats_alloc(v->ctx, n, sizeof *p.has_hi, &p.has_hi));
    TRY(pleats_rational_array(v->ctx, n, &p.lo));
    TRY(pleats_rational_array(v->ctx, n, &p.hi));
    for (pleats_idx which = 0; which < cases; which++) {
        TRY(pleats_check_stop(v->ctx));
        TRY(add_case(v, which, &p, domain));
    }
done:
    pleats_release(v->ctx, p.has_lo);
    pleats_release(v->ctx, p.has_hi);
    pleats_rational_array_free(v->ctx, n, p.lo);
    pleats_rational_array_free(v->ctx, n, p.hi);
    pleats_release(v->ctx, p.row);
    return status;
}

static void clear(vnnlib *v)
{
    pleats_formulas_clear(v->ctx, &v->formulas);
    pleats_sexprs_clear(v->ctx, &v->tree);
    pleats_release(v->ctx, v->names.has_input);
    pleats_release(v->ctx, v->names.has_output);
    pleats_release(v->ctx, v->asserted);
}

pleats_status pleats_vnnlib_parse(pleats_ctx *ctx, const char *text,
                                  size_t length, const char *name,
                                  pleats_idx n_inputs, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    vnnlib v = {.ctx = ctx, .n_inputs = n_inputs};
    pleats_domain *domain = NULL;
    char title[TEXT_BYTES];
    *out = NULL;
    status = read_commands(&v, text, length);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s, line %d", name, v.line));
    snprintf(title, sizeof title, "vnnlib %s", name);
    TRY(pleats_domain_new(ctx, n_inputs, title, &domain));
    status = add_cases(&v, domain);
    if (status == PLEATS_OK)
        status = pleats_domain_merge(ctx, domain);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s", name));
    if (v.formulas.has_mixed)
        TRY(pleats_remark(ctx,
                          "%s: comparisons between inputs and outputs do not "
                          "restrict the domain",
                          name));
    *out = domain;
    domain = NULL;
done:
    pleats_domain_clear(ctx, domain);
    clear(&v);
    return status;
}

pleats_status pleats_vnnlib_read(pleats_ctx *ctx, const char *path,
                                 pleats_idx n_inputs, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    TRY(pleats_file_read(ctx, path, PLEATS_VNNLIB_MAX_BYTES, &text, &length));
    TRY(pleats_vnnlib_parse(ctx, text, length, path, n_inputs, out));
done:
    pleats_release(ctx, text);
    return status;
}
