/* Widths of pictures that were not asked for. */
#ifndef PLEATS_API_DRAW_WIDTH_H
#define PLEATS_API_DRAW_WIDTH_H

#include <stdbool.h>
#include <string.h>

static inline bool pleats_path_ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n > m && strcmp(path + n - m, end) == 0;
}

/* Points (1/72 inch); of a PNG, pixels. */
static inline double pleats_draw_width(double width, const char *path)
{
    if (width > 0)
        return width;
    return pleats_path_ends_in(path, ".png") ? 1200 : 480;
}

#endif
