#include "cert/cert.h"

#include "cert/cert_frame.h"
#include "exact/digest.h"
#include "net/pattern.h"

#include <inttypes.h>

enum { MOST_CANDIDATES = 64 };

/* Of a file that is one of several: as many cells or more are dealt out, where
 * there are as many, so that the files are about even. */
enum { CELLS_PER_PART = 128 };

/* ---- what there are certificates of ---- */

static pleats_status check_net(pleats_ctx *ctx, const pleats_net *net)
{
    if (!net->sha256[0])
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a certificate names the file of the model, and "
                           "this network has none");
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; s->kind == PLEATS_STEP_MAX && u < s->n_out; u++)
            if (pleats_step_pieces(s, u) > MOST_CANDIDATES)
                return pleats_fail(
                    ctx, PLEATS_INVALID,
                    "certificates are made of maxima of up to %d values, and "
                    "%s has one of %d",
                    MOST_CANDIDATES, s->name ? s->name : "a node",
                    pleats_step_pieces(s, u));
    }
    return PLEATS_OK;
}

/* Whether the part, when it has points, has inner ones in its coordinates;
 * `inner` gets the dimension in which it has, -1 of an empty one. */
static pleats_status check_part(pleats_ctx *ctx, const pleats_domain *domain,
                                const pleats_part *part, pleats_idx *inner)
{
    pleats_status status = PLEATS_OK;
    pleats_frame plain = {0}, true_one = {0};
    TRY(pleats_cert_frame(ctx, &plain, domain->n_inputs, part));
    TRY(pleats_frame_init(ctx, &true_one, domain, part));
    *inner = true_one.empty ? -1 : true_one.k;
    if (plain.empty)
        goto done;
    if (true_one.empty)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "no certificate is made of a domain with a part whose "
                        "sides leave nothing of it"));
    if (true_one.k != plain.k)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "no certificate is made of a domain whose rows leave "
                        "%d of %d dimensions: give it as a plane, a line or a "
                        "box",
                        true_one.k, plain.k));
done:
    pleats_frame_clear(ctx, &plain);
    pleats_frame_clear(ctx, &true_one);
    return status;
}

pleats_status pleats_cert_check(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain, uint64_t of)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_parts = 0, least = domain->n_inputs;
    TRY(check_net(ctx, net));
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        pleats_idx inner = -1;
        TRY(check_part(ctx, domain, &domain->part[i], &inner));
        n_parts += inner >= 0;
        least = inner >= 0 && inner < least ? inner : least;
    }
    if (domain->n_parts > 1 && of > 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a certificate in several files is of a domain of one "
                        "part, and this one has %d",
                        domain->n_parts));
    if (n_parts > 1 && least < domain->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "of a union of parts a certificate is made where all "
                        "have the dimension of the input, %d; one has %d",
                        domain->n_inputs, least));
done:
    return status;
}

/* ---- the header ---- */

static pleats_status write_list(pleats_sink *sink, const char *word,
                                pleats_idx n, mpq_t *value)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_sink_header(sink, "%s", word));
    for (pleats_idx i = 0; i < n; i++)
        TRY(pleats_sink_rational(sink, value[i]));
    TRY(pleats_sink_header(sink, "\n"));
done:
    return status;
}

static pleats_status write_bounds(pleats_sink *sink, const pleats_part *p,
                                  pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_sink_header(sink, "bounds"));
    TRY(p->has_lo[j] ? pleats_sink_rational(sink, p->lo[j])
                     : pleats_sink_header(sink, " -"));
    TRY(p->has_hi[j] ? pleats_sink_rational(sink, p->hi[j])
                     : pleats_sink_header(sink, " -"));
    TRY(pleats_sink_header(sink, "\n"));
done:
    return status;
}

/* A point is a slice without directions. */
static pleats_status write_part(pleats_sink *sink, pleats_idx n_inputs,
                                const pleats_part *p)
{
    pleats_status status = PLEATS_OK;
    const bool is_slice = p->direction || p->k != n_inputs;
    TRY(pleats_sink_header(sink, "part %s %d %d\n",
                           is_slice ? "slice" : "inputs", p->k, p->m));
    if (is_slice)
        TRY(write_list(sink, "origin", n_inputs, p->origin));
    for (pleats_idx j = 0; is_slice && j < p->k; j++)
        TRY(write_list(sink, "direction", n_inputs,
                       p->direction + (size_t)j * (size_t)n_inputs));
    for (pleats_idx j = 0; j < p->k; j++)
        TRY(write_bounds(sink, p, j));
    for (pleats_idx i = 0; i < p->m; i++) {
        TRY(pleats_sink_header(sink, "row"));
        for (pleats_idx j = 0; j < p->k; j++)
            TRY(pleats_sink_rational(
                sink, p->a[(size_t)i * (size_t)p->k + (size_t)j]));
        TRY(pleats_sink_rational(sink, p->b[i]));
        TRY(pleats_sink_header(sink, "\n"));
    }
done:
    return status;
}

static pleats_status write_header(pleats_sink *sink, const pleats_net *net,
                                  const pleats_domain *domain,
                                  const pleats_cert_task *task)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_sink_header(sink,
                           "pleats-cert/1\nmodel %s\ndefinition activation "
                           "regions\ninputs %d\nunits %d\n",
                           net->sha256, net->n_inputs, net->n_units));
    TRY(task->of > 1
            ? pleats_sink_header(sink, "shard %" PRIu64 " %" PRIu64 "\n",
                                 task->part, task->of)
            : pleats_sink_header(sink, "regions %" PRIu64 "\n", task->claim));
    TRY(pleats_sink_header(sink, "parts %d\n", domain->n_parts));
    for (pleats_idx i = 0; i < domain->n_parts; i++)
        TRY(write_part(sink, domain->n_inputs, &domain->part[i]));
    TRY(pleats_sink_header(sink, "body %s\n", task->is_text ? "text" : "zstd"));
