/* Texts in a column below a drawing: lines, and entries of a key. */
#ifndef PLEATS_DRAW_TEXT_H
#define PLEATS_DRAW_TEXT_H

#include "draw/canvas.h"

/* Sizes in units: of letters, from line to line, and of a key's sample. */
#define PLEATS_TEXT_FONT 9.0
#define PLEATS_TEXT_LINE 13.0
#define PLEATS_TEXT_SAMPLE 18.0

typedef struct {
    pleats_canvas *canvas; /* lent */
    double left, width, unit;
    double x, y; /* where the next entry starts: on its base line */
    bool is_dry; /* nothing is drawn: to learn the height */
} pleats_column;

/* A column whose first line of letters starts at `top`.  Selects the font. */
pleats_column pleats_column_at(pleats_canvas *canvas, double left, double top,
                               double width, double unit);
/* The same one with nothing in it, and dry. */
pleats_column pleats_column_dry(pleats_canvas *canvas, double width,
                                double unit);

/* Starts a new line unless the column is at the start of one. */
void pleats_column_end_line(pleats_column *column);

/* What the column's lines are high, the last one included. */
double pleats_column_height(const pleats_column *column, double top);

/* Lines of text, as many as it needs.  NULL or "": none. */
void pleats_column_text(pleats_column *column, const char *text);

/* The next entry of a key, on the same line when there is room: the text, on
 * as many lines as it needs, behind a place for a sample of `sample` units.
 * Returns whether the sample is to be drawn, at (x, y): the middle of its left
 * side. */
bool pleats_column_entry(pleats_column *column, double sample, const char *text,
                         double *x, double *y);

/* How many bytes of the text, from its start, fit in `width`: to the end of a
 * word (or a slash in it) if one does, and at least one letter. */
size_t pleats_text_fit(pleats_canvas *canvas, const char *text, double width);

#endif
