#include "exact/lines.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 256 }; /* of what is put at once */

static const char digest_name[] = "sha256 ";
enum { NAME_BYTES = sizeof digest_name - 1 };
enum { DIGEST_LINE_BYTES = NAME_BYTES + PLEATS_DIGEST_DIGITS + 1 };

/* ---- writing ---- */

pleats_status pleats_text_bytes(pleats_ctx *ctx, pleats_text *t,
                                const char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &t->byte, &t->capacity, t->n + n + 1, 1));
    memcpy(t->byte + t->n, bytes, n);
    t->n += n;
    t->byte[t->n] = '\0';
done:
    return status;
}

pleats_status pleats_text_put(pleats_ctx *ctx, pleats_text *t,
                              const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;
    va_start(args, format);
    const int n = pleats_vformat(line, sizeof line, format, args);
    va_end(args);
    return pleats_text_bytes(ctx, t, line, (size_t)n);
}

pleats_status pleats_text_integer(pleats_ctx *ctx, pleats_text *t,
                                  const mpz_t z)
{
    pleats_status status = PLEATS_OK;
    char *digits = NULL;
    TRY(pleats_alloc(ctx, mpz_sizeinbase(z, 10) + 2, 1, &digits));
    mpz_get_str(digits, 10, z);
    TRY(pleats_text_bytes(ctx, t, digits, strlen(digits)));
done:
    pleats_release(ctx, digits);
    return status;
}

pleats_status pleats_text_hex(pleats_ctx *ctx, pleats_text *t,
                              const unsigned char *bytes, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &t->byte, &t->capacity, t->n + 2 * n + 1, 1));
    for (size_t i = 0; i < n; i++) {
        t->byte[t->n++] = digit[bytes[i] >> 4];
        t->byte[t->n++] = digit[bytes[i] & 15];
    }
    t->byte[t->n] = '\0';
done:
    return status;
}

pleats_status pleats_text_end(pleats_ctx *ctx, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    TRY(pleats_digest_text(ctx, t->byte, t->n, hex));
    TRY(pleats_text_put(ctx, t, "%s%s\n", digest_name, hex));
done:
    return status;
}

/* ---- reading ---- */

pleats_status pleats_lines_damaged(const pleats_lines *l, const char *what)
{
    return pleats_fail(l->ctx, PLEATS_INVALID,
                       "%s: line %zu: %s; the file is damaged", l->where, l->n,
                       what);
}

static pleats_status no_number(const pleats_lines *l)
{
    return pleats_lines_damaged(l, "not a number that can stand here");
}

pleats_status pleats_lines_open(pleats_ctx *ctx, pleats_lines *l,
                                const char *where, const char *what,
                                const char *bytes, size_t n)
{
    enum { LAST = DIGEST_LINE_BYTES };
    pleats_status status = PLEATS_OK;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    *l = (pleats_lines){.ctx = ctx, .where = where, .what = what};
    if (n < LAST || bytes[n - 1] != '\n' || memchr(bytes, '\0', n) ||
        memcmp(bytes + n - LAST, digest_name, NAME_BYTES) != 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: is no state of a %s, or was cut short: its "
                           "last line must be a digest",
                           where, what);
    TRY(pleats_digest_text(ctx, bytes, n - LAST, hex));
    if (memcmp(hex, bytes + n - LAST + NAME_BYTES, PLEATS_DIGEST_DIGITS) != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: is damaged: its digest is another one", where));
    TRY(pleats_alloc(ctx, n + 1, 1, &l->copy));
    memcpy(l->copy, bytes, n);
    l->rest = l->copy;
done:
    return status;
}

void pleats_lines_close(pleats_lines *l)
{
    if (l->ctx)
        pleats_release(l->ctx, l->copy);
    *l = (pleats_lines){0};
}

pleats_status pleats_lines_next(pleats_lines *l)
{
    char *end = strchr(l->rest, '\n');
    l->n++;
    if (!end)
        return pleats_lines_damaged(l, "the text ends too early");
    l->line = l->rest;
    *end = '\0';
    l->rest = end + 1;
    return PLEATS_OK;
}

pleats_status pleats_lines_same(pleats_lines *l, const pleats_text *own)
{
    pleats_status status = PLEATS_OK;
    for (const char *line = own->byte, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        const size_t n = (size_t)(end - line);
        TRY(pleats_lines_next(l));
        if (strlen(l->line) != n || memcmp(l->line, line, n) != 0)
            TRY(pleats_fail(l->ctx, PLEATS_INVALID,
                            "%s: is of another %s: it says \"%.80s\", this %s "
                            "\"%.*s\"",
                            l->where, l->what, l->line, l->what,
                            n < 80 ? (int)n : 80, line));
    }
done:
    return status;
}

pleats_status pleats_lines_value(const pleats_lines *l, const char *name,
                                 char **value)
{
    const size_t n = strlen(name);
    if (strncmp(l->line, name, n) != 0 || l->line[n] != ' ')
        return pleats_lines_damaged(l, "another line is expected here");
    *value = l->line + n + 1;
    return PLEATS_OK;
}

pleats_status pleats_lines_need(pleats_lines *l, const char *name, char **value)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_lines_next(l));
    TRY(pleats_lines_value(l, name, value));
