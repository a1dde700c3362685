#include "values.h"

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
