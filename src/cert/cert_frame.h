/* A part of a domain as a certificate has it (docs/certificates.md): nothing is
 * worked out but what its reader can do in a line each.  Coordinates of no
 * width are left out, two-sided bounds become [-1, 1], one-sided ones and rows
 * are sides, in that order; sides without coefficients that hold are left out.
 */
#ifndef PLEATS_CERT_CERT_FRAME_H
#define PLEATS_CERT_CERT_FRAME_H

#include "cells/frame.h"

/* `frame` (zeroed; clear it in every case) becomes the part.  frame->empty: a
 * bound or a side without coefficients leaves no point. */
PLEATS_NODISCARD pleats_status pleats_cert_frame(pleats_ctx *ctx,
                                                 pleats_frame *frame,
                                                 pleats_idx n_inputs,
                                                 const pleats_part *part);

#endif
