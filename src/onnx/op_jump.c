#include "onnx/op_jump.h"

#include "onnx/jump_lines.h"
#include "onnx/jump_result.h"
#include "onnx/scalar_form.h"

#include <stdio.h>
#include <string.h>

enum { MAX_INPUTS = 3 };

/* ---- operands as functions of one scalar -------------------------------- */

/* The scalar that element i of all [n] are to be functions of, -1: none. */
static pleats_idx base_of(const pleats_call *c, int n, const pleats_tensor *all,
                          int64_t i)
{
    pleats_idx base = -1;
    for (int k = 0; k < n && base < 0; k++)
        if (all[k].sort == PLEATS_TENSOR_JUMP &&
            !pleats_piecewise_is_const(&c->jumps->f[all[k].jump[i].function]))
            base = all[k].jump[i].on;
    for (int k = 0; k < n && base < 0; k++)
        if (all[k].sort == PLEATS_TENSOR_VAR)
            base = all[k].scalar[i];
    return base;
}

static pleats_status scalar_along(const pleats_call *c, pleats_idx scalar,
                                  pleats_idx base, pleats_piecewise *out,
                                  bool *found)
{
    pleats_scalar_form form = {0};
    *found = true;
    pleats_piecewise_line(scalar == base && scalar >= 0, 0, out);
    if (scalar < 0 || scalar == base)
        return PLEATS_OK;
    pleats_scalar_form_add(c, &form, scalar, 1);
    return pleats_scalar_form_along(c, &form, base, out, found);
}

/* Element i of `t` as a function of `base`. */
static pleats_status element_along(const pleats_call *c, const pleats_tensor *t,
                                   int64_t i, pleats_idx base,
                                   pleats_piecewise *out, bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_piecewise inner = {0};
    *found = true;
    if (pleats_tensor_is_const(t)) {
        pleats_piecewise_line(0, pleats_call_real(c, t, i), out);
    } else if (t->sort == PLEATS_TENSOR_VAR) {
        TRY(scalar_along(c, t->scalar[i], base, out, found));
    } else {
        const pleats_piecewise *f = &c->jumps->f[t->jump[i].function];
        if (pleats_piecewise_is_const(f) || t->jump[i].on == base) {
            *out = *f;
            return PLEATS_OK;
        }
        TRY(scalar_along(c, t->jump[i].on, base, &inner, found));
        if (*found)
            TRY(pleats_piecewise_compose(c, f, &inner, out));
    }
done:
    return status;
}

static pleats_status refuse_strangers(const pleats_call *c)
{
    return pleats_fail(c->ctx, PLEATS_INVALID,
                       "it joins a comparison of one tensor with another "
                       "tensor that is no function of the first; nothing shows "
                       "that the result is continuous");
}

/* ---- elementwise operators ----------------------------------------------- */

/* Elements i of all [n] as functions of `base`, combined by fn. */
static pleats_status combine_element(const pleats_call *c, int n,
                                     const pleats_tensor *all, int64_t i,
                                     pleats_line_fn fn, pleats_idx base,
                                     pleats_piecewise *out, bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_piecewise f[MAX_INPUTS] = {0};
    const pleats_piecewise *list[MAX_INPUTS] = {&f[0], &f[1], &f[2]};
    *found = true;
    for (int k = 0; k < n && *found; k++)
        TRY(element_along(c, &all[k], i, base, &f[k], found));
    if (*found)
        TRY(pleats_piecewise_combine(c, n, list, fn, out));
done:
    return status;
}

static void clear_inputs(const pleats_call *c, pleats_tensor *all)
{
    for (int k = 0; k < MAX_INPUTS; k++)
        pleats_tensor_clear(c->ctx, &all[k]);
}

