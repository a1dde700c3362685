#define _GNU_SOURCE /* fopencookie */
#include "print/plain_streams.h"

#include "pleats/text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { PENDING_BYTES = 4, OUT_BYTES = 8192 };

/* One stream: where it goes, and the bytes of a character that has only begun.
 */
typedef struct {
    int fd;
    size_t n;
    char pending[PENDING_BYTES]; /* [n] */
} plain;

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
    return true;
}

static bool is_layout(char c)
{
    return c == '\n' || c == '\t' || c == '\r';
}

/* Shows text [n] and keeps the character that goes on behind its end. */
static bool show(plain *p, const char *text, size_t n)
{
    char out[OUT_BYTES];
    size_t at = 0, length;
    while (n > 0) {
        size_t used = 1;
        if (at + PLEATS_PLAIN_BYTES > sizeof out) {
            if (!write_all(p->fd, out, at))
                return false;
            at = 0;
        }
        if (is_layout(*text)) {
            out[at++] = *text;
        } else {
            used = pleats_plain_next(text, n, out + at, &length);
            if (used == 0)
                break;
            at += length;
        }
        text += used;
        n -= used;
    }
    p->n = n;
    memcpy(p->pending, text, n);
    return write_all(p->fd, out, at);
}

static ssize_t write_plain(void *cookie, const char *text, size_t n)
{
    plain *p = cookie;
    size_t done = 0;
    while (p->n > 0 && done < n) { /* one byte more may complete it */
        char joined[PENDING_BYTES + 1];
        memcpy(joined, p->pending, p->n);
        joined[p->n] = text[done++];
        if (!show(p, joined, p->n + 1))
            return 0;
    }
    return show(p, text + done, n - done) || n == done ? (ssize_t)n : 0;
}

static int close_plain(void *cookie)
{
    plain *p = cookie;
    char out[PLEATS_PLAIN_BYTES];
    for (size_t i = 0; i < p->n; i++) {
        int length = snprintf(out, sizeof out, "\\x%02x",
                              (unsigned)(unsigned char)p->pending[i]);
        if (!write_all(p->fd, out, (size_t)length))
            return EOF;
    }
    return close(p->fd);
}

static FILE *open_plain(plain *p, int mode)
{
    static const cookie_io_functions_t functions = {.write = write_plain,
                                                    .close = close_plain};
    FILE *file = fopencookie(p, "w", functions);
    if (file && setvbuf(file, NULL, mode, BUFSIZ) != 0)
        return NULL;
    return file;
}

bool plain_streams(void)
{
    static plain answer = {.fd = STDOUT_FILENO},
                 messages = {.fd = STDERR_FILENO};
    FILE *out = open_plain(&answer, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
    FILE *err = open_plain(&messages, _IONBF);
    if (!out || !err)
        return false;
    stdout = out;
    stderr = err;
    return true;
}
