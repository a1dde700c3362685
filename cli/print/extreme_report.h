/* Extreme values for people and programs. */
#ifndef PLEATS_CLI_PRINT_EXTREME_REPORT_H
#define PLEATS_CLI_PRINT_EXTREME_REPORT_H

#include "print/report.h"

#include "pleats/range.h"

enum { FUNCTION_BYTES = 256 };

typedef struct {
    bool has_direction;
    char function[FUNCTION_BYTES]; /* with a direction: its numbers, as written
                                    */
    int32_t first; /* without: the first output, the others behind it */
    int32_t n;
    pleats_range_result *item; /* [n] */
} extreme_list;

/* Returns the exit code. */
int extremes_print_json(const session *s, const extreme_list *list);
void extremes_print(const session *s, const extreme_list *list);

/* Likewise of a property of a file. */
int property_print_json(const session *s, const char *path,
                        const pleats_property_result *result);
void property_print(const session *s, const char *path,
                    const pleats_property_result *result);

#endif
