/* The complex of a network on a domain. */
#ifndef PLEATS_COMPLEX_COMPLEX_H
#define PLEATS_COMPLEX_COMPLEX_H

#include "cells/frame.h"
#include "complex/faces.h"

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    pleats_limits limits;
    double told; /* when progress was */
    pleats_frame frame;
    pleats_complex_points points;
    pleats_complex_faces faces;
    size_t found[PLEATS_COMPLEX_LEVELS]; /* faces behind the last unit */
} pleats_complex_work;

/* Refuses domains that it is not for.  To be cleared also when it fails. */
PLEATS_NODISCARD pleats_status pleats_complex_init(pleats_ctx *ctx,
                                                   pleats_complex_work *work,
                                                   const pleats_net *net,
                                                   const pleats_domain *domain,
                                                   const pleats_limits *limits);
void pleats_complex_clear(pleats_complex_work *work);

/* All faces of the network; the domain is not empty.  *is_whole: else there are
 * more regions than limits.cells.  What a limit ends has found at least
 * work->found. */
PLEATS_NODISCARD pleats_status pleats_complex_build(pleats_complex_work *work,
                                                    bool *is_whole);

/* Numbers of faces, and that they add up. */
PLEATS_NODISCARD pleats_status pleats_complex_count(
    const pleats_complex_work *work, pleats_complex_result *out);

#endif
