/* The public face of pictures. */
#include "pleats/draw.h"

#include "draw/figure.h"
#include "draw/page.h"
#include "draw/paint.h"

#include <stdio.h>
#include <string.h>

enum { LINES = 3, LINE_BYTES = 512 };
#define POINTS 480.0
#define PIXELS 1200.0

static pleats_paint_colour colour_of(pleats_draw_colour colour)
{
    static const pleats_paint_colour table[] = {
        [PLEATS_DRAW_PATTERN] = PLEATS_PAINT_PATTERN,
        [PLEATS_DRAW_DEPTH] = PLEATS_PAINT_DEPTH,
        [PLEATS_DRAW_ACTIVE] = PLEATS_PAINT_ACTIVE,
        [PLEATS_DRAW_GRADIENT] = PLEATS_PAINT_GRADIENT,
        [PLEATS_DRAW_OUTPUT] = PLEATS_PAINT_OUTPUT,
        [PLEATS_DRAW_CLASS] = PLEATS_PAINT_CLASS};
    return table[colour];
}

static double width_of(double width, const char *path)
{
    size_t n = strlen(path);
    if (width > 0)
        return width;
    return n > 4 && strcmp(path + n - 4, ".png") == 0 ? PIXELS : POINTS;
}

/* The last part of a path. */
static const char *name_of(const pleats_net *net)
{
    const char *path = net->path ? net->path : "a network";
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static pleats_status paint(pleats_ctx *ctx, const pleats_scene *scene,
                           const pleats_domain *domain,
                           const pleats_draw_options *o, const char *path)
{
    char text[LINES][LINE_BYTES];
    const char *line[LINES] = {text[0], text[1], text[2]};
    pleats_status status = PLEATS_OK;
    snprintf(text[0], LINE_BYTES, "%zu activation region%s (exact)",
             scene->n_cells, scene->n_cells == 1 ? "" : "s");
    snprintf(text[1], LINE_BYTES, "on %s", domain->text);
    snprintf(text[2], LINE_BYTES, "of %s, %d units",
             o->title ? o->title : name_of(scene->net), scene->net->n_units);
    const pleats_paint_options options = {
        .colour = colour_of(o->colour),
        .output = o->output,
        .walls = !o->no_walls,
        .width = width_of(o->width, path),
        .legend = line,
        .n_legend = LINES,
        .mark = domain->mark,
        .n_marks = (size_t)domain->n_marks,
    };
    TRY(pleats_paint(ctx, scene, &options, path));
done:
    return status;
}

static bool is_page(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && strcmp(path + n - 5, ".html") == 0;
}

static pleats_status write_page(pleats_ctx *ctx, const pleats_scene *scene,
                                const pleats_domain *domain,
                                const pleats_draw_options *o, const char *path)
{
    const char *title = o->title ? o->title : name_of(scene->net);
    const pleats_page page = {.title = title,
                              .domain = domain->text,
                              .definition = "activation regions",
                              .label = "exact",
                              .n_scenes = 1,
                              .scene = scene,
                              .name = &title,
                              .mark = domain->mark,
                              .n_marks = domain->n_marks};
    return pleats_page_write(ctx, &page, path);
}

pleats_status pleats_draw(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_domain *domain,
                          const pleats_draw_options *options, const char *path,
                          pleats_draw_result *result)
{
    static const pleats_draw_options none = {0};
    const pleats_draw_options *o = options ? options : &none;
    const pleats_scene_options scene_options = {
        .boundary =
            !o->no_boundary || o->colour == PLEATS_DRAW_CLASS || is_page(path),
        .patterns = is_page(path),
        .level = o->level,
        .most_cells = o->max_cells};
    pleats_status status = PLEATS_OK;
    pleats_scene scene = {0};
    double start = pleats_now();
    char regions[24];
    *result = (pleats_draw_result){0};
    if (net->n_inputs != domain->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, net->n_inputs);
    TRY(pleats_scene_init(ctx, &scene, net, domain, &scene_options));
    result->boundary_segments = (int64_t)scene.boundary.n_segments;
    snprintf(regions, sizeof regions, "%zu", scene.n_cells);
    TRY(pleats_strdup(ctx, regions, &result->regions));
    if (o->no_boundary)
        scene.boundary.n_segments = 0;
    if (is_page(path))
        TRY(write_page(ctx, &scene, domain, o, path));
    else
        TRY(paint(ctx, &scene, domain, o, path));
    result->seconds = pleats_now() - start;
done:
    pleats_scene_clear(&scene);
    return status;
}

void pleats_draw_result_clear(pleats_ctx *ctx, pleats_draw_result *result)
{
    pleats_release(ctx, result->regions);
    *result = (pleats_draw_result){0};
}

pleats_status pleats_draw_figure(pleats_ctx *ctx, int32_t n,
                                 const char *const *report,
                                 const pleats_figure_options *options,
                                 const char *path, pleats_figure_result *result)
{
    static const pleats_figure_options none = {0};
    const pleats_figure_options *o = options ? options : &none;
    pleats_status status = PLEATS_OK;
    pleats_reports reports = {0};
    pleats_figure figure = {0};
    double start = pleats_now();
    *result = (pleats_figure_result){0};
    TRY(pleats_reports_read(ctx, &reports, n > 0 ? (size_t)n : 0, report));
    TRY(pleats_figure_init(ctx, &figure, &reports, o->kind));
    figure.title = o->title;
    TRY(pleats_figure_paint(ctx, &figure, path, width_of(o->width, path)));
    *result = figure.count;
    result->seconds = pleats_now() - start;
done:
    pleats_figure_clear(ctx, &figure);
    pleats_reports_clear(&reports);
    return status;
}
