/* Any lines as the text of a work, under a right digest: no crash, no leak, and
 * what is taken can be written, read again, and run for a moment.  Lines of the
 * input that are "=" stand for those by which this work is told from others. */
#include "complete.h"
#include "count/work.h"
#include "fuzz.h"

#include "pleats/domain.h"
#include "pleats/net.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    pleats_net *net;
    pleats_domain *domain;
    pleats_work *work;
} scene;

/* 2 inputs, 5 and 4 ReLUs, 1 output, of some numbers. */
static pleats_status make_net(pleats_ctx *ctx, pleats_net **out)
{
    static const int64_t dims[] = {2};
    double number[20];
    for (int i = 0; i < 20; i++)
        number[i] = (i * 7 % 11 - 5) / 4.0;
    const pleats_layer_arrays layer[] = {
        {.type = PLEATS_AFFINE, .n_out = 5, .weight = number, .bias = number},
        {.type = PLEATS_RELU},
        {.type = PLEATS_AFFINE, .n_out = 4, .weight = number, .bias = number},
        {.type = PLEATS_RELU},
        {.type = PLEATS_AFFINE, .n_out = 1, .weight = number}};
    return pleats_net_from_arrays(ctx, 1, dims, 5, layer, sizeof *layer, out);
}

static pleats_status make_scene(pleats_ctx *ctx, scene *s)
{
    static const double lo[] = {-1, -1}, hi[] = {1, 1};
    pleats_count_options options;
    pleats_limits limits;
    pleats_status status = PLEATS_OK;
    pleats_init_count_options(&options);
    pleats_init_limits(&limits);
    options.maps = true;
    limits.threads = 1;
    TRY(make_net(ctx, &s->net));
    TRY(pleats_domain_box(ctx, 2, pleats_doubles(lo), pleats_doubles(hi),
                          &s->domain));
    TRY(pleats_work_new(ctx, s->net, s->domain, &options, &limits, &s->work));
    pleats_work_clear(s->work);
done:
    return status;
}

static void clear_scene(pleats_ctx *ctx, scene *s)
{
    pleats_work_free(ctx, s->work);
    pleats_domain_free(ctx, s->domain);
    pleats_net_free(ctx, s->net);
}

/* What was read is written, read again as the same, and run. */
static pleats_status use(pleats_ctx *ctx, scene *s)
{
    pleats_status status = PLEATS_OK;
    pleats_limits limits;
    pleats_count_result result = {0};
    char *text = NULL, *again = NULL;
    size_t n, n_again;
    pleats_init_limits(&limits);
    limits.cells = 50;
    TRY(pleats_work_save(ctx, s->work, &text, &n));
    pleats_work_clear(s->work);
    if (pleats_work_add_text(ctx, s->work, text, n) == PLEATS_INVALID)
        abort();
    TRY(pleats_work_save(ctx, s->work, &again, &n_again));
    if (n != n_again || memcmp(text, again, n) != 0)
        abort();
    TRY(pleats_work_run(ctx, s->work, &limits));
    TRY(pleats_work_result(ctx, s->work, &result));
done:
    pleats_count_result_clear(ctx, &result);
    pleats_work_text_free(ctx, text);
    pleats_work_text_free(ctx, again);
    return status;
}

static pleats_status try(pleats_ctx *ctx, const uint8_t *data, size_t size,
                         const char *path)
{
    pleats_status status = PLEATS_OK;
    scene s = {0};
    pleats_text own = {0};
    char *text = NULL;
    size_t n = 0;
    (void)path;
    TRY(make_scene(ctx, &s));
    TRY(pleats_work_identity(s.work, &own));
    TRY(fuzz_complete(ctx, &own, data, size, &text, &n));
    TRY(pleats_work_add_text(ctx, s.work, text, n));
    TRY(use(ctx, &s));
done:
    pleats_release(ctx, text);
    pleats_release(ctx, own.byte);
    clear_scene(ctx, &s);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz(data, size, false, try);
}
