/* Scenes as a picture: one drawing for SVG, PDF and PNG. */
#ifndef PLEATS_DRAW_PLANE_PAINT_H
#define PLEATS_DRAW_PLANE_PAINT_H

#include "draw/plane/scene.h"

#include "pleats/draw.h"
#include "pleats/output.h"

typedef struct {
    pleats_draw_colour colour;
    pleats_idx output; /* for PLEATS_DRAW_OUTPUT */
    bool walls;        /* lines where units change their pieces, by layer */
    double width;      /* of the picture: points (1/72 inch), or pixels */
    const char *const *legend; /* [n_legend] lines of text */
    size_t n_legend;
    const pleats_domain_mark *mark; /* [n_marks] */
    size_t n_marks;
} pleats_paint_options;

/* PLEATS_INVALID, with what can be done, where the library was built without
 * what pictures need. */
PLEATS_NODISCARD pleats_status pleats_pictures_check(pleats_ctx *ctx);

/* Draws the scene, with its boundary on top (draw/canvas.h). */
PLEATS_NODISCARD pleats_status pleats_paint(pleats_ctx *ctx,
                                            const pleats_scene *scene,
                                            const pleats_paint_options *options,
                                            pleats_output *out);

/* Several scenes [n] of one plane, named, and their counts as a curve. */
PLEATS_NODISCARD pleats_status
pleats_paint_strip(pleats_ctx *ctx, size_t n, const pleats_scene *scene,
                   const char *const *name, const pleats_paint_options *options,
                   pleats_output *out);

#endif
