/* The lines of a scene where units change their pieces, each once, joined to
 * paths. */
#ifndef PLEATS_DRAW_PLANE_WALL_LINES_H
#define PLEATS_DRAW_PLANE_WALL_LINES_H

#include "draw/plane/scene.h"

typedef struct {
    pleats_idx layer;
    size_t first, n; /* its corners */
} pleats_wall_path;

typedef struct {
    size_t n;
    pleats_wall_path *path; /* [n] by layer, the last one first */
    size_t n_corners;
    size_t *corner; /* [n_corners] of the scene */
} pleats_wall_lines;

/* Memory and time: linear in the scene's sides. */
PLEATS_NODISCARD pleats_status pleats_wall_lines_init(
    pleats_ctx *ctx, pleats_wall_lines *lines, const pleats_scene *scene);
void pleats_wall_lines_clear(pleats_ctx *ctx, pleats_wall_lines *lines);

#endif
