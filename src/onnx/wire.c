#include "onnx/wire.h"

#include <string.h>

enum {
    MAX_DEPTH = 48,
    FIELD_COST = 64,
    BASE_COST = 1 << 20,
    COST_FACTOR = 128
};

/* `budget` is what unpacking may still cost in bytes. */
typedef struct {
    pleats_ctx *ctx;
    const uint8_t *bytes;
    size_t budget;
} wire;

/* One field: its key and, for sized ones, its contents. */
typedef struct {
    uint32_t id;
    unsigned type;
    const uint8_t *data;
    size_t size;
} field;

uint64_t pleats_wire_varint(const uint8_t *bytes, size_t n, size_t *used)
{
    uint64_t value = 0;
    for (size_t i = 0; i < n && i < 10; i++) {
        value |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (!(bytes[i] & 0x80)) {
            *used = i + 1;
            return value;
        }
    }
    *used = 0;
    return 0;
}

static pleats_status broken(const wire *w, const uint8_t *at, const char *why)
{
    return pleats_fail(w->ctx, PLEATS_INVALID,
                       "not a readable ONNX file (cut off or damaged): at byte "
                       "%zu %s",
                       (size_t)(at - w->bytes), why);
}

static pleats_status spend(wire *w, const uint8_t *at, size_t cost)
{
    if (cost > w->budget)
        return broken(w, at, "there are far too many small fields");
    w->budget -= cost;
    return PLEATS_OK;
}

/* Reads a key and the extent of its value; `*p` moves behind it. */
static pleats_status read_field(const wire *w, const uint8_t **p,
                                const uint8_t *end, field *f)
{
    size_t used = 0;
    uint64_t key = pleats_wire_varint(*p, (size_t)(end - *p), &used);
    if (!used || key >> 3 == 0 || key >> 32)
        return broken(w, *p, "a field's key is expected");
    const uint8_t *data = *p + used;
    uint64_t size = 0;
    f->id = (uint32_t)(key >> 3);
    f->type = (unsigned)(key & 7);
    switch (f->type) {
    case PROTOBUF_C_WIRE_TYPE_VARINT:
        pleats_wire_varint(data, (size_t)(end - data), &used);
        if (!used)
            return broken(w, *p, "a number is cut off");
        size = used;
        break;
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        size = 8;
        break;
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        size = 4;
        break;
    case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
        size = pleats_wire_varint(data, (size_t)(end - data), &used);
        if (!used)
            return broken(w, *p, "a length is cut off");
        data += used;
        break;
    default:
        return broken(w, *p, "a field has an unknown wire type");
    }
    if (size > (uint64_t)(end - data))
        return broken(w, *p, "a field runs past the end");
    f->data = data;
    f->size = (size_t)size;
    *p = data + size;
    return PLEATS_OK;
}

/* The wire type of one value of a field of this type. */
static unsigned scalar_wire_type(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return PROTOBUF_C_WIRE_TYPE_32BIT;
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return PROTOBUF_C_WIRE_TYPE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    default:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    }
}

/* Many numbers in one sized field. */
static pleats_status check_packed(wire *w, const field *f, unsigned type)
{
    size_t n = 0;
    if (type == PROTOBUF_C_WIRE_TYPE_VARINT) {
        for (size_t at = 0, used; at < f->size; at += used, n++) {
            pleats_wire_varint(f->data + at, f->size - at, &used);
            if (!used)
                return broken(w, f->data + at, "a packed number is cut off");
        }
    } else {
        size_t each = type == PROTOBUF_C_WIRE_TYPE_64BIT ? 8 : 4;
        if (f->size % each)
            return broken(w, f->data, "packed numbers are cut off");
        n = f->size / each;
    }
    return spend(w, f->data, n * 8);
}

/* Walks the message in [p, end) with the fields that `d` knows; embedded
 * messages recursively.  A singular message may come once: merging repeats
 * could cost time quadratic in the file's size. */
static pleats_status check_message(wire *w, const ProtobufCMessageDescriptor *d,
                                   const uint8_t *p, const uint8_t *end,
                                   int depth)
{
    pleats_status status = PLEATS_OK;
    uint64_t seen = 0;
    if (depth > MAX_DEPTH)
        TRY(broken(w, p, "messages are nested too deeply"));
    TRY(spend(w, p, d->sizeof_message + FIELD_COST));
    while (p < end) {
        const uint8_t *key = p;
        field f = {0};
        TRY(read_field(w, &p, end, &f));
        TRY(spend(w, key, FIELD_COST + f.size));
        const ProtobufCFieldDescriptor *known =
            protobuf_c_message_descriptor_get_field(d, f.id);
        if (!known)
            continue;
        unsigned type = scalar_wire_type(known->type);
        uint64_t bit = (uint64_t)1 << ((known - d->fields) & 63);
        bool repeated = known->label == PROTOBUF_C_LABEL_REPEATED;
        if (repeated && f.type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED &&
            type != f.type) {
            TRY(check_packed(w, &f, type));
            continue;
        }
        if (f.type != type)
            TRY(broken(w, key, "a field has the wrong wire type"));
        if (!repeated && type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED) {
            if (seen & bit)
                TRY(broken(w, key, "a field that may come once is repeated"));
            seen |= bit;
        }
        if (known->type == PROTOBUF_C_TYPE_STRING && f.size &&
            memchr(f.data, 0, f.size))
            TRY(broken(w, key, "a name has a zero byte"));
        if (known->type == PROTOBUF_C_TYPE_MESSAGE)
            TRY(check_message(w, known->descriptor, f.data, f.data + f.size,
                              depth + 1));
    }
done:
    return status;
}

/* An allocator for protobuf-c that takes from the context. */
typedef struct {
    pleats_ctx *ctx;
    pleats_status status;
} source;

static void *take(void *state, size_t bytes)
{
    source *s = state;
    void *block = NULL;
    pleats_status status = pleats_alloc(s->ctx, bytes ? bytes : 1, 1, &block);
    if (status != PLEATS_OK)
        s->status = status;
    return block;
}

static void give(void *state, void *block)
{
    source *s = state;
    pleats_release(s->ctx, block);
}

pleats_status pleats_wire_unpack(pleats_ctx *ctx,
                                 const ProtobufCMessageDescriptor *descriptor,
                                 const uint8_t *bytes, size_t n,
                                 ProtobufCMessage **out)
{
    pleats_status status = PLEATS_OK;
    wire w = {ctx, bytes, BASE_COST + n * COST_FACTOR};
    source memory = {ctx, PLEATS_OK};
    ProtobufCAllocator allocator = {take, give, &memory};
    *out = NULL;
    TRY(check_message(&w, descriptor, bytes, bytes + n, 0));
    *out = protobuf_c_message_unpack(descriptor, &allocator, n, bytes);
    TRY(memory.status);
    if (!*out)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "not a readable ONNX file"));
done:
    return status;
}

void pleats_wire_free(pleats_ctx *ctx, ProtobufCMessage *message)
{
    source memory = {ctx, PLEATS_OK};
    ProtobufCAllocator allocator = {take, give, &memory};
    if (message)
        protobuf_c_message_free_unpacked(message, &allocator);
}
