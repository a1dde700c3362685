/* The public face of writing networks. */
#include "pleats/make.h"

#include "net/net.h"
#include "onnx/onnx.h"
#include "onnx_write/write.h"

pleats_status pleats_net_write(pleats_ctx *ctx, const pleats_net *net,
                               pleats_output *out, pleats_net **made)
{
    pleats_status status = PLEATS_OK;
    unsigned char *bytes = NULL;
    pleats_net *again = NULL;
    size_t n = 0;
    if (made)
        *made = NULL;
    TRY(pleats_onnx_print(ctx, net, &bytes, &n));
    TRY(pleats_onnx_parse(ctx, bytes, n, pleats_output_path(out), NULL,
                          &again));
    TRY(pleats_output_write(ctx, out, bytes, n));
    if (made) {
        *made = again;
        again = NULL;
    }
done:
    pleats_net_clear(ctx, again);
    pleats_release(ctx, bytes);
    return status;
}

pleats_status pleats_net_save(pleats_ctx *ctx, const pleats_net *net,
                              const char *path)
{
    pleats_status status = PLEATS_OK;
    pleats_output *out = NULL;
    TRY(pleats_output_open(ctx, path, &out));
    TRY(pleats_net_write(ctx, net, out, NULL));
    TRY(pleats_output_commit(ctx, out));
done:
    pleats_output_free(ctx, out);
    return status;
}
