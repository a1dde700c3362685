/* An ONNX model under construction. */
#include "onnx_write/model_out.h"

#include "pleats/version.h"

#include <stdio.h>
#include <string.h>

enum { OPSET = 13, IR_VERSION = 7, NAME_BYTES = 64 };

void pleats_model_out_clear(pleats_model_out *m)
{
    for (size_t i = 0; i < m->n_owned; i++)
        pleats_release(m->ctx, m->owned[i]);
    pleats_release(m->ctx, m->owned);
    pleats_release(m->ctx, m->node);
    pleats_release(m->ctx, m->constant);
}

pleats_status pleats_model_out_own(pleats_model_out *m, size_t count,
                                   size_t size, void *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(m->ctx, &m->owned, &m->owned_capacity, m->n_owned + 1,
                    sizeof *m->owned));
    void *own = NULL;
    TRY(pleats_alloc(m->ctx, count, size, &own));
    m->owned[m->n_owned++] = own;
    memcpy(out, &own, sizeof own);
done:
    return status;
}

static pleats_status own_text(pleats_model_out *m, const char *text, char **out)
{
    size_t room = strlen(text) + 1;
    pleats_status status = pleats_model_out_own(m, room, 1, out);
    if (status == PLEATS_OK)
        memcpy(*out, text, room);
    return status;
}

static pleats_status own_texts(pleats_model_out *m, size_t n,
                               const char *const *text, char ***out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_model_out_own(m, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        TRY(own_text(m, text[i], &(*out)[i]));
done:
    return status;
}

static pleats_status own_ints(pleats_model_out *m, size_t n,
                              const int64_t *values, int64_t **out)
{
    pleats_status status = pleats_model_out_own(m, n, sizeof **out, out);
    if (status == PLEATS_OK && n > 0)
        memcpy(*out, values, n * sizeof *values);
    return status;
}

/* ---- nodes ---- */

pleats_status pleats_model_out_node(pleats_model_out *m, const char *op,
                                    size_t n, const char *const *in,
                                    Onnx__NodeProto **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__NodeProto *node = NULL;
    char name[NAME_BYTES];
    const char *output = name;
    snprintf(name, sizeof name, "%s_%zu", op, m->n_nodes + 1);
    TRY(pleats_grow(m->ctx, &m->node, &m->node_capacity, m->n_nodes + 1,
                    sizeof(Onnx__NodeProto *)));
    TRY(pleats_model_out_own(m, 1, sizeof *node, &node));
    onnx__node_proto__init(node);
    TRY(own_text(m, op, &node->op_type));
    TRY(own_text(m, name, &node->name));
    TRY(own_texts(m, n, in, &node->input));
    node->n_input = n;
    TRY(own_texts(m, 1, &output, &node->output));
    node->n_output = 1;
    m->node[m->n_nodes++] = *out = node;
done:
    return status;
}

pleats_status pleats_model_out_call(pleats_model_out *m, const char *op,
                                    size_t n, const char *const *in,
                                    const char **out)
{
    Onnx__NodeProto *node = NULL;
    pleats_status status = pleats_model_out_node(m, op, n, in, &node);
    if (status == PLEATS_OK)
        *out = node->output[0];
    return status;
}

/* A new attribute; a node has few, so the list is copied each time. */
static pleats_status new_attribute(pleats_model_out *m, Onnx__NodeProto *node,
                                   const char *name,
                                   Onnx__AttributeProto__AttributeType type,
                                   Onnx__AttributeProto **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__AttributeProto **list = NULL;
    size_t n = node->n_attribute;
    TRY(pleats_model_out_own(m, n + 1, sizeof *list, &list));
    if (n > 0)
        memcpy(list, node->attribute, n * sizeof *list);
    TRY(pleats_model_out_own(m, 1, sizeof **out, out));
    onnx__attribute_proto__init(*out);
    TRY(own_text(m, name, &(*out)->name));
    (*out)->has_type = true;
    (*out)->type = type;
    list[n] = *out;
    node->attribute = list;
    node->n_attribute = n + 1;
done:
    return status;
}

pleats_status pleats_model_out_int(pleats_model_out *m, Onnx__NodeProto *node,
                                   const char *name, int64_t value)
{
    pleats_status status = PLEATS_OK;
    Onnx__AttributeProto *a = NULL;
    TRY(new_attribute(m, node, name, ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT,
                      &a));
    a->has_i = true;
    a->i = value;
done:
    return status;
}

pleats_status pleats_model_out_float(pleats_model_out *m, Onnx__NodeProto *node,
                                     const char *name, float value)
{
    pleats_status status = PLEATS_OK;
    Onnx__AttributeProto *a = NULL;
    TRY(new_attribute(m, node, name,
                      ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT, &a));
    a->has_f = true;
    a->f = value;
done:
    return status;
}

pleats_status pleats_model_out_ints(pleats_model_out *m, Onnx__NodeProto *node,
                                    const char *name, size_t n,
                                    const int64_t *values)
{
    pleats_status status = PLEATS_OK;
    Onnx__AttributeProto *a = NULL;
    TRY(new_attribute(m, node, name,
                      ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS, &a));
    TRY(own_ints(m, n, values, &a->ints));
    a->n_ints = n;
done:
    return status;
}

/* ---- constants ---- */

static pleats_status new_constant(pleats_model_out *m, pleats_idx n_dims,
                                  const int64_t *dims, int32_t type, size_t *n,
                                  Onnx__TensorProto **out)
{
    pleats_status status = PLEATS_OK;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "constant_%zu", m->n_constants + 1);
    TRY(pleats_grow(m->ctx, &m->constant, &m->constant_capacity,
                    m->n_constants + 1, sizeof(Onnx__TensorProto *)));
    TRY(pleats_model_out_own(m, 1, sizeof **out, out));
    onnx__tensor_proto__init(*out);
    TRY(own_text(m, name, &(*out)->name));
    TRY(own_ints(m, (size_t)n_dims, dims, &(*out)->dims));
    (*out)->n_dims = (size_t)n_dims;
    (*out)->has_data_type = true;
    (*out)->data_type = type;
    *n = 1;
    for (pleats_idx d = 0; d < n_dims; d++)
        *n *= (size_t)dims[d];
    m->constant[m->n_constants++] = *out;
done:
    return status;
}

