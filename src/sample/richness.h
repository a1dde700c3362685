/* What a sample of kinds says about the kinds that it did not meet. */
#ifndef PLEATS_SAMPLE_RICHNESS_H
#define PLEATS_SAMPLE_RICHNESS_H

#include <stdint.h>

typedef struct {
    double coverage; /* share of the probability that the kinds seen have:
                        1 - once / points [Good 1953] */
    double richness; /* Chao1: kinds + (n - 1) / n * once^2 / (2 twice), with
                        once (once - 1) / 2 for the quotient where twice is 0
                        [Chao 1984; Chao and Chiu 2016] */
} pleats_richness;

/* Kinds seen in so many independent points, of which some were seen once and
 * some twice.  Without points both are 0. */
pleats_richness pleats_richness_of(uint64_t points, uint64_t kinds,
                                   uint64_t once, uint64_t twice);

#endif
