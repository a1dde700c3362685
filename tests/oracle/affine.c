#include "affine.h"

#include "need.h"

#include <stdlib.h>

void forms_init(forms *f, size_t k)
{
    *f = (forms){.k = k};
}

void forms_clear(forms *f)
{
    for (size_t i = 0; i < f->room * (f->k + 1); i++)
        mpq_clear(f->q[i]);
    free(f->q);
    *f = (forms){.k = f->k};
}

mpq_t *forms_add(forms *f)
{
    if (f->n == f->room) {
        size_t room = f->room ? 2 * f->room : 8;
        f->q = need_more(f->q, room * (f->k + 1), sizeof *f->q);
        for (size_t i = f->room * (f->k + 1); i < room * (f->k + 1); i++)
            mpq_init(f->q[i]);
        f->room = room;
    }
    form_zero(forms_at(f, f->n), f->k);
    return forms_at(f, f->n++);
}

void forms_push(forms *f, mpq_t *form)
{
    form_set(forms_add(f), form, f->k);
}

void form_zero(mpq_t *form, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        mpq_set_ui(form[j], 0, 1);
}

void form_set(mpq_t *to, mpq_t *from, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        mpq_set(to[j], from[j]);
}

void form_add_multiple(mpq_t *to, const mpq_t factor, mpq_t *from, size_t k)
{
    mpq_t product;
    mpq_init(product);
    for (size_t j = 0; j <= k; j++) {
        if (mpq_sgn(from[j]) == 0)
            continue;
        mpq_mul(product, factor, from[j]);
        mpq_add(to[j], to[j], product);
    }
    mpq_clear(product);
}

void form_difference(mpq_t *to, mpq_t *a, mpq_t *b, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        mpq_sub(to[j], a[j], b[j]);
}

bool form_is_constant(mpq_t *form, size_t k)
{
    for (size_t j = 1; j <= k; j++)
        if (mpq_sgn(form[j]) != 0)
            return false;
    return true;
}

bool form_is_equal(mpq_t *a, mpq_t *b, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        if (!mpq_equal(a[j], b[j]))
            return false;
    return true;
}

static size_t last_coordinate(mpq_t *h, size_t k)
{
    size_t j = k;
    while (mpq_sgn(h[j]) == 0)
        j--;
    return j;
}

void forms_restrict(const forms *in, mpq_t *h, forms *out)
{
    size_t gone = last_coordinate(h, in->k);
    forms work;
    mpq_t factor;
    mpq_init(factor);
    forms_init(&work, in->k);
    mpq_t *f = forms_add(&work);
    for (size_t i = 0; i < in->n; i++) {
        form_set(f, forms_at(in, i), in->k);
        mpq_div(factor, f[gone], h[gone]);
        mpq_neg(factor, factor);
        form_add_multiple(f, factor, h, in->k);
        mpq_t *to = forms_add(out);
        for (size_t j = 0, t = 0; j <= in->k; j++)
            if (j != gone)
                mpq_set(to[t++], f[j]);
    }
    forms_clear(&work);
    mpq_clear(factor);
}

/* Restricting to a form's zero set removes one coordinate and that form; the
 * rank is how often this can be done until only constants are left. */
size_t forms_rank(const forms *f)
{
    for (size_t i = 0; i < f->n; i++) {
        if (form_is_constant(forms_at(f, i), f->k))
            continue;
        forms rest;
        forms_init(&rest, f->k - 1);
        forms_restrict(f, forms_at(f, i), &rest);
        size_t rank = 1 + forms_rank(&rest);
        forms_clear(&rest);
        return rank;
    }
    return 0;
}
