/* Lower bounds by constructions with fully connected layers.  They speak of
 * the best weights, not of every network. */
#include "theory/bounds/rules.h"
#include "theory/sums.h"

static int64_t width(const pleats_stack *stack, size_t layer)
{
    return pleats_stack_units(stack, layer)->n;
}

/* NULL, or why a stack is no chain of fully connected layers with biases. */
static const char *why_no_fc_chain(const pleats_stack *stack)
{
    if (stack->is_on_box)
        return "it speaks of the best weights, not of one network on a box";
    if (!stack->is_chain)
        return "not a plain chain of layers: a pool, a maximum, a skip or a "
               "product of affine maps";
    if (stack->n_unit_layers == 0)
        return "there are no units";
    for (size_t i = 0; i < stack->n_unit_layers; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        if (item->reads != PLEATS_READS_FC)
            return "not every layer is fully connected";
        if (!item->has_bias)
            return "the construction needs biases";
    }
    return NULL;
}

/* The same, all units ReLU and every width at least `least`. */
static const char *why_no_relu_net(const pleats_stack *stack, int64_t least,
                                   const char *narrow)
{
    const char *why = why_no_fc_chain(stack);
    if (why)
        return why;
    if (!pleats_stack_is_relu(stack))
        return "not all units are ReLU";
    for (size_t i = 0; i < stack->n_unit_layers; i++)
        if (width(stack, i) < least)
            return narrow;
    return NULL;
}

static const char narrow_layer[] =
    "some layer is narrower than the input: n_l >= n_0 is needed";

/* value = Z(n_L, n_0), the last layer's regions, unless they are too many. */
static bool set_last_layer(const pleats_stack *stack, pleats_finding *out)
{
    const pleats_item *last =
        pleats_stack_units(stack, stack->n_unit_layers - 1);
    if (!pleats_is_evaluable(last, stack->dimension)) {
        pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
        return false;
    }
    pleats_zaslavsky(out->value, last->n, stack->dimension, last->pieces - 1);
    return true;
}

/* value *= prod over l < L of (floor(n_l / n_0) + extra)^power. */
static bool multiply_folds(const pleats_stack *stack, int64_t extra,
                           int64_t power, pleats_finding *out)
{
    for (size_t i = 0; i + 1 < stack->n_unit_layers; i++)
        if (!pleats_multiply_fits(
                out->value, width(stack, i) / stack->dimension + extra, power))
            return false;
    return true;
}

static pleats_status fold(const pleats_stack *stack, const char *why_not,
                          int64_t extra, int64_t power, const char *why,
                          pleats_finding *out)
{
    if (why_not)
        return pleats_refuse_rule(out, why_not);
    if (!set_last_layer(stack, out))
        return PLEATS_OK;
    if (!multiply_folds(stack, extra, power, out))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    out->applies = true;
    out->why = why;
    return PLEATS_OK;
}

/* (prod over l < L of floor(n_l / n_0)) Z(n_L, n_0). */
pleats_status pleats_bound_pascanu(pleats_ctx *ctx, const pleats_stack *stack,
                                   pleats_finding *out)
{
    (void)ctx;
    return fold(stack, why_no_relu_net(stack, stack->dimension, narrow_layer),
                0, 1, "ReLU layers with biases, none narrower than the input",
                out);
}

/* (prod over l < L of floor(n_l / n_0)^n_0) Z(n_L, n_0): every layer folds each
 * coordinate of the unit cube floor(n_l / n_0) times onto itself. */
pleats_status pleats_bound_montufar_2014(pleats_ctx *ctx,
                                         const pleats_stack *stack,
                                         pleats_finding *out)
{
    (void)ctx;
    return fold(stack, why_no_relu_net(stack, stack->dimension, narrow_layer),
                0, stack->dimension,
                "ReLU layers with biases, none narrower than the input", out);
}

