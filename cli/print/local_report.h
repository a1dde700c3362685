/* What `pleats local` answers, as text and as JSON. */
#ifndef PLEATS_CLI_PRINT_LOCAL_REPORT_H
#define PLEATS_CLI_PRINT_LOCAL_REPORT_H

#include "pleats/local.h"
#include "session.h"

typedef struct {
    const session *s;
    const pleats_local_result *r;
    const char *domain, *point, *map; /* map: the file, or NULL */
    bool facets;                      /* print each one */
} local_report;

int local_print_json(const local_report *report);
void local_print_text(const local_report *report);

/* Which layer a unit is of, and its number in it. */
typedef struct {
    int32_t layer, index;
} unit_place;
unit_place place_of_unit(const session *s, int32_t unit);

#endif
