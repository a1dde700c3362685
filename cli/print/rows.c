#include "print/rows.h"

#include "print/report.h"

#include <stdio.h>

/* Longer rows are cut short. */
enum { MOST_SHOWN = 8 };

void print_row(const char *word, int32_t n, const double *x)
{
    printf("  %-8s ", word);
    for (int32_t i = 0; i < n && i < MOST_SHOWN; i++)
        printf("%s%.9g", i > 0 ? ", " : "", x[i]);
    printf("%s\n", n > MOST_SHOWN ? ", ..." : "");
}

json_t *report_texts(int32_t n, char *const *text)
{
    if (!text)
        return json_null();
    json_t *list = json_array();
    for (int32_t i = 0; i < n; i++)
        report_append(&list, report_text(text[i]));
    return list;
}

json_t *report_pattern(int32_t n, const int32_t *pattern)
{
    if (!pattern)
        return json_null();
    json_t *list = json_array();
    for (int32_t i = 0; i < n; i++)
        report_append(&list, json_integer(pattern[i]));
    return list;
}
