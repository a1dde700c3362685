/* Half-spaces of a region in a table that is quick to evaluate. */
#ifndef PLEATS_LOCAL_ROWS_H
#define PLEATS_LOCAL_ROWS_H

#include "local/region.h"

/* The linear parts of some half-spaces; entries that are 0 are left out when
 * most of them are. */
typedef struct {
    const pleats_region *region; /* lent */
    pleats_idx n;
    const pleats_idx *listed; /* [n] half-spaces, lent */
    bool is_sparse;
    size_t *start;      /* sparse: [n + 1] */
    pleats_idx *column; /* sparse: [start[n]] */
    double *value;      /* sparse: [start[n]] */
} pleats_row_table;

PLEATS_NODISCARD pleats_status
pleats_row_table_init(pleats_row_table *table, const pleats_region *region,
                      pleats_idx n, const pleats_idx *listed);
void pleats_row_table_clear(pleats_row_table *table);

/* out_i = gradient of listed_i . d [k], for all n; off by no more than the
 * half-space's tolerance times max(1, |d|). */
void pleats_row_table_multiply(const pleats_row_table *table, const double *d,
                               double *out);

#endif
