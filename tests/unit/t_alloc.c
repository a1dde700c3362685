/* Every allocation fails once, the k-th for k = 1, 2, ... until all is well:
 * alone, and together with all later ones.  Each time the answer is "out of
 * memory", nothing crashes and nothing leaks.
 *
 * t_alloc DATA MODEL: the folder with the domain files, an ONNX file. */
#include "fail_everywhere.h"

#include "activations.h"
#include "domains.h"
#include "mlp.h"
#include "onnx_write/write.h"
#include "pleats/make.h"
#include "pleats/pleats.h"
#include "pleats/sample.h"
#include "sample/sampler.h"

#include <stdio.h>
#include <stdlib.h>

static pleats_status build(pleats_ctx *ctx, pleats_net **net)
{
    static const double weight[] = {1, 2, -1, 0.5, 3, -2};
    static const double bias[] = {0.5, -1, 0.25};
    static const pleats_idx first[] = {0, 1, 2}, start[] = {0, 2, 3};
    static const pleats_conv_shape conv = {1, 1, 1, 1, {2}, {2}, {1}, {1}};
    const pleats_step_label label = {"layer", "Gemm", 1, (int64_t[]){3}, 9};
    pleats_status status = PLEATS_OK;
    pleats_idx at = 0, in[3];
    TRY(pleats_net_new(ctx, 2, net));
    TRY(pleats_net_add_dense(ctx, *net, &label, 3, 2, first, weight, bias,
                             &at));
    in[0] = at, in[1] = at + 1, in[2] = at + 2;
    TRY(pleats_net_add_pl(ctx, *net, NULL, 3, in, 1,
                          activation_function(ACT_HARDTANH), NULL, &at));
    in[0] = at, in[1] = at + 1, in[2] = at + 2;
    TRY(pleats_net_add_max(ctx, *net, NULL, false, 2, start, in, &at));
    in[0] = at, in[1] = at + 1;
    TRY(pleats_net_add_conv(ctx, *net, NULL, &conv, in, weight, bias, &at));
    TRY(pleats_net_add_sparse(ctx, *net, NULL, 1, (pleats_idx[]){0, 1}, &at,
                              weight, bias, (double[]){3}, &at));
    TRY(pleats_net_set_outputs(ctx, *net, 1, &at));
done:
    return status;
}

static pleats_status build_and_count(pleats_ctx *ctx, bool paranoid,
                                     const char *lo)
{
    const pleats_count_options options = {
        .pieces = true, .maps = true, .paranoid = paranoid};
    const pleats_limits limits = {.threads = 1};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_count_result result = {0};
    TRY(build(ctx, &net));
    if (lo)
        TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), lo, "1",
                               &domain));
    else
        TRY(pleats_domain_all(ctx, pleats_net_n_inputs(net), &domain));
    TRY(pleats_count(ctx, net, domain, &options, &limits, &result));
    assert_true(strtoull(result.regions, NULL, 10) > !result.stopped);
    assert_int_equal(result.label,
                     result.stopped ? PLEATS_LOWER : PLEATS_EXACT);
    if (result.stopped)
        assert_int_equal(result.stopped, PLEATS_STOP_MEMORY);
done:
    pleats_count_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status count_in_box(pleats_ctx *ctx, const places *at)
{
    (void)at;
    return build_and_count(ctx, false, "-1/3");
}

static pleats_status count_everywhere(pleats_ctx *ctx, const places *at)
{
    (void)at;
    return build_and_count(ctx, true, NULL);
}

/* All that there is to say of a complex on the square, with as many regions as
 * a count finds. */
static pleats_status cut_square(pleats_ctx *ctx, const pleats_net *net)
{
    const pleats_complex_options all = {
        .level = "1/3", .classes = true, .exact_volumes = true, .graph = true};
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_complex_result result = {0};
    const pleats_limits limits = {.threads = 1};
    pleats_count_result count = {0};
    TRY(pleats_domain_cube(ctx, 2, "-1", "1", &domain));
    TRY(pleats_complex(ctx, net, domain, &all, NULL, &result));
    assert_int_equal(result.label, PLEATS_EXACT);
    TRY(pleats_count(ctx, net, domain, NULL, &limits, &count));
    assert_int_equal(result.faces[2], strtoull(count.regions, NULL, 10));
    assert_int_equal(result.n_nodes, result.faces[2]);
    assert_true(result.n_sets >= 6 && result.n_components >= 1);
done:
    pleats_count_result_clear(ctx, &count);
    pleats_complex_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    return status;
}

