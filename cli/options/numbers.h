/* Numbers in options. */
#ifndef PLEATS_CLI_OPTIONS_NUMBERS_H
#define PLEATS_CLI_OPTIONS_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* A whole number of decimal digits, up to INT64_MAX, and nothing else. */
bool read_whole(const char *text, int64_t *out);

/* A finite decimal number, and nothing else (no 0x10, no inf); and one above 0.
 */
bool read_decimal(const char *text, double *out);
bool read_positive(const char *text, double *out);

#endif
