/* The public face of pictures. */
#include "pleats/draw.h"

#include "api/draw_width.h"
#include "api/text.h"
#include "draw/chart/histogram.h"
#include "draw/mesh/mesh.h"
#include "draw/page/page.h"
#include "draw/plane/line.h"
#include "draw/plane/paint.h"

#include <math.h>
#include <stdio.h>

enum { LINES = 3, LINE_BYTES = 512 };

/* What is to be drawn, of one network or several. */
typedef struct {
    pleats_ctx *ctx;
    size_t n;
    const pleats_net *const *net; /* [n] */
    const char *const *name;      /* [n] */
    const pleats_domain *domain;
    const pleats_draw_options *options;
    size_t most_cells;
    const char *path;
    pleats_output *out;
    pleats_draw_result *result;
    char title[LINE_BYTES], text[LINES][LINE_BYTES]; /* of the legend */
    const char *line[LINES];
} drawing;

static bool is_page(const drawing *d)
{
    return pleats_path_ends_in(d->path, ".html");
}

/* The last part of a path. */
static const char *name_of(const pleats_net *net)
{
    const char *path = net->path ? net->path : "a network";
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Writes what the networks are called. */
static void write_title(const drawing *d, char *text)
{
    if (d->options->title)
        snprintf(text, LINE_BYTES, "%s", d->options->title);
    else if (d->n > 1)
        snprintf(text, LINE_BYTES, "%zu networks", d->n);
    else
        snprintf(text, LINE_BYTES, "%s", name_of(d->net[0]));
}

static const char *label(const drawing *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->net[i]->n_rounded > 0)
            return "exact for the rounded parameters";
    return "exact";
}

static void write_legend(drawing *d, size_t n_cells)
{
    write_title(d, d->title);
    if (d->n == 1 && d->result->stopped)
        snprintf(d->text[0], LINE_BYTES,
                 "at least %zu activation region%s (%s)", n_cells,
                 n_cells == 1 ? "" : "s", pleats_stop_text(d->result->stopped));
    else if (d->n == 1)
        snprintf(d->text[0], LINE_BYTES, "%zu activation region%s (%s)",
                 n_cells, n_cells == 1 ? "" : "s", label(d));
    else
        snprintf(d->text[0], LINE_BYTES, "activation regions (%s)", label(d));
    snprintf(d->text[1], LINE_BYTES, "on %s", d->domain->text);
    snprintf(d->text[2], LINE_BYTES, "of %.400s, %d units%s", d->title,
             d->net[0]->n_units, d->n > 1 ? " each" : "");
    for (size_t i = 0; i < LINES; i++)
        d->line[i] = d->text[i];
}

static pleats_status report(drawing *d, size_t i, size_t n_cells,
                            pleats_stop stopped)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_count_text(d->ctx, n_cells ? n_cells : 1,
                          &d->result[i].regions));
    d->result[i].label = stopped ? PLEATS_LOWER : PLEATS_EXACT;
    d->result[i].stopped = stopped;
done:
    return status;
}

/* ---- planes ---- */

static pleats_status paint(drawing *d, const pleats_scene *scene)
{
    const pleats_draw_options *o = d->options;
    const pleats_paint_options options = {
        .colour = o->colour,
        .output = o->output,
        .walls = !o->no_walls,
        .width = pleats_draw_width(o->width, d->path),
        .legend = d->line,
        .n_legend = LINES,
        .mark = d->domain->mark,
        .n_marks = (size_t)d->domain->n_marks,
    };
    if (d->n > 1)
        return pleats_paint_strip(d->ctx, d->n, scene, d->name, &options,
                                  d->out);
    return pleats_paint(d->ctx, scene, &options, d->out);
}

static pleats_status write_page(drawing *d, const pleats_scene *scene)
{
    const pleats_page page = {.title = d->title,
                              .domain = d->domain->text,
                              .definition = "activation regions",
                              .label = label(d),
                              .n_scenes = d->n,
                              .scene = scene,
                              .name = d->name,
                              .mark = d->domain->mark,
                              .n_marks = d->domain->n_marks};
    return pleats_page_write(d->ctx, &page, d->out);
}

