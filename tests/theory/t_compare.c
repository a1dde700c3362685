/* Architectures set beside others: their parameters are the closest that any
 * width gives, by trying all widths. */
#include "spec/spec.h"
#include "unit.h"

#include "pleats/pleats.h"

#include <stdio.h>
#include <stdlib.h>

static pleats_spec *parse(pleats_ctx *ctx, const char *text)
{
    pleats_spec *spec = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    return spec;
}

/* The pattern with w in place of every '#'. */
static pleats_spec *with_width(pleats_ctx *ctx, const char *pattern, int w)
{
    char text[512] = "";
    for (const char *c = pattern; *c; c++) {
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, *c == '#' ? "%d" : "%c",
                 *c == '#' ? w : *c);
    }
    return parse(ctx, text);
}

/* Of all widths up to 400 the one that comes closest, the smaller of two. */
static pleats_spec *closest(pleats_ctx *ctx, const char *pattern,
                            int64_t wanted)
{
    pleats_spec *best = with_width(ctx, pattern, 1);
    for (int w = 2; w <= 400; w++) {
        pleats_spec *spec = with_width(ctx, pattern, w);
        if (llabs(pleats_spec_n_parameters(spec) - wanted) <
            llabs(pleats_spec_n_parameters(best) - wanted)) {
            pleats_spec_clear(ctx, best);
            best = spec;
        } else {
            pleats_spec_clear(ctx, spec);
        }
    }
    return best;
}

static void expect_closest(pleats_ctx *ctx, pleats_spec *found,
                           const char *pattern, int64_t wanted)
{
    pleats_spec *best = closest(ctx, pattern, wanted);
    assert_string_equal(found->text, best->text);
    pleats_spec_clear(ctx, best);
    pleats_spec_clear(ctx, found);
}

static void fully_connected_matches(void **state)
{
    static const struct {
        const char *spec;
        int depth; /* asked for, 0: the same */
        const char *pattern;
    } cases[] = {
        {"cnn:in=1x5/conv=6@3/relu", 1, "cnn:in=5/fc=#/relu"},
        {"cnn:in=1x8x8/conv=4@3x3/relu/conv=4@3x3/relu/flatten/fc=10", 0,
         "mlp:64,#,#,10"},
        {"cnn:in=1x8x8/conv=4@3x3/relu/conv=4@3x3/relu/flatten/fc=10", 1,
         "mlp:64,#,10"},
        {"cnn:in=1x8x8/conv=4@3x3/abs/maxpool=2/flatten/fc=3", 0,
         "mlp:64,#,3:abs"},
        {"cnn:in=2x6/conv=40@3/relu/flatten", 0, "cnn:in=12/fc=#/relu"},
        {"mlp:3,7,5,2", 2, "mlp:3,#,#,2"},
        {"mlp:3,7,5,2:maxout=2", 1, "mlp:3,#,2:maxout=2"},
        {"cnn:in=1x4/conv=1@4/relu", 0, "cnn:in=4/fc=#/relu"},
        {"cnn:in=1x4/relu", 0, "cnn:in=4/fc=#/relu"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = parse(*state, cases[i].spec), *fc = NULL;
        need_ok(*state,
                pleats_spec_match_fc(*state, spec, cases[i].depth, &fc));
        expect_closest(*state, fc, cases[i].pattern,
                       pleats_spec_n_parameters(spec));
        pleats_spec_clear(*state, spec);
    }
}

static void other_depths(void **state)
{
    static const struct {
        const char *spec;
        int depth, budget; /* 0: that of the spec */
        const char *pattern;
    } cases[] = {
        {"mlp:4,16,1", 1, 500, "mlp:4,#,1"},
        {"mlp:4,16,8,1", 3, 500, "mlp:4,#,#,#,1"},
        {"mlp:4,16,1:maxout=3", 2, 0, "mlp:4,#,#,1:maxout=3"},
        {"cnn:in=1x10/conv=4@3/bn/relu/gap/fc=2", 2, 300,
         "cnn:in=1x10/conv=#@3/bn/relu/conv=#@3/bn/relu/gap/fc=2"},
        {"cnn:in=2x9x9/conv=5@3x3,p=1/relu/maxpool=2/flatten/fc=3", 2, 0,
         "cnn:in=2x9x9/conv=#@3x3,p=1/relu/conv=#@3x3,p=1/relu/flatten/fc=3"},
        {"mlp:4,16,1", 2, 1, "mlp:4,#,#,1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = parse(*state, cases[i].spec), *deep = NULL;
        need_ok(*state, pleats_spec_with_depth(*state, spec, cases[i].depth,
                                               cases[i].budget, &deep));
        expect_closest(*state, deep, cases[i].pattern,
                       cases[i].budget ? cases[i].budget
                                       : pleats_spec_n_parameters(spec));
        pleats_spec_clear(*state, spec);
    }
}

static void depths_refused(void **state)
{
    static const struct {
        const char *spec;
        int depth;
        const char *why;
    } cases[] = {
        {"mlp:2,1", 1, "has no units"},
        {"mlp:2,4,1", 0, "a depth is 1"},
        {"cnn:in=1x5/conv=2@3/relu", 3, "more than its padded input 1"},
        {"cnn:in=2x5/conv=2@3,g=2/relu", 2, "without groups"},
        {"cnn:in=2x5/relu", 2, "must begin with convolutions"},
        {"cnn:in=2x5/res{conv=2@1/relu}/relu", 2, "must begin with"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = parse(*state, cases[i].spec), *deep = NULL;
        assert_int_equal(
            pleats_spec_with_depth(*state, spec, cases[i].depth, 0, &deep),
            PLEATS_INVALID);
        if (!strstr(pleats_ctx_message(*state), cases[i].why))
            fail_msg("%s: %s", cases[i].spec, pleats_ctx_message(*state));
        assert_null(deep);
        pleats_spec_clear(*state, spec);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(fully_connected_matches, ctx),
        cmocka_unit_test_prestate(other_depths, ctx),
        cmocka_unit_test_prestate(depths_refused, ctx),
    };
    return RUN(tests, ctx);
}
