#include "theory/layer/one_layer.h"

#include "base/text.h"
#include "exact/integers.h"
#include "theory/layer/central.h"
#include "theory/layer/certified.h"
#include "theory/layer/estimate.h"
#include "theory/layer/formula.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/layer/labelled.h"
#include "theory/layer/ladder.h"
#include "theory/layer/no_bias.h"
#include "theory/layer/relations.h"
#include "theory/sums.h"

#include <stdio.h>

/* Bytes of weights on a frontier up to which sizes are carried along; degree
 * up to which the polynomial is worked out. */
enum { MOST_SIZE_BYTES = 1 << 30, MOST_RUNS = 1024, MOST_SETS = 2000000 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_conv_layer *layer;
    const pleats_one_layer_task *task;
    unsigned want; /* not 0 */
    pleats_windows windows;
    int64_t filters; /* of a group */
    long q;
    size_t frontier; /* states on the largest one */
    bool is_exact;   /* the formula is */
    pleats_one_layer *one;
} work;

static pleats_frontier_cost cost_of(const work *w)
{
    return (pleats_frontier_cost){.max_states = w->task->max_states};
}

/* A limit is no failure: it only leaves something out. */
static pleats_status forgive(work *w, pleats_status status)
{
    if (status != PLEATS_LIMIT)
        return status;
    w->one->complete = false;
    return PLEATS_OK;
}

static pleats_status find_formula(work *w)
{
    const char *why = NULL;
    pleats_frontier_cost cost = cost_of(w);
    pleats_labelled *formula = &w->one->formula;
    mpz_t sum;
    mpz_init(sum);
    w->is_exact = pleats_formula_is_exact(w->layer, &why);
    pleats_status status = pleats_formula_sum(w->ctx, &w->windows, w->filters,
                                              w->q, 0, &cost, sum);
    w->frontier = cost.most;
    if (status == PLEATS_OK)
        pleats_labelled_set(formula, w->is_exact ? PLEATS_EXACT : PLEATS_UPPER,
                            sum, "%s", why);
    else
        pleats_labelled_unknown(formula, "out of reach: %s",
                                pleats_ctx_message(w->ctx));
    mpz_clear(sum);
    return forgive(w, status);
}

/* Numbers that rest on the sizes, which may be found on the way to the generic
 * number, and on that number. */
enum {
    FROM_SIZES = PLEATS_WANT_NO_BIAS | PLEATS_WANT_BOUNDED | PLEATS_WANT_SLICE |
                 PLEATS_WANT_INDEPENDENT,
    FROM_GENERIC = PLEATS_WANT_GENERIC | PLEATS_WANT_NO_BIAS
};

/* The K-type sizes, unless carrying them takes too much memory. */
static pleats_status find_sizes(work *w)
{
    pleats_status status = PLEATS_OK;
    if (!(w->want & FROM_SIZES))
        return PLEATS_OK;
    const double limbs = (double)mpz_size(w->one->formula.value) + 1;
    const double bytes = (double)w->frontier * limbs * sizeof(mp_limb_t) *
                         (double)pleats_windows_rank(&w->windows);
    if (!w->one->formula.is_known || bytes > MOST_SIZE_BYTES)
        return PLEATS_OK;
    pleats_frontier_cost cost = cost_of(w);
    status = pleats_formula_sizes_within(w->ctx, &w->windows, w->filters, &cost,
                                         &w->one->sizes);
    w->one->sizes_are_true = status == PLEATS_OK && w->is_exact;
    return forgive(w, status);
}

/* What the enumeration found: all, or some of it. */
static pleats_status take_enumeration(work *w, const pleats_effort *effort,
                                      pleats_independence *sizes)
{
    pleats_one_layer *one = w->one;
    double error = pleats_effort_error(effort, sizes->n);
    mpz_t sum;
    mpz_init(sum);
    pleats_independence_sum(sizes, w->q, -1, sum);
    if (effort->complete) {
        bool is_formula =
            one->formula.is_known && mpz_cmp(sum, one->formula.value) == 0;
        error = is_formula ? 0 : error;
        if (is_formula)
            pleats_labelled_set(&one->generic, PLEATS_EXACT, sum,
                                "all sets that the formula counts were proven "
                                "independent (modulo 2^61 - 1)");
        else
            pleats_labelled_set_probable(
                &one->generic, error, sum,
                "independent sets enumerated modulo 2^61 - 1 with random "
                "filters: proven from below; too small with probability below "
                "%.1g",
                error);
        pleats_independence_clear(w->ctx, &one->sizes);
        one->sizes = *sizes;
        one->sizes_are_true = true;
        one->sizes_error = error;
        *sizes = (pleats_independence){0};
    } else if (!one->lower.is_known || mpz_cmp(sum, one->lower.value) > 0)
        pleats_labelled_set(&one->lower, PLEATS_LOWER, sum,
                            "independent sets found within the budget");
    mpz_clear(sum);
    return PLEATS_OK;
}

