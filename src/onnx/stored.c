#include "onnx/stored.h"

#include "base/bits.h"
#include "base/file.h"
#include "onnx/number.h"
#include "onnx/small_floats.h"

#include <string.h>

/* How numbers of each data type are laid out. */
typedef struct {
    const char *name;
    int bits; /* of one number; 0: the type is refused */
    bool is_real, is_signed;
} data_type;

static const data_type types[] = {
    {"UNDEFINED", 0, false, false},    {"FLOAT", 32, true, true},
    {"UINT8", 8, false, false},        {"INT8", 8, false, true},
    {"UINT16", 16, false, false},      {"INT16", 16, false, true},
    {"INT32", 32, false, true},        {"INT64", 64, false, true},
    {"STRING", 0, false, false},       {"BOOL", 8, false, false},
    {"FLOAT16", 16, true, true},       {"DOUBLE", 64, true, true},
    {"UINT32", 32, false, false},      {"UINT64", 64, false, false},
    {"COMPLEX64", 0, true, true},      {"COMPLEX128", 0, true, true},
    {"BFLOAT16", 16, true, true},      {"FLOAT8E4M3FN", 8, true, true},
    {"FLOAT8E4M3FNUZ", 8, true, true}, {"FLOAT8E5M2", 8, true, true},
    {"FLOAT8E5M2FNUZ", 8, true, true}, {"UINT4", 4, false, false},
    {"INT4", 4, false, true},          {"FLOAT4E2M1", 4, true, true},
    {"FLOAT8E8M0", 0, true, true},     {"UINT2", 2, false, false},
    {"INT2", 2, false, true},
};
enum { N_TYPES = sizeof types / sizeof types[0] };

const char *pleats_stored_type_name(int32_t type)
{
    return type >= 0 && type < N_TYPES ? types[type].name : "unknown";
}

bool pleats_stored_type_is_integer(int32_t type)
{
    return type > 0 && type < N_TYPES && types[type].bits &&
           !types[type].is_real;
}

int pleats_stored_integer_bits(int32_t type)
{
    if (!pleats_stored_type_is_integer(type))
        return 0;
    return types[type].is_signed ? -types[type].bits : types[type].bits;
}

pleats_status pleats_stored_remark(pleats_ctx *ctx, int32_t number)
{
    const data_type *type = &types[number > 0 && number < N_TYPES ? number : 0];
    if (!type->is_real || type->bits >= 32)
        return PLEATS_OK;
    return pleats_remark(ctx,
                         "numbers of type %s are taken as the exact numbers "
                         "that they are; the network computes with reals",
                         type->name);
}

static int64_t integer_of_bits(uint64_t bits, const data_type *type)
{
    if (!type->is_signed)
        return (int64_t)bits;
    uint64_t sign = (uint64_t)1 << (type->bits - 1);
    return (int64_t)((bits ^ sign) - sign);
}

/* Number i of those that lie in `raw`; small ones share bytes, the first in
 * the lowest bits. */
static uint64_t raw_bits(const unsigned char *raw, const data_type *type,
                         int64_t i)
{
    int bits = type->bits;
    if (bits >= 8)
        return pleats_bits_read(raw + i * (bits / 8), bits / 8, false);
    int each = 8 / bits;
    return ((unsigned)raw[i / each] >> (i % each * bits)) & ((1u << bits) - 1);
}

static pleats_number real_of_bits(uint64_t bits, const data_type *type,
                                  int32_t number)
{
    return pleats_number_of(
        type->bits >= 32
            ? pleats_bits_real(bits, type->bits / 8)
            : pleats_float_decode(pleats_float_format_of(number), bits));
}

static pleats_status from_raw(pleats_ctx *ctx, const unsigned char *raw,
                              int32_t number, pleats_tensor *out)
{
    const data_type *type = &types[number];
    for (int64_t i = 0; i < out->shape.n; i++) {
        uint64_t bits = raw_bits(raw, type, i);
        if (type->is_real)
            out->real[i] = real_of_bits(bits, type, number);
        else
            out->integer[i] = integer_of_bits(bits, type);
        if (!type->is_real && !type->is_signed && out->integer[i] < 0)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "an integer beyond 2^63 - 1");
    }
    return PLEATS_OK;
}

