/* The public face of architecture specs. */
#include "net/spec.h"

#include "onnx/spec_json.h"
#include "pleats/theory.h"

pleats_status pleats_spec_read(pleats_ctx *ctx, const char *path,
                               pleats_spec **out)
{
    return pleats_spec_json_load(ctx, path, out);
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
