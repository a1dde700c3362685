/* Pictures, cells, points, estimates and means when memory runs out
 * (fail_everywhere.h).
 *
 * t_alloc_draw DATA MODEL: a folder that is not looked at, an ONNX file with
 * two inputs. */
#include "fail_everywhere.h"

#include "pleats/cells.h"
#include "pleats/draw.h"
#include "pleats/estimate.h"
#include "pleats/local.h"
#include "pleats/plane.h"
#include "pleats/stable.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* On a square, a picture of a kind by its ending, which does not stay. */
static pleats_status draw(pleats_ctx *ctx, const places *at, const char *end,
                          const pleats_draw_options *options)
{
    char path[] = "/tmp/pleats-t_alloc-XXXXXX", file[64];
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_draw_result result = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(file, sizeof file, "%s%s", path, end);
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.4", "0.3",
                           &domain));
    TRY(pleats_draw(ctx, net, domain, options, NULL, file, &result));
done:
    if (status != PLEATS_OK)
        assert_int_not_equal(access(file, F_OK), 0);
    unlink(file);
    unlink(path);
    pleats_draw_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status draw_svg(pleats_ctx *ctx, const places *at)
{
    return draw(ctx, at, ".svg", NULL);
}

static pleats_status draw_page(pleats_ctx *ctx, const places *at)
{
    return draw(ctx, at, ".html", NULL);
}

static pleats_status draw_histogram(pleats_ctx *ctx, const places *at)
{
    const pleats_draw_options options = {.histogram = PLEATS_HISTOGRAM_AREA};
    return draw(ctx, at, ".png", &options);
}

/* On a square, in a file of a kind by its ending, which does not stay. */
static pleats_status cells(pleats_ctx *ctx, const places *at, const char *end)
{
    const pleats_cells_options options = {.fields = PLEATS_REGION_PATTERN |
                                                    PLEATS_REGION_POINT |
                                                    PLEATS_REGION_MAP};
    const pleats_limits limits = {.threads = 1};
    char path[] = "/tmp/pleats-t_alloc-XXXXXX", file[64];
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_output *out = NULL;
    pleats_cells_result result = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(file, sizeof file, "%s%s", path, end);
    TRY(pleats_output_open_kept(ctx, file, &out));
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.4", "0.3",
                           &domain));
    TRY(pleats_cells_save(ctx, net, domain, &options, &limits, out, &result));
    TRY(pleats_output_commit(ctx, out));
done:
    if (status != PLEATS_OK)
        assert_int_not_equal(access(file, F_OK), 0);
    pleats_output_free(ctx, out);
    unlink(file);
    unlink(path);
    pleats_cells_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status cells_hdf5(pleats_ctx *ctx, const places *at)
{
    return cells(ctx, at, ".h5");
}

static pleats_status cells_npz(pleats_ctx *ctx, const places *at)
{
    return cells(ctx, at, ".npz");
}

static pleats_status cells_jsonl(pleats_ctx *ctx, const places *at)
{
    return cells(ctx, at, ".jsonl");
}

static pleats_status estimate(pleats_ctx *ctx, const places *at)
{
    const pleats_estimate_options options = {.exact_time = -1, .sweeps = 6};
    const pleats_limits limits = {.threads = 1};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_estimate_result result = {0};
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.4", "0.3",
                           &domain));
    TRY(pleats_estimate_count(ctx, net, domain, &options, &limits, &result));
done:
    pleats_estimate_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status mean(pleats_ctx *ctx, const places *at)
{
    const pleats_mean_options options = {.trials = 4, .most = 8, .sweeps = 2};
    const pleats_limits limits = {.threads = 1};
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_mean_result result = {0};
    (void)at;
    TRY(pleats_spec_parse(ctx, "mlp:2,4,3,1", &spec));
    TRY(pleats_net_random(ctx, spec, &options.init, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1", "1", &domain));
    TRY(pleats_mean_regions(ctx, spec, domain, &options, &limits, &result));
done:
    pleats_mean_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
    return status;
}

static pleats_status stable(pleats_ctx *ctx, const places *at)
{
    const pleats_stable_options options = {.effort = PLEATS_STABLE_EXACT};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_stable_result result = {0};
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.4", "0.3",
                           &domain));
    TRY(pleats_stable_units(ctx, net, domain, &options, NULL, &result));
done:
    pleats_stable_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status plane(pleats_ctx *ctx, const places *at)
{
    const pleats_plane_options options = {.boundary = true};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_plane_result result = {0};
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.4", "0.3",
                           &domain));
    TRY(pleats_plane_cells(ctx, net, domain, &options, NULL, &result));
done:
    pleats_plane_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

/* A point on a line that is no axis, so that inputs are solved for. */
static pleats_status point(pleats_ctx *ctx, const places *at)
{
    static const double x[] = {0.25, 0.5}, u[] = {0.5, 1};
    const pleats_local_options options = {
        .map = true, .vertices = true, .halfspaces = true};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_local *local = NULL;
    pleats_local_result result = {0};
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_domain_slice(ctx, 2, 1, pleats_doubles((double[]){0, 0}),
                            pleats_doubles(u), pleats_doubles(NULL),
                            pleats_doubles(NULL), &domain));
    TRY(pleats_local_new(ctx, net, domain, &local));
    TRY(pleats_local_at(ctx, local, x, &options, NULL, &result));
done:
    pleats_local_result_clear(ctx, &result);
    pleats_local_free(ctx, local);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

TEST_OF(draw_svg)
TEST_OF(draw_page)
TEST_OF(draw_histogram)
TEST_OF(cells_hdf5)
TEST_OF(cells_npz)
TEST_OF(cells_jsonl)
TEST_OF(estimate)
TEST_OF(mean)
TEST_OF(stable)
TEST_OF(plane)
TEST_OF(point)

int main(int argc, char **argv)
{
    places at = {argc > 1 ? argv[1] : ".", argc > 2 ? argv[2] : ""};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_draw_svg, &at),
        cmocka_unit_test_prestate(test_draw_page, &at),
        cmocka_unit_test_prestate(test_draw_histogram, &at),
        cmocka_unit_test_prestate(test_cells_hdf5, &at),
        cmocka_unit_test_prestate(test_cells_npz, &at),
        cmocka_unit_test_prestate(test_cells_jsonl, &at),
        cmocka_unit_test_prestate(test_estimate, &at),
        cmocka_unit_test_prestate(test_mean, &at),
        cmocka_unit_test_prestate(test_stable, &at),
        cmocka_unit_test_prestate(test_plane, &at),
        cmocka_unit_test_prestate(test_point, &at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
