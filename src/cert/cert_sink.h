/* Writes the lines of a certificate's body, as text or as bytes that zstd packs
 * (docs/certificates.md). */
#ifndef PLEATS_CERT_CERT_SINK_H
#define PLEATS_CERT_CERT_SINK_H

#include "base/base.h"
#include "pleats/output.h"

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

typedef struct pleats_sink pleats_sink;

/* `out` is lent.  The header is text, in both forms. */
PLEATS_NODISCARD pleats_status pleats_sink_new(pleats_ctx *ctx,
                                               pleats_output *out, bool is_text,
                                               pleats_give pleats_sink **sink);
void pleats_sink_free(pleats_ctx *ctx, pleats_take pleats_sink *sink);

PLEATS_NODISCARD pleats_status pleats_sink_header(pleats_sink *sink,
                                                  const char *format, ...)
    __attribute__((format(printf, 2, 3)));
PLEATS_NODISCARD pleats_status pleats_sink_rational(pleats_sink *sink,
                                                    const mpq_t value);

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

/* From now on lines of the body are left out, or written again. */
void pleats_sink_mute(pleats_sink *sink, bool is_mute);

/* Lines and bytes of the body so far, before they are packed; splits and points
 * among the lines. */
typedef struct {
    uint64_t lines, splits, points, multipliers, bytes;
} pleats_sink_tally;
pleats_sink_tally pleats_sink_tally_of(const pleats_sink *sink);

#endif