/* How many numbers all typed fields have together. */
static size_t all_typed(const Onnx__TensorProto *t)
{
    return t->n_float_data + t->n_double_data + t->n_int32_data +
           t->n_int64_data + t->n_uint64_data + t->n_string_data;
}

/* How many entries the field that belongs to the type has. */
static size_t typed_count(const Onnx__TensorProto *t)
{
    switch (t->data_type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
        return t->n_float_data;
    case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
        return t->n_double_data;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
        return t->n_int64_data;
    case ONNX__TENSOR_PROTO__DATA_TYPE__UINT32:
    case ONNX__TENSOR_PROTO__DATA_TYPE__UINT64:
        return t->n_uint64_data;
    default:
        return t->n_int32_data;
    }
}

/* Entry i of int32_data, which holds integers of up to 32 bits as such, small
 * floats as their bits, and numbers of fewer than 8 bits by the byte. */
static void from_int32(const Onnx__TensorProto *t, int64_t i,
                       pleats_tensor *out)
{
    const data_type *type = &types[t->data_type];
    int each = type->bits < 8 ? 8 / type->bits : 1;
    unsigned char byte = (unsigned char)t->int32_data[i / each];
    uint64_t bits = type->bits < 8 ? raw_bits(&byte, type, i % each)
                                   : (uint64_t)(uint32_t)t->int32_data[i];
    if (type->is_real)
        out->real[i] = real_of_bits(bits & 0xffff, type, t->data_type);
    else
        out->integer[i] = type->bits < 8 ? integer_of_bits(bits, type)
                                         : (int64_t)t->int32_data[i];
}

static pleats_status from_typed(pleats_ctx *ctx, const Onnx__TensorProto *t,
                                pleats_tensor *out)
{
    for (int64_t i = 0; i < out->shape.n; i++)
        switch (t->data_type) {
        case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT:
            out->real[i] = (double)t->float_data[i];
            break;
        case ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE:
            out->real[i] = pleats_number_of(t->double_data[i]);
            break;
        case ONNX__TENSOR_PROTO__DATA_TYPE__INT64:
            out->integer[i] = t->int64_data[i];
            break;
        case ONNX__TENSOR_PROTO__DATA_TYPE__UINT32:
        case ONNX__TENSOR_PROTO__DATA_TYPE__UINT64:
            if (t->uint64_data[i] > INT64_MAX)
                return pleats_fail(ctx, PLEATS_INVALID,
                                   "an integer beyond 2^63 - 1");
            out->integer[i] = (int64_t)t->uint64_data[i];
            break;
        default:
            from_int32(t, i, out);
        }
    return PLEATS_OK;
}

/* Checks that the numbers are there before memory is taken for them: `raw`
 * gets raw bytes, `buffer` is to be freed; both stay NULL for typed data. */
static pleats_status locate(pleats_ctx *ctx, const Onnx__TensorProto *t,
                            const char *model_path, size_t n, size_t each,
                            const unsigned char **raw, unsigned char **buffer)
{
    pleats_status status = PLEATS_OK;
    bool is_external =
        t->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    size_t elsewhere = is_external || t->has_raw_data ? 0 : typed_count(t);
    if ((is_external && t->has_raw_data) || all_typed(t) != elsewhere)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "its numbers must stand in one place: raw_data, "
                        "external data, or the field of its data type"));
    if (is_external) {
        TRY(pleats_external_read(ctx, t, model_path, n * each, buffer));
        *raw = *buffer;
    } else if (t->has_raw_data) {
        if (t->raw_data.len != n * each)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "its dims need %zu bytes of raw_data, it has %zu",
                            n * each, t->raw_data.len));
        *raw = t->raw_data.data;
    } else if (typed_count(t) != n) {
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "its dims need %zu numbers, it stores %zu", n,
                        typed_count(t)));
    }
done:
    return status;
}

