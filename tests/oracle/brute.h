/* The counts of a tiny network on a domain by their definitions: every unit,
 * every piece, exact arithmetic, nothing shared with the product but the
 * network and the domain as they are stored.
 *
 * Ties: a unit whose input is one breakpoint throughout has it not below its
 * input; of equal candidates of a maximum the first wins. */
#ifndef PLEATS_ORACLE_BRUTE_H
#define PLEATS_ORACLE_BRUTE_H

#include "affine.h"

#include "domain/domain.h"
#include "net/net.h"

/* One activation region of one part. */
typedef struct {
    int32_t *pattern; /* [n_units] piece of every unit */
    forms map;        /* the outputs over the coordinates of the hull */
    forms inside;     /* all positive exactly in the region */
    size_t component; /* regions of one affine piece have the same */
} oracle_region;

typedef struct {
    size_t n, room;
    oracle_region *at;
} oracle_regions;

/* The regions, one for each pattern, and the dimension of the largest part (-1
 * when all are empty).  False when a part has more than `limit` regions; the
 * list is then not complete.  All parts that are not empty must span the same
 * affine space.  Clear the list in every case. */
bool oracle_regions_find(const pleats_net *net, const pleats_domain *domain,
                         size_t limit, oracle_regions *out, int *dimension);
void oracle_regions_clear(oracle_regions *r);

/* Of the regions of a domain with one part: how many connected unions of
 * regions with the same map that share facets there are, and how many maps. */
size_t oracle_pieces(oracle_regions *r);
size_t oracle_maps(const oracle_regions *r);

typedef struct {
    int dimension;
    size_t regions;
    size_t pieces, maps; /* for a domain of one part, 0 otherwise */
} oracle_counts;

/* False when there are more than `limit` regions; the counts are then not
 * known. */
bool oracle_count(const pleats_net *net, const pleats_domain *domain,
                  size_t limit, oracle_counts *out);

#endif
