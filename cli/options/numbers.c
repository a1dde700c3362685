/* Numbers in options. */
#include "options/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool read_whole(const char *text, int64_t *out)
{
    int64_t value = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' ||
            __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *text - '0', &value))
            return false;
    *out = value;
    return true;
}

bool read_decimal(const char *text, double *out)
{
    char *end;
    if (text[strspn(text, "0123456789.eE+-")] != '\0')
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

bool read_positive(const char *text, double *out)
{
    return read_decimal(text, out) && *out > 0;
}
