#include "arrangement/arrangement_field.h"

/* The inverse of plain residue a is -(p / a) times that of p mod a. */
static pleats_status make_table(pleats_ctx *ctx, pleats_field *field)
{
    pleats_status status = PLEATS_OK;
    uint64_t p = field->p, *form = NULL;
    TRY(pleats_alloc(ctx, p, sizeof *field->inverse, &field->inverse));
    TRY(pleats_alloc(ctx, p, sizeof *form, &form));
    form[1] = field->one;
    field->inverse[form[1]] = (uint16_t)field->one;
    for (uint64_t a = 2; a < p; a++) {
        uint64_t factor = pleats_field_mul(field, p - p / a, field->square);
        form[a] = pleats_field_mul(field, factor, form[p % a]);
        field->inverse[pleats_field_mul(field, a, field->square)] =
            (uint16_t)form[a];
    }
done:
    pleats_release(ctx, form);
    return status;
}

pleats_status pleats_field_init(pleats_ctx *ctx, pleats_field *field,
                                uint64_t prime)
{
    uint64_t inverse = prime;
    for (int bits = 3; bits < 64; bits *= 2)
        inverse *= 2 - prime * inverse;
    field->p = prime;
    field->minus = 0 - inverse;
    field->one = (uint64_t)(((pleats_uint128)1 << 64) % prime);
    field->square = (uint64_t)((pleats_uint128)field->one * field->one % prime);
    field->inverse = NULL;
    return prime < PLEATS_FIELD_TABLE ? make_table(ctx, field) : PLEATS_OK;
}

void pleats_field_clear(pleats_ctx *ctx, pleats_field *field)
{
    pleats_release(ctx, field->inverse);
}

uint64_t pleats_field_of(const pleats_field *field, const mpz_t z)
{
    return pleats_field_mul(field, mpz_fdiv_ui(z, field->p), field->square);
}

/* a to the power p - 2. */
static uint64_t power_inverse(const pleats_field *field, uint64_t a)
{
    uint64_t result = field->one;
    for (uint64_t e = field->p - 2; e; e >>= 1) {
        if (e & 1)
            result = pleats_field_mul(field, result, a);
        a = pleats_field_mul(field, a, a);
    }
    return result;
}

/* Without a table: the products of neighbouring pairs are inverted in the same
 * way, and an inverse of x y gives those of x and of y. */
void pleats_field_invert(const pleats_field *field, size_t n, uint64_t *x,
                         uint64_t *spare)
{
    if (field->inverse) {
        for (size_t i = 0; i < n; i++)
            x[i] = field->inverse[x[i]];
        return;
    }
    if (n <= 1) {
        if (n)
            x[0] = power_inverse(field, x[0]);
        return;
    }
    size_t half = n / 2;
    for (size_t i = 0; i < half; i++)
        spare[i] = pleats_field_mul(field, x[i], x[half + i]);
    if (n % 2)
        spare[half] = x[n - 1];
    pleats_field_invert(field, half + n % 2, spare, spare + half + n % 2);
    for (size_t i = 0; i < half; i++) {
        uint64_t left = x[i];
        x[i] = pleats_field_mul(field, spare[i], x[half + i]);
        x[half + i] = pleats_field_mul(field, spare[i], left);
    }
    if (n % 2)
        x[n - 1] = spare[half];
}
