/* Upper bounds that count active units: a ReLU layer hands on at most as many
 * dimensions as it has active units. */
#include "theory/bounds/rules.h"

static const char wide_layers[] =
    "its hypotheses hold; layers too wide for their tables have Serra's "
    "histogram";

/* NULL, or why the bounds for chains of ReLU layers do not apply. */
static const char *why_no_relu_chain(const pleats_stack *stack)
{
    if (stack->has_general)
        return "the network is no chain of layers";
    if (stack->has_skip)
        return "a skip connection carries dimension past inactive units";
    if (stack->has_max)
        return "a layer takes maxima of several numbers";
    if (!pleats_stack_has_relu(stack))
        return "no unit has two pieces, one of slope 0: the number of active "
               "units bounds no rank";
    return NULL;
}

static const char *why_relu_chain(const pleats_stack *stack)
{
    return pleats_stack_is_relu(stack)
               ? "a chain of ReLU layers"
               : "a chain; only its ReLU layers lower the rank by inactive "
                 "units";
}

static bool has_linear(const pleats_stack *stack)
{
    for (size_t i = 0; i < stack->n_items; i++)
        if (stack->item[i].kind == PLEATS_ITEM_LINEAR)
            return true;
    return false;
}

/* sum over (j_1 .. j_L) of prod C(n_l, j_l), j_l <= min(n_0, n_1 - j_1, ..,
 * n_{l-1} - j_{l-1}). */
pleats_status pleats_bound_serra(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_finding *out)
{
    const char *why = why_no_relu_chain(stack);
    if (why)
        return pleats_refuse_rule(out, why);
    return pleats_find_by_recursion(
        ctx, stack, (pleats_recursion){.method = PLEATS_BY_ACTIVE},
        why_relu_chain(stack), "", out);
}

/* The same with j_l <= the rank of the affine map before layer l. */
pleats_status pleats_bound_serra_ranks(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    const char *why = why_no_relu_chain(stack);
    if (why)
        return pleats_refuse_rule(out, why);
    if (!has_linear(stack))
        return pleats_refuse_rule(
            out, "no affine map is known to have a rank below the widths on "
                 "both its sides: see serra-2018");
    return pleats_find_by_recursion(
        ctx, stack,
        (pleats_recursion){.method = PLEATS_BY_ACTIVE,
                           .linear = PLEATS_LINEAR_CUTS},
        "affine maps of low rank between layers (pools, narrow layers without "
        "units, a network's own matrices)",
        "", out);
}

/* serra-2018 for all units that have flat pieces. */
pleats_status pleats_bound_flat_pieces(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    bool has_flat = false;
    for (size_t i = 0; i < stack->n_items; i++)
        has_flat |= stack->item[i].flat > 0 && !stack->item[i].is_relu;
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (!has_flat)
        return pleats_refuse_rule(out, "no units but ReLU have pieces of slope "
                                       "0: see serra-2018");
    return pleats_find_by_recursion(
        ctx, stack,
        (pleats_recursion){.method = PLEATS_BY_ACTIVE,
                           .linear = PLEATS_LINEAR_CLIPS,
                           .flats = true},
        "units on pieces of slope 0 carry no dimension", "", out);
}

/* Units and the max-pool on them as one layer. */
pleats_status pleats_bound_pooled(pleats_ctx *ctx, const pleats_stack *stack,
                                  pleats_finding *out)
{
    bool has_pool = false;
    for (size_t i = 0; i < stack->n_items; i++)
        has_pool |= stack->item[i].pools_flat;
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (stack->is_on_box)
        return pleats_refuse_rule(out, "stated for all of space, not for units "
                                       "that are stable on a box");
    if (!has_pool)
        return pleats_refuse_rule(out, "no max-pool stands right behind ReLU, "
                                       "ReLU6 or hard tanh");
    return pleats_find_by_matroids(
        ctx, stack, true,
        "a window of a max-pool has a piece for each active candidate",
        "its hypotheses hold; a layer beyond the reach of the frontier "
        "programme has the Zaslavsky numbers of its windows instead, which are "
        "larger",
        out);
}

static pleats_status find_by_histogram(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_histogram histogram,
                                       pleats_finding *out)
{
    const char *why = why_no_relu_chain(stack);
    if (why)
        return pleats_refuse_rule(out, why);
    return pleats_find_by_recursion(
        ctx, stack,
        (pleats_recursion){.method = PLEATS_BY_HISTOGRAM,
                           .histogram = histogram},
        why_relu_chain(stack), wide_layers, out);
}

pleats_status pleats_bound_hinz_serra(pleats_ctx *ctx,
                                      const pleats_stack *stack,
                                      pleats_finding *out)
{
    return find_by_histogram(ctx, stack, PLEATS_HISTOGRAM_SERRA, out);
}

pleats_status pleats_bound_hinz_line(pleats_ctx *ctx, const pleats_stack *stack,
                                     pleats_finding *out)
{
    return find_by_histogram(ctx, stack, PLEATS_HISTOGRAM_LINE, out);
}

pleats_status pleats_bound_hinz_plane(pleats_ctx *ctx,
                                      const pleats_stack *stack,
                                      pleats_finding *out)
{
    return find_by_histogram(ctx, stack, PLEATS_HISTOGRAM_PLANE, out);
}

/* Pooling that is linear clips the rank, a maximum multiplies by its sharp
 * number and clips, a skip multiplies and restores the rank. */
pleats_status pleats_bound_xie(pleats_ctx *ctx, const pleats_stack *stack,
                               pleats_finding *out)
{
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (!stack->has_pool && !stack->has_skip && !stack->has_max &&
        !has_linear(stack))
        return pleats_refuse_rule(
            out, "no pool, maximum or skip connection: see hinz-2019-line");
    return pleats_find_by_recursion(
        ctx, stack,
        (pleats_recursion){.method = PLEATS_BY_HISTOGRAM,
                           .histogram = PLEATS_HISTOGRAM_LINE,
                           .linear = PLEATS_LINEAR_CLIPS},
        "pools clip the rank, maxima count by their sharp number, a residual "
        "branch multiplies and hands on the rank before it",
        wide_layers, out);
}
