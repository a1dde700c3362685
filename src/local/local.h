/* The region that holds a point, and what is around it. */
#ifndef PLEATS_LOCAL_LOCAL_H
#define PLEATS_LOCAL_LOCAL_H

#include "local/cross.h"
#include "local/facets.h"
#include "local/metric.h"
#include "local/shape.h"
#include "local/suffix.h"

/* What all points of a network on a domain share. */
typedef struct {
    const pleats_net *net; /* lent */
    pleats_frame frame;
    bool is_whole;    /* the frame has no sides */
    bool is_identity; /* its coordinates are the inputs */
    pleats_metric metric;
    pleats_suffix suffix; /* with a network when it may be used */
} pleats_locality;

/* PLEATS_INVALID for domains that are empty or unions.  `reduce`: look for a
 * suffix. */
PLEATS_NODISCARD pleats_status pleats_locality_init(pleats_ctx *ctx,
                                                    pleats_locality *l,
                                                    const pleats_net *net,
                                                    const pleats_domain *domain,
                                                    bool reduce);
void pleats_locality_clear(pleats_ctx *ctx, pleats_locality *l);

/* One point and its region. */
typedef struct {
    const pleats_locality *locality; /* lent */
    pleats_idx *piece;               /* [n_units] */
    mpz_t *point, *anchor; /* [k + 1] the point; one strictly inside the domain,
                              in the same region */
    size_t n_point;
    bool on_side; /* the point is on a side of the domain */
    pleats_pattern_facts facts;
    pleats_region region; /* about the anchor */
    pleats_region here;   /* about the point, when that is another one */
    pleats_facet_verdict *verdict; /* [region.n] */
    bool reduced;                  /* facets were found in the suffix */
} pleats_place;

/* Finds the region of the point x [n_inputs].  PLEATS_INVALID when x is not in
 * the domain, or is on walls, which the message names.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_place_init(pleats_ctx *ctx,
                                                 pleats_place *place,
                                                 const pleats_locality *l,
                                                 const double *x);
void pleats_place_clear(pleats_ctx *ctx, pleats_place *place);

/* Fills verdict, and the region's twins. */
PLEATS_NODISCARD pleats_status pleats_place_find_facets(pleats_ctx *ctx,
                                                        pleats_place *place);

/* Whether the region is bounded; after its facets were found. */
PLEATS_NODISCARD pleats_status
pleats_place_boundedness(pleats_place *place, pleats_boundedness *out);

/* The region about the point itself. */
static inline pleats_region *pleats_place_here(pleats_place *p)
{
    return p->here.ctx ? &p->here : &p->region;
}

#endif
