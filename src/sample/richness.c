/* What a sample of kinds says about the kinds that it did not meet. */
#include "sample/richness.h"

pleats_richness pleats_richness_of(uint64_t points, uint64_t kinds,
                                   uint64_t once, uint64_t twice)
{
    double n = (double)points, f1 = (double)once, f2 = (double)twice;
    if (points == 0)
        return (pleats_richness){0, 0};
    double unseen = twice > 0 ? f1 * f1 / (2 * f2) : f1 * (f1 - 1) / 2;
    return (pleats_richness){1 - f1 / n, (double)kinds + (n - 1) / n * unseen};
}
