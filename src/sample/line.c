/* The exact line through a point that was drawn. */
#include "sample/points.h"

#include "exact/rational.h"

/* Directions are drawn apart from points. */
static const uint64_t OTHER_SEED = 0x6a09e667f3bcc909;

/* A whole number of up to 61 bits and its sign. */
static void random_integer(pleats_rng *rng, mpq_t out)
{
    int64_t z = (int64_t)pleats_rng_next(rng) >> 2;
    mpq_set_si(out, (long)z, 1);
}

/* Coordinate j of the point, t as a double, exactly; *is_fixed: it cannot
 * change in the domain. */
static pleats_status exact_coordinate(pleats_ctx *ctx, const pleats_points *p,
                                      pleats_idx j, double t, mpq_t at,
                                      bool *is_fixed)
{
    pleats_status status = PLEATS_OK;
    *is_fixed = p->part && p->is_fixed[j];
    if (*is_fixed)
        mpq_set(at, p->part->lo[j]);
    else
        TRY(pleats_rational_set_double(ctx, t, at));
done:
    return status;
}

static void add_direction(const pleats_points *p, pleats_idx j, const mpq_t at,
                          const mpq_t along, mpq_t *x, mpq_t *d)
{
    mpq_t product;
    mpq_init(product);
    for (pleats_idx i = 0; i < p->n_inputs; i++) {
        mpq_t *direction =
            p->part->direction + (size_t)j * (size_t)p->n_inputs + i;
        mpq_mul(product, at, *direction);
        mpq_add(x[i], x[i], product);
        mpq_mul(product, along, *direction);
        mpq_add(d[i], d[i], product);
    }
    mpq_clear(product);
}

/* num [n x 2] = (d_i, x_i) * den, den the least common denominator. */
static void to_coordinates(pleats_idx n, mpq_t *x, mpq_t *d,
                           pleats_coordinates *line)
{
    mpz_set_ui(line->den, 1);
    for (pleats_idx i = 0; i < n; i++) {
        mpz_lcm(line->den, line->den, mpq_denref(x[i]));
        mpz_lcm(line->den, line->den, mpq_denref(d[i]));
    }
    for (size_t i = 0; i < (size_t)n; i++) {
        mpz_divexact(line->num[2 * i], line->den, mpq_denref(d[i]));
        mpz_mul(line->num[2 * i], line->num[2 * i], mpq_numref(d[i]));
        mpz_divexact(line->num[2 * i + 1], line->den, mpq_denref(x[i]));
        mpz_mul(line->num[2 * i + 1], line->num[2 * i + 1], mpq_numref(x[i]));
    }
}

pleats_status pleats_points_line(pleats_ctx *ctx, const pleats_points *p,
                                 const pleats_drawn_point *drawn,
                                 pleats_coordinates *line)
{
    pleats_status status = PLEATS_OK;
    const bool is_mapped = p->direction != NULL;
    const pleats_idx k = is_mapped ? p->k : p->n_inputs;
    const double *t = is_mapped ? drawn->coordinate : drawn->value;
    size_t n = (size_t)p->n_inputs;
    mpq_t *x = NULL, *d = NULL, at, along;
    pleats_rng rng;
    bool is_fixed;
    mpq_init(at);
    mpq_init(along);
    pleats_rng_stream(&rng, p->seed ^ OTHER_SEED, drawn->number);
    TRY(pleats_rational_array(ctx, n, &x));
    TRY(pleats_rational_array(ctx, n, &d));
    for (size_t i = 0; is_mapped && i < n; i++)
        mpq_set(x[i], p->part->origin[i]);
    for (pleats_idx j = 0; j < k; j++) {
        TRY(exact_coordinate(ctx, p, j,
                             t[(size_t)j * PLEATS_LANES + (size_t)drawn->lane],
                             at, &is_fixed));
        random_integer(&rng, along);
        if (is_fixed)
            mpq_set_ui(along, 0, 1);
        if (is_mapped) {
            add_direction(p, j, at, along, x, d);
        } else {
            mpq_set(x[j], at);
            mpq_set(d[j], along);
        }
    }
    to_coordinates(p->n_inputs, x, d, line);
done:
    pleats_rational_array_free(ctx, n, x);
    pleats_rational_array_free(ctx, n, d);
    mpq_clear(at);
    mpq_clear(along);
    return status;
}
