/* Random architectures of every kind with random weights, many of them
 * degenerate: the exact count exceeds no upper bound, on all of space and on a
 * box; no lower bound exceeds an upper one; bounds keep their known order. */
#include "bound_of.h"

#include "rng.h"
#include "spec/of_spec.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    CASES = 1000,
    ORDER_CASES = 600,
    LAYER_CASES = 150,
    FIRST_SEED = 1,
    TEXT_BYTES = 512
};
enum { MOST_INPUTS = 6, MOST_UNITS = 16, MOST_CELLS = 1200 };

static void put(char *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void put(char *text, const char *format, ...)
{
    size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, TEXT_BYTES - used, format, arguments);
    va_end(arguments);
}

static const char *random_activation(rng *r)
{
    static const char *const words[] = {"relu",      "relu", "relu",
                                        "leakyrelu", "abs",  "hardtanh",
                                        "relu6",     "pl=3", "pl=4"};
    return words[rng_int(r, 0, (int)(sizeof words / sizeof *words) - 1)];
}

static void random_mlp(rng *r, char *text)
{
    int n = rng_int(r, 1, 3);
    put(text, "mlp:%d", rng_int(r, 1, 4));
    for (int i = 0; i < n; i++)
        put(text, ",%d", rng_int(r, 1, 6));
    put(text, ",1");
    if (rng_one_in(r, 4))
        put(text, ":maxout=%d", rng_int(r, 2, 3));
    else if (rng_one_in(r, 2))
        put(text, ":%s", random_activation(r));
}

/* A branch that keeps the shape. */
static void random_branch(rng *r, int channels, char *text)
{
    put(text, "/res{conv=%d@%s/%s", rng_int(r, 1, 2),
        rng_one_in(r, 2) ? "1" : "3,p=1", random_activation(r));
    put(text, "/conv=%d@1", channels);
    if (rng_one_in(r, 2))
        put(text, "/%s", random_activation(r));
    put(text, "}");
}

static void random_block(rng *r, bool is_flat, int *channels, char *text)
{
    switch (rng_int(r, 0, 9)) {
    case 0:
        put(text, "/maxpool=%d,s=%d", rng_int(r, 2, 3), rng_int(r, 1, 2));
        if (rng_one_in(r, 3))
            put(text, ",p=1");
        return;
    case 1:
        put(text, "/avgpool=2,s=%d", rng_int(r, 1, 2));
        return;
    case 2:
    case 3:
        random_branch(r, *channels, text);
        return;
    case 4:
        put(text, "/bn");
        return;
    default:
        *channels = rng_int(r, 1, 3);
        put(text, "/conv=%d@%d", *channels, rng_int(r, 1, is_flat ? 3 : 2));
        if (rng_one_in(r, 3))
            put(text, ",p=1");
        if (rng_one_in(r, 3))
            put(text, ",s=2");
        if (rng_one_in(r, 6))
            put(text, ",nobias");
        if (rng_one_in(r, 4) && *channels == 2)
            put(text, ",g=2");
        if (rng_one_in(r, 5))
            put(text, "/bn");
        if (rng_one_in(r, 8) && *channels == 2) {
            put(text, "/maxout=2");
            *channels = 1;
        } else if (!rng_one_in(r, 8)) {
            put(text, "/%s", random_activation(r));
        }
    }
}

static void random_cnn(rng *r, char *text)
{
    int channels = rng_int(r, 1, 2), n = rng_int(r, 1, 3);
    bool is_flat = !rng_one_in(r, 3);
    put(text, "cnn:in=%d", channels);
    put(text, is_flat ? "x%d" : "x2x%d", rng_int(r, 2, is_flat ? 5 : 3));
    for (int i = 0; i < n; i++)
        random_block(r, is_flat, &channels, text);
    if (rng_one_in(r, 3))
        put(text, rng_one_in(r, 4) ? "/gap" : "/flatten");
    if (rng_one_in(r, 3))
        put(text, "/fc=%d/fc=%d/relu", rng_int(r, 1, 2), rng_int(r, 1, 4));
    else if (rng_one_in(r, 2))
        put(text, "/fc=%d/%s", rng_int(r, 1, 4), random_activation(r));
}

