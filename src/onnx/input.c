#include "onnx/input.h"

#include "onnx/small_floats.h"
#include "onnx/stored.h"

#include <stdlib.h>
#include <string.h>

/* Axes of the input; size 0: not known (yet). */
typedef struct {
    bool known; /* the file says how many */
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
    const Onnx__TensorShapeProto *shape =
        number ? type->tensor_type->shape : NULL;
    out->known = shape != NULL;
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
        if (fixed && d->dim_value == -1)
            fixed = false;
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
    pleats_status status = PLEATS_OK;
    if (k == 0 && a->rank > 1 && size == 1 && a->size[0] > 1)
        TRY(pleats_remark(ctx,
                          "the file fixes %lld rows of input, --shape makes "
                          "them 1",
                          (long long)a->size[0]));
    else if (a->size[k] && a->size[k] != size)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "--shape gives axis %zu of the input the size %lld, "
                        "the file says %lld",
                        k, (long long)size, (long long)a->size[k]));
    a->size[k] = size;
done:
    return status;
}

/* "name=size": every axis of that name. */
static pleats_status set_named(pleats_ctx *ctx, axes *a, const char *name,
                               size_t length, int64_t size, bool *found)
{
    pleats_status status = PLEATS_OK;
    for (size_t k = 0; k < a->rank; k++)
        if (length && strlen(a->name[k]) == length &&
            memcmp(a->name[k], name, length) == 0) {
            TRY(set_axis(ctx, a, k, size));
            *found = true;
        }
done:
    return status;
}

/* The size at `p`, which ends at one of `ends` or the text's end; -1, which is
 * 1, only where `may_be_open`. */
static pleats_status read_size(pleats_ctx *ctx, const char *text, const char *p,
                               const char *ends, bool may_be_open,
                               const char **end, int64_t *out)
{
    char *stop = NULL;
    *out = strtoll(p, &stop, 10);
    *end = stop;
    if (*out == -1 && may_be_open)
        *out = 1;
    if (stop == p || *out < 1 || *out > PLEATS_MAX_ELEMENTS ||
        (*stop && !strchr(ends, *stop)))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "--shape '%.200s' is neither like 1,1,28,28 nor "
                           "like H=28,W=28",
                           text);
    return PLEATS_OK;
}

/* Names and sizes for all inputs. */
static pleats_status apply_names(pleats_ctx *ctx, size_t n, axes *a,
                                 const char *text)
{
    pleats_status status = PLEATS_OK;
    int64_t size = 0;
    for (const char *p = text, *end = text; *end; p = end + 1) {
        const char *equals = strchr(p, '=');
        bool found = false;
        TRY(read_size(ctx, text, equals ? equals + 1 : "", ",", false, &end,
                      &size));
        for (size_t i = 0; i < n; i++)
            TRY(set_named(ctx, &a[i], p, (size_t)(equals - p), size, &found));
        if (!found)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "--shape names the axis '%.*s', which the input "
                            "does not have",
                            (int)(equals - p), p));
    }
done:
    return status;
}

/* Lists of sizes, one for each input. */
static pleats_status apply_lists(pleats_ctx *ctx, size_t n, axes *a,
                                 const char *text)
{
    pleats_status status = PLEATS_OK;
    const char *p = text;
    size_t i = 0;
    for (; i < n; i++) {
        size_t k = 0;
        const char *end = p;
        for (;; k++, p = end + 1) {
            int64_t size = 0;
            TRY(read_size(ctx, text, p, ",;", k == 0, &end, &size));
            if (a[i].rank == k && k < PLEATS_MAX_RANK && !a[i].name[0])
                a[i].rank++;
            if (k < a[i].rank)
                TRY(set_axis(ctx, &a[i], k, size));
            if (*end != ',')
                break;
        }
        if (k + 1 != a[i].rank)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "--shape has %zu sizes, the input has %zu axes",
                            k + 1, a[i].rank));
        p = *end ? end + 1 : end;
        if (!*end != (i + 1 == n))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "--shape must have one list of sizes for each of "
                            "the %zu inputs, with semicolons between them",
                            n));
    }
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

/* The shape of the axes when all are known. */
static pleats_status close_axes(pleats_ctx *ctx, axes *a, const char *name,
                                pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    if (a->rank == 0 && !a->known)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the file does not say the shape of the input '%.200s';"
                        " give it with --shape",
                        name));
    if (a->rank && !a->size[0])
        a->size[0] = 1;
    TRY(refuse_open(ctx, a, name));
    TRY(pleats_shape_set(ctx, a->rank, a->size, out));
done:
    return status;
}

pleats_status pleats_input_shapes(pleats_ctx *ctx, const pleats_graph *graph,
                                  const char *text, pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)graph->n_inputs;
    axes *all = NULL;
    TRY(pleats_alloc(ctx, n, sizeof *all, &all));
    for (size_t i = 0; i < n; i++) {
        TRY(read_axes(ctx, graph->input[i].info, &all[i]));
        TRY(remark_type(ctx, graph->input[i].info));
    }
    if (text && strchr(text, '='))
        TRY(apply_names(ctx, n, all, text));
    else if (text)
        TRY(apply_lists(ctx, n, all, text));
    for (size_t i = 0; i < n; i++)
        TRY(close_axes(ctx, &all[i], graph->value[graph->input[i].value].name,
                       &out[i]));
done:
    pleats_release(ctx, all);
    return status;
}
