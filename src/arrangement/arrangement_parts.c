#include "arrangement/arrangement_parts.h"

typedef struct {
    pleats_ctx *ctx;
    const pleats_moduli *moduli;
    pleats_residues *rows;
    pleats_idx n_columns;
    pleats_idx rank;
    pleats_idx *unit; /* [n] the coordinate of a basis row, or -1 */
    pleats_idx *part; /* [n_columns] a coordinate of the same part, itself for
                         one of them; -1 for none */
    pleats_idx *own;  /* [n_columns] the coordinates of a part */
    bool is_stuck;
} basis;

static bool is_zero(basis *b, size_t i, pleats_idx c)
{
    pleats_idx n_zero = 0;
    for (pleats_idx f = 0; f < b->moduli->n_fields; f++)
        n_zero += pleats_residues_column(b->rows, f, c)[i] == 0;
    b->is_stuck |= n_zero && n_zero < b->moduli->n_fields;
    return n_zero == b->moduli->n_fields;
}

/* Adds multiples of column c to the others, so that row i becomes 1 there and 0
 * elsewhere.  `spare` [n + 64]. */
static void make_unit(basis *b, size_t i, pleats_idx c, uint64_t *spare)
{
    size_t n = b->rows->n;
    for (pleats_idx f = 0; f < b->moduli->n_fields; f++) {
        const pleats_field *field = &b->moduli->field[f];
        uint64_t *x = pleats_residues_column(b->rows, f, c), factor = x[i];
        pleats_field_invert(field, 1, &factor, spare);
        for (size_t j = 0; j < n; j++)
            x[j] = pleats_field_mul(field, x[j], factor);
        for (pleats_idx e = 0; e < b->n_columns; e++) {
            uint64_t *y = pleats_residues_column(b->rows, f, e);
            uint64_t times = y[i];
            if (e == c || times == 0)
                continue;
            for (size_t j = 0; j < n; j++)
                y[j] = pleats_field_sub(field, y[j],
                                        pleats_field_mul(field, x[j], times));
        }
    }
}

/* Makes the first rows that are independent the coordinate vectors. */
static pleats_status change_basis(basis *b)
{
    pleats_status status = PLEATS_OK;
    uint64_t *spare = NULL;
    TRY(pleats_alloc(b->ctx, b->rows->n + 64, sizeof *spare, &spare));
    for (pleats_idx c = 0; c < b->n_columns; c++)
        b->part[c] = -1;
    for (size_t i = 0; i < b->rows->n && !b->is_stuck; i++) {
        TRY(pleats_check_stop(b->ctx));
        pleats_idx c = 0;
        while (c < b->n_columns && (b->part[c] >= 0 || is_zero(b, i, c)))
            c++;
        b->unit[i] = -1;
        if (c < b->n_columns && !b->is_stuck) {
            make_unit(b, i, c, spare);
            b->unit[i] = b->part[c] = c;
            b->rank++;
        } else if (b->rank < b->n_columns && !b->moduli->is_certain) {
            b->is_stuck = true;
        }
    }
done:
    pleats_release(b->ctx, spare);
    return status;
}

static pleats_idx part_of(basis *b, pleats_idx c)
{
    while (b->part[c] != c)
        c = b->part[c] = b->part[b->part[c]];
    return c;
}

/* Coordinates that some row needs together are in one part. */
static void join_parts(basis *b)
{
    pleats_idx n_parts = b->rank;
    bool has_zero = false;
    for (size_t i = 0; i < b->rows->n; i++) {
        pleats_idx first = -1;
        for (pleats_idx c = 0; c < b->n_columns && b->unit[i] < 0; c++) {
            if (b->part[c] < 0)
                continue;
            if (is_zero(b, i, c)) {
                has_zero = true;
                continue;
            }
            pleats_idx part = part_of(b, c);
            first = first < 0 ? part : part_of(b, first);
            n_parts -= part != first;
            b->part[part] = first;
        }
    }
    b->is_stuck |= n_parts > 1 && has_zero && !b->moduli->is_certain;
}

/* Fills `out` with the rows of the part, but for the basis row of the last of
 * its coordinates, which becomes the constant. */
static pleats_status take_part(basis *b, pleats_idx d, pleats_residues *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx at_infinity = b->own[d - 1], part = part_of(b, at_infinity);
    size_t n = b->rows->n;
    TRY(pleats_residues_new(b->ctx, b->moduli->n_fields, d - 1, n, out));
    for (size_t i = 0; i < n; i++) {
        pleats_idx c = b->unit[i];
        for (pleats_idx e = 0; e < d && c < 0; e++)
            if (!is_zero(b, i, b->own[e]))
                c = b->own[e];
        if (c < 0 || part_of(b, c) != part || b->unit[i] == at_infinity)
            continue;
        for (pleats_idx f = 0; f < b->moduli->n_fields; f++)
            for (pleats_idx e = 0; e < d; e++)
                pleats_residues_column(out, f, e)[out->n] =
                    pleats_residues_column(b->rows, f, b->own[e])[i];
        out->n++;
    }
done:
    return status;
}

/* Multiplies `regions` with the number of the part that coordinate `last`
 * stands for; without the factor 2 when it is the one at infinity. */
static pleats_status count_part(basis *b, pleats_idx last, bool is_affine,
                                mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_residues rows = {0};
    pleats_idx d = 0;
    mpz_t factor;
    mpz_init(factor);
    for (pleats_idx c = 0; c < b->n_columns; c++)
        if (c != last && b->part[c] >= 0 && part_of(b, c) == part_of(b, last))
            b->own[d++] = c;
    b->own[d++] = last;
    TRY(take_part(b, d, &rows));
    status =
        pleats_residues_count(b->ctx, b->moduli, &rows, factor, &b->is_stuck);
    if (mpz_sgn(factor))
        mpz_mul(regions, regions, factor);
    if (!is_affine)
        mpz_mul_2exp(regions, regions, 1);
done:
    pleats_release(b->ctx, rows.x);
    mpz_clear(factor);
    return status;
}

pleats_status pleats_residues_cones(pleats_ctx *ctx,
                                    const pleats_moduli *moduli,
                                    pleats_residues *rows, bool has_infinity,
                                    mpz_t regions, bool *is_stuck)
{
    pleats_status status = PLEATS_OK;
    basis b = {.ctx = ctx, .moduli = moduli, .rows = rows};
    b.n_columns = rows->k + 1;
    size_t n_columns = (size_t)b.n_columns;
    mpz_set_ui(regions, 1);
    TRY(pleats_alloc(ctx, rows->n, sizeof *b.unit, &b.unit));
    TRY(pleats_alloc(ctx, n_columns, sizeof *b.part, &b.part));
    TRY(pleats_alloc(ctx, n_columns, sizeof *b.own, &b.own));
    TRY(change_basis(&b));
    if (!b.is_stuck)
        join_parts(&b);
    pleats_idx at_infinity = has_infinity ? b.unit[0] : -1;
    for (pleats_idx c = 0; c < b.n_columns && !b.is_stuck; c++) {
        if (b.part[c] != c)
            continue;
        bool is_affine = at_infinity >= 0 && part_of(&b, at_infinity) == c;
        TRY(count_part(&b, is_affine ? at_infinity : c, is_affine, regions));
    }
    *is_stuck = b.is_stuck;
done:
    pleats_release(ctx, b.unit);
    pleats_release(ctx, b.part);
    pleats_release(ctx, b.own);
    return status;
}