static pleats_status complex_of_one(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    (void)at;
    TRY(build(ctx, &net));
    TRY(cut_square(ctx, net));
done:
    pleats_net_free(ctx, net);
    return status;
}

/* The greatest of x, y and -x - y, and which of the three that is. */
static pleats_status complex_of_three(pleats_ctx *ctx, const places *at)
{
    static const double weight[] = {1, 0, 0, 1, -1, -1};
    static const pleats_idx inputs[] = {0, 1}, all[] = {2, 3, 4};
    static const pleats_idx start[] = {0, 3};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_idx out = 0;
    (void)at;
    TRY(pleats_net_new(ctx, 2, &net));
    TRY(pleats_net_add_dense(ctx, net, NULL, 3, 2, inputs, weight, NULL, &out));
    TRY(pleats_net_add_max(ctx, net, NULL, false, 1, start, all, &out));
    TRY(pleats_net_set_outputs(ctx, net, 3, all));
    TRY(cut_square(ctx, net));
done:
    pleats_net_free(ctx, net);
    return status;
}

static bool count_batch(void *state, const pleats_region_batch *batch)
{
    *(int32_t *)state += batch->n;
    return true;
}

/* A network, a triangle and two boxes from arrays, and all of its regions. */
static pleats_status visit_from_arrays(pleats_ctx *ctx, const places *at)
{
    static const double w[] = {3, 0, 0, 3, 1, 1}, b[] = {-1, -1, 0};
    static const double rows[] = {-1, 0, 0, -1, 1, 1}, ends[] = {1, 1, 1};
    static const double lo[] = {-1, 2}, hi[] = {1, 3};
    static const int64_t dims[] = {2};
    static const pleats_layer_arrays layer[] = {
        {.type = PLEATS_AFFINE, .n_out = 3, .weight = w, .bias = b},
        {.type = PLEATS_RELU}};
    const pleats_regions_options all = {
        .want = PLEATS_REGION_PATTERN | PLEATS_REGION_POINT | PLEATS_REGION_MAP,
        .batch = 2};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *part[2] = {NULL, NULL}, *domain = NULL;
    pleats_regions_result result = {0};
    int32_t n = 0;
    (void)at;
    TRY(pleats_net_from_arrays(ctx, 1, dims, 2, layer, sizeof *layer, &net));
    TRY(pleats_domain_polytope(ctx, 2, 3, pleats_doubles(rows),
                               pleats_doubles(ends), &part[0]));
    TRY(pleats_domain_box(ctx, 2, pleats_doubles(lo), pleats_doubles(hi),
                          &part[1]));
    TRY(pleats_domain_union(ctx, 2, (const pleats_domain *const *)part,
                            &domain));
    TRY(pleats_regions(ctx, net, domain, &all, NULL, count_batch, &n, &result));
    if (!result.stopped) /* the box adds none: x0 < 1/3 < x1 and beyond */
        assert_int_equal(n, 7);
done:
    pleats_regions_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_domain_free(ctx, part[0]);
    pleats_domain_free(ctx, part[1]);
    pleats_net_free(ctx, net);
    return status;
}

/* In a box, and at the origin, where exact arithmetic is asked. */
static pleats_status sample(pleats_ctx *ctx, const places *at)
{
    static const double origin[16];
    const pleats_sample_options options = {.points = 200};
    const pleats_limits limits = {.threads = 1};
    const pleats_sample_task task = {.points = 1, .limits.threads = 1};
    pleats_points points = {
        .kind = PLEATS_POINTS_ROWS, .row = origin, .n_rows = 1};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_sample_result result;
    pleats_sample_tally tally;
    (void)at;
    TRY(build(ctx, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1", "1/3",
                           &domain));
    TRY(pleats_sample(ctx, net, domain, &options, &limits, &result));
    assert_true(result.patterns > 1 && !result.stopped);
    TRY(pleats_points_init(ctx, &points, net->n_inputs, NULL));
    TRY(pleats_sample_patterns(ctx, net, &points, &task, &tally));
    assert_int_equal(tally.by_exact, 1);
done:
    pleats_points_clear(ctx, &points);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status load(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    double *x = NULL, *y = NULL;
    int32_t *piece = NULL;
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_n_inputs(net), sizeof *x, &x));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_n_outputs(net), sizeof *y, &y));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_n_units(net), sizeof *piece,
                     &piece));
    TRY(pleats_net_eval(ctx, net, x, y, piece));
