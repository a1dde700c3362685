/* The public face of domains through and about data rows. */
#include "api/ball.h"
#include "api/interval.h"
#include "domain/domain_check.h"
#include "exact/rational.h"
#include "read/rows.h"

#include "pleats/domain.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4608 };

static pleats_status check_row(pleats_ctx *ctx, const pleats_rows *rows,
                               int64_t index)
{
    if (index < 0 || index >= rows->count)
        return pleats_fail(
            ctx, PLEATS_INVALID, "%s has no row %lld: its rows are 0 to %lld",
            rows->path, (long long)index, (long long)rows->count - 1);
    return PLEATS_OK;
}

/* origin = row index[0], direction j = row index[j+1] - origin. */
static pleats_status span_rows(pleats_ctx *ctx, const pleats_rows *rows,
                               int32_t n, const int64_t *index,
                               pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    bool is_slice;
    for (int32_t r = 0; r < n; r++) {
        TRY(check_row(ctx, rows, index[r]));
        const double *row = pleats_rows_row(rows, index[r]);
        for (pleats_idx i = 0; i < rows->n_inputs; i++) {
            mpq_t *entry = r == 0
                               ? &part->origin[i]
                               : &part->direction[(r - 1) * rows->n_inputs + i];
            TRY(pleats_rational_set_double(ctx, row[i], *entry));
            if (r > 0)
                mpq_sub(*entry, *entry, part->origin[i]);
        }
    }
    TRY(pleats_part_is_slice(ctx, part, rows->n_inputs, &is_slice));
    if (!is_slice)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        n == 2 ? "%s: the two rows are equal: a line needs two "
                                 "different rows"
                               : "%s: the three rows lie on one line: a plane "
                                 "needs rows that do not",
                        rows->path));
done:
    return status;
}

pleats_status pleats_domain_rows(pleats_ctx *ctx, const pleats_rows *rows,
                                 int32_t n, const int64_t *index,
                                 const char *lo, const char *hi,
                                 pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    pleats_interval range;
    char text[TEXT_BYTES], third[32] = "";
    *out = NULL;
    pleats_interval_init(&range);
    if (n != 2 && n != 3)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d rows: two rows give a line, three a plane", n));
    TRY(pleats_interval_read(ctx, lo, hi, &range));
    if (n == 3)
        snprintf(third, sizeof third, ",%lld", (long long)index[2]);
    snprintf(text, sizeof text, "rows %lld,%lld%s of %s, coordinates [%s, %s]",
             (long long)index[0], (long long)index[1], third, rows->path,
             range.lo_text, range.hi_text);
    TRY(pleats_domain_new(ctx, rows->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n - 1, 0, true, &part));
    TRY(span_rows(ctx, rows, n, index, part));
    pleats_interval_bound(part, &range);
    for (int32_t r = 0; r < n; r++) {
        const double at[] = {r == 1, r == 2};
        pleats_domain_add_mark(domain, index[r], n - 1, at);
    }
    *out = domain;
    domain = NULL;
done:
    pleats_interval_clear(ctx, &range);
    pleats_domain_clear(ctx, domain);
    return status;
}

/* origin = the row, but 0 on the axes, whose unit vectors are the directions.
 */
static pleats_status span_axes(pleats_ctx *ctx, pleats_idx n_inputs,
                               const double *row, int32_t n,
                               const int32_t *axis, pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    bool is_slice;
    for (pleats_idx i = 0; i < n_inputs; i++)
        TRY(pleats_rational_set_double(ctx, row[i], part->origin[i]));
    for (int32_t j = 0; j < n; j++) {
        if (axis[j] < 0 || axis[j] >= n_inputs)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "there is no input %d: the network has inputs 0 "
                               "to %d",
                               axis[j], n_inputs - 1);
        mpq_t *unit = &part->direction[j * n_inputs + axis[j]];
        mpq_set_ui(part->origin[axis[j]], 0, 1);
        mpq_set_ui(*unit, 1, 1);
    }
    TRY(pleats_part_is_slice(ctx, part, n_inputs, &is_slice));
    if (!is_slice)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "an input is named twice: axes must differ");
done:
    return status;
}

pleats_status pleats_domain_axes(pleats_ctx *ctx, const pleats_rows *rows,
                                 int64_t index, int32_t n, const int32_t *axis,
                                 const char *lo, const char *hi,
                                 pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    pleats_interval range;
    char text[TEXT_BYTES], names[64];
    double at[3];
    int end = 0;
    *out = NULL;
    pleats_interval_init(&range);
    if (n < 1 || n > 3)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d axes: between one and three inputs vary", n));
    TRY(check_row(ctx, rows, index));
    TRY(pleats_interval_read(ctx, lo, hi, &range));
    for (int32_t j = 0; j < n; j++)
        end += snprintf(names + end, sizeof names - (size_t)end, "%sx%d",
                        j ? "," : "", axis[j]);
    snprintf(text, sizeof text,
             "%s in [%s, %s], other inputs as in row %lld of %s", names,
             range.lo_text, range.hi_text, (long long)index, rows->path);
    TRY(pleats_domain_new(ctx, rows->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n, 0, true, &part));
    TRY(span_axes(ctx, rows->n_inputs, pleats_rows_row(rows, index), n, axis,
                  part));
    pleats_interval_bound(part, &range);
    for (int32_t j = 0; j < n; j++)
        at[j] = pleats_rows_row(rows, index)[axis[j]];
    pleats_domain_add_mark(domain, index, n, at);
    *out = domain;
    domain = NULL;
done:
    pleats_interval_clear(ctx, &range);
    pleats_domain_clear(ctx, domain);
    return status;
}

pleats_status pleats_domain_row_ball(pleats_ctx *ctx, const pleats_rows *rows,
                                     int64_t index, const char *radius,
                                     pleats_domain **out)
{
    return pleats_domain_row_ball_in(ctx, rows, index, radius, PLEATS_NORM_INF,
                                     out);
}

pleats_status pleats_domain_row_ball_in(pleats_ctx *ctx,
                                        const pleats_rows *rows, int64_t index,
                                        const char *radius, pleats_norm norm,
                                        pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    char where[TEXT_BYTES];
    *out = NULL;
    TRY(check_row(ctx, rows, index));
    snprintf(where, sizeof where, "about row %lld of %s", (long long)index,
             rows->path);
    TRY(pleats_domain_ball_named(ctx, rows->n_inputs,
                                 pleats_doubles(pleats_rows_row(rows, index)),
                                 radius, norm, where, out));
done:
    return status;
}
