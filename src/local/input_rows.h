/* Half-spaces of a region as inequalities of the inputs. */
#ifndef PLEATS_LOCAL_INPUT_ROWS_H
#define PLEATS_LOCAL_INPUT_ROWS_H

#include "local/region.h"

/* k inputs that say which point of the coordinates it is, and how:
 *
 *     t_j = sum_m inverse[j k + m] (den x_input[m] - num[input[m]][k])
 *
 * with den and num of the coordinates. */
typedef struct {
    const pleats_coordinates *coordinates; /* lent */
    size_t k;
    size_t *input;  /* [k] */
    mpq_t *inverse; /* [k x k]; where input[j] depends on t_j alone for all j,
                       [k]: the diagonal */
    bool is_diagonal;
    mpq_t *row; /* [n_inputs + 1] */
} pleats_input_rows;

/* Cost: O(n_inputs k) where there is an input of its own for each coordinate,
 * else O(n_inputs k^2) operations with rationals. */
PLEATS_NODISCARD pleats_status
pleats_input_rows_init(pleats_ctx *ctx, pleats_input_rows *rows,
                       const pleats_coordinates *coordinates);
void pleats_input_rows_clear(pleats_ctx *ctx, pleats_input_rows *rows);

/* out [n_inputs + 1], primitive: out . (x, 1) is a positive multiple of
 * row . (t, 1) wherever t are the coordinates of x; row [k + 1].  It is 0 at
 * inputs that the chosen ones determine.  Cost: O(k^2), on a diagonal O(k). */
void pleats_input_rows_convert(pleats_input_rows *rows, mpz_t *row, mpz_t *out);

#endif
