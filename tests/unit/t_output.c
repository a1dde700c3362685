/* Files that are written (pleats/output.h): links, modes, devices, pipes, two
 * at once, and what is left after a failure: nothing. */
#include "folder.h"
#include "unit.h"

#include "base/output.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder;

static int n_entries(void)
{
    DIR *dir = opendir(folder);
    int n = 0;
    assert_non_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n - 2;
}

static void put_old(const char *name, mode_t mode)
{
    int fd = open(in_folder(name), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "old", 3), 3);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void expect_text(const char *name, const char *want)
{
    char text[64] = "";
    int fd = open(in_folder(name), O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, text, sizeof text - 1);
    assert_int_equal(n, strlen(want));
    assert_string_equal(text, want);
    close(fd);
}

static mode_t mode_of(const char *name)
{
    struct stat s;
    assert_int_equal(lstat(in_folder(name), &s), 0);
    return s.st_mode;
}

static pleats_output *begin(pleats_ctx *ctx, const char *name, const char *text)
{
    pleats_output *out = NULL;
    need_ok(ctx, pleats_output_open(ctx, in_folder(name), &out));
    need_ok(ctx, pleats_output_write(ctx, out, text, strlen(text)));
    return out;
}

static void end(pleats_ctx *ctx, pleats_output *out)
{
    need_ok(ctx, pleats_output_commit(ctx, out));
    pleats_output_free(ctx, out);
}

static void clean(const char *name)
{
    assert_int_equal(unlink(in_folder(name)), 0);
}

static void new_file_has_the_umask(void **state)
{
    pleats_ctx *ctx = *state;
    mode_t before = umask(027);
    pleats_output *out = begin(ctx, "new", "new");
    assert_int_equal(access(in_folder("new"), F_OK), -1);
    end(ctx, out);
    umask(before);
    expect_text("new", "new");
    assert_int_equal(mode_of("new") & 07777, 0640);
    assert_int_equal(n_entries(), 1);
    clean("new");
}

static void old_file_and_mode_stay(void **state)
{
    pleats_ctx *ctx = *state;
    put_old("a", 0604);
    pleats_output *out = begin(ctx, "a", "new");
    expect_text("a", "old");
    pleats_output_free(ctx, out);
    expect_text("a", "old");
    assert_int_equal(n_entries(), 1);
    end(ctx, begin(ctx, "a", "longer than before"));
    expect_text("a", "longer than before");
    assert_int_equal(mode_of("a") & 07777, 0604);
    assert_int_equal(n_entries(), 1);
    clean("a");
}

static void links_stay(void **state)
{
    pleats_ctx *ctx = *state;
    put_old("target", 0644);
    assert_int_equal(mkdir(in_folder("sub"), 0755), 0);
    assert_int_equal(symlink("../target", in_folder("sub/one")), 0);
    assert_int_equal(symlink("sub/one", in_folder("two")), 0);
    assert_int_equal(symlink("nobody", in_folder("dangling")), 0);
    assert_int_equal(symlink("loop", in_folder("loop")), 0);
    end(ctx, begin(ctx, "two", "through"));
    assert_true(S_ISLNK(mode_of("two")) && S_ISLNK(mode_of("sub/one")));
    assert_true(S_ISREG(mode_of("target")));
    expect_text("target", "through");
    end(ctx, begin(ctx, "dangling", "found"));
    assert_true(S_ISLNK(mode_of("dangling")));
    expect_text("nobody", "found");
    pleats_output *out = NULL;
    assert_int_equal(pleats_output_open(ctx, in_folder("loop"), &out),
                     PLEATS_IO);
    assert_null(out);
    const char *all[] = {"sub/one", "two",  "dangling",
                         "nobody",  "loop", "target"};
    for (size_t i = 0; i < 6; i++)
        clean(all[i]);
    assert_int_equal(rmdir(in_folder("sub")), 0);
    assert_int_equal(n_entries(), 0);
}

/* The name [256] of the only file that ends in .part. */
static void find_part(char *name)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    name[0] = '\0';
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        const size_t n = strlen(e->d_name);
        if (n > 5 && strcmp(e->d_name + n - 5, ".part") == 0)
            memcpy(name, e->d_name, n + 1);
    }
    closedir(dir);
}

/* What has a name from the start: it is beside the old file, may be written at
 * any place, and goes with the output. */
static void kept_file_is_there_at_once(void **state)
{
    pleats_ctx *ctx = *state;
    char part[256];
    for (int commits = 0; commits < 2; commits++) {
        pleats_output *out = NULL;
        put_old("k.h5", 0640);
        need_ok(ctx, pleats_output_open_kept(ctx, in_folder("k.h5"), &out));
        need_ok(ctx, pleats_output_write(ctx, out, "new", 3));
        assert_int_equal(pwrite(pleats_output_file(out), "N", 1, 0), 1);
        assert_int_equal(n_entries(), 2);
        find_part(part);
        assert_memory_equal(part, "k.h5.", 5);
        expect_text(part, "New");
        expect_text("k.h5", "old");
        if (commits)
            need_ok(ctx, pleats_output_commit(ctx, out));
        pleats_output_free(ctx, out);
        expect_text("k.h5", commits ? "New" : "old");
        assert_int_equal(mode_of("k.h5") & 07777, 0640);
        assert_int_equal(n_entries(), 1);
        clean("k.h5");
    }
    pleats_output *stream = NULL;
    need_ok(ctx, pleats_output_open_kept(ctx, "/dev/null", &stream));
    assert_int_equal(pleats_output_file(stream), -1);
    end(ctx, stream);
}

