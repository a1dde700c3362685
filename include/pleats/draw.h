/* Pictures: regions on planes, curves on lines, surfaces, figures. */
#ifndef PLEATS_DRAW_H
#define PLEATS_DRAW_H

#include "pleats/count.h"
#include "pleats/output.h"

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

/* Quantities of a region that a histogram may show. */
typedef enum {
    PLEATS_HISTOGRAM_NONE,
    PLEATS_HISTOGRAM_AREA,     /* logarithmic */
    PLEATS_HISTOGRAM_GRADIENT, /* norm; logarithmic */
    PLEATS_HISTOGRAM_SIDES,
    PLEATS_HISTOGRAM_ACTIVE, /* units on a piece with a slope */
    PLEATS_HISTOGRAM_DEPTH   /* layer of the last wall, 0: none */
} pleats_draw_histogram;

typedef struct {
    size_t size; /* of this struct; pleats_init_draw_options */
    pleats_draw_colour colour;
    bool has_output; /* else 0, and all outputs along a line */
    int32_t output;  /* whose values or surface are drawn, counted from 0 */
    bool has_level;  /* else 0, and the boundary need not be there */
    double level;    /* where the boundary of a network with one output is, and
                        a surface */
    bool no_walls, no_boundary;
    bool open; /* a surface ends at the domain's sides; else it is closed there
                */
    pleats_draw_histogram histogram; /* instead of the plane */
    double width;      /* points (1/72 inch); of a PNG, pixels; 0: 480, 1200 */
    const char *title; /* of the network, for the legend; NULL: its file */
} pleats_draw_options;

static inline void pleats_init_draw_options(pleats_draw_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    char *regions;       /* decimal */
    pleats_label label;  /* of the regions: PLEATS_EXACT, or PLEATS_LOWER */
    pleats_stop stopped; /* why not exact */
    bool is_drawn; /* a limit leaves a part of a plane, which is drawn; of a
                      line or a surface nothing */
    int64_t boundary_segments;  /* on a plane */
    int64_t breakpoints;        /* on a line */
    int64_t corners, triangles; /* of a surface */
    double seconds;             /* gathering and drawing */
    uint64_t reserved[8];
} pleats_draw_result;

/* Draws a network on a bounded domain; which cells there are and which of them
 * and of their sides the boundary crosses is decided exactly.  Where it does so
 * is rounded once for a page, and to about 1/256 of a point or pixel for a
 * picture.  The file appears whole or not at all; its name says what it is:
 *
 * .svg, .pdf, .png  of a plane its regions, the walls coloured by layer, the
 *                   decision boundary (where the two greatest outputs tie, or
 *                   the only one has the level) on top; of a line the outputs
 *                   as curves, with their breakpoints
 * .html             of a plane the same to be explored, in one file
 * .obj, .ply        of a domain of dimension 3 the boundary of the set where
 *                   the output is below the level, as triangles of which every
 *                   edge is in two
 *
 * A limit is no failure: of a plane the cells before it are drawn, and the
 * legend says "at least"; of a line or a surface nothing is, and a file that
 * was there stays.  limits->cells does not hold for surfaces.  Works in the
 * caller's thread.  `options` and `limits` may be NULL.  PLEATS_INVALID when
 * the domain is not such a one, the output never has the level, an output or
 * the file's name is wrong; PLEATS_IO when it cannot be written; PLEATS_LIMIT
 * when there was not time for one cell.  Memory: some hundred bytes a cell and
 * output. Clear the result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_draw(pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
            const pleats_draw_options *options, const pleats_limits *limits,
            const char *path, pleats_draw_result *result);

/* Several networks of one architecture [n], with names, on one plane: a sheet
 * of pictures with a curve of the counts, or a page with a slider.  `out` is to
 * be committed (pleats/output.h) when result[0].is_drawn.  result [n]. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_draw_strip(
    pleats_ctx *ctx, int32_t n, const pleats_net *const *net,
    const char *const *name, const pleats_domain *domain,
    const pleats_draw_options *options, const pleats_limits *limits,
    pleats_output *out, pleats_draw_result *result);
PLEATS_API void pleats_draw_result_clear(pleats_ctx *ctx,
                                         pleats_draw_result *result);

/* ---- figures of numbers ---------------------------------------------- */

typedef enum {
    PLEATS_FIGURE_AUTO,       /* what suits the reports */
    PLEATS_FIGURE_PARAMETERS, /* regions against parameters */
    PLEATS_FIGURE_DEPTH,      /* regions against depth */
    PLEATS_FIGURE_FORMULA     /* counts of one layer against the formula, and
                                 their quotient */
} pleats_figure_kind;

typedef struct {
    size_t size; /* of this struct; pleats_init_figure_options */
    pleats_figure_kind kind;
    double width;      /* points (1/72 inch); of a PNG, pixels; 0: 480, 1200 */
    const char *title; /* above the figure; NULL: none */
} pleats_figure_options;

static inline void pleats_init_figure_options(pleats_figure_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    pleats_figure_kind kind;
    int32_t n_exact;    /* numbers shown that are exact, */
    int32_t n_between;  /* between proven bounds, or with one of them, */
    int32_t n_estimate; /* estimated */
    int32_t n_left_out; /* no number is known, or it is 0 */
    double seconds;
    uint64_t reserved[8];
} pleats_figure_result;

/* Draws numbers of regions, on logarithmic axes, to a picture; commit it.
 * `report` names n files, each with one or more of the JSON objects that the
 * program prints for `compare`, `bound` and `layer` with --json; numbers may
 * have any length.  Exact ones are filled markers, bounds and intervals of
 * estimates are upright bars; the key says which is which.  `options` may be
 * NULL.  PLEATS_INVALID for other files, and for reports that do not have what
 * the kind of figure shows. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_draw_figure(pleats_ctx *ctx, int32_t n, const char *const *report,
                   const pleats_figure_options *options, pleats_output *out,
                   pleats_figure_result *result);

#ifdef __cplusplus
}
#endif

#endif