done:
    pleats_release(ctx, x);
    pleats_release(ctx, y);
    pleats_release(ctx, piece);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status print(pleats_ctx *ctx, const pleats_net *net)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    pleats_status status = pleats_onnx_print(ctx, net, &bytes, &n);
    pleats_release(ctx, bytes);
    return status;
}

/* A network with every layer that there is, written. */
static pleats_status make_random(pleats_ctx *ctx, const places *at)
{
    const pleats_init init = {.seed = 1};
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    (void)at;
    TRY(pleats_spec_parse(ctx,
                          "cnn:in=1x4x4/conv=4@3,p=1/bn/maxout=2/maxpool=2/"
                          "res{conv=2@3,p=1/leakyrelu}/avgpool=2,s=1/gap/"
                          "fc=3/pl=4/fc=2",
                          &spec));
    TRY(pleats_net_random(ctx, spec, &init, &net));
    TRY(print(ctx, net));
done:
    pleats_spec_free(ctx, spec);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status make_construction(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    (void)at;
    TRY(pleats_spec_parse(ctx, "mlp:1,3,3,1", &spec));
    TRY(pleats_net_construct(ctx, spec, PLEATS_FOLDS_SERRA, 1, &net));
    TRY(print(ctx, net));
done:
    pleats_spec_free(ctx, spec);
    pleats_net_free(ctx, net);
    return status;
}

/* All numbers of a layer whose formula is not exact: enumerated, and with too
 * small a budget estimated. */
static pleats_status count_one_layer(pleats_ctx *ctx, const places *at)
{
    const pleats_one_layer_options options = {
        .slice = 1, .has_slice = true, .budget = 50, .samples = 20};
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_one_layer_result exact = {0}, estimate = {0};
    (void)at;
    TRY(pleats_spec_parse(ctx, "cnn:in=1x3x3/conv=2@2x2/relu", &spec));
    TRY(pleats_count_one_layer(ctx, spec, NULL, NULL, &exact));
    assert_string_equal(exact.generic.value, "255");
    TRY(pleats_count_one_layer(ctx, spec, &options, NULL, &estimate));
    assert_int_equal(estimate.generic.label, PLEATS_ESTIMATE);
done:
    pleats_one_layer_result_clear(ctx, &exact);
    pleats_one_layer_result_clear(ctx, &estimate);
    pleats_spec_free(ctx, spec);
    return status;
}

static const char *file(const places *at, const char *name, char *path,
                        size_t size)
{
    snprintf(path, size, "%s/%s", at->data, name);
    return path;
}

typedef pleats_status (*reader)(pleats_ctx *ctx, int32_t n_inputs,
                                const char *path, pleats_domain **out);

static pleats_status read_domain(pleats_ctx *ctx, const places *at, reader read,
                                 const char *name)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    char path[4096];
    TRY(read(ctx, 2, file(at, name, path, sizeof path), &domain));
    assert_true(strlen(pleats_domain_text(domain)) > 0);
done:
    pleats_domain_free(ctx, domain);
    return status;
}

static pleats_status read_box(pleats_ctx *ctx, const places *at)
{
    return read_domain(ctx, at, pleats_domain_box_file, "box.json");
}

static pleats_status read_line(pleats_ctx *ctx, const places *at)
{
    return read_domain(ctx, at, pleats_domain_line_file, "line.json");
}

static pleats_status read_plane(pleats_ctx *ctx, const places *at)
{
    return read_domain(ctx, at, pleats_domain_plane_file, "plane.json");
}