static pleats_status draw_histogram(drawing *d, const pleats_scene *scene)
{
    if (d->n > 1 || is_page(d))
        return pleats_fail(d->ctx, PLEATS_INVALID,
                           "a histogram is of one network, as .svg, .pdf or "
                           ".png");
    return pleats_histogram_paint(scene, d->options->histogram,
                                  pleats_draw_width(d->options->width, d->path),
                                  LINES, d->line, d->out);
}

/* Times the width of a picture: of the frame, which is two units wide, a
 * quarter of what cairo rounds points and pixels to. */
#define PAINT_GRAIN 0x1p-9

/* What the picture shows and no more: some of it takes exact arithmetic. */
static pleats_scene_options wanted(const drawing *d)
{
    const pleats_draw_options *o = d->options;
    return (pleats_scene_options){
        .boundary = !o->no_boundary || o->colour == PLEATS_DRAW_CLASS ||
                    o->has_level || is_page(d),
        .patterns = is_page(d),
        .maps = is_page(d) || o->has_level ||
                o->colour == PLEATS_DRAW_GRADIENT ||
                o->colour == PLEATS_DRAW_OUTPUT ||
                o->histogram == PLEATS_HISTOGRAM_GRADIENT,
        .areas = is_page(d) || o->histogram == PLEATS_HISTOGRAM_AREA,
        .level = o->level,
        .grain =
            is_page(d) ? 0 : PAINT_GRAIN / pleats_draw_width(o->width, d->path),
        .most_cells = d->most_cells};
}

static pleats_status gather_planes(drawing *d, pleats_scene *scene)
{
    pleats_status status = PLEATS_OK;
    const pleats_draw_options *o = d->options;
    const pleats_scene_options options = wanted(d);
    for (size_t i = 0; i < d->n; i++) {
        TRY(pleats_scene_init(d->ctx, &scene[i], d->net[i], d->domain,
                              &options));
        TRY(report(d, i, scene[i].n_cells, scene[i].stopped));
        d->result[i].boundary_segments = (int64_t)scene[i].boundary.n_segments;
        if (o->no_boundary)
            scene[i].boundary.n_segments = 0;
    }
done:
    return status;
}

/* A level that was asked for is there. */
static pleats_status check_level(const drawing *d, const pleats_scene *scene)
{
    double lo = INFINITY, hi = -INFINITY;
    if (!d->options->has_level)
        return PLEATS_OK;
    if (scene->net->n_outputs > 1)
        return pleats_fail(d->ctx, PLEATS_INVALID,
                           "a level on a plane is of networks with one output; "
                           "this one has %d",
                           scene->net->n_outputs);
    for (size_t i = 0; i < d->n; i++)
        if (d->result[i].boundary_segments > 0)
            return PLEATS_OK;
    pleats_scene_range(scene, 0, &lo, &hi);
    return pleats_fail(d->ctx, PLEATS_INVALID,
                       "level %.9g is never reached: on this plane the output "
                       "is between %.9g and %.9g",
                       d->options->level, lo, hi);
}

static pleats_status draw_planes(drawing *d)
{
    pleats_status status = PLEATS_OK;
    pleats_scene *scene = NULL;
    TRY(pleats_alloc(d->ctx, d->n, sizeof *scene, &scene));
    TRY(gather_planes(d, scene));
    TRY(check_level(d, scene));
    write_legend(d, scene[0].n_cells);
    if (d->options->histogram != PLEATS_HISTOGRAM_NONE)
        TRY(draw_histogram(d, scene));
    else if (is_page(d))
        TRY(write_page(d, scene));
    else
        TRY(paint(d, scene));
    d->result->is_drawn = true;
done:
    for (size_t i = 0; i < d->n && scene; i++)
        pleats_scene_clear(&scene[i]);
    pleats_release(d->ctx, scene);
    return status;
}

