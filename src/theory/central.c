/* Hyperplanes h_1, h_2, .. through 0 are added one by one: h_i cuts as many
 * regions in two as the restrictions of h_1 .. h_(i-1) to it leave on it, equal
 * restrictions counting once.  As long as normals are independent, the regions
 * double; on a line there are 2, in a plane two for each hyperplane. */
#include "theory/central.h"

#include "theory/family.h"

#include <string.h>

enum { MOST_ENTRIES = 1 << 24 };

typedef struct {
    pleats_ctx *ctx;
    pleats_effort *effort;
    size_t n_columns;
    uint64_t *row; /* [n_columns] scratch */
} counter;

/* Scales the row so that its first entry that is not 0 becomes 1.  False when
 * there is none. */
static bool make_monic(uint64_t *row, size_t n)
{
    size_t first = 0;
    while (first < n && row[first] == 0)
        first++;
    if (first == n)
        return false;
    uint64_t inverse = pleats_mod_inverse(row[first]);
    for (size_t i = first; i < n; i++)
        row[i] = pleats_mod_multiply(row[i], inverse);
    return true;
}

static bool may_go_on(counter *c)
{
    return pleats_effort_spend(c->ctx, c->effort, 2 * c->n_columns);
}

/* The first i of the rows, restricted to row i. */
static pleats_status restrict_to(counter *c, const pleats_family *rows,
                                 size_t i, pleats_family *out)
{
    pleats_status status = PLEATS_OK;
    const uint64_t *by = pleats_family_set(rows, i);
    const size_t n = c->n_columns;
    size_t pivot = 0;
    while (by[pivot] == 0)
        pivot++;
    *out = (pleats_family){.n_words = n};
    for (size_t j = 0; j < i && may_go_on(c); j++) {
        memcpy(c->row, pleats_family_set(rows, j), n * sizeof *c->row);
        if (c->row[pivot])
            pleats_mod_reduce(c->row, by, c->row[pivot], (pleats_idx)n);
        if (make_monic(c->row, n))
            TRY(pleats_family_add(c->ctx, out, c->row, SIZE_MAX));
    }
done:
    return status;
}

/* How many rows at the front are independent. */
static pleats_status independent_rows(counter *c, const pleats_family *rows,
                                      size_t *n)
{
    pleats_status status = PLEATS_OK;
    pleats_echelon echelon = {0};
    *n = 0;
    TRY(pleats_echelon_init(c->ctx, &echelon, (pleats_idx)c->n_columns));
    for (; *n < rows->n; ++*n) {
        size_t products = (*n + 1) * c->n_columns;
        if (!pleats_effort_spend(c->ctx, c->effort, products))
            break;
        memcpy(c->row, pleats_family_set(rows, *n),
               c->n_columns * sizeof *c->row);
        if (!pleats_echelon_push(&echelon, c->row))
            break;
    }
done:
    pleats_echelon_clear(c->ctx, &echelon);
    return status;
}

/* regions += those of the rows, different ones, in a space of dimension at
 * most `dimension` modulo what all are 0 on. */
static pleats_status add_regions(counter *c, const pleats_family *rows,
                                 size_t dimension, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_family less = {0};
    size_t n = 0;
    mpz_t power;
    mpz_init_set_ui(power, 1);
    if (rows->n > 0 && dimension <= 2) {
        mpz_add_ui(regions, regions, 2 * (unsigned long)rows->n);
        goto done;
    }
    TRY(independent_rows(c, rows, &n));
    mpz_mul_2exp(power, power, n);
    mpz_add(regions, regions, power);
    for (size_t i = n; i < rows->n && c->effort->complete; i++) {
        TRY(restrict_to(c, rows, i, &less));
        if (c->effort->complete)
            TRY(add_regions(c, &less, dimension - 1, regions));
        pleats_family_clear(c->ctx, &less);
    }
done:
    mpz_clear(power);
    pleats_family_clear(c->ctx, &less);
    return status;
}

