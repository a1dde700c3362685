/* The constraints of VNN-LIB files. */
#include "read/vnnlib.h"

#include "base/file.h"
#include "base/file_kind.h"
#include "exact/rational.h"
#include "read/formula.h"
#include "read/polyhedron.h"

#include <stdio.h>

enum { TEXT_BYTES = 4608, QUOTED_CHARS = 40 };

/* What one file is read into. */
typedef struct {
    pleats_ctx *ctx;
    pleats_idx n_inputs;
    bool keeps_outputs;
    pleats_sexprs tree;
    pleats_variables names;
    pleats_formulas formulas;
    pleats_idx n_asserted;
    size_t capacity;
    pleats_idx *asserted; /* [n_asserted] nodes of formulas */
    pleats_idx line;
} vnnlib;

static pleats_status assert_formula(vnnlib *v, pleats_idx head)
{
    pleats_status status = PLEATS_OK;
    if (pleats_sexpr_count_after(&v->tree, head) != 1)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "(assert) must hold exactly one constraint"));
    pleats_idx formula = v->tree.node[head].next;
    status = pleats_formula_read(v->ctx, &v->formulas, formula, false);
    v->line = v->formulas.line;
    TRY(status);
    TRY(pleats_grow(v->ctx, &v->asserted, &v->capacity,
                    (size_t)v->n_asserted + 1, sizeof *v->asserted));
    v->asserted[v->n_asserted++] = formula;
done:
    return status;
}

/* (vnnlib-version <2.0>): any 1 or 2 that is written so. */
static pleats_status check_version(const vnnlib *v, pleats_idx head)
{
    pleats_idx version = v->tree.node[head].next;
    const char *text = version < 0 ? "" : v->tree.node[version].text;
    pleats_idx length = version < 0 ? 0 : v->tree.node[version].length;
    if (length > 1 && text[0] == '<') {
        text++;
        length--;
    }
    if (length > 1 && (text[0] == '1' || text[0] == '2') && text[1] == '.')
        return PLEATS_OK;
    return pleats_fail(v->ctx, PLEATS_INVALID,
                       "VNN-LIB 1.0 and 2.0 are read: (vnnlib-version <2.0>)");
}

/* Commands of SMT-LIB that say nothing about the inputs.  What a function means
 * is not looked at: where it is used it is refused. */
static bool is_idle(const vnnlib *v, pleats_idx head)
{
    static const char *const word[] = {"set-logic",  "set-info",  "set-option",
                                       "check-sat",  "get-model", "get-value",
                                       "define-fun", "exit"};
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        if (pleats_sexpr_is(&v->tree, head, word[i]))
            return true;
    return false;
}

static pleats_status run_command(vnnlib *v, pleats_idx i)
{
    pleats_idx head = pleats_sexpr_head(&v->tree, i);
    v->line = v->tree.node[i].line;
    if (pleats_sexpr_is(&v->tree, head, "declare-const") ||
        pleats_sexpr_is(&v->tree, head, "declare-fun"))
        return pleats_variables_declare(v->ctx, &v->names, &v->tree, head);
    if (pleats_sexpr_is(&v->tree, head, "assert"))
        return assert_formula(v, head);
    if (pleats_sexpr_is(&v->tree, head, "declare-network"))
        return pleats_variables_declare_network(v->ctx, &v->names, &v->tree,
                                                head, &v->line);
    if (pleats_sexpr_is(&v->tree, head, "vnnlib-version"))
        return check_version(v, head);
    if (is_idle(v, head))
        return PLEATS_OK;
    const pleats_sexpr *shown = &v->tree.node[head >= 0 ? head : i];
    int length = shown->is_list ? 0 : shown->length;
    return pleats_fail(v->ctx, PLEATS_INVALID,
                       "'%.*s' is no command of VNN-LIB: use (declare-const "
                       "X_i Real) or (declare-network ...), and (assert ...)",
                       length < QUOTED_CHARS ? length : QUOTED_CHARS,
                       shown->is_list ? "" : shown->text);
}

