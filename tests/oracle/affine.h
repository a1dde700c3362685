/* Lists of affine forms c_0 + c_1 x_1 + ... + c_k x_k over the rationals. */
#ifndef PLEATS_ORACLE_AFFINE_H
#define PLEATS_ORACLE_AFFINE_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>

/* `n` forms over k coordinates; form i is at(i)[0 .. k]. */
typedef struct {
    size_t k, n, room;
    mpq_t *q; /* [room x (k + 1)], all initialised */
} forms;

void forms_init(forms *f, size_t k);
void forms_clear(forms *f);
/* Appends a zero form and lends it. */
mpq_t *forms_add(forms *f);
void forms_push(forms *f, mpq_t *form);
static inline mpq_t *forms_at(const forms *f, size_t i)
{
    return f->q + i * (f->k + 1);
}

void form_zero(mpq_t *form, size_t k);
void form_set(mpq_t *to, mpq_t *from, size_t k);
/* to += factor * from */
void form_add_multiple(mpq_t *to, const mpq_t factor, mpq_t *from, size_t k);
/* to = a - b */
void form_difference(mpq_t *to, mpq_t *a, mpq_t *b, size_t k);
bool form_is_constant(mpq_t *form, size_t k);
bool form_is_equal(mpq_t *a, mpq_t *b, size_t k);

/* Appends to `out` (over k - 1 coordinates) the forms of `in` on the
 * hyperplane where the non-constant form h is 0: h's last coordinate with
 * non-zero coefficient is expressed by the others. */
void forms_restrict(const forms *in, mpq_t *h, forms *out);

/* The rank of the coefficients of x_1 .. x_k. */
size_t forms_rank(const forms *f);

#endif
