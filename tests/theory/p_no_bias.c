/* Layers without biases against a brute-force count of their hyperplanes, and
 * the ways to count them against one another. */
#include <stdio.h> /* before GMP, which then has its output */

#include "layers.h"
#include "rng.h"
#include "unit.h"

#include "theory/layer/central_ways.h"
#include "theory/layer/independence.h"

#include <gmp.h>
#include <stdlib.h>

/* ---- brute force: rational hyperplanes a x = b, deletion and restriction ----
 */

typedef struct {
    int n, columns; /* rows of columns entries, the last one b */
    mpq_t *at;
} arrangement;

static mpq_t *entry(const arrangement *a, int row, int column)
{
    return &a->at[row * a->columns + column];
}

static arrangement new_arrangement(int most, int columns)
{
    arrangement a = {0, columns,
                     need_memory((size_t)(most * columns) + 1, sizeof(mpq_t))};
    for (int i = 0; i < most * columns; i++)
        mpq_init(a.at[i]);
    return a;
}

static void free_arrangement(arrangement *a, int most)
{
    for (int i = 0; i < most * a->columns; i++)
        mpq_clear(a->at[i]);
    free(a->at);
}

static int first_entry(const arrangement *a, int row)
{
    int i = 0;
    while (i < a->columns && mpq_sgn(*entry(a, row, i)) == 0)
        i++;
    return i;
}

/* Keeps the row behind the last one when it is a hyperplane, and a new one. */
static void keep_row(arrangement *a)
{
    const int row = a->n, first = first_entry(a, row);
    mpq_t scale;
    if (first >= a->columns - 1)
        return;
    mpq_init(scale);
    mpq_set(scale, *entry(a, row, first));
    for (int i = first; i < a->columns; i++)
        mpq_div(*entry(a, row, i), *entry(a, row, i), scale);
    mpq_clear(scale);
    for (int other = 0; other < row; other++) {
        bool is_same = true;
        for (int i = 0; i < a->columns && is_same; i++)
            is_same = mpq_equal(*entry(a, other, i), *entry(a, row, i));
        if (is_same)
            return;
    }
    a->n++;
}

/* regions(first n) = regions(first n - 1) + regions(those on the n-th). */
static unsigned long brute_force(const arrangement *a)
{
    unsigned long regions = 1;
    mpq_t term;
    mpq_init(term);
    for (int last = 0; last < a->n; last++) {
        arrangement on = new_arrangement(last, a->columns);
        const int pivot = first_entry(a, last);
        for (int row = 0; row < last; row++) {
            for (int i = 0; i < a->columns; i++) {
                mpq_mul(term, *entry(a, row, pivot), *entry(a, last, i));
                mpq_sub(*entry(&on, on.n, i), *entry(a, row, i), term);
            }
            keep_row(&on);
        }
        regions += brute_force(&on);
        free_arrangement(&on, last);
    }
    mpq_clear(term);
    return regions;
}

/* The layer's hyperplanes at 0 and at 1, .., others, for random filters. */
static unsigned long count_by_force(pleats_ctx *ctx,
                                    const pleats_conv_layer *layer,
                                    int32_t others, rng *r)
{
    pleats_taps taps = {0};
    need_ok(ctx, pleats_taps_init(ctx, &taps, layer, false));
    const int channels = (int)layer->in.channels;
    const int cells = taps.n_cells * channels;
    const int64_t weights = layer->conv.filters * taps.n_taps * channels;
    const int most =
        (int)layer->conv.filters * taps.n_positions * (int)(1 + others);
    long *weight = need_memory((size_t)weights, sizeof *weight);
    arrangement a = new_arrangement(most + 1, cells + 1);
    for (int64_t i = 0; i < weights; i++)
        weight[i] = rng_int(r, -1000000, 1000000);
    for (int k = 0; k < (int)layer->conv.filters; k++)
        for (int p = 0; p < taps.n_positions; p++)
            for (int level = 0; level <= others; level++) {
                for (int i = 0; i <= cells; i++)
                    mpq_set_si(*entry(&a, a.n, i), i == cells ? level : 0, 1);
                for (int tap = 0; tap < taps.n_taps; tap++)
                    for (int c = 0; c < channels; c++) {
                        int cell = taps.cell[p * taps.n_taps + tap];
                        if (cell >= 0)
                            mpq_set_si(
                                *entry(&a, a.n, cell * channels + c),
                                weight[(k * taps.n_taps + tap) * channels + c],
                                1);
                    }
                keep_row(&a);
            }
    const unsigned long regions = brute_force(&a);
    free_arrangement(&a, most + 1);
    free(weight);
    pleats_taps_clear(ctx, &taps);
    return regions;
}

/* ---- the tests ---- */

static layer_row random_row(rng *r, bool is_line)
{
    static const char *const input[] = {"3",   "4",   "5",   "1x4", "6",
                                        "2x2", "3x3", "2x3", "3x2", "2x2x2"};
    static const char *const kernel[] = {"2",   "2",   "3",   "1x3", "2",
                                         "2x2", "2x2", "2x2", "2x2", "2x2x2"};
    const int32_t i = rng_int(r, 0, is_line ? 4 : 9);
    return (layer_row){.input = input[i],
                       .kernel = kernel[i],
                       .stride = rng_one_in(r, 4) ? 2 : 1,
                       .pad = rng_one_in(r, 2),
                       .dilation = 1,
                       .channels = rng_one_in(r, 4) ? 2 : 1,
                       .filters = rng_int(r, 1, 4),
                       .pieces = rng_int(r, 2, 4)};
}

