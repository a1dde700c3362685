/* Which columns and facts there are: a field more is a row more in a table. */
#include "local/classes.h"
#include "local/map.h"
#include "net/pattern.h"
#include "store/store.h"

#include "pleats/version.h"

#include <stddef.h>

/* How long an axis is. */
typedef enum { NONE, BYTES, INPUTS, OUTPUTS, CLASSES, NORMS } axis;

static const struct {
    const char *name;
    unsigned field; /* PLEATS_REGION_... that it belongs to */
    pleats_column_type type;
    axis dims[PLEATS_COLUMN_DIMS]; /* NONE: no more */
    size_t at;
} table[] = {{"pattern",
              PLEATS_REGION_PATTERN,
              PLEATS_COLUMN_PATTERN,
              {BYTES},
              offsetof(pleats_region_batch, pattern)},
             {"point",
              PLEATS_REGION_POINT,
              PLEATS_COLUMN_REAL,
              {INPUTS},
              offsetof(pleats_region_batch, point)},
             {"is_inside",
              PLEATS_REGION_POINT,
              PLEATS_COLUMN_FLAG,
              {NONE},
              offsetof(pleats_region_batch, is_inside)},
             {"a",
              PLEATS_REGION_MAP,
              PLEATS_COLUMN_REAL,
              {OUTPUTS, INPUTS},
              offsetof(pleats_region_batch, a)},
             {"b",
              PLEATS_REGION_MAP,
              PLEATS_COLUMN_REAL,
              {OUTPUTS},
              offsetof(pleats_region_batch, b)},
             {"volume",
              PLEATS_REGION_VOLUME,
              PLEATS_COLUMN_REAL,
              {NONE},
              offsetof(pleats_region_batch, volume)},
             {"volume_error",
              PLEATS_REGION_VOLUME,
              PLEATS_COLUMN_REAL,
              {NONE},
              offsetof(pleats_region_batch, volume_error)},
             {"exact_volume",
              PLEATS_REGION_EXACT_VOLUME,
              PLEATS_COLUMN_TEXT,
              {NONE},
              offsetof(pleats_region_batch, exact_volume)},
             {"bounded",
              PLEATS_REGION_BOUNDED,
              PLEATS_COLUMN_FLAG,
              {NONE},
              offsetof(pleats_region_batch, is_bounded)},
             {"centre",
              PLEATS_REGION_CENTRE,
              PLEATS_COLUMN_REAL,
              {INPUTS},
              offsetof(pleats_region_batch, centre)},
             {"radius",
              PLEATS_REGION_CENTRE,
              PLEATS_COLUMN_REAL,
              {NONE},
              offsetof(pleats_region_batch, radius)},
             {"class",
              PLEATS_REGION_CLASS,
              PLEATS_COLUMN_CODE,
              {CLASSES},
              offsetof(pleats_region_batch, standing)},
             {"slope",
              PLEATS_REGION_SLOPE,
              PLEATS_COLUMN_REAL,
              {OUTPUTS, NORMS},
              offsetof(pleats_region_batch, slope)},
             {"vertices",
              PLEATS_REGION_VERTICES,
              PLEATS_COLUMN_JSON,
              {NONE},
              offsetof(pleats_region_batch, vertices)},
             {"facets",
              PLEATS_REGION_FACETS,
              PLEATS_COLUMN_JSON,
              {NONE},
              offsetof(pleats_region_batch, facets)},
             {"neighbours",
              PLEATS_REGION_NEIGHBOURS,
              PLEATS_COLUMN_JSON,
              {NONE},
              offsetof(pleats_region_batch, neighbours)}};

_Static_assert(sizeof table / sizeof *table <= PLEATS_MOST_COLUMNS, "columns");
_Static_assert(sizeof(bool) == 1, "a flag is a byte");

static int64_t length_of(axis kind, const pleats_net *net)
{
    switch (kind) {
    case BYTES:
        return (int64_t)pleats_pattern_size(net);
    case INPUTS:
        return net->n_inputs;
    case OUTPUTS:
        return net->n_outputs;
    case CLASSES:
        return pleats_n_classes(net);
    case NORMS:
        return PLEATS_SLOPE_NORMS;
    default:
        return 1;
    }
}

