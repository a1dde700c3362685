#include "store/shards.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a report says of its part. */
typedef struct {
    const char *path; /* of the report */
    json_t *report;
    uint64_t part, of;
    const char *count; /* the key of the whole count */
    char *digests;     /* path, or NULL */
    uint64_t n_maps;
} shard;

static const char *text_in(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static pleats_status refuse(pleats_ctx *ctx, const shard *s, const char *why)
{
    return pleats_fail(ctx, PLEATS_INVALID, "%s: %s", s->path, why);
}

/* Numbers of reports are doubles here. */
static bool whole_in(const json_t *object, const char *key, uint64_t *out)
{
    const json_t *value = json_object_get(object, key);
    const double x = json_number_value(value);
    if (!json_is_number(value) || !(x >= 0 && x <= 0x1p53) || x != floor(x))
        return false;
    *out = (uint64_t)x;
    return true;
}

static bool is_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

static pleats_status read_shard(pleats_ctx *ctx, shard *s)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_json_load(ctx, s->path, &s->report));
    const json_t *part = json_object_get(s->report, "shard");
    s->count = text_in(part, "count");
    if (strcmp(text_in(s->report, "verb"), "count") != 0 || !*s->count ||
        !whole_in(part, "part", &s->part) || !whole_in(part, "of", &s->of) ||
        s->part >= s->of || !is_digits(text_in(s->report, "regions")))
        return refuse(ctx, s,
                      "is no report of a part of a count: write it "
                      "with pleats count --shard R/M --json");
    if (!json_is_true(json_object_get(s->report, "complete")))
        return refuse(ctx, s, "its part is not finished: go on with --resume");
done:
    return status;
}

/* Whether both reports say the same there. */
static bool agree(const shard *a, const shard *b, const char *key)
{
    return json_equal(json_object_get(a->report, key),
                      json_object_get(b->report, key));
}

/* Why a report is of another count than the first one. */
static pleats_status refuse_stranger(pleats_ctx *ctx, const shard *first,
                                     const shard *s)
{
    const json_t *a = json_object_get(first->report, "model");
    const json_t *b = json_object_get(s->report, "model");
    const char *what = "other options, or another version of pleats";
    if (strcmp(text_in(a, "sha256"), text_in(b, "sha256")) != 0)
        what = "another model";
    else if (!agree(first, s, "domain"))
        what = "another domain";
    return pleats_fail(ctx, PLEATS_INVALID, "%s: is of %s than %s", s->path,
                       what, first->path);
}

static int by_part(const void *a, const void *b)
{
    const shard *x = a, *y = b;
    return (x->part > y->part) - (x->part < y->part);
}

/* The shards, in their order, are 0, 1, ... of - 1. */
static pleats_status check_parts(pleats_ctx *ctx, size_t n, const shard *s)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(s[i].count, s[0].count) != 0)
            return refuse_stranger(ctx, &s[0], &s[i]);
        if (s[i].of != s[0].of)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s: is one of %llu parts, %s of %llu",
                               s[i].path, (unsigned long long)s[i].of,
                               s[0].path, (unsigned long long)s[0].of);
        if (i > 0 && s[i].part == s[i - 1].part)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s: is part %llu, and so is %s", s[i].path,
                               (unsigned long long)s[i].part, s[i - 1].path);
    }
    for (size_t i = 0; i < s[0].of; i++)
        if (i >= n || s[i].part != i)
            return pleats_fail(ctx, PLEATS_INVALID,
                               "part %zu of %llu is missing, of %zu reports", i,
                               (unsigned long long)s[0].of, n);
    return PLEATS_OK;
}

/* ---- adding up ---- */

