/* The public face of scenes. */
#include "pleats/plane.h"

#include "api/text.h"
#include "draw/plane/scene.h"
#include "net/pattern.h"

void pleats_plane_result_clear(pleats_ctx *ctx, pleats_plane_result *r)
{
    pleats_release(ctx, r->regions);
    pleats_release(ctx, r->cell);
    pleats_release(ctx, r->corner);
    pleats_release(ctx, r->start);
    pleats_release(ctx, r->side);
    pleats_release(ctx, r->wall);
    pleats_release(ctx, r->pattern);
    pleats_release(ctx, r->map);
    pleats_release(ctx, r->part);
    pleats_release(ctx, r->part_corner);
    pleats_release(ctx, r->segment);
    *r = (pleats_plane_result){0};
}

/* An array of a scene, which the scene then has no longer. */
#define TAKEN(to, from) ((to) = (from), (from) = NULL)

static pleats_status copy_sizes(pleats_ctx *ctx, size_t n, const size_t *from,
                                int64_t **to)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof **to, to));
    for (size_t i = 0; i < n; i++)
        (*to)[i] = (int64_t)from[i];
done:
    return status;
}

static pleats_status list_cells(pleats_ctx *ctx, const pleats_scene *x,
                                pleats_plane_result *out)
{
    pleats_status status = PLEATS_OK;
    const bool has_class = x->boundary.n_cells == x->n_cells;
    TRY(pleats_alloc(ctx, x->n_cells, sizeof *out->cell, &out->cell));
    for (size_t i = 0; i < x->n_cells; i++) {
        const pleats_scene_cell *c = &x->cell[i];
        out->cell[i] =
            (pleats_plane_cell){.active = c->active,
                                .depth = c->depth,
                                .winner = has_class ? x->boundary.class[i] : -1,
                                .hash = c->hash,
                                .gradient = c->gradient,
                                .area = c->area};
    }
done:
    return status;
}

/* The patterns as regions have them. */
static pleats_status pack_patterns(pleats_ctx *ctx, const pleats_scene *x,
                                   pleats_plane_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n_bytes = pleats_pattern_size(x->net);
    pleats_idx *piece = NULL;
    if (n_bytes == 0)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, x->n_cells, n_bytes, &out->pattern));
    TRY(pleats_alloc(ctx, (size_t)x->net->n_units, sizeof *piece, &piece));
    for (size_t i = 0; i < x->n_cells; i++) {
        pleats_layers_unpack(&x->layers, x->pattern + i * x->n_pattern, piece);
        pleats_pattern_pack(x->net, piece, out->pattern + i * n_bytes);
    }
    out->pattern_bytes = (int32_t)n_bytes;
done:
    pleats_release(ctx, piece);
    return status;
}

static pleats_status list_parts(pleats_ctx *ctx, pleats_boundary *b,
                                pleats_plane_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, b->n_parts, sizeof *out->part, &out->part));
    for (size_t i = 0; i < b->n_parts; i++)
        out->part[i] = (pleats_plane_part){.cell = (int64_t)b->part[i].cell,
                                           .winner = b->part[i].class,
                                           .first = (int64_t)b->part[i].first,
                                           .n = (int64_t)b->part[i].n};
    out->n_parts = (int64_t)b->n_parts;
    out->n_part_corners = (int64_t)b->n_corners;
    out->n_segments = (int64_t)b->n_segments;
    TAKEN(out->part_corner, b->corner);
    TAKEN(out->segment, b->segment);
done:
    return status;
}

static pleats_status take_scene(pleats_ctx *ctx, pleats_scene *x,
                                pleats_plane_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_count_text(ctx, x->n_cells, &out->regions));
    out->label = x->stopped ? PLEATS_LOWER : PLEATS_EXACT;
    out->stopped = x->stopped;
    out->n_outputs = x->net->n_outputs;
    out->n_units = x->net->n_units;
    memcpy(out->axis, x->axes.name, sizeof out->axis);
    out->n_cells = (int64_t)x->n_cells;
    out->n_corners = (int64_t)x->corners.n;
    TRY(list_cells(ctx, x, out));
    TRY(pack_patterns(ctx, x, out));
    TRY(list_parts(ctx, &x->boundary, out));
    TRY(copy_sizes(ctx, x->n_cells + 1, x->start, &out->start));
    TRY(copy_sizes(ctx, x->start[x->n_cells], x->side, &out->side));
    TAKEN(out->wall, x->wall);
    TAKEN(out->corner, x->corner);
    TAKEN(out->map, x->map);
done:
    return status;
}

pleats_status pleats_plane_cells(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *domain,
                                 const pleats_plane_options *options,
                                 const pleats_limits *limits,
                                 pleats_plane_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_plane_options o;
    pleats_watch watch = {0};
    pleats_scene scene = {0};
    *out = (pleats_plane_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    if (net->n_inputs != domain->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the domain has %d inputs, the network %d",
                        domain->n_inputs, net->n_inputs));
    const pleats_scene_options wanted = {.boundary = o.boundary,
                                         .patterns = true,
                                         .maps = true,
                                         .areas = true,
                                         .level = o.level,
                                         .most_cells = watch.limits.cells};
    TRY(pleats_scene_init(ctx, &scene, net, domain, &wanted));
    pleats_set_ending(ctx, true);
    TRY(take_scene(ctx, &scene, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_scene_clear(&scene);
    return status;
}