/* Draws until the text is a spec that is small enough. */
static pleats_spec *random_spec(pleats_ctx *ctx, rng *r, int64_t most_inputs,
                                int64_t most_units)
{
    for (;;) {
        char text[TEXT_BYTES] = "";
        pleats_spec *spec = NULL;
        if (rng_one_in(r, 3))
            random_mlp(r, text);
        else
            random_cnn(r, text);
        if (pleats_spec_parse(ctx, text, &spec) != PLEATS_OK)
            continue;
        if (pleats_spec_n_inputs(spec) <= most_inputs &&
            pleats_spec_n_units(spec) <= most_units)
            return spec;
        pleats_spec_free(ctx, spec);
    }
}

static pleats_status fill(pleats_ctx *ctx, void *state, const pleats_spec *spec,
                          pleats_idx index, pleats_parameters *p)
{
    rng *r = state;
    (void)ctx;
    bool is_norm = spec->layer[index].kind == PLEATS_LAYER_BN;
    bool is_low = rng_one_in(r, 6);
    for (size_t i = 0; i < p->n_weights; i++)
        p->weight[i] = is_norm             ? 1.5 + rng_real(r, 4)
                       : rng_one_in(r, 12) ? 0
                                           : rng_real(r, 10);
    /* Half of the rows twice: a matrix of low rank. */
    for (size_t i = p->n_weights / 2; !is_norm && is_low && i < p->n_weights;
         i++)
        p->weight[i] = p->weight[i - p->n_weights / 2];
    for (size_t i = 0; i < p->n_biases; i++)
        p->bias[i] = rng_one_in(r, 8) ? 0 : rng_real(r, 10);
    return PLEATS_OK;
}

/* Every upper bound that applies is at least `count`. */
static void check_above(const pleats_bounds_result *r, const char *count,
                        const pleats_spec *spec, const char *where,
                        uint64_t seed)
{
    for (size_t i = 0; i < r->n; i++) {
        const pleats_bound *b = &r->bound[i];
        if (b->applies && b->side == PLEATS_UPPER &&
            compare_decimals(b->value, count) < 0)
            fail_msg("seed %llu: %s has %s regions %s, %s says %s",
                     (unsigned long long)seed, pleats_spec_text(spec), count,
                     where, b->name, b->value);
    }
}

/* The count, or as much of it as MOST_CELLS allows. */
static void count_on(pleats_ctx *ctx, const pleats_net *net,
                     const pleats_domain *domain, pleats_count_result *out)
{
    const pleats_limits limits = {.cells = MOST_CELLS};
    need_ok(ctx, pleats_count(ctx, net, domain, NULL, &limits, out));
}

static void check_space(pleats_ctx *ctx, const pleats_net *net,
                        const pleats_spec *spec, uint64_t seed)
{
    pleats_bounds_result of_text = {0}, of_net = {0};
    pleats_count_result count = {0};
    pleats_domain *all = NULL;
    pleats_spec *read = NULL;
    need_ok(ctx, pleats_domain_all(ctx, pleats_net_n_inputs(net), &all));
    need_ok(ctx, pleats_spec_of_net(ctx, net, &read));
    need_ok(ctx, pleats_bounds_of(ctx, spec, NULL, NULL, &of_text));
    need_ok(ctx, pleats_bounds_of(ctx, read, NULL, NULL, &of_net));
    count_on(ctx, net, all, &count);
    check_above(&of_text, count.regions, spec, "on R^n", seed);
    check_above(&of_net, count.regions, read, "on R^n", seed);
    pleats_bounds_result_clear(ctx, &of_text);
    pleats_bounds_result_clear(ctx, &of_net);
    pleats_count_result_clear(ctx, &count);
    pleats_spec_free(ctx, read);
    pleats_domain_free(ctx, all);
}

