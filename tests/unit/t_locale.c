/* A host program may have called setlocale: what is read and written is the
 * same as in the C locale, byte for byte.  The locales are made here, with
 * decimal points of one byte (German) and of two (Pashto).
 *
 * t_locale MODEL: an ONNX file with two inputs and one output. */
#include "folder.h"
#include "unit.h"

#include "pleats/draw.h"
#include "pleats/estimate.h"
#include "pleats/local.h"
#include "pleats/make.h"
#include "pleats/pleats.h"

#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, PATH_BYTES = 256, ALL_BYTES = 1 << 22 };

static const char *folder;
static const char *model;

/* All that came out, one after another, of a run in a process of its own, in
 * memory of both: cairo counts what it writes. */
typedef struct {
    size_t n;
    char bytes[ALL_BYTES];
} outcome;
static outcome *now;

static void note_bytes(const char *bytes, size_t n)
{
    assert_true(now->n + n < ALL_BYTES);
    memcpy(now->bytes + now->n, bytes, n);
    now->n += n;
}

static void note(const char *text)
{
    note_bytes(text, strlen(text) + 1);
}

static void note_message(const pleats_ctx *ctx)
{
    const char *text = pleats_ctx_message(ctx);
    assert_true(strlen(text) > 0);
    note(text);
}

static void note_file(const char *name)
{
    static char bytes[1 << 20];
    int fd = open(in_folder(name), O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = 0, got;
    while ((got = read(fd, bytes + n, sizeof bytes - (size_t)n)) > 0)
        n += got;
    close(fd);
    assert_true(n > 0);
    note_bytes(bytes, (size_t)n);
    unlink(in_folder(name));
}

static const char *put(const char *name, const char *text)
{
    const char *path = in_folder(name);
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
    return path;
}

static void note_count(pleats_ctx *ctx, const pleats_net *net,
                       pleats_domain *domain)
{
    pleats_count_result result = {0};
    note(pleats_domain_text(domain));
    need_ok(ctx, pleats_count(ctx, net, domain, NULL, NULL, &result));
    note(result.regions);
    pleats_count_result_clear(ctx, &result);
    pleats_domain_free(ctx, domain);
}

static void read_domains(pleats_ctx *ctx, const pleats_net *net)
{
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-0.75",
                                    "1.5e-1", &d));
    note_count(ctx, net, d);
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net),
                                    "-123456789012345678901.5", "0.1", &d));
    note_count(ctx, net, d);
    need_ok(ctx, pleats_domain_box_file(
                     ctx, pleats_net_n_inputs(net),
                     put("b.json", "{\"lo\": [-0.75, \"-1.5\"], \"hi\": [0.25, "
                                   "1.5e0]}"),
                     &d));
    note_count(ctx, net, d);
    need_ok(ctx, pleats_domain_line_file(
                     ctx, pleats_net_n_inputs(net),
                     put("l.json", "{\"origin\": [0.5, 0.125], \"u\": [0.5, "
                                   "1.25], \"range\": [-1.5, 1.5]}"),
                     &d));
    note_count(ctx, net, d);
    need_ok(ctx, pleats_domain_polytope_file(
                     ctx, pleats_net_n_inputs(net),
                     put("p.json", "{\"A\": [[0.5, 1.5], [-1.5, 0], [0, -1]], "
                                   "\"b\": [0.5, 0.75, 0.25]}"),
                     &d));
    note_count(ctx, net, d);
    need_ok(ctx, pleats_domain_vnnlib_file(
                     ctx, pleats_net_n_inputs(net),
                     put("v.vnnlib",
                         "(declare-const X_0 Real)(declare-const X_1 Real)"
                         "(assert (and (<= X_0 0.5) (>= X_0 -1.25e0)"
                         "(<= (* 1.5 X_1) .5) (>= X_1 -.5)))"),
                     &d));
    note_count(ctx, net, d);
    const char *names[] = {"b.json", "l.json", "p.json", "v.vnnlib"};
    for (size_t i = 0; i < 4; i++)
        unlink(in_folder(names[i]));
}

