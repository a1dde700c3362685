/* The lower bound by folds as a rule. */
#include "theory/bounds/fold_plan.h"
#include "theory/bounds/rules.h"

static const char folds_why[] =
    "layers with biases fold the coordinates of a cube, over one tap of each "
    "window; the last of them is a certified arrangement about its middle; "
    "pools see one open candidate, residual branches add 0";

pleats_status pleats_bound_folds(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    pleats_fold_plan plan;
    if (stack->is_on_box)
        return pleats_refuse_rule(
            out, "it speaks of the best weights, not of one network on a box");
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    TRY(pleats_fold_plan_best(ctx, stack->spec, false, &plan, out->value,
                              &out->applies));
    out->why = out->applies
                   ? folds_why
                   : "it begins with no convolution or fully connected layer "
                     "with biases and units on it";
done:
    return status;
}
