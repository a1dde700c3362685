#include "random_domain.h"

#include "need.h"

void random_fraction(rng *r, mpq_t out)
{
    static const unsigned long denominator[] = {1, 1, 2, 3, 8, 7};
    mpq_set_si(out, rng_int(r, -4, 4), denominator[rng_int(r, 0, 5)]);
    mpq_canonicalize(out);
    if (rng_one_in(r, 16))
        mpq_mul_2exp(out, out, 40);
    else if (rng_one_in(r, 16))
        mpq_div_2exp(out, out, 40);
}

/* Bounds of coordinate j: none, one, an interval or a single point, rarely an
 * empty interval. */
static void random_bounds(rng *r, pleats_part *part, pleats_idx j)
{
    mpq_t lo, hi;
    mpq_init(lo);
    mpq_init(hi);
    random_fraction(r, lo);
    random_fraction(r, hi);
    if (mpq_cmp(lo, hi) > 0 && !rng_one_in(r, 20))
        mpq_swap(lo, hi);
    if (rng_one_in(r, 8))
        mpq_set(hi, lo);
    if (!rng_one_in(r, 6))
        pleats_part_set_lo(part, j, lo);
    if (!rng_one_in(r, 6))
        pleats_part_set_hi(part, j, hi);
    mpq_clear(lo);
    mpq_clear(hi);
}

/* Row i: random; or an earlier row's negative, which makes a slab, a
 * hyperplane or the empty set. */
static void random_row(rng *r, pleats_part *part, pleats_idx i)
{
    bool opposite = i > 0 && rng_one_in(r, 5);
    pleats_idx other = i > 0 ? rng_int(r, 0, i - 1) : 0, k = part->k;
    for (pleats_idx j = 0; j < k; j++)
        if (opposite)
            mpq_neg(part->a[i * k + j], part->a[other * k + j]);
        else if (!rng_one_in(r, 4))
            random_fraction(r, part->a[i * k + j]);
    random_fraction(r, part->b[i]);
    if (opposite && rng_one_in(r, 2))
        mpq_neg(part->b[i], part->b[other]);
}

static void add_polyhedron(pleats_ctx *ctx, rng *r, pleats_domain *d,
                           pleats_idx m)
{
    pleats_part *part = NULL;
    bool bounded = rng_one_in(r, 2);
    need_ok(ctx, pleats_domain_add_part(ctx, d, d->n_inputs, m, false, &part));
    for (pleats_idx i = 0; i < m; i++)
        random_row(r, part, i);
    for (pleats_idx j = 0; j < d->n_inputs; j++)
        if (m == 0 || bounded)
            random_bounds(r, part, j);
}

static void random_nonzero(rng *r, mpq_t out)
{
    do
        random_fraction(r, out);
    while (mpq_sgn(out) == 0);
}

/* The first direction has an entry where the second has none, so that they are
 * independent. */
static void random_directions(rng *r, pleats_part *part, pleats_idx n)
{
    pleats_idx first = rng_int(r, 0, n - 1);
    for (pleats_idx i = 0; i < part->k * n; i++)
        random_fraction(r, part->direction[i]);
    random_nonzero(r, part->direction[first]);
    if (part->k == 2) {
        random_nonzero(r, part->direction[n + (first + 1) % n]);
        mpq_set_ui(part->direction[n + first], 0, 1);
    }
}

/* A line or plane with or without bounds and rows. */
static void add_slice(pleats_ctx *ctx, rng *r, pleats_domain *d)
{
    pleats_part *part = NULL;
    pleats_idx k = d->n_inputs == 1 ? 1 : rng_int(r, 1, 2);
    pleats_idx m = rng_one_in(r, 3) ? 2 : 0;
    bool bounded = rng_one_in(r, 2);
    need_ok(ctx, pleats_domain_add_part(ctx, d, k, m, true, &part));
    for (pleats_idx i = 0; i < d->n_inputs; i++)
        random_fraction(r, part->origin[i]);
    random_directions(r, part, d->n_inputs);
    for (pleats_idx i = 0; i < m; i++)
        random_row(r, part, i);
    for (pleats_idx j = 0; bounded && j < k; j++)
        random_bounds(r, part, j);
}

/* Two or three boxes that are full-dimensional, or all flat in the same
 * coordinate at the same place. */
static void add_boxes(pleats_ctx *ctx, rng *r, pleats_domain *d)
{
    pleats_idx flat = rng_one_in(r, 4) ? rng_int(r, 0, d->n_inputs - 1) : -1;
    mpq_t lo, hi;
    mpq_init(lo);
    mpq_init(hi);
    for (pleats_idx i = rng_int(r, 2, 3); i > 0; i--) {
        pleats_part *part = NULL;
        need_ok(ctx,
                pleats_domain_add_part(ctx, d, d->n_inputs, 0, false, &part));
        for (pleats_idx j = 0; j < d->n_inputs; j++) {
            mpq_set_si(lo, rng_int(r, -6, 4), 2);
            mpq_set_si(hi, rng_int(r, 1, 8), 3);
            mpq_canonicalize(lo);
            mpq_canonicalize(hi);
            mpq_add(hi, hi, lo);
            if (j == flat) {
                mpq_set_ui(lo, 1, 2);
                mpq_set(hi, lo);
            }
            pleats_part_set_lo(part, j, lo);
            pleats_part_set_hi(part, j, hi);
        }
    }
    mpq_clear(lo);
    mpq_clear(hi);
}

/* A box about the origin without flat sides. */
static void add_solid_box(pleats_ctx *ctx, rng *r, pleats_domain *d)
{
    pleats_part *part = NULL;
    mpq_t bound;
    mpq_init(bound);
    need_ok(ctx, pleats_domain_add_part(ctx, d, d->n_inputs, 0, false, &part));
    for (pleats_idx j = 0; j < d->n_inputs; j++) {
        mpq_set_si(bound, rng_int(r, -9, -1), 3);
        mpq_canonicalize(bound);
        pleats_part_set_lo(part, j, bound);
        mpq_set_si(bound, rng_int(r, 1, 12), 4);
        mpq_canonicalize(bound);
        pleats_part_set_hi(part, j, bound);
    }
    mpq_clear(bound);
}

pleats_domain *random_domain(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    need_ok(ctx, pleats_domain_new(ctx, n_inputs, "random", &d));
    switch (rng_int(r, 0, 9)) {
    case 0:
    case 1:
    case 2:
        need_ok(ctx, pleats_domain_add_part(ctx, d, n_inputs, 0, false, &part));
        break;
    case 3:
    case 4:
        add_solid_box(ctx, r, d);
        break;
    case 5:
        add_boxes(ctx, r, d);
        break;
    case 6:
        add_slice(ctx, r, d);
        break;
    case 7:
        add_polyhedron(ctx, r, d, 0);
        break;
    default:
        add_polyhedron(ctx, r, d, rng_int(r, 1, 2 * n_inputs));
    }
    return d;
}
