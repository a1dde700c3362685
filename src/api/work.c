/* The public face of counts that can be put down. */
#include "pleats/work.h"

#include "api/engine.h"
#include "api/text.h"
#include "base/file.h"
#include "base/output.h"
#include "count/work.h"

#include "pleats/output.h"

#include <stdlib.h>
#include <string.h>

pleats_status pleats_work_new(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_domain *domain,
                              const pleats_count_options *options,
                              const pleats_limits *limits, pleats_work **out)
{
    pleats_status status = PLEATS_OK;
    pleats_count_options o;
    pleats_watch watch = {0};
    *out = NULL;
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    const pleats_count_task task = {.pieces = o.pieces,
                                    .maps = o.maps,
                                    .paranoid = o.paranoid,
                                    .engine = pleats_engine_of(o.engine),
                                    .limits = watch.limits};
    TRY(pleats_work_make(ctx, net, domain, &task, out));
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

pleats_status pleats_check_part(pleats_ctx *ctx, uint64_t part, uint64_t of)
{
    if (part < of && of <= PLEATS_MOST_PARTS)
        return PLEATS_OK;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "part %llu of %llu: parts are 0 to one below their "
                       "number, which is at most %d",
                       (unsigned long long)part, (unsigned long long)of,
                       PLEATS_MOST_PARTS);
}

pleats_status pleats_work_shard(pleats_ctx *ctx, pleats_work *work,
                                uint64_t part, uint64_t of,
                                const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    TRY(pleats_check_part(ctx, part, of));
    if (!pleats_work_is_new(work))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "work that has begun cannot be cut into parts");
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_work_keep_part(work, part, of));
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_work_part(const pleats_work *work, uint64_t *part, uint64_t *of)
{
    *part = work->part;
    *of = work->of;
}

pleats_status pleats_work_run(pleats_ctx *ctx, pleats_work *work,
                              const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_work_go(work, &watch.limits));
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

pleats_status pleats_work_result(pleats_ctx *ctx, const pleats_work *work,
                                 pleats_count_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tally tally = {0};
    *out = (pleats_count_result){0};
    mpz_init(tally.regions);
    pleats_work_tally(work, &tally);
    /* A domain with points has a region, also before one is found. */
    if (!tally.complete && work->of == 1 && work->c.parts.n > 0)
        pleats_tally_raise_to_one(&tally);
    TRY(pleats_integer_text(ctx, tally.regions, &out->regions));
    if (work->task.maps)
        TRY(pleats_count_text(ctx, tally.maps, &out->maps));
    out->label = tally.complete ? PLEATS_EXACT : PLEATS_LOWER;
    out->stopped = tally.stopped;
    out->dimension = tally.dimension;
    out->by_bounds = tally.by_bounds;
    out->by_exact = tally.by_exact;
    out->seconds = work->seconds + work->own_seconds;
done:
    mpz_clear(tally.regions);
    return status;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, PLEATS_DIGEST_BYTES);
}

pleats_status pleats_work_write_maps(pleats_ctx *ctx, pleats_work *work,
                                     pleats_output *out,
                                     const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_digest_set maps = {0};
    pleats_hasher *hasher = NULL;
    pleats_digest all;
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_hasher_new(ctx, &hasher));
    TRY(pleats_work_maps(work, &maps));
    if (maps.n > 0)
        qsort(maps.member, maps.n, sizeof *maps.member, by_bytes);
    pleats_hasher_add(hasher, maps.member, maps.n * sizeof *maps.member);
    pleats_hasher_end(hasher, &all);
    TRY(pleats_output_write(ctx, out, maps.member,
                            maps.n * sizeof *maps.member));
    TRY(pleats_output_write(ctx, out, all.byte, sizeof all.byte));
done:
    pleats_hasher_free(ctx, hasher);
    pleats_digest_set_clear(ctx, &maps);
    pleats_watch_end(ctx, &watch);
    return status;
}

/* ---- text ---- */

pleats_status pleats_work_key(pleats_ctx *ctx, const pleats_work *work,
                              char key[PLEATS_WORK_KEY_BYTES])
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    TRY(pleats_work_identity(work, &text));
    TRY(pleats_digest_text(ctx, text.byte, text.n, key));
done:
    pleats_release(ctx, text.byte);
    return status;
}

pleats_status pleats_work_save(pleats_ctx *ctx, pleats_work *work, char **out,
                               size_t *n_bytes)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    *out = NULL;
    TRY(pleats_work_text(work, true, SIZE_MAX, false, &text));
    *out = text.byte;
    *n_bytes = text.n;
done:
    if (status != PLEATS_OK)
        pleats_release(ctx, text.byte);
    return status;
}

pleats_status pleats_work_give(pleats_ctx *ctx, pleats_work *work, size_t n,
                               char **out, size_t *n_bytes)
{
    pleats_status status = PLEATS_OK;
    pleats_text text = {0};
    *out = NULL;
    TRY(pleats_work_text(work, false, n, true, &text));
    *out = text.byte;
    *n_bytes = text.n;
done:
    if (status != PLEATS_OK)
        pleats_release(ctx, text.byte);
    return status;
}

void pleats_work_text_free(pleats_ctx *ctx, char *text)
{
    pleats_release(ctx, text);
}

pleats_status pleats_work_add_text(pleats_ctx *ctx, pleats_work *work,
                                   const char *text, size_t n_bytes)
{
    (void)ctx;
    return pleats_work_add(work, "the text", text, n_bytes);
}

pleats_status pleats_work_write(pleats_ctx *ctx, pleats_work *work,
                                const char *path)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t n = 0;
    TRY(pleats_work_save(ctx, work, &text, &n));
    TRY(pleats_output_put(ctx, path, text, n));
done:
    pleats_release(ctx, text);
    return status;
}

pleats_status pleats_work_read(pleats_ctx *ctx, pleats_work *work,
                               const char *path)
{
    pleats_status status = PLEATS_OK;
    char *bytes = NULL;
    size_t n = 0;
    TRY(pleats_file_read(ctx, path, SIZE_MAX - 1, &bytes, &n));
    TRY(pleats_work_add(work, path, bytes, n));
done:
    pleats_release(ctx, bytes);
    return status;
}
