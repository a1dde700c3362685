/* Certificates of counts, which a program that shares no code with this one
 * checks: docs/certificates.md. */
#ifndef PLEATS_CERTIFICATE_H
#define PLEATS_CERTIFICATE_H

#include "pleats/count.h"
#include "pleats/output.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    PLEATS_CERTIFICATE_BINARY, /* packed */
    PLEATS_CERTIFICATE_TEXT    /* lines that people can read */
} pleats_certificate_form;

typedef struct {
    size_t size; /* of this struct; pleats_init_certificate_options */
    pleats_certificate_form form;
    /* One of several files that prove the number together, part 0 to of - 1;
     * of = 0 or 1: one file proves all */
    uint64_t part, of;
} pleats_certificate_options;

static inline void
pleats_init_certificate_options(pleats_certificate_options *options)
{
    memset(options, 0, sizeof *options);
    options->size = sizeof *options;
}

typedef struct {
    pleats_count_result count; /* the number that is certified; of a part, that
                                  of the regions of its cells */
    uint64_t lines;            /* of the body: */
    uint64_t splits, points;   /* cells that are split; regions in all parts */
    uint64_t multipliers;
    uint64_t by_exact;   /* lines whose multipliers took exact arithmetic */
    double seconds;      /* of the certificate, after the count */
    pleats_stop stopped; /* PLEATS_STOP_NONE when the certificate is whole */
    uint64_t reserved[8];
} pleats_certificate_result;

/* Counts the regions of the network on the domain, and writes a proof of their
 * number to `out`, which is to be committed when `result->stopped` is
 * PLEATS_STOP_NONE; half a proof is none.  PLEATS_INVALID for what there are no
 * certificates of: networks without a file, maxima of more than 64 values,
 * domains that only rows make lower-dimensional, unions of parts of which one
 * has fewer dimensions than the input, unions in several files.
 * In one of several files is the proof of what is above the cells that are
 * dealt out, which all have, and of the part's own cells; nothing is counted
 * before. Time: a multiple of the count's; it is done in the caller's thread.
 * Memory: the depth of the network times one cell; of unions, a digest for each
 * region. `options` and `limits` may be NULL.  Clear the result in every case.
 */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_certificate_write(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_certificate_options *options, const pleats_limits *limits,
    pleats_output *out, pleats_certificate_result *result);
PLEATS_API void
pleats_certificate_result_clear(pleats_ctx *ctx,
                                pleats_certificate_result *result);

#ifdef __cplusplus
}
#endif
#endif
