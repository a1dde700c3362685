/* The lines of a scene where units change their pieces, each once. */
#ifndef PLEATS_DRAW_WALL_LINES_H
#define PLEATS_DRAW_WALL_LINES_H

#include "draw/scene.h"

typedef struct {
    pleats_idx layer;
    size_t from, to; /* corners, from < to */
} pleats_wall_line;

typedef struct {
    size_t n;
    pleats_wall_line *line; /* [n] by layer, the last one first */
} pleats_wall_lines;

PLEATS_NODISCARD pleats_status pleats_wall_lines_init(
    pleats_ctx *ctx, pleats_wall_lines *lines, const pleats_scene *scene);
void pleats_wall_lines_clear(pleats_ctx *ctx, pleats_wall_lines *lines);

#endif
