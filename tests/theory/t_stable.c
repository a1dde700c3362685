/* Bounds of a network on a box: stable units are left out, of the right layers.
 */
#include "bound_of.h"

#include "spec/of_spec.h"
#include "theory/bounds/stable.h"

/* relu(x), relu(-x), then two units of |x|: |x| - 5/4, never active on [-1, 1],
 * and |x| - 1/2. */
static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    (void)ctx;
    (void)state;
    (void)spec;
    for (size_t i = 0; i < p->n_weights; i++)
        p->weight[i] = index == 0 && i == 1 ? -1 : 1;
    if (index == 2) {
        p->bias[0] = -1.25;
        p->bias[1] = -0.5;
    }
    return PLEATS_OK;
}

static void check_on(pleats_ctx *ctx, const char *lo, const char *hi,
                     const char *patterns)
{
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    pleats_domain *box = NULL;
    pleats_bounds_result r = {0};
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:1,2,2,1", &spec));
    need_ok(ctx, pleats_net_of_spec(ctx, spec, fill, NULL, &net));
    need_ok(ctx,
            pleats_domain_cube(ctx, pleats_net_n_inputs(net), lo, hi, &box));
    need_ok(ctx, pleats_bounds_on_box(ctx, net, box, NULL, &r));
    assert_string_equal(bound_of(&r, "patterns")->value, patterns);
    pleats_bounds_result_clear(ctx, &r);
    pleats_domain_free(ctx, box);
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
}

/* On [-1, 1] intervals alone leave four units undecided, the truth three. */
static void stable_units_are_left_out(void **state)
{
    check_on(*state, "-2", "2", "16");
    check_on(*state, "-1", "1", "8");
    check_on(*state, "1/4", "1", "2");
    check_on(*state, "-1/4", "-1/8", "1");
}

static void check_items(const pleats_stack *stack, int64_t a, int64_t b)
{
    assert_int_equal(pleats_stack_units(stack, 0)->undecided, a);
    assert_int_equal(pleats_stack_units(stack, 1)->undecided, b);
}

/* Layers of another network than the stack's change nothing but the box. */
static void layers_must_fit(void **state)
{
    static const pleats_stability fitting[] = {{3, 1, 2}, {4, 0, 1}};
    static const pleats_stability other[] = {{3, 1, 2}, {5, 0, 1}, {4, 0, 0}};
    pleats_ctx *ctx = *state;
    pleats_spec *spec = NULL;
    pleats_stack stack = {0};
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:6,3,4,1", &spec));
    need_ok(ctx, pleats_stack_of_spec(ctx, spec, &stack));
    pleats_stack_restrict(&stack, 5, 2, other);
    check_items(&stack, 3, 4);
    pleats_stack_restrict(&stack, 5, 1, fitting);
    check_items(&stack, 3, 4);
    pleats_stack_restrict(&stack, 5, 3, other);
    check_items(&stack, 3, 4);
    assert_true(stack.is_on_box);
    assert_int_equal(stack.dimension, 5);
    pleats_stack_restrict(&stack, 5, 2, fitting);
    check_items(&stack, 1, 0);
    assert_int_equal(pleats_stack_units(&stack, 0)->passing, 2);
    assert_int_equal(pleats_stack_units(&stack, 1)->passing, 1);
    pleats_stack_clear(ctx, &stack);
    pleats_spec_free(ctx, spec);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(stable_units_are_left_out, ctx),
        cmocka_unit_test_prestate(layers_must_fit, ctx),
    };
    return RUN(tests, ctx);
}