/* Reads the text and runs its commands; v->line follows. */
static pleats_status read_commands(vnnlib *v, const char *text, size_t length)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_sexprs_read(v->ctx, text, length, &v->tree, &v->line));
    TRY(pleats_variables_init(v->ctx, v->n_inputs, length, &v->names));
    TRY(pleats_formulas_init(v->ctx, &v->tree, &v->names, v->keeps_outputs,
                             &v->formulas));
    for (pleats_idx i = v->tree.n > 0 ? 0 : -1; i >= 0;
         i = v->tree.node[i].next)
        TRY(run_command(v, i));
    if (v->names.n_declared != v->n_inputs)
        TRY(pleats_fail(v->ctx, PLEATS_INVALID,
                        "%d inputs %sare declared, but the network has %d",
                        v->names.n_declared, v->names.has_network ? "" : "X_i ",
                        v->n_inputs));
done:
    return status;
}

/* Collects case number `which` of all assertions together. */
static pleats_status collect_case(const vnnlib *v, pleats_idx which,
                                  pleats_polyhedron *p)
{
    pleats_status status = PLEATS_OK;
    pleats_polyhedron_restart(p);
    for (pleats_idx i = 0; i < v->n_asserted && !p->is_empty; i++) {
        pleats_idx formula = v->asserted[i];
        pleats_idx cases = v->formulas.formula[formula].n_cases;
        TRY(pleats_formula_visit(&v->formulas, formula, which % cases,
                                 pleats_polyhedron_impose, p));
        which /= cases;
    }
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

/* Cases whose bounds contradict one another are left out. */
static pleats_status add_cases(const vnnlib *v, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_polyhedron p = {0};
    pleats_idx cases = 0;
    TRY(count_cases(v, &cases));
    TRY(pleats_polyhedron_init(v->ctx, &p, v->n_inputs, v->formulas.atom));
    for (pleats_idx which = 0; which < cases; which++) {
        TRY(pleats_check_stop(v->ctx));
        TRY(collect_case(v, which, &p));
        if (!p.is_empty)
            TRY(pleats_polyhedron_add_part(&p, domain));
    }
done:
    pleats_polyhedron_clear(&p);
    return status;
}

static void clear(vnnlib *v)
{
    pleats_formulas_clear(v->ctx, &v->formulas);
    pleats_sexprs_clear(v->ctx, &v->tree);
    pleats_variables_clear(v->ctx, &v->names);
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
    pleats_skip_mark(&text, &length);
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

static pleats_status read_text(pleats_ctx *ctx, const char *path, char **text,
                               size_t *length)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_file_read(ctx, path, PLEATS_VNNLIB_MAX_BYTES, text, length));
    status = pleats_file_expect(ctx, *text, *length, PLEATS_KIND_VNNLIB);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s", pleats_file_name(path)));
done:
    return status;
}

pleats_status pleats_vnnlib_read(pleats_ctx *ctx, const char *path,
                                 pleats_idx n_inputs, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t length = 0;
    *out = NULL;
    TRY(read_text(ctx, path, &text, &length));
    TRY(pleats_vnnlib_parse(ctx, text, length, pleats_file_name(path), n_inputs,
                            out));
done:
    pleats_release(ctx, text);
    return status;
}

/* ---- properties ---- */

/* Row i of the goals: an atom's terms and constant. */
static pleats_status set_goal(pleats_ctx *ctx,
                              const pleats_vnnlib_property *property,
                              const pleats_form *form, mpq_t *row)
{
    const pleats_idx all = property->n_inputs + property->n_outputs;
    for (size_t t = 0; t < form->n; t++) {
        if (form->term[t].variable >= all)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "output %d is compared, but the network has "
                               "outputs 0 to %d",
                               form->term[t].variable - property->n_inputs,
                               property->n_outputs - 1);
        mpq_set(row[form->term[t].variable], form->term[t].weight);
    }
    mpq_set(row[all], form->constant);
    return PLEATS_OK;
}

