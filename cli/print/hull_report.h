/* Answers of density --hull: units that change on hulls about data rows. */
#ifndef PLEATS_CLI_PRINT_HULL_REPORT_H
#define PLEATS_CLI_PRINT_HULL_REPORT_H

#include "session.h"

#include "pleats/hull.h"

typedef struct {
    const char *radius, *input; /* as they were written */
    int64_t seed;
} hull_facts;

/* Returns EXIT_ANSWERED or EXIT_FAILED. */
int print_hulls_json(const session *s, const hull_facts *facts,
                     const pleats_hull_result *r);
void print_hulls_csv(const pleats_hull_result *r);
void print_hulls_text(const session *s, const hull_facts *facts,
                      const pleats_hull_result *r);

#endif
