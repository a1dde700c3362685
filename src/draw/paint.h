/* A scene as a picture: one drawing for SVG, PDF and PNG. */
#ifndef PLEATS_DRAW_PAINT_H
#define PLEATS_DRAW_PAINT_H

#include "draw/scene.h"

typedef enum {
    PLEATS_PAINT_PATTERN,  /* a colour for each pattern, the same in every
                              picture of the network */
    PLEATS_PAINT_DEPTH,    /* layer of the last wall */
    PLEATS_PAINT_ACTIVE,   /* number of active units */
    PLEATS_PAINT_GRADIENT, /* norm of the gradient, logarithmic */
    PLEATS_PAINT_OUTPUT,   /* value of one output, shaded */
    PLEATS_PAINT_CLASS     /* the greatest output; needs the boundary */
} pleats_paint_colour;

typedef struct {
    pleats_paint_colour colour;
    pleats_idx output; /* for PLEATS_PAINT_OUTPUT */
    bool walls;        /* lines where units change their pieces, by layer */
    double width;      /* of the picture: points (1/72 inch), or pixels */
    const char *const *legend; /* [n_legend] lines of text */
    size_t n_legend;
    const pleats_domain_mark *mark; /* [n_marks] */
    size_t n_marks;
} pleats_paint_options;

/* Draws the scene, with its boundary on top, to a file whose name ends in .svg,
 * .pdf or .png.  PLEATS_INVALID for another name, or a path that cannot be
 * written; nothing is left behind then. */
PLEATS_NODISCARD pleats_status pleats_paint(pleats_ctx *ctx,
                                            const pleats_scene *scene,
                                            const pleats_paint_options *options,
                                            const char *path);

#endif
