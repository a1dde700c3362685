/* Where regions are counted: a union of parts, each the image of a polyhedron
 * in k coordinates t under x = origin + sum_j t_j direction_j, all rational.
 * This is the raw form that readers write; `cells` brings it to coordinates in
 * which it is full-dimensional. */
#ifndef PLEATS_DOMAIN_DOMAIN_H
#define PLEATS_DOMAIN_DOMAIN_H

#include "base/base.h"

#include <gmp.h>

typedef struct {
    pleats_idx k;     /* coordinates */
    mpq_t *origin;    /* [n_inputs] */
    mpq_t *direction; /* [k x n_inputs]; NULL: the unit vectors, k = n_inputs,
                         or none, k = 0 */
    bool *has_lo, *has_hi; /* [k] */
    mpq_t *lo, *hi;        /* [k], where has_lo, has_hi */
    pleats_idx m;
    mpq_t *a;      /* [m x k] */
    mpq_t *b;      /* [m]: sum_j a_ij t_j <= b_i */
    bool *is_open; /* [2k + m] sides that are left out: t_j = lo, t_j = hi,
                      equality in row i; NULL: none.  With open sides there are
                      no directions. */
} pleats_part;

/* A point of the domain that has a name, for pictures: a data row. */
typedef struct {
    char name[32];
    double at[3]; /* in the coordinates of the only part */
} pleats_domain_mark;

enum { PLEATS_DOMAIN_MARKS = 3 };

struct pleats_domain {
    pleats_idx n_inputs;
    pleats_idx n_marks;
    pleats_domain_mark mark[PLEATS_DOMAIN_MARKS];
    pleats_idx n_parts;
    pleats_part *part; /* [n_parts] */
    size_t part_capacity;
    char *text; /* how to name it to people: "box [-1, 1]^2" */
};
typedef struct pleats_domain pleats_domain;

/* R^n. */
PLEATS_NODISCARD pleats_status pleats_domain_whole(
    pleats_ctx *ctx, pleats_idx n_inputs, pleats_give pleats_domain **out);

/* A domain without parts, which is empty. */
PLEATS_NODISCARD pleats_status
pleats_domain_new(pleats_ctx *ctx, pleats_idx n_inputs, const char *text,
                  pleats_give pleats_domain **out);
/* Adds a part with origin 0, unit vectors (k = n_inputs; with `sliced`: k zero
 * directions to be filled in), no bounds and m rows of zeros.  `*out` is lent
 * until the next part is added. */
PLEATS_NODISCARD pleats_status pleats_domain_add_part(pleats_ctx *ctx,
                                                      pleats_domain *domain,
                                                      pleats_idx k,
                                                      pleats_idx m, bool sliced,
                                                      pleats_part **out);
/* Adds copies of all parts of another domain with as many inputs. */
PLEATS_NODISCARD pleats_status pleats_domain_add_copies(
    pleats_ctx *ctx, pleats_domain *domain, const pleats_domain *from);
/* Drops the parts that are not to be kept; keep [n_parts]. */
void pleats_domain_keep_parts(pleats_ctx *ctx, pleats_domain *domain,
                              const bool *keep);
/* Marks a data row; at [n_at]. */
void pleats_domain_add_mark(pleats_domain *domain, int64_t row, pleats_idx n_at,
                            const double *at);
void pleats_domain_clear(pleats_ctx *ctx, pleats_take pleats_domain *domain);

/* Makes room for open sides, none of which is open yet. */
PLEATS_NODISCARD pleats_status pleats_part_open_sides(pleats_ctx *ctx,
                                                      pleats_part *part);

/* Joins parts that are one polyhedron cut in two: those that have all pairs of
 * opposite sides in common but one, between which they touch or overlap; not
 * those with open sides, of which nothing may be left.  The set stays the same.
 * Cost: parts x sides, times the times that parts join. PLEATS_LIMIT when the
 * context has a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_domain_merge(pleats_ctx *ctx,
                                                   pleats_domain *domain);

/* Bounds of coordinate j of a part: lo <= t_j <= hi. */
void pleats_part_set_lo(pleats_part *part, pleats_idx j, const mpq_t lo);
void pleats_part_set_hi(pleats_part *part, pleats_idx j, const mpq_t hi);

#endif
