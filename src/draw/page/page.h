/* The explorable picture: one HTML file that needs no other. */
#ifndef PLEATS_DRAW_PAGE_PAGE_H
#define PLEATS_DRAW_PAGE_PAGE_H

#include "draw/plane/scene.h"
#include "pleats/output.h"

typedef struct {
    const char *title, *domain, *definition, *label;
    size_t n_scenes; /* at least 1; all of the same plane and architecture */
    const pleats_scene *scene;      /* [n_scenes] with boundary and patterns */
    const char *const *name;        /* [n_scenes] */
    const pleats_domain_mark *mark; /* [n_marks] */
    pleats_idx n_marks;
} pleats_page;

/* Writes the page: the format of its data is in docs/architecture.md. */
PLEATS_NODISCARD pleats_status pleats_page_write(pleats_ctx *ctx,
                                                 const pleats_page *page,
                                                 pleats_output *out);

#endif
