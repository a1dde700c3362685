/* The public face of cells on disk. */
#include "pleats/cells.h"

#include "api/engine.h"
#include "api/text.h"
#include "store/join.h"
#include "store/store.h"

static const struct {
    const char *end;
    pleats_cells_format format;
} ends[] = {{".h5", PLEATS_CELLS_HDF5},
            {".hdf5", PLEATS_CELLS_HDF5},
            {".npz", PLEATS_CELLS_NPZ},
            {".jsonl", PLEATS_CELLS_JSONL}};

pleats_cells_format pleats_cells_format_of(const char *path)
{
    const size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t m = strlen(ends[i].end);
        if (n > m && strcmp(path + n - m, ends[i].end) == 0)
            return ends[i].format;
    }
    if (pleats_path_is_stdout(path) || strncmp(path, "/dev/", 5) == 0)
        return PLEATS_CELLS_JSONL;
    return PLEATS_CELLS_AUTO;
}

static pleats_status find_format(pleats_ctx *ctx, pleats_cells_format wanted,
                                 const pleats_output *out,
                                 const pleats_store_format **format)
{
    const char *path = pleats_output_path(out);
    if (!wanted)
        wanted = pleats_cells_format_of(path);
    if (!wanted && pleats_output_is_stream(out))
        wanted = PLEATS_CELLS_JSONL;
    switch (wanted) {
    case PLEATS_CELLS_HDF5:
        *format = &pleats_store_hdf5;
        return PLEATS_OK;
    case PLEATS_CELLS_NPZ:
        *format = &pleats_store_npz;
        return PLEATS_OK;
    case PLEATS_CELLS_JSONL:
        *format = &pleats_store_jsonl;
        return PLEATS_OK;
    default:
        return pleats_fail(ctx, PLEATS_INVALID,
                           "cells are written to files that end in .h5, .hdf5, "
                           ".npz or .jsonl, not to %s",
                           path);
    }
}

pleats_status pleats_cells_save(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain,
                                const pleats_cells_options *options,
                                const pleats_limits *limits, pleats_output *out,
                                pleats_cells_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_cells_options o;
    pleats_watch watch = {0};
    pleats_store_tail tail;
    const pleats_store_format *format = NULL;
    *result = (pleats_cells_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    if (o.fields & ~(unsigned)PLEATS_REGION_ALL)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the fields must be of PLEATS_REGION_..."));
    if (o.of > 0)
        TRY(pleats_check_part(ctx, o.part, o.of));
    TRY(find_format(ctx, o.format, out, &format));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    const pleats_store_task task = {.format = format,
                                    .want = o.fields ? o.fields
                                                     : PLEATS_REGION_PATTERN |
                                                           PLEATS_REGION_POINT,
                                    .paranoid = o.paranoid,
                                    .engine = pleats_engine_of(o.engine),
                                    .limits = watch.limits,
                                    .part = o.part,
                                    .of = o.of};
    TRY(pleats_store_cells(ctx, net, domain, &task, out, &tail));
    pleats_set_ending(ctx, true);
    TRY(pleats_count_text(ctx, tail.cells, &result->regions));
    result->label = tail.is_complete ? PLEATS_EXACT : PLEATS_LOWER;
    result->stopped = tail.stopped;
    result->dimension = tail.dimension;
    result->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_cells_result_clear(pleats_ctx *ctx, pleats_cells_result *result)
{
    pleats_release(ctx, result->regions);
    *result = (pleats_cells_result){0};
}

pleats_status pleats_cells_join(pleats_ctx *ctx, size_t n,
                                const char *const *path, pleats_output *out,
                                uint64_t *regions)
{
    *regions = 0;
    return pleats_store_join(ctx, n, path, out, regions);
}