/* The same for other units.  A unit that is not affine has a breakpoint; each
 * unit shows one of them to the unit interval, and p units give any continuous
 * function there with p - 1 breaks: p - 1 jumps of the slope, and the slope at
 * the left from a unit that shows none. */
pleats_status pleats_bound_pl_fold(pleats_ctx *ctx, const pleats_stack *stack,
                                   pleats_finding *out)
{
    (void)ctx;
    const char *why = why_no_fc_chain(stack);
    if (!why && pleats_stack_is_relu(stack))
        why = "all units are ReLU: see montufar-2014";
    for (size_t i = 0; !why && i < stack->n_unit_layers; i++)
        if (width(stack, i) < stack->dimension)
            why = narrow_layer;
    return fold(stack, why, 0, stack->dimension,
                "layers with biases, none narrower than the input; one "
                "breakpoint of each unit folds",
                out);
}

/* (prod over l < L of (floor(n_l / n_0) + 1)^n_0) Z(n_L, n_0). */
pleats_status pleats_bound_serra_lower(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    (void)ctx;
    return fold(stack,
                why_no_relu_net(stack, 3 * stack->dimension,
                                "some layer has less than 3 n_0 units"),
                1, stack->dimension,
                "ReLU layers with biases, all at least 3 n_0 wide", out);
}

/* n_0 = 1: the maximum is prod (n_l + 1). */
pleats_status pleats_bound_line(pleats_ctx *ctx, const pleats_stack *stack,
                                pleats_finding *out)
{
    const char *why = why_no_relu_net(stack, 3,
                                      "some layer has less than 3 "
                                      "units");
    (void)ctx;
    if (!why && stack->dimension != 1)
        why = "the input is no line";
    if (why)
        return pleats_refuse_rule(out, why);
    mpz_set_ui(out->value, 1);
    for (size_t i = 0; i < stack->n_unit_layers; i++)
        mpz_mul_ui(out->value, out->value, (unsigned long)width(stack, i) + 1);
    out->applies = true;
    out->why = "one input, ReLU layers with biases, at least 3 units each";
    return PLEATS_OK;
}

/* 2 (sum over i < n_0 of C(m - 1, i)) base^(L-1): the first layer's pairs of
 * units are the norm of a zonotope, which has so many vertices, and on each
 * cone of it the other layers fold a half-line.  m = floor(n_1 / 2). */
static pleats_status zonotope(const pleats_stack *stack, int64_t least,
                              int64_t extra, const char *narrow,
                              const char *why, pleats_finding *out)
{
    const char *why_not = why_no_relu_net(stack, 2, narrow);
    int64_t w = INT64_MAX;
    for (size_t i = 1; !why_not && i < stack->n_unit_layers; i++)
        w = w < width(stack, i) ? w : width(stack, i);
    if (why_not || w < least)
        return pleats_refuse_rule(out, why_not ? why_not : narrow);
    if (stack->n_unit_layers < 2)
        return pleats_refuse_rule(out, "it needs at least two layers of units");
    if (!pleats_is_evaluable(pleats_stack_units(stack, 0), stack->dimension))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    pleats_zaslavsky_central(out->value, width(stack, 0) / 2, stack->dimension);
    pleats_multiply_power(out->value, w + extra,
                          (int64_t)stack->n_unit_layers - 1);
    out->applies = true;
    out->why = why;
    return PLEATS_OK;
}

pleats_status pleats_bound_arora(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_finding *out)
{
    (void)ctx;
    return zonotope(stack, 2, 0, "some layer has less than 2 units",
                    "ReLU layers with biases, n_1 >= 2, the others at least "
                    "w >= 2 wide",
                    out);
}

pleats_status pleats_bound_serra_zonotope(pleats_ctx *ctx,
                                          const pleats_stack *stack,
                                          pleats_finding *out)
{
    (void)ctx;
    return zonotope(stack, 3, 1,
                    "some layer after the first has less than 3 units, which "
                    "w + 1 folds take",
                    "ReLU layers with biases, n_1 >= 2, the others at least "
                    "w >= 3 wide",
                    out);
}
