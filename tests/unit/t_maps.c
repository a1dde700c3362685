/* Intervals that tell the maps of regions apart: they hold what they claim, and
 * regions whose intervals hang together are candidates for one map. */
#include "unit.h"

#include "count/maps.h"
#include "domains.h"
#include "exact/integers.h"
#include "mlp.h"
#include "rng.h"

#include "pleats/count.h"

enum { K = 3, OUTPUTS = 2, TRIALS = 3000 };

/* A network whose outputs are its inputs, with forms that tests write. */
typedef struct {
    pleats_net *net;
    pleats_coordinates coordinates;
    pleats_forms forms;
} bare;

static void bare_init(pleats_ctx *ctx, bare *b)
{
    const pleats_idx outputs[OUTPUTS] = {0, 1};
    *b = (bare){0};
    need_ok(ctx, pleats_net_new(ctx, OUTPUTS, &b->net));
    need_ok(ctx, pleats_net_set_outputs(ctx, b->net, OUTPUTS, outputs));
    b->coordinates = (pleats_coordinates){.n_inputs = OUTPUTS, .k = K};
    need_ok(ctx,
            pleats_integers_new(ctx, OUTPUTS * (K + 1), &b->coordinates.num));
    mpz_init_set_ui(b->coordinates.den, 1);
    need_ok(ctx, pleats_forms_init(ctx, &b->forms, b->net, &b->coordinates));
}

static void bare_clear(pleats_ctx *ctx, bare *b)
{
    pleats_forms_clear(ctx, &b->forms);
    pleats_integers_free(ctx, b->coordinates.num, OUTPUTS * (K + 1));
    mpz_clear(b->coordinates.den);
    pleats_net_clear(ctx, b->net);
}

static void set_form(bare *b, pleats_idx output, const double *entry,
                     double error)
{
    double magnitude = 0;
    for (size_t c = 0; c <= K; c++) {
        b->forms.entry[(size_t)output * b->forms.stride + c] = entry[c];
        magnitude += fabs(entry[c]);
    }
    pleats_forms_set_bounds(&b->forms, output, error, magnitude);
}

/* The combination of the stored forms at the point, plus the sum of shares
 * times `more`, exactly. */
static void combine(const bare *b, double more, mpq_t out)
{
    mpq_t sum, part, number;
    mpq_inits(sum, part, number, NULL);
    mpq_set_ui(out, 0, 1);
    for (pleats_idx o = 0; o < OUTPUTS; o++) {
        const double *entry = pleats_forms_entry(&b->forms, o);
        mpq_set_d(sum, entry[K]);
        mpq_set_d(part, more);
        mpq_add(sum, sum, part);
        for (pleats_idx c = 0; c < K; c++) {
            mpq_set_d(part, entry[c]);
            mpq_set_d(number, pleats_map_number(c));
            mpq_mul(part, part, number);
            mpq_add(sum, sum, part);
        }
        mpq_set_d(number, pleats_map_number(K + o));
        mpq_mul(sum, sum, number);
        mpq_add(out, out, sum);
    }
    mpq_clears(sum, part, number, NULL);
}

static void check_holds(const bare *b, double more)
{
    mpq_t value, end;
    const pleats_map_interval got = pleats_map_interval_of(&b->forms);
    mpq_inits(value, end, NULL);
    combine(b, more, value);
    mpq_set_d(end, got.lo);
    assert_true(mpq_cmp(end, value) <= 0);
    mpq_set_d(end, got.hi);
    assert_true(mpq_cmp(value, end) <= 0);
    mpq_clears(value, end, NULL);
}

/* Sums that cancel: the stored forms are the true ones. */
static void holds_rounding(void **state)
{
    pleats_ctx *ctx = *state;
    rng r = {1};
    bare b;
    bare_init(ctx, &b);
    for (int i = 0; i < TRIALS; i++) {
        for (pleats_idx o = 0; o < OUTPUTS; o++) {
            double entry[K + 1], rest = 0;
            for (pleats_idx c = 0; c < K; c++) {
                entry[c] = ldexp(rng_real(&r, 53), rng_int(&r, -3, 3));
                rest += entry[c] * pleats_map_number(c);
            }
            entry[K] = rng_one_in(&r, 3) ? rng_real(&r, 53) : -rest;
            set_form(&b, o, entry, 0);
        }
        check_holds(&b, 0);
    }
    bare_clear(ctx, &b);
}

/* Forms that are off by as much as they say, to either side. */
static void holds_errors(void **state)
{
    pleats_ctx *ctx = *state;
    rng r = {2};
    bare b;
    bare_init(ctx, &b);
    for (int i = 0; i < TRIALS; i++) {
        const double error =
            ldexp(1 + rng_real(&r, 8) / 2, rng_int(&r, -60, 5));
        for (pleats_idx o = 0; o < OUTPUTS; o++) {
            double entry[K + 1];
            for (pleats_idx c = 0; c <= K; c++)
                entry[c] = rng_real(&r, 53);
            set_form(&b, o, entry, error);
        }
        check_holds(&b, error);
        check_holds(&b, -error);
    }
    bare_clear(ctx, &b);
}

