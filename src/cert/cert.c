#include "cert/cert.h"

#include "base/output.h"
#include "cert/cert_frame.h"
#include "net/pattern.h"

#include <inttypes.h>

enum { TAKEN_AT_ONCE = 1 << 16 /* bytes of lines */ };

/* Of a file that is one of several: as many cells or more are dealt out, where
 * there are as many, so that the files are about even. */
enum { CELLS_PER_PART = 128 };

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

/* A run's. */
typedef struct {
    pleats_cert *cert;
    const pleats_limits *limits;
    uint64_t most; /* regions, at most; 0: any number */
    bool is_full;
    double reported;
    /* Of a union: */
    pleats_hasher *hasher;
    unsigned char *pattern; /* [pattern_bytes] */
    size_t pattern_bytes;
} run;

static pleats_status count_region(void *state, const pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    run *r = state;
    pleats_cert *c = r->cert;
    pleats_digest digest;
    size_t number;
    bool is_new = true;
    if (r->hasher) {
        memset(r->pattern, 0, r->pattern_bytes);
        pleats_pattern_pack(space->net, space->piece, r->pattern);
        pleats_hasher_add(r->hasher, r->pattern, r->pattern_bytes);
        pleats_hasher_end(r->hasher, &digest);
        TRY(pleats_digest_set_add(c->ctx, &c->patterns, &digest, &number,
                                  &is_new));
    }
    if (r->most > 0 && c->regions >= r->most) {
        r->is_full = true;
        TRY(pleats_fail(c->ctx, PLEATS_LIMIT, "stopped by: cell limit"));
    }
    c->regions += is_new;
done:
    return status;
}

/* A few times a second. */
static void report(void *state, double share)
{
    run *r = state;
    pleats_cert *c = r->cert;
    c->share = (c->at + share) / c->domain->n_parts;
    if (!r->limits->progress || pleats_now() - r->reported < 0.2)
        return;
    const pleats_progress now = {.found = c->regions, .share = c->share};
    r->reported = pleats_now();
    r->limits->progress(r->limits->progress_state, &now);
}

/* Takes all lines of the sink, which are of whole cells. */
static pleats_status take(pleats_cert *c, pleats_sink *sink)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_cert_file_body(&c->file, sink->byte, sink->n));
    pleats_cert_tally_add(&c->tally, &sink->tally);
    pleats_sink_empty(sink);
done:
    return status;
}

static pleats_status take_many(void *state, pleats_sink *sink)
{
    const run *r = state;
    return sink->n < TAKEN_AT_ONCE ? PLEATS_OK : take(r->cert, sink);
}

static pleats_status leave_region(void *state, const pleats_space *space)
{
    (void)state;
    (void)space;
    return PLEATS_OK;
}

/* A depth at which there are enough cells, or the most of those that were
 * tried: half as deep again each time, less where that may be too much, until
 * there are none. */
static pleats_status find_depth(pleats_cert *c, const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    const pleats_certified nothing = {.region = leave_region};
    const uint64_t enough = CELLS_PER_PART * c->of;
    pleats_cert_deal top = {.part = c->of, .of = c->of};
    pleats_sink sink = {.ctx = c->ctx, .is_mute = true};
    pleats_task root = {0};
    size_t depth = 0;
    uint64_t most = 0;
    do {
        top.depth += 1 + top.depth / (8 * top.n_dealt < enough ? 2 : 16);
        TRY(pleats_cert_walk(c->ctx, c->net, frame, &top, &nothing, &sink,
                             &root));
        if (top.n_dealt > most) {
            most = top.n_dealt;
            depth = top.depth;
        }
    } while (top.n_dealt > 0 && top.n_dealt < enough);
    c->depth = depth;
done:
    pleats_task_clear(c->ctx, &root);
    pleats_sink_clear(&sink);
    return status;
}

/* Writes the tree of a part of the domain, from c->place on. */
static pleats_status write_part(pleats_cert *c, run *r)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {0};
    pleats_sink sink = {.ctx = c->ctx, .is_text = c->is_text};
    const pleats_certified visit = {count_region, report, take_many, r};
    pleats_cert_deal deal = {.part = c->part, .of = c->of};
    TRY(pleats_cert_frame(c->ctx, &frame, c->domain->n_inputs,
                          &c->domain->part[c->at]));
    if (frame.empty)
        goto done;
    if (frame.k > c->dimension)
        c->dimension = frame.k;
    if (c->of > 1 && c->depth == 0)
        TRY(find_depth(c, &frame));
    deal.depth = c->depth;
    status = pleats_cert_walk(c->ctx, c->net, &frame, &deal, &visit, &sink,
                              &c->place);
    if (status == PLEATS_OK || status == PLEATS_LIMIT) {
        const pleats_status ended = status;
        TRY(take(c, &sink));
        status = ended;
    }
done:
    pleats_frame_clear(c->ctx, &frame);
    pleats_sink_clear(&sink);
    return status;
}

static pleats_status write_end(pleats_cert *c)
{
    pleats_status status = PLEATS_OK;
    pleats_sink sink = {.ctx = c->ctx, .is_text = c->is_text};
    TRY(pleats_sink_end(&sink, c->of > 1 ? &c->regions : NULL));
    TRY(take(c, &sink));
    TRY(pleats_cert_file_settle(&c->file));
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
    pleats_release(c->ctx, text.byte);
    return status;
}

static pleats_status prove(pleats_cert *c, run *r)
{
    pleats_status status = PLEATS_OK;
    if (c->domain->n_parts > 1) {
        TRY(pleats_hasher_new(c->ctx, &r->hasher));
        TRY(pleats_alloc(c->ctx, r->pattern_bytes, 1, &r->pattern));
    }
    if (!c->has_header)
        TRY(write_header(c));
    for (; c->at < c->domain->n_parts; c->at++)
        TRY(write_part(c, r));
    TRY(write_end(c));
done:
    pleats_hasher_free(c->ctx, r->hasher);
    pleats_release(c->ctx, r->pattern);
    return status;
}

pleats_status pleats_cert_run(pleats_cert *c, const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    run r = {.cert = c,
             .limits = limits,
             .pattern_bytes = pleats_pattern_size(c->net)};
    double started;
    c->stopped = PLEATS_STOP_NONE;
    if (c->is_done)
        return PLEATS_OK;
    if (c->work)
        TRY(count(c, limits));
    if (c->stopped)
        goto done;
    if (c->of > 1 && limits->cells > 0)
        r.most = c->regions + limits->cells;
    started = pleats_now();
    status = prove(c, &r);
    c->seconds += pleats_now() - started;
    if (status == PLEATS_LIMIT)
        c->stopped = r.is_full ? PLEATS_STOP_CELLS : pleats_ctx_limit(c->ctx);
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
