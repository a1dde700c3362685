/* Domains for tests, from text: numbers are fractions ("-1", "1/3"). */
#ifndef PLEATS_TEST_DOMAINS_H
#define PLEATS_TEST_DOMAINS_H

#include "domain/domain.h"

/* All of R^n. */
pleats_domain *domain_all(pleats_ctx *ctx, pleats_idx n);
/* Blank-separated pairs "lo hi" for the coordinates, "-" being no bound;
 * several boxes are separated by ";". */
pleats_domain *domain_boxes(pleats_ctx *ctx, pleats_idx n, const char *text);
/* Rows "a_1 .. a_n b" of a x <= b, separated by ";". */
pleats_domain *domain_polytope(pleats_ctx *ctx, pleats_idx n, const char *text);
/* Origin, then k directions, separated by ";". */
pleats_domain *domain_affine(pleats_ctx *ctx, pleats_idx n, pleats_idx k,
                             const char *text);

#endif