/* The first n inputs, element by element. */
static pleats_status elementwise(const pleats_call *c, int n, pleats_line_fn fn)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[MAX_INPUTS] = {0};
    pleats_jump_result r = {0};
    pleats_piecewise f = {0};
    TRY(pleats_call_expand(c, n, all));
    TRY(pleats_jump_result_new(c, &all[0].shape, &r));
    for (int64_t i = 0; i < r.shape.n; i++) {
        bool found = false;
        r.on[i] = base_of(c, n, all, i);
        TRY(combine_element(c, n, all, i, fn, r.on[i], &f, &found));
        if (!found)
            TRY(refuse_strangers(c));
        TRY(pleats_jumps_add(c, &f, &r.function[i]));
    }
    TRY(pleats_jump_result_emit(c, &r, c->out));
done:
    clear_inputs(c, all);
    pleats_jump_result_clear(c->ctx, &r);
    return status;
}

static pleats_status op_add(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_add);
}
static pleats_status op_sub(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_subtract);
}
static pleats_status op_mul(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_multiply);
}
static pleats_status op_div(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_divide);
}
static pleats_status op_neg(pleats_call *c)
{
    return elementwise(c, 1, pleats_lines_negate);
}
static pleats_status op_and(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_and);
}
static pleats_status op_or(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_or);
}
static pleats_status op_xor(pleats_call *c)
{
    return elementwise(c, 2, pleats_lines_xor);
}
static pleats_status op_not(pleats_call *c)
{
    return elementwise(c, 1, pleats_lines_not);
}

/* ---- comparisons ----------------------------------------------------------
 */

/* Input 0 less input 1 (n = 2), or input 0: scalars of the network where a
 * difference of two variables is new, and functions of them. */
static pleats_status differences(const pleats_call *c, int n,
                                 pleats_tensor *all, pleats_jump_result *r)
{
    pleats_status status = PLEATS_OK;
    pleats_piecewise f = {0};
    pleats_call inner = *c;
    pleats_tensor made = {0};
    if (n == 2 && all[0].sort == PLEATS_TENSOR_VAR &&
        all[1].sort == PLEATS_TENSOR_VAR) {
        inner.out = &made;
        TRY(pleats_op_sub(&inner));
        pleats_tensor_clear(c->ctx, &all[0]);
        all[0] = made;
        made = (pleats_tensor){0};
        n = 1;
    }
    for (int64_t i = 0; i < r->shape.n; i++) {
        bool found = false;
        r->on[i] = base_of(c, n, all, i);
        TRY(combine_element(c, n, all, i,
                            n == 2 ? pleats_lines_subtract : pleats_lines_add,
                            r->on[i], &f, &found));
        if (!found)
            TRY(refuse_strangers(c));
        TRY(pleats_jumps_add(c, &f, &r->function[i]));
    }
done:
    pleats_tensor_clear(c->ctx, &made);
    return status;
}

/* The values below, at and above 0 of the difference of inputs 0 and 1, or of
 * input 0 alone. */
static pleats_status compare(const pleats_call *c, int n, double below,
                             double at, double above)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[MAX_INPUTS] = {0};
    pleats_jump_result r = {0};
    pleats_piecewise step = {0}, f = {0};
    pleats_piecewise_step(0, (double[]){below, at, above}, &step);
    TRY(pleats_call_expand(c, n, all));
    TRY(pleats_jump_result_new(c, &all[0].shape, &r));
    TRY(differences(c, n, all, &r));
    for (int64_t i = 0; i < r.shape.n; i++) {
        TRY(pleats_piecewise_compose(c, &step, &c->jumps->f[r.function[i]],
                                     &f));
        TRY(pleats_jumps_add(c, &f, &r.function[i]));
    }
    TRY(pleats_jump_result_emit(c, &r, c->out));
done:
    clear_inputs(c, all);
    pleats_jump_result_clear(c->ctx, &r);
    return status;
}

