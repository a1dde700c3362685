#include "local/map.h"

#include "base/doubles.h"

#include <math.h>
#include <string.h>

/* Hands the weight of a scalar on to what it is made of. */
static double pass_back(const pleats_step *s, pleats_idx i,
                        const pleats_idx *piece, double by, double *adjoint,
                        pleats_idx *scratch)
{
    if (s->kind == PLEATS_STEP_MAX) {
        adjoint[s->in[s->start[i] + piece[s->first_unit + i]]] += by;
        return 0;
    }
    if (s->kind == PLEATS_STEP_PL) {
        const pleats_pl *f = pleats_step_function(s, i);
        pleats_idx p = piece[s->first_unit + i];
        adjoint[s->in[i]] += by * f->slope[p];
        return by * f->intercept[p];
    }
    pleats_row row = pleats_step_row(s, i, scratch);
    by /= row.divisor;
    for (pleats_idx j = 0; j < row.n; j++)
        if (row.in[j] >= 0)
            adjoint[row.in[j]] += by * row.weight[j];
    return by * row.bias;
}

pleats_status pleats_affine_map(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_idx *piece, double *a, double *b)
{
    pleats_status status = PLEATS_OK;
    double *adjoint = NULL;
    pleats_idx *scratch = NULL;
    size_t n = (size_t)net->n_inputs;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *adjoint, &adjoint));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 2,
                     sizeof *scratch, &scratch));
    for (pleats_idx o = 0; o < net->n_outputs; o++) {
        memset(adjoint, 0, (size_t)net->n_scalars * sizeof *adjoint);
        adjoint[net->output[o]] = 1;
        b[o] = 0;
        for (pleats_idx i = net->n_steps - 1; i >= 0; i--) {
            const pleats_step *s = &net->step[i];
            for (pleats_idx u = 0; u < s->n_out; u++)
                if (adjoint[s->out + u] != 0)
                    b[o] += pass_back(s, u, piece, adjoint[s->out + u], adjoint,
                                      scratch);
        }
        memcpy(a + (size_t)o * n, adjoint, n * sizeof *a);
    }
done:
    pleats_release(ctx, adjoint);
    pleats_release(ctx, scratch);
    return status;
}

void pleats_slope_norms(const double *row, size_t n, double *norm)
{
    norm[0] = norm[2] = 0;
    for (size_t j = 0; j < n; j++) {
        norm[0] += fabs(row[j]);
        norm[2] = pleats_larger(norm[2], fabs(row[j]));
    }
    norm[1] = pleats_length(row, n);
}
