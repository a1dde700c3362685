#include "draw/plane/wall_lines.h"

/* A wall between two corners, seen from one of its cells. */
typedef struct {
    pleats_idx layer;
    size_t end[2];
} line;

/* A corner's lines are at[first[corner]] .. at[first[corner + 1] - 1]. */
typedef struct {
    size_t n;
    line *line;    /* [n] */
    size_t *first; /* [corners + 1] */
    size_t *at;    /* [2 n] lines */
    bool *is_used; /* [n] */
} web;

static void clear(pleats_ctx *ctx, web *w)
{
    pleats_release(ctx, w->line);
    pleats_release(ctx, w->first);
    pleats_release(ctx, w->at);
    pleats_release(ctx, w->is_used);
}

static void list_lines(web *w, const pleats_scene *x)
{
    for (size_t i = 0; i < x->n_cells; i++)
        for (size_t s = x->start[i]; s < x->start[i + 1]; s++) {
            size_t next = s + 1 < x->start[i + 1] ? s + 1 : x->start[i];
            if (x->wall[s] >= 0)
                w->line[w->n++] = (line){x->layers.of[x->wall[s]],
                                         {x->side[s], x->side[next]}};
        }
}

static pleats_status find_ends(pleats_ctx *ctx, web *w, size_t n_corners)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n_corners + 2, sizeof *w->first, &w->first));
    TRY(pleats_alloc(ctx, 2 * w->n, sizeof *w->at, &w->at));
    TRY(pleats_alloc(ctx, w->n, sizeof *w->is_used, &w->is_used));
    size_t *fill = w->first + 1;
    for (size_t i = 0; i < 2 * w->n; i++)
        fill[w->line[i / 2].end[i % 2] + 1]++;
    for (size_t i = 1; i <= n_corners; i++)
        fill[i] += fill[i - 1];
    for (size_t i = 0; i < 2 * w->n; i++)
        w->at[fill[w->line[i / 2].end[i % 2]]++] = i / 2;
done:
    return status;
}

/* The end of a line that is not `corner`. */
static size_t across(const web *w, size_t i, size_t corner)
{
    const size_t *end = w->line[i].end;
    return end[end[0] == corner];
}

/* Uses up the line, and those that are the same one. */
static void use(web *w, size_t i)
{
    const line *l = &w->line[i];
    for (size_t j = w->first[l->end[0]]; j < w->first[l->end[0] + 1]; j++) {
        const line *other = &w->line[w->at[j]];
        if (other->layer == l->layer &&
            across(w, w->at[j], l->end[0]) == l->end[1])
            w->is_used[w->at[j]] = true;
    }
}

/* A line of the layer that goes on from a corner, or SIZE_MAX. */
static size_t next_line(const web *w, pleats_idx layer, size_t corner)
{
    for (size_t j = w->first[corner]; j < w->first[corner + 1]; j++)
        if (!w->is_used[w->at[j]] && w->line[w->at[j]].layer == layer)
            return w->at[j];
    return SIZE_MAX;
}

static void follow(pleats_wall_lines *l, web *w, size_t i)
{
    size_t corner = w->line[i].end[0];
    pleats_wall_path *path = &l->path[l->n++];
    *path = (pleats_wall_path){w->line[i].layer, l->n_corners, 1};
    l->corner[l->n_corners++] = corner;
    while (i != SIZE_MAX) {
        use(w, i);
        corner = across(w, i, corner);
        l->corner[l->n_corners++] = corner;
        path->n++;
        i = next_line(w, path->layer, corner);
    }
}

pleats_status pleats_wall_lines_init(pleats_ctx *ctx, pleats_wall_lines *l,
                                     const pleats_scene *x)
{
    pleats_status status = PLEATS_OK;
    size_t n = x->start[x->n_cells];
    web w = {0};
    *l = (pleats_wall_lines){0};
    TRY(pleats_alloc(ctx, n, sizeof *w.line, &w.line));
    list_lines(&w, x);
    TRY(find_ends(ctx, &w, x->corners.n));
    TRY(pleats_alloc(ctx, w.n, sizeof *l->path, &l->path));
    TRY(pleats_alloc(ctx, 2 * w.n, sizeof *l->corner, &l->corner));
    for (pleats_idx layer = x->layers.n; layer > 0; layer--)
        for (size_t i = 0; i < w.n; i++)
            if (!w.is_used[i] && w.line[i].layer == layer)
                follow(l, &w, i);
done:
    clear(ctx, &w);
    return status;
}

void pleats_wall_lines_clear(pleats_ctx *ctx, pleats_wall_lines *l)
{
    pleats_release(ctx, l->path);
    pleats_release(ctx, l->corner);
    *l = (pleats_wall_lines){0};
}
