#include "cert/cert_frame.h"

#include "exact/integers.h"
#include "exact/rational.h"

/* The lines of a frame in the making, each [part->k + 1], constant last; those
 * of coordinates that are left out have no column in the frame. */
typedef struct {
    const pleats_part *part;
    size_t n_inputs, width, m;
    mpq_t *x;      /* [n_inputs x width] */
    mpq_t *side;   /* [(k + m) x width] line . (t, 1) >= 0 */
    mpq_t *centre; /* [k] */
    mpq_t *radius; /* [k] */
    bool *boxed;   /* [k] */
    bool *dropped; /* [k] */
    mpq_t spare;
    bool has_spare;
} draft;

static void draft_clear(pleats_ctx *ctx, draft *d)
{
    const size_t k = d->width - 1;
    pleats_rational_array_free(ctx, d->n_inputs * d->width, d->x);
    pleats_rational_array_free(ctx, (k + (size_t)d->part->m) * d->width,
                               d->side);
    pleats_rational_array_free(ctx, k, d->centre);
    pleats_rational_array_free(ctx, k, d->radius);
    pleats_release(ctx, d->boxed);
    pleats_release(ctx, d->dropped);
    if (d->has_spare)
        mpq_clear(d->spare);
}

static pleats_status draft_new(pleats_ctx *ctx, draft *d)
{
    pleats_status status = PLEATS_OK;
    const size_t k = d->width - 1;
    mpq_init(d->spare);
    d->has_spare = true;
    TRY(pleats_rational_array(ctx, d->n_inputs * d->width, &d->x));
    TRY(pleats_rational_array(ctx, (k + (size_t)d->part->m) * d->width,
                              &d->side));
    TRY(pleats_rational_array(ctx, k, &d->centre));
    TRY(pleats_rational_array(ctx, k, &d->radius));
    TRY(pleats_alloc(ctx, k, sizeof *d->boxed, &d->boxed));
    TRY(pleats_alloc(ctx, k, sizeof *d->dropped, &d->dropped));
done:
    return status;
}

/* What the bounds of coordinate j are: a box, nothing, or sides. */
static void take_bounds(draft *d, size_t j, bool *empty)
{
    const pleats_part *p = d->part;
    mpq_set_ui(d->radius[j], 1, 1);
    if (p->has_lo[j] && p->has_hi[j]) {
        mpq_add(d->centre[j], p->lo[j], p->hi[j]);
        mpq_sub(d->radius[j], p->hi[j], p->lo[j]);
        mpq_div_2exp(d->centre[j], d->centre[j], 1);
        mpq_div_2exp(d->radius[j], d->radius[j], 1);
        *empty = *empty || mpq_sgn(d->radius[j]) < 0;
        d->dropped[j] = mpq_sgn(d->radius[j]) == 0;
        d->boxed[j] = true;
        return;
    }
    for (int sign = 1; sign >= -1; sign -= 2) {
        if (!(sign > 0 ? p->has_lo[j] : p->has_hi[j]))
            continue;
        mpq_t *line = d->side + d->m++ * d->width;
        mpq_set_si(line[j], sign, 1);
        if (sign > 0)
            mpq_neg(line[d->width - 1], p->lo[j]);
        else
            mpq_set(line[d->width - 1], p->hi[j]);
    }
}

static void take_rows(draft *d)
{
    const pleats_part *p = d->part;
    const size_t k = d->width - 1;
    for (size_t i = 0; i < (size_t)p->m; i++) {
        mpq_t *line = d->side + d->m++ * d->width;
        for (size_t j = 0; j < k; j++)
            mpq_neg(line[j], p->a[i * k + j]);
        mpq_set(line[k], p->b[i]);
    }
}

static void take_inputs(draft *d)
{
    const pleats_part *p = d->part;
    const size_t k = d->width - 1;
    for (size_t i = 0; i < d->n_inputs; i++) {
        mpq_t *line = d->x + i * d->width;
        mpq_set(line[k], p->origin[i]);
        for (size_t j = 0; p->direction && j < k; j++)
            mpq_set(line[j], p->direction[j * d->n_inputs + i]);
        if (!p->direction && k > 0)
            mpq_set_ui(line[i], 1, 1);
    }
}