/* ---- lines and surfaces ---- */

static pleats_status check_plain(const drawing *d, const char *what)
{
    if (d->n > 1)
        return pleats_fail(d->ctx, PLEATS_INVALID,
                           "several networks are drawn on a plane, not on %s",
                           what);
    if (d->options->histogram != PLEATS_HISTOGRAM_NONE)
        return pleats_fail(d->ctx, PLEATS_INVALID,
                           "a histogram is of a plane, not of %s", what);
    return PLEATS_OK;
}

static pleats_status draw_line(drawing *d)
{
    pleats_status status = PLEATS_OK;
    const pleats_draw_options *o = d->options;
    pleats_line line = {0};
    TRY(check_plain(d, "a line"));
    TRY(pleats_line_init(d->ctx, &line, d->net[0], d->domain, d->most_cells));
    TRY(report(d, 0, line.n_cells, line.stopped));
    if (line.stopped)
        goto done;
    d->result->breakpoints = (int64_t)line.n_cells - 1;
    write_legend(d, line.n_cells);
    const pleats_line_options options = {
        .output = o->has_output ? o->output : -1,
        .width = pleats_draw_width(o->width, d->path),
        .legend = d->line,
        .n_legend = LINES,
        .mark = d->domain->mark,
        .n_marks = (size_t)d->domain->n_marks};
    TRY(pleats_line_paint(&line, &options, d->out));
    d->result->is_drawn = true;
done:
    pleats_line_clear(&line);
    return status;
}

static pleats_status draw_surface(drawing *d)
{
    pleats_status status = PLEATS_OK;
    const pleats_draw_options *o = d->options;
    pleats_mesh mesh = {0};
    TRY(check_plain(d, "a surface"));
    status = pleats_mesh_level(d->ctx, d->net[0], d->domain, o->output,
                               o->level, !o->open, &mesh);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(d->ctx)) {
        const pleats_stop stopped = pleats_ctx_limit(d->ctx);
        pleats_set_ending(d->ctx, true);
        TRY(report(d, 0, mesh.n_regions, stopped));
        goto done;
    }
    TRY(status);
    TRY(report(d, 0, mesh.n_regions, PLEATS_STOP_NONE));
    d->result->corners = (int64_t)mesh.n_corners;
    d->result->triangles = (int64_t)mesh.n_triangles;
    TRY(pleats_path_ends_in(d->path, ".obj")
            ? pleats_mesh_write_obj(d->ctx, &mesh, d->out)
            : pleats_mesh_write_ply(d->ctx, &mesh, d->out));
    d->result->is_drawn = true;
done:
    pleats_mesh_clear(d->ctx, &mesh);
    return status;
}

/* ---- the whole ---- */

static pleats_status check(const drawing *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const pleats_net *first = d->net[0], *net = d->net[i];
        if (net->n_inputs != d->domain->n_inputs)
            return pleats_fail(d->ctx, PLEATS_INVALID,
                               "the domain has %d inputs, the network %d",
                               d->domain->n_inputs, net->n_inputs);
        if (net->n_units != first->n_units ||
            net->n_outputs != first->n_outputs)
            return pleats_fail(d->ctx, PLEATS_INVALID,
                               "%s has %d units and %d outputs, %s %d and %d: "
                               "several networks must have one architecture",
                               d->name[0], first->n_units, first->n_outputs,
                               d->name[i], net->n_units, net->n_outputs);
    }
    return PLEATS_OK;
}

static pleats_status check_output(const drawing *d)
{
    const pleats_idx n = d->net[0]->n_outputs;
    if (d->options->output >= 0 && d->options->output < n)
        return PLEATS_OK;
    return pleats_fail(d->ctx, PLEATS_INVALID,
                       "output %d: the network has outputs 0 to %d",
                       d->options->output, n - 1);
}

