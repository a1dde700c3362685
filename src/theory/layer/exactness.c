/* Where the published formula is proven exact.  [docs/theory.md 3.2] */
#include "exact/int128.h"
#include "theory/windows.h"

/* Whether two windows can share cells along axis d: positions that are `apart`
 * steps apart do, when the kernel is long enough. */
static bool overlaps(const pleats_conv_layer *layer, pleats_idx d)
{
    const pleats_conv_spec *c = &layer->conv;
    int64_t g = (int64_t)pleats_uint64_gcd((uint64_t)c->stride[d],
                                           (uint64_t)c->dilation[d]);
    int64_t apart = c->dilation[d] / g;
    return apart < pleats_layer_outputs(layer, d) &&
           c->stride[d] / g < c->kernel[d];
}

static bool is_padded(const pleats_conv_layer *layer)
{
    bool padded = false;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        padded |= layer->conv.pad_lo[d] > 0 || layer->conv.pad_hi[d] > 0;
    return padded;
}

bool pleats_formula_is_exact(const pleats_conv_layer *layer,
                             const char **reason)
{
    pleats_idx axes = 0;
    bool one_position = true;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++) {
        axes += overlaps(layer, d);
        one_position &= pleats_layer_outputs(layer, d) == 1;
    }
    bool exact = true;
    if (one_position)
        *reason = "every filter has one position: generic hyperplanes, as in "
                  "a fully connected layer (docs/theory.md 2.1)";
    else if (axes == 0)
        *reason = "windows do not overlap: the product over the positions "
                  "(docs/theory.md 3.2)";
    else if (axes == 1 && layer->in.n_spatial == 1)
        *reason = "a 1-D convolution: sharing filters between positions "
                  "creates no dependency (docs/theory.md 3.2, Theorem B)";
    else if (axes == 1)
        *reason = "windows overlap along one axis only, which is the 1-D "
                  "case: sharing filters creates no dependency "
                  "(docs/theory.md 3.2, Theorem B)";
    else if (layer->conv.filters <= layer->in.channels && !is_padded(layer))
        *reason = "no more filters than channels and no padding: all normals "
                  "are linearly independent (docs/theory.md 3.2)";
    else {
        exact = false;
        *reason = "windows overlap along several axes: filters shared between "
                  "positions can make normals dependent, which the formula "
                  "does not see (docs/theory.md 3.3)";
    }
    return exact;
}