/* t_j = centre + radius s_j. */
static void scale_line(draft *d, mpq_t *line)
{
    for (size_t j = 0; j + 1 < d->width; j++) {
        mpq_mul(d->spare, line[j], d->centre[j]);
        mpq_add(line[d->width - 1], line[d->width - 1], d->spare);
        mpq_mul(line[j], line[j], d->radius[j]);
    }
}

/* to [frame k + 1] = the line over the denominator den. */
static void over(const draft *d, mpq_t *line, const mpz_t den, mpz_t *to)
{
    size_t at = 0;
    for (size_t j = 0; j < d->width; j++) {
        if (j + 1 < d->width && d->dropped[j])
            continue;
        mpz_divexact(to[at], den, mpq_denref(line[j]));
        mpz_mul(to[at], to[at], mpq_numref(line[j]));
        at++;
    }
}

/* Rows of the frame from the sides that have coefficients. */
static void write_sides(draft *d, pleats_frame *f)
{
    const size_t width = (size_t)f->k + 1;
    mpz_t den;
    mpz_init(den);
    for (size_t i = 0; i < d->m; i++) {
        mpq_t *line = d->side + i * d->width;
        mpz_t *row = f->row + (size_t)f->m * width;
        bool has = false;
        mpz_set_ui(den, 1);
        for (size_t j = 0; j < d->width; j++) {
            mpz_lcm(den, den, mpq_denref(line[j]));
            has = has || (j + 1 < d->width && mpq_sgn(line[j]) != 0);
        }
        f->empty = f->empty || (!has && mpq_sgn(line[d->width - 1]) < 0);
        if (!has)
            continue;
        over(d, line, den, row);
        pleats_integers_make_primitive(row, width);
        f->m++;
    }
    mpz_clear(den);
}

static pleats_status write_frame(pleats_ctx *ctx, draft *d, pleats_frame *f)
{
    pleats_status status = PLEATS_OK;
    const size_t k = d->width - 1, lines = d->n_inputs * d->width;
    pleats_coordinates *c = &f->coordinates;
    size_t width;
    for (size_t j = 0; j < k; j++)
        f->k += !d->dropped[j];
    c->k = f->k;
    width = (size_t)f->k + 1;
    TRY(pleats_alloc(ctx, (size_t)f->k, sizeof *f->boxed, &f->boxed));
    TRY(pleats_alloc(ctx, (size_t)f->k, sizeof *f->interior, &f->interior));
    TRY(pleats_integers_new(ctx, d->n_inputs * width, &c->num));
    TRY(pleats_integers_new(ctx, (k + (size_t)d->part->m) * width, &f->row));
    f->bounded = true;
    for (size_t j = 0, at = 0; j < k; j++) {
        if (d->dropped[j])
            continue;
        f->boxed[at++] = d->boxed[j];
        f->bounded = f->bounded && d->boxed[j];
    }
    for (size_t i = 0; i < lines; i++)
        mpz_lcm(c->den, c->den, mpq_denref(d->x[i]));
    for (size_t i = 0; i < d->n_inputs; i++)
        over(d, d->x + i * d->width, c->den, c->num + i * width);
    write_sides(d, f);
    f->has_interior = f->m == 0;
done:
    return status;
}

pleats_status pleats_cert_frame(pleats_ctx *ctx, pleats_frame *f,
                                pleats_idx n_inputs, const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    draft d = {.part = part,
               .n_inputs = (size_t)n_inputs,
               .width = (size_t)part->k + 1};
    *f = (pleats_frame){.coordinates = {.n_inputs = n_inputs}};
    mpz_init_set_ui(f->coordinates.den, 1);
    TRY(draft_new(ctx, &d));
    take_inputs(&d);
    for (size_t j = 0; j + 1 < d.width; j++)
        take_bounds(&d, j, &f->empty);
    take_rows(&d);
    for (size_t i = 0; i < d.n_inputs; i++)
        scale_line(&d, d.x + i * d.width);
    for (size_t i = 0; i < d.m; i++)
        scale_line(&d, d.side + i * d.width);
    TRY(write_frame(ctx, &d, f));
done:
    draft_clear(ctx, &d);
    return status;
}
