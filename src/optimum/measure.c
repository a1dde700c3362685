/* Exact slopes, from exact forms in a frame's coordinates. */
#include "exact/rational.h"
#include "forms/gram.h"
#include "optimum/slope.h"

/* The coordinate on which alone an input depends, -1: on none; -2: on several.
 */
static pleats_idx coordinate_of(const pleats_frame *f, pleats_idx input)
{
    mpz_t *row = f->coordinates.num + (size_t)input * ((size_t)f->k + 1);
    pleats_idx found = -1;
    for (pleats_idx j = 0; j < f->k; j++)
        if (mpz_sgn(row[j]) != 0)
            found = found == -1 ? j : -2;
    return found;
}

/* Whether every coordinate is one input, scaled: then as many inputs move as
 * there are coordinates, and each by one of its own. */
static bool is_parallel(const pleats_frame *f)
{
    pleats_idx n_moving = 0;
    for (pleats_idx i = 0; i < f->coordinates.n_inputs; i++) {
        const pleats_idx j = coordinate_of(f, i);
        if (j == -2)
            return false;
        n_moving += j >= 0;
    }
    return n_moving == f->k;
}

pleats_status pleats_slope_check(pleats_ctx *ctx, const pleats_frame *frame,
                                 pleats_slope_norm norm)
{
    if (norm == PLEATS_SLOPE_2 || frame->k <= 1 || is_parallel(frame))
        return PLEATS_OK;
    return pleats_fail(
        ctx, PLEATS_INVALID,
        "the norms 1 and inf are for lines and for domains along "
        "the axes: on other planes slopes are known in norm 2");
}

/* entry = the change of input i along coordinate j. */
static void entry_of(const pleats_frame *f, pleats_idx i, pleats_idx j,
                     mpq_t entry)
{
    const size_t width = (size_t)f->k + 1;
    mpz_set(mpq_numref(entry),
            f->coordinates.num[(size_t)i * width + (size_t)j]);
    mpz_set(mpq_denref(entry), f->coordinates.den);
    mpq_canonicalize(entry);
}

/* slope += the square of the goal's slope along the frame: h gram^-1 h. */
static pleats_status square_slope(pleats_ctx *ctx, const pleats_frame *f,
                                  mpq_t *h, mpq_t slope)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)f->k;
    mpq_t *z = NULL;
    TRY(pleats_rational_array(ctx, k, &z));
    TRY(pleats_gram_solve(ctx, &f->coordinates, h, 1, z));
    for (size_t i = 0; i < k; i++) {
        mpq_mul(z[i], z[i], h[i]);
        mpq_add(slope, slope, z[i]);
    }
done:
    pleats_rational_array_free(ctx, k, z);
    return status;
}

/* The length of a line's direction, in the norm 1 or inf. */
static void length_of(const pleats_frame *f, pleats_slope_norm norm,
                      mpq_t length)
{
    mpq_t entry;
    mpq_init(entry);
    mpq_set_ui(length, 0, 1);
    for (pleats_idx i = 0; i < f->coordinates.n_inputs; i++) {
        entry_of(f, i, 0, entry);
        mpq_abs(entry, entry);
        if (norm == PLEATS_SLOPE_1)
            mpq_add(length, length, entry);
        else if (mpq_cmp(entry, length) > 0)
            mpq_set(length, entry);
    }
    mpq_clear(entry);
}

/* column [n_inputs or 1] += |changes of a goal by each input|, or on a line by
 * a step of length 1; row: their sum. */
static void add_changes(const pleats_frame *f, pleats_slope_norm norm, mpq_t *h,
                        mpq_t *column, mpq_t row)
{
    mpq_t change;
    mpq_init(change);
    mpq_set_ui(row, 0, 1);
    for (pleats_idx j = 0; j < f->k; j++) {
        if (f->k == 1) {
            length_of(f, norm, change);
        } else {
            pleats_idx input = 0;
            while (coordinate_of(f, input) != j)
                input++;
            entry_of(f, input, j, change);
        }
        mpq_div(change, h[j], change);
        mpq_abs(change, change);
        mpq_add(column[j], column[j], change);
        mpq_add(row, row, change);
    }
    mpq_clear(change);
}

static pleats_status set_changes(pleats_ctx *ctx, pleats_exact_forms *exact,
                                 const pleats_goals *goals, pleats_idx goal,
                                 pleats_idx k, mpq_t *h)
{
    pleats_status status = PLEATS_OK;
    const pleats_quotient *form;
    TRY(pleats_exact_forms_need(ctx, exact, goals->scalar[goal], &form));
    for (pleats_idx j = 0; j < k; j++) {
        mpz_set(mpq_numref(h[j]), form->num[j]);
        mpz_mul(mpq_denref(h[j]), form->den, goals->scale[goal]);
        mpq_canonicalize(h[j]);
    }
done:
    return status;
}

pleats_status pleats_slope_measure(pleats_ctx *ctx, pleats_exact_forms *exact,
                                   const pleats_goals *goals,
                                   const pleats_frame *f,
                                   pleats_slope_norm norm, mpq_t slope)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)f->k;
    mpq_t *h = NULL, *column = NULL, row;
    mpq_init(row);
    mpq_set_ui(slope, 0, 1);
    TRY(pleats_rational_array(ctx, k, &h));
    TRY(pleats_rational_array(ctx, k, &column));
    for (pleats_idx i = 0; i < goals->n; i++) {
        TRY(set_changes(ctx, exact, goals, i, f->k, h));
        if (norm == PLEATS_SLOPE_2)
            TRY(square_slope(ctx, f, h, slope));
        else
            add_changes(f, norm, h, column, row);
        if (norm == PLEATS_SLOPE_INF && mpq_cmp(row, slope) > 0)
            mpq_set(slope, row);
    }
    for (size_t j = 0; norm == PLEATS_SLOPE_1 && j < k; j++)
        if (mpq_cmp(column[j], slope) > 0)
            mpq_set(slope, column[j]);
done:
    pleats_rational_array_free(ctx, k, h);
    pleats_rational_array_free(ctx, k, column);
    mpq_clear(row);
    return status;
}
