/* Any bytes as a model's file, packed or not.  Bytes that begin with a 'z' are
 * packed first, so that what is behind the packing is met as well. */
#include "fuzz.h"
#include "onnx/onnx.h"

#include <stdlib.h>
#include <zlib.h>

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_net *net = NULL;
    (void)data;
    (void)size;
    pleats_status status = pleats_onnx_load(ctx, path, NULL, &net);
    if ((status == PLEATS_OK) != (net != NULL))
        abort();
    pleats_net_clear(ctx, net);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { GZIP = 16 + MAX_WBITS, ROOM = 1 << 17 };
    static uint8_t packed[ROOM];
    z_stream z = {0};
    if (size == 0 || data[0] != 'z')
        return fuzz(data, size, true, try);
    if (deflateInit2(&z, 1, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    z.next_in = (uint8_t *)(uintptr_t)(data + 1);
    z.avail_in = (unsigned)size - 1;
    z.next_out = packed;
    z.avail_out = ROOM;
    int code = deflate(&z, Z_FINISH);
    size_t n = ROOM - z.avail_out;
    deflateEnd(&z);
    return code == Z_STREAM_END ? fuzz(packed, n, true, try) : 0;
}
