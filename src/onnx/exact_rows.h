/* Affine steps whose parameters are numbers that need not be doubles.
 *
 * A network has doubles for parameters.  A rational row becomes rows of doubles
 * that are the same function:
 *
 *   - a dyadic rational is a sum of doubles, and its row reads the scalar once
 *     for each of them; parts of a bias are weights of the constant 1;
 *   - a row is multiplied by the least common multiple of its odd denominators
 *     (and by a power of two where numbers leave the range of doubles), and
 *     what it gives is divided by that again, in sparse steps with divisors
 *     below 2^53;
 *   - where that multiple is too large, in matrices and convolutions, scalars
 *     are divided before they are read, once for each denominator.
 *
 * What has an odd denominator beyond 2^53 without a known factorisation, or
 * spans more than the range of doubles, is rounded and counted. */
#ifndef PLEATS_ONNX_EXACT_ROWS_H
#define PLEATS_ONNX_EXACT_ROWS_H

#include "onnx/call.h"

/* out [terms->n] gets the scalars of the rows. */
PLEATS_NODISCARD pleats_status
pleats_exact_sparse(const pleats_call *c, const pleats_step_label *label,
                    const pleats_terms *terms, pleats_idx *out);

/* A convolution like that of pleats_net_add_conv; without spatial axes and
 * groups, a matrix.  out [groups * out_channels * positions]. */
typedef struct {
    pleats_conv_shape shape;
    const pleats_idx *in; /* -1 is 0 */
    const pleats_number *weight, *bias;
} pleats_exact_conv;
PLEATS_NODISCARD pleats_status
pleats_emit_exact_conv(const pleats_call *c, const pleats_step_label *label,
                       const pleats_exact_conv *conv, pleats_idx *out);

/* ---- for both ---- */

/* What rows are still to be divided by: odd * 2^twos. */
typedef struct {
    mpz_t odd;
    long twos;
} pleats_row_scale;

/* `*out` gets n scales of 1. */
PLEATS_NODISCARD pleats_status pleats_row_scales_new(
    pleats_ctx *ctx, size_t n, pleats_give pleats_row_scale **out);
void pleats_row_scales_free(pleats_ctx *ctx, size_t n,
                            pleats_take pleats_row_scale *s);

/* x [n] with those numbers rounded whose denominators cannot be factorised. */
void pleats_make_divisible(pleats_pool *pool, size_t n, pleats_number *x);
/* The scale that makes x [n] and `more` sums of doubles. */
void pleats_row_scale_find(const pleats_pool *pool, size_t n,
                           const pleats_number *x, pleats_number more,
                           pleats_row_scale *out);
/* `out` = x * scale */
void pleats_row_scale_apply(const pleats_pool *pool, pleats_number x,
                            const pleats_row_scale *scale, mpq_t out);
/* The double nearest to x, which is taken from x; 0 when nothing is left or
 * what is left vanishes beside the range of doubles, which is then counted as
 * rounded. */
double pleats_split_next(pleats_pool *pool, mpq_t x);
/* Divides the scalars [n] by the scales, which become 1. */
PLEATS_NODISCARD pleats_status
pleats_emit_divisions(const pleats_call *c, const pleats_step_label *label,
                      size_t n, pleats_row_scale *scale, pleats_idx *scalar);

#endif
