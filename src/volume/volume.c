/* A simplex with the vertices v_0 .. v_k has the volume
 * |det (v_1 - v_0, ..., v_k - v_0)| / k!.  Determinants grow row by row: the
 * minors of j + 1 rows are sums of those of j rows, which all simplices with
 * the same first vertices share. */
#include "volume/volume.h"

#include "base/doubles.h"
#include "exact/integers.h"

#include <float.h>
#include <math.h>

void pleats_volume_clear(pleats_ctx *ctx, pleats_volume_room *r)
{
    pleats_fan_clear(ctx, &r->fan);
    pleats_release(ctx, r->t);
    pleats_release(ctx, r->off);
    pleats_release(ctx, r->x);
    pleats_integers_free(ctx, r->exact_minor, (size_t)2 * PLEATS_VOLUME_MINORS);
    pleats_integers_free(ctx, r->weight, PLEATS_VOLUME_WIDTH);
    if (r->has_integers)
        mpq_clears(r->exact_sum, r->term, NULL);
    *r = (pleats_volume_room){0};
}

static double factorial(pleats_idx k)
{
    double product = 1;
    for (pleats_idx i = 2; i <= k; i++)
        product *= i;
    return product;
}

/* ---- bounded or not ---- */

pleats_status pleats_volume_is_bounded(pleats_space *s, pleats_vertices *c,
                                       bool *is_bounded)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k;
    *is_bounded = s->frame->bounded || c->n_lines == 0;
    for (pleats_idx i = 0; i < c->n && *is_bounded && !s->frame->bounded; i++) {
        mpz_t *x = NULL;
        if (c->point[(size_t)k * c->pad + (size_t)i] > c->error[i])
            continue;
        TRY(pleats_vertices_solve(s, c, i, &x));
        *is_bounded = mpz_sgn(x[k]) != 0;
    }
done:
    return status;
}

/* ---- sets of columns ---- */

/* The numbers with n bits, in their order [Gosper's step]. */
static unsigned first_mask(pleats_idx n)
{
    return (1u << n) - 1;
}

static unsigned next_mask(unsigned mask)
{
    const unsigned least = mask & -mask, up = mask + least;
    return up | (up ^ mask) >> 2 >> __builtin_ctz(mask);
}

/* ---- in doubles ---- */

/* t [k] = X / w of generator i, where X and w are off by e, and how far that is
 * off; 0 where all of it is exact. */
static void take_point(const pleats_vertices *c, size_t i, size_t k, double *t,
                       double *off)
{
    const double w = c->point[k * c->pad + i], e = c->error[i];
    double most = 0;
    bool is_exact = e == 0;
    for (size_t j = 0; j < k; j++) {
        const double x = c->point[j * c->pad + i];
        t[j] = x / w;
        most = pleats_larger(most, fabs(t[j]));
        is_exact =
            is_exact && fma(t[j], w, -x) == 0 && (x == 0 || fabs(x) > 0x1p-500);
    }
    *off = is_exact
               ? 0
               : pleats_round_up((e + most * e) / (w - e) + DBL_EPSILON * most);
    if (!(w > 2 * e) || !isfinite(most))
        *off = INFINITY;
}

/* The vertices in the frame's coordinates: X / w, where X and w are off by e.
 */
static pleats_status take_points(pleats_space *s, pleats_vertices *c,
                                 pleats_volume_room *r)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)s->frame->k, n = (size_t)c->n;
    TRY(pleats_grow(s->ctx, &r->t, &r->t_capacity, n * k, sizeof *r->t));
    TRY(pleats_grow(s->ctx, &r->off, &r->off_capacity, n, sizeof *r->off));
    for (size_t i = 0; i < n; i++) {
        mpz_t *x = NULL;
        if (!(c->point[k * c->pad + i] > 2 * c->error[i]))
            TRY(pleats_vertices_solve(s, c, (pleats_idx)i, &x));
        take_point(c, i, k, r->t + i * k, &r->off[i]);
    }
done:
    return status;
}

/* A minor of one row more: columns `mask`; row [k], off by `off`. */
static pleats_enclosed extend(const pleats_enclosed *minor, unsigned mask,
                              const double *row, double off)
{
    double value = 0, size = 0, error = 0;
    int sign = 1;
    for (unsigned left = mask; left; left &= left - 1) {
        const int c = __builtin_ctz(left);
        const pleats_enclosed m = minor[mask & ~(1u << c)];
        value += sign * row[c] * m.value;
        size += fabs(row[c] * m.value);
        error += fabs(row[c]) * m.error + off * (fabs(m.value) + m.error);
        sign = -sign;
    }
    const double rounding =
        DBL_EPSILON * (PLEATS_VERTICES_DIMENSION + 2) * size;
    return (pleats_enclosed){value, pleats_round_up(error + rounding)};
}

