#include "cert/cert.h"

#include "base/output.h"
#include "cert/cert_frame.h"
#include "cert/cert_pieces.h"

#include <inttypes.h>

/* Of a file that is one of several: as many cells or more are dealt out, where
 * there are as many, so that the files are about even. */
enum { CELLS_PER_PART = 128 };

/* Of one that threads write: a cell that they share should have as many. */
enum { REGIONS_PER_CELL = 16 };

pleats_status pleats_cert_begin(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    c->dimension = -1;
    TRY(pleats_cert_check(c->ctx, c->net, c->domain, c->of));
    TRY(pleats_output_draw_number(c->ctx, &c->number));
done:
    return status;
}

void pleats_cert_clear(pleats_cert *c)
{
    if (!c->ctx)
        return;
    if (c->path)
        pleats_output_free(c->ctx, c->out);
    pleats_work_free(c->ctx, c->work);
    pleats_cert_file_clear(&c->file);
    pleats_task_clear(c->ctx, &c->place);
    pleats_digest_set_clear(c->ctx, &c->patterns);
    *c = (pleats_cert){0};
}

/* ---- the count ---- */

/* Goes on with the count; its number is the claim when it is done. */
static pleats_status count(pleats_cert *c, const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    if (!pleats_work_is_done(c->work))
        TRY(pleats_work_go(c->work, limits));
    pleats_work_tally(c->work, &tally);
    c->stopped = tally.complete ? PLEATS_STOP_NONE : tally.stopped;
    c->claim = mpz_get_ui(tally.regions);
    if (tally.complete && !mpz_fits_ulong_p(tally.regions))
        TRY(pleats_fail(c->ctx, PLEATS_LIMIT,
                        "2^64 regions or more are too many for a certificate"));
done:
    mpz_clear(tally.regions);
    return status;
}

/* ---- the walk ---- */

static pleats_status leave_region(void *state, const pleats_space *space)
{
    (void)state;
    (void)space;
    return PLEATS_OK;
}

/* A depth at which there are enough cells for `of` to share, or the most of
 * those that were tried: half as deep again each time, less where that may be
 * too much, until there are none. */
static pleats_status find_depth(pleats_cert *c, const pleats_frame *frame,
                                uint64_t of, size_t *depth)
{
    pleats_status status = PLEATS_OK;
    const pleats_certified nothing = {.region = leave_region};
    const uint64_t enough = CELLS_PER_PART * of;
    pleats_cert_deal top = {.part = of, .of = of};
    pleats_sink sink = {.ctx = c->ctx, .is_mute = true};
    pleats_task root = {0};
    size_t found = 0;
    uint64_t most = 0;
    do {
        root.n = 0;
        top.depth += 1 + top.depth / (8 * top.n_dealt < enough ? 2 : 16);
        TRY(pleats_cert_walk(c->ctx, c->net, frame, &top, &nothing, &sink,
                             &root));
        if (top.n_dealt > most) {
            most = top.n_dealt;
            found = top.depth;
        }
    } while (top.n_dealt > 0 && top.n_dealt < enough);
    *depth = found;
done:
    pleats_task_clear(c->ctx, &root);
    pleats_sink_clear(&sink);
    return status;
}

/* Whether threads are worth it: the pieces that they share should be much more
 * work than to find them. */
static bool is_large(const pleats_cert *c)
{
    const uint64_t n = (uint64_t)c->n_threads;
    return c->of == 1 && n > 1 &&
           (c->is_eager || c->claim >= n * CELLS_PER_PART * REGIONS_PER_CELL);
}

