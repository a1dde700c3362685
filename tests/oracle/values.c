#include "values.h"

#include "need.h"

#include <stdlib.h>

void value_of_row(const pleats_step *s, pleats_idx i, forms *scalar,
                  pleats_idx *scratch)
{
    pleats_row row = pleats_step_row(s, i, scratch);
    mpq_t *out = forms_at(scalar, (size_t)(s->out + i));
    mpq_t number;
    mpq_init(number);
    form_zero(out, scalar->k);
    mpq_set_d(out[0], row.bias);
    for (pleats_idx j = 0; j < row.n; j++) {
        if (row.in[j] < 0)
            continue;
        mpq_set_d(number, row.weight[j]);
        form_add_multiple(out, number, forms_at(scalar, (size_t)row.in[j]),
                          scalar->k);
    }
    mpq_set_d(number, row.divisor);
    for (size_t j = 0; j <= scalar->k; j++)
        mpq_div(out[j], out[j], number);
    mpq_clear(number);
}

void value_of_unit(const pleats_step *s, pleats_idx i, pleats_idx piece,
                   forms *scalar)
{
    mpq_t *out = forms_at(scalar, (size_t)(s->out + i));
    mpq_t slope;
    if (s->kind == PLEATS_STEP_MAX) {
        pleats_idx winner = s->in[s->start[i] + piece];
        form_set(out, forms_at(scalar, (size_t)winner), scalar->k);
        return;
    }
    const pleats_pl *f = pleats_step_function(s, i);
    mpq_init(slope);
    form_zero(out, scalar->k);
    mpq_set_d(out[0], f->intercept[piece]);
    mpq_set_d(slope, f->slope[piece]);
    form_add_multiple(out, slope, forms_at(scalar, (size_t)s->in[i]),
                      scalar->k);
    mpq_clear(slope);
}

/* PL: breakpoints strictly below the input; MAX: the first winner. */
static pleats_idx piece_at_point(const pleats_step *s, pleats_idx i,
                                 const forms *scalar)
{
    const bool is_max = s->kind == PLEATS_STEP_MAX;
    const pleats_idx *in = is_max ? s->in + s->start[i] : &s->in[i];
    pleats_idx piece = 0;
    mpq_t other;
    mpq_init(other);
    for (pleats_idx p = 1; p < pleats_step_pieces(s, i); p++) {
        if (is_max)
            mpq_set(other, forms_at(scalar, (size_t)in[piece])[0]);
        else
            mpq_set_d(other, pleats_step_function(s, i)->at[p - 1]);
        int order =
            mpq_cmp(forms_at(scalar, (size_t)in[is_max ? p : 0])[0], other);
        if (is_max && s->is_min ? order < 0 : order > 0)
            piece = p;
    }
    mpq_clear(other);
    return piece;
}

void values_at_point(const pleats_net *net, forms *scalar, pleats_idx *piece)
{
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(net) + 1, sizeof *scratch);
    while (scalar->n < (size_t)net->n_scalars)
        forms_add(scalar);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            if (pleats_step_is_affine(s)) {
                value_of_row(s, i, scalar, scratch);
                continue;
            }
            pleats_idx p = piece_at_point(s, i, scalar);
            value_of_unit(s, i, p, scalar);
            if (piece)
                piece[s->first_unit + i] = p;
        }
    }
    free(scratch);
}

void values_of_pattern(const pleats_net *net, const forms *input,
                       const int32_t *pattern, forms *scalar)
{
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(net) + 1, sizeof *scratch);
    forms_init(scalar, input->k);
    while (scalar->n < (size_t)net->n_scalars)
        forms_add(scalar);
    for (size_t i = 0; i < input->n; i++)
        form_set(forms_at(scalar, i), forms_at(input, i), input->k);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++)
            if (pleats_step_is_affine(s))
                value_of_row(s, i, scalar, scratch);
            else
                value_of_unit(s, i, pattern[s->first_unit + i], scalar);
    }
    free(scratch);
}