static void read_rows(pleats_ctx *ctx, const pleats_net *net)
{
    pleats_rows *rows = NULL;
    pleats_domain *d = NULL;
    const int64_t index[] = {0, 1};
    need_ok(ctx, pleats_rows_read(
                     ctx, put("r.json", "[[0.25, -1.75], [1.5e-1, 0.5]]"), 2,
                     &rows));
    assert_true(pleats_rows_row(rows, 0)[0] == 0.25);
    assert_true(pleats_rows_row(rows, 0)[1] == -1.75);
    need_ok(ctx, pleats_domain_rows(ctx, rows, 2, index, "-0.5", "1.5", &d));
    pleats_draw_result result = {0};
    need_ok(ctx, pleats_draw(ctx, net, d, NULL, NULL, in_folder("line.svg"),
                             &result));
    pleats_draw_result_clear(ctx, &result);
    note_file("line.svg");
    note_count(ctx, net, d);
    pleats_rows_free(ctx, rows);
    unlink(in_folder("r.json"));
}

static void read_models(pleats_ctx *ctx)
{
    pleats_net *net = NULL;
    const double x[] = {0.5};
    double y = 0;
    need_ok(ctx, pleats_net_load(ctx,
                                 put("n.nnet", "// 1.5\n2,1,1,1,\n1,1,1,\n0,\n"
                                               "-1.5,\n1.5,\n0.5,0.5,\n1.5,"
                                               "1.5,\n1.25,\n0.5,\n2.5,\n.75,"
                                               "\n"),
                                 NULL, &net));
    need_ok(ctx, pleats_net_eval(ctx, net, x, &y, NULL));
    assert_true(y == 2.5 * (1.25 * 0.5 + 0.5) + 0.75);
    pleats_net_free(ctx, net);
    unlink(in_folder("n.nnet"));
}

static void write_pictures(pleats_ctx *ctx, const pleats_net *net)
{
    static const char *const name[] = {"a.svg", "a.png", "a.html", "h.svg"};
    pleats_domain *d = NULL;
    pleats_draw_result result = {0};
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1.25",
                                    "1.5", &d));
    for (size_t i = 0; i < 4; i++) {
        const pleats_draw_options options = {
            .colour = i == 1 ? PLEATS_DRAW_OUTPUT : PLEATS_DRAW_GRADIENT,
            .histogram =
                i == 3 ? PLEATS_HISTOGRAM_AREA : PLEATS_HISTOGRAM_NONE};
        need_ok(ctx, pleats_draw(ctx, net, d, &options, NULL,
                                 in_folder(name[i]), &result));
        pleats_draw_result_clear(ctx, &result);
        note_file(name[i]);
    }
    const pleats_draw_options far = {.has_level = true, .level = 12345.5};
    assert_int_equal(
        pleats_draw(ctx, net, d, &far, NULL, in_folder("a.svg"), &result),
        PLEATS_INVALID);
    note_message(ctx);
    pleats_draw_result_clear(ctx, &result);
    pleats_domain_free(ctx, d);
}

static void write_meshes(pleats_ctx *ctx)
{
    static const char *const name[] = {"m.obj", "m.ply"};
    const pleats_init init = {.seed = 3};
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    pleats_domain *d = NULL;
    pleats_draw_result result = {0};
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:3,6,1", &spec));
    need_ok(ctx, pleats_net_random(ctx, spec, &init, &net));
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1.5",
                                    "1.5", &d));
    const double x[] = {0.25, 0.5, -0.5};
    double level = 0;
    need_ok(ctx, pleats_net_eval(ctx, net, x, &level, NULL));
    const pleats_draw_options options = {.has_level = true, .level = level};
    for (size_t i = 0; i < 2; i++) {
        need_ok(ctx, pleats_draw(ctx, net, d, &options, NULL,
                                 in_folder(name[i]), &result));
        pleats_draw_result_clear(ctx, &result);
        note_file(name[i]);
    }
    need_ok(ctx, pleats_net_save(ctx, net, in_folder("m.onnx")));
    note_file("m.onnx");
    pleats_domain_free(ctx, d);
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
}

static void write_figure(pleats_ctx *ctx)
{
    const char *report =
        put("f.json",
            "{\"schema\": \"pleats/1\", \"verb\": \"compare\", \"rows\": "
            "[{\"spec\": \"mlp:2,3,1\", \"parameters\": 13, \"depth\": 1, "
            "\"exact\": \"7\"}]}");
    pleats_figure_result result = {0};
    pleats_output *out = NULL;
    need_ok(ctx, pleats_output_open(ctx, in_folder("f.svg"), &out));
    pleats_status status =
        pleats_draw_figure(ctx, 1, &report, NULL, out, &result);
    if (status == PLEATS_OK)
        status = pleats_output_commit(ctx, out);
    pleats_output_free(ctx, out);
    if (status == PLEATS_OK)
        note_file("f.svg");
    else
        note_message(ctx);
    unlink(report);
}

