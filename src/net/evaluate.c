/* Reading a network: rows of affine steps, and evaluation in doubles. */
#include "net/net.h"

#include <string.h>

static pleats_row conv_row(const pleats_step *s, pleats_idx i,
                           pleats_idx *scratch)
{
    const pleats_conv_shape *c = &s->conv;
    pleats_idx channel = i / s->positions;
    const pleats_idx *first =
        pleats_step_window(s, channel / c->out_channels, i % s->positions);
    for (pleats_idx j = 0; j < s->n_taps; j++)
        scratch[j] = first[s->tap[j]];
    return (pleats_row){s->n_taps, scratch,
                        s->weight + (size_t)channel * (size_t)s->n_taps,
                        s->bias ? s->bias[channel] : 0, 1};
}

pleats_row pleats_step_row(const pleats_step *s, pleats_idx i,
                           pleats_idx *scratch)
{
    double bias = s->bias && s->kind != PLEATS_STEP_CONV ? s->bias[i] : 0;
    if (s->kind == PLEATS_STEP_CONV)
        return conv_row(s, i, scratch);
    if (s->kind == PLEATS_STEP_DENSE)
        return (pleats_row){s->n_in, s->in,
                            s->weight + (size_t)i * (size_t)s->n_in, bias, 1};
    return (pleats_row){s->start[i + 1] - s->start[i], s->in + s->start[i],
                        s->weight + s->start[i], bias,
                        s->divisor ? s->divisor[i] : 1};
}

pleats_idx pleats_step_row_terms(const pleats_step *s)
{
    pleats_idx most = 0;
    switch (s->kind) {
    case PLEATS_STEP_DENSE:
        return s->n_in;
    case PLEATS_STEP_CONV:
        return s->n_taps;
    case PLEATS_STEP_PL:
        return 1;
    default:
        for (pleats_idx i = 0; i < s->n_out; i++)
            if (s->start[i + 1] - s->start[i] > most)
                most = s->start[i + 1] - s->start[i];
        return most;
    }
}

pleats_idx pleats_net_row_terms(const pleats_net *net)
{
    pleats_idx most = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        pleats_idx terms = pleats_step_row_terms(&net->step[i]);
        most = terms > most ? terms : most;
    }
    return most;
}

pleats_idx pleats_net_most_units(const pleats_net *net)
{
    pleats_idx most = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) && net->step[i].n_out > most)
            most = net->step[i].n_out;
    return most;
}

static double affine_value(const pleats_step *s, pleats_idx i,
                           const double *scalar, pleats_idx *scratch)
{
    pleats_row row = pleats_step_row(s, i, scratch);
    double sum = 0;
    for (pleats_idx j = 0; j < row.n; j++)
        if (row.in[j] >= 0)
            sum += row.weight[j] * scalar[row.in[j]];
    return (sum + row.bias) / row.divisor;
}

static double pl_value(const pleats_pl *f, double x, pleats_idx *piece)
{
    pleats_idx p = 0;
    while (p < f->n_breaks && f->at[p] < x)
        p++;
    *piece = p;
    return f->slope[p] * x + f->intercept[p];
}

static double max_value(const pleats_step *s, pleats_idx i,
                        const double *scalar, pleats_idx *piece)
{
    const pleats_idx *in = s->in + s->start[i];
    pleats_idx best = 0;
    for (pleats_idx j = 1; j < s->start[i + 1] - s->start[i]; j++)
        if (s->is_min ? scalar[in[j]] < scalar[in[best]]
                      : scalar[in[j]] > scalar[in[best]])
            best = j;
    *piece = best;
    return scalar[in[best]];
}

pleats_status pleats_net_evaluate(pleats_ctx *ctx, const pleats_net *net,
                                  const double *x, double *scalar,
                                  pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *scratch = NULL;
    pleats_idx chosen = 0;
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net), sizeof *scratch,
                     &scratch));
    memcpy(scalar, x, (size_t)net->n_inputs * sizeof *x);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        const size_t terms = (size_t)pleats_step_row_terms(s);
        for (pleats_idx i = 0; i < s->n_out; i++) {
            double *out = &scalar[s->out + i];
            if (pleats_step_is_affine(s))
                *out = affine_value(s, i, scalar, scratch);
            else if (s->kind == PLEATS_STEP_PL)
                *out = pl_value(pleats_step_function(s, i), scalar[s->in[i]],
                                &chosen);
            else
                *out = max_value(s, i, scalar, &chosen);
            if (piece && !pleats_step_is_affine(s))
                piece[s->first_unit + i] = chosen;
            TRY(pleats_check_work(ctx, terms));
        }
    }
done:
    pleats_release(ctx, scratch);
    return status;
}
