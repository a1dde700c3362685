#include "onnx/old.h"

#include <string.h>

enum { FIRST_NEW = 7 };

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

/* x [.., axes of y from `axis` on, ..]: y gets axes of size 1 behind. */
static pleats_status align(pleats_call *c, int64_t axis, pleats_tensor *aligned)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = c->in[0], *y = c->in[1];
    pleats_tensor_shape shape = y->shape;
    int k = 0;
    TRY(pleats_axis(c->ctx, axis, x->shape.rank, &k));
    if (k + shape.rank > x->shape.rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its second input does not fit from axis %d on", k));
    while (k + shape.rank < x->shape.rank)
        shape.dim[shape.rank++] = 1;
    TRY(pleats_tensor_reshape(c->ctx, y, &shape, aligned));
    c->in[1] = aligned;
done:
    return status;
}

static pleats_status align_binary(pleats_call *c, pleats_tensor *aligned)
{
    pleats_status status = PLEATS_OK;
    int64_t broadcast = 0, axis = 0;
    TRY(pleats_call_int(c, "broadcast", 0, &broadcast));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    if (!broadcast && !pleats_shape_equal(&c->in[0]->shape, &c->in[1]->shape))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its shapes differ and it does not say broadcast"));
    if (broadcast && c->in[1]->shape.n != 1 &&
        pleats_node_attribute(c->graph, c->node, "axis"))
        TRY(align(c, axis, aligned));
done:
    return status;
}

pleats_status pleats_old_align(pleats_call *c, pleats_tensor *aligned)
{
    static const char *const binary[] = {"Add",  "Sub",     "Mul",   "Div",
                                         "Pow",  "And",     "Or",    "Xor",
                                         "Less", "Greater", "Equal", NULL};
    const char *name = c->node->proto->op_type;
    int64_t is_test = 0;
    if (c->opset >= FIRST_NEW ||
        !pleats_opset_is_standard(c->node->proto->domain))
        return PLEATS_OK;
    if (strcmp(name, "Dropout") == 0) {
        pleats_status status = pleats_call_int(c, "is_test", 0, &is_test);
        if (status == PLEATS_OK && !is_test)
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "Dropout in training mode is random");
        return status;
    }
    if (!pleats_call_in(c, 0) || !pleats_call_in(c, 1))
        return PLEATS_OK;
    if (is_one_of(name, binary))
        return align_binary(c, aligned);
    if (strcmp(name, "PRelu") == 0 && c->in[1]->shape.n != 1)
        return align(c, 1, aligned);
    return PLEATS_OK;
}
