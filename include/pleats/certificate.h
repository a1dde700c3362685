/* Certificates of counts, which a program that shares no code with this one
 * checks: docs/certificates.md. */
#ifndef PLEATS_CERTIFICATE_H
#define PLEATS_CERTIFICATE_H

#include "pleats/work.h"

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
/* ---- certificates that can be put down ----
 *
 * The same in stretches, and by several processes one after the other:
 *
 *     TRY(pleats_certificate_new(ctx, net, domain, &options, &limits, path,
 *                                &certificate));
 *     TRY(pleats_certificate_resume(ctx, certificate, "net.state"));
 *                                                       to go on from a file
 *     while (!pleats_certificate_is_done(certificate)) {
 *         TRY(pleats_certificate_run(ctx, certificate, &ten_seconds));
 *         TRY(pleats_certificate_save(ctx, certificate, "net.state"));
 *     }
 *     TRY(pleats_certificate_commit(ctx, certificate));
 *
 * Until its commit what was written is PATH.<number>.part, which a checkpoint
 * names by its number and which stays once there is one.  What comes out is,
 * but for where its packed streams end, what pleats_certificate_write writes.
 * It belongs to the context that made it, and to one thread at a time; network,
 * domain and path must live as long. */
typedef struct pleats_certificate pleats_certificate;

/* `path` is a regular file, or none yet (PLEATS_IO when it cannot be written).
 * limits->threads holds for all runs.  Of one of several files: which part it
 * is, unless a checkpoint is to say so. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_certificate_new(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_certificate_options *options, const pleats_limits *limits,
    const char *path, pleats_give pleats_certificate **out);
/* NULL is fine. */
PLEATS_API void
pleats_certificate_free(pleats_ctx *ctx,
                        pleats_take pleats_certificate *certificate);

/* Goes on with the count, then with the proof, until all is done or a limit
 * ends it, PLEATS_OK in both cases.  limits->cells: of the count; of one of
 * several files, regions of this run. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_certificate_run(pleats_ctx *ctx, pleats_certificate *certificate,
                       const pleats_limits *limits);

PLEATS_API bool
pleats_certificate_is_done(const pleats_certificate *certificate);
/* Part that is done, 0 to 1, of the count, then of the proof. */
PLEATS_API double
pleats_certificate_share(const pleats_certificate *certificate);
PLEATS_API void pleats_certificate_part(const pleats_certificate *certificate,
                                        uint64_t *part, uint64_t *of);

/* What is known; `stopped` is that of the last run.  Clear the result in every
 * case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_certificate_tell(pleats_ctx *ctx, const pleats_certificate *certificate,
                        pleats_certificate_result *result);

/* Brings the file to the disk and writes a checkpoint, which appears whole or
 * not at all; reads one, of a certificate that has just been made, which goes
 * on from there: PLEATS_INVALID for one of another network, domain, form or
 * version, one that is damaged, and where the file that it goes on with is not
 * there, shorter, another one, or some other process's.  docs/formats.md has
 * the text. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_certificate_save(
    pleats_ctx *ctx, pleats_certificate *certificate, const char *path);
PLEATS_API PLEATS_NODISCARD pleats_status pleats_certificate_resume(
    pleats_ctx *ctx, pleats_certificate *certificate, const char *path);

/* One that is done takes its place.  Save it before, so that a process that is
 * killed in between loses nothing. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_certificate_commit(pleats_ctx *ctx, pleats_certificate *certificate);

PLEATS_API void
pleats_certificate_result_clear(pleats_ctx *ctx,
                                pleats_certificate_result *result);

#ifdef __cplusplus
}
#endif
#endif