static pleats_status op_less(pleats_call *c)
{
    return compare(c, 2, 1, 0, 0);
}
static pleats_status op_equal(pleats_call *c)
{
    return compare(c, 2, 0, 1, 0);
}
static pleats_status op_less_equal(pleats_call *c)
{
    return compare(c, 2, 1, 1, 0);
}
static pleats_status op_greater(pleats_call *c)
{
    return compare(c, 2, 0, 0, 1);
}
static pleats_status op_greater_equal(pleats_call *c)
{
    return compare(c, 2, 0, 1, 1);
}
pleats_status pleats_op_sign(pleats_call *c)
{
    return compare(c, 1, -1, 0, 1);
}

/* ---- casts and choices ------------------------------------------------------
 */

static pleats_status op_cast(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    int64_t to = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_int(c, "to", 0, &to));
    switch (to) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL:
        TRY(compare(c, 1, 1, 0, 1));
        break;
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16:
    case ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16:
        TRY(pleats_op_identity(c));
        break;
    default:
        TRY(elementwise(c, 1, pleats_lines_truncate));
    }
done:
    return status;
}

/* choice ? all[1] : all[2] = all[2] + (choice ? all[1] - all[2] : 0), where
 * only the difference is a function of the scalar that `choice` compares. */
static pleats_status choose_difference(const pleats_call *c,
                                       const pleats_tensor *all, int64_t i,
                                       pleats_jump_result *r, bool *found)
{
    pleats_status status = PLEATS_OK;
    pleats_scalar_form form = {0};
    pleats_piecewise f[MAX_INPUTS] = {0}, made = {0};
    const pleats_piecewise *list[MAX_INPUTS] = {&f[0], &f[1], &f[2]};
    *found = all[0].sort == PLEATS_TENSOR_JUMP &&
             all[1].sort != PLEATS_TENSOR_JUMP &&
             all[2].sort == PLEATS_TENSOR_VAR;
    if (!*found)
        return PLEATS_OK;
    if (all[1].sort == PLEATS_TENSOR_VAR)
        pleats_scalar_form_add(c, &form, all[1].scalar[i], 1);
    else
        form.constant = pleats_call_real(c, &all[1], i);
    pleats_scalar_form_add(c, &form, all[2].scalar[i], -1);
    TRY(element_along(c, &all[0], i, r->on[i], &f[0], found));
    if (*found)
        TRY(pleats_scalar_form_along(c, &form, r->on[i], &f[1], found));
    if (!*found)
        return PLEATS_OK;
    TRY(pleats_piecewise_combine(c, 3, list, pleats_lines_choose, &made));
    r->plus[i] = all[2].scalar[i];
    TRY(pleats_jumps_add(c, &made, &r->function[i]));
done:
    return status;
}

/* A condition that is constant in this element chooses a scalar. */
static bool choose_plainly(const pleats_call *c, const pleats_tensor *all,
                           int64_t i, pleats_jump_result *r)
{
    const pleats_piecewise *f = &c->jumps->f[all[0].jump[i].function];
    const pleats_tensor *t = &all[f->piece[0].intercept != 0 ? 1 : 2];
    if (!pleats_piecewise_is_const(f) || t->sort != PLEATS_TENSOR_VAR)
        return false;
    r->plus[i] = t->scalar[i];
    return true;
}

static pleats_status op_where(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor all[MAX_INPUTS] = {0};
    pleats_jump_result r = {0};
    pleats_piecewise f = {0};
    TRY(pleats_call_expand(c, 3, all));
    TRY(pleats_jump_result_new(c, &all[0].shape, &r));
    for (int64_t i = 0; i < r.shape.n; i++) {
        bool found = false;
        r.on[i] = base_of(c, 3, all, i);
        if (all[0].sort == PLEATS_TENSOR_JUMP && choose_plainly(c, all, i, &r))
            continue;
        TRY(combine_element(c, 3, all, i, pleats_lines_choose, r.on[i], &f,
                            &found));
        if (found)
            TRY(pleats_jumps_add(c, &f, &r.function[i]));
        else
            TRY(choose_difference(c, all, i, &r, &found));
        if (!found)
            TRY(refuse_strangers(c));
    }
    TRY(pleats_jump_result_emit(c, &r, c->out));
done:
    clear_inputs(c, all);
    pleats_jump_result_clear(c->ctx, &r);
    return status;
}