static pleats_status add_property_case(pleats_ctx *ctx,
                                       const pleats_polyhedron *p,
                                       const char *title,
                                       pleats_vnnlib_property *property)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)p->n_goals, width = (size_t)property->n_inputs +
                                                 (size_t)property->n_outputs +
                                                 1;
    TRY(pleats_grow(ctx, &property->at, &property->capacity, property->n + 1,
                    sizeof *property->at));
    pleats_vnnlib_case *c = &property->at[property->n];
    *c = (pleats_vnnlib_case){.n_goals = p->n_goals};
    property->n++;
    TRY(pleats_domain_new(ctx, property->n_inputs, title, &c->domain));
    TRY(pleats_polyhedron_add_part(p, c->domain));
    TRY(pleats_rational_array(ctx, n * width, &c->goal));
    TRY(pleats_alloc(ctx, n, sizeof *c->is_strict, &c->is_strict));
    for (size_t i = 0; i < n; i++) {
        const pleats_form *form = &p->atom[p->goal[i]];
        c->is_strict[i] = form->is_strict;
        TRY(set_goal(ctx, property, form, c->goal + i * width));
    }
done:
    return status;
}

static pleats_status add_property_cases(const vnnlib *v, const char *title,
                                        pleats_vnnlib_property *property)
{
    pleats_status status = PLEATS_OK;
    pleats_polyhedron p = {0};
    TRY(count_cases(v, &property->n_all));
    TRY(pleats_polyhedron_init(v->ctx, &p, v->n_inputs, v->formulas.atom));
    p.has_goals = true;
    for (pleats_idx which = 0; which < property->n_all; which++) {
        TRY(pleats_check_stop(v->ctx));
        TRY(collect_case(v, which, &p));
        if (!p.is_empty)
            TRY(add_property_case(v->ctx, &p, title, property));
    }
    for (size_t i = 0; i < v->formulas.n_atoms; i++)
        property->has_outputs |= v->formulas.atom[i].has_outputs;
done:
    pleats_polyhedron_clear(&p);
    return status;
}

static pleats_status parse_property(pleats_ctx *ctx, const char *text,
                                    size_t length, const char *name,
                                    pleats_vnnlib_property *out)
{
    pleats_status status = PLEATS_OK;
    vnnlib v = {.ctx = ctx, .n_inputs = out->n_inputs, .keeps_outputs = true};
    char title[TEXT_BYTES];
    pleats_skip_mark(&text, &length);
    status = read_commands(&v, text, length);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s, line %d", name, v.line));
    snprintf(title, sizeof title, "vnnlib %s", name);
    status = add_property_cases(&v, title, out);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s", name));
done:
    clear(&v);
    return status;
}

pleats_status pleats_vnnlib_read_property(pleats_ctx *ctx, const char *path,
                                          pleats_idx n_inputs,
                                          pleats_idx n_outputs,
                                          pleats_vnnlib_property *out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t length = 0;
    *out =
        (pleats_vnnlib_property){.n_inputs = n_inputs, .n_outputs = n_outputs};
    TRY(read_text(ctx, path, &text, &length));
    TRY(parse_property(ctx, text, length, pleats_file_name(path), out));
done:
    pleats_release(ctx, text);
    return status;
}

void pleats_vnnlib_property_clear(pleats_ctx *ctx, pleats_vnnlib_property *p)
{
    const size_t width = (size_t)p->n_inputs + (size_t)p->n_outputs + 1;
    for (size_t i = 0; i < p->n; i++) {
        pleats_vnnlib_case *c = &p->at[i];
        pleats_domain_clear(ctx, c->domain);
        pleats_rational_array_free(ctx, (size_t)c->n_goals * width, c->goal);
        pleats_release(ctx, c->is_strict);
    }
    pleats_release(ctx, p->at);
    *p = (pleats_vnnlib_property){0};
}
