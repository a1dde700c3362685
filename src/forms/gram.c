#include "forms/gram.h"

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
