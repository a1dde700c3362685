/* A max-pool on the input itself: its number is known, whatever comes later. */
#include "theory/bounds/rules.h"
#include "theory/layer/orders.h"

#include <string.h>

static const char *why_no_pool(const pleats_stack *stack)
{
    const pleats_spec *spec = stack->spec;
    if (stack->has_general)
        return "the network is no chain of layers";
    if (stack->is_on_box)
        return "stated for all of space";
    if (spec->n_layers == 0 || spec->layer[0].kind != PLEATS_LAYER_MAXPOOL)
        return "no max-pool reads the input itself";
    return NULL;
}

/* The pool's number; out->applies says whether it was within reach. */
static pleats_status count_pool(pleats_ctx *ctx, const pleats_stack *stack,
                                pleats_finding *out)
{
    const pleats_conv_layer pool = {.in = stack->spec->layer[0].in,
                                    .conv = stack->spec->layer[0].conv,
                                    .pieces = 2};
    out->why = "beyond reach: the pool reads too many cells";
    return pleats_pool_orders(ctx, &pool, out->value, &out->applies);
}

pleats_status pleats_bound_pool_orders(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const char *why = why_no_pool(stack);
    pleats_stack rest = *stack;
    pleats_finding later = {0};
    if (why)
        return pleats_refuse_rule(out, why);
    mpz_init(later.value);
    TRY(count_pool(ctx, stack, out));
    if (!out->applies)
        goto done;
    /* The same layers, the pool being one that only hands on. */
    TRY(pleats_alloc(ctx, stack->n_items, sizeof *rest.item, &rest.item));
    memcpy(rest.item, stack->item, stack->n_items * sizeof *rest.item);
    rest.item[0].undecided = 0;
    rest.item[0].passing = rest.item[0].n;
    TRY(pleats_find_by_matroids(ctx, &rest, true, "", "", &later));
    out->applies = later.applies;
    out->why = later.applies ? "a max-pool of the input: acyclic orientations "
                               "of its windows; later layers by their matroids"
                             : PLEATS_WHY_TOO_LARGE;
    mpz_mul(out->value, out->value, later.value);
done:
    if (rest.item != stack->item)
        pleats_release(ctx, rest.item);
    mpz_clear(later.value);
    return status;
}

pleats_status pleats_bound_pool_alone(pleats_ctx *ctx,
                                      const pleats_stack *stack,
                                      pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const char *why = why_no_pool(stack);
    if (why)
        return pleats_refuse_rule(out, why);
    TRY(count_pool(ctx, stack, out));
    if (out->applies)
        out->why = "a max-pool of the input: acyclic orientations of its "
                   "windows; later layers only cut further";
done:
    return status;
}
