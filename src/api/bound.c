/* The public face of the bounds: works out all of them and sorts them. */
#include "api/text.h"
#include "ranges/ranges.h"
#include "theory/bounds/bounds.h"
#include "theory/bounds/growth.h"
#include "theory/bounds/rules.h"
#include "theory/bounds/stable.h"
#include "theory/bounds/weight_ranks.h"
#include "theory/reading.h"
#include "theory/sums.h"

#include "pleats/bounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const pleats_bound_entry *entry;
    pleats_finding finding;
} row;

/* What a network that was given shows. */
static const pleats_bound_entry witness_entry = {"witness", false, "counted",
                                                 NULL, "regions"};

/* Upper bounds before lower ones, each from good to bad, then those that do not
 * apply, all in the table's order where equal, a witness before others. */
static int compare_rows(const void *left, const void *right)
{
    const row *a = left, *b = right;
    if (a->finding.applies != b->finding.applies)
        return a->finding.applies ? -1 : 1;
    if (a->finding.applies && a->entry->is_upper == b->entry->is_upper) {
        int sign = mpz_cmp(a->finding.value, b->finding.value);
        if (sign != 0)
            return a->entry->is_upper ? sign : -sign;
    }
    if (a->entry->is_upper != b->entry->is_upper)
        return a->entry->is_upper ? -1 : 1;
    if (a->entry == &witness_entry || b->entry == &witness_entry)
        return a->entry == &witness_entry ? -1 : 1;
    return a->entry < b->entry ? -1 : 1;
}

/* Puts the best lower bound behind the best upper one. */
static void lift_best_lower(row *rows, size_t n)
{
    size_t i = 0;
    while (i < n && rows[i].finding.applies && rows[i].entry->is_upper)
        i++;
    if (i >= n || !rows[i].finding.applies || i == 0)
        return;
    row best = rows[i];
    for (; i > 1; i--)
        rows[i] = rows[i - 1];
    rows[1] = best;
}

static pleats_status publish(pleats_ctx *ctx, const row *r, bool is_met,
                             pleats_bound *out)
{
    const pleats_label side = r->entry->is_upper ? PLEATS_UPPER : PLEATS_LOWER;
    *out = (pleats_bound){.name = r->entry->name,
                          .side = side,
                          .label = is_met ? PLEATS_EXACT : side,
                          .source = r->entry->source,
                          .of = r->entry->of,
                          .applies = r->finding.applies,
                          .why = r->finding.why,
                          .log10 = NAN};
    if (!out->applies)
        return PLEATS_OK;
    out->log10 = pleats_log10(r->finding.value);
    return pleats_integer_text(ctx, r->finding.value, &out->value);
}

static const row *best_of(const row *rows, size_t n, bool is_upper)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].finding.applies && rows[i].entry->is_upper == is_upper)
            return &rows[i];
    return NULL;
}

static pleats_status publish_all(pleats_ctx *ctx, const row *rows, size_t n,
                                 pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    const row *upper = best_of(rows, n, true), *lower = best_of(rows, n, false);
    bool meet = upper && lower &&
                mpz_cmp(upper->finding.value, lower->finding.value) == 0;
    TRY(pleats_alloc(ctx, n, sizeof *out->bound, &out->bound));
    out->n = n;
    if (upper)
        TRY(pleats_integer_text(ctx, upper->finding.value, &out->best_upper));
    if (lower)
        TRY(pleats_integer_text(ctx, lower->finding.value, &out->best_lower));
    for (size_t i = 0; i < n; i++) {
        bool is_met = meet && rows[i].finding.applies &&
                      mpz_cmp(rows[i].finding.value, upper->finding.value) == 0;
        TRY(publish(ctx, &rows[i], is_met, &out->bound[i]));
    }
done:
    return status;
}

/* One rule; a limit leaves it, and all after it, out. */
static pleats_status try_rule(pleats_ctx *ctx, const pleats_stack *stack,
                              row *r, pleats_bounds_result *out)
{
    pleats_status status = PLEATS_LIMIT;
    if (!out->stopped)
        status = r->entry->rule(ctx, stack, &r->finding);
    if (status != PLEATS_LIMIT || !pleats_ctx_limit(ctx))
        return status;
    out->stopped = pleats_ctx_limit(ctx);
    return pleats_refuse_rule(&r->finding, "a limit stopped it");
}

/* The row of a witness: its exact count on all of space. */
static pleats_status count_witness(pleats_ctx *ctx, const pleats_spec *spec,
                                   const pleats_net *net, row *r)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *own = NULL;
    pleats_domain *space = NULL;
    pleats_count_result count = {0};
    r->entry = &witness_entry;
    TRY(pleats_spec_of_net(ctx, net, &own));
    if (strcmp(pleats_spec_text(own), pleats_spec_text(spec)) != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the witness is a network of %s, not of %s",
                        pleats_spec_text(own), pleats_spec_text(spec)));
    TRY(pleats_domain_whole(ctx, net->n_inputs, &space));
    TRY(pleats_count(ctx, net, space, NULL, NULL, &count));
    mpz_set_str(r->finding.value, count.regions, 10);
    r->finding.applies = true;
    r->finding.why = count.label == PLEATS_EXACT
                         ? "the exact count of the network that was given"
                         : "the network that was given has at least so many; "
                           "a limit ended the count";