static void check_box(pleats_ctx *ctx, const pleats_net *net,
                      const pleats_spec *spec, const char *side, uint64_t seed)
{
    pleats_bounds_result bounds = {0};
    pleats_count_result count = {0};
    pleats_domain *box = NULL;
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1/3", side,
                                    &box));
    need_ok(ctx, pleats_bounds_on_box(ctx, net, box, NULL, &bounds));
    assert_null(bounds.best_lower);
    count_on(ctx, net, box, &count);
    check_above(&bounds, count.regions, spec, "on the box", seed);
    pleats_bounds_result_clear(ctx, &bounds);
    pleats_count_result_clear(ctx, &count);
    pleats_domain_free(ctx, box);
}

static void counts_are_below(void **state)
{
    pleats_ctx *ctx = *state;
    uint64_t first = number_from_environment("PLEATS_TEST_SEED", FIRST_SEED);
    for (uint64_t seed = first; seed < first + n_cases(CASES); seed++) {
        rng r = {seed};
        pleats_net *net = NULL;
        pleats_spec *spec = random_spec(ctx, &r, MOST_INPUTS, MOST_UNITS);
        need_ok(ctx, pleats_net_of_spec(ctx, spec, fill, &r, &net));
        check_space(ctx, net, spec, seed);
        check_box(ctx, net, spec, rng_one_in(&r, 8) ? "-1/3" : "1/4", seed);
        pleats_net_free(ctx, net);
        pleats_spec_free(ctx, spec);
    }
}

/* One convolution of the input: 1-D or 2-D, stride, padding, dilation, groups.
 */
static void random_layer(rng *r, char *text)
{
    bool is_flat = rng_one_in(r, 2);
    int groups = rng_one_in(r, 5) ? 2 : 1;
    put(text, "cnn:in=%d", groups * rng_int(r, 1, 2));
    put(text, is_flat ? "x%d" : "x%dx3", rng_int(r, 2, is_flat ? 6 : 3));
    put(text, "/conv=%d@", groups * rng_int(r, 1, 3));
    put(text, is_flat ? "%d" : "%dx2", rng_int(r, 1, is_flat ? 3 : 2));
    put(text, ",s=%d,p=%d,d=%d,g=%d/%s", rng_int(r, 1, 2), rng_int(r, 0, 1),
        rng_int(r, 1, 2), groups, random_activation(r));
}

static pleats_status fill_generic(pleats_ctx *ctx, void *state,
                                  const pleats_spec *spec, pleats_idx index,
                                  pleats_parameters *p)
{
    (void)ctx;
    (void)spec;
    (void)index;
    for (size_t i = 0; i < p->n_weights; i++)
        p->weight[i] = rng_real(state, 30);
    for (size_t i = 0; i < p->n_biases; i++)
        p->bias[i] = rng_real(state, 30);
    return PLEATS_OK;
}

