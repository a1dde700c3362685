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

/* ---- figures of numbers ---------------------------------------------- */

typedef enum {
    PLEATS_FIGURE_AUTO,       /* what suits the reports */
    PLEATS_FIGURE_PARAMETERS, /* regions against parameters */
    PLEATS_FIGURE_DEPTH,      /* regions against depth */
    PLEATS_FIGURE_FORMULA     /* counts of one layer against the formula, and
                                 their quotient */
} pleats_figure_kind;

typedef struct {
    pleats_figure_kind kind;
    double width;      /* points (1/72 inch); of a PNG, pixels; 0: 480, 1200 */
    const char *title; /* above the figure; NULL: none */
} pleats_figure_options;

typedef struct {
    pleats_figure_kind kind;
    int32_t n_exact;    /* numbers shown that are exact, */
    int32_t n_between;  /* between proven bounds, or with one of them, */
    int32_t n_estimate; /* estimated */
    int32_t n_left_out; /* no number is known, or it is 0 */
    double seconds;
} pleats_figure_result;

/* Draws numbers of regions, on logarithmic axes, to a file as pleats_draw does.
 * `report` names n files, each with one or more of the JSON objects that the
 * program prints for `compare`, `bound` and `layer` with --json; numbers may
 * have any length.  Exact ones are filled markers, bounds and intervals of
 * estimates are upright bars; the key says which is which.  `options` may be
 * NULL.  PLEATS_INVALID for other files, and for reports that do not have what
 * the kind of figure shows. */
PLEATS_NODISCARD pleats_status
pleats_draw_figure(pleats_ctx *ctx, int32_t n, const char *const *report,
                   const pleats_figure_options *options, const char *path,
                   pleats_figure_result *result);

#ifdef __cplusplus
}
#endif

#endif
