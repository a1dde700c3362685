/* The public face of data rows. */
#include "onnx/rows.h"

#include "pleats/pleats.h"

pleats_status pleats_rows_read(pleats_ctx *ctx, const char *path,
                               int32_t n_inputs, pleats_rows **out)
{
    return pleats_rows_load(ctx, path, n_inputs, out);
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
