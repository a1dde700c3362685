/* What readers of a file need to know to the last digit, besides the cells. */
#ifndef PLEATS_STORE_DOMAIN_TEXT_H
#define PLEATS_STORE_DOMAIN_TEXT_H

#include "domain/domain.h"
#include "net/net.h"

/* The domain as a JSON object whose numbers are texts of exact decimals or
 * fractions: {"n_inputs": n, "parts": [{..}, ..]}, see docs/formats.md. */
PLEATS_NODISCARD pleats_status pleats_store_domain_text(
    pleats_ctx *ctx, const pleats_domain *domain, pleats_give char **out);

/* The number of pieces of each unit: [n_units]. */
PLEATS_NODISCARD pleats_status pleats_store_pieces(
    pleats_ctx *ctx, const pleats_net *net, pleats_give pleats_idx **out);

#endif
