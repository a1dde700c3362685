/* The ONNX writer: what was written and read again is the same function with
 * the same regions.  Arguments: folders of .onnx files. */
#include "unit.h"

#include "counts.h"
#include "cube.h"
#include "onnx/onnx.h"
#include "onnx_write/write.h"
#include "pleats/make.h"
#include "rng.h"
#include "spec/spec.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { N_POINTS = 16, PATH_BYTES = 4096 };

typedef struct {
    pleats_ctx *ctx;
    int n_folders;
    char **folder;
} context;

static pleats_net *round_trip(pleats_ctx *ctx, const pleats_net *net)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    pleats_net *read = NULL;
    need_ok(ctx, pleats_onnx_print(ctx, net, &bytes, &n));
    need_ok(ctx, pleats_onnx_parse(ctx, bytes, n, NULL, NULL, &read));
    pleats_release(ctx, bytes);
    return read;
}

/* Both networks at random points; the sums may be rounded in another order. */
static void check_same_function(pleats_ctx *ctx, const char *name,
                                const pleats_net *a, const pleats_net *b)
{
    rng r = {.state = 7};
    double *x = need_memory((size_t)a->n_inputs, sizeof *x);
    double *y = need_memory((size_t)a->n_outputs, sizeof *y);
    double *z = need_memory((size_t)a->n_outputs, sizeof *z);
    if (a->n_inputs != b->n_inputs || a->n_outputs != b->n_outputs)
        fail_msg("%s: %d -> %d became %d -> %d", name, a->n_inputs,
                 a->n_outputs, b->n_inputs, b->n_outputs);
    for (int k = 0; k < N_POINTS; k++) {
        for (int32_t i = 0; i < a->n_inputs; i++)
            x[i] = rng_real(&r, 40) * (k % 2 ? 1 : 5);
        need_ok(ctx, pleats_net_eval(ctx, a, x, y, NULL));
        need_ok(ctx, pleats_net_eval(ctx, b, x, z, NULL));
        for (int32_t i = 0; i < a->n_outputs; i++)
            if (!(fabs(y[i] - z[i]) <= 1e-12 * (1 + fabs(y[i]))))
                fail_msg("%s: output %d is %.17g, was %.17g", name, i, z[i],
                         y[i]);
    }
    free(x);
    free(y);
    free(z);
}

static counts count_on_box(pleats_ctx *ctx, const pleats_net *net)
{
    pleats_domain *box = cube(ctx, net->n_inputs, "-1 3");
    counts c = count_net(ctx, net, box, net->n_inputs <= 2, false);
    pleats_domain_clear(ctx, box);
    return c;
}

static void check_same_counts(pleats_ctx *ctx, const char *name,
                              const pleats_net *a, const pleats_net *b)
{
    counts was = count_on_box(ctx, a), is = count_on_box(ctx, b);
    if (!counts_are_equal(was, is) || is.dimension == NO_COUNT)
        fail_msg("%s: %zu regions, %zu pieces, %zu maps became %zu, %zu, %zu",
                 name, was.regions, was.pieces, was.maps, is.regions, is.pieces,
                 is.maps);
}

static pleats_net *random_net(pleats_ctx *ctx, const char *text, uint64_t seed)
{
    const pleats_init init = {.seed = seed};
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_net_random(ctx, spec, &init, &net));
    pleats_spec_clear(ctx, spec);
    return net;
}

