/* Upper bounds that are products over the layers. */
#include "theory/bounds/rules.h"

/* Every unit is on one of its pieces: prod p^n. */
pleats_status pleats_bound_patterns(pleats_ctx *ctx, const pleats_stack *stack,
                                    pleats_finding *out)
{
    (void)ctx;
    mpz_set_ui(out->value, 1);
    for (size_t i = 0; i < stack->n_unit_layers; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        if (!pleats_multiply_fits(out->value, item->pieces, item->undecided))
            return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    }
    out->applies = true;
    out->why = "every unit is on one of its pieces";
    return PLEATS_OK;
}

/* prod over l of sum over j <= n_0 of C(n_l, j) (p_l - 1)^j. */
pleats_status pleats_bound_zaslavsky(pleats_ctx *ctx, const pleats_stack *stack,
                                     pleats_finding *out)
{
    return pleats_find_by_recursion(
        ctx, stack, (pleats_recursion){.method = PLEATS_BY_INPUT},
        "every layer cuts a region, of the input's dimension, by its "
        "Zaslavsky number at most",
        "", out);
}

/* prod over l of sum over j <= m_l of C(n_l, j) (p_l - 1)^j, m_l being the
 * least width before layer l. */
pleats_status pleats_bound_montufar_2017(pleats_ctx *ctx,
                                         const pleats_stack *stack,
                                         pleats_finding *out)
{
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (stack->has_skip)
        return pleats_refuse_rule(
            out, "a skip connection carries dimension past narrow layers");
    if (stack->has_max)
        return pleats_refuse_rule(out, "a layer takes maxima of several "
                                       "numbers: see goujon-2022");
    return pleats_find_by_recursion(
        ctx, stack, (pleats_recursion){.method = PLEATS_BY_WIDTH},
        pleats_stack_is_relu(stack)
            ? "a chain of ReLU layers"
            : "a chain of layers of piecewise-linear units; p pieces by "
              "docs/theory.md 4.2",
        "", out);
}

/* The same product with maxima of k numbers as units of k pieces, the ranks of
 * affine maps between, and skips followed. */
pleats_status pleats_bound_goujon(pleats_ctx *ctx, const pleats_stack *stack,
                                  pleats_finding *out)
{
    return pleats_find_by_recursion(
        ctx, stack,
        (pleats_recursion){.method = PLEATS_BY_WIDTH,
                           .linear = PLEATS_LINEAR_CLIPS},
        stack->has_general
            ? "no chain of layers: every unit sees the input's dimension"
            : "each unit parts a region into convex pieces; the rank is at "
              "most every width on the way, and skips restore it",
        "", out);
}

pleats_status pleats_bound_raghu(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_finding *out)
{
    (void)ctx;
    (void)stack;
    return pleats_refuse_rule(
        out, "an asymptotic statement, O(k^(m n)) without its constant");
}