pleats_status pleats_model_out_reals(pleats_model_out *m, pleats_idx n_dims,
                                     const int64_t *dims, const double *values,
                                     const char **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__TensorProto *t = NULL;
    size_t n = 0;
    TRY(new_constant(m, n_dims, dims,
                     m->is_double ? ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE
                                  : ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
                     &n, &t));
    if (m->is_double) {
        TRY(pleats_model_out_own(m, n, sizeof *t->double_data,
                                 &t->double_data));
        memcpy(t->double_data, values, n * sizeof *values);
        t->n_double_data = n;
    } else {
        TRY(pleats_model_out_own(m, n, sizeof *t->float_data, &t->float_data));
        for (size_t i = 0; i < n; i++)
            t->float_data[i] = (float)values[i];
        t->n_float_data = n;
    }
    *out = t->name;
done:
    return status;
}

pleats_status pleats_model_out_indices(pleats_model_out *m, pleats_idx n_dims,
                                       const int64_t *dims,
                                       const int64_t *values, const char **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__TensorProto *t = NULL;
    size_t n = 0;
    TRY(new_constant(m, n_dims, dims, ONNX__TENSOR_PROTO__DATA_TYPE__INT64, &n,
                     &t));
    TRY(own_ints(m, n, values, &t->int64_data));
    t->n_int64_data = n;
    *out = t->name;
done:
    return status;
}

/* ---- the file ---- */

static pleats_status new_end(pleats_model_out *m, const pleats_model_end *end,
                             Onnx__ValueInfoProto **out)
{
    pleats_status status = PLEATS_OK;
    Onnx__TypeProto__Tensor *tensor = NULL;
    Onnx__TensorShapeProto *shape = NULL;
    Onnx__TensorShapeProto__Dimension *dim = NULL;
    size_t n = (size_t)end->n_dims + 1;
    TRY(pleats_model_out_own(m, 1, sizeof **out, out));
    onnx__value_info_proto__init(*out);
    TRY(own_text(m, end->name, &(*out)->name));
    TRY(pleats_model_out_own(m, 1, sizeof *(*out)->type, &(*out)->type));
    onnx__type_proto__init((*out)->type);
    TRY(pleats_model_out_own(m, 1, sizeof *tensor, &tensor));
    onnx__type_proto__tensor__init(tensor);
    TRY(pleats_model_out_own(m, 1, sizeof *shape, &shape));
    onnx__tensor_shape_proto__init(shape);
    TRY(pleats_model_out_own(m, n, sizeof(void *), &shape->dim));
    TRY(pleats_model_out_own(m, n, sizeof *dim, &dim));
    for (size_t i = 0; i < n; i++) {
        onnx__tensor_shape_proto__dimension__init(&dim[i]);
        shape->dim[i] = &dim[i];
        dim[i].value_case =
            ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        dim[i].dim_value = i > 0 ? end->dims[i - 1] : 0;
    }
    dim[0].value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
    TRY(own_text(m, "batch", &dim[0].dim_param));
    shape->n_dim = n;
    tensor->shape = shape;
    tensor->has_elem_type = true;
    tensor->elem_type = m->is_double ? ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE
                                     : ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT;
    (*out)->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    (*out)->type->tensor_type = tensor;
done:
    return status;
}

pleats_status pleats_model_out_pack(pleats_model_out *m,
                                    const pleats_model_end *input,
                                    const pleats_model_end *output,
                                    unsigned char **bytes, size_t *size)
{
    pleats_status status = PLEATS_OK;
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT;
    Onnx__GraphProto graph = ONNX__GRAPH_PROTO__INIT;
    Onnx__OperatorSetIdProto opset = ONNX__OPERATOR_SET_ID_PROTO__INIT;
    Onnx__OperatorSetIdProto *opsets = &opset;
    Onnx__ValueInfoProto *first = NULL, *last = NULL;
    TRY(new_end(m, input, &first));
    TRY(new_end(m, output, &last));
    TRY(own_text(m, "pleats", &graph.name));
    TRY(own_text(m, "pleats", &model.producer_name));
    TRY(own_text(m, PLEATS_VERSION, &model.producer_version));
    graph.n_node = m->n_nodes;
    graph.node = m->node;
    graph.n_initializer = m->n_constants;
    graph.initializer = m->constant;
    graph.n_input = graph.n_output = 1;
    graph.input = &first;
    graph.output = &last;
    opset.has_version = model.has_ir_version = true;
    opset.version = OPSET;
    model.ir_version = IR_VERSION;
    model.n_opset_import = 1;
    model.opset_import = &opsets;
    model.graph = &graph;
    *size = onnx__model_proto__get_packed_size(&model);
    if (*size > INT32_MAX)
        TRY(pleats_fail(m->ctx, PLEATS_LIMIT,
                        "the network does not fit an ONNX file, which has at "
                        "most 2 GiB"));
    TRY(pleats_alloc(m->ctx, *size, 1, bytes));
    onnx__model_proto__pack(&model, *bytes);
done:
    return status;
}