static pleats_status decode(pleats_ctx *ctx, const Onnx__TensorProto *t,
                            const char *model_path, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    const unsigned char *raw = NULL;
    unsigned char *buffer = NULL;
    const data_type *type = t->data_type > 0 && t->data_type < N_TYPES
                                ? &types[t->data_type]
                                : NULL;
    size_t per_byte =
        type && type->bits && type->bits < 8 ? 8 / (size_t)type->bits : 1;
    if (!type || !type->bits)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "its data type %d (%s) is not supported; floats and "
                        "integers of up to 64 bits are",
                        t->data_type, pleats_stored_type_name(t->data_type)));
    if (t->segment)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "it is stored in segments"));
    TRY(pleats_shape_set(ctx, t->n_dims, t->dims, &shape));
    TRY(locate(ctx, t, model_path, ((size_t)shape.n + per_byte - 1) / per_byte,
               type->bits < 8 ? 1 : (size_t)type->bits / 8, &raw, &buffer));
    TRY(pleats_tensor_new(
        ctx, type->is_real ? PLEATS_TENSOR_REAL : PLEATS_TENSOR_INT, &shape,
        out));
    if (raw)
        TRY(from_raw(ctx, raw, t->data_type, out));
    else if (!t->has_raw_data)
        TRY(from_typed(ctx, t, out));
    TRY(pleats_stored_remark(ctx, t->data_type));
done:
    pleats_release(ctx, buffer);
    return status;
}

pleats_status pleats_stored_read(pleats_ctx *ctx, const Onnx__TensorProto *t,
                                 const char *model_path, pleats_tensor *out)
{
    pleats_status status = decode(ctx, t, model_path, out);
    if (status == PLEATS_OK)
        return status;
    pleats_tensor_clear(ctx, out);
    return pleats_blame(ctx, status, "tensor '%s'", t->name ? t->name : "");
}

/* Writes the values to their places; indices are linear or, with two axes,
 * one row of coordinates a value. */
static pleats_status scatter(pleats_ctx *ctx, const pleats_tensor *values,
                             const pleats_tensor *indices, pleats_tensor *out)
{
    int64_t stride[PLEATS_MAX_RANK];
    int64_t nnz = values->shape.n, rank = out->shape.rank;
    bool linear = indices->shape.rank == 1;
    if (indices->sort != PLEATS_TENSOR_INT || values->shape.rank != 1 ||
        indices->shape.n != (linear ? nnz : nnz * rank) ||
        (!linear &&
         (indices->shape.rank != 2 || indices->shape.dim[1] != rank)))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "its indices do not fit its values");
    pleats_shape_strides(&out->shape, stride);
    for (int64_t i = 0; i < nnz; i++) {
        int64_t at = linear ? indices->integer[i] : 0;
        bool inside = at >= 0 && at < out->shape.n;
        for (int64_t k = 0; !linear && k < rank; k++) {
            int64_t j = indices->integer[i * rank + k];
            inside = inside && j >= 0 && j < out->shape.dim[k];
            at += inside ? j * stride[k] : 0;
        }
        if (!inside)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "index %lld lies outside its dims",
                               (long long)i);
        memcpy((char *)out->data + at * 8, (char *)values->data + i * 8, 8);
    }
    return PLEATS_OK;
}

pleats_status pleats_stored_read_sparse(pleats_ctx *ctx,
                                        const Onnx__SparseTensorProto *t,
                                        const char *model_path,
                                        pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor values = {0}, indices = {0};
    pleats_tensor_shape shape = {0};
    if (!t->values || !t->indices)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a sparse tensor lacks values or indices"));
    TRY(pleats_stored_read(ctx, t->values, model_path, &values));
    TRY(pleats_stored_read(ctx, t->indices, model_path, &indices));
    TRY(pleats_shape_set(ctx, t->n_dims, t->dims, &shape));
    TRY(pleats_tensor_new(ctx, values.sort, &shape, out));
    TRY(scatter(ctx, &values, &indices, out));
done:
    pleats_tensor_clear(ctx, &values);
    pleats_tensor_clear(ctx, &indices);
    if (status == PLEATS_OK || !t->values)
        return status;
    pleats_tensor_clear(ctx, out);
    return pleats_blame(ctx, status, "tensor '%s'",
                        t->values->name ? t->values->name : "");
}
