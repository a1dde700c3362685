/* Certificates of counts: docs/certificates.md. */
#ifndef PLEATS_CERT_CERT_H
#define PLEATS_CERT_CERT_H

#include "cert/cert_sink.h"
#include "cert/cert_walk.h"
#include "domain/domain.h"

typedef struct {
    bool is_text;
    uint64_t claim;    /* regions of the domain: found before; of = 1 alone */
    uint64_t part, of; /* one of so many files: pleats_cert_deal */
    pleats_limits limits; /* cells: regions of one of several files */
} pleats_cert_task;

typedef struct {
    pleats_sink_tally tally;
    uint64_t regions;     /* that the file proves; also when it was ended */
    bool is_full;         /* it was ended, by the limit of cells */
    pleats_idx dimension; /* of the domain; -1: it is empty */
    uint64_t n_exact;     /* facts whose proof took exact arithmetic */
    uint64_t by_bounds, by_exact; /* verdicts */
} pleats_cert_result;

/* PLEATS_INVALID for a network or a domain of which no certificate can be made,
 * or not in so many files, in one line that says why. */
PLEATS_NODISCARD pleats_status pleats_cert_check(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_domain *domain,
                                                 uint64_t of);

/* Writes the certificate to `out`, which is to be committed.  PLEATS_LIMIT when
 * there is a reason to stop, PLEATS_INTERNAL when the tree has not as many
 * regions as are claimed. */
PLEATS_NODISCARD pleats_status pleats_cert_write(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_domain *domain,
                                                 const pleats_cert_task *task,
                                                 pleats_output *out,
                                                 pleats_cert_result *result);

#endif
