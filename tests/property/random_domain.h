/* Random domains of every kind for networks of few inputs. */
#ifndef PLEATS_PROPERTY_RANDOM_DOMAIN_H
#define PLEATS_PROPERTY_RANDOM_DOMAIN_H

#include "domain/domain.h"
#include "rng.h"

/* A fraction: an integer, a third, an eighth, now and then huge or tiny. */
void random_fraction(rng *r, mpq_t out);

pleats_domain *random_domain(pleats_ctx *ctx, rng *r, pleats_idx n_inputs);

#endif