static pleats_status read_polytope(pleats_ctx *ctx, const places *at)
{
    return read_domain(ctx, at, pleats_domain_polytope_file, "polytope.json");
}

static pleats_status read_vnnlib(pleats_ctx *ctx, const places *at)
{
    return read_domain(ctx, at, pleats_domain_vnnlib_file, "boxes.vnnlib");
}

static pleats_status read_rows(pleats_ctx *ctx, const places *at,
                               const char *name)
{
    static const int64_t index[] = {0, 1, 2};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_rows *rows = NULL;
    pleats_domain *plane = NULL, *ball = NULL;
    char path[4096];
    TRY(pleats_net_new(ctx, 2, &net));
    TRY(pleats_rows_read(ctx, file(at, name, path, sizeof path), 2, &rows));
    TRY(pleats_domain_rows(ctx, rows, 3, index, "-1/2", "1.5", &plane));
    TRY(pleats_domain_row_ball(ctx, rows, 1, "1e-3", &ball));
    assert_int_equal(pleats_rows_count(rows), 3);
done:
    pleats_domain_free(ctx, plane);
    pleats_domain_free(ctx, ball);
    pleats_rows_free(ctx, rows);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status read_json_rows(pleats_ctx *ctx, const places *at)
{
    return read_rows(ctx, at, "rows.json");
}

static pleats_status read_npz_rows(pleats_ctx *ctx, const places *at)
{
    return read_rows(ctx, at, "rows.npz");
}

/* The limit is as good a reason as an empty allocator. */
static void memory_limits(void **state)
{
    const places *at = *state;
    for (size_t limit = 64; limit < 65536; limit += limit / 4) {
        pleats_ctx *ctx = need_ctx();
        pleats_ctx_set_memory_limit(ctx, limit);
        pleats_status status = load(ctx, at);
        assert_true(status == PLEATS_OK || status == PLEATS_LIMIT);
        pleats_ctx_free(ctx);
        ctx = need_ctx();
        pleats_ctx_set_memory_limit(ctx, limit);
        status = count_in_box(ctx, at);
        assert_true(status == PLEATS_OK || status == PLEATS_LIMIT);
        pleats_ctx_free(ctx);
    }
}

TEST_OF(count_in_box)
TEST_OF(count_everywhere)
TEST_OF(complex_of_one)
TEST_OF(complex_of_three)
TEST_OF(visit_from_arrays)
TEST_OF(sample)
TEST_OF(load)
TEST_OF(make_random)
TEST_OF(make_construction)
TEST_OF(count_one_layer)
TEST_OF(read_box)
TEST_OF(read_line)
TEST_OF(read_plane)
TEST_OF(read_polytope)
TEST_OF(read_vnnlib)
TEST_OF(read_json_rows)
TEST_OF(read_npz_rows)

int main(int argc, char **argv)
{
    places at = {0};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_count_in_box, &at),
        cmocka_unit_test_prestate(test_count_everywhere, &at),
        cmocka_unit_test_prestate(test_complex_of_one, &at),
        cmocka_unit_test_prestate(test_complex_of_three, &at),
        cmocka_unit_test_prestate(test_visit_from_arrays, &at),
        cmocka_unit_test_prestate(test_sample, &at),
        cmocka_unit_test_prestate(test_load, &at),
        cmocka_unit_test_prestate(test_make_random, &at),
        cmocka_unit_test_prestate(test_make_construction, &at),
        cmocka_unit_test_prestate(test_count_one_layer, &at),
        cmocka_unit_test_prestate(test_read_box, &at),
        cmocka_unit_test_prestate(test_read_line, &at),
        cmocka_unit_test_prestate(test_read_plane, &at),
        cmocka_unit_test_prestate(test_read_polytope, &at),
        cmocka_unit_test_prestate(test_read_vnnlib, &at),
        cmocka_unit_test_prestate(test_read_json_rows, &at),
        cmocka_unit_test_prestate(test_read_npz_rows, &at),
        cmocka_unit_test_prestate(memory_limits, &at),
    };
    if (argc != 3) {
        fprintf(stderr, "usage: t_alloc DATA MODEL\n");
        return 2;
    }
    at.data = argv[1];
    at.model = argv[2];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
