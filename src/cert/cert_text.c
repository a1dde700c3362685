/* The checkpoint of a certificate, one line after the other; docs/formats.md
 * says which. */
#include "base/output.h"
#include "cert/cert.h"

#include "pleats/version.h"

#include <inttypes.h>
#include <string.h>

/* The lines that texts of one certificate have alike, the first ones. */
static pleats_status put_identity(const pleats_cert *c, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_text domain = {0};
    char hex[PLEATS_DIGEST_DIGITS + 1];
    TRY(pleats_cert_put_domain(c->ctx, c->domain, &domain));
    TRY(pleats_digest_text(c->ctx, domain.byte, domain.n, hex));
    TRY(pleats_text_put(c->ctx, t, "pleats-certificate 1\nversion %s\n",
                        PLEATS_VERSION));
    TRY(pleats_text_put(c->ctx, t, "model %s\ndomain %s\nform %s\n",
                        c->net->sha256, hex, c->is_text ? "text" : "binary"));
done:
    pleats_release(c->ctx, domain.byte);
    return status;
}

/* The checkpoint of the count stands in it as it is. */
static pleats_status put_count(pleats_cert *c, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_text count = {0};
    if (c->work)
        TRY(pleats_work_text(c->work, true, SIZE_MAX, false, &count));
    TRY(pleats_text_put(c->ctx, t, "count %zu\n", count.n));
    if (count.n > 0)
        TRY(pleats_text_bytes(c->ctx, t, count.byte, count.n));
done:
    pleats_release(c->ctx, count.byte);
    return status;
}

/* What the file has, where the walk is, and what was found on the way. */
static pleats_status put_written(const pleats_cert *c, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->ctx;
    const pleats_cert_tally *y = &c->tally;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    pleats_digest_hex(&c->extent.digest, hex);
    TRY(pleats_text_put(ctx, t, "bytes %" PRIu64 " %s\n", c->extent.n, hex));
    TRY(pleats_text_put(ctx, t, "seconds %.6f\ndimension %d\ndepth %zu\n",
                        c->seconds, c->dimension, c->depth));
    TRY(pleats_text_put(ctx, t, "next %d ", c->at));
    TRY(c->is_done ? pleats_text_put(ctx, t, "end")
                   : pleats_task_put_path(ctx, &c->place, t));
    TRY(pleats_text_put(ctx, t, "\nregions %" PRIu64 "\n", c->regions));
    TRY(pleats_text_put(ctx, t,
                        "lines %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
                        "\nverdicts %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                        y->lines, y->splits, y->points, y->multipliers,
                        y->by_bounds, y->by_exact, y->n_exact));
    TRY(pleats_text_put(ctx, t, "patterns %zu\n", c->patterns.n));
    for (size_t i = 0; i < c->patterns.n; i++) {
        pleats_digest_hex(&c->patterns.member[i], hex);
        TRY(pleats_text_put(ctx, t, "%s\n", hex));
    }
done:
    return status;
}

/* Brings what was written to the disk. */
static pleats_status settle(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    if (!c->out)
        return PLEATS_OK;
    TRY(pleats_cert_file_settle(&c->file));
    TRY(pleats_output_leave(c->ctx, c->out));
    pleats_cert_file_extent(&c->file, &c->extent);
done:
    return status;
}

pleats_status pleats_cert_save(pleats_cert *c, pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = c->ctx;
    t->n = 0;
    if (c->is_broken)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a certificate whose last run failed is not saved"));
    TRY(put_identity(c, t));
    TRY(pleats_text_put(ctx, t, "part %" PRIu64 " of %" PRIu64 "\n", c->part,
                        c->of));
    TRY(put_count(c, t));
    TRY(pleats_text_put(ctx, t, "file %016" PRIx64 "\n", c->number));
    if (c->has_header) {
        TRY(settle(c));
        TRY(put_written(c, t));
    }
    TRY(pleats_text_end(ctx, t));
    c->is_saved = true;
done:
    return status;
}

/* ---- reading ---- */

typedef struct {
    pleats_cert *cert;
    pleats_lines lines;
} reader;

static pleats_status read_part(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    uint64_t part = 0, of = 1;
    TRY(pleats_lines_take_part(&r->lines, PLEATS_MOST_PARTS, &part, &of));
    if (of == 1)
        return PLEATS_OK;
    TRY(pleats_cert_check(c->ctx, c->net, c->domain, of));
    c->part = part;
    c->of = of;
    pleats_work_free(c->ctx, c->work);
    c->work = NULL;
done:
    return status;
}

static pleats_status read_count(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    const char *bytes;
    char *value;
    uint64_t n = 0;
    TRY(pleats_lines_need(&r->lines, "count", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, '\0', UINT64_MAX, &n));
    TRY(pleats_lines_take_bytes(&r->lines, n, &bytes));
    if ((n > 0) != (c->work != NULL))
        TRY(pleats_lines_damaged(&r->lines, "a count is of one file alone"));
    if (!c->work)
        return PLEATS_OK;
    pleats_work_clear(c->work);
    TRY(pleats_work_add(c->work, r->lines.where, bytes, (size_t)n));
    if (c->work->of > 1)
        TRY(pleats_lines_damaged(&r->lines, "the count is of a part"));
done:
    return status;
}

