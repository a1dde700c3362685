/* The public face of merging. */
#include "pleats/merge.h"

#include "api/text.h"
#include "store/shards.h"

static pleats_status take_text(pleats_ctx *ctx, const json_t *value, char **out)
{
    return pleats_strdup(
        ctx, json_is_string(value) ? json_string_value(value) : "", out);
}

pleats_status pleats_merge_counts(pleats_ctx *ctx, size_t n,
                                  const char *const *path,
                                  const pleats_limits *limits,
                                  pleats_merge_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    pleats_shards sum = {0};
    *out = (pleats_merge_result){0};
    mpz_inits(sum.regions, sum.maps, NULL);
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_shards_add_up(ctx, n, path, &sum));
    TRY(pleats_integer_text(ctx, sum.regions, &out->regions));
    if (sum.has_maps)
        TRY(pleats_integer_text(ctx, sum.maps, &out->maps));
    TRY(take_text(
        ctx, json_object_get(json_object_get(sum.first, "model"), "sha256"),
        &out->model_sha256));
    TRY(take_text(ctx, json_object_get(sum.first, "domain"), &out->domain));
    out->parts = (int64_t)sum.of;
    out->dimension = sum.dimension;
    out->by_bounds = sum.by_bounds;
    out->by_exact = sum.by_exact;
    out->n_rounded = (int64_t)sum.n_rounded;
    out->seconds = sum.seconds;
done:
    pleats_shards_clear(&sum);
    mpz_clears(sum.regions, sum.maps, NULL);
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_merge_result_clear(pleats_ctx *ctx, pleats_merge_result *result)
{
    pleats_release(ctx, result->regions);
    pleats_release(ctx, result->maps);
    pleats_release(ctx, result->model_sha256);
    pleats_release(ctx, result->domain);
    *result = (pleats_merge_result){0};
}