done:
    return status;
}

pleats_status pleats_lines_take_part(pleats_lines *l, uint64_t most,
                                     uint64_t *part, uint64_t *of)
{
    pleats_status status = PLEATS_OK;
    char *at;
    TRY(pleats_lines_need(l, "part", &at));
    TRY(pleats_lines_take_whole(l, &at, ' ', most - 1, part));
    if (strncmp(at, "of ", 3) != 0)
        TRY(pleats_lines_damaged(l, "another line is expected here"));
    at += 3;
    TRY(pleats_lines_take_whole(l, &at, '\0', most, of));
    if (*part >= *of)
        TRY(pleats_lines_damaged(l, "no such part"));
done:
    return status;
}

pleats_status pleats_lines_take_dimension(pleats_lines *l,
                                          pleats_idx *dimension)
{
    pleats_status status = PLEATS_OK;
    uint64_t k = 0;
    char *at;
    TRY(pleats_lines_need(l, "dimension", &at));
    *dimension = -1;
    if (strcmp(at, "-1") == 0)
        return PLEATS_OK;
    TRY(pleats_lines_take_whole(l, &at, '\0', INT32_MAX, &k));
    *dimension = (pleats_idx)k;
done:
    return status;
}

pleats_status pleats_lines_take_bytes(pleats_lines *l, uint64_t n,
                                      const char **bytes)
{
    if (n > strlen(l->rest) || (n > 0 && l->rest[n - 1] != '\n'))
        return pleats_lines_damaged(l, "no such lines follow");
    *bytes = l->rest;
    for (uint64_t i = 0; i < n; i++)
        l->n += l->rest[i] == '\n';
    l->rest += n;
    return PLEATS_OK;
}

bool pleats_read_whole(char **at, char after, uint64_t most, uint64_t *out)
{
    char *end;
    errno = 0;
    const unsigned long long x = strtoull(*at, &end, 10);
    if (**at < '0' || **at > '9' || errno || x > most || *end != after)
        return false;
    *out = x;
    *at = after ? end + 1 : end;
    return true;
}

pleats_status pleats_lines_take_whole(const pleats_lines *l, char **at,
                                      char after, uint64_t most, uint64_t *out)
{
    return pleats_read_whole(at, after, most, out) ? PLEATS_OK : no_number(l);
}

pleats_status pleats_lines_take_double(const pleats_lines *l, char **at,
                                       char after, double *out)
{
    char *end;
    *out = pleats_read_double(*at, &end);
    if (end == *at || *end != after)
        return no_number(l);
    *at = after ? end + 1 : end;
    return PLEATS_OK;
}

pleats_status pleats_lines_take_amount(const pleats_lines *l, char *at,
                                       double *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_lines_take_double(l, &at, '\0', out));
    if (!(*out >= 0 && *out < INFINITY))
        TRY(no_number(l));
done:
    return status;
}

bool pleats_read_integer(const char *text, mpz_t out)
{
    const size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0' &&
           mpz_set_str(out, text, 10) == 0;
}

pleats_status pleats_lines_take_integer(const pleats_lines *l, const char *at,
                                        mpz_t out)
{
    return pleats_read_integer(at, out) ? PLEATS_OK : no_number(l);
}

bool pleats_read_hex(const char *text, unsigned char *bytes, size_t n)
{
    if (strlen(text) != 2 * n || strspn(text, "0123456789abcdef") != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        const char two[] = {text[2 * i], text[2 * i + 1], '\0'};
        bytes[i] = (unsigned char)strtoul(two, NULL, 16);
    }
    return true;
}

pleats_status pleats_lines_take_hex(const pleats_lines *l, const char *at,
                                    unsigned char *bytes, size_t n)
{
    if (!pleats_read_hex(at, bytes, n))
        return pleats_lines_damaged(l, "not the digits that are to stand here");
    return PLEATS_OK;
}

bool pleats_lines_is_end(const pleats_lines *l)
{
    return strncmp(l->rest, digest_name, NAME_BYTES) == 0;
}

pleats_status pleats_lines_end(pleats_lines *l)
{
    pleats_status status = PLEATS_OK;
    char *digest;
    TRY(pleats_lines_need(l, "sha256", &digest));
    if (*l->rest)
        TRY(pleats_lines_damaged(l, "another line is expected here"));
done:
    return status;
}