static void knows_no_infinite_forms(void **state)
{
    static const double huge[K + 1] = {1.7e308, 1.7e308, 1.7e308, 1.7e308};
    static const double one[K + 1] = {1, 1, 1, 1};
    pleats_ctx *ctx = *state;
    pleats_map_interval got;
    bare b;
    bare_init(ctx, &b);
    set_form(&b, 0, huge, 0);
    set_form(&b, 1, one, 0);
    got = pleats_map_interval_of(&b.forms);
    assert_true(got.lo == -INFINITY && got.hi == INFINITY);
    set_form(&b, 0, one, INFINITY);
    got = pleats_map_interval_of(&b.forms);
    assert_true(got.lo == -INFINITY && got.hi == INFINITY);
    bare_clear(ctx, &b);
}

/* Regions with these intervals, in two lists; region i has number want[i], -1:
 * it is a candidate. */
static void check_groups(pleats_ctx *ctx, size_t n,
                         const pleats_map_interval *interval, const int *want,
                         size_t alone, size_t least)
{
    pleats_map_list list[2] = {{0}};
    const pleats_map_list *const both[] = {&list[0], &list[1]};
    pleats_map_groups got;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    for (size_t i = 0; i < n; i++)
        need_ok(ctx, pleats_map_list_add(ctx, &list[i >= n / 2], net,
                                         interval[i], NULL));
    need_ok(ctx, pleats_map_groups_find(ctx, 2, both, &got));
    assert_int_equal(got.n, n);
    assert_int_equal(got.n_alone, alone);
    assert_int_equal(got.n_least, least);
    for (size_t i = 0; i < n; i++)
        assert_true(got.number[i] ==
                    (want[i] < 0 ? SIZE_MAX : (size_t)want[i]));
    pleats_map_groups_clear(ctx, &got);
    pleats_map_list_clear(ctx, &list[0]);
    pleats_map_list_clear(ctx, &list[1]);
    pleats_net_clear(ctx, net);
}

static void groups(void **state)
{
    static const pleats_map_interval apart[] = {{3, 4}, {0, 1}, {5, 6}};
    static const pleats_map_interval touch[] = {{1, 2}, {0, 1}, {3, 4}};
    static const pleats_map_interval within[] = {
        {0, 10}, {1, 2}, {5, 6}, {11, 12}};
    const pleats_map_interval unknown[] = {PLEATS_MAP_UNKNOWN, {1, 2}, {3, 4}};
    pleats_ctx *ctx = *state;
    check_groups(ctx, 3, apart, (const int[]){1, 0, 2}, 3, 3);
    check_groups(ctx, 3, touch, (const int[]){-1, -1, 0}, 1, 2);
    check_groups(ctx, 4, within, (const int[]){-1, -1, -1, 0}, 1, 2);
    check_groups(ctx, 3, unknown, (const int[]){-1, -1, -1}, 0, 1);
    check_groups(ctx, 0, unknown, NULL, 0, 0);
}

/* ---- counts ---- */

/* x + 10, made by one unit, is the map of both boxes; another unit, of which
 * nothing comes, has different pieces there. */
static void one_map_in_two_parts(void **state)
{
    static const int32_t width[] = {1, 2, 1};
    pleats_ctx *ctx = *state;
    const pleats_count_options options = {.maps = true};
    pleats_count_result result = {0};
    pleats_domain *domain = domain_boxes(ctx, 1, "-2 -1;1 2");
    mlp m;
    mlp_init(&m, 2, width);
    mlp_row(&m, 0, 0)[0] = mlp_row(&m, 0, 1)[0] = mlp_row(&m, 1, 0)[0] = 1;
    m.bias[0][0] = 10;
    pleats_net *net = mlp_build(ctx, &m);
    need_ok(ctx, pleats_count(ctx, net, domain, &options, NULL, &result));
    assert_string_equal(result.regions, "2");
    assert_string_equal(result.maps, "1");
    pleats_count_result_clear(ctx, &result);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    mlp_clear(&m);
}

/* |z| of z = t + 2 for t <= -1 and for t >= 1/2, which in between goes below 0
 * and back: an output, and so is what the step makes that follows. */
static void an_output_before_the_last_step(void **state)
{
    static const int32_t width[] = {1, 4, 1, 1};
    static const double bias[] = {10, 1, 0.5, -0.5};
    static const double weight[] = {1, -5, 7.5, -2.5};
    pleats_ctx *ctx = *state;
    const pleats_count_options options = {.maps = true};
    pleats_count_result result = {0};
    pleats_domain *domain = domain_boxes(ctx, 1, "-3 3");
    mlp m;
    mlp_init(&m, 3, width);
    for (int32_t i = 0; i < 4; i++) {
        mlp_row(&m, 0, i)[0] = 1;
        m.bias[0][i] = bias[i];
        mlp_row(&m, 1, 0)[i] = weight[i];
    }
    m.bias[1][0] = -8;
    m.activation[1] = ACT_ABS;
    mlp_row(&m, 2, 0)[0] = 1;
    pleats_net *net = mlp_build(ctx, &m);
    const pleats_idx outputs[] = {net->output[0] - 1, net->output[0]};
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 2, outputs));
    need_ok(ctx, pleats_count(ctx, net, domain, &options, NULL, &result));
    assert_string_equal(result.regions, "7");
    assert_string_equal(result.maps, "6");
    pleats_count_result_clear(ctx, &result);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    mlp_clear(&m);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(holds_rounding, ctx),
        cmocka_unit_test_prestate(holds_errors, ctx),
        cmocka_unit_test_prestate(knows_no_infinite_forms, ctx),
        cmocka_unit_test_prestate(groups, ctx),
        cmocka_unit_test_prestate(one_map_in_two_parts, ctx),
        cmocka_unit_test_prestate(an_output_before_the_last_step, ctx)};
    return RUN(tests, ctx);
}
