/* Domains from JSON files; include/pleats/domain.h gives the formats. */
#ifndef PLEATS_READ_DOMAIN_FILE_H
#define PLEATS_READ_DOMAIN_FILE_H

#include "domain/domain.h"

PLEATS_NODISCARD pleats_status
pleats_domain_read_box(pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
                       pleats_give pleats_domain **out);
PLEATS_NODISCARD pleats_status
pleats_domain_read_plane(pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
                         pleats_give pleats_domain **out);
PLEATS_NODISCARD pleats_status
pleats_domain_read_line(pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
                        pleats_give pleats_domain **out);
PLEATS_NODISCARD pleats_status pleats_domain_read_polytope(
    pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
    pleats_give pleats_domain **out);

#endif
