#include "local/rows.h"

void pleats_row_table_clear(pleats_row_table *t)
{
    if (!t->region)
        return;
    pleats_ctx *ctx = t->region->ctx;
    pleats_release(ctx, t->start);
    pleats_release(ctx, t->column);
    pleats_release(ctx, t->value);
    *t = (pleats_row_table){0};
}

pleats_status pleats_row_table_init(pleats_row_table *t, const pleats_region *r,
                                    pleats_idx n, const pleats_idx *listed)
{
    pleats_status status = PLEATS_OK;
    size_t terms = 0, k = (size_t)r->k;
    *t = (pleats_row_table){.region = r, .n = n, .listed = listed};
    for (pleats_idx i = 0; i < n; i++)
        for (size_t c = 0; c < k; c++)
            terms += pleats_region_entry(r, listed[i])[c] != 0;
    t->is_sparse = terms < (size_t)n * k / 4;
    if (!t->is_sparse)
        return PLEATS_OK;
    TRY(pleats_alloc(r->ctx, (size_t)n + 1, sizeof *t->start, &t->start));
    TRY(pleats_alloc(r->ctx, terms, sizeof *t->column, &t->column));
    TRY(pleats_alloc(r->ctx, terms, sizeof *t->value, &t->value));
    for (pleats_idx i = 0; i < n; i++) {
        const double *row = pleats_region_entry(r, listed[i]);
        size_t at = t->start[i];
        for (size_t c = 0; c < k; c++) {
            if (row[c] == 0)
                continue;
            t->column[at] = (pleats_idx)c;
            t->value[at++] = row[c];
        }
        t->start[i + 1] = at;
    }
done:
    return status;
}

PLEATS_WIDE
static double product(const double *row, const double *d, size_t k)
{
    double part[8] = {0};
    size_t c = 0;
    for (; c + 8 <= k; c += 8)
        for (size_t l = 0; l < 8; l++)
            part[l] += row[c + l] * d[c + l];
    for (; c < k; c++)
        part[0] += row[c] * d[c];
    for (size_t l = 1; l < 8; l++)
        part[0] += part[l];
    return part[0];
}

void pleats_row_table_multiply(const pleats_row_table *t, const double *d,
                               double *out)
{
    const pleats_region *r = t->region;
    for (pleats_idx i = 0; i < t->n; i++) {
        double sum = 0;
        if (!t->is_sparse) {
            out[i] =
                product(pleats_region_entry(r, t->listed[i]), d, (size_t)r->k);
            continue;
        }
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++)
            sum += t->value[e] * d[t->column[e]];
        out[i] = sum;
    }
}
