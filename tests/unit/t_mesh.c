/* Meshes of levels whose shape everyone knows, and of random networks: what
 * must hold of every mesh is checked from its triangles alone. */
#include "base/perturb.h"
#include "domains.h"
#include "mlp.h"
#include "rng.h"
#include "surface.h"
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what is asked of a mesh ---- */

/* Every corner is at the level, or, with `cap`, on the cube's side and below.
 */
static void check_corners(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_mesh *m, double level, bool cap)
{
    double *scalar = need_memory((size_t)net->n_scalars, sizeof *scalar);
    for (size_t i = 0; i < m->n_corners; i++) {
        const double *x = m->corner + 3 * i;
        need_ok(ctx, pleats_net_evaluate(ctx, net, x, scalar, NULL));
        double off = scalar[net->output[0]] - level;
        double far = fmax(fabs(x[0]), fmax(fabs(x[1]), fabs(x[2])));
        assert_true(far <= 1);
        if (fabs(off) > 1e-10)
            assert_true(cap && off < 0 && far == 1);
    }
    free(scalar);
}

/* The volume of the cube's points below the level, by a grid of n^3. */
static double sampled_volume(pleats_ctx *ctx, const pleats_net *net,
                             double level, int n)
{
    double *scalar = need_memory((size_t)net->n_scalars, sizeof *scalar);
    int below = 0;
    for (int i = 0; i < n * n * n; i++) {
        double x[3] = {(2 * (i % n) + 1.0) / n - 1,
                       (2 * (i / n % n) + 1.0) / n - 1,
                       (2 * (i / n / n) + 1.0) / n - 1};
        need_ok(ctx, pleats_net_evaluate(ctx, net, x, scalar, NULL));
        below += scalar[net->output[0]] < level;
    }
    free(scalar);
    return 8.0 * below / n / n / n;
}

static pleats_mesh mesh_of(pleats_ctx *ctx, const pleats_net *net, double level,
                           bool cap)
{
    pleats_mesh m;
    pleats_domain *cube = domain_boxes(ctx, 3, "-1 1 -1 1 -1 1");
    need_ok(ctx, pleats_mesh_level(ctx, net, cube, 0, level, cap, &m));
    pleats_domain_clear(ctx, cube);
    check_corners(ctx, net, &m, level, cap);
    return m;
}

/* The closed mesh has this Euler characteristic, volume and area. */
static void expect(pleats_ctx *ctx, const pleats_net *net, double level,
                   int64_t euler, double v, double a)
{
    pleats_mesh m = mesh_of(ctx, net, level, true);
    assert_int_equal(surface_euler(&m), euler);
    assert_true(fabs(surface_volume(&m) - v) < 1e-12);
    assert_true(fabs(surface_area(&m) - a) < 1e-12);
    pleats_mesh_clear(ctx, &m);
}

/* The open one has this area, and as many edges in one triangle. */
static void expect_open(pleats_ctx *ctx, const pleats_net *net, double level,
                        double a, size_t single)
{
    size_t found;
    pleats_mesh m = mesh_of(ctx, net, level, false);
    (void)surface_edges(&m, &found);
    assert_int_equal(found, single);
    assert_true(fabs(surface_area(&m) - a) < 1e-12);
    pleats_mesh_clear(ctx, &m);
}

static void expect_refusal(pleats_ctx *ctx, const pleats_net *net,
                           pleats_domain *domain, pleats_idx output,
                           double level, const char *part)
{
    pleats_mesh m;
    assert_int_equal(
        pleats_mesh_level(ctx, net, domain, output, level, true, &m),
        PLEATS_INVALID);
    if (!strstr(pleats_ctx_message(ctx), part))
        print_error("%s\n", pleats_ctx_message(ctx));
    /* Values at corners in doubles, where these are not moved. */
    if (!PLEATS_PERTURB)
        assert_non_null(strstr(pleats_ctx_message(ctx), part));
    assert_null(m.corner);
    pleats_domain_clear(ctx, domain);
}

static pleats_domain *cube(pleats_ctx *ctx)
{
    return domain_boxes(ctx, 3, "-1 1 -1 1 -1 1");
}

/* ---- networks ---- */

