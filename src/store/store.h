/* Cells in files: columns with a row for each cell, and facts about the whole.
 * docs/formats.md says what readers find. */
#ifndef PLEATS_STORE_STORE_H
#define PLEATS_STORE_STORE_H

#include "local/regions.h"
#include "volume/measure.h"

#include "pleats/output.h"

typedef enum {
    PLEATS_COLUMN_PATTERN, /* bytes: the pieces of all units, packed */
    PLEATS_COLUMN_FLAG,    /* bool */
    PLEATS_COLUMN_CODE,    /* bytes: small numbers */
    PLEATS_COLUMN_REAL,    /* double */
    PLEATS_COLUMN_TEXT,    /* one text, NULL: none.  JSON lines alone have such
                             columns, */
    PLEATS_COLUMN_JSON     /* and texts that are JSON themselves */
} pleats_column_type;

enum { PLEATS_COLUMN_DIMS = 2 };

/* What one cell has in a column: an array of n_dims axes, row-major. */
typedef struct {
    const char *name;
    pleats_column_type type;
    pleats_idx n_dims; /* 0: one value */
    int64_t dims[PLEATS_COLUMN_DIMS];
    size_t n;     /* values */
    size_t bytes; /* of all of them */
    size_t at;    /* of the pointer to it in a pleats_region_batch */
} pleats_column;

enum { PLEATS_MOST_COLUMNS = 16 };

/* What is known before the first cell. */
typedef struct {
    const pleats_net *net;       /* lent */
    const pleats_domain *domain; /* lent */
    unsigned want;               /* PLEATS_REGION_... */
    uint64_t part, of;           /* 0 of 1: all regions */
    pleats_domain_volume volume; /* where volumes are wanted */
    size_t n_columns;
    pleats_column column[PLEATS_MOST_COLUMNS];
} pleats_store_head;

/* What is known behind the last one. */
typedef struct {
    uint64_t cells;
    bool is_done, is_complete; /* before is_done the rest is not known */
    pleats_stop stopped;
    pleats_idx dimension;
} pleats_store_tail;

/* The columns of what is wanted. */
void pleats_store_head_init(pleats_store_head *head, const pleats_net *net,
                            const pleats_domain *domain, unsigned want);

/* Whether some column is of texts, whose length is not known before. */
bool pleats_store_has_texts(const pleats_store_head *head);

/* The first value of a column in a batch. */
static inline const void *pleats_column_of(const pleats_column *column,
                                           const pleats_region_batch *batch)
{
    return *(const void *const *)((const char *)batch + column->at);
}

/* Cells that are put on disk at a time: as many as fit into a MiB in every
 * column, but no more than some thousands. */
pleats_idx pleats_store_block(const pleats_store_head *head);

/* One fact: a text (lent), or a number. */
typedef struct {
    const char *name;
    const char *text; /* NULL: a number */
    bool is_flag;     /* it is 0 or 1 */
    int64_t number;
} pleats_fact;

enum { PLEATS_MOST_FACTS = 16 };

/* fact [PLEATS_MOST_FACTS]; both return how many there are.  `domain` is the
 * exact text of the domain (pleats_store_domain_text). */
size_t pleats_store_head_facts(const pleats_store_head *head,
                               const char *domain, pleats_fact *fact);
size_t pleats_store_tail_facts(const pleats_store_head *head,
                               const pleats_store_tail *tail,
                               pleats_fact *fact);

/* A way to write cells.  All calls come one at a time, though from several
 * threads, with a context that belongs to the file. */
typedef struct {
    /* *state: free it, whatever the status. */
    pleats_status (*begin)(pleats_ctx *ctx, const pleats_store_head *head,
                           pleats_output *out, pleats_give void **state);
    /* PLEATS_LIMIT without a reason to stop: there is no room for more, but
     * what there is can be ended. */
    pleats_status (*add)(void *state, const pleats_region_batch *batch);
    pleats_status (*end)(void *state, const pleats_store_tail *tail);
    /* NULL is fine. */
    void (*free)(pleats_take void *state);
} pleats_store_format;

extern const pleats_store_format pleats_store_hdf5, pleats_store_npz,
    pleats_store_jsonl;

typedef struct {
    const pleats_store_format *format;
    unsigned want; /* PLEATS_REGION_... */
    bool paranoid;
    pleats_engine engine;
    pleats_limits limits;
    uint64_t part, of; /* 0 of 1: all regions */
} pleats_store_task;

/* Writes all regions to `out`, which is to be committed. */
PLEATS_NODISCARD pleats_status pleats_store_cells(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_store_task *task, pleats_output *out, pleats_store_tail *tail);

#endif
