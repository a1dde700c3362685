/* The rows of `pleats compare`: architectures and their best bounds. */
#include "print/compare_table.h"

#include "exit_codes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double seconds_for_one_layer = 5;

/* The order of two decimal numbers: -1, 0, 1. */
static int compare_decimals(const char *a, const char *b)
{
    const size_t n = strlen(a), m = strlen(b);
    const int sign = n == m ? strcmp(a, b) : n < m ? -1 : 1;
    return (sign > 0) - (sign < 0);
}

bool compare_is_proved(const compare_table *t, int i, int j)
{
    const char *lower = t->row[i].lower.value, *upper = t->row[j].upper.value;
    return lower && upper && compare_decimals(lower, upper) > 0;
}

bool compare_is_exact(const compare_row *r)
{
    return r->lower.value && r->upper.value &&
           compare_decimals(r->lower.value, r->upper.value) == 0;
}

/* The best bound of a side. */
static compare_side best(const compare_row *r, pleats_label side)
{
    for (size_t i = 0; i < r->bounds.n; i++) {
        const pleats_bound *b = &r->bounds.bound[i];
        if (b->applies && b->side == side)
            return (compare_side){b->value, b->name, b->source, b->log10, NAN};
    }
    return (compare_side){.log10 = NAN, .per_parameter = NAN};
}

static double log10_of(const char *decimal)
{
    enum { HEAD = 17 };
    char head[HEAD + 1];
    snprintf(head, sizeof head, "%s", decimal);
    return log10(strtod(head, NULL)) + (double)(strlen(decimal) - strlen(head));
}

/* Takes `value` when it is better: larger for sign 1, smaller for -1. */
static void improve(compare_side *side, const char *value, int sign)
{
    if (value && side->value && compare_decimals(value, side->value) == sign)
        *side = (compare_side){value, "one-layer", "docs/theory.md 3.2",
                               log10_of(value), NAN};
}

/* The generic count of a layer on the network's input is the maximum
 * [docs/theory.md 3.2, Theorem A]; a partial one bounds it. */
static pleats_status count_one_layer(pleats_ctx *ctx, compare_row *r)
{
    const pleats_one_layer_options options = {.samples = 1};
    const pleats_limits limits = {.seconds = seconds_for_one_layer};
    pleats_status status =
        pleats_count_one_layer(ctx, r->spec, &options, &limits, &r->one);
    if (status == PLEATS_INVALID)
        return PLEATS_OK;
    if (status != PLEATS_OK)
        return status;
    if (r->one.input)
        return PLEATS_OK;
    const pleats_number *generic = &r->one.generic;
    const bool exact = generic->label == PLEATS_EXACT;
    const bool lower = exact || generic->label == PLEATS_PROBABLE ||
                       generic->label == PLEATS_LOWER;
    improve(&r->lower, lower ? generic->value : r->one.generic_lower, 1);
    improve(&r->upper, exact ? generic->value : r->one.generic_upper, -1);
    return PLEATS_OK;
}

static void set_per_parameter(compare_side *side, const pleats_spec *spec)
{
    const int64_t n = pleats_spec_n_parameters(spec);
    side->per_parameter = n > 0 ? side->log10 / (double)n : NAN;
}

int compare_add(compare_table *t, pleats_spec *spec, const char *role)
{
    pleats_ctx *ctx = t->session.ctx;
    if (t->n == MOST_ROWS) {
        pleats_spec_free(ctx, spec);
        fprintf(stderr, "pleats: at most %d architectures at a time\n",
                MOST_ROWS);
        return EXIT_USAGE;
    }
    compare_row *r = &t->row[t->n++];
    *r = (compare_row){.spec = spec, .role = role};
    pleats_status status = pleats_bounds_of(ctx, spec, NULL, NULL, &r->bounds);
    r->lower = best(r, PLEATS_LOWER);
    r->upper = best(r, PLEATS_UPPER);
    if (status == PLEATS_OK && pleats_spec_n_unit_layers(spec) == 1 &&
        r->lower.value && !compare_is_exact(r))
        status = count_one_layer(ctx, r);
    if (r->bounds.stopped || status == PLEATS_LIMIT)
        t->stopped = pleats_ctx_limit(ctx);
    if (status == PLEATS_LIMIT && t->stopped)
        status = PLEATS_OK;
    if (status != PLEATS_OK)
        return session_fail_at(&t->session, status, pleats_spec_text(spec));
    set_per_parameter(&r->lower, spec);
    set_per_parameter(&r->upper, spec);
    t->seconds += r->bounds.seconds + r->one.seconds;
    return EXIT_ANSWERED;
}

void compare_clear(compare_table *t)
{
    for (int i = 0; i < t->n; i++) {
        pleats_one_layer_result_clear(t->session.ctx, &t->row[i].one);
        pleats_bounds_result_clear(t->session.ctx, &t->row[i].bounds);
        pleats_spec_free(t->session.ctx, t->row[i].spec);
    }
    session_close(&t->session);
}