done:
    pleats_count_result_clear(ctx, &count);
    pleats_domain_free(ctx, space);
    pleats_spec_free(ctx, own);
    return status;
}

static pleats_status find_all(pleats_ctx *ctx, const pleats_stack *stack,
                              const pleats_net *witness,
                              pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    row *rows = NULL;
    size_t n = 0, made = 0;
    while (pleats_bound_table[n].name)
        n++;
    TRY(pleats_alloc(ctx, n + 1, sizeof *rows, &rows));
    for (; made < n + 1; made++) {
        rows[made].entry = &pleats_bound_table[made];
        mpz_init(rows[made].finding.value);
    }
    for (size_t i = 0; i < n; i++)
        TRY(try_rule(ctx, stack, &rows[i], out));
    if (witness)
        TRY(count_witness(ctx, stack->spec, witness, &rows[n++]));
    pleats_set_ending(ctx, out->stopped != PLEATS_STOP_NONE);
    qsort(rows, n, sizeof *rows, compare_rows);
    lift_best_lower(rows, n);
    TRY(publish_all(ctx, rows, n, out));
done:
    for (size_t i = 0; i < made; i++)
        mpz_clear(rows[i].finding.value);
    pleats_release(ctx, rows);
    return status;
}

/* Takes the units out of the stack that are stable on the box. */
static pleats_status restrict_to(pleats_ctx *ctx, pleats_stack *stack,
                                 const pleats_net *net,
                                 const pleats_domain *box)
{
    pleats_status status = PLEATS_OK;
    pleats_ranges ranges = {0};
    pleats_stability *layer = NULL;
    size_t n = 0;
    TRY(pleats_ranges_find(ctx, net, box, PLEATS_RANGES_BY_PROGRAMMES,
                           &ranges));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *layer, &layer));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        pleats_range_counts counts = pleats_ranges_count(&ranges, s);
        layer[n++] =
            (pleats_stability){s->n_out, counts.undecided, counts.passing};
    }
    pleats_stack_restrict(stack, ranges.dimension, n, layer);
done:
    pleats_ranges_clear(ctx, &ranges);
    pleats_release(ctx, layer);
    return status;
}

static pleats_status find_growth(pleats_ctx *ctx, const pleats_stack *stack,
                                 pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_growth growth = {0};
    TRY(pleats_growth_find(ctx, stack, &growth));
    out->n_growth = growth.n;
    out->growth_upper = growth.upper;
    out->growth_lower = growth.lower;
done:
    return status;
}

/* With a network and a box, on that box. */
static pleats_status find_on(pleats_ctx *ctx, const pleats_spec *spec,
                             const pleats_net *net, const pleats_domain *box,
                             const pleats_bounds_options *o,
                             pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_stack stack = {0};
    pleats_spec *plain = NULL;
    if (!box)
        TRY(pleats_spec_plain(ctx, spec, &plain));
    TRY(pleats_stack_of_spec(ctx, plain ? plain : spec, &stack));
    if (box) {
        TRY(restrict_to(ctx, &stack, net, box));
        TRY(pleats_stack_add_ranks(ctx, &stack, net));
    }
    stack.budget = o->budget;
    TRY(find_all(ctx, &stack, o->witness, out));
    if (!box)
        TRY(find_growth(ctx, &stack, out));
done:
    pleats_stack_clear(ctx, &stack);
    pleats_spec_clear(ctx, plain);
    return status;
}

pleats_status pleats_bounds_of(pleats_ctx *ctx, const pleats_spec *spec,
                               const pleats_bounds_options *options,
                               const pleats_limits *limits,
                               pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_bounds_options o;
    pleats_watch watch = {0};
    *out = (pleats_bounds_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(find_on(ctx, spec, NULL, NULL, &o, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

pleats_status pleats_bounds_on_box(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *box,
                                   const pleats_limits *limits,
                                   pleats_bounds_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_bounds_options none = {0};
    pleats_watch watch = {0};
    pleats_spec *spec = NULL;
    *out = (pleats_bounds_result){0};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_spec_of_net(ctx, net, &spec));
    TRY(find_on(ctx, spec, net, box, &none, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_spec_clear(ctx, spec);
    return status;
}

void pleats_bounds_result_clear(pleats_ctx *ctx, pleats_bounds_result *result)
{
    for (size_t i = 0; result->bound && i < result->n; i++)
        pleats_release(ctx, result->bound[i].value);
    pleats_release(ctx, result->growth_upper);
    pleats_release(ctx, result->growth_lower);
    pleats_release(ctx, result->bound);
    pleats_release(ctx, result->best_upper);
    pleats_release(ctx, result->best_lower);
    *result = (pleats_bounds_result){0};
}
