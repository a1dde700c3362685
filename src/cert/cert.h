/* Certificates of counts: docs/certificates.md. */
#ifndef PLEATS_CERT_CERT_H
#define PLEATS_CERT_CERT_H

#include "cert/cert_file.h"
#include "cert/cert_walk.h"
#include "count/work.h"
#include "domain/domain.h"

/* A certificate in the making: what was written, and where the walk goes on.
 *
 * Invariant, between two runs: the file has the header and the lines of all
 * cells before the next one. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_domain *domain;
    bool is_text;
    uint64_t part, of; /* one of so many files: pleats_cert_deal */
    pleats_idx n_threads;
    bool is_eager;    /* all of them, from the start, whatever it is worth */
    const char *path; /* where it is to be, lent; NULL: `out` is the caller's */

    /* The number of the domain's regions, where it is one file: */
    pleats_work *work; /* finds it; NULL: it is given */
    uint64_t claim;

    pleats_output *out; /* NULL: nothing is written yet, or all is in place */
    pleats_cert_file file;
    bool has_header, is_done;
    bool is_saved;             /* a checkpoint goes on with the file that has */
    uint64_t number;           /* this number in its name, */
    pleats_cert_extent extent; /* and had so many bytes */
    bool is_broken; /* a run failed, and nothing can be gone on with */
    pleats_idx at;  /* part of the domain that the walk is in */
    pleats_task place;
    size_t depth; /* of the cells that are dealt out; 0: not known */
    size_t cut;   /* of those that threads share, in the part that the walk is
                     in; 0: one thread writes all of it */
    bool is_cut;  /* that is known */
    bool is_over; /* all of that part is written */

    /* What the file proves: */
    pleats_idx dimension; /* of the domain; -1: empty, or not known */
    uint64_t regions;
    pleats_cert_tally tally;
    pleats_digest_set patterns; /* of a union: regions that were met */
    double seconds;             /* of all runs, after the count */

    /* Of the last run: */
    pleats_stop stopped;
    double
        share; /* of the parts of the domain that are done, and of this one */
} pleats_cert;

/* PLEATS_INVALID for a network or a domain of which no certificate can be made,
 * or not in so many files, in one line that says why. */
PLEATS_NODISCARD pleats_status pleats_cert_check(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_domain *domain,
                                                 uint64_t of);

/* `cert` is zeroed but for its first lines, up to the path, and what it is to
 * write to: `out`, and the claim; or, with a path, the work.  It takes the
 * work; clear it in every case.  PLEATS_INVALID as of pleats_cert_check. */
PLEATS_NODISCARD pleats_status pleats_cert_begin(pleats_cert *cert);
/* Of a file that no checkpoint goes on with nothing stays. */
void pleats_cert_clear(pleats_cert *cert);

/* Goes on until all is written or a reason to stop comes up, which
 * cert->stopped is then.  limits->cells: of the count; of one of several files,
 * regions of this run.  PLEATS_INTERNAL when the tree has not as many regions
 * as are claimed. */
PLEATS_NODISCARD pleats_status pleats_cert_run(pleats_cert *cert,
                                               const pleats_limits *limits);

/* A file with a path that is done takes its place. */
PLEATS_NODISCARD pleats_status pleats_cert_commit(pleats_cert *cert);

/* ---- header ---- */

/* Appends the header, or its lines about the domain. */
PLEATS_NODISCARD pleats_status pleats_cert_put_header(const pleats_cert *cert,
                                                      pleats_text *text);
PLEATS_NODISCARD pleats_status pleats_cert_put_domain(
    pleats_ctx *ctx, const pleats_domain *domain, pleats_text *text);

/* ---- checkpoints, cert_text.c: docs/formats.md ---- */

/* Brings the file to the disk, and appends a text from which another process
 * goes on. */
PLEATS_NODISCARD pleats_status pleats_cert_save(pleats_cert *cert,
                                                pleats_text *text);

/* A certificate with a path that has just begun, of a whole domain, becomes the
 * one that a text is about; `where` is named in messages.  PLEATS_INVALID when
 * it is about another one, damaged, or the file that it goes on with is not
 * there as it was left. */
PLEATS_NODISCARD pleats_status pleats_cert_resume(pleats_cert *cert,
                                                  const char *where,
                                                  const char *bytes, size_t n);

#endif
