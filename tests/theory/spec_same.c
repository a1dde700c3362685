#include "spec_same.h"

#include "spec/spec_layer.h"
#include "unit.h"

pleats_spec *spec_parse(pleats_ctx *ctx, const char *text)
{
    pleats_spec *spec = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    return spec;
}

void expect_same_spec(const pleats_spec *a, const pleats_spec *b)
{
    assert_string_equal(a->text, b->text);
    assert_true(pleats_shapes_agree(&a->input, &b->input));
    assert_int_equal(a->n_layers, b->n_layers);
    for (pleats_idx i = 0; i < a->n_layers; i++) {
        const pleats_layer_spec *x = &a->layer[i], *y = &b->layer[i];
        assert_int_equal(x->kind, y->kind);
        assert_true(pleats_shapes_agree(&x->in, &y->in));
        assert_true(pleats_shapes_agree(&x->out, &y->out));
        assert_int_equal(x->has_bias, y->has_bias);
        assert_int_equal(x->activation, y->activation);
        assert_int_equal(x->pieces, y->pieces);
        assert_int_equal(x->rank, y->rank);
        assert_int_equal(x->n_units, y->n_units);
        assert_int_equal(x->n_parameters, y->n_parameters);
        assert_int_equal(x->conv.filters, y->conv.filters);
        assert_int_equal(x->conv.has_bias, y->conv.has_bias);
        if (x->kind == PLEATS_LAYER_CONV)
            assert_int_equal(x->conv.groups, y->conv.groups);
        assert_memory_equal(x->conv.kernel, y->conv.kernel,
                            sizeof x->conv.kernel);
        assert_memory_equal(x->conv.pad_lo, y->conv.pad_lo,
                            sizeof x->conv.pad_lo);
        assert_memory_equal(x->conv.pad_hi, y->conv.pad_hi,
                            sizeof x->conv.pad_hi);
        assert_memory_equal(x->conv.stride, y->conv.stride,
                            sizeof x->conv.stride);
    }
}
