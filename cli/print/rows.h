/* Points, texts and patterns in answers. */
#ifndef PLEATS_CLI_PRINT_ROWS_H
#define PLEATS_CLI_PRINT_ROWS_H

#include <jansson.h>
#include <stdint.h>

enum { SHORT_CHARS = 40 }; /* a fraction that is shown as it is */

/* A line with a word and the first numbers of x [n]. */
void print_row(const char *word, int32_t n, const double *x);

/* A list of n texts, null for NULL. */
json_t *report_texts(int32_t n, char *const *text);
/* A pattern [n] as a list of numbers, null for NULL. */
json_t *report_pattern(int32_t n, const int32_t *pattern);

#endif
