/* Numbers as text, and text that a terminal may see. */
#define _GNU_SOURCE /* strtod_l */
#include "base/text.h"

#include "pleats/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The C library's own object: it is neither made nor freed. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

locale_t pleats_locale_enter(void)
{
    return uselocale(c_locale());
}

void pleats_locale_leave(locale_t before)
{
    uselocale(before);
}

int pleats_vformat(char *out, size_t room, const char *format, va_list args)
{
    locale_t before = pleats_locale_enter();
    int n = vsnprintf(out, room, format, args);
    pleats_locale_leave(before);
    return n;
}

int pleats_format(char *out, size_t room, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = pleats_vformat(out, room, format, args);
    va_end(args);
    return n;
}

double pleats_read_double(const char *text, char **end)
{
    return strtod_l(text, end, c_locale());
}

long double pleats_read_long_double(const char *text, char **end)
{
    return strtold_l(text, end, c_locale());
}

/* ---- what may be shown ---- */

/* The bytes of a character by its first one; 0: no character begins so. */
static size_t bytes_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first < 0xe0)
        return 2;
    if (first >= 0xe0 && first < 0xf0)
        return 3;
    return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* Whether so many bytes are one character in its shortest form. */
static bool decode(const unsigned char *text, size_t n, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = n == 1 ? text[0] : text[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return false;
        code = code << 6 | (text[i] & 0x3f);
    }
    *out = code;
    return code >= least[n] && code <= 0x10ffff &&
           (code < 0xd800 || code > 0xdfff);
}

static bool is_plain(uint32_t code)
{
    return code >= ' ' && !(code >= 0x7f && code < 0xa0) && code != 0x061c &&
           code != 0x200e && code != 0x200f &&
           !(code >= 0x2028 && code <= 0x202e) &&
           !(code >= 0x2066 && code <= 0x2069);
}

size_t pleats_plain_next(const char *text, size_t n,
                         char out[PLEATS_PLAIN_BYTES], size_t *length)
{
    const unsigned char *byte = (const unsigned char *)text;
    const size_t size = bytes_of(byte[0]);
    uint32_t code = 0;
    size_t good = 1;
    while (good < size && good < n && (byte[good] & 0xc0) == 0x80)
        good++;
    if (good < size && good == n)
        return 0;
    if (size == 0 || !decode(byte, size <= n ? size : n, &code)) {
        *length = (size_t)snprintf(out, PLEATS_PLAIN_BYTES, "\\x%02x", byte[0]);
        return 1;
    }
    if (is_plain(code)) {
        memcpy(out, text, size);
        *length = size;
    } else {
        *length = (size_t)snprintf(out, PLEATS_PLAIN_BYTES, "\\u%04x",
                                   (unsigned)(code & 0xffff));
    }
    return size;
}

void pleats_plain(const char *text, char *out, size_t room)
{
    size_t at = 0, n = strlen(text);
    while (n > 0) {
        char next[PLEATS_PLAIN_BYTES];
        size_t length, used = pleats_plain_next(text, n, next, &length);
        if (used == 0) { /* the text ends within it */
            length = (size_t)snprintf(next, sizeof next, "\\x%02x",
                                      (unsigned char)text[0]);
            used = 1;
        }
        if (at + length >= room)
            break;
        memcpy(out + at, next, length);
        at += length;
        text += used;
        n -= used;
    }
    if (room > 0)
        out[at] = '\0';
}
