#include "volume/measure.h"

#include "exact/echelon.h"
#include "exact/rational.h"
#include "forms/gram.h"

#include <float.h>
#include <math.h>

/* An error beyond this share of the volume is not handed on: the exact one is
 * rounded instead. */
static const double MOST_ERROR = 0x1p-10;

void pleats_measure_clear(pleats_measure *m)
{
    mpq_clears(m->unit, m->gram, NULL);
}

/* ---- matrices ---- */

/* linear [n x k] = the coefficients of the inputs in the coordinates. */
static void take_linear(const pleats_coordinates *c, mpq_t *linear)
{
    const size_t n = (size_t)c->n_inputs, k = (size_t)c->k;
    for (size_t i = 0; i < n * k; i++) {
        mpz_set(mpq_numref(linear[i]), c->num[i / k * (k + 1) + i % k]);
        mpz_set(mpq_denref(linear[i]), c->den);
        mpq_canonicalize(linear[i]);
    }
}

/* out = +-(the product of the pivots of row [n_rows x n]). */
static void multiply_pivots(mpq_t *row, size_t n, size_t rank,
                            const size_t *column, mpq_t out)
{
    mpq_set_ui(out, 1, 1);
    for (size_t i = 0; i < rank; i++)
        mpq_mul(out, out, row[i * n + column[i]]);
}

/* out = det (L^T L), L [n x k] being the inputs' part of the coordinates. */
static pleats_status find_gram(pleats_ctx *ctx, const pleats_coordinates *c,
                               mpq_t out)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)c->k;
    mpq_t *product = NULL;
    size_t column[PLEATS_VERTICES_DIMENSION], rank = 0;
    TRY(pleats_rational_array(ctx, k * k, &product));
    pleats_coordinates_gram(c, product);
    TRY(pleats_rationals_echelon(ctx, product, k, k, k, column, &rank));
    multiply_pivots(product, k, rank, column, out);
    mpq_abs(out, out);
done:
    pleats_rational_array_free(ctx, k * k, product);
    return status;
}

/* own [m x k] = the coefficients of a part's own coordinates, with x = origin +
 * D^T s, in the frame's: what solves D^T own = linear [n x k]. */
static pleats_status solve_own(pleats_ctx *ctx, const pleats_part *part,
                               size_t n, mpq_t *linear, size_t k, mpq_t *own)
{
    pleats_status status = PLEATS_OK;
    const size_t m = (size_t)part->k, width = m + k;
    mpq_t *row = NULL;
    size_t *column = NULL, rank = 0;
    TRY(pleats_rational_array(ctx, n * width, &row));
    TRY(pleats_alloc(ctx, m + 1, sizeof *column, &column));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < m; j++)
            mpq_set(row[i * width + j], part->direction[j * n + i]);
        for (size_t j = 0; j < k; j++)
            mpq_set(row[i * width + m + j], linear[i * k + j]);
    }
    TRY(pleats_rationals_echelon(ctx, row, n, width, m, column, &rank));
    if (rank < m)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "volumes are in a domain's own coordinates, and its "
                        "directions are not independent"));
    pleats_rationals_back_substitute(row, m, width, own);
done:
    pleats_rational_array_free(ctx, n * width, row);
    pleats_release(ctx, column);
    return status;
}

/* out = |det| of the first k independent ones of the rows own [m x k]. */
static pleats_status find_factor(pleats_ctx *ctx, mpq_t *own, size_t m,
                                 size_t k, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    mpq_t *turned = NULL;
    size_t column[PLEATS_VERTICES_DIMENSION], rank = 0;
    TRY(pleats_rational_array(ctx, k * m, &turned));
    for (size_t i = 0; i < k * m; i++)
        mpq_set(turned[i], own[i % m * k + i / m]);
    TRY(pleats_rationals_echelon(ctx, turned, k, m, m, column, &rank));
    if (rank < k)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                        "a frame has more coordinates than dimensions"));
    multiply_pivots(turned, m, rank, column, out);
    mpq_abs(out, out);
done:
    pleats_rational_array_free(ctx, k * m, turned);
    return status;
}