/* The part of a long name that such a file shows leaves room for the rest. */
static void kept_file_of_a_long_name(void **state)
{
    pleats_ctx *ctx = *state;
    char name[256] = "", part[256];
    pleats_output *out = NULL;
    memset(name, 'n', 255);
    need_ok(ctx, pleats_output_open_kept(ctx, in_folder(name), &out));
    need_ok(ctx, pleats_output_write(ctx, out, "long", 4));
    find_part(part);
    expect_text(part, "long");
    end(ctx, out);
    expect_text(name, "long");
    clean(name);
}

/* The later one stays, and neither has bytes of the other. */
static void two_at_once(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_output *one = begin(ctx, "b", "first, and longer"),
                  *two = begin(ctx, "b", "second");
    end(ctx, one);
    expect_text("b", "first, and longer");
    end(ctx, two);
    expect_text("b", "second");
    assert_int_equal(n_entries(), 1);
    clean("b");
}

static void refused(pleats_ctx *ctx, const char *path)
{
    pleats_output *out = NULL;
    assert_int_equal(pleats_output_open(ctx, path, &out), PLEATS_IO);
    assert_null(out);
    assert_non_null(strstr(pleats_ctx_message(ctx), "cannot write "));
    assert_non_null(strstr(pleats_ctx_message(ctx), path));
}

static void paths_that_cannot_be_written(void **state)
{
    pleats_ctx *ctx = *state;
    put_old("file", 0644);
    refused(ctx, folder);
    refused(ctx, in_folder("none/x"));
    refused(ctx, in_folder("file/x"));
    refused(ctx, in_folder("x/"));
    refused(ctx, "");
    refused(ctx, "/dev/fd/999");
    refused(ctx, "/proc/version");
    assert_int_equal(n_entries(), 1);
    clean("file");
}

/* Bytes come as they are written, and the pipe stays. */
static void pipes(void **state)
{
    pleats_ctx *ctx = *state;
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    enum { N = 300000 };
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char text[4096];
        size_t n = 0;
        ssize_t got;
        usleep(100000);
        int fd = open(in_folder("pipe"), O_RDONLY);
        while ((got = read(fd, text, sizeof text)) > 0)
            for (ssize_t i = 0; i < got; i++, n++)
                if (text[i] != (char)('a' + n % 23))
                    _exit(1);
        _exit(n == N ? 0 : 2);
    }
    char *text = malloc(N);
    assert_non_null(text);
    for (size_t i = 0; i < N; i++)
        text[i] = (char)('a' + i % 23);
    pleats_output *out = NULL;
    need_ok(ctx, pleats_output_open(ctx, in_folder("pipe"), &out));
    assert_true(pleats_output_is_stream(out));
    need_ok(ctx, pleats_output_write(ctx, out, text, N));
    end(ctx, out);
    free(text);
    int code = 0;
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    assert_true(S_ISFIFO(mode_of("pipe")));
    clean("pipe");
}

/* Nobody reads: waiting ends when work is to stop. */
static void pipes_without_a_reader(void **state)
{
    pleats_ctx *ctx = NULL;
    pleats_output *out = NULL;
    (void)state;
    assert_int_equal(pleats_ctx_new(NULL, &ctx), PLEATS_OK);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    pleats_ctx_cancel(ctx);
    assert_int_equal(pleats_output_open(ctx, in_folder("pipe"), &out),
                     PLEATS_LIMIT);
    clean("pipe");
    pleats_ctx_free(ctx);
}

static void devices_and_descriptors(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_output *out = NULL;
    char path[32], text[8] = "";
    int end_of[2];
    need_ok(ctx, pleats_output_open(ctx, "/dev/null", &out));
    need_ok(ctx, pleats_output_write(ctx, out, "gone", 4));
    end(ctx, out);
    need_ok(ctx, pleats_output_open(ctx, "/dev/full", &out));
    assert_int_equal(pleats_output_write(ctx, out, "gone", 4), PLEATS_IO);
    pleats_output_free(ctx, out);
    assert_int_equal(pipe(end_of), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", end_of[1]);
    need_ok(ctx, pleats_output_open(ctx, path, &out));
    need_ok(ctx, pleats_output_write(ctx, out, "kept", 4));
    end(ctx, out);
    close(end_of[1]);
    assert_int_equal(read(end_of[0], text, sizeof text), 4);
    assert_string_equal(text, "kept");
    close(end_of[0]);
    assert_true(pleats_path_is_stdout("-"));
    assert_true(pleats_path_is_stdout("/dev/stdout"));
    assert_false(pleats_path_is_stdout("./-"));
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    folder = folder_make();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(new_file_has_the_umask, ctx),
        cmocka_unit_test_prestate(old_file_and_mode_stay, ctx),
        cmocka_unit_test_prestate(links_stay, ctx),
        cmocka_unit_test_prestate(kept_file_is_there_at_once, ctx),
        cmocka_unit_test_prestate(kept_file_of_a_long_name, ctx),
        cmocka_unit_test_prestate(two_at_once, ctx),
        cmocka_unit_test_prestate(paths_that_cannot_be_written, ctx),
        cmocka_unit_test_prestate(pipes, ctx),
        cmocka_unit_test_prestate(pipes_without_a_reader, ctx),
        cmocka_unit_test_prestate(devices_and_descriptors, ctx),
    };
    return RUN(tests, ctx);
}
