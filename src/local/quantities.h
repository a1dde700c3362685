/* What can be told of a region beside its pattern, its point and its map: one
 * worker's results for a batch of regions. */
#ifndef PLEATS_LOCAL_QUANTITIES_H
#define PLEATS_LOCAL_QUANTITIES_H

#include "local/centres.h"
#include "local/classes.h"
#include "local/wall_layers.h"
#include "volume/measure.h"

/* PLEATS_REGION_... that are told here. */
enum {
    PLEATS_REGION_QUANTITIES =
        PLEATS_REGION_VOLUME | PLEATS_REGION_EXACT_VOLUME |
        PLEATS_REGION_BOUNDED | PLEATS_REGION_CLASS | PLEATS_REGION_SLOPE |
        PLEATS_REGION_VERTICES | PLEATS_REGION_FACETS |
        PLEATS_REGION_NEIGHBOURS | PLEATS_REGION_CENTRE
};

/* What belongs to one frame: of a union each part has its own. */
typedef struct {
    const pleats_frame *frame; /* lent; NULL: none so far */
    pleats_measure measure;
    bool has_measure;
    pleats_volume_room room;
    pleats_classes classes;
    pleats_centres centres;
    size_t width;           /* k + 1 */
    mpz_t *inside, *across; /* [width] a point of a facet, and a way over it */
} pleats_frame_room;

/* What was not asked for is NULL; arrays as in pleats_region_batch. */
typedef struct {
    const pleats_net *net;       /* lent; NULL: not made */
    const pleats_domain *domain; /* lent */
    unsigned want;
    size_t n; /* regions that there is room for */
    pleats_frame_room on;
    mpq_t exact;
    double *volume, *volume_error, *slope, *centre, *radius;
    char **exact_volume, **vertices, **facets, **neighbours; /* owned */
    pleats_idx *piece;          /* [n_units] of the region, for neighbours */
    pleats_idx n_facets, *slot; /* [n_facets] of a cell, in its own slots */
    size_t slot_capacity;
    pleats_wall_layers layers; /* for facets */
    mpq_t *x;                  /* [n_inputs] a vertex */
    char *text;                /* room for one under way */
    size_t n_text, text_capacity;
    bool *is_bounded;
    unsigned char *standing;
    double *a, *b; /* a map, where the caller has none */
} pleats_quantities;

/* Room for n regions of the domain.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_quantities_init(
    pleats_ctx *ctx, pleats_quantities *q, const pleats_net *net,
    const pleats_domain *domain, unsigned want, size_t n);
void pleats_quantities_clear(pleats_ctx *ctx, pleats_quantities *q);

/* Fills in what is wanted of region i, in which the space is; a: its map in
 * doubles [n_outputs x n_inputs], NULL: it is worked out. */
PLEATS_NODISCARD pleats_status pleats_quantities_take(pleats_quantities *q,
                                                      size_t i,
                                                      pleats_space *space,
                                                      pleats_cell *cell,
                                                      const double *a);

#endif
