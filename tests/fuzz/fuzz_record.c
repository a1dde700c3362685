/* Any lines as the text of a record, under a right digest, for a mean and for a
 * search: no crash, no leak, and what is taken is answered from, written, and
 * read again as the same.  A first line "=" stands for those by which this work
 * is told from others. */
#include "complete.h"
#include "fuzz.h"

#include "pleats/estimate.h"
#include "pleats/record.h"
#include "pleats/search.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    pleats_spec *spec;
    pleats_domain *domain;
    pleats_record *record;
} scene;

typedef pleats_status make_trials(pleats_ctx *ctx, const scene *s,
                                  const pleats_limits *limits);

static pleats_status mean(pleats_ctx *ctx, const scene *s,
                          const pleats_limits *limits)
{
    pleats_mean_options options;
    pleats_mean_result result = {0};
    pleats_init_mean_options(&options);
    options.trials = 3;
    options.record = s->record;
    pleats_status status =
        pleats_mean_regions(ctx, s->spec, s->domain, &options, limits, &result);
    pleats_mean_result_clear(ctx, &result);
    return status;
}

static pleats_status search(pleats_ctx *ctx, const scene *s,
                            const pleats_limits *limits)
{
    pleats_search_options options;
    pleats_search_result result = {0};
    pleats_init_search_options(&options);
    options.starts = 3;
    options.patience = 2;
    options.most = 50;
    options.record = s->record;
    pleats_status status =
        pleats_search(ctx, s->spec, &options, limits, &result);
    pleats_search_result_clear(ctx, &result);
    return status;
}

static pleats_status make_scene(pleats_ctx *ctx, scene *s)
{
    static const double lo[] = {-1, -1}, hi[] = {1, 1};
    pleats_status status = PLEATS_OK;
    TRY(pleats_spec_parse(ctx, "mlp:2,2,1", &s->spec));
    TRY(pleats_domain_box(ctx, 2, pleats_doubles(lo), pleats_doubles(hi),
                          &s->domain));
    TRY(pleats_record_new(ctx, &s->record));
done:
    return status;
}

static void clear_scene(pleats_ctx *ctx, scene *s)
{
    pleats_record_free(ctx, s->record);
    pleats_domain_free(ctx, s->domain);
    pleats_spec_free(ctx, s->spec);
}

/* The lines by which the work is told from others: those of a record without
 * trials, but for "seconds" and what follows. */
static pleats_status identity(pleats_ctx *ctx, const scene *s,
                              make_trials *trials, const pleats_limits *limits,
                              pleats_text *own)
{
    char *text = NULL;
    size_t n;
    pleats_record_ask(s->record, 0, 0);
    pleats_status status = trials(ctx, s, limits);
    if (status != PLEATS_OK && status != PLEATS_LIMIT)
        return status;
    TRY(pleats_record_save(ctx, s->record, &text, &n));
    const char *end = strstr(text, "seconds ");
    if (!end)
        abort();
    TRY(pleats_text_bytes(ctx, own, text, (size_t)(end - text)));
done:
    pleats_record_text_free(ctx, text);
    return status;
}

/* What was read is written, read again as the same, and answered from. */
static pleats_status use(pleats_ctx *ctx, const scene *s, make_trials *trials,
                         const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL, *again = NULL;
    size_t n, n_again;
    TRY(pleats_record_save(ctx, s->record, &text, &n));
    pleats_record_clear(ctx, s->record);
    if (pleats_record_add_text(ctx, s->record, text, n) == PLEATS_INVALID)
        abort();
    TRY(pleats_record_save(ctx, s->record, &again, &n_again));
    if (n != n_again || memcmp(text, again, n) != 0)
        abort();
    pleats_record_ask(s->record, 0, UINT64_MAX);
    TRY(trials(ctx, s, limits));
done:
    pleats_record_text_free(ctx, text);
    pleats_record_text_free(ctx, again);
    return status;
}

static pleats_status answer(pleats_ctx *ctx, const uint8_t *data, size_t size,
                            make_trials *trials)
{
    pleats_status status = PLEATS_OK;
    scene s = {0};
    pleats_text own = {0};
    pleats_limits limits;
    char *text = NULL;
    size_t n = 0;
    pleats_init_limits(&limits);
    limits.threads = 1;
    TRY(make_scene(ctx, &s));
    TRY(identity(ctx, &s, trials, &limits, &own));
    TRY(fuzz_complete(ctx, &own, data, size, &text, &n));
    TRY(pleats_record_add_text(ctx, s.record, text, n));
    TRY(use(ctx, &s, trials, &limits));
done:
    pleats_release(ctx, text);
    pleats_release(ctx, own.byte);
    clear_scene(ctx, &s);
    return status;
}

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    (void)path;
    pleats_status status = answer(ctx, data, size, mean);
    return status == PLEATS_INTERNAL ? status : answer(ctx, data, size, search);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