/* sum_i w_i g_i(row_i . (x, 1)) + bias with one activation. */
static pleats_net *layer_net(pleats_ctx *ctx, int32_t n, activation act,
                             const double *rows, const double *weight,
                             double bias)
{
    mlp m;
    mlp_init(&m, 2, (int32_t[]){3, n, 1});
    m.activation[0] = act;
    for (int32_t i = 0; i < n; i++) {
        memcpy(mlp_row(&m, 0, i), rows + 4 * i, 3 * sizeof *rows);
        m.bias[0][i] = rows[4 * i + 3];
        m.weight[1][i] = weight[i];
    }
    m.bias[1][0] = bias;
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

/* The maximum (minimum) of the outputs of m. */
static pleats_net *extremum_of(pleats_ctx *ctx, const mlp *m, bool is_min)
{
    pleats_net *net = mlp_build(ctx, m);
    pleats_idx n = m->width[m->n_layers], at, *in, start[2] = {0, n};
    in = need_memory((size_t)n, sizeof *in);
    memcpy(in, net->output, (size_t)n * sizeof *in);
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, is_min, 1, start, in, &at));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &at));
    free(in);
    return net;
}

static const double axes[12] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

/* ---- shapes ---- */

/* max |x_i|: a cube of side 2 r. */
static void cubes(void **state)
{
    pleats_ctx *ctx = *state;
    mlp m;
    mlp_init(&m, 2, (int32_t[]){3, 3, 3});
    m.activation[0] = ACT_ABS;
    for (int32_t i = 0; i < 3; i++)
        mlp_row(&m, 0, i)[i] = mlp_row(&m, 1, i)[i] = 1;
    pleats_net *net = extremum_of(ctx, &m, false);
    for (int i = 1; i < 4; i++) {
        double r = i / 4.0;
        expect(ctx, net, r, 2, 8 * r * r * r, 24 * r * r);
        expect_open(ctx, net, r, 24 * r * r, 0);
    }
    expect_refusal(ctx, net, cube(ctx), 0, 0, "between 0 and 1");
    expect_refusal(ctx, net, cube(ctx), 0, 1, "never crossed");
    expect_refusal(ctx, net, cube(ctx), 0, -1, "never crossed");
    pleats_net_clear(ctx, net);
    mlp_clear(&m);
}

/* |x| + |y| + |z|: an octahedron, cut off by the cube from 1 on. */
static void octahedra(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = layer_net(ctx, 3, ACT_ABS, axes, (double[]){1, 1, 1}, 0);
    for (int i = 1; i <= 4; i++) {
        double r = i / 4.0;
        pleats_mesh m = mesh_of(ctx, net, r, i % 2);
        assert_int_equal(m.n_corners, 6);
        assert_int_equal(m.n_triangles, 8);
        pleats_mesh_clear(ctx, &m);
        expect(ctx, net, r, 2, 4 * r * r * r / 3, 4 * sqrt(3) * r * r);
    }
    /* the cube without its eight corners, of which the open mesh is */
    expect(ctx, net, 2, 2, 8 - 8 / 6.0, 24 - 12 + 4 * sqrt(3));
    expect_open(ctx, net, 2, 4 * sqrt(3), 24);
    pleats_net_clear(ctx, net);
}

/* A network without units: a plane. */
static void planes(void **state)
{
    pleats_ctx *ctx = *state;
    mlp m;
    mlp_init(&m, 1, (int32_t[]){3, 1});
    memcpy(m.weight[0], (double[]){1, 1, 1}, 3 * sizeof(double));
    pleats_net *net = mlp_build(ctx, &m);
    expect(ctx, net, 0, 2, 4, 12 + 3 * sqrt(3));
    expect_open(ctx, net, 0, 3 * sqrt(3), 6);
    /* through three corners, and next to one */
    expect(ctx, net, -1, 2, 8 / 6.0, 6 + 2 * sqrt(3));
    expect_open(ctx, net, -1, 2 * sqrt(3), 3);
    expect_open(ctx, net, 3 - 0x1p-40, 0, 3);
    expect_refusal(ctx, net, cube(ctx), 0, 3, "between -3 and 3");
    expect_refusal(ctx, net, cube(ctx), 1, 0, "no output 1");
    expect_refusal(ctx, net, cube(ctx), -1, 0, "no output -1");
    expect_refusal(ctx, net, cube(ctx), 0, NAN, "not finite");
    expect_refusal(ctx, net, domain_all(ctx, 3), 0, 0, "bounded");
    expect_refusal(ctx, net, domain_boxes(ctx, 2, "-1 1 -1 1"), 0, 0, "inputs");
    expect_refusal(ctx, net, domain_boxes(ctx, 3, "-1 1 -1 1 0 0"), 0, 0,
                   "dimension 2");
    expect_refusal(ctx, net, domain_boxes(ctx, 3, "-1 1 -1 1 0 1; 2 3 2 3 2 3"),
                   0, 0, "union of 2");
    pleats_net_clear(ctx, net);
    mlp_clear(&m);
}

