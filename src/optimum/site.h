/* A frame of the domain, and what doubles say of it. */
#ifndef PLEATS_OPTIMUM_SITE_H
#define PLEATS_OPTIMUM_SITE_H

#include "cells/frame.h"
#include "ranges/relaxation.h"

/* All workers share it. */
typedef struct {
    pleats_frame frame;
    pleats_forms inputs; /* forms of the inputs, and of nothing else */
    double *row;         /* [m x (k + 1)] its rows, divided by their largest
                            entry */
    double *row_error;   /* [m] how far they are off where |t_j| <= 1 */
} pleats_site;

PLEATS_NODISCARD pleats_status pleats_site_init(pleats_ctx *ctx,
                                                pleats_site *site,
                                                const pleats_net *net,
                                                const pleats_domain *domain,
                                                const pleats_part *part);
void pleats_site_clear(pleats_ctx *ctx, pleats_site *site);

/* input [n_inputs]: between what they are on a part of the frame's box. */
void pleats_site_inputs(const pleats_site *site, const pleats_box_part *part,
                        pleats_interval *input);

#endif