static pleats_status enumerate(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_effort effort = {.budget = w->task->budget, .seed = w->task->seed};
    pleats_independence sizes = {0};
    TRY(pleats_generic_sizes(w->ctx, w->layer, &effort, &sizes));
    TRY(take_enumeration(w, &effort, &sizes));
done:
    pleats_independence_clear(w->ctx, &sizes);
    return status == PLEATS_LIMIT ? PLEATS_OK : status;
}

/* Sets that relations for all filters leave: a bound from above with no
 * randomness in it. */
static pleats_status bound_by_relations(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    pleats_independence above = {0};
    bool is_done = false;
    mpz_t sum;
    mpz_init(sum);
    TRY(pleats_sizes_above(w->ctx, w->layer, MOST_SETS, &above, &is_done));
    if (!is_done)
        goto done;
    pleats_independence_sum(&above, w->q, -1, sum);
    if (!one->upper.is_known || mpz_cmp(sum, one->upper.value) < 0)
        pleats_labelled_set(&one->upper, PLEATS_UPPER, sum,
                            "convolution commutes: sets that this makes "
                            "dependent are left out (docs/theory.md 3.8)");
done:
    mpz_clear(sum);
    pleats_independence_clear(w->ctx, &above);
    return status;
}

/* By restriction, which is quick where few sets are dependent. */
static pleats_status restrict_all(work *w)
{
    pleats_effort effort = {.budget = w->task->budget, .seed = w->task->seed};
    pleats_one_layer *one = w->one;
    const size_t rank = (size_t)pleats_windows_rank(&w->windows);
    mpz_t regions;
    mpz_init(regions);
    pleats_status status =
        pleats_restricted_regions(w->ctx, w->layer, &effort, regions);
    if (status == PLEATS_OK && effort.complete)
        pleats_labelled_set_probable(
            &one->generic, pleats_effort_error(&effort, rank), regions,
            "hyperplanes restricted to one another, modulo 2^61 - 1 with "
            "random filters and biases: proven from below; too small with "
            "probability below %.1g",
            pleats_effort_error(&effort, rank));
    else if (status == PLEATS_OK &&
             (!one->lower.is_known || mpz_cmp(regions, one->lower.value) > 0))
        pleats_labelled_set(&one->lower, PLEATS_LOWER, regions,
                            "regions found within the budget");
    mpz_clear(regions);
    return status == PLEATS_LIMIT ? PLEATS_OK : status;
}

static pleats_status find_lower(work *w)
{
    const char *how = NULL;
    mpz_t value;
    mpz_init(value);
    pleats_status status =
        pleats_certified_regions(w->ctx, w->layer, value, &how);
    if (status == PLEATS_OK &&
        (!w->one->lower.is_known || mpz_cmp(value, w->one->lower.value) > 0))
        pleats_labelled_set(&w->one->lower, PLEATS_LOWER, value, "%s", how);
    mpz_clear(value);
    return status == PLEATS_LIMIT ? PLEATS_OK : status;
}

static void clip(mpz_t value, const pleats_one_layer *one)
{
    if (one->lower.is_known && mpz_cmp(value, one->lower.value) < 0)
        mpz_set(value, one->lower.value);
    if (mpz_cmp(value, one->formula.value) > 0)
        mpz_set(value, one->formula.value);
}

static pleats_status estimate(work *w)
{
    pleats_one_layer *one = w->one;
    const uint64_t n = w->task->samples;
    const pleats_sampling sampling = {n, w->task->seed, w->task->max_states};
    uint64_t k = 0;
    double lo = 0, hi = 1;
    pleats_status status =
        pleats_sample_independent(w->ctx, w->layer, &sampling, &k);
    if (status != PLEATS_OK)
        return status == PLEATS_LIMIT ? PLEATS_OK : status;
    pleats_binomial_interval(k, n, w->task->level, &lo, &hi);
    mpz_mul_ui(one->low, one->formula.value, k);
    mpz_fdiv_q_ui(one->low, one->low, n);
    clip(one->low, one);
    pleats_labelled_set(&one->generic, PLEATS_ESTIMATE, one->low,
                        "%llu of %llu sets drawn uniformly from those that the "
                        "formula counts are independent",
                        (unsigned long long)k, (unsigned long long)n);
    pleats_scale(one->formula.value, lo, false, one->low);
    pleats_scale(one->formula.value, hi, true, one->high);
    clip(one->low, one);
    clip(one->high, one);
    one->is_interval = true;
    return PLEATS_OK;
}

/* A number that is only probable, when what is certain from above meets it, is
 * exact. */