/* One window: d generic hyperplanes through 0 in n dimensions make
 * 2 sum_{j < n} C(d - 1, j) regions.  [Zas75] */
static void one_window_regions(int64_t d, int64_t n, mpz_t regions)
{
    mpz_t term;
    mpz_init_set_ui(term, 1);
    mpz_set_ui(regions, 0);
    for (int64_t j = 0; j < n && j < d; j++) {
        mpz_add(regions, regions, term);
        mpz_mul_ui(term, term, (unsigned long)(d - 1 - j));
        mpz_divexact_ui(term, term, (unsigned long)(j + 1));
    }
    mpz_mul_2exp(regions, regions, 1);
    mpz_clear(term);
}

/* Several windows, their filters drawn. */
static pleats_status component_regions(pleats_ctx *ctx,
                                       const pleats_normals *normals,
                                       pleats_effort *effort, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    const double rows_needed =
        (double)normals->n_filters * (double)normals->n_windows;
    if (rows_needed * normals->n_columns > MOST_ENTRIES)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "%.0f hyperplanes in %d dimensions", rows_needed,
                           normals->n_columns);
    pleats_family rows = {.n_words = (size_t)normals->n_columns};
    counter c = {ctx, effort, rows.n_words, NULL};
    uint64_t *row = NULL;
    mpz_set_ui(regions, 0);
    TRY(pleats_alloc(ctx, rows.n_words, sizeof *c.row, &c.row));
    TRY(pleats_alloc(ctx, rows.n_words, sizeof *row, &row));
    for (int64_t k = 0; k < normals->n_filters; k++)
        for (pleats_idx w = 0; w < normals->n_windows && may_go_on(&c); w++) {
            pleats_normals_row(normals, k, w, row);
            if (make_monic(row, rows.n_words))
                TRY(pleats_family_add(ctx, &rows, row, SIZE_MAX));
        }
    TRY(add_regions(&c, &rows, rows.n_words, regions));
done:
    pleats_family_clear(ctx, &rows);
    pleats_release(ctx, c.row);
    pleats_release(ctx, row);
    return status;
}

/* One component with `filters` filters. */
static pleats_status add_component(pleats_ctx *ctx, const pleats_taps *taps,
                                   const pleats_component *component,
                                   int64_t channels, int64_t filters,
                                   pleats_rng *rng, pleats_effort *effort,
                                   mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_normals normals = {0};
    if (component->n_windows == 1) {
        one_window_regions(filters, component->capacity[0], regions);
        return PLEATS_OK;
    }
    TRY(pleats_normals_init(ctx, &normals, taps, component, channels, filters));
    pleats_normals_draw(&normals, rng);
    TRY(component_regions(ctx, &normals, effort, regions));
done:
    pleats_normals_clear(ctx, &normals);
    return status;
}

pleats_status pleats_central_regions(pleats_ctx *ctx,
                                     const pleats_conv_layer *layer,
                                     pleats_effort *effort, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_taps taps = {0};
    pleats_windows windows = {0};
    pleats_rng rng;
    mpz_t one;
    const int64_t groups = layer->conv.groups;
    mpz_init(one);
    mpz_set_ui(regions, 1);
    effort->complete = true;
    pleats_rng_init(&rng, effort->seed);
    TRY(pleats_taps_init(ctx, &taps, layer, true));
    TRY(pleats_windows_init(ctx, &windows, layer));
    for (pleats_idx i = 0; i < windows.n; i++) {
        const pleats_component *c = &windows.component[i];
        TRY(add_component(ctx, &taps, c, layer->in.channels / groups,
                          layer->conv.filters / groups, &rng, effort, one));
        mpz_pow_ui(one, one, (unsigned long)(c->multiplicity * groups));
        mpz_mul(regions, regions, one);
    }
done:
    mpz_clear(one);
    pleats_taps_clear(ctx, &taps);
    pleats_windows_clear(ctx, &windows);
    return status;
}
