#include "work_scene.h"

#include "domains.h"
#include "mlp.h"

#include <stdio.h>
#include <stdlib.h>

pleats_net *scene_mlp(pleats_ctx *ctx, rng *r, int32_t n_layers,
                      const int32_t *width)
{
    mlp m;
    mlp_init(&m, n_layers, width);
    for (int32_t l = 0; l < n_layers; l++)
        for (int32_t i = 0; i < width[l + 1]; i++) {
            for (int32_t j = 0; j < width[l]; j++)
                mlp_row(&m, l, i)[j] = rng_int(r, -9, 9) / 8.0;
            m.bias[l][i] = rng_int(r, -9, 9) / 16.0;
        }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

static pleats_net *make_net(pleats_ctx *ctx, uint64_t seed)
{
    static const int32_t width[] = {2, 8, 6, 2};
    rng r = {seed};
    return scene_mlp(ctx, &r, 3, width);
}

pleats_work *scene_begin(const scene *s, bool maps)
{
    pleats_count_options options;
    pleats_limits limits;
    pleats_work *work;
    pleats_init_count_options(&options);
    pleats_init_limits(&limits);
    options.maps = maps;
    limits.threads = 1;
    need_ok(s->ctx, pleats_work_new(s->ctx, s->net, s->domain, &options,
                                    &limits, &work));
    return work;
}

void scene_run(const scene *s, pleats_work *work, uint64_t cells)
{
    pleats_limits limits;
    pleats_init_limits(&limits);
    limits.cells = cells;
    need_ok(s->ctx, pleats_work_run(s->ctx, work, &limits));
}

char *scene_save(const scene *s, pleats_work *work, size_t *n)
{
    char *text;
    need_ok(s->ctx, pleats_work_save(s->ctx, work, &text, n));
    return text;
}

/* A work of which some is done, as text; pleats_work_text_free it. */
char *scene_text(const scene *s, bool maps, size_t *n)
{
    pleats_work *work = scene_begin(s, maps);
    scene_run(s, work, 9);
    char *text = scene_save(s, work, n);
    pleats_work_free(s->ctx, work);
    return text;
}

pleats_work *scene_empty(const scene *s, bool maps)
{
    pleats_work *work = scene_begin(s, maps);
    pleats_work_clear(work);
    return work;
}

void scene_set_up(scene *s, pleats_ctx *ctx)
{
    pleats_count_result r;
    *s = (scene){.ctx = ctx, .net = make_net(ctx, 4)};
    s->domain = domain_boxes(ctx, 2, "-1 1 -1 1; 0 2 0 2");
    pleats_work *work = scene_begin(s, true);
    need_ok(ctx, pleats_work_run(ctx, work, NULL));
    need_ok(ctx, pleats_work_result(ctx, work, &r));
    snprintf(s->regions, sizeof s->regions, "%s", r.regions);
    snprintf(s->maps, sizeof s->maps, "%s", r.maps);
    assert_true(atoi(r.regions) > 20);
    pleats_count_result_clear(ctx, &r);
    pleats_work_free(ctx, work);
}

void scene_tear_down(scene *s)
{
    pleats_domain_clear(s->ctx, s->domain);
    pleats_net_clear(s->ctx, s->net);
}