static pleats_status place(void *state, pleats_idx depth, pleats_idx vertex)
{
    pleats_volume_room *r = state;
    const size_t k = (size_t)r->k;
    const double *t = r->t + (size_t)vertex * k;
    double row[PLEATS_VERTICES_DIMENSION], most = 0;
    if (depth == 0) {
        r->base = vertex;
        r->minor[0] = (pleats_enclosed){1, 0};
    }
    for (size_t j = 0; j < k; j++) {
        double lost;
        row[j] = pleats_difference(t[j], r->t[(size_t)r->base * k + j], &lost);
        most = pleats_larger(most, fabs(lost));
    }
    const double off = r->off[vertex] + r->off[r->base] + most;
    for (unsigned mask = first_mask(depth); depth > 0 && mask < 1u << k;
         mask = next_mask(mask))
        r->minor[mask] = extend(r->minor, mask, row, off);
    if (depth == r->k) {
        const pleats_enclosed *det = &r->minor[(1u << k) - 1];
        r->sum.value += fabs(det->value);
        r->sum.error += det->error;
        r->n_terms++;
    }
    return PLEATS_OK;
}

pleats_status pleats_volume_enclose(pleats_space *s, pleats_vertices *c,
                                    pleats_volume_room *r, pleats_enclosed *out)
{
    pleats_status status = PLEATS_OK;
    const double parts = factorial(s->frame->k);
    r->k = s->frame->k;
    r->sum = (pleats_enclosed){0, 0};
    r->n_terms = 0;
    TRY(take_points(s, c, r));
    TRY(pleats_fan_out(s->ctx, &r->fan, c, place, r));
    const double steps = DBL_EPSILON * (r->n_terms + 4.0);
    out->value = r->sum.value / parts;
    out->error = pleats_round_up(
        (r->sum.error * (1 + steps) + steps * r->sum.value) / parts);
    if (!isfinite(out->value) || !isfinite(out->error))
        out->error = INFINITY;
done:
    return status;
}

/* ---- over the integers ---- */

/* The same with rows (x, w): a determinant is the product of all w larger. */
static pleats_status place_exactly(void *state, pleats_idx depth,
                                   pleats_idx vertex)
{
    pleats_volume_room *r = state;
    const unsigned width = (unsigned)r->k + 1;
    mpz_t *row = r->x[vertex];
    if (depth == 0) {
        mpz_set_ui(r->exact_minor[0], 1);
        mpz_set(r->weight[0], row[r->k]);
    } else
        mpz_mul(r->weight[depth], r->weight[depth - 1], row[r->k]);
    for (unsigned mask = first_mask(depth + 1); mask < 1u << width;
         mask = next_mask(mask)) {
        mpz_ptr to = r->exact_minor[mask];
        bool is_minus = false;
        mpz_set_ui(to, 0);
        for (unsigned left = mask; left; left &= left - 1) {
            const int c = __builtin_ctz(left);
            (is_minus ? mpz_submul : mpz_addmul)(
                to, row[c], r->exact_minor[mask & ~(1u << c)]);
            is_minus = !is_minus;
        }
    }
    if (depth == r->k) {
        mpz_abs(mpq_numref(r->term), r->exact_minor[(1u << width) - 1]);
        mpz_set(mpq_denref(r->term), r->weight[depth]);
        mpq_canonicalize(r->term);
        mpq_add(r->exact_sum, r->exact_sum, r->term);
    }
    return PLEATS_OK;
}

static pleats_status make_integers(pleats_ctx *ctx, pleats_volume_room *r)
{
    pleats_status status = PLEATS_OK;
    if (!r->exact_minor)
        TRY(pleats_integers_new(ctx, (size_t)2 * PLEATS_VOLUME_MINORS,
                                &r->exact_minor));
    if (!r->weight)
        TRY(pleats_integers_new(ctx, PLEATS_VOLUME_WIDTH, &r->weight));
    if (!r->has_integers)
        mpq_inits(r->exact_sum, r->term, NULL);
    r->has_integers = true;
done:
    return status;
}

pleats_status pleats_volume_exact(pleats_space *s, pleats_vertices *c,
                                  pleats_volume_room *r, mpq_t out)
{
    pleats_status status = PLEATS_OK;
    r->k = s->frame->k;
    TRY(make_integers(s->ctx, r));
    TRY(pleats_grow(s->ctx, &r->x, &r->x_capacity, (size_t)c->n, sizeof *r->x));
    for (pleats_idx i = 0; i < c->n; i++)
        TRY(pleats_vertices_solve(s, c, i, &r->x[i]));
    mpq_set_ui(r->exact_sum, 0, 1);
    TRY(pleats_fan_out(s->ctx, &r->fan, c, place_exactly, r));
    for (pleats_idx i = 2; i <= r->k; i++) {
        mpq_set_ui(r->term, 1, (unsigned long)i);
        mpq_mul(r->exact_sum, r->exact_sum, r->term);
    }
    mpq_set(out, r->exact_sum);
done:
    return status;
}
