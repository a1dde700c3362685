#include "theory/layer/no_bias.h"

#include "theory/layer/central.h"
#include "theory/layer/certified.h"
#include "theory/layer/formula.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/layer/labelled.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_one_layer *one;
    const pleats_conv_layer *layer;
    const pleats_windows *windows;
    const pleats_one_layer_task *task;
} work;

static bool is_exact(const pleats_labelled *number)
{
    return number->is_known && number->label == PLEATS_EXACT;
}

/* What the number with biases, hence that without, certainly does not exceed;
 * NULL when it is out of reach. */
static const pleats_labelled *certain_upper(const pleats_one_layer *one)
{
    return is_exact(&one->generic) ? &one->generic
           : one->upper.is_known   ? &one->upper
           : one->formula.is_known ? &one->formula
                                   : NULL;
}

/* No breakpoint at 0: each filter can be scaled so that its breakpoints are
 * those of a generic bias.  [docs/theory.md 3.5] */
static void find_nonzero(pleats_one_layer *one)
{
    const pleats_labelled *generic = &one->generic;
    if (generic->is_known) {
        pleats_labelled_set(&one->nonzero_breaks, generic->label,
                            generic->value,
                            "without biases, but with all breakpoints away "
                            "from 0: the same number");
        one->nonzero_breaks.error = generic->error;
    } else
        pleats_labelled_unknown(&one->nonzero_breaks, "%s", generic->reason);
}

/* Whether no set of units is dependent: biases then change nothing. */
static bool all_are_independent(const work *w)
{
    const pleats_labelled *generic = &w->one->generic;
    const int64_t units = pleats_layer_units(w->layer);
    bool is_power = false;
    if (!is_exact(generic) || (size_t)units > mpz_sizeinbase(generic->value, 2))
        return false;
    mpz_t power;
    mpz_init(power);
    mpz_ui_pow_ui(power, (unsigned long)w->layer->pieces, (unsigned long)units);
    is_power = mpz_cmp(power, generic->value) == 0;
    mpz_clear(power);
    return is_power;
}

/* Through 0, m hyperplanes cut space twice as often as they cut one of them,
 * moved away from 0, which at most the independent sets that contain it do: on
 * average over the hyperplanes, 2 sum j I_j / m. */
static void bound_by_sizes(const pleats_independence *sizes, int64_t m,
                           mpz_t bound)
{
    mpz_set_ui(bound, 0);
    for (size_t j = 1; j <= sizes->n; j++)
        mpz_addmul_ui(bound, sizes->at[j], 2 * (unsigned long)j);
    mpz_fdiv_q_ui(bound, bound, (unsigned long)m);
}

/* Whether the layer is one component, whose sizes are there already. */
static bool is_one_component(const work *w)
{
    return w->windows->n == 1 && w->windows->component[0].multiplicity == 1 &&
           w->layer->conv.groups == 1;
}

/* The product over the components, each with its K-type sets. */
static pleats_status bound_components(const work *w, mpz_t bound)
{
    pleats_status status = PLEATS_OK;
    const int64_t groups = w->layer->conv.groups;
    const int64_t filters = w->layer->conv.filters / groups;
    pleats_independence sizes = {0};
    mpz_t one;
    mpz_init(one);
    mpz_set_ui(bound, 1);
    for (pleats_idx i = 0; i < w->windows->n; i++) {
        pleats_component component = w->windows->component[i];
        const int64_t times = component.multiplicity * groups;
        component.multiplicity = 1;
        const pleats_windows alone = {1, &component, 1};
        pleats_frontier_cost cost = {.max_states = w->task->max_states};
        TRY(pleats_formula_sizes_within(w->ctx, &alone, filters, &cost,
                                        &sizes));
        bound_by_sizes(&sizes, component.n_windows * filters, one);
        mpz_pow_ui(one, one, (unsigned long)times);
        mpz_mul(bound, bound, one);
        pleats_independence_clear(w->ctx, &sizes);
    }
done:
    pleats_independence_clear(w->ctx, &sizes);
    mpz_clear(one);
    return status;
}

static pleats_status bound_central(const work *w, mpz_t bound)
{
    const int64_t filters = w->layer->conv.filters;
    if (!is_one_component(w) || w->one->sizes_error > 0)
        return bound_components(w, bound);
    bound_by_sizes(&w->one->sizes, w->windows->component[0].n_windows * filters,
                   bound);
    return PLEATS_OK;
}

/* The number is not exact: what it certainly does not exceed. */
static pleats_status find_upper(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    const pleats_labelled *upper = certain_upper(one);
    mpz_t bound;
    mpz_init(bound);
    if (upper)
        pleats_labelled_set(&one->no_bias_upper, PLEATS_UPPER, upper->value,
                            "no more than with biases");
    if (w->layer->pieces == 2 && one->sizes.at) {
        TRY(bound_central(w, bound));
        if (!upper || mpz_cmp(bound, upper->value) < 0)
            pleats_labelled_set(&one->no_bias_upper, PLEATS_UPPER, bound,
                                "twice the independent sets that contain one "
                                "unit, on average");
    }
done:
    mpz_clear(bound);
    return status == PLEATS_LIMIT ? PLEATS_OK : status;
}

static void raise_lower(pleats_labelled *number, const mpz_t value,
                        const char *why)
{
    if (!number->is_known || mpz_cmp(value, number->value) > 0)
        pleats_labelled_set(number, PLEATS_LOWER, value, "%s", why);
}

