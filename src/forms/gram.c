#include "forms/gram.h"

#include "exact/echelon.h"
#include "exact/rational.h"

void pleats_coordinates_gram(const pleats_coordinates *c, mpq_t *gram)
{
    const size_t n = (size_t)c->n_inputs, k = (size_t)c->k;
    mpz_t square;
    mpz_init(square);
    mpz_mul(square, c->den, c->den);
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++) {
            mpq_ptr to = gram[a * k + b];
            mpq_set_ui(to, 0, 1);
            for (size_t i = 0; i < n; i++)
                mpz_addmul(mpq_numref(to), c->num[i * (k + 1) + a],
                           c->num[i * (k + 1) + b]);
            mpz_set(mpq_denref(to), square);
            mpq_canonicalize(to);
        }
    mpz_clear(square);
}

pleats_status pleats_gram_solve(pleats_ctx *ctx, const pleats_coordinates *c,
                                mpq_t *right, size_t m, mpq_t *out)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)c->k, width = k + m;
    mpq_t *gram = NULL, *row = NULL;
    size_t rank = 0;
    TRY(pleats_rational_array(ctx, k * k, &gram));
    TRY(pleats_rational_array(ctx, k * width, &row));
    pleats_coordinates_gram(c, gram);
    for (size_t i = 0; i < k * width; i++) {
        const size_t at = i / width, j = i % width;
        mpq_set(row[i], j < k ? gram[at * k + j] : right[at * m + j - k]);
    }
    TRY(pleats_rationals_echelon(ctx, row, k, width, k, NULL, &rank));
    if (rank < k)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                        "a frame has more coordinates than dimensions"));
    pleats_rationals_back_substitute(row, k, width, out);
done:
    pleats_rational_array_free(ctx, k * k, gram);
    pleats_rational_array_free(ctx, k * width, row);
    return status;
}
