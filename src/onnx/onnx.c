/* A model file becomes a network: unpacked, flattened, checked, and then
 * translated node by node. */
#include "onnx/onnx.h"

#include "base/file.h"
#include "base/file_kind.h"
#include "base/gunzip.h"
#include "exact/digest.h"
#include "onnx/translate.h"
#include "onnx/wire.h"
#include "read/nnet.h"

#include <stdio.h>
#include <string.h>

/* Bytes that are hashed between looks at the clock. */
enum { PART_BYTES = 1 << 22 };

static pleats_status hash_bytes(pleats_ctx *ctx, const unsigned char *bytes,
                                size_t n, char *hex)
{
    pleats_status status = PLEATS_OK;
    pleats_hasher *hasher = NULL;
    pleats_digest digest;
    TRY(pleats_hasher_new(ctx, &hasher));
    for (size_t at = 0; at < n; at += PART_BYTES) {
        TRY(pleats_check_stop(ctx));
        pleats_hasher_add(hasher, bytes + at,
                          n - at < PART_BYTES ? n - at : PART_BYTES);
    }
    pleats_hasher_end(hasher, &digest);
    pleats_digest_hex(&digest, hex);
done:
    pleats_hasher_free(ctx, hasher);
    return status;
}

static pleats_status parse_onnx(pleats_ctx *ctx, const unsigned char *bytes,
                                size_t n, const char *path,
                                const pleats_load_options *options,
                                pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    const pleats_load_options none = {0};
    ProtobufCMessage *message = NULL;
    TRY(pleats_wire_unpack(ctx, &onnx__model_proto__descriptor, bytes, n,
                           &message));
    TRY(pleats_translate(ctx, (const Onnx__ModelProto *)message, path,
                         options ? options : &none, out));
done:
    pleats_wire_free(ctx, message);
    return status;
}

static pleats_status parse(pleats_ctx *ctx, const unsigned char *bytes,
                           size_t n, const char *path,
                           const pleats_load_options *options, pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    if (n > PLEATS_ONNX_MAX_BYTES)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "larger than 2 GiB"));
    if (pleats_file_kind_of((const char *)bytes, n) == PLEATS_KIND_NNET) {
        TRY(pleats_nnet_parse(ctx, (const char *)bytes, n, &net));
    } else {
        TRY(pleats_file_expect(ctx, (const char *)bytes, n, PLEATS_KIND_OTHER));
        TRY(parse_onnx(ctx, bytes, n, path, options, &net));
    }
    TRY(hash_bytes(ctx, bytes, n, net->sha256));
    if (path)
        TRY(pleats_strdup(ctx, path, &net->path));
    *out = net;
    net = NULL;
done:
    pleats_net_clear(ctx, net);
    return status;
}

pleats_status pleats_onnx_parse(pleats_ctx *ctx, const unsigned char *bytes,
                                size_t n, const char *path,
                                const pleats_load_options *options,
                                pleats_net **out)
{
    *out = NULL;
    pleats_status status = parse(ctx, bytes, n, path, options, out);
    return status == PLEATS_OK
               ? PLEATS_OK
               : pleats_blame(ctx, status, "%s",
                              path ? pleats_file_name(path) : "model");
}

pleats_status pleats_onnx_from_bytes(pleats_ctx *ctx, const void *bytes,
                                     size_t n, const char *name,
                                     const pleats_load_options *options,
                                     pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    char *unpacked = NULL;
    *out = NULL;
    if (pleats_is_gzip(bytes, n))
        TRY(pleats_gunzip(ctx, bytes, n, PLEATS_ONNX_MAX_BYTES, &unpacked, &n));
    TRY(parse(ctx, unpacked ? (void *)unpacked : bytes, n, NULL, options, out));
done:
    pleats_release(ctx, unpacked);
    return status == PLEATS_OK ? PLEATS_OK
                               : pleats_blame(ctx, status, "%s", name);
}

pleats_status pleats_onnx_load(pleats_ctx *ctx, const char *path,
                               const pleats_load_options *options,
                               pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    *out = NULL;
    TRY(pleats_file_read(ctx, path, PLEATS_ONNX_MAX_BYTES, &bytes, &n));
    TRY(pleats_onnx_parse(ctx, (const unsigned char *)bytes, n, path, options,
                          out));
done:
    pleats_release(ctx, bytes);
    return status;
}
