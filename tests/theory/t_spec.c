/* Architecture specs: the text form and the JSON form agree, what is counted
 * and asked of a spec, and what is wrong is refused at the right character. */
#include "pleats/pleats.h"
#include "spec/spec_layer.h"
#include "spec_same.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Parameters, units and output shape counted by hand. */
static void known_specs(void **state)
{
    static const struct {
        const char *text, *canonical, *output;
        int64_t n_parameters, n_units;
    } cases[] = {
        {"mlp:2,32,32,1", "mlp:2,32,32,1", "1", 96 + 1056 + 33, 64},
        {"mlp:3,1", "mlp:3,1", "1", 4, 0},
        {"mlp:2,4,1:relu", "mlp:2,4,1", "1", 12 + 5, 4},
        {"mlp:2,4,1:pl=5", "mlp:2,4,1:pl=5", "1", 17, 4},
        {"mlp:2,3,1:maxout=2", "mlp:2,3,1:maxout=2", "1", 6 * 3 + 4, 3},
        {"cnn:in=2/fc=3/abs/fc=1", "mlp:2,3,1:abs", "1", 9 + 4, 3},
        {"cnn:in=2/fc=3,nobias/abs/fc=1", "cnn:in=2/fc=3,nobias/abs/fc=1", "1",
         6 + 4, 3},
        {"cnn:in=1x8x8/conv=8@3x3,s=2,p=1/relu/maxpool=2/conv=16@1/relu/"
         "flatten/fc=10",
         "cnn:in=1x8x8/conv=8@3x3,s=2,p=1/relu/maxpool=2/conv=16@1x1/relu/"
         "flatten/fc=10",
         "10", 80 + 16 * 9 + 10 * 65, 128 + 32 + 64},
        {"cnn:in=1x5/conv=2@3,d=2/relu6", "cnn:in=1x5/conv=2@3,d=2/relu6",
         "2x1", 8, 2},
        {"cnn:in=2x4x6x8/conv=4@1x2x3,s=1x2x3,p=0x1x0,g=2,nobias/hardtanh",
         "cnn:in=2x4x6x8/conv=4@1x2x3,s=1x2x3,p=0x1x0,g=2,nobias/hardtanh",
         "4x4x4x2", 4 * 6, 128},
        {"cnn:in=1x4x4/conv=1@2x2,p=0:1x1:0/relu",
         "cnn:in=1x4x4/conv=1@2x2,p=0:1x1:0/relu", "1x4x4", 5, 16},
        {"cnn:in=1x4x4/conv=1@2x2,p=0:1/relu",
         "cnn:in=1x4x4/conv=1@2x2,p=0:1x0:1/relu", "1x4x4", 5, 16},
        {"cnn:in=3x9x9/maxpool=3,s=2,p=1/avgpool=2x5,s=2x5/bn/gap",
         "cnn:in=3x9x9/maxpool=3,s=2,p=1/avgpool=2x5/bn/gap", "3", 6, 75},
        {"cnn:in=2x3x3/res{conv=2@3x3,p=1/leakyrelu/res{conv=2@1}}/fc=1",
         "cnn:in=2x3x3/res{conv=2@3x3,p=1/leakyrelu/res{conv=2@1x1}}/flatten/"
         "fc=1",
         "1", 38 + 6 + 19, 18},
        {"cnn:in=6x2x2/maxout=3/flatten/flatten",
         "cnn:in=6x2x2/maxout=3/flatten", "8", 0, 8},
        {"cnn:in=4/flatten", "cnn:in=4", "4", 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char output[PLEATS_SHAPE_CHARS];
        pleats_spec *spec = spec_parse(*state, cases[i].text);
        const pleats_shape shape = pleats_spec_output(spec);
        assert_string_equal(spec->text, cases[i].canonical);
        pleats_shape_write(&shape, output);
        assert_string_equal(output, cases[i].output);
        assert_int_equal(pleats_spec_n_parameters(spec), cases[i].n_parameters);
        assert_int_equal(pleats_spec_n_units(spec), cases[i].n_units);
        pleats_spec *again = spec_parse(*state, spec->text);
        expect_same_spec(spec, again);
        pleats_spec_clear(*state, spec);
        pleats_spec_clear(*state, again);
    }
}

static void wrong_specs(void **state)
{
    static const struct {
        const char *text;
        int character;
        const char *why;
    } cases[] = {
        {"", 1, "mlp: or cnn:"},
        {"mpl:2,1", 1, "mlp: or cnn:"},
        {"mlp:", 5, "whole number from 1"},
        {"mlp:2", 6, "next width"},
        {"mlp:2,-3,1", 7, "whole number from 1"},
        {"mlp:2,0,1", 7, "whole number from 1"},
        {"mlp:2,3,", 9, "found the end"},
        {"mlp:2,3 ,1", 8, "next width"},
        {"mlp:2,3,1:tanh", 11, "an activation: relu"},
        {"mlp:2,3,1:conv", 11, "an activation: relu"},
        {"mlp:2,3,1:relu:", 15, "the end"},
        {"mlp:2,3,1:pl", 13, "=PIECES"},
        {"mlp:2,3,1:pl=1", 14, "whole number from 2"},
        {"mlp:2,9999999999999999999999,1", 7, "to 1073741824"},
        {"mlp:1073741824,1073741824,1:maxout=1073741824", 16, "fits"},
        {"cnn:1x8x8", 5, "in=SHAPE"},
        {"cnn:in=1x8/conv=2@2,s=1,p=1,s=1", 29, "each option once"},
        {"cnn:in=1x8/conv=2@2,p=1,p=1", 25, "each option once"},
        {"cnn:in=1x8/conv=2@2,d=1,d=1", 25, "each option once"},
        {"cnn:in=1x8/conv=2@2,g=1,g=1", 25, "each option once"},
        {"cnn:in=1x8/conv=2@2,nobias,nobias", 28, "each option once"},
        {"cnn:in=1x8/maxpool=2,s=1,s=1", 26, "each option once"},
        {"cnn:in=1x8/maxpool=2,d=1", 22, "s= or p="},
        {"cnn:in=1x8/conv=2@2,s", 21, "nobias"},
        {"mlp:2,3,1:fc=5,nobias,nobias", 11, "an activation"},
        {"cnn:in=8/fc=5,nobias,nobias", 21, "/ and a layer"},
        {"cnn:in=1x8x8x8x8/relu", 15, "/ and a layer, or the end"},
        {"cnn:in=1000000x1000000/relu", 8, "fits"},
        {"cnn:in=1x8x8/", 14, "a layer: conv="},
        {"cnn:in=1x8x8//relu", 14, "a layer: conv="},
        {"cnn:in=1x8x8/relu/tanh", 19, "a layer: conv="},
        {"cnn:in=1x8x8/relu7", 14, "a layer: conv="},
        {"cnn:in=1x8x8/conv=8", 20, "@KERNEL"},
        {"cnn:in=1x8x8/conv=-8@3", 19, "whole number from 1"},
        {"cnn:in=1x8x8/conv=8@3x3x3", 21, "each of the 2 spatial axes"},
        {"cnn:in=1x8x8/conv=8@3x", 23, "whole number"},
        {"cnn:in=1x8x8/conv=8@3,s=0", 25, "whole number from 1"},
        {"cnn:in=1x8x8/conv=8@3,p=-1", 25, "whole number from 0"},
        {"cnn:in=1x8x8/conv=8@3,z=1", 23, "s=, p=, d=, g= or nobias"},
        {"cnn:in=1x8x8/conv=8@9", 14, "reaches over 9x9"},
        {"cnn:in=1x8x8/conv=8@3,d=4", 14, "reaches over 9x9"},
        {"cnn:in=1x8x8/relu/conv=8@11x3,p=1", 19, "padded input 10x10"},
        {"cnn:in=4x8x8/conv=8@3,g=3", 14, "3 groups must divide 4 input"},
        {"cnn:in=4x8x8/conv=6@3,g=4", 14, "4 groups must divide 4 input"},
        {"cnn:in=4x8/conv=1073741824@8,p=1073741824", 12, "fits"},
        {"cnn:in=1073741824x1/conv=1073741824@1073741824,p=536870912", 21,
         "parameters are too many"},
        {"cnn:in=8/conv=2@3", 10, "spatial axes such as 1x8x8"},
        {"cnn:in=1x8x8/maxpool=2,d=2", 24, "s= or p="},
        {"cnn:in=1x8x8/maxpool=2,p=2", 14, "smaller than its kernel"},
        {"cnn:in=1x8x8/flatten/gap/maxpool=2", 26, "spatial axes"},
        {"cnn:in=5x2/maxout=2", 12, "divide its 5 channels"},
        {"cnn:in=1x8x8/res", 17, "{ after res"},
        {"cnn:in=1x8x8/res{}", 18, "a layer: conv="},
        {"cnn:in=1x8x8/res{relu", 22, "/ and a layer, or }"},
        {"cnn:in=1x8x8/relu}", 18, "/ and a layer, or the end"},
        {"cnn:in=1x8x8/res{conv=2@3x3,p=1}", 32, "shape 2x8x8, but must keep"},
        {"cnn:in=1x8x8/res{flatten}", 25, "shape 64, but must keep the 1x8x8"},
        {"cnn:in=1x8x8/\x1b[31m", 14, "a layer"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = NULL;
        char place[64];
        assert_int_equal(pleats_spec_parse(*state, cases[i].text, &spec),
                         PLEATS_INVALID);
        const char *message = pleats_ctx_message(*state);
        snprintf(place, sizeof place,
                 "spec, character %d: ", cases[i].character);
        if (strncmp(message, place, strlen(place)) != 0 ||
            !strstr(message, cases[i].why) || strchr(message, '\x1b'))
            fail_msg("%s: %s", cases[i].text, message);
        assert_null(spec);
    }
}

/* So long a spec would take the bounds' recursion too deep. */
static void too_many_layers(void **state)
{
    static const char head[] = "mlp:1", layer[] = ",1";
    enum { N = 10001 };
    char *text = need_memory(sizeof head + N * (sizeof layer - 1), 1);
    pleats_spec *spec = NULL;
    strcpy(text, head);
    for (size_t i = 0; i < N; i++)
        strcpy(text + sizeof head - 1 + i * (sizeof layer - 1), layer);
    assert_int_equal(pleats_spec_parse(*state, text, &spec), PLEATS_INVALID);
    assert_string_equal(pleats_ctx_message(*state),
                        "spec, character 20007: more than 20000 layers");
    text[strlen(text) - 2] = '\0';
    need_ok(*state, pleats_spec_parse(*state, text, &spec));
    pleats_spec_clear(*state, spec);
    free(text);
}

/* Reads the JSON form through a file. */
static pleats_status read_json(pleats_ctx *ctx, const char *json,
                               pleats_spec **spec)
{
    char path[] = "/tmp/pleats-spec-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, json, strlen(json)), (int)strlen(json));
    close(file);
    pleats_status status = pleats_spec_read(ctx, path, spec);
    unlink(path);
    return status;
}

static void json_equals_text(void **state)
{
    static const char *cases[][2] = {
        {"{\"input\": [2], \"layers\": [{\"fc\": {\"units\": 3}}, \"relu\", "
         "{\"fc\": {\"units\": 1}}]}",
         "mlp:2,3,1"},
        {"{\"input\": [1, 8, 8], \"layers\": [{\"conv\": {\"filters\": 8, "
         "\"kernel\": [3, 2], \"stride\": 2, \"padding\": [1, [0, 1]], "
         "\"bias\": false}}, {\"relu6\": {}}, {\"maxpool\": {\"kernel\": 2}}, "
         "{\"conv\": {\"filters\": 4, \"kernel\": 1, \"groups\": 4, "
         "\"dilation\": 2}}, \"gap\"]}",
         "cnn:in=1x8x8/conv=8@3x2,s=2,p=1:1x0:1,nobias/relu6/maxpool=2/"
         "conv=4@1,d=2,g=4/gap"},
        {"{\"input\": [4, 6], \"layers\": [{\"res\": [{\"pl\": {\"pieces\": "
         "4}}, {\"res\": [\"bn\"]}]}, {\"maxout\": {\"rank\": 2}}, "
         "{\"avgpool\": {\"kernel\": 3, \"stride\": 1, \"padding\": 1}}, "
         "\"flatten\", {\"fc\": {\"units\": 2, \"bias\": false}}]}",
         "cnn:in=4x6/res{pl=4/res{bn}}/maxout=2/avgpool=3,s=1,p=1/flatten/"
         "fc=2,nobias"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *a = NULL, *b = spec_parse(*state, cases[i][1]);
        need_ok(*state, read_json(*state, cases[i][0], &a));
        expect_same_spec(a, b);
        pleats_spec_clear(*state, a);
        pleats_spec_clear(*state, b);
    }
}

static void wrong_json(void **state)
{
    static const char *cases[][2] = {
        {"[]", "\"input\", \"layers\""},
        {"{\"input\": [], \"layers\": [\"relu\"]}", "list of 1 to 4 sizes"},
        {"{\"input\": [1, 2, 3, 4, 5], \"layers\": [\"relu\"]}",
         "list of 1 to 4 sizes"},
        {"{\"input\": [-2], \"layers\": [\"relu\"]}", "\"input\" must be"},
        {"{\"input\": [2.5], \"layers\": [\"relu\"]}", "\"input\" must be"},
        {"{\"input\": [2], \"layers\": []}", "at least one"},
        {"{\"input\": [2], \"layers\": [\"relu\", \"tanh\"]}",
         "layers[1]: there is no layer \"tanh\""},
        {"{\"input\": [2], \"layers\": [3]}", "layers[0] must be a word"},
        {"{\"input\": [2], \"layers\": [{\"fc\": {}}]}",
         "fc lacks the key \"units\""},
        {"{\"input\": [2], \"layers\": [{\"fc\": {\"units\": 2, \"x\": 1}}]}",
         "fc has no key \"x\""},
        {"{\"input\": [2], \"layers\": [{\"fc\": 3}]}", "must be an object"},
        {"{\"input\": [2], \"layers\": [\"conv\"]}",
         "conv lacks the key \"filters\""},
        {"{\"input\": [1, 4], \"layers\": [{\"res\": [{\"conv\": "
         "{\"filters\": 1, \"kernel\": [2, 2]}}]}]}",
         "layers[0].layers[0]: \"kernel\""},
        {"{\"input\": [1, 4], \"layers\": [{\"conv\": {\"filters\": 1, "
         "\"kernel\": 5}}]}",
         "layers[0]: the kernel reaches over 5"},
        {"{\"input\": [1, 4], \"layers\": [{\"res\": {}}]}", "at least one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = NULL;
        assert_int_equal(read_json(*state, cases[i][0], &spec), PLEATS_INVALID);
        if (!strstr(pleats_ctx_message(*state), cases[i][1]))
            fail_msg("%s: %s", cases[i][0], pleats_ctx_message(*state));
        assert_null(spec);
    }
}

/* What all units are: ReLUs, maxout units of one rank, or neither. */
static void kinds_of_units(void **state)
{
    static const struct {
        const char *text;
        bool is_relu;
        int64_t rank;
    } cases[] = {{"mlp:2,8,8,1", true, 0},
                 {"mlp:2,8,1:leakyrelu", false, 0},
                 {"mlp:2,8,1:relu6", false, 0},
                 {"mlp:2,8,1:pl=3", false, 0},
                 {"mlp:2,8,8,1:maxout=3", false, 3},
                 {"cnn:in=2/fc=4/maxout=2/fc=6/maxout=3", false, 0},
                 {"cnn:in=2/fc=4/maxout=2/fc=6/relu", false, 0},
                 {"cnn:in=2/fc=4/maxout=2/fc=6/abs", false, 0},
                 {"cnn:in=1x4/conv=4@2/maxout=2/avgpool=2/fc=3", false, 2},
                 {"cnn:in=1x4/conv=4@2/maxout=2/maxpool=2", false, 0},
                 {"cnn:in=1x4/conv=4@2/bn/relu/gap/fc=3", true, 0},
                 {"cnn:in=1x4/conv=4@2/relu/maxpool=2", false, 0},
                 {"cnn:in=2/fc=3", true, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = spec_parse(*state, cases[i].text);
        assert_int_equal(pleats_spec_is_relu(spec), cases[i].is_relu);
        assert_int_equal(pleats_spec_maxout_rank(spec), cases[i].rank);
        pleats_spec_clear(*state, spec);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(known_specs, ctx),
        cmocka_unit_test_prestate(wrong_specs, ctx),
        cmocka_unit_test_prestate(kinds_of_units, ctx),
        cmocka_unit_test_prestate(too_many_layers, ctx),
        cmocka_unit_test_prestate(json_equals_text, ctx),
        cmocka_unit_test_prestate(wrong_json, ctx),
    };
    return RUN(tests, ctx);
}
