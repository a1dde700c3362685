/* Fully connected test networks whose numbers can be changed before they are
 * built. */
#ifndef PLEATS_TEST_MLP_H
#define PLEATS_TEST_MLP_H

#include "activations.h"

enum { MLP_MAX_LAYERS = 48 };

/* Layer l maps width[l] numbers to width[l + 1]; every layer but the last is
 * followed by its activation. */
typedef struct {
    int32_t n_layers;
    int32_t width[MLP_MAX_LAYERS + 1];
    double *weight[MLP_MAX_LAYERS]; /* [width[l+1] x width[l]] */
    double *bias[MLP_MAX_LAYERS];   /* [width[l+1]] */
    activation activation[MLP_MAX_LAYERS];
} mlp;

/* Zero parameters, ReLU everywhere. */
void mlp_init(mlp *m, int32_t n_layers, const int32_t *width);
void mlp_copy(mlp *to, const mlp *from);
void mlp_clear(mlp *m);

static inline double *mlp_row(const mlp *m, int32_t layer, int32_t unit)
{
    return m->weight[layer] + (size_t)unit * (size_t)m->width[layer];
}

pleats_net *mlp_build(pleats_ctx *ctx, const mlp *m);

/* One hidden ReLU layer with rows w x + b [n x (k + 1)], b last, and the sum
 * of the units as the output. */
pleats_net *arrangement_net(pleats_ctx *ctx, int32_t n, int32_t k,
                            const double *rows);

#endif
