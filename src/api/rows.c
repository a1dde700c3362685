/* The public face of data rows. */
#include "read/rows.h"

#include "pleats/rows.h"

pleats_status pleats_rows_read(pleats_ctx *ctx, const char *path,
                               int32_t n_inputs, pleats_rows **out)
{
    return pleats_rows_load(ctx, path, n_inputs, out);
}

pleats_status pleats_rows_from_array(pleats_ctx *ctx, int64_t n_rows,
                                     int32_t n_inputs, const double *x,
                                     const char *name, pleats_rows **out)
{
    return pleats_rows_copy(ctx, name ? name : "rows", n_rows, n_inputs, x,
                            out);
}

void pleats_rows_free(pleats_ctx *ctx, pleats_rows *rows)
{
    pleats_rows_clear(ctx, rows);
}

int64_t pleats_rows_count(const pleats_rows *rows)
{
    return rows->count;
}

const double *pleats_rows_row(const pleats_rows *rows, int64_t i)
{
    return rows->data + i * rows->n_inputs;
}