static pleats_status read_place(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    const uint64_t most = (uint64_t)c->domain->n_parts;
    char *value;
    uint64_t n = 0;
    TRY(pleats_lines_need(&r->lines, "next", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, ' ', most, &n));
    c->at = (pleats_idx)n;
    c->is_done = strcmp(value, "end") == 0 && n == most;
    if (!c->is_done)
        TRY(pleats_task_take_path(&r->lines, &value, &c->place));
done:
    return status;
}

/* n whole numbers in a line. */
static pleats_status read_numbers(reader *r, const char *name, size_t n,
                                  uint64_t *const *out)
{
    pleats_status status = PLEATS_OK;
    char *value;
    TRY(pleats_lines_need(&r->lines, name, &value));
    for (size_t i = 0; i < n; i++)
        TRY(pleats_lines_take_whole(&r->lines, &value, i + 1 < n ? ' ' : '\0',
                                    UINT64_MAX, out[i]));
done:
    return status;
}

static pleats_status read_patterns(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    pleats_digest digest;
    uint64_t n = 0;
    size_t number;
    bool is_new;
    TRY(read_numbers(r, "patterns", 1, (uint64_t *const[]){&n}));
    for (uint64_t i = 0; i < n; i++) {
        TRY(pleats_lines_next(&r->lines));
        TRY(pleats_lines_take_hex(&r->lines, r->lines.line, digest.byte,
                                  sizeof digest.byte));
        TRY(pleats_digest_set_add(c->ctx, &c->patterns, &digest, &number,
                                  &is_new));
    }
done:
    return status;
}

static pleats_status read_extent(reader *r)
{
    pleats_status status = PLEATS_OK;
    char *value;
    TRY(pleats_lines_need(&r->lines, "bytes", &value));
    TRY(pleats_lines_take_whole(&r->lines, &value, ' ', INT64_MAX,
                                &r->cert->extent.n));
    TRY(pleats_lines_take_hex(&r->lines, value, r->cert->extent.digest.byte,
                              sizeof r->cert->extent.digest.byte));
done:
    return status;
}

static pleats_status read_written(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    pleats_cert_tally *y = &c->tally;
    char *value;
    uint64_t depth = 0;
    TRY(read_extent(r));
    TRY(pleats_lines_need(&r->lines, "seconds", &value));
    TRY(pleats_lines_take_amount(&r->lines, value, &c->seconds));
    TRY(pleats_lines_take_dimension(&r->lines, &c->dimension));
    TRY(read_numbers(r, "depth", 1, (uint64_t *const[]){&depth}));
    c->depth = (size_t)depth;
    TRY(read_place(r));
    TRY(read_numbers(r, "regions", 1, (uint64_t *const[]){&c->regions}));
    TRY(read_numbers(r, "lines", 4,
                     (uint64_t *const[]){&y->lines, &y->splits, &y->points,
                                         &y->multipliers}));
    TRY(read_numbers(
        r, "verdicts", 3,
        (uint64_t *const[]){&y->by_bounds, &y->by_exact, &y->n_exact}));
    TRY(read_patterns(r));
done:
    return status;
}

/* Opens the file that the text names, or sees that it is in its place. */
static pleats_status take_file(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    const char *where = r->lines.where;
    bool is_in_place = false;
    TRY(pleats_output_open_left(c->ctx, c->path, c->number, where, &c->out));
    if (!c->out && c->is_done)
        TRY(pleats_cert_file_is_at(c->ctx, c->path, &c->extent, &is_in_place));
    if (!c->out && !is_in_place)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%s: goes on with the file %s.%016" PRIx64
                        ".part, which is not there",
                        where, c->path, c->number));
    c->has_header = true;
    if (is_in_place)
        return PLEATS_OK;
    TRY(pleats_cert_file_init(c->ctx, &c->file, c->out, c->is_text));
    TRY(pleats_cert_file_go_on(&c->file, c->out, &c->extent, where));
done:
    return status;
}

static pleats_status read_number(reader *r)
{
    pleats_status status = PLEATS_OK;
    uint64_t *number = &r->cert->number;
    unsigned char byte[sizeof *number];
    char *digits;
    TRY(pleats_lines_need(&r->lines, "file", &digits));
    TRY(pleats_lines_take_hex(&r->lines, digits, byte, sizeof byte));
    *number = 0;
    for (size_t i = 0; i < sizeof byte; i++)
        *number = *number << 8 | byte[i];
    if (*number == 0)
        TRY(pleats_lines_damaged(&r->lines, "no file has this number"));
done:
    return status;
}

static pleats_status read_all(reader *r)
{
    pleats_status status = PLEATS_OK;
    pleats_cert *c = r->cert;
    pleats_text own = {0};
    TRY(put_identity(c, &own));
    TRY(pleats_lines_same(&r->lines, &own));
    TRY(read_part(r));
    TRY(read_count(r));
    TRY(read_number(r));
    const bool has_file = !pleats_lines_is_end(&r->lines);
    if (has_file)
        TRY(read_written(r));
    TRY(pleats_lines_end(&r->lines));
    if (has_file)
        TRY(take_file(r));
    c->is_saved = true;
done:
    pleats_release(c->ctx, own.byte);
    return status;
}

pleats_status pleats_cert_resume(pleats_cert *c, const char *where,
                                 const char *bytes, size_t n)
{
    pleats_status status = PLEATS_OK;
    reader r = {.cert = c};
    TRY(pleats_lines_open(c->ctx, &r.lines, where, "certificate", bytes, n));
    TRY(read_all(&r));
done:
    pleats_lines_close(&r.lines);
    return status;
}