static void show(const layer_row *row, const char *what, const mpz_t got)
{
    gmp_fprintf(stderr,
                "input %s kernel %s stride %d pad %d channels %d filters %d "
                "pieces %d: %Zd %s\n",
                row->input, row->kernel, (int)row->stride, (int)row->pad,
                (int)row->channels, (int)row->filters, (int)row->pieces, got,
                what);
}

/* Compares when there are not too many regions: whether there are not. */
static bool try_row(pleats_ctx *ctx, const layer_row *row, bool *is_modular,
                    rng *r)
{
    enum { MOST_REGIONS = 10000 };
    const pleats_conv_layer layer = layer_of_row(row);
    pleats_effort effort = {.seed = rng_next(r), .budget = 300000};
    bool is_small = false;
    mpz_t want;
    mpz_init(want);
    need_ok(ctx,
            pleats_central_regions(ctx, &layer, &effort, want, is_modular));
    is_small = effort.complete && mpz_cmp_ui(want, MOST_REGIONS) <= 0;
    if (is_small &&
        mpz_cmp_ui(want, count_by_force(ctx, &layer, (int32_t)row->pieces - 2,
                                        r)) != 0) {
        show(row, "is not what brute force counts", want);
        fail();
    }
    mpz_clear(want);
    return is_small;
}

/* One breakpoint at 0 and one or two others where filters that are shared make
 * normals dependent, or windows reach into the padding. */
static void shared_filters(void **state)
{
    static const layer_row rows[] = {
        {"3x3", "2x2", 1, 0, 1, 1, 2, 3, 0, 0},
        {"2x2", "2x2", 1, 1, 1, 1, 1, 3, 0, 0},
        {"2x2", "2x2", 1, 1, 1, 1, 1, 4, 0, 0},
        {"2x3", "2x2", 1, 1, 1, 1, 1, 3, 0, 0},
        {"2x3", "2x2", 1, 0, 1, 1, 3, 3, 0, 0},
        {"2x2", "2x2", 1, 1, 1, 1, 2, 2, 0, 0},
        {"3x3", "2x2", 1, 0, 1, 1, 3, 2, 0, 0},
    };
    rng r = {number_from_environment("PLEATS_TEST_SEED", 1)};
    int small = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool is_modular = false;
        small += try_row(*state, &rows[i], &is_modular, &r);
        assert_true(is_modular || strcmp(rows[i].input, "2x3") == 0);
    }
    assert_true(small >= 6);
}

/* One breakpoint at 0 and up to two others, in every geometry. */
static void against_brute_force(void **state)
{
    pleats_ctx *ctx = *state;
    rng r = {number_from_environment("PLEATS_TEST_SEED", 1)};
    int mixed = 0;
    for (uint64_t i = 0; i < n_cases(150); i++) {
        const layer_row row = random_row(&r, false);
        bool is_modular = false;
        mixed += try_row(ctx, &row, &is_modular, &r) && row.pieces > 2;
    }
    assert_true(mixed >= 20);
}

/* A component of a line in both ways. */
static void try_component(pleats_ctx *ctx, const layer_row *row,
                          const pleats_taps *taps,
                          const pleats_component *component, rng *r)
{
    const long others = (long)row->pieces - 2;
    pleats_effort effort = {.seed = rng_next(r), .complete = true};
    pleats_normals normals = {0};
    pleats_rng random;
    mpz_t line, other;
    mpz_inits(line, other, NULL);
    pleats_rng_init(&random, effort.seed);
    need_ok(ctx, pleats_normals_init(ctx, &normals, taps, component,
                                     row->channels, row->filters));
    pleats_normals_draw(&normals, &random);
    need_ok(ctx, pleats_line_regions(ctx, component, row->filters, others,
                                     &effort, line));
    if (others == 0)
        need_ok(ctx, pleats_restriction_regions(ctx, &normals, 0, &random,
                                                &effort, other));
    else
        need_ok(ctx,
                pleats_pairs_regions(ctx, &normals, others, &effort, other));
    assert_true(effort.complete);
    if (mpz_cmp(line, other) != 0) {
        show(row, "by the windows of a line", line);
        show(row, "with ranks", other);
        fail();
    }
    /* a budget that ends early leaves lower bounds */
    effort.budget = effort.spent = 1;
    need_ok(ctx, pleats_line_regions(ctx, component, row->filters, others,
                                     &effort, other));
    assert_false(effort.complete);
    assert_true(mpz_sgn(other) > 0 && mpz_cmp(other, line) <= 0);
    pleats_normals_clear(ctx, &normals);
    mpz_clears(line, other, NULL);
}

static void lines(void **state)
{
    pleats_ctx *ctx = *state;
    rng r = {number_from_environment("PLEATS_TEST_SEED", 1)};
    for (uint64_t i = 0; i < n_cases(100); i++) {
        const layer_row row = random_row(&r, true);
        const pleats_conv_layer layer = layer_of_row(&row);
        pleats_taps taps = {0};
        pleats_windows windows = {0};
        need_ok(ctx, pleats_taps_init(ctx, &taps, &layer, true));
        need_ok(ctx, pleats_windows_init(ctx, &windows, &layer));
        for (pleats_idx c = 0; c < windows.n; c++) {
            assert_true(pleats_component_is_line(&windows.component[c]));
            if (pleats_shape_count(&layer.in) * row.pieces <= 15)
                try_component(ctx, &row, &taps, &windows.component[c], &r);
        }
        pleats_taps_clear(ctx, &taps);
        pleats_windows_clear(ctx, &windows);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(against_brute_force, ctx),
        cmocka_unit_test_prestate(shared_filters, ctx),
        cmocka_unit_test_prestate(lines, ctx),
    };
    return RUN(tests, ctx);
}