/* ---- the table -------------------------------------------------------------
 */

typedef struct {
    const char *name;
    pleats_op_fn run; /* NULL: the operator's own */
    bool makes;       /* jumps of variable inputs that do not */
} jump_op;

static const jump_op table[] = {
    {"Less", op_less, true},       {"LessOrEqual", op_less_equal, true},
    {"Greater", op_greater, true}, {"GreaterOrEqual", op_greater_equal, true},
    {"Equal", op_equal, true},     {"Sign", pleats_op_sign, true},
    {"Not", op_not, false},        {"And", op_and, false},
    {"Or", op_or, false},          {"Xor", op_xor, false},
    {"Cast", op_cast, false},      {"Where", op_where, false},
    {"Add", op_add, false},        {"Sub", op_sub, false},
    {"Mul", op_mul, false},        {"Div", op_div, false},
    {"Neg", op_neg, false},        {"Identity", NULL, false},
    {"Dropout", NULL, false},      {"Flatten", NULL, false},
    {"Reshape", NULL, false},      {"Squeeze", NULL, false},
    {"Unsqueeze", NULL, false},    {"Transpose", NULL, false},
    {"Slice", NULL, false},        {"Split", NULL, false},
    {"Gather", NULL, false},       {"Expand", NULL, false},
};

static const jump_op *find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

bool pleats_jump_takes(const char *op)
{
    return find(op) != NULL;
}

bool pleats_jump_makes(const char *op)
{
    const jump_op *found = find(op);
    return found && found->makes;
}

/* A number that is cast to a truth is compared with 0. */
static bool casts_to_truth(const pleats_call *c)
{
    const Onnx__AttributeProto *to =
        pleats_node_attribute(c->graph, c->node, "to");
    return strcmp(c->node->proto->op_type, "Cast") == 0 && to &&
           to->i == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL;
}

pleats_status pleats_jump_refuse(const pleats_call *c, const char *what,
                                 const pleats_tensor *t)
{
    char text[PLEATS_JUMP_TEXT], node[PLEATS_NODE_TEXT];
    const pleats_piecewise *f = NULL;
    int64_t i = 0;
    if (t->shape.n == 0)
        return pleats_fail(c->ctx, PLEATS_INVALID, "%s is a comparison", what);
    while (i + 1 < t->shape.n &&
           pleats_piecewise_jump(c, &c->jumps->f[t->jump[i].function]) < 0)
        i++;
    f = &c->jumps->f[t->jump[i].function];
    return pleats_fail(c->ctx, PLEATS_INVALID,
                       "%s %s, it is not continuous; the jump comes from %s",
                       what, pleats_piecewise_text(c, f, text),
                       pleats_node_text(c->graph, t->jump[i].origin, node));
}

pleats_status pleats_jump_handler(const pleats_call *c, pleats_op_fn *out)
{
    const jump_op *own = find(pleats_call_op(c));
    const pleats_tensor *jumps = NULL;
    char what[PLEATS_NODE_TEXT];
    bool variable = false;
    *out = NULL;
    for (pleats_idx k = 0; k < c->node->n_in; k++) {
        if (!c->in[k])
            continue;
        variable = variable || c->in[k]->sort == PLEATS_TENSOR_VAR;
        if (jumps || c->in[k]->sort != PLEATS_TENSOR_JUMP)
            continue;
        jumps = c->in[k];
        snprintf(what, sizeof what, "its input '%.200s'",
                 c->node->proto->input[k]);
    }
    if (jumps && !own)
        return pleats_jump_refuse(c, what, jumps);
    if (own && (jumps || (variable && (own->makes || casts_to_truth(c)))))
        *out = own->run;
    return PLEATS_OK;
}
