/* Pictures of the regions on a plane. */
#ifndef PLEATS_DRAW_H
#define PLEATS_DRAW_H

#include "pleats/pleats.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the colour of a cell says. */
typedef enum {
    PLEATS_DRAW_PATTERN,  /* its activation pattern, by a hash: the same pattern
                             has one colour in all pictures of a network */
    PLEATS_DRAW_DEPTH,    /* the layer of its last wall */
    PLEATS_DRAW_ACTIVE,   /* how many units are on a piece with a slope */
    PLEATS_DRAW_GRADIENT, /* Euclidean norm of the derivatives of all outputs
                             along the plane's two axes, logarithmic */
    PLEATS_DRAW_OUTPUT,   /* the value of one output, shaded within the cell */
    PLEATS_DRAW_CLASS     /* the first of the greatest outputs; with one output,
                             whether it is below the level */
} pleats_draw_colour;

typedef struct {
    pleats_draw_colour colour;
    int32_t output; /* for PLEATS_DRAW_OUTPUT, counted from 0 */
    double level;   /* where the boundary of a network with one output is */
    bool no_walls, no_boundary;
    double width;       /* points (1/72 inch); of a PNG, pixels; 0: 480, 1200 */
    uint64_t max_cells; /* 0: no limit */
    const char *title;  /* of the network, for the legend; NULL: its file */
} pleats_draw_options;

typedef struct {
    char *regions;             /* exact, decimal */
    int64_t boundary_segments; /* that were drawn */
    double seconds;            /* gathering and drawing */
} pleats_draw_result;

/* Draws the regions of a network on a bounded domain of dimension 2 to a file
 * whose name ends in .svg, .pdf or .png; the file appears whole or not at all.
 * The walls are coloured by layer, the decision boundary (where the two
 * greatest outputs tie, or the only one has the level) lies on top; which cells
 * there are and where the boundary runs is decided exactly, and rounded once to
 * be drawn.  `options` may be NULL.  PLEATS_INVALID when the domain is not such
 * a plane, an output or the file's name is wrong, or it cannot be written;
 * PLEATS_LIMIT when cancelled or above max_cells.  Memory: some hundred bytes a
 * cell and output.  Clear the result in every case. */
PLEATS_NODISCARD pleats_status pleats_draw(pleats_ctx *ctx,
                                           const pleats_net *net,
                                           const pleats_domain *domain,
                                           const pleats_draw_options *options,
                                           const char *path,
                                           pleats_draw_result *result);
void pleats_draw_result_clear(pleats_ctx *ctx, pleats_draw_result *result);

#ifdef __cplusplus
}
#endif

#endif
