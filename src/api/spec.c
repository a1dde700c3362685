/* The public face of architecture specs. */
#include "spec/spec.h"

#include "base/file.h"
#include "base/file_kind.h"
#include "onnx/onnx.h"
#include "pleats/spec.h"
#include "read/spec_json.h"
#include "json/json.h"

pleats_status pleats_spec_read(pleats_ctx *ctx, const char *path,
                               pleats_spec **out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t n = 0;
    *out = NULL;
    TRY(pleats_file_read(ctx, path, PLEATS_JSON_MAX_BYTES, &text, &n));
    TRY(pleats_spec_json_parse(ctx, path, text, n, out));
done:
    pleats_release(ctx, text);
    return status;
}

pleats_status pleats_spec_or_net(pleats_ctx *ctx, const char *path,
                                 const pleats_load_options *options,
                                 pleats_spec **spec, pleats_net **net)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    *spec = NULL;
    *net = NULL;
    TRY(pleats_file_read(ctx, path, PLEATS_ONNX_MAX_BYTES, &bytes, &n));
    if (pleats_file_kind_of(bytes, n) == PLEATS_KIND_JSON)
        TRY(pleats_spec_json_parse(ctx, path, bytes, n, spec));
    else
        TRY(pleats_onnx_parse(ctx, (const unsigned char *)bytes, n, path,
                              options, net));
done:
    pleats_release(ctx, bytes);
    return status;
}

void pleats_spec_free(pleats_ctx *ctx, pleats_spec *spec)
{
    pleats_spec_clear(ctx, spec);
}

const char *pleats_spec_text(const pleats_spec *spec)
{
    return spec->text;
}

int64_t pleats_spec_n_inputs(const pleats_spec *spec)
{
    return pleats_shape_count(&spec->input);
}

int64_t pleats_spec_n_outputs(const pleats_spec *spec)
{
    const pleats_shape shape = pleats_spec_output(spec);
    return pleats_shape_count(&shape);
}