/* Parts of the hyperplanes alone: rows of disjoint windows; those away from 0,
 * which make others^j regions for every independent set of j units. */
static pleats_status find_lower(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    mpz_t value;
    mpz_init(value);
    TRY(pleats_certified_unbiased(w->ctx, w->layer, value));
    raise_lower(&one->no_bias, value,
                "rows of disjoint windows, each a 1-D convolution");
    if (w->layer->pieces > 2 && one->sizes_are_true) {
        pleats_independence_sum(&one->sizes, (long)w->layer->pieces - 2, -1,
                                value);
        raise_lower(&one->no_bias, value,
                    "the regions that the breakpoints away from 0 make alone");
    }
done:
    mpz_clear(value);
    return status == PLEATS_LIMIT ? PLEATS_OK : status;
}

/* Both sides of a number that the budget did not suffice for. */
static pleats_status bracket(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    const pleats_labelled *upper = &one->no_bias_upper;
    TRY(find_lower(w));
    TRY(find_upper(w));
    if (upper->is_known && one->no_bias.is_known &&
        mpz_cmp(one->no_bias.value, upper->value) == 0) {
        one->no_bias.label = PLEATS_EXACT;
        one->no_bias_upper.is_known = false;
    } else
        one->complete = false;
done:
    return status;
}

/* A probable number: what it certainly does not exceed, which may prove it. */
static pleats_status settle(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    pleats_labelled *upper = &one->no_bias_upper;
    TRY(find_upper(w));
    if (upper->is_known && mpz_cmp(one->no_bias.value, upper->value) == 0) {
        one->no_bias.label = PLEATS_EXACT;
        one->no_bias.error = 0;
        upper->is_known = false;
    }
done:
    return status;
}

static void take_count(work *w, const pleats_effort *effort, bool is_modular,
                       const mpz_t regions)
{
    pleats_labelled *number = &w->one->no_bias;
    const bool is_central = w->layer->pieces == 2;
    const double error =
        pleats_effort_error(effort, (size_t)pleats_windows_rank(w->windows));
    const char *where = is_central ? "all hyperplanes pass through 0"
                                   : "one breakpoint is 0 and others are not";
    if (!effort->complete)
        pleats_labelled_set(number, PLEATS_LOWER, regions,
                            "%s: counted within the budget", where);
    else if (!is_modular)
        pleats_labelled_set(number, PLEATS_EXACT, regions,
                            "%s: sets without broken circuits at 0, counted "
                            "window by window",
                            where);
    else if (is_central)
        pleats_labelled_set_probable(
            number, error, regions,
            "%s: Zaslavsky's recursion, modulo 2^61 - 1 with random filters "
            "where windows overlap: proven from below; too small with "
            "probability below %.1g",
            where, error);
    else
        pleats_labelled_set_probable(
            number, error, regions,
            "%s: sets without broken circuits at 0, enumerated modulo 2^61 - 1 "
            "with random filters: proven from below; too small with "
            "probability below %.1g",
            where, error);
}

static pleats_status count_with_zero(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    pleats_effort effort = {.budget = w->task->budget, .seed = w->task->seed};
    bool is_modular = false;
    mpz_t regions;
    mpz_init(regions);
    if (all_are_independent(w)) {
        pleats_labelled_set(&one->no_bias, PLEATS_EXACT, one->generic.value,
                            "all normals are linearly independent: biases "
                            "change nothing");
        goto done;
    }
    status =
        pleats_central_regions(w->ctx, w->layer, &effort, regions, &is_modular);
    if (status == PLEATS_OK)
        take_count(w, &effort, is_modular, regions);
    else if (status == PLEATS_LIMIT)
        pleats_labelled_unknown(&one->no_bias, "out of reach: %s",
                                pleats_ctx_message(w->ctx));
    else
        goto done;
    if (!is_exact(&one->no_bias))
        status = one->no_bias.is_known && one->no_bias.error > 0 ? settle(w)
                                                                 : bracket(w);
done:
    mpz_clear(regions);
    return status;
}

pleats_status pleats_find_no_bias(pleats_ctx *ctx, pleats_one_layer *one,
                                  const pleats_conv_layer *layer,
                                  const pleats_windows *windows,
                                  const pleats_one_layer_task *task)
{
    work w = {ctx, one, layer, windows, task};
    const pleats_labelled *same = &one->nonzero_breaks;
    const pleats_labelled *upper = certain_upper(one);
    find_nonzero(one);
    if (task->breaks == PLEATS_BREAK_ZERO)
        return count_with_zero(&w);
    if (!is_exact(same) && upper)
        pleats_labelled_set(&one->no_bias_upper, PLEATS_UPPER, upper->value,
                            "no more than with biases");
    if (!same->is_known)
        pleats_labelled_unknown(&one->no_bias, "%s", same->reason);
    else if (task->breaks == PLEATS_BREAK_NONZERO)
        pleats_labelled_set(&one->no_bias, same->label, same->value, "%s",
                            same->reason);
    else if (is_exact(same))
        pleats_labelled_set(&one->no_bias, PLEATS_UPPER, same->value,
                            "reached when no breakpoint is 0; a breakpoint at "
                            "0 makes it less");
    else
        pleats_labelled_unknown(&one->no_bias,
                                "depends on whether a breakpoint is 0");
    return PLEATS_OK;
}