/* Generic weights reach what is claimed of one layer from below. */
static void first_layers_are_reached(void **state)
{
    pleats_ctx *ctx = *state;
    uint64_t n_tight = 0, n_all = n_cases(LAYER_CASES);
    for (uint64_t seed = 1; seed <= n_all; seed++) {
        rng r = {seed};
        pleats_spec *spec = NULL;
        pleats_net *net = NULL;
        pleats_domain *all = NULL;
        pleats_bounds_result bounds = {0};
        pleats_count_result count = {0};
        do {
            char text[TEXT_BYTES] = "";
            pleats_spec_free(ctx, spec);
            spec = NULL;
            random_layer(&r, text);
            if (pleats_spec_parse(ctx, text, &spec) != PLEATS_OK)
                spec = NULL;
        } while (!spec || pleats_spec_n_inputs(spec) > MOST_INPUTS + 3 ||
                 pleats_spec_n_units(spec) > 9);
        need_ok(ctx, pleats_net_of_spec(ctx, spec, fill_generic, &r, &net));
        need_ok(ctx, pleats_domain_all(ctx, pleats_net_n_inputs(net), &all));
        need_ok(ctx, pleats_bounds_of(ctx, spec, NULL, NULL, &bounds));
        count_on(ctx, net, all, &count);
        const char *claim = bound_of(&bounds, "first-layer")->value;
        if (!count.stopped && compare_decimals(count.regions, claim) < 0)
            fail_msg("seed %llu: %s has %s regions, not %s",
                     (unsigned long long)seed, pleats_spec_text(spec),
                     count.regions, claim);
        check_above(&bounds, count.regions, spec, "on R^n", seed);
        n_tight += strcmp(count.regions, claim) == 0;
        pleats_count_result_clear(ctx, &count);
        pleats_bounds_result_clear(ctx, &bounds);
        pleats_domain_free(ctx, all);
        pleats_net_free(ctx, net);
        pleats_spec_free(ctx, spec);
    }
    assert_true(n_tight > n_all / 2);
}

/* a <= b where both apply. */
static void check_order(const pleats_bounds_result *r, const char *a,
                        const char *b, const char *text)
{
    const pleats_bound *x = bound_of(r, a), *y = bound_of(r, b);
    if (x->applies && y->applies && compare_decimals(x->value, y->value) > 0)
        fail_msg("%s: %s is %s, above %s, %s", text, a, x->value, b, y->value);
}

/* The order of the bounds, docs/theory.md 4. */
static void bounds_keep_their_order(void **state)
{
    static const char *const order[][2] = {
        {"hinz-2021", "hinz-2019-line"},
        {"hinz-2019-line", "hinz-2019-serra"},
        {"hinz-2019-serra", "serra-2018"},
        {"serra-2018", "hinz-2019-serra"},
        {"serra-2018-ranks", "serra-2018"},
        {"serra-2018", "montufar-2017"},
        {"montufar-2017", "zaslavsky"},
        {"goujon-2022", "montufar-2017"},
        {"zaslavsky", "patterns"},
        {"active-sets", "conv-aware"},
        {"active-sets", "serra-2018"},
        {"flat-pieces", "goujon-2022"},
        {"conv-aware", "flat-pieces"},
        {"conv-aware", "serra-2018"},
        {"conv-aware", "xiong-2020-upper"},
        {"conv-aware", "goujon-2022"},
        {"montufar-ren-zhang-2022", "serra-2018-maxout"},
        {"pascanu-2013", "montufar-2014"},
        {"montufar-2014", "serra-2018-lower"},
        {"xiong-2020-lower", "xiong-2020-fold"},
        {"arora-2018", "serra-2018-zonotope"},
        {"serra-2018-lower", "line-exact"},
    };
    pleats_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= n_cases(ORDER_CASES); seed++) {
        rng r = {seed};
        pleats_bounds_result bounds = {0};
        pleats_spec *spec = random_spec(ctx, &r, 40, 200);
        const char *text = pleats_spec_text(spec);
        need_ok(ctx, pleats_bounds_of(ctx, spec, NULL, NULL, &bounds));
        for (size_t i = 0; i < sizeof order / sizeof *order; i++)
            check_order(&bounds, order[i][0], order[i][1], text);
        if (bounds.best_lower &&
            compare_decimals(bounds.best_lower, bounds.best_upper) > 0)
            fail_msg("%s: lower %s, upper %s", text, bounds.best_lower,
                     bounds.best_upper);
        pleats_bounds_result_clear(ctx, &bounds);
        pleats_spec_free(ctx, spec);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(counts_are_below, ctx),
        cmocka_unit_test_prestate(first_layers_are_reached, ctx),
        cmocka_unit_test_prestate(bounds_keep_their_order, ctx),
    };
    return RUN(tests, ctx);
}
