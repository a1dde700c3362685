#define _GNU_SOURCE /* fopencookie */
#include "print/output_file.h"

#include "exit_codes.h"

/* The stream of an output; `status` is its first failure. */
typedef struct {
    session *s;
    pleats_status status;
} stream;

static ssize_t write_stream(void *cookie, const char *bytes, size_t n)
{
    stream *x = cookie;
    if (x->status == PLEATS_OK)
        x->status = pleats_output_write(x->s->ctx, x->s->out, bytes, n);
    return x->status == PLEATS_OK ? (ssize_t)n : 0;
}

int output_file_write(session *s, bool (*print)(FILE *file, const void *what),
                      const void *what)
{
    static const cookie_io_functions_t functions = {.write = write_stream};
    stream x = {.s = s};
    FILE *file = fopencookie(&x, "w", functions);
    bool good = file && print(file, what);
    if (file && fclose(file) != 0)
        good = false;
    if (x.status != PLEATS_OK)
        return session_fail(s, x.status);
    if (!good)
        return session_no_memory();
    return output_file_commit(s);
}

int output_file_commit(session *s)
{
    pleats_status status = pleats_output_commit(s->ctx, s->out);
    return status == PLEATS_OK ? EXIT_ANSWERED : session_fail(s, status);
}
