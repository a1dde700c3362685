/* Upper bounds for layers of maxima. */
#include "theory/bounds/rules.h"
#include "theory/sums.h"

static const char *why_no_maxima(const pleats_stack *stack)
{
    if (stack->has_general)
        return "the network is no chain of layers";
    if (stack->has_skip)
        return "a skip connection carries dimension past narrow layers";
    for (size_t i = 0; i < stack->n_unit_layers; i++)
        if (!pleats_stack_units(stack, i)->is_max)
            return "not every layer of units takes maxima";
    if (stack->n_unit_layers == 0)
        return "there are no units";
    return NULL;
}

/* Numbers k (k - 1) / 2 * n of pairs of candidates, or -1 when too many. */
static int64_t count_pairs(const pleats_item *item)
{
    int64_t k = item->pieces, pairs = 0;
    if (k > INT32_MAX ||
        __builtin_mul_overflow(k * (k - 1) / 2, item->undecided, &pairs))
        return -1;
    return pairs;
}

/* prod over l of sum over j <= d_l of C(k (k - 1) / 2 * n_l, j), d_l the least
 * of n_0 .. n_l: two candidates of a unit are equal on a hyperplane.  (Where
 * n_l is below the rank the sharp number is still smaller.) */
pleats_status pleats_bound_serra_maxout(pleats_ctx *ctx,
                                        const pleats_stack *stack,
                                        pleats_finding *out)
{
    const char *why = why_no_maxima(stack);
    int64_t d = stack->dimension;
    mpz_t factor;
    (void)ctx;
    if (why)
        return pleats_refuse_rule(out, why);
    mpz_init(factor);
    mpz_set_ui(out->value, 1);
    out->applies = true;
    out->why = "every layer of units takes maxima; a hyperplane for each pair "
               "of candidates";
    for (size_t i = 0; i < stack->n_unit_layers && out->applies; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        int64_t pairs = count_pairs(item);
        d = d < item->n ? d : item->n;
        double bits = pairs < 0 ? 0 : pleats_zaslavsky_bits(pairs, d, 1);
        if (pairs < 0 || bits > PLEATS_MOST_BITS || bits * (double)d > 0x1p39) {
            pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
        } else {
            pleats_zaslavsky(factor, pairs, d, 1);
            mpz_mul(out->value, out->value, factor);
            if (mpz_sizeinbase(out->value, 2) > (size_t)PLEATS_MOST_BITS)
                pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
        }
    }
    mpz_clear(factor);
    return PLEATS_OK;
}

/* prod over l of sum over j <= d_l of C(n_l, j) (k - 1)^j, sharp for one
 * layer. */
pleats_status pleats_bound_maxout_product(pleats_ctx *ctx,
                                          const pleats_stack *stack,
                                          pleats_finding *out)
{
    const char *why = why_no_maxima(stack);
    if (why)
        return pleats_refuse_rule(out, why);
    return pleats_find_by_recursion(
        ctx, stack, (pleats_recursion){.method = PLEATS_BY_WIDTH},
        stack->n_unit_layers == 1
            ? "one layer of maxima, for which it is sharp"
            : "every layer of units takes maxima; the sharp number of one "
              "layer, with the least width so far for the dimension",
        "", out);
}
