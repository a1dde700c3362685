/* What `pleats compare --scale` proves: from which size on one architecture is
 * ahead of another. */
#ifndef PLEATS_CLI_PRINT_COMPARE_CLAIMS_H
#define PLEATS_CLI_PRINT_COMPARE_CLAIMS_H

#include "print/compare_table.h"
#include "print/report.h"

enum { COMPARE_MOST_SPECS = 64, COMPARE_MOST_SCALES = 100 };

/* Each spec has the same number of rows, one a scale, from `row` on. */
typedef struct {
    int n_specs; /* 0: no scales */
    int row[COMPARE_MOST_SPECS];
    int64_t first_scale;
} compare_claims;

/* The rows of the next spec begin here. */
void compare_claims_begin(compare_claims *claims, int row);
void compare_claims_print(const compare_claims *claims, const compare_table *t);
/* [{"first", "second" (specs, from 0), "ahead", "behind", "open" (lists of
 * scales), "ahead_from"}]; null without scales. */
json_t *compare_claims_json(const compare_claims *claims,
                            const compare_table *t);

#endif
