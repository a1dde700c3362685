#include "onnx/input.h"

#include "onnx/small_floats.h"
#include "onnx/stored.h"

#include <stdlib.h>
#include <string.h>

/* Axes of the input; size 0: not known (yet). */
typedef struct {
    size_t rank;
    int64_t size[PLEATS_MAX_RANK];
    const char *name[PLEATS_MAX_RANK]; /* "": none */
} axes;

static pleats_status read_axes(pleats_ctx *ctx,
                               const Onnx__ValueInfoProto *input, axes *out)
{
    const Onnx__TypeProto *type = input->type;
    int32_t number =
        type && type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
            ? type->tensor_type->elem_type
            : 0;
    if (number == ONNX__TENSOR_PROTO__DATA_TYPE__BOOL ||
        (number != ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE &&
         !pleats_float_format_of(number) &&
         !pleats_stored_type_is_integer(number)))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the input '%.200s' is not a tensor of floats or "
                           "integers",
                           input->name ? input->name : "");
    const Onnx__TensorShapeProto *shape = type->tensor_type->shape;
    out->rank = shape ? shape->n_dim : 0;
    if (out->rank > PLEATS_MAX_RANK)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the input has %zu axes; at most %d are supported",
                           out->rank, PLEATS_MAX_RANK);
    for (size_t k = 0; k < out->rank; k++) {
        const Onnx__TensorShapeProto__Dimension *d = shape->dim[k];
        bool fixed = d->value_case ==
                     ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        bool named = d->value_case ==
                     ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
        if (fixed && d->dim_value < 1)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "axis %zu of the input has size %lld", k,
                               (long long)d->dim_value);
        out->size[k] = fixed ? d->dim_value : 0;
        out->name[k] = named ? d->dim_param : "";
    }
    return PLEATS_OK;
}

static pleats_status set_axis(pleats_ctx *ctx, axes *a, size_t k, int64_t size)
{
    if (a->size[k] && a->size[k] != size)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "--shape gives axis %zu of the input the size %lld, "
                           "the file says %lld",
                           k, (long long)size, (long long)a->size[k]);
    a->size[k] = size;
    return PLEATS_OK;
}

/* "name=size": every axis of that name. */
static pleats_status set_named(pleats_ctx *ctx, axes *a, const char *name,
                               size_t length, int64_t size)
{
    pleats_status status = PLEATS_OK;
    bool found = false;
    for (size_t k = 0; k < a->rank; k++)
        if (length && strlen(a->name[k]) == length &&
            memcmp(a->name[k], name, length) == 0) {
            TRY(set_axis(ctx, a, k, size));
            found = true;
        }
    if (!found)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "--shape names the axis '%.*s', which the input does "
                        "not have",
                        (int)length, name));
done:
    return status;
}

/* Items are separated by commas; all are sizes, or all are name=size. */
static pleats_status apply_text(pleats_ctx *ctx, axes *a, const char *text)
{
    pleats_status status = PLEATS_OK;
    bool by_name = strchr(text, '=') != NULL;
    size_t k = 0;
    for (const char *p = text;; k++) {
        const char *equals = by_name ? strchr(p, '=') : NULL;
        const char *number = by_name ? (equals ? equals + 1 : "") : p;
        char *end = NULL;
        long long size = strtoll(number, &end, 10);
        if (end == number || size < 1 || size > PLEATS_MAX_ELEMENTS ||
            (*end && *end != ','))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "--shape '%.200s' is neither like 1,1,28,28 nor "
                            "like H=28,W=28",
                            text));
        if (by_name) {
            TRY(set_named(ctx, a, p, (size_t)(equals - p), size));
        } else {
            if (a->rank == k && k < PLEATS_MAX_RANK && !a->name[0])
                a->rank++;
            if (k < a->rank)
                TRY(set_axis(ctx, a, k, size));
        }
        if (!*end)
            break;
        p = end + 1;
    }
    if (!by_name && k + 1 != a->rank)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "--shape has %zu sizes, the input has %zu axes", k + 1,
                        a->rank));
done:
    return status;
}

static pleats_status refuse_open(pleats_ctx *ctx, const axes *a,
                                 const char *input)
{
    pleats_status status = PLEATS_OK;
    pleats_report report = {0};
    for (size_t k = 0; k < a->rank; k++)
        if (!a->size[k])
            TRY(pleats_report_add(ctx, &report, "axis %zu ('%.100s')", k,
                                  a->name[k]));
    if (report.count)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the input '%.200s' has axes without a size: %s; give "
                        "them with --shape (all axes like 1,1,28,28, or by "
                        "name like H=28,W=28)",
                        input, report.text));
done:
    pleats_report_clear(ctx, &report);
    return status;
}

bool pleats_input_is_integer(const Onnx__ValueInfoProto *input)
{
    return input->type &&
           input->type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE &&
           pleats_stored_type_is_integer(input->type->tensor_type->elem_type);
}

/* What is taken for real numbers though the file says otherwise. */
static pleats_status remark_type(pleats_ctx *ctx,
                                 const Onnx__ValueInfoProto *input)
{
    int32_t type = input->type->tensor_type->elem_type;
    if (type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT ||
        type == ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)
        return PLEATS_OK;
    return pleats_remark(ctx,
                         "the input '%.200s' holds numbers of type %s; it is "
                         "taken to hold any real numbers",
                         input->name ? input->name : "",
                         pleats_stored_type_name(type));
}

pleats_status pleats_input_shape(pleats_ctx *ctx,
                                 const Onnx__ValueInfoProto *input,
                                 const char *text, pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    axes a = {0};
    TRY(read_axes(ctx, input, &a));
    TRY(remark_type(ctx, input));
    if (text)
        TRY(apply_text(ctx, &a, text));
    if (a.rank == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the file does not say the shape of the input '%.200s';"
                        " give it with --shape",
                        input->name ? input->name : ""));
    if (!a.size[0])
        a.size[0] = 1;
    TRY(refuse_open(ctx, &a, input->name ? input->name : ""));
    TRY(pleats_shape_set(ctx, a.rank, a.size, out));
done:
    return status;
}