/* The domain's dimension; 0 when it is empty or a union. */
static pleats_status find_dimension(const drawing *d, pleats_idx *k)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {0};
    *k = 0;
    if (d->domain->n_parts != 1)
        return PLEATS_OK;
    TRY(pleats_frame_init(d->ctx, &frame, d->domain, &d->domain->part[0]));
    *k = frame.empty ? 0 : frame.k;
done:
    pleats_frame_clear(d->ctx, &frame);
    return status;
}

/* What the file's name says, before any work is done. */
typedef enum { PICTURE, PAGE, SURFACE } file_kind;

static pleats_status find_kind(const drawing *d, file_kind *kind)
{
    static const struct {
        const char *end;
        file_kind kind;
    } known[] = {{".svg", PICTURE}, {".pdf", PICTURE}, {".png", PICTURE},
                 {".html", PAGE},   {".obj", SURFACE}, {".ply", SURFACE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (pleats_path_ends_in(d->path, known[i].end)) {
            *kind = known[i].kind;
            return PLEATS_OK;
        }
    *kind = PICTURE;
    if (pleats_output_is_stream(d->out))
        return PLEATS_OK;
    return pleats_fail(d->ctx, PLEATS_INVALID,
                       "%s: the name must end in .svg, .pdf, .png, .html, .obj "
                       "or .ply",
                       d->path);
}

static pleats_status draw(drawing *d)
{
    pleats_status status = PLEATS_OK;
    file_kind kind;
    pleats_idx k;
    TRY(check(d));
    TRY(check_output(d));
    TRY(find_kind(d, &kind));
    if (kind == PICTURE)
        TRY(pleats_pictures_check(d->ctx));
    TRY(find_dimension(d, &k));
    if (k == 1 && kind == PAGE)
        TRY(pleats_fail(d->ctx, PLEATS_INVALID,
                        "%s: a line is drawn as .svg, .pdf or .png", d->path));
    if (kind == SURFACE)
        TRY(draw_surface(d));
    else if (k == 1)
        TRY(draw_line(d));
    else
        TRY(draw_planes(d));
done:
    return status;
}

pleats_status pleats_draw_strip(pleats_ctx *ctx, int32_t n,
                                const pleats_net *const *net,
                                const char *const *name,
                                const pleats_domain *domain,
                                const pleats_draw_options *options,
                                const pleats_limits *limits, pleats_output *out,
                                pleats_draw_result *result)
{
    pleats_status status = PLEATS_OK;
    pleats_draw_options o;
    pleats_watch watch = {0};
    drawing d = {.ctx = ctx,
                 .n = n > 0 ? (size_t)n : 0,
                 .net = net,
                 .name = name,
                 .domain = domain,
                 .options = &o,
                 .path = pleats_output_path(out),
                 .out = out,
                 .result = result};
    for (size_t i = 0; i < d.n; i++)
        result[i] = (pleats_draw_result){0};
    if (d.n == 0)
        return pleats_fail(ctx, PLEATS_INVALID, "there is no network to draw");
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    d.most_cells = watch.limits.cells;
    TRY(draw(&d));
    result->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    return status;
}

pleats_status pleats_draw(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_domain *domain,
                          const pleats_draw_options *options,
                          const pleats_limits *limits, const char *path,
                          pleats_draw_result *result)
{
    pleats_status status = PLEATS_OK;
    const char *name = name_of(net);
    pleats_output *out = NULL;
    *result = (pleats_draw_result){0};
    TRY(pleats_output_open(ctx, path, &out));
    TRY(pleats_draw_strip(ctx, 1, &net, &name, domain, options, limits, out,
                          result));
    if (result->is_drawn)
        TRY(pleats_output_commit(ctx, out));
done:
    pleats_output_free(ctx, out);
    return status;
}

void pleats_draw_result_clear(pleats_ctx *ctx, pleats_draw_result *result)
{
    pleats_release(ctx, result->regions);
    *result = (pleats_draw_result){0};
}
