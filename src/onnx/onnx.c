/* A model file becomes a network: unpacked, flattened, checked, and then
 * translated node by node. */
#include "onnx/onnx.h"

#include "base/file.h"
#include "onnx/translate.h"
#include "onnx/wire.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

/* PART_BYTES: hashed between looks at the clock. */
enum { MESSAGE_BYTES = 16384, PART_BYTES = 1 << 22 };
#define MAX_FILE_BYTES ((size_t)1 << 31)

static pleats_status hash_bytes(pleats_ctx *ctx, const unsigned char *bytes,
                                size_t n, char *hex)
{
    pleats_status status = PLEATS_OK;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    bool works = hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    for (size_t at = 0; works && at < n; at += PART_BYTES) {
        TRY(pleats_check_stop(ctx));
        works = EVP_DigestUpdate(hash, bytes + at,
                                 n - at < PART_BYTES ? n - at : PART_BYTES);
    }
    if (!works || !EVP_DigestFinal_ex(hash, digest, &length))
        TRY(pleats_fail(ctx, PLEATS_INTERNAL, "SHA-256 is not available"));
    for (size_t i = 0; i < length; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
done:
    EVP_MD_CTX_free(hash);
    return status;
}

/* Puts the path before the message and makes it one line. */
static pleats_status blame_file(pleats_ctx *ctx, pleats_status status,
                                const char *path)
{
    char line[MESSAGE_BYTES];
    snprintf(line, sizeof line, "%s: %s", path ? path : "model",
             pleats_ctx_message(ctx));
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    return pleats_fail(ctx, status, "%s", line);
}

static pleats_status parse(pleats_ctx *ctx, const unsigned char *bytes,
                           size_t n, const char *path,
                           const pleats_load_options *options, pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    const pleats_load_options none = {0};
    ProtobufCMessage *message = NULL;
    pleats_net *net = NULL;
    if (n == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "the file is empty"));
    if (n > MAX_FILE_BYTES)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "larger than 2 GiB"));
    TRY(pleats_wire_unpack(ctx, &onnx__model_proto__descriptor, bytes, n,
                           &message));
    TRY(pleats_translate(ctx, (const Onnx__ModelProto *)message, path,
                         options ? options : &none, &net));
    TRY(hash_bytes(ctx, bytes, n, net->sha256));
    if (path)
        TRY(pleats_strdup(ctx, path, &net->path));
    *out = net;
    net = NULL;
done:
    pleats_wire_free(ctx, message);
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
    return status == PLEATS_OK ? status : blame_file(ctx, status, path);
}

pleats_status pleats_onnx_load(pleats_ctx *ctx, const char *path,
                               const pleats_load_options *options,
                               pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    *out = NULL;
    TRY(pleats_file_read(ctx, path, MAX_FILE_BYTES, &bytes, &n));
    TRY(pleats_onnx_parse(ctx, (const unsigned char *)bytes, n, path, options,
                          out));
done:
    pleats_release(ctx, bytes);
    return status;
}
