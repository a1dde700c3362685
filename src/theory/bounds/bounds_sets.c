/* Theorem E as a rule. */
#include "theory/bounds/active_sets.h"
#include "theory/bounds/rules.h"

/* Steps for each form of the sum: a fraction of a second. */
static const uint64_t usual_budget = 500000000;

static const char *const why_form[] = {
    [PLEATS_SETS_ALL] =
        "the whole sum over sets of active units: a gammoid for "
        "each, by paths to the inputs",
    [PLEATS_SETS_PAIRS] =
        "a relaxation: pairs of layers see each other's sets of active units, "
        "and of what is before them the rank",
    [PLEATS_SETS_STRIPS] = "a relaxation: strips of the layers see each "
                           "other's numbers of active units",
    [PLEATS_SETS_NONE] = "its sum is beyond the budget: see conv-aware, which "
                         "counts active units only"};

/* Strips may lose more than they gain, and Theorem C knows relations between
 * filters, which paths do not: it is then what is left. */
static pleats_status compare_counts(pleats_ctx *ctx, const pleats_stack *stack,
                                    pleats_sets_form form, pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    pleats_finding counts = {0};
    mpz_init(counts.value);
    TRY(pleats_find_by_matroids(ctx, stack, false, "", "", &counts));
    if (counts.applies && mpz_cmp(counts.value, out->value) < 0)
        pleats_refuse_rule(
            out, form == PLEATS_SETS_STRIPS
                     ? "its sum is beyond the budget, and for strips of the "
                       "layers it is above conv-aware"
                     : "above conv-aware, which knows relations between the "
                       "filters of a layer");
done:
    mpz_clear(counts.value);
    return status;
}

pleats_status pleats_bound_active_sets(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    pleats_sets_form form = PLEATS_SETS_NONE;
    const uint64_t budget = stack->budget ? stack->budget : usual_budget;
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (stack->is_on_box)
        return pleats_refuse_rule(out, "stated for all of space, not for units "
                                       "that are stable on a box");
    if (stack->n_unit_layers == 0)
        return pleats_refuse_rule(out, "there are no units");
    TRY(pleats_active_sets(ctx, stack->spec, INT64_MAX, budget, out->value,
                           &form));
    out->applies = form != PLEATS_SETS_NONE;
    out->why = why_form[form];
    if (out->applies)
        TRY(compare_counts(ctx, stack, form, out));
done:
    return status;
}

/* NULL, or why the network is not positively homogeneous. */
static const char *why_not_homogeneous(const pleats_stack *stack)
{
    if (stack->has_general)
        return "the network is no chain of layers";
    if (stack->is_on_box)
        return "a box is no cone";
    if (stack->n_unit_layers == 0)
        return "there are no units";
    for (pleats_idx i = 0; i < stack->spec->n_layers; i++) {
        const pleats_layer_spec *l = &stack->spec->layer[i];
        if ((l->kind == PLEATS_LAYER_CONV && l->conv.has_bias) ||
            (l->kind == PLEATS_LAYER_FC && l->has_bias) ||
            l->kind == PLEATS_LAYER_BN)
            return "some layer has biases";
        if (l->kind == PLEATS_LAYER_ACTIVATION &&
            l->activation != PLEATS_ACT_RELU &&
            l->activation != PLEATS_ACT_LEAKYRELU &&
            l->activation != PLEATS_ACT_ABS)
            return "some units have breakpoints that are not 0";
    }
    return NULL;
}

/* All regions are cones, and each meets one of two parallel hyperplanes: twice
 * a bound in one dimension less. */
pleats_status pleats_bound_cones(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    pleats_sets_form form = PLEATS_SETS_NONE;
    pleats_stack slice = *stack;
    pleats_finding sets = {0};
    const char *why = why_not_homogeneous(stack);
    mpz_init(sets.value);
    slice.dimension--;
    if (why) {
        status = pleats_refuse_rule(out, why);
        goto done;
    }
    TRY(pleats_find_by_matroids(ctx, &slice, true, "", "", out));
    TRY(pleats_active_sets(ctx, stack->spec, slice.dimension,
                           stack->budget ? stack->budget : usual_budget,
                           sets.value, &form));
    if (form != PLEATS_SETS_NONE &&
        (!out->applies || mpz_cmp(sets.value, out->value) < 0))
        mpz_swap(out->value, sets.value);
    out->applies = out->applies || form != PLEATS_SETS_NONE;
    mpz_mul_2exp(out->value, out->value, 1);
    out->why = out->applies ? "no biases and breakpoints at 0 alone: all "
                              "regions are cones, and each meets one of two "
                              "hyperplanes"
                            : PLEATS_WHY_TOO_LARGE;
done:
    mpz_clear(sets.value);
    return status;
}
