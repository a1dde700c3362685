/* How many affine maps regions have.
 *
 * Every region is noted with an interval that holds a combination of its
 * outputs at one fixed point, from the forms in doubles: maps whose intervals
 * have nothing in common are different.  Regions whose intervals hang together
 * are candidates for one map; theirs alone are made exactly, and told apart by
 * the digests of a canonical form.
 */
#ifndef PLEATS_COUNT_MAPS_H
#define PLEATS_COUNT_MAPS_H

#include "exact/digest.h"
#include "forms/exact_forms.h"
#include "forms/forms.h"

#include <math.h>

/* Coordinate i of the point, i < k; the weight of output o is number k + o.  In
 * (0, 1), of 20 bits. */
double pleats_map_number(pleats_idx i);

/* Contains the combination for the outputs' forms, which must be set; all
 * numbers where doubles cannot tell. */
typedef struct {
    double lo, hi;
} pleats_map_interval;

#define PLEATS_MAP_UNKNOWN ((pleats_map_interval){-INFINITY, INFINITY})

pleats_map_interval pleats_map_interval_of(const pleats_forms *forms);

/* Regions in the order in which they were met. */
typedef struct {
    size_t n;
    pleats_map_interval *interval; /* [n] */
    unsigned char *pattern;        /* [n x bytes] packed */
    size_t bytes;
    size_t interval_capacity, pattern_capacity;
} pleats_map_list;

PLEATS_NODISCARD pleats_status pleats_map_list_add(pleats_ctx *ctx,
                                                   pleats_map_list *list,
                                                   const pleats_net *net,
                                                   pleats_map_interval interval,
                                                   const pleats_idx *piece);
/* Adds all of another list, of the same network. */
PLEATS_NODISCARD pleats_status pleats_map_list_append(
    pleats_ctx *ctx, pleats_map_list *list, const pleats_map_list *more);
/* Makes room for that, so that the next append cannot fail. */
PLEATS_NODISCARD pleats_status pleats_map_list_reserve(
    pleats_ctx *ctx, pleats_map_list *list, const pleats_map_list *more);
void pleats_map_list_clear(pleats_ctx *ctx, pleats_map_list *list);

/* What becomes of the regions of some lists, one list after the other. */
typedef struct {
    size_t n;       /* regions */
    size_t *number; /* [n] of the region's map; SIZE_MAX: a candidate's, whose
                       digest says it */
    size_t n_alone; /* maps of regions that are no candidates: numbers 0 .. */
    size_t n_least; /* certainly so many maps in all */
} pleats_map_groups;

/* Cost: n log n. */
PLEATS_NODISCARD pleats_status pleats_map_groups_find(
    pleats_ctx *ctx, pleats_idx n_lists, const pleats_map_list *const *list,
    pleats_map_groups *out);
void pleats_map_groups_clear(pleats_ctx *ctx, pleats_map_groups *groups);

/* The digest of the outputs' exact forms for the current pieces of `forms`:
 * equal for equal maps on the frame. */
PLEATS_NODISCARD pleats_status pleats_map_digest(pleats_ctx *ctx,
                                                 pleats_exact_forms *forms,
                                                 pleats_hasher *hasher,
                                                 pleats_digest *out);

#endif
