#include "mlp.h"

#include "need.h"

#include <stdlib.h>
#include <string.h>

void mlp_init(mlp *m, int32_t n_layers, const int32_t *width)
{
    *m = (mlp){.n_layers = n_layers};
    memcpy(m->width, width, (size_t)(n_layers + 1) * sizeof *width);
    for (int32_t l = 0; l < n_layers; l++) {
        size_t rows = (size_t)width[l + 1], columns = (size_t)width[l];
        m->weight[l] = need_memory(rows * columns, sizeof(double));
        m->bias[l] = need_memory(rows, sizeof(double));
    }
}

void mlp_copy(mlp *to, const mlp *from)
{
    mlp_init(to, from->n_layers, from->width);
    memcpy(to->activation, from->activation, sizeof to->activation);
    for (int32_t l = 0; l < from->n_layers; l++) {
        size_t rows = (size_t)from->width[l + 1];
        memcpy(to->bias[l], from->bias[l], rows * sizeof(double));
        memcpy(to->weight[l], from->weight[l],
               rows * (size_t)from->width[l] * sizeof(double));
    }
}

void mlp_clear(mlp *m)
{
    for (int32_t l = 0; l < m->n_layers; l++) {
        free(m->weight[l]);
        free(m->bias[l]);
    }
    *m = (mlp){0};
}

static pleats_idx *range(pleats_idx first, pleats_idx n)
{
    pleats_idx *r = need_memory((size_t)n, sizeof *r);
    for (pleats_idx i = 0; i < n; i++)
        r[i] = first + i;
    return r;
}

pleats_net *mlp_build(pleats_ctx *ctx, const mlp *m)
{
    pleats_net *net = NULL;
    pleats_idx at = 0;
    need_ok(ctx, pleats_net_new(ctx, m->width[0], &net));
    for (int32_t l = 0; l < m->n_layers; l++) {
        pleats_idx *in = range(at, m->width[l]);
        need_ok(ctx, pleats_net_add_dense(ctx, net, NULL, m->width[l + 1],
                                          m->width[l], in, m->weight[l],
                                          m->bias[l], &at));
        free(in);
        in = range(at, m->width[l + 1]);
        if (l + 1 < m->n_layers)
            need_ok(ctx, pleats_net_add_pl(
                             ctx, net, NULL, m->width[l + 1], in, 1,
                             activation_function(m->activation[l]), NULL, &at));
        else
            need_ok(ctx, pleats_net_set_outputs(ctx, net, m->width[l + 1], in));
        free(in);
    }
    return net;
}

pleats_net *arrangement_net(pleats_ctx *ctx, int32_t n, int32_t k,
                            const double *rows)
{
    mlp m;
    mlp_init(&m, 2, (int32_t[]){k, n, 1});
    for (int32_t i = 0; i < n; i++) {
        const double *row = rows + (size_t)i * (size_t)(k + 1);
        memcpy(mlp_row(&m, 0, i), row, (size_t)k * sizeof *row);
        m.bias[0][i] = row[k];
        m.weight[1][i] = 1;
    }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}
