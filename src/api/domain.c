/* The public face of domains: all of space, boxes, data rows and balls are
 * built here, files are read by `onnx`. */
#include "net/domain.h"

#include "exact/rational.h"
#include "net/net.h"
#include "onnx/domain_check.h"
#include "onnx/domain_file.h"
#include "onnx/rows.h"
#include "onnx/vnnlib.h"
#include "pleats/pleats.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 4608 };

const char *pleats_domain_text(const pleats_domain *domain)
{
    return domain->text;
}

void pleats_domain_free(pleats_ctx *ctx, pleats_domain *domain)
{
    pleats_domain_clear(ctx, domain);
}

pleats_status pleats_domain_box_file(pleats_ctx *ctx, const pleats_net *net,
                                     const char *path, pleats_domain **out)
{
    return pleats_domain_read_box(ctx, path, net->n_inputs, out);
}

pleats_status pleats_domain_plane_file(pleats_ctx *ctx, const pleats_net *net,
                                       const char *path, pleats_domain **out)
{
    return pleats_domain_read_plane(ctx, path, net->n_inputs, out);
}

pleats_status pleats_domain_line_file(pleats_ctx *ctx, const pleats_net *net,
                                      const char *path, pleats_domain **out)
{
    return pleats_domain_read_line(ctx, path, net->n_inputs, out);
}

pleats_status pleats_domain_polytope_file(pleats_ctx *ctx,
                                          const pleats_net *net,
                                          const char *path, pleats_domain **out)
{
    return pleats_domain_read_polytope(ctx, path, net->n_inputs, out);
}

pleats_status pleats_domain_vnnlib_file(pleats_ctx *ctx, const pleats_net *net,
                                        const char *path, pleats_domain **out)
{
    return pleats_vnnlib_read(ctx, path, net->n_inputs, out);
}

pleats_status pleats_domain_all(pleats_ctx *ctx, const pleats_net *net,
                                pleats_domain **out)
{
    return pleats_domain_whole(ctx, net->n_inputs, out);
}

/* An interval given as two texts, and how to name it to people. */
typedef struct {
    mpq_t lo, hi;
    char *lo_text, *hi_text;
} interval;

static void interval_init(interval *v)
{
    mpq_init(v->lo);
    mpq_init(v->hi);
    v->lo_text = v->hi_text = NULL;
}

static void interval_clear(pleats_ctx *ctx, interval *v)
{
    mpq_clear(v->lo);
    mpq_clear(v->hi);
    pleats_release(ctx, v->lo_text);
    pleats_release(ctx, v->hi_text);
}

static pleats_status interval_read(pleats_ctx *ctx, const char *lo,
                                   const char *hi, interval *v)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_rational_parse(ctx, lo, strlen(lo), v->lo));
    TRY(pleats_rational_parse(ctx, hi, strlen(hi), v->hi));
    TRY(pleats_rational_text(ctx, v->lo, &v->lo_text));
    TRY(pleats_rational_text(ctx, v->hi, &v->hi_text));
    if (mpq_cmp(v->lo, v->hi) > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the interval [%s, %s] is empty: its lower end must "
                        "not be above its upper end",
                        v->lo_text, v->hi_text));
done:
    return status;
}

static void bound_all(pleats_part *part, const interval *v)
{
    for (pleats_idx j = 0; j < part->k; j++) {
        pleats_part_set_lo(part, j, v->lo);
        pleats_part_set_hi(part, j, v->hi);
    }
}

pleats_status pleats_domain_box(pleats_ctx *ctx, const pleats_net *net,
                                const char *lo, const char *hi,
                                pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    interval side;
    char text[TEXT_BYTES];
    *out = NULL;
    interval_init(&side);
    TRY(interval_read(ctx, lo, hi, &side));
    snprintf(text, sizeof text, "box [%s, %s]^%d", side.lo_text, side.hi_text,
             net->n_inputs);
    TRY(pleats_domain_new(ctx, net->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, net->n_inputs, 0, false, &part));
    bound_all(part, &side);
    *out = domain;
    domain = NULL;
done:
    interval_clear(ctx, &side);
    pleats_domain_clear(ctx, domain);
    return status;
}

static pleats_status check_row(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_rows *rows, int64_t index)
{
    if (rows->n_inputs != net->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: a row has %d numbers, but the network has %d "
                           "inputs",
                           rows->path, rows->n_inputs, net->n_inputs);
    if (index < 0 || index >= rows->count)
        return pleats_fail(
            ctx, PLEATS_INVALID, "%s has no row %lld: its rows are 0 to %lld",
            rows->path, (long long)index, (long long)rows->count - 1);
    return PLEATS_OK;
}

/* origin = row index[0], direction j = row index[j+1] - origin. */
static pleats_status span_rows(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_rows *rows, int32_t n,
                               const int64_t *index, pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    for (int32_t r = 0; r < n; r++) {
        TRY(check_row(ctx, net, rows, index[r]));
        const double *row = pleats_rows_row(rows, index[r]);
        for (pleats_idx i = 0; i < net->n_inputs; i++) {
            mpq_t *entry = r == 0
                               ? &part->origin[i]
                               : &part->direction[(r - 1) * net->n_inputs + i];
            TRY(pleats_rational_set_double(ctx, row[i], *entry));
            if (r > 0)
                mpq_sub(*entry, *entry, part->origin[i]);
        }
    }
    if (!pleats_part_is_slice(part, net->n_inputs))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        n == 2 ? "%s: the two rows are equal: a line needs two "
                                 "different rows"
                               : "%s: the three rows lie on one line: a plane "
                                 "needs rows that do not",
                        rows->path));
