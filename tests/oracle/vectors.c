#include "vectors.h"

#include "need.h"

#include <stdlib.h>

void vectors_init(vectors *v, size_t k)
{
    *v = (vectors){.k = k};
}

void vectors_clear(vectors *v)
{
    for (size_t i = 0; i < v->room * (v->k + 1); i++)
        mpz_clear(v->z[i]);
    free(v->z);
    *v = (vectors){.k = v->k};
}

mpz_t *vectors_add(vectors *v)
{
    if (v->n == v->room) {
        size_t room = v->room ? 2 * v->room : 8;
        v->z = need_more(v->z, room * (v->k + 1), sizeof *v->z);
        for (size_t i = v->room * (v->k + 1); i < room * (v->k + 1); i++)
            mpz_init(v->z[i]);
        v->room = room;
    }
    return vectors_at(v, v->n++);
}

void vectors_push(vectors *v, mpz_t *vector)
{
    mpz_t *to = vectors_add(v);
    for (size_t j = 0; j <= v->k; j++)
        mpz_set(to[j], vector[j]);
}

void vector_dot(mpz_t *a, mpz_t *b, size_t k, mpz_t out)
{
    mpz_set_ui(out, 0);
    for (size_t j = 0; j <= k; j++)
        mpz_addmul(out, a[j], b[j]);
}

void vector_negate(mpz_t *v, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        mpz_neg(v[j], v[j]);
}

void vector_combine(mpz_t *to, const mpz_t a, mpz_t *x, const mpz_t b, mpz_t *y,
                    size_t k)
{
    mpz_t content, product;
    mpz_init(content);
    mpz_init(product);
    for (size_t j = 0; j <= k; j++) {
        mpz_mul(product, a, x[j]);
        mpz_addmul(product, b, y[j]);
        mpz_swap(to[j], product);
        mpz_gcd(content, content, to[j]);
    }
    for (size_t j = 0; mpz_cmp_ui(content, 1) > 0 && j <= k; j++)
        mpz_divexact(to[j], to[j], content);
    mpz_clear(content);
    mpz_clear(product);
}