static void write_texts(pleats_ctx *ctx, const pleats_net *net)
{
    const pleats_estimate_options options = {.exact_time = -1, .sweeps = 600};
    const pleats_limits limits = {.threads = 1};
    pleats_estimate_result result = {0};
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1.25",
                                    "1.5", &d));
    need_ok(ctx,
            pleats_estimate_count(ctx, net, d, &options, &limits, &result));
    note(result.regions);
    note(result.lo);
    note(result.hi);
    assert_non_null(strchr(result.regions, '.'));
    pleats_estimate_result_clear(ctx, &result);
    pleats_domain_free(ctx, d);
    assert_int_equal(
        pleats_domain_cube(ctx, pleats_net_n_inputs(net), "1.5", "0.25", &d),
        PLEATS_INVALID);
    note_message(ctx);
}

static void write_map(pleats_ctx *ctx, const pleats_net *net)
{
    const pleats_local_options options = {.map = true};
    const double x[] = {0.25, 0.5};
    pleats_local_result result = {0};
    pleats_local *local = NULL;
    pleats_domain *d = NULL;
    pleats_output *out = NULL;
    need_ok(ctx, pleats_domain_cube(ctx, pleats_net_n_inputs(net), "-1.25",
                                    "1.5", &d));
    need_ok(ctx, pleats_local_new(ctx, net, d, &local));
    need_ok(ctx, pleats_local_at(ctx, local, x, &options, NULL, &result));
    need_ok(ctx, pleats_output_open(ctx, in_folder("map.npz"), &out));
    need_ok(ctx, pleats_local_write_map(ctx, &result, out));
    need_ok(ctx, pleats_output_commit(ctx, out));
    pleats_output_free(ctx, out);
    assert_int_equal(access(in_folder("map.npz"), R_OK), 0);
    unlink(in_folder("map.npz"));
    pleats_local_result_clear(ctx, &result);
    pleats_local_free(ctx, local);
    pleats_domain_free(ctx, d);
}

static void run_all(pleats_ctx *ctx)
{
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_load(ctx, model, NULL, &net));
    read_domains(ctx, net);
    read_rows(ctx, net);
    read_models(ctx);
    write_pictures(ctx, net);
    write_meshes(ctx);
    write_figure(ctx);
    write_texts(ctx, net);
    write_map(ctx, net);
    pleats_net_free(ctx, net);
}

/* Everything once. */
static outcome *run(pleats_ctx *ctx)
{
    int code = 0;
    now = mmap(NULL, sizeof *now, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(now != MAP_FAILED);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        run_all(ctx);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    return now;
}

/* Makes the locale and takes it for all of the program; false when that is not
 * possible here. */
static bool take_locale(const char *name)
{
    char command[2 * PATH_BYTES], text[8];
    snprintf(command, sizeof command,
             "localedef -c -i %s -f UTF-8 %s/%s.utf8 >/dev/null 2>&1", name,
             folder, name);
    if (system(command) == -1)
        return false;
    snprintf(command, sizeof command, "%s.utf8", name);
    if (!setlocale(LC_ALL, command))
        return false;
    snprintf(text, sizeof text, "%.1f", 0.5);
    return strcmp(text, "0.5") != 0;
}

static void same_in_every_locale(void **state)
{
    static const char *const name[] = {"de_DE", "ps_AF"};
    pleats_ctx *ctx = *state;
    const outcome *want = run(ctx);
    size_t n_taken = 0;
    for (size_t i = 0; i < 2; i++) {
        if (take_locale(name[i])) {
            const outcome *got = run(ctx);
            size_t at = 0;
            n_taken++;
            while (at < want->n && want->bytes[at] == got->bytes[at])
                at++;
            if (at < want->n || got->n != want->n)
                print_error("%s: %.60s\ninstead of %.60s\n", name[i],
                            got->bytes + at - (at < 20 ? at : 20),
                            want->bytes + at - (at < 20 ? at : 20));
            assert_int_equal(at, want->n);
            assert_int_equal(got->n, want->n);
        } else {
            print_message("%s: not tried, localedef does not make it here\n",
                          name[i]);
        }
        setlocale(LC_ALL, "C");
    }
    if (n_taken == 0)
        exit(SKIPPED);
}

int main(int argc, char **argv)
{
    pleats_ctx *ctx = need_ctx();
    model = argc > 1 ? argv[1] : "";
    folder = folder_make();
    assert_int_equal(setenv("LOCPATH", folder, 1), 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(same_in_every_locale, ctx)};
    return RUN(tests, ctx);
}