done:
    return status;
}

pleats_status pleats_domain_rows(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_rows *rows, int32_t n,
                                 const int64_t *index, const char *lo,
                                 const char *hi, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    interval range;
    char text[TEXT_BYTES], third[32] = "";
    *out = NULL;
    interval_init(&range);
    if (n != 2 && n != 3)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d rows: two rows give a line, three a plane", n));
    TRY(interval_read(ctx, lo, hi, &range));
    if (n == 3)
        snprintf(third, sizeof third, ",%lld", (long long)index[2]);
    snprintf(text, sizeof text, "rows %lld,%lld%s of %s, coordinates [%s, %s]",
             (long long)index[0], (long long)index[1], third, rows->path,
             range.lo_text, range.hi_text);
    TRY(pleats_domain_new(ctx, net->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n - 1, 0, true, &part));
    TRY(span_rows(ctx, net, rows, n, index, part));
    bound_all(part, &range);
    for (int32_t r = 0; r < n; r++) {
        const double at[] = {r == 1, r == 2};
        pleats_domain_add_mark(domain, index[r], n - 1, at);
    }
    *out = domain;
    domain = NULL;
done:
    interval_clear(ctx, &range);
    pleats_domain_clear(ctx, domain);
    return status;
}

/* origin = the row, but 0 on the axes, whose unit vectors are the directions.
 */
static pleats_status span_axes(pleats_ctx *ctx, const pleats_net *net,
                               const double *row, int32_t n,
                               const int32_t *axis, pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < net->n_inputs; i++)
        TRY(pleats_rational_set_double(ctx, row[i], part->origin[i]));
    for (int32_t j = 0; j < n; j++) {
        if (axis[j] < 0 || axis[j] >= net->n_inputs)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "there is no input %d: the network has inputs 0 "
                               "to %d",
                               axis[j], net->n_inputs - 1);
        mpq_t *unit = &part->direction[j * net->n_inputs + axis[j]];
        mpq_set_ui(part->origin[axis[j]], 0, 1);
        mpq_set_ui(*unit, 1, 1);
    }
    if (!pleats_part_is_slice(part, net->n_inputs))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "an input is named twice: axes must differ");
done:
    return status;
}

pleats_status pleats_domain_axes(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_rows *rows, int64_t index,
                                 int32_t n, const int32_t *axis, const char *lo,
                                 const char *hi, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    interval range;
    char text[TEXT_BYTES], names[64];
    double at[3];
    int end = 0;
    *out = NULL;
    interval_init(&range);
    if (n < 1 || n > 3)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%d axes: between one and three inputs vary", n));
    TRY(check_row(ctx, net, rows, index));
    TRY(interval_read(ctx, lo, hi, &range));
    for (int32_t j = 0; j < n; j++)
        end += snprintf(names + end, sizeof names - (size_t)end, "%sx%d",
                        j ? "," : "", axis[j]);
    snprintf(text, sizeof text,
             "%s in [%s, %s], other inputs as in row %lld of %s", names,
             range.lo_text, range.hi_text, (long long)index, rows->path);
    TRY(pleats_domain_new(ctx, net->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, n, 0, true, &part));
    TRY(span_axes(ctx, net, pleats_rows_row(rows, index), n, axis, part));
    bound_all(part, &range);
    for (int32_t j = 0; j < n; j++)
        at[j] = pleats_rows_row(rows, index)[axis[j]];
    pleats_domain_add_mark(domain, index, n, at);
    *out = domain;
    domain = NULL;
done:
    interval_clear(ctx, &range);
    pleats_domain_clear(ctx, domain);
    return status;
}

pleats_status pleats_domain_ball(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_rows *rows, int64_t index,
                                 const char *eps, pleats_domain **out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    char text[TEXT_BYTES], *eps_text = NULL;
    mpq_t radius, centre;
    *out = NULL;
    mpq_init(radius);
    mpq_init(centre);
    TRY(check_row(ctx, net, rows, index));
    TRY(pleats_rational_parse(ctx, eps, strlen(eps), radius));
    TRY(pleats_rational_text(ctx, radius, &eps_text));
    if (mpq_sgn(radius) < 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the radius %s of the ball is negative", eps_text));
    snprintf(text, sizeof text, "ball %s about row %lld of %s", eps_text,
             (long long)index, rows->path);
    TRY(pleats_domain_new(ctx, net->n_inputs, text, &domain));
    TRY(pleats_domain_add_part(ctx, domain, net->n_inputs, 0, false, &part));
    const double *row = pleats_rows_row(rows, index);
    for (pleats_idx i = 0; i < net->n_inputs; i++) {
        TRY(pleats_rational_set_double(ctx, row[i], centre));
        mpq_sub(part->lo[i], centre, radius);
        mpq_add(part->hi[i], centre, radius);
        part->has_lo[i] = part->has_hi[i] = true;
    }
    *out = domain;
    domain = NULL;
done:
    mpq_clear(radius);
    mpq_clear(centre);
    pleats_release(ctx, eps_text);
    pleats_domain_clear(ctx, domain);
    return status;
}