static void settle_probable(pleats_one_layer *one)
{
    pleats_labelled *generic = &one->generic;
    if (generic->is_known && generic->error > 0 && one->upper.is_known &&
        mpz_cmp(generic->value, one->upper.value) == 0) {
        generic->label = PLEATS_EXACT;
        generic->error = one->sizes_error = 0;
        pleats_format(
            generic->reason, sizeof generic->reason,
            "independent sets enumerated, each proven by its rank modulo "
            "2^61 - 1; and no more: %s",
            one->upper.reason);
    }
}

/* When as many sets are certain as the formula counts, it is exact. */
static bool is_settled(work *w)
{
    pleats_one_layer *one = w->one;
    if (!one->lower.is_known || !one->formula.is_known ||
        mpz_cmp(one->lower.value, one->formula.value) != 0)
        return false;
    pleats_labelled_set(&one->generic, PLEATS_EXACT, one->formula.value,
                        "the formula, and as many certain from below");
    one->sizes_are_true = one->sizes.at != NULL;
    return true;
}

/* The generic number where it does not come with its sizes. */
static pleats_status find_alone(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    TRY(restrict_all(w));
    if (!one->generic.is_known)
        one->complete = false;
    if (!one->generic.is_known && one->formula.is_known)
        TRY(estimate(w));
    if (!one->generic.is_known && one->lower.is_known)
        pleats_labelled_set(&one->generic, PLEATS_LOWER, one->lower.value, "%s",
                            one->lower.reason);
    if (!one->generic.is_known)
        pleats_labelled_unknown(&one->generic, "out of reach: %s",
                                pleats_ctx_message(w->ctx));
done:
    return status;
}

static pleats_status find_generic(work *w)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    if (!(w->want & (FROM_GENERIC | FROM_SIZES)))
        return PLEATS_OK;
    if (w->is_exact && one->formula.is_known) {
        pleats_labelled_set(&one->generic, PLEATS_EXACT, one->formula.value,
                            "the formula, exact here: %s", one->formula.reason);
        return PLEATS_OK;
    }
    TRY(find_lower(w));
    if (one->formula.is_known)
        pleats_labelled_set(&one->upper, PLEATS_UPPER, one->formula.value,
                            "the formula counts all independent sets, and "
                            "perhaps others");
    if (is_settled(w))
        return PLEATS_OK;
    TRY(enumerate(w));
    if (one->generic.is_known && one->generic.error > 0)
        TRY(bound_by_relations(w));
    if (!one->generic.is_known && (w->want & FROM_GENERIC))
        TRY(find_alone(w));
    settle_probable(one);
done:
    return status;
}

/* The enumerations with one budget; answers: of those before. */
static pleats_status find_with_budget(work *w, pleats_answers *before)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer *one = w->one;
    pleats_answers_take(before, one);
    if (!pleats_is_settled(&one->generic)) {
        TRY(find_generic(w));
        pleats_answers_keep_generic(before, one);
    }
    if ((w->want & PLEATS_WANT_NO_BIAS) && !pleats_is_settled(&one->no_bias)) {
        TRY(pleats_find_no_bias(w->ctx, one, w->layer, &w->windows, w->task));
        pleats_answers_keep_no_bias(before, one);
    }
done:
    return status;
}

/* Whether a larger budget could say more. */
static bool is_open(const work *w)
{
    const pleats_one_layer *one = w->one;
    return !one->complete && (((w->want & (FROM_GENERIC | FROM_SIZES)) &&
                               !pleats_is_settled(&one->generic)) ||
                              ((w->want & PLEATS_WANT_NO_BIAS) &&
                               !pleats_is_settled(&one->no_bias)));
}

/* The same with growing ones, while time is left and it could help. */
static pleats_status climb(work *w)
{
    pleats_status status = PLEATS_OK;
    const pleats_one_layer_task *all = w->task;
    const bool complete = w->one->complete;
    pleats_one_layer_task task = *all;
    pleats_answers answers;
    pleats_answers_init(&answers);
    w->task = &task;
    task.budget = 0;
    do {
        task.budget = pleats_next_budget(task.budget, all->budget);
        w->one->complete = complete;
        TRY(find_with_budget(w, &answers));
    } while (is_open(w) && task.budget != all->budget &&
             !pleats_stop_reason(w->ctx));
done:
    w->task = all;
    pleats_answers_clear(&answers);
    return status;
}