pleats_status pleats_measure_init(pleats_ctx *ctx, pleats_measure *measure,
                                  const pleats_domain *domain,
                                  const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)domain->n_inputs, k = (size_t)frame->k;
    const pleats_part *part = domain->part;
    size_t m = n; /* of the domain's own coordinates */
    mpq_t *linear = NULL, *own = NULL;
    mpq_inits(measure->unit, measure->gram, NULL);
    if (domain->n_parts != 1)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "volumes are those of one convex domain; this one is a "
                        "union of %d parts",
                        domain->n_parts));
    if (k > PLEATS_VERTICES_DIMENSION)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "volumes and vertices are worked out in at most %d "
                        "dimensions; the domain has %zu",
                        PLEATS_VERTICES_DIMENSION, k));
    if (part->direction)
        m = (size_t)part->k;
    TRY(pleats_rational_array(ctx, n * k, &linear));
    TRY(pleats_rational_array(ctx, m * k, &own));
    take_linear(&frame->coordinates, linear);
    if (part->direction)
        TRY(solve_own(ctx, part, n, linear, k, own));
    else
        for (size_t i = 0; i < n * k; i++)
            mpq_set(own[i], linear[i]);
    TRY(find_factor(ctx, own, m, k, measure->unit));
    measure->rounded = pleats_rational_to_double(measure->unit);
    TRY(find_gram(ctx, &frame->coordinates, measure->gram));
    mpq_div(measure->gram, measure->gram, measure->unit);
    mpq_div(measure->gram, measure->gram, measure->unit);
done:
    pleats_rational_array_free(ctx, n * k, linear);
    pleats_rational_array_free(ctx, m * k, own);
    return status;
}

/* ---- volumes ---- */

pleats_status pleats_measure_exact(const pleats_measure *m, pleats_space *s,
                                   pleats_vertices *cell,
                                   pleats_volume_room *room, mpq_t out,
                                   bool *is_bounded)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_volume_is_bounded(s, cell, is_bounded));
    if (!*is_bounded)
        goto done;
    TRY(pleats_volume_exact(s, cell, room, out));
    mpq_mul(out, out, m->unit);
done:
    return status;
}

/* Vertices that were made from one another are off by more and more: those that
 * are off by more than this are worked out anew from their walls. */
static const double KEPT_ERROR = 0x1p-46;

static void refine_vertices(pleats_space *s, pleats_vertices *cell)
{
    for (pleats_idx i = 0; i < cell->n; i++)
        if (!(cell->error[i] <= KEPT_ERROR))
            (void)pleats_vertices_refine(s, cell, i);
}

/* Their doubles are then off by no more than rounding. */
static pleats_status solve_vertices(pleats_space *s, pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    mpz_t *x = NULL;
    for (pleats_idx i = 0; i < cell->n; i++)
        TRY(pleats_vertices_solve(s, cell, i, &x));
done:
    return status;
}

static pleats_status round_exact(const pleats_measure *m, pleats_space *s,
                                 pleats_vertices *cell,
                                 pleats_volume_room *room, pleats_enclosed *out)
{
    pleats_status status = PLEATS_OK;
    bool is_bounded;
    mpq_t volume;
    mpq_init(volume);
    TRY(pleats_measure_exact(m, s, cell, room, volume, &is_bounded));
    out->value = pleats_rational_to_double(volume);
    out->error = DBL_EPSILON * out->value + 0x1p-1074;
    if (!isfinite(out->value))
        out->error = INFINITY;
done:
    mpq_clear(volume);
    return status;
}

static pleats_status enclose(const pleats_measure *m, pleats_space *s,
                             pleats_vertices *cell, pleats_volume_room *room,
                             pleats_enclosed *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_volume_enclose(s, cell, room, out));
    out->value *= m->rounded;
    out->error =
        pleats_round_up(out->error * m->rounded + 2 * DBL_EPSILON * out->value);
done:
    return status;
}

static bool is_good(const pleats_measure *m, const pleats_enclosed *volume,
                    double enough)
{
    return m->rounded >= DBL_MIN && isfinite(pleats_round_up(volume->value)) &&
           volume->error < fmax(enough, MOST_ERROR * volume->value);
}

pleats_status pleats_measure_enclose_solved(const pleats_measure *m,
                                            pleats_space *s,
                                            pleats_vertices *cell,
                                            pleats_volume_room *room,
                                            double enough, pleats_enclosed *out)
{
    pleats_status status = PLEATS_OK;
    TRY(solve_vertices(s, cell));
    TRY(enclose(m, s, cell, room, out));
    if (!is_good(m, out, enough))
        TRY(round_exact(m, s, cell, room, out));
done:
    return status;
}

pleats_status pleats_measure_enclose(const pleats_measure *m, pleats_space *s,
                                     pleats_vertices *cell,
                                     pleats_volume_room *room, double enough,
                                     pleats_enclosed *out)
{
    pleats_status status = PLEATS_OK;
    bool is_bounded;
    *out = (pleats_enclosed){INFINITY, 0};
    TRY(pleats_volume_is_bounded(s, cell, &is_bounded));
    if (!is_bounded)
        goto done;
    refine_vertices(s, cell);
    TRY(enclose(m, s, cell, room, out));
    if (!is_good(m, out, enough))
        TRY(pleats_measure_enclose_solved(m, s, cell, room, enough, out));
done:
    return status;
}
