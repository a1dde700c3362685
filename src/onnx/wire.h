/* Protobuf messages from bytes that nobody has vouched for: the wire format is
 * walked first, so that unpacking needs memory in proportion to the bytes and
 * a bounded depth of calls. */
#ifndef PLEATS_ONNX_WIRE_H
#define PLEATS_ONNX_WIRE_H

#include "base/base.h"

#include <protobuf-c/protobuf-c.h>

/* The message in bytes [n]; PLEATS_INVALID says at which byte it breaks.
 * Free it with pleats_wire_free. */
PLEATS_NODISCARD pleats_status pleats_wire_unpack(
    pleats_ctx *ctx, const ProtobufCMessageDescriptor *descriptor,
    const uint8_t *bytes, size_t n, pleats_give ProtobufCMessage **out);
void pleats_wire_free(pleats_ctx *ctx, pleats_take ProtobufCMessage *message);

/* Reads a base-128 number at bytes [n]; `*used` is 0 when there is none. */
uint64_t pleats_wire_varint(const uint8_t *bytes, size_t n, size_t *used);

#endif