/* Whether rank + 1 runs of the programme are within the budget. */
static bool may_run_polynomial(const work *w, char *why, size_t n)
{
    const double runs = (double)pleats_windows_rank(&w->windows) + 1;
    double windows = 0;
    for (pleats_idx i = 0; i < w->windows.n; i++)
        windows += w->windows.component[i].n_windows;
    double states = runs * (double)w->frontier * windows;
    if (!w->one->formula.is_known)
        snprintf(why, n, "the formula is out of reach");
    else if (runs > MOST_RUNS ||
             (w->task->budget > 0 && states > (double)w->task->budget))
        pleats_format(
            why, n,
            "needs the formula for %.0f numbers of filters, up to %.2g "
            "states: beyond the budget",
            runs, states);
    else
        return true;
    return false;
}

static pleats_status find_polynomial(work *w)
{
    pleats_one_layer *one = w->one;
    pleats_frontier_cost cost = cost_of(w);
    char *why = one->polynomial_reason;
    if (!(w->want & PLEATS_WANT_POLYNOMIAL) ||
        !may_run_polynomial(w, why, PLEATS_REASON_CHARS))
        return PLEATS_OK;
    pleats_status status = pleats_formula_polynomial(
        w->ctx, &w->windows, w->q, &cost, &one->binomial, &one->n_binomial);
    snprintf(why, PLEATS_REASON_CHARS, "%s",
             status == PLEATS_OK ? one->formula.reason
                                 : pleats_ctx_message(w->ctx));
    return forgive(w, status);
}

/* What rests on the sizes is exact only with true ones. */
static void check_complete(work *w)
{
    unsigned exact = PLEATS_WANT_BOUNDED | PLEATS_WANT_INDEPENDENT;
    if (w->task->slice >= 0)
        exact |= PLEATS_WANT_SLICE;
    if (((w->want & exact) && !w->one->sizes_are_true) ||
        ((w->want & PLEATS_WANT_POLYNOMIAL) && w->one->n_binomial == 0))
        w->one->complete = false;
}

enum { N_NUMBERS = 9 };

static pleats_labelled *number_of(pleats_one_layer *one, int i)
{
    pleats_labelled *all[N_NUMBERS] = {
        &one->formula,        &one->generic, &one->lower,
        &one->upper,          &one->no_bias, &one->no_bias_upper,
        &one->nonzero_breaks, &one->bounded, &one->slice};
    return all[i];
}

void pleats_one_layer_blank(pleats_one_layer *one, const char *why)
{
    *one = (pleats_one_layer){.complete = true};
    for (int i = 0; i < N_NUMBERS; i++) {
        mpz_init(number_of(one, i)->value);
        pleats_labelled_unknown(number_of(one, i), "%s", why);
    }
    snprintf(one->polynomial_reason, PLEATS_REASON_CHARS, "%s", why);
    mpz_init(one->low);
    mpz_init(one->high);
}

/* Whether even the numbers of generic hyperplanes are too long to be written.
 * All are then unknown. */
static bool is_too_long(work *w)
{
    const int64_t units = pleats_layer_units(w->layer);
    const int64_t inputs = pleats_shape_count(&w->layer->in);
    const double bits = pleats_zaslavsky_bits(units, inputs, w->q);
    if (bits <= PLEATS_MOST_BITS)
        return false;
    for (int i = 0; i < N_NUMBERS; i++)
        pleats_labelled_unknown(number_of(w->one, i),
                                "out of reach: up to %.3g digits",
                                bits * 0.30103);
    snprintf(w->one->polynomial_reason, PLEATS_REASON_CHARS,
             "the formula is out of reach");
    w->one->complete = false;
    return true;
}

pleats_status pleats_one_layer_init(pleats_ctx *ctx, pleats_one_layer *one,
                                    const pleats_conv_layer *layer,
                                    const pleats_one_layer_task *task)
{
    pleats_status status = PLEATS_OK;
    work w = {.ctx = ctx, .layer = layer, .task = task, .one = one};
    w.want = task->want ? task->want : PLEATS_WANT_ALL;
    pleats_one_layer_blank(one, "not asked for");
    TRY(pleats_windows_init(ctx, &w.windows, layer));
    w.filters = layer->conv.filters / layer->conv.groups;
    w.q = (long)(layer->pieces - 1);
    if (is_too_long(&w))
        goto done;
    TRY(find_formula(&w));
    TRY(find_sizes(&w));
    TRY(climb(&w));
    if (w.want & FROM_SIZES)
        pleats_fill_from_sizes(one, layer, task->slice);
    TRY(find_polynomial(&w));
    check_complete(&w);
done:
    pleats_windows_clear(ctx, &w.windows);
    return status;
}

void pleats_one_layer_clear(pleats_ctx *ctx, pleats_one_layer *one)
{
    for (int i = 0; i < N_NUMBERS; i++)
        mpz_clear(number_of(one, i)->value);
    mpz_clear(one->low);
    mpz_clear(one->high);
    pleats_independence_clear(ctx, &one->sizes);
    pleats_integers_free(ctx, one->binomial, one->n_binomial);
}
