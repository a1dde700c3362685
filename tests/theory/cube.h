/* Boxes with the same interval for every coordinate. */
#ifndef PLEATS_TEST_CUBE_H
#define PLEATS_TEST_CUBE_H

#include "domains.h"

#include <stdio.h>

/* `interval` is "lo hi". */
static inline pleats_domain *cube(pleats_ctx *ctx, pleats_idx n,
                                  const char *interval)
{
    char text[1024] = "";
    size_t used = 0;
    for (pleats_idx i = 0; i < n && used < sizeof text; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s ", interval);
    return domain_boxes(ctx, n, text);
}

#endif