static bool is_text(pleats_column_type type)
{
    return type == PLEATS_COLUMN_TEXT || type == PLEATS_COLUMN_JSON;
}

static size_t size_of(pleats_column_type type)
{
    return type == PLEATS_COLUMN_REAL ? sizeof(double)
           : is_text(type)            ? sizeof(char *)
                                      : 1;
}

void pleats_store_head_init(pleats_store_head *head, const pleats_net *net,
                            const pleats_domain *domain, unsigned want)
{
    *head = (pleats_store_head){.net = net, .domain = domain, .want = want};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        pleats_column *c = &head->column[head->n_columns];
        if (!(table[i].field & want))
            continue;
        *c = (pleats_column){.name = table[i].name,
                             .type = table[i].type,
                             .n = 1,
                             .at = table[i].at};
        while (c->n_dims < PLEATS_COLUMN_DIMS &&
               table[i].dims[c->n_dims] != NONE) {
            c->dims[c->n_dims] = length_of(table[i].dims[c->n_dims], net);
            c->n *= (size_t)c->dims[c->n_dims++];
        }
        c->bytes = c->n * size_of(c->type);
        head->n_columns++;
    }
}

bool pleats_store_has_texts(const pleats_store_head *head)
{
    bool has = false;
    for (size_t i = 0; i < head->n_columns; i++)
        has = has || is_text(head->column[i].type);
    return has;
}

pleats_idx pleats_store_block(const pleats_store_head *head)
{
    enum { MOST_CELLS = 4096, MOST_BYTES = 1 << 20 };
    size_t cells = MOST_CELLS;
    for (size_t i = 0; i < head->n_columns; i++)
        while (cells > 1 && cells * head->column[i].bytes > MOST_BYTES)
            cells /= 2;
    return (pleats_idx)cells;
}

size_t pleats_store_head_facts(const pleats_store_head *head,
                               const char *domain, pleats_fact *fact)
{
    const pleats_net *net = head->net;
    const pleats_fact all[] = {
        {.name = "schema", .text = "pleats-cells/1"},
        {.name = "version", .text = PLEATS_VERSION},
        {.name = "model", .text = net->path ? net->path : ""},
        {.name = "sha256", .text = net->sha256},
        {.name = "domain", .text = head->domain->text},
        {.name = "domain_exact", .text = domain},
        {.name = "definition", .text = "activation regions"},
        {.name = "rounded_parameters", .number = net->n_rounded},
        {.name = "n_inputs", .number = net->n_inputs},
        {.name = "n_outputs", .number = net->n_outputs},
        {.name = "n_units", .number = net->n_units},
        {.name = "part", .number = (int64_t)head->part},
        {.name = "parts", .number = head->of ? (int64_t)head->of : 1}};
    size_t n = sizeof all / sizeof *all;
    _Static_assert(sizeof all / sizeof *all + 2 <= PLEATS_MOST_FACTS, "facts");
    for (size_t i = 0; i < n; i++)
        fact[i] = all[i];
    if (head->volume.gram) {
        const char *volume = head->volume.volume;
        fact[n++] = (pleats_fact){.name = "domain_volume",
                                  .text = volume ? volume : "infinite"};
        fact[n++] =
            (pleats_fact){.name = "volume_gram", .text = head->volume.gram};
    }
    return n;
}

size_t pleats_store_tail_facts(const pleats_store_head *head,
                               const pleats_store_tail *tail, pleats_fact *fact)
{
    const char *label = "lower";
    const char *stopped = "unfinished";
    if (tail->is_complete)
        label =
            head->net->n_rounded ? "exact for the rounded parameters" : "exact";
    if (tail->is_done)
        stopped = tail->stopped ? pleats_stop_text(tail->stopped) : "";
    fact[0] = (pleats_fact){.name = "regions", .number = (int64_t)tail->cells};
    fact[1] = (pleats_fact){
        .name = "complete", .is_flag = true, .number = tail->is_complete};
    fact[2] = (pleats_fact){.name = "label", .text = label};
    fact[3] = (pleats_fact){.name = "stopped", .text = stopped};
    fact[4] = (pleats_fact){.name = "dimension", .number = tail->dimension};
    return 5;
}