/* The level holds a facet, or a cell, or comes to one from below only. */
static void flat_parts(void **state)
{
    pleats_ctx *ctx = *state;
    const double minus[2] = {-1, -1};
    const double same[8] = {1, 0, 0, 0, 1, 0, 0, 0};
    pleats_net *net = layer_net(ctx, 1, ACT_RELU, axes, minus, 0);
    expect(ctx, net, 0, 2, 4, 16); /* x > 0 */
    expect_open(ctx, net, 0, 4, 4);
    pleats_net_clear(ctx, net);
    net = layer_net(ctx, 2, ACT_RELU, same, minus, 0);
    expect(ctx, net, 0, 2, 4, 16);
    pleats_net_clear(ctx, net);
    net = layer_net(ctx, 1, ACT_RELU, axes, (double[]){1}, 0);
    expect_refusal(ctx, net, cube(ctx), 0, 0, "between 0 and 1");
    pleats_net_clear(ctx, net);
    net = layer_net(ctx, 1, ACT_ABS, axes, minus, 0);
    expect_refusal(ctx, net, cube(ctx), 0, 0, "between -1 and 0");
    pleats_net_clear(ctx, net);
    net = layer_net(ctx, 2, ACT_ABS, axes, minus, 0);
    expect_refusal(ctx, net, cube(ctx), 0, 0, "between -2 and 0");
    pleats_net_clear(ctx, net);
}

/* Sheets that touch along an edge, or in a point, are apart. */
static void pinched_edges(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = layer_net(ctx, 2, ACT_ABS, axes, (double[]){1, -1}, 0);
    expect(ctx, net, 0, 4, 4, 2 * (4 + 2 + 4 * sqrt(2)));
    expect_open(ctx, net, 0, 8 * sqrt(2), 12);
    pleats_net_clear(ctx, net);
    /* |x| + |y| < |z|: two pyramids, touching in a point */
    net = layer_net(ctx, 3, ACT_ABS, axes, (double[]){1, 1, -1}, 0);
    expect(ctx, net, 0, 4, 2 * 2 / 3.0, 2 * (2 + 2 * sqrt(3)));
    pleats_net_clear(ctx, net);
}

/* -relu(x) - relu(min(-x, y)) < 0 where x > 0 or y > 0: of the facets with
 * x = 0 those with y > 0 are inside. */
static void facets_inside(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_net *net = NULL;
    const pleats_idx start[2] = {0, 2};
    pleats_idx at, low, unit, in[2];
    need_ok(ctx, pleats_net_new(ctx, 3, &net));
    need_ok(ctx,
            pleats_net_add_dense(ctx, net, NULL, 2, 3, (pleats_idx[]){0, 1, 2},
                                 (double[]){-1, 0, 0, 0, 1, 0}, NULL, &at));
    need_ok(ctx, pleats_net_add_max(ctx, net, NULL, true, 1, start,
                                    (pleats_idx[]){at, at + 1}, &low));
    in[0] = 0;
    in[1] = low;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 2, in, 1,
                                   activation_function(ACT_RELU), NULL, &unit));
    in[0] = unit;
    in[1] = unit + 1;
    need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, 1, 2, in,
                                      (double[]){-1, -1}, NULL, &at));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &at));
    expect(ctx, net, 0, 2, 6, 6 + 8 + 8);
    expect_open(ctx, net, 0, 4, 0 + 2 + 2 + 2);
    pleats_net_clear(ctx, net);
}

/* ---- random networks ---- */

static void randomise(rng *r, mlp *m, bool coarse)
{
    for (int32_t l = 0; l < m->n_layers; l++) {
        size_t n = (size_t)m->width[l + 1];
        m->activation[l] = (activation)rng_int(r, 0, N_ACTIVATIONS - 1);
        for (size_t i = 0; i < n * (size_t)m->width[l]; i++)
            m->weight[l][i] = coarse ? rng_int(r, -1, 1) : rng_real(r, 24);
        for (size_t i = 0; i < n; i++)
            m->bias[l][i] =
                coarse ? rng_int(r, -1, 1) / 2.0 : rng_real(r, 24) / 2;
    }
}

