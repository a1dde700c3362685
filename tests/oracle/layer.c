#include "layer.h"

#include "need.h"

#include <stdlib.h>

/* Bits after the binary point. */
static mp_bitcnt_t fraction_bits(double x)
{
    mpq_t q;
    mpq_init(q);
    mpq_set_d(q, x);
    mp_bitcnt_t bits = mpz_scan1(mpq_denref(q), 0);
    mpq_clear(q);
    return bits;
}

static void set_shifted(mpz_t to, double x, mp_bitcnt_t shift)
{
    mpq_t q;
    mpq_init(q);
    mpq_set_d(q, x);
    mpq_mul_2exp(q, q, shift);
    mpz_init_set(to, mpq_numref(q));
    mpq_clear(q);
}

/* How many weights the step stores, and the shift that makes all whole. */
static void measure(layer *l, const pleats_step *s, pleats_idx *scratch)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, scratch);
        size_t end = (size_t)(row.weight - s->weight) + (size_t)row.n;
        if (row.n > 0 && end > l->n_weights)
            l->n_weights = end;
        mp_bitcnt_t bits = fraction_bits(row.bias);
        l->shift = bits > l->shift ? bits : l->shift;
    }
    for (size_t w = 0; w < l->n_weights; w++) {
        mp_bitcnt_t bits = fraction_bits(s->weight[w]);
        l->shift = bits > l->shift ? bits : l->shift;
    }
}

void layer_init(layer *l, const pleats_step *s, pleats_idx *scratch)
{
    *l = (layer){.n_rows = (size_t)s->n_out};
    measure(l, s, scratch);
    l->weight = need_memory(l->n_weights, sizeof *l->weight);
    l->bias = need_memory(l->n_rows, sizeof *l->bias);
    for (size_t w = 0; w < l->n_weights; w++)
        set_shifted(l->weight[w], s->weight[w], l->shift);
    for (pleats_idx i = 0; i < s->n_out; i++)
        set_shifted(l->bias[i], pleats_step_row(s, i, scratch).bias, l->shift);
}

void layer_clear(layer *l)
{
    for (size_t w = 0; w < l->n_weights; w++)
        mpz_clear(l->weight[w]);
    for (size_t i = 0; i < l->n_rows; i++)
        mpz_clear(l->bias[i]);
    free(l->weight);
    free(l->bias);
}

/* The forms that the step reads times their common denominator. */
static void make_whole(const pleats_step *s, const forms *scalar,
                       vectors *whole, mpz_t denominator)
{
    size_t k = scalar->k;
    mpz_set_ui(denominator, 1);
    for (pleats_idx j = 0; j < s->n_in; j++)
        for (size_t t = 0; s->in[j] >= 0 && t <= k; t++)
            mpz_lcm(denominator, denominator,
                    mpq_denref(forms_at(scalar, (size_t)s->in[j])[t]));
    for (pleats_idx j = 0; j < s->n_in; j++) {
        if (s->in[j] < 0)
            continue;
        mpq_t *from = forms_at(scalar, (size_t)s->in[j]);
        mpz_t *to = vectors_at(whole, (size_t)s->in[j]);
        for (size_t t = 0; t <= k; t++) {
            mpz_divexact(to[t], denominator, mpq_denref(from[t]));
            mpz_mul(to[t], to[t], mpq_numref(from[t]));
        }
    }
}

/* out = (bias * denominator + weights times whole forms) / (denominator *
 * 2^shift), for entry t of row i. */
static void row_entry(const layer *l, const pleats_step *s, pleats_idx i,
                      const pleats_row *row, const vectors *whole, size_t t,
                      const mpz_t denominator, mpq_t out)
{
    mpz_t *weight = l->weight + (row->weight - s->weight);
    if (t == 0)
        mpz_mul(mpq_numref(out), l->bias[i], denominator);
    else
        mpz_set_ui(mpq_numref(out), 0);
    for (pleats_idx j = 0; j < row->n; j++)
        if (row->in[j] >= 0)
            mpz_addmul(mpq_numref(out), weight[j],
                       vectors_at(whole, (size_t)row->in[j])[t]);
    mpz_mul_2exp(mpq_denref(out), denominator, l->shift);
    mpq_canonicalize(out);
}

void layer_forms(const layer *l, const pleats_step *s, forms *scalar,
                 vectors *whole, pleats_idx *scratch)
{
    mpz_t denominator;
    mpq_t divisor;
    mpz_init(denominator);
    mpq_init(divisor);
    make_whole(s, scalar, whole, denominator);
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, scratch);
        mpq_t *out = forms_at(scalar, (size_t)(s->out + i));
        mpq_set_d(divisor, row.divisor);
        for (size_t t = 0; t <= scalar->k; t++) {
            row_entry(l, s, i, &row, whole, t, denominator, out[t]);
            mpq_div(out[t], out[t], divisor);
        }
    }
    mpz_clear(denominator);
    mpq_clear(divisor);
}
