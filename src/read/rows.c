/* Data rows: inputs of a network from .npz and .json files. */
#include "read/rows.h"

#include "base/file.h"
#include "base/file_kind.h"
#include "read/npz.h"
#include "json/json.h"

#include <math.h>

#define MAX_FILE_BYTES ((size_t)4 << 30)

static pleats_status wrong_length(pleats_ctx *ctx, const pleats_rows *rows,
                                  int64_t numbers)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "%s: a row has %lld numbers, but the network has %d "
                       "inputs",
                       rows->path, (long long)numbers, rows->n_inputs);
}

static pleats_status read_npz(pleats_ctx *ctx, const char *bytes, size_t n,
                              pleats_rows *rows)
{
    pleats_status status = PLEATS_OK;
    pleats_npz_array array = {0};
    status = pleats_npz_parse(ctx, bytes, n, "x", &array);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s", rows->path));
    if (array.n_dims == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: array `x` is a single number, not a list of rows",
                        rows->path));
    bool is_one_row = array.n_dims == 1 && array.dims[0] == rows->n_inputs;
    rows->count = is_one_row ? 1 : array.dims[0];
    if (rows->count > 0 && array.count / rows->count != rows->n_inputs)
        TRY(wrong_length(ctx, rows, array.count / rows->count));
    rows->data = array.data;
    array.data = NULL;
done:
    pleats_npz_clear(ctx, &array);
    return status;
}

/* Appends the numbers in `value`, a number or nested lists of them, to the row
 * [n_inputs] of which `*filled` numbers are there.  jansson bounds the depth.
 */
static pleats_status flatten(pleats_ctx *ctx, const pleats_rows *rows,
                             const json_t *value, double *row, int64_t *filled)
{
    pleats_status status = PLEATS_OK;
    if (json_is_real(value)) {
        if (*filled < rows->n_inputs)
            row[*filled] = json_real_value(value);
        ++*filled;
    } else if (json_is_array(value)) {
        for (size_t i = 0; i < json_array_size(value); i++)
            TRY(flatten(ctx, rows, json_array_get(value, i), row, filled));
    } else {
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s: rows must be lists of numbers; there is something "
                        "else in them",
                        rows->path));
    }
done:
    return status;
}

static bool holds_numbers_only(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_real(json_array_get(list, i)))
            return false;
    return true;
}

static pleats_status read_json(pleats_ctx *ctx, const char *text, size_t size,
                               pleats_rows *rows)
{
    pleats_status status = PLEATS_OK;
    json_t *root = NULL;
    TRY(pleats_json_parse(ctx, rows->path, text, size, &root));
    const json_t *list =
        json_is_object(root) ? json_object_get(root, "x") : root;
    if (!json_is_array(list))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s must hold a list of rows, or an object with such a "
                        "list under \"x\"",
                        rows->path));
    size_t n = json_array_size(list), width = (size_t)rows->n_inputs;
    bool is_one_row = n == width && holds_numbers_only(list);
    rows->count = is_one_row ? 1 : (int64_t)n;
    TRY(pleats_alloc(ctx, (size_t)rows->count, width * sizeof *rows->data,
                     &rows->data));
    for (size_t i = 0; i < (size_t)rows->count; i++) {
        int64_t filled = 0;
        const json_t *row = is_one_row ? list : json_array_get(list, i);
        TRY(flatten(ctx, rows, row, rows->data + i * width, &filled));
        if (filled != rows->n_inputs)
            TRY(wrong_length(ctx, rows, filled));
    }
done:
    json_decref(root);
    return status;
}

static pleats_status refuse(pleats_ctx *ctx, const char *bytes, size_t n,
                            const char *path)
{
    pleats_status status = pleats_file_expect(ctx, bytes, n, PLEATS_KIND_NPZ);
    if (status == PLEATS_OK)
        status = pleats_fail(ctx, PLEATS_INVALID,
                             "data rows are read from .npz and JSON files, and "
                             "this is neither");
    return pleats_blame(ctx, status, "%s", path);
}

pleats_status pleats_rows_load(pleats_ctx *ctx, const char *path,
                               pleats_idx n_inputs, pleats_rows **out)
{
    pleats_status status = PLEATS_OK;
    pleats_rows *rows = NULL;
    char *bytes = NULL;
    size_t n = 0;
    *out = NULL;
    TRY(pleats_alloc(ctx, 1, sizeof *rows, &rows));
    rows->n_inputs = n_inputs;
    TRY(pleats_strdup(ctx, pleats_file_name(path), &rows->path));
    TRY(pleats_file_read(ctx, path, MAX_FILE_BYTES, &bytes, &n));
    pleats_file_kind kind = pleats_file_kind_of(bytes, n);
    if (kind == PLEATS_KIND_JSON)
        TRY(read_json(ctx, bytes, n, rows));
    else if (kind == PLEATS_KIND_NPZ)
        TRY(read_npz(ctx, bytes, n, rows));
    else
        TRY(refuse(ctx, bytes, n, rows->path));
    if (rows->count == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%s has no rows", path));
    *out = rows;
    rows = NULL;
done:
    pleats_release(ctx, bytes);
    pleats_rows_clear(ctx, rows);
    return status;
}

pleats_status pleats_rows_copy(pleats_ctx *ctx, const char *name, int64_t count,
                               pleats_idx n_inputs, const double *x,
                               pleats_rows **out)
{
    pleats_status status = PLEATS_OK;
    pleats_rows *rows = NULL;
    *out = NULL;
    if (count < 1 || n_inputs < 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%lld rows of %d numbers: both must be at least 1",
                        (long long)count, n_inputs));
    TRY(pleats_alloc(ctx, 1, sizeof *rows, &rows));
    rows->n_inputs = n_inputs;
    rows->count = count;
    TRY(pleats_strdup(ctx, name, &rows->path));
    const size_t n = (size_t)n_inputs;
    TRY(pleats_alloc(ctx, (size_t)count, n * sizeof *x, &rows->data));
    for (size_t i = 0; i < (size_t)count * n; i++) {
        if (!isfinite(x[i]))
            TRY(pleats_fail(ctx, PLEATS_INVALID,
                            "%s: number %zu of row %zu is not finite", name,
                            i % n, i / n));
        rows->data[i] = x[i];
    }
    *out = rows;
    rows = NULL;
done:
    pleats_rows_clear(ctx, rows);
    return status;
}

void pleats_rows_clear(pleats_ctx *ctx, pleats_rows *rows)
{
    if (!rows)
        return;
    pleats_release(ctx, rows->path);
    pleats_release(ctx, rows->data);
    pleats_release(ctx, rows);
}