/* `ops` are the operators that the file must consist of, or NULL. */
static const struct {
    const char *spec, *ops;
} specs[] = {
    {"mlp:2,6,6,1", "Gemm Relu Gemm Relu Gemm "},
    {"mlp:2,5,5,2:leakyrelu", "Gemm LeakyRelu Gemm LeakyRelu Gemm "},
    {"mlp:2,4,4,1:abs", "Gemm Abs Gemm Abs Gemm "},
    {"mlp:2,4,4,1:hardtanh", "Gemm Clip Gemm Clip Gemm "},
    {"cnn:in=2/fc=4/relu6/fc=3/pl=2/fc=1", "Gemm Clip Gemm LeakyRelu Gemm "},
    {"cnn:in=2/fc=4/pl=5/fc=1", NULL},
    {"cnn:in=2/fc=6/maxout=3/fc=4/maxout=2", "Gemm ReduceMax Gemm ReduceMax "},
    {"cnn:in=1x4/conv=2@2,p=1/relu/maxpool=3,s=2,p=1/flatten/fc=1",
     "Conv Relu MaxPool Gemm "},
    {"cnn:in=1x6/conv=3@3,s=2/relu/conv=2@2,nobias/relu/flatten/fc=2",
     "Conv Relu Conv Relu Gemm "},
    {"cnn:in=1x3x3/relu/maxpool=2,s=1/flatten/fc=1", "Relu MaxPool Gemm "},
    {"cnn:in=1x3x4/avgpool=3x2,s=1,p=1/relu/fc=1", "AveragePool Relu Gemm "},
    {"cnn:in=2x2x3/conv=2@2x3,p=1x0,g=2/relu/avgpool=2x1/flatten/fc=1",
     "Conv Relu AveragePool Gemm "},
    {"cnn:in=1x6/conv=2@2,d=2/relu/gap/flatten/fc=1",
     "Conv Relu AveragePool Gemm "},
    {"cnn:in=1x4/conv=3@2/bn/relu/flatten/fc=1",
     "Conv BatchNormalization Relu Gemm "},
    {"cnn:in=1x4/res{conv=1@3,p=1/relu}/conv=2@2/relu/flatten/fc=1",
     "Conv Relu Add Conv Relu Gemm "},
    {"cnn:in=1x2x2x2/conv=2@2x1x2/relu/flatten/fc=1", "Conv Relu Gemm "},
};
enum { N_SPECS = sizeof specs / sizeof *specs };

static void check_ops(const char *name, const char *ops, const pleats_net *net)
{
    char text[256] = "";
    size_t used = 0;
    for (int32_t i = 0; ops && i < net->n_steps && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s ",
                                 net->step[i].op);
    if (ops && strcmp(ops, text) != 0)
        fail_msg("%s: written as %snot %s", name, text, ops);
}

static void test_specs(void **state)
{
    pleats_ctx *ctx = ((context *)*state)->ctx;
    for (int i = 0; i < N_SPECS; i++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            const char *text = specs[i].spec;
            pleats_net *net = random_net(ctx, text, seed);
            pleats_net *read = round_trip(ctx, net);
            check_ops(text, specs[i].ops, read);
            if (specs[i].ops)
                assert_int_equal(read->n_units, net->n_units);
            check_same_function(ctx, text, net, read);
            check_same_counts(ctx, text, net, read);
            pleats_net_clear(ctx, net);
            pleats_net_clear(ctx, read);
        }
}

/* Every model of the reader's tests. */
static void test_files(void **state)
{
    const context *c = *state;
    int n_files = 0;
    for (int i = 0; i < c->n_folders; i++) {
        DIR *folder = opendir(c->folder[i]);
        assert_non_null(folder);
        for (struct dirent *e; (e = readdir(folder));) {
            char path[PATH_BYTES];
            const char *end = strrchr(e->d_name, '.');
            const pleats_load_options options = {.logits = true};
            pleats_net *net = NULL;
            snprintf(path, sizeof path, "%s/%s", c->folder[i], e->d_name);
            if (!end || strcmp(end, ".onnx") != 0 ||
                pleats_net_load(c->ctx, path, &options, &net) != PLEATS_OK)
                continue;
            pleats_net *read = round_trip(c->ctx, net);
            check_same_function(c->ctx, path, net, read);
            /* Masks leave units that nothing reads, which are not written. */
            bool has_masks = strncmp(e->d_name, "jump_", 5) == 0;
            if (net->n_inputs <= 4 && net->n_units <= 12 && !has_masks)
                check_same_counts(c->ctx, path, net, read);
            pleats_net_clear(c->ctx, net);
            pleats_net_clear(c->ctx, read);
            n_files++;
        }
        closedir(folder);
    }
    assert_true(n_files > 100);
}

static int n_entries(const char *path)
{
    int n = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n - 2;
}

