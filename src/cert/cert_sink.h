/* Lines of a certificate's body in memory, as text or as the bytes that zstd
 * packs (docs/certificates.md). */
#ifndef PLEATS_CERT_CERT_SINK_H
#define PLEATS_CERT_CERT_SINK_H

#include "base/base.h"

#include <gmp.h>

/* A multiplier m * 2^exponent > 0, m odd, of a wall. */
typedef struct {
    pleats_idx wall;
    mpz_t m;
    long exponent;
} pleats_multiplier;

/* Multipliers; n = 0: none are needed, a box alone is the proof.  Else the
 * first one is that of the form that is asked about, and has no wall. */
typedef struct {
    size_t n, capacity, n_ready;
    pleats_multiplier *y; /* [n] */
} pleats_multipliers;

/* Room for n multipliers, all 0. */
PLEATS_NODISCARD pleats_status pleats_multipliers_room(pleats_ctx *ctx,
                                                       pleats_multipliers *y,
                                                       size_t n);
/* By their walls. */
void pleats_multipliers_sort(pleats_multipliers *y);
void pleats_multipliers_clear(pleats_ctx *ctx, pleats_multipliers *y);

/* What lines say, and what it took to know that. */
typedef struct {
    uint64_t lines, splits, points, multipliers;
    uint64_t n_exact;             /* facts whose proof took exact arithmetic */
    uint64_t by_bounds, by_exact; /* verdicts */
} pleats_cert_tally;

void pleats_cert_tally_add(pleats_cert_tally *to, const pleats_cert_tally *t);

/* Zero-initialised but for ctx and the form. */
typedef struct {
    pleats_ctx *ctx;
    bool is_text, is_mute; /* mute: lines are left out */
    char *byte;            /* [n] */
    size_t n, capacity;
    pleats_cert_tally tally;
    size_t n_whole; /* at the mark */
    pleats_cert_tally whole;
} pleats_sink;

void pleats_sink_clear(pleats_sink *sink);

/* All lines so far are of cells that are whole. */
void pleats_sink_mark(pleats_sink *sink);
/* Drops those behind the mark. */
void pleats_sink_drop(pleats_sink *sink);
/* It is empty, and marked. */
void pleats_sink_empty(pleats_sink *sink);

/* No point of the cell is above (below: not `above`) breakpoint `at` of a unit.
 */
PLEATS_NODISCARD pleats_status pleats_sink_fact(pleats_sink *sink,
                                                pleats_idx unit, pleats_idx at,
                                                bool above,
                                                const pleats_multipliers *y);
/* At no point of the cell does candidate i of a maximum exceed candidate j. */
PLEATS_NODISCARD pleats_status pleats_sink_beaten(pleats_sink *sink,
                                                  pleats_idx unit, pleats_idx i,
                                                  pleats_idx j,
                                                  const pleats_multipliers *y);
/* The unit splits the cell, at a breakpoint, or as a maximum (at = -1). */
PLEATS_NODISCARD pleats_status pleats_sink_split(pleats_sink *sink,
                                                 pleats_idx unit,
                                                 pleats_idx at);
/* The cell is a region: point[j] / den is inside, [k]. */
PLEATS_NODISCARD pleats_status pleats_sink_point(pleats_sink *sink,
                                                 pleats_idx k, mpz_t *point,
                                                 const mpz_t den);
/* The cell has no points. */
PLEATS_NODISCARD pleats_status pleats_sink_nowhere(pleats_sink *sink,
                                                   const pleats_multipliers *y);
/* The cell is dealt out to a part: its proof is in that part's file. */
PLEATS_NODISCARD pleats_status pleats_sink_part(pleats_sink *sink,
                                                uint64_t part);
/* All is said; of a part also how many regions are proved here (else NULL). */
PLEATS_NODISCARD pleats_status pleats_sink_end(pleats_sink *sink,
                                               const uint64_t *regions);

#endif