/* Writes the tree of a part of the domain, from c->place on. */
static pleats_status write_part(pleats_cert *c, const pleats_limits *limits,
                                uint64_t most, bool *is_full)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {0};
    TRY(pleats_cert_frame(c->ctx, &frame, c->domain->n_inputs,
                          &c->domain->part[c->at]));
    if (frame.empty)
        goto done;
    if (frame.k > c->dimension)
        c->dimension = frame.k;
    if (c->of > 1 && c->depth == 0)
        TRY(find_depth(c, &frame, c->of, &c->depth));
    if (!c->is_cut && is_large(c))
        TRY(find_depth(c, &frame, (uint64_t)c->n_threads, &c->cut));
    c->is_cut = true;
    status = pleats_cert_write_tree(c, &frame, limits, most, is_full);
    if (status == PLEATS_LIMIT && c->is_over)
        status = PLEATS_OK; /* it ended a thread that had nothing to do */
    TRY(status);
    c->is_cut = c->is_over = false;
    c->cut = 0;
done:
    pleats_frame_clear(c->ctx, &frame);
    return status;
}

static pleats_status write_end(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    pleats_sink sink = {.ctx = c->ctx, .is_text = c->is_text};
    TRY(pleats_sink_end(&sink, c->of > 1 ? &c->regions : NULL));
    TRY(pleats_cert_file_body(c->ctx, &c->file, sink.byte, sink.n));
    TRY(pleats_cert_file_settle(&c->file));
    pleats_cert_tally_add(&c->tally, &sink.tally);
    if (c->of == 1 && c->regions != c->claim)
        TRY(pleats_fail(c->ctx, PLEATS_INTERNAL,
                        "the certificate has %" PRIu64 " regions, not %" PRIu64,
                        c->regions, c->claim));
    c->is_done = true;
done:
    pleats_sink_clear(&sink);
    return status;
}

static pleats_status write_header(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    if (c->path) {
        TRY(pleats_output_open_numbered(c->ctx, c->path, c->number, &c->out));
        if (c->is_saved)
            TRY(pleats_output_leave(c->ctx, c->out));
    }
    TRY(pleats_cert_file_init(c->ctx, &c->file, c->out, c->is_text));
    TRY(pleats_cert_put_header(c, &text));
    TRY(pleats_cert_file_header(&c->file, text.byte, text.n));
    c->has_header = true;
done:
    if (!c->has_header)
        pleats_cert_file_clear(&c->file);
    if (!c->has_header && c->path) {
        pleats_output_free(c->ctx, c->out);
        c->out = NULL;
    }
    pleats_release(c->ctx, text.byte);
    return status;
}

static pleats_status prove(pleats_cert *c, const pleats_limits *limits,
                           uint64_t most, bool *is_full)
{
    pleats_status status = PLEATS_OK;
    if (!c->has_header)
        TRY(write_header(c));
    for (; c->at < c->domain->n_parts; c->at++)
        TRY(write_part(c, limits, most, is_full));
    TRY(write_end(c));
done:
    return status;
}

pleats_status pleats_cert_run(pleats_cert *c, const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    const bool has_most = c->of > 1 && limits->cells > 0;
    const uint64_t most = has_most ? c->regions + limits->cells : 0;
    double started;
    bool is_full = false;
    c->stopped = PLEATS_STOP_NONE;
    if (c->is_done)
        return PLEATS_OK;
    if (c->work)
        TRY(count(c, limits));
    if (c->stopped)
        goto done;
    started = pleats_now();
    status = prove(c, limits, most, &is_full);
    c->seconds += pleats_now() - started;
    if (status == PLEATS_LIMIT)
        c->stopped = is_full ? PLEATS_STOP_CELLS : pleats_ctx_limit(c->ctx);
    if (c->stopped)
        status = PLEATS_OK;
done:
    c->is_broken = status != PLEATS_OK;
    return status;
}

pleats_status pleats_cert_commit(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    if (!c->is_done)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "a certificate that is not done takes no place");
    if (!c->out)
        return PLEATS_OK;
    TRY(pleats_output_commit(c->ctx, c->out));
    pleats_output_free(c->ctx, c->out);
    c->out = NULL;
done:
    return status;
}