/* A write that breaks off leaves the old file as it was, and nothing else. */
static void check_full_disk(pleats_ctx *ctx, const char *folder,
                            const char *path)
{
    struct rlimit usual, small = {.rlim_cur = 64};
    pleats_net *net = random_net(ctx, "mlp:2,9,1", 5), *read = NULL;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small.rlim_max = usual.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(pleats_net_save(ctx, net, path), PLEATS_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_non_null(strstr(pleats_ctx_message(ctx), "cannot write"));
    assert_int_equal(n_entries(folder), 1);
    need_ok(ctx, pleats_net_load(ctx, path, NULL, &read));
    assert_int_equal(read->n_units, 4);
    pleats_net_clear(ctx, net);
    pleats_net_clear(ctx, read);
}

/* A file takes the place of an old one; a failed write leaves nothing. */
static void test_save(void **state)
{
    pleats_ctx *ctx = ((context *)*state)->ctx;
    char folder[] = "/tmp/pleats-t_write-XXXXXX", path[PATH_BYTES];
    char beyond[PATH_BYTES];
    pleats_net *net = NULL, *read = NULL;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/net.onnx", folder);
    snprintf(beyond, sizeof beyond, "%s/none/net.onnx", folder);
    for (uint64_t seed = 0; seed < 2; seed++) {
        net = random_net(ctx, "mlp:2,4,1", seed);
        need_ok(ctx, pleats_net_save(ctx, net, path));
        need_ok(ctx, pleats_net_load(ctx, path, NULL, &read));
        check_same_function(ctx, path, net, read);
        assert_int_equal(n_entries(folder), 1);
        pleats_net_clear(ctx, read);
        assert_int_equal(pleats_net_save(ctx, net, beyond), PLEATS_IO);
        assert_non_null(strstr(pleats_ctx_message(ctx), "cannot write"));
        assert_int_equal(pleats_net_save(ctx, net, folder), PLEATS_IO);
        assert_int_equal(n_entries(folder), 1);
        pleats_net_clear(ctx, net);
    }
    check_full_disk(ctx, folder, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* Functions of one scalar: what is written, or why not.  The last one's pieces
 * meet at 0.1, where no double says so exactly. */
static void test_functions(void **state)
{
    const struct {
        pleats_pl f;
        const char *ops; /* NULL: refused */
    } cases[] = {
        {{1, (double[]){0}, (double[]){0.1, 1}, (double[]){0, 0}}, "PRelu "},
        {{1, (double[]){0}, (double[]){0.25, 1}, (double[]){0, 0}},
         "LeakyRelu "},
        {{1, (double[]){2}, (double[]){1, 0}, (double[]){0, 2}}, "Clip "},
        {{1, (double[]){2}, (double[]){0, 1}, (double[]){2, 0}}, "Clip "},
        {{1, (double[]){0}, (double[]){0, 3}, (double[]){0, 0}},
         "Mul Relu Mul Add "},
        {{0, NULL, (double[]){3}, (double[]){2}}, "Mul Add "},
        {{2, (double[]){-1, 1}, (double[]){-1, 0, 1}, (double[]){-1, 0, -1}},
         "Mul Add Sub Relu Add Sub Relu Add "},
        {{1, (double[]){0.1}, (double[]){0.3, 0.7}, (double[]){0, -0.04}},
         NULL}};
    pleats_ctx *ctx = ((context *)*state)->ctx;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char *bytes = NULL;
        size_t n = 0;
        pleats_net *net = NULL;
        pleats_idx at = 0;
        need_ok(ctx, pleats_net_new(ctx, 1, &net));
        need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &at, 1, &cases[i].f,
                                       NULL, &at));
        need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &at));
        if (cases[i].ops) {
            pleats_net *read = round_trip(ctx, net);
            check_ops("a function", cases[i].ops, read);
            check_same_function(ctx, "a function", net, read);
            pleats_net_clear(ctx, read);
        } else {
            assert_int_equal(pleats_onnx_print(ctx, net, &bytes, &n),
                             PLEATS_INVALID);
            assert_null(bytes);
        }
        pleats_net_clear(ctx, net);
    }
}

int main(int argc, char **argv)
{
    context c = {need_ctx(), argc - 1, argv + 1};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_specs, &c),
        cmocka_unit_test_prestate(test_files, &c),
        cmocka_unit_test_prestate(test_functions, &c),
        cmocka_unit_test_prestate(test_save, &c)};
    return RUN(tests, c.ctx);
}
