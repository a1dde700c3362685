/* One pass of a network over PLEATS_LANES points: values, packed patterns, and
 * which points are too near to a wall for doubles to tell their pattern. */
#ifndef PLEATS_SAMPLE_PASS_H
#define PLEATS_SAMPLE_PASS_H

#include "sample/affine.h"
#include "sample/margins.h"

/* Where a unit's piece stands in a pattern, in the least bits that hold it. */
typedef struct {
    pleats_idx word;
    int shift, bits;
} pleats_place;

/* A network made ready; not written after that. */
typedef struct {
    const pleats_net *net;
    pleats_affine *affine; /* [n_steps], unset for steps of units */
    bool *is_needed;       /* [n_steps] a unit depends on it */
    pleats_place *place;   /* [n_units] */
    double *margin;        /* [n_units] */
    bool *zero_is_exact;   /* [n_scalars] */
    pleats_idx n_words, row_terms;
#if PLEATS_PERTURB
    double *room; /* [n_scalars] how far values are moved */
#endif
} pleats_pass;

/* magnitude, error [n_inputs]: bounds of the points that will come. */
PLEATS_NODISCARD pleats_status pleats_pass_init(pleats_ctx *ctx,
                                                pleats_pass *pass,
                                                const pleats_net *net,
                                                const double *magnitude,
                                                const double *error);
void pleats_pass_clear(pleats_ctx *ctx, pleats_pass *pass);

/* Room for a pass, one for each thread. */
typedef struct {
    void *room;     /* of value, which starts on a line of the cache */
    double *value;  /* [(n_scalars + 1) x PLEATS_LANES], the last one 0 */
    uint64_t *word; /* [n_words x PLEATS_LANES] */
    uint64_t is_doubtful[PLEATS_LANES]; /* 0 or 1 */
    pleats_idx *scratch;                /* [row_terms] */
} pleats_lanes;

PLEATS_NODISCARD pleats_status pleats_lanes_init(pleats_ctx *ctx,
                                                 pleats_lanes *lanes,
                                                 const pleats_pass *pass);
void pleats_lanes_clear(pleats_ctx *ctx, pleats_lanes *lanes);

/* Works out the values of all scalars that units depend on, from those of the
 * inputs, and the words and doubts. */
void pleats_pass_run(const pleats_pass *pass, pleats_lanes *lanes);

/* Writes the piece of a unit into a lane's pattern. */
void pleats_pass_set_piece(const pleats_pass *pass, pleats_lanes *lanes,
                           pleats_idx unit, int lane, pleats_idx piece);

/* Piece of a unit in a lane's pattern. */
pleats_idx pleats_pass_piece(const pleats_pass *pass, const pleats_lanes *lanes,
                             pleats_idx unit, int lane);

/* pattern [n_words] of a lane. */
void pleats_pass_pattern(const pleats_pass *pass, const pleats_lanes *lanes,
                         int lane, uint64_t *pattern);

/* ---- units (units.c) ---- */

/* Runs a step of units. */
void pleats_pass_units(const pleats_pass *pass, const pleats_step *step,
                       pleats_lanes *lanes);

/* Whether unit i of a step may have another piece than the one that its values
 * in a lane give.  trusts_zeros: no unit before it was near to a breakpoint, so
 * that zeros of units that are off are exact. */
bool pleats_pass_is_near(const pleats_pass *pass, const pleats_step *step,
                         pleats_idx i, const pleats_lanes *lanes, int lane,
                         bool trusts_zeros);

#endif
