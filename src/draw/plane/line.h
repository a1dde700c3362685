/* A network along a line: outputs as piecewise-linear curves, and where units
 * change their pieces. */
#ifndef PLEATS_DRAW_PLANE_LINE_H
#define PLEATS_DRAW_PLANE_LINE_H

#include "draw/plane/layers.h"

#include "cells/frame.h"
#include "domain/domain.h"
#include "pleats/output.h"

/* A breakpoint of a layer; one that units of several layers share is there for
 * each of them. */
typedef struct {
    pleats_idx layer; /* 1, 2, ... */
    size_t point;
} pleats_line_break;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net; /* lent */
    pleats_layers layers;
    char name[16]; /* of the coordinate */
    size_t n_cells;
    pleats_stop
        stopped; /* why not all cells are there; the rest is then NULL */
    double *at;  /* [n_cells + 1] ends of the cells, in their order; exact ones,
                    rounded once */
    double *value; /* [n_outputs x (n_cells + 1)] of the outputs there */
    size_t n_breaks;
    pleats_line_break *at_break; /* [n_breaks] by layer, then in order; `point`
                                    is a place in `at` */
} pleats_line;

/* Gathers the cells on a domain that is one bounded line.  PLEATS_INVALID when
 * it is not.  A limit, of the context or of cells (most_cells, 0: none), leaves
 * their number alone.  Clear the line in every case. */
PLEATS_NODISCARD pleats_status pleats_line_init(pleats_ctx *ctx,
                                                pleats_line *line,
                                                const pleats_net *net,
                                                const pleats_domain *domain,
                                                size_t most_cells);
void pleats_line_clear(pleats_line *line);

typedef struct {
    pleats_idx output; /* the only one that is drawn; -1: all */
    double width;      /* of the picture: points (1/72 inch), or pixels */
    const char *const *legend; /* [n_legend] lines of text */
    size_t n_legend;
    const pleats_domain_mark *mark; /* [n_marks] */
    size_t n_marks;
} pleats_line_options;

/* Draws it to a file as pleats_paint does. */
PLEATS_NODISCARD pleats_status
pleats_line_paint(const pleats_line *line, const pleats_line_options *options,
                  pleats_output *out);

#endif
