/* Every allocation of hulls, balls, neighbours and a survey's page fails once.
 */
#include "fail_everywhere.h"

#include "pleats/pleats.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const pleats_limits alone = {.threads = 1};

static pleats_status hulls(pleats_ctx *ctx, const places *at)
{
    static const double x[] = {-0.4, 0.3, 0.9, -0.7};
    const pleats_hull_options options = {.radius = "0.1", .cuts = true};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_rows *rows = NULL;
    pleats_hull_result result = {0};
    TRY(pleats_net_load(ctx, at->model, NULL, &net));
    TRY(pleats_rows_from_array(ctx, 2, 2, x, "rows", &rows));
    TRY(pleats_hull_units(ctx, net, rows, &options, &alone, &result));
    assert_int_equal(result.n, 2);
done:
    pleats_hull_result_clear(ctx, &result);
    pleats_rows_free(ctx, rows);
    pleats_net_free(ctx, net);
    return status;
}

static pleats_status balls(pleats_ctx *ctx, const places *at)
{
    static const double centre[9] = {1, 2, 3};
    pleats_status status = PLEATS_OK;
    pleats_domain *sides = NULL, *lifted = NULL;
    (void)at;
    TRY(pleats_domain_ball_in(ctx, 4, pleats_doubles(centre), "1/3",
                              PLEATS_NORM_1, &sides));
    TRY(pleats_domain_ball_in(ctx, 9, pleats_doubles(centre), "1/3",
                              PLEATS_NORM_1, &lifted));
done:
    pleats_domain_free(ctx, sides);
    pleats_domain_free(ctx, lifted);
    return status;
}

static bool go_on(void *state, const pleats_region_batch *batch)
{
    int *n = state;
    for (int32_t i = 0; i < batch->n; i++)
        *n += strchr(batch->neighbours[i], ']') != NULL;
    return true;
}

static pleats_status open_square(pleats_ctx *ctx, const places *at,
                                 pleats_net **net, pleats_domain **domain)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_net_load(ctx, at->model, NULL, net));
    TRY(pleats_domain_cube(ctx, 2, "-0.2", "0.1", domain));
done:
    return status;
}

static pleats_status neighbours(pleats_ctx *ctx, const places *at)
{
    const pleats_regions_options options = {.want = PLEATS_REGION_NEIGHBOURS};
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_regions_result result = {0};
    int n = 0;
    TRY(open_square(ctx, at, &net, &domain));
    TRY(pleats_regions(ctx, net, domain, &options, &alone, go_on, &n, &result));
    assert_int_equal(n, atoi(result.regions));
done:
    pleats_regions_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

/* Into a file that does not stay. */
static pleats_status page(pleats_ctx *ctx, const places *at)
{
    char path[] = "/tmp/pleats-t_alloc-XXXXXX", file[64];
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_domain *domain = NULL;
    pleats_output *out = NULL;
    pleats_survey_result survey = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(file, sizeof file, "%s.html", path);
    TRY(pleats_output_open(ctx, file, &out));
    TRY(open_square(ctx, at, &net, &domain));
    TRY(pleats_survey(ctx, net, domain, NULL, &alone, &survey));
    TRY(pleats_survey_draw(ctx, &survey, NULL, out));
    TRY(pleats_output_commit(ctx, out));
done:
    pleats_output_free(ctx, out);
    unlink(file);
    unlink(path);
    pleats_survey_result_clear(ctx, &survey);
    pleats_domain_free(ctx, domain);
    pleats_net_free(ctx, net);
    return status;
}

TEST_OF(hulls)
TEST_OF(balls)
TEST_OF(neighbours)
TEST_OF(page)

int main(int argc, char **argv)
{
    places at = {argc > 1 ? argv[1] : ".", argc > 2 ? argv[2] : ""};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_hulls, &at),
        cmocka_unit_test_prestate(test_balls, &at),
        cmocka_unit_test_prestate(test_neighbours, &at),
        cmocka_unit_test_prestate(test_page, &at)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