done:
    return status;
}

/* ---- the body ---- */

typedef struct {
    pleats_ctx *ctx;
    const pleats_limits *limits;
    uint64_t regions, most; /* so many at most; 0: any number */
    bool is_full;
    double share; /* of the parts that are done */
    double reported;
    pleats_idx n_parts;
    /* Of a union: patterns that were met, by their digests. */
    pleats_digest_set patterns;
    pleats_hasher *hasher;
    unsigned char *pattern; /* [pattern_bytes] */
    size_t pattern_bytes;
} certified;

static pleats_status count_region(void *state, const pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    certified *c = state;
    pleats_digest digest;
    size_t number;
    bool is_new = true;
    if (c->hasher) {
        memset(c->pattern, 0, c->pattern_bytes);
        pleats_pattern_pack(space->net, space->piece, c->pattern);
        pleats_hasher_add(c->hasher, c->pattern, c->pattern_bytes);
        pleats_hasher_end(c->hasher, &digest);
        TRY(pleats_digest_set_add(c->ctx, &c->patterns, &digest, &number,
                                  &is_new));
    }
    if (c->most > 0 && c->regions >= c->most) {
        c->is_full = true;
        TRY(pleats_fail(c->ctx, PLEATS_LIMIT, "stopped by: cell limit"));
    }
    c->regions += is_new;
done:
    return status;
}

/* A few times a second. */
static void report(void *state, double share)
{
    certified *c = state;
    if (!c->limits->progress || pleats_now() - c->reported < 0.2)
        return;
    const pleats_progress now = {.found = c->regions,
                                 .share = (c->share + share) / c->n_parts};
    c->reported = pleats_now();
    c->limits->progress(c->limits->progress_state, &now);
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
static pleats_status find_depth(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_frame *frame, pleats_sink *sink,
                                pleats_cert_deal *deal)
{
    pleats_status status = PLEATS_OK;
    const pleats_certified nothing = {leave_region, NULL, NULL};
    const uint64_t enough = CELLS_PER_PART * deal->of;
    pleats_cert_deal top = {.part = deal->of, .of = deal->of};
    uint64_t most = 0;
    pleats_sink_mute(sink, true);
    do {
        top.depth += 1 + top.depth / (8 * top.n_dealt < enough ? 2 : 16);
        TRY(pleats_cert_walk(ctx, net, frame, &top, &nothing, sink));
        if (top.n_dealt > most) {
            most = top.n_dealt;
            deal->depth = top.depth;
        }
    } while (top.n_dealt > 0 && top.n_dealt < enough);
done:
    pleats_sink_mute(sink, false);
    return status;
}

static pleats_status write_parts(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *domain, certified *c,
                                 pleats_sink *sink, pleats_cert_deal *deal,
                                 pleats_idx *dimension)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {0};
    const pleats_certified visit = {count_region, report, c};
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        TRY(pleats_cert_frame(ctx, &frame, domain->n_inputs, &domain->part[i]));
        if (!frame.empty && deal->of > 1)
            TRY(find_depth(ctx, net, &frame, sink, deal));
        if (!frame.empty && frame.k > *dimension)
            *dimension = frame.k;
        if (!frame.empty)
            TRY(pleats_cert_walk(ctx, net, &frame, deal, &visit, sink));
        pleats_frame_clear(ctx, &frame);
        c->share++;
    }
done:
    pleats_frame_clear(ctx, &frame);
    return status;
}

pleats_status pleats_cert_write(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain,
                                const pleats_cert_task *task,
                                pleats_output *out, pleats_cert_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_sink *sink = NULL;
    certified c = {.ctx = ctx,
                   .limits = &task->limits,
                   .most = task->of > 1 ? task->limits.cells : 0,
                   .n_parts = domain->n_parts,
                   .pattern_bytes = pleats_pattern_size(net)};
    pleats_cert_deal deal = {.part = task->part, .of = task->of};
    *result = (pleats_cert_result){.dimension = -1};
    TRY(pleats_cert_check(ctx, net, domain, task->of));
    TRY(pleats_sink_new(ctx, out, task->is_text, &sink));
    if (domain->n_parts > 1) {
        TRY(pleats_hasher_new(ctx, &c.hasher));
        TRY(pleats_alloc(ctx, c.pattern_bytes, 1, &c.pattern));
    }
    TRY(write_header(sink, net, domain, task));
    TRY(write_parts(ctx, net, domain, &c, sink, &deal, &result->dimension));
    TRY(pleats_sink_end(sink, deal.of > 1 ? &c.regions : NULL));
    result->tally = pleats_sink_tally_of(sink);
    if (deal.of == 1 && c.regions != task->claim)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                        "the certificate has %" PRIu64 " regions, not %" PRIu64,
                        c.regions, task->claim));
done:
    result->regions = c.regions;
    result->is_full = c.is_full;
    result->n_exact = deal.n_exact;
    result->by_bounds = deal.by_bounds;
    result->by_exact = deal.by_exact;
    pleats_sink_free(ctx, sink);
    pleats_hasher_free(ctx, c.hasher);
    pleats_release(ctx, c.pattern);
    pleats_digest_set_clear(ctx, &c.patterns);
    return status;
}
