#include "draw/text.h"

#include <stdio.h>
#include <string.h>

/* Pieces of text are drawn from a buffer; no line is longer. */
enum { LINE_BYTES = 256 };
#define AFTER_SAMPLE 3.0
#define AFTER_ENTRY 12.0

pleats_column pleats_column_at(pleats_canvas *canvas, double left, double top,
                               double width, double unit)
{
    pleats_canvas_font(canvas, PLEATS_TEXT_FONT * unit);
    return (pleats_column){.canvas = canvas,
                           .left = left,
                           .width = width,
                           .unit = unit,
                           .x = left,
                           .y = top + PLEATS_TEXT_FONT * unit};
}

pleats_column pleats_column_dry(pleats_canvas *canvas, double width,
                                double unit)
{
    pleats_column c = pleats_column_at(canvas, 0, 0, width, unit);
    c.is_dry = true;
    return c;
}

static void next_line(pleats_column *c)
{
    c->x = c->left;
    c->y += PLEATS_TEXT_LINE * c->unit;
}

void pleats_column_end_line(pleats_column *c)
{
    if (c->x > c->left)
        next_line(c);
}

double pleats_column_height(const pleats_column *c, double top)
{
    double lines = c->y - PLEATS_TEXT_FONT * c->unit - top;
    return lines + (c->x > c->left ? PLEATS_TEXT_LINE * c->unit : 0);
}

static bool is_letter_start(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* The width of the first n bytes. */
static double width_of(pleats_canvas *canvas, const char *text, size_t n)
{
    char piece[LINE_BYTES];
    snprintf(piece, sizeof piece, "%.*s", (int)n, text);
    return pleats_canvas_text_width(canvas, piece);
}

size_t pleats_text_fit(pleats_canvas *canvas, const char *text, double width)
{
    size_t word = 0, letter = 0;
    for (size_t n = 1; n < LINE_BYTES; n++) {
        if (!is_letter_start(text[n]))
            continue;
        if (letter > 0 && width_of(canvas, text, n) > width)
            break;
        letter = n;
        if (text[n] == ' ' || text[n] == '\0' || text[n - 1] == '/')
            word = n;
        if (text[n] == '\0')
            break;
    }
    return word > 0 ? word : letter;
}

/* Draws the text from x on, on as many lines as it needs between x and the
 * column's right side; the place is then after its last letter. */
static void flow(pleats_column *c, double x, const char *text)
{
    static const pleats_colour black = {0, 0, 0};
    char piece[LINE_BYTES];
    double room = c->left + c->width - x;
    pleats_canvas_colour(c->canvas, black);
    while (*text) {
        size_t n = pleats_text_fit(c->canvas, text, room);
        snprintf(piece, sizeof piece, "%.*s", (int)n, text);
        if (!c->is_dry)
            pleats_canvas_text(c->canvas, x, c->y, false, piece);
        c->x = x + pleats_canvas_text_width(c->canvas, piece);
        text += n;
        text += strspn(text, " ");
        if (*text)
            next_line(c);
    }
}

void pleats_column_text(pleats_column *c, const char *text)
{
    pleats_column_end_line(c);
    if (!text || !*text)
        return;
    flow(c, c->left, text);
    next_line(c);
}

bool pleats_column_entry(pleats_column *c, double sample, const char *text,
                         double *x, double *y)
{
    double before = (sample + AFTER_SAMPLE) * c->unit;
    double whole = before + pleats_canvas_text_width(c->canvas, text);
    if (c->x > c->left && c->x + whole > c->left + c->width)
        next_line(c);
    *x = c->x;
    *y = c->y - 3 * c->unit;
    flow(c, c->x + before, text);
    c->x += AFTER_ENTRY * c->unit;
    return !c->is_dry;
}
