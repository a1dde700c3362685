/* External data: numbers in a file beside the model. */
#define _POSIX_C_SOURCE 200809L
#include "onnx/stored.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where a tensor's bytes lie. */
typedef struct {
    const char *location;
    uint64_t offset, length;
    bool has_length;
} place;

static bool read_decimal(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' ||
            __builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return false;
    *out = value;
    return true;
}

static pleats_status read_place(pleats_ctx *ctx, const Onnx__TensorProto *t,
                                place *out)
{
    for (size_t i = 0; i < t->n_external_data; i++) {
        const char *key = t->external_data[i]->key;
        const char *value = t->external_data[i]->value;
        bool sound = key && value;
        if (sound && strcmp(key, "location") == 0) {
            out->location = value;
        } else if (sound && strcmp(key, "offset") == 0) {
            sound = read_decimal(value, &out->offset);
        } else if (sound && strcmp(key, "length") == 0) {
            sound = read_decimal(value, &out->length);
            out->has_length = true;
        }
        if (!sound)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "a broken entry of its external data");
    }
    if (!out->location)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "its external data have no location");
    return PLEATS_OK;
}

static pleats_status open_folder(pleats_ctx *ctx, const char *model_path,
                                 int *out)
{
    pleats_status status = PLEATS_OK;
    char *folder = NULL;
    const char *slash = strrchr(model_path, '/');
    if (slash)
        TRY(pleats_strndup(ctx, model_path, (size_t)(slash - model_path) + 1,
                           &folder));
    *out = open(folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*out < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "cannot open its folder: %s",
                        strerror(errno)));
done:
    pleats_release(ctx, folder);
    return status;
}

/* Opens `location` under the folder `*fd`, one part of the path at a time and
 * without following links, so that nothing outside the folder is reached;
 * `*fd` becomes the file. */
static pleats_status open_inside(pleats_ctx *ctx, const char *location, int *fd)
{
    pleats_status status = PLEATS_OK;
    char *part = NULL;
    for (const char *p = location; *p;) {
        size_t n = strcspn(p, "/");
        bool last = p[n] == '\0';
        TRY(pleats_strndup(ctx, p, n, &part));
        if (n == 0 || strcmp(part, "..") == 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "its external data '%s' lie outside the model's "
                            "folder",
                            location));
        int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
        int next = openat(*fd, part, last ? flags : flags | O_DIRECTORY);
        if (next < 0)
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "cannot open its external data '%s': %s", location,
                            errno == ELOOP ? "symbolic links are not followed"
                                           : strerror(errno)));
        close(*fd);
        *fd = next;
        pleats_release(ctx, part);
        part = NULL;
        p += last ? n : n + 1;
    }
done:
    pleats_release(ctx, part);
    return status;
}

/* Whether the file really has the n bytes, before memory is taken for them. */
static pleats_status check_range(pleats_ctx *ctx, int fd, const place *at,
                                 size_t n)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "its external data '%s' are not a regular file",
                           at->location);
    uint64_t size = (uint64_t)info.st_size;
    if (at->offset > size || n > size - at->offset)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "it needs %zu bytes from %llu on, '%s' has %llu", n,
                           (unsigned long long)at->offset, at->location,
                           (unsigned long long)size);
    return PLEATS_OK;
}

static pleats_status read_range(pleats_ctx *ctx, int fd, const place *at,
                                unsigned char *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got =
            pread(fd, bytes + done, n - done, (off_t)(at->offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "cannot read its external data '%s'",
                               at->location);
        done += (size_t)got;
    }
    return PLEATS_OK;
}

pleats_status pleats_external_read(pleats_ctx *ctx, const Onnx__TensorProto *t,
                                   const char *model_path, size_t n,
                                   unsigned char **out)
{
    pleats_status status = PLEATS_OK;
    place at = {0};
    int fd = -1;
    if (!model_path)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "external data need a model that is a file"));
    TRY(read_place(ctx, t, &at));
    if (at.has_length && at.length != n)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "its dims need %zu bytes, its external data have %llu",
                        n, (unsigned long long)at.length));
    TRY(open_folder(ctx, model_path, &fd));
    TRY(open_inside(ctx, at.location, &fd));
    TRY(check_range(ctx, fd, &at, n));
    TRY(pleats_alloc(ctx, n, 1, out));
    TRY(read_range(ctx, fd, &at, *out, n));
done:
    if (fd >= 0)
        close(fd);
    return status;
}
