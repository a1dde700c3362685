/* Numbers as text and back, in the C locale whatever setlocale says: every
 * number with a decimal point that the library prints or reads goes through
 * here (tests/layers checks that). */
#ifndef PLEATS_BASE_TEXT_H
#define PLEATS_BASE_TEXT_H

#include <locale.h>
#include <stdarg.h>
#include <stddef.h>

/* Makes C the calling thread's locale; give the value to pleats_locale_leave.
 * For calls into other libraries that print or read numbers. */
locale_t pleats_locale_enter(void);
void pleats_locale_leave(locale_t before);

/* snprintf. */
int pleats_format(char *out, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int pleats_vformat(char *out, size_t room, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* strtod, strtold. */
double pleats_read_double(const char *text, char **end);
long double pleats_read_long_double(const char *text, char **end);

#endif
