/* The public face of writing networks. */
#include "pleats/make.h"

#include "net/net.h"
#include "onnx/write.h"

pleats_status pleats_net_save(pleats_ctx *ctx, const pleats_net *net,
                              const char *path)
{
    return pleats_onnx_write(ctx, net, path);
}