static pleats_status add_numbers(pleats_ctx *ctx, const shard *s,
                                 pleats_shards *out)
{
    pleats_status status = PLEATS_OK;
    const json_t *verdicts = json_object_get(s->report, "verdicts");
    const double dimension =
        json_number_value(json_object_get(s->report, "dimension"));
    uint64_t by_bounds = 0, by_exact = 0, n_rounded = 0;
    mpz_t regions;
    mpz_init(regions);
    if (!whole_in(verdicts, "bounds", &by_bounds) ||
        !whole_in(verdicts, "exact", &by_exact) ||
        !whole_in(s->report, "rounded_parameters", &n_rounded) ||
        !(dimension >= -1 && dimension <= INT32_MAX) ||
        mpz_set_str(regions, text_in(s->report, "regions"), 10) != 0)
        TRY(refuse(ctx, s, "what it says of its part are no numbers"));
    mpz_add(out->regions, out->regions, regions);
    out->by_bounds += by_bounds;
    out->by_exact += by_exact;
    out->seconds += json_number_value(json_object_get(s->report, "seconds"));
    out->n_rounded = n_rounded;
    if (dimension > out->dimension)
        out->dimension = (pleats_idx)dimension;
done:
    mpz_clear(regions);
    return status;
}

/* Where the digests of a report are: as it says, or else beside it. */
static pleats_status find_digests(pleats_ctx *ctx, shard *s)
{
    pleats_status status = PLEATS_OK;
    const char *said = text_in(json_object_get(s->report, "shard"), "digests");
    const char *slash = strrchr(s->path, '/'), *name = strrchr(said, '/');
    const size_t folder = slash ? (size_t)(slash - s->path) + 1 : 0;
    const size_t room = folder + strlen(said) + 1;
    if (!*said)
        TRY(refuse(ctx, s,
                   "maps were counted without --digests FILE, so that "
                   "those of several parts cannot be told apart"));
    name = name ? name + 1 : said;
    TRY(pleats_alloc(ctx, room, 1, &s->digests));
    if (access(said, R_OK) == 0)
        snprintf(s->digests, room, "%s", said);
    else
        snprintf(s->digests, room, "%.*s%s", (int)folder, s->path, name);
done:
    return status;
}

/* The union of the parts' maps, where all have counted them. */
static pleats_status unite_maps(pleats_ctx *ctx, size_t n, shard *s,
                                pleats_shards *out)
{
    pleats_status status = PLEATS_OK;
    char **path = NULL;
    uint64_t *n_maps = NULL;
    if (!json_is_string(json_object_get(s->report, "maps")))
        return PLEATS_OK;
    out->has_maps = true;
    TRY(pleats_alloc(ctx, n, sizeof *path, &path));
    TRY(pleats_alloc(ctx, n, sizeof *n_maps, &n_maps));
    for (size_t i = 0; i < n; i++) {
        const char *maps = text_in(s[i].report, "maps");
        if (!is_digits(maps) || strlen(maps) > 18)
            TRY(refuse(ctx, &s[i], "its maps are no number"));
        n_maps[i] = (uint64_t)strtoull(maps, NULL, 10);
        TRY(find_digests(ctx, &s[i]));
        path[i] = s[i].digests;
    }
    TRY(pleats_digest_files_unite(ctx, n, path, n_maps, out->maps));
done:
    pleats_release(ctx, path);
    pleats_release(ctx, n_maps);
    return status;
}

pleats_status pleats_shards_add_up(pleats_ctx *ctx, size_t n,
                                   const char *const *path, pleats_shards *out)
{
    pleats_status status = PLEATS_OK;
    shard *list = NULL;
    out->dimension = -1;
    if (n == 0)
        return pleats_fail(ctx, PLEATS_INVALID, "there are no reports");
    TRY(pleats_alloc(ctx, n, sizeof *list, &list));
    for (size_t i = 0; i < n; i++) {
        list[i].path = path[i];
        TRY(read_shard(ctx, &list[i]));
    }
    qsort(list, n, sizeof *list, by_part);
    TRY(check_parts(ctx, n, list));
    for (size_t i = 0; i < n; i++)
        TRY(add_numbers(ctx, &list[i], out));
    TRY(unite_maps(ctx, n, list, out));
    out->of = list[0].of;
    out->first = json_incref(list[0].report);
done:
    for (size_t i = 0; list && i < n; i++) {
        json_decref(list[i].report);
        pleats_release(ctx, list[i].digests);
    }
    pleats_release(ctx, list);
    return status;
}

void pleats_shards_clear(pleats_shards *s)
{
    json_decref(s->first);
    s->first = NULL;
}