/* A closed and an open mesh of the level, which may be crossed nowhere. */
static bool check_random(pleats_ctx *ctx, const pleats_net *net, double level)
{
    pleats_mesh m, open;
    size_t single;
    pleats_domain *domain = cube(ctx);
    pleats_status status =
        pleats_mesh_level(ctx, net, domain, 0, level, true, &m);
    if (status != PLEATS_INVALID) {
        need_ok(ctx, status);
        check_corners(ctx, net, &m, level, true);
        (void)surface_euler(&m);
        double v = sampled_volume(ctx, net, level, 32);
        assert_true(fabs(surface_volume(&m) - v) <
                    surface_area(&m) / 32 + 1e-9);
        need_ok(ctx,
                pleats_mesh_level(ctx, net, domain, 0, level, false, &open));
        (void)surface_edges(&open, &single);
        check_corners(ctx, net, &open, level, false);
        assert_true(surface_area(&open) <= surface_area(&m) + 1e-9);
        pleats_mesh_clear(ctx, &open);
    } else {
        assert_non_null(strstr(pleats_ctx_message(ctx), "never crossed"));
    }
    pleats_mesh_clear(ctx, &m);
    pleats_domain_clear(ctx, domain);
    return status == PLEATS_OK;
}

static void random_networks(void **state)
{
    pleats_ctx *ctx = *state;
    const uint64_t n = n_cases(60);
    const uint64_t first = number_from_environment("PLEATS_TEST_SEED", 1);
    uint64_t n_crossed = 0;
    for (uint64_t i = first; i < first + n; i++) {
        rng r = {i};
        bool coarse = rng_one_in(&r, 2), max = rng_one_in(&r, 2);
        int32_t layers = rng_int(&r, 1, 3), width[4] = {3};
        mlp m;
        for (int32_t l = 1; l < layers; l++)
            width[l] = rng_int(&r, 2, coarse ? 4 : 6);
        width[layers] = max ? rng_int(&r, 2, 4) : 1;
        mlp_init(&m, layers, width);
        randomise(&r, &m, coarse);
        pleats_net *net =
            max ? extremum_of(ctx, &m, rng_one_in(&r, 2)) : mlp_build(ctx, &m);
        double level = rng_int(&r, -2, 2) / 4.0;
        if (number_from_environment("PLEATS_TEST_SHOW", 0))
            print_message("seed %ju\n", (uintmax_t)i);
        n_crossed += check_random(ctx, net, level);
        pleats_net_clear(ctx, net);
        mlp_clear(&m);
    }
    assert_true(n < 20 || n_crossed > n / 4);
}

/* ---- files ---- */

static size_t read_file(const char *path, char *text, size_t most)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, most - 1, file);
    fclose(file);
    text[n] = 0;
    return n;
}

typedef pleats_status write_mesh(pleats_ctx *ctx, const pleats_mesh *mesh,
                                 pleats_output *out);

static void write_file(pleats_ctx *ctx, const pleats_mesh *mesh,
                       const char *path, write_mesh *write)
{
    pleats_output *out = NULL;
    need_ok(ctx, pleats_output_open(ctx, path, &out));
    need_ok(ctx, write(ctx, mesh, out));
    need_ok(ctx, pleats_output_commit(ctx, out));
    pleats_output_free(ctx, out);
}

static void files(void **state)
{
    pleats_ctx *ctx = *state;
    char path[] = "/tmp/pleats_mesh_XXXXXX", text[4096];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    pleats_net *net = layer_net(ctx, 3, ACT_ABS, axes, (double[]){1, 1, 1}, 0);
    pleats_mesh m = mesh_of(ctx, net, 0.5, true);
    write_file(ctx, &m, path, pleats_mesh_write_obj);
    (void)read_file(path, text, sizeof text);
    assert_memory_equal(text, "# 6 corners, 8 triangles\nv ", 27);
    size_t n_faces = 0;
    for (const char *c = text; (c = strstr(c, "\nf ")); c++)
        n_faces++;
    assert_int_equal(n_faces, 8);
    write_file(ctx, &m, path, pleats_mesh_write_ply);
    size_t n = read_file(path, text, sizeof text);
    const char *data = strstr(text, "end_header\n");
    assert_non_null(data);
    data += strlen("end_header\n");
    assert_int_equal(n - (size_t)(data - text), 6 * 24 + 8 * 13);
    assert_memory_equal(data, m.corner, 6 * 24);
    assert_int_equal(unlink(path), 0);
    pleats_mesh_clear(ctx, &m);
    pleats_net_clear(ctx, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(cubes, ctx),
        cmocka_unit_test_prestate(octahedra, ctx),
        cmocka_unit_test_prestate(planes, ctx),
        cmocka_unit_test_prestate(flat_parts, ctx),
        cmocka_unit_test_prestate(pinched_edges, ctx),
        cmocka_unit_test_prestate(facets_inside, ctx),
        cmocka_unit_test_prestate(random_networks, ctx),
        cmocka_unit_test_prestate(files, ctx),
    };
    return RUN(tests, ctx);
}
