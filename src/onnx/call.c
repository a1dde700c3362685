/* Inputs and attributes of a node. */
#include "onnx/call.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { KNOWN_BYTES = 256, SHOWN_CHARS = 40 };

static const char *input_name(const pleats_call *c, int k)
{
    return (size_t)k < c->node->proto->n_input ? c->node->proto->input[k] : "";
}

const pleats_tensor *pleats_call_in(const pleats_call *c, int k)
{
    return k < c->node->n_in ? c->in[k] : NULL;
}

pleats_status pleats_call_need(const pleats_call *c, int k,
                               const pleats_tensor **out)
{
    *out = pleats_call_in(c, k);
    if (!*out)
        return pleats_fail(c->ctx, PLEATS_INVALID, "input %d is missing", k);
    return PLEATS_OK;
}

pleats_status pleats_call_const(const pleats_call *c, int k,
                                pleats_tensor_sort sort,
                                const pleats_tensor **out)
{
    pleats_status status = pleats_call_need(c, k, out);
    if (status == PLEATS_OK && (*out)->sort != sort)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "its input %d ('%.200s') must be constant and hold "
                           "%s",
                           k, input_name(c, k),
                           sort == PLEATS_TENSOR_INT ? "integers" : "floats");
    return status;
}

pleats_status pleats_call_shape(const pleats_call *c, pleats_idx n,
                                pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    *out = (pleats_tensor_shape){.n = 1};
    for (pleats_idx k = 0; k < n; k++) {
        TRY(pleats_call_need(c, k, &t));
        TRY(pleats_shape_broadcast(c->ctx, out, &t->shape, out));
    }
done:
    return status;
}

pleats_status pleats_call_expand(const pleats_call *c, pleats_idx n,
                                 pleats_tensor *all)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    TRY(pleats_call_shape(c, n, &shape));
    for (pleats_idx k = 0; k < n; k++)
        TRY(pleats_tensor_expand(c->ctx, c->in[k], &shape, &all[k]));
done:
    return status;
}

static pleats_status wrong_type(const pleats_call *c, const char *name,
                                const char *type)
{
    return pleats_fail(c->ctx, PLEATS_INVALID, "its attribute '%s' is not %s",
                       name, type);
}

pleats_status pleats_call_int(const pleats_call *c, const char *name,
                              int64_t otherwise, int64_t *out)
{
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, name);
    if (a && !a->has_i)
        return wrong_type(c, name, "an integer");
    *out = a ? a->i : otherwise;
    return PLEATS_OK;
}

pleats_status pleats_call_float(const pleats_call *c, const char *name,
                                float otherwise, double *out)
{
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, name);
    if (a && (!a->has_f || !isfinite(a->f)))
        return wrong_type(c, name, "a finite number");
    *out = (double)(a ? a->f : otherwise);
    return PLEATS_OK;
}

pleats_status pleats_call_choose(const pleats_call *c, const char *name,
                                 const char *otherwise, int n,
                                 const char *const *choices, int *out)
{
    char known[KNOWN_BYTES] = "";
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, name);
    if (a && !a->has_s)
        return wrong_type(c, name, "a text");
    const char *text = a ? (const char *)a->s.data : otherwise;
    size_t length = a ? a->s.len : strlen(otherwise), used = 0;
    for (*out = 0; *out < n; ++*out) {
        const char *choice = choices[*out];
        if (strlen(choice) == length && memcmp(choice, text, length) == 0)
            return PLEATS_OK;
        used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                 choice);
    }
    return pleats_fail(
        c->ctx, PLEATS_INVALID, "its attribute '%s' is '%.*s'; supported: %s",
        name, (int)pleats_printable(text, length, SHOWN_CHARS), text, known);
}

pleats_status pleats_call_ints(const pleats_call *c, const char *name,
                               pleats_ints *out)
{
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, name);
    *out = (pleats_ints){0};
    if (!a)
        return PLEATS_OK;
    if (a->has_i || a->has_f || a->has_s || a->t)
        return wrong_type(c, name, "a list of integers");
    *out = (pleats_ints){true, a->n_ints, a->ints};
    return PLEATS_OK;
}

pleats_status pleats_call_list(const pleats_call *c, int k, const char *name,
                               pleats_ints *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    *out = (pleats_ints){0};
    if (!pleats_call_in(c, k)) {
        if (name)
            TRY(pleats_call_ints(c, name, out));
        return status;
    }
    TRY(pleats_call_const(c, k, PLEATS_TENSOR_INT, &t));
    if (t->shape.rank > 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input %d ('%.200s') must be a list", k,
                        input_name(c, k)));
    *out = (pleats_ints){true, (size_t)t->shape.n, t->integer};
done:
    return status;
}

pleats_status pleats_call_number(const pleats_call *c, int k, const char *name,
                                 pleats_number *out, bool *present)
{
    const pleats_tensor *t = pleats_call_in(c, k);
    const Onnx__AttributeProto *a = NULL;
    if (t) {
        if (!pleats_tensor_is_const(t) || t->shape.n != 1)
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "its input %d ('%.200s') must be one constant "
                               "number",
                               k, input_name(c, k));
        *out = pleats_call_real(c, t, 0);
    } else {
        a = pleats_node_attribute(c->graph, c->node, name);
        if (a && !a->has_f)
            return wrong_type(c, name, "a number");
        *out = a ? (double)a->f : 0;
    }
    *present = t || a;
    if (pleats_number_is_nan(*out))
        return pleats_fail(c->ctx, PLEATS_INVALID, "its %s is NaN", name);
    return PLEATS_OK;
}
