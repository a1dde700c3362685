#include "cells/sift.h"

#include <math.h>
#include <string.h>

pleats_status pleats_sift_init(pleats_ctx *ctx, pleats_sift *x,
                               const pleats_net *net, pleats_idx k)
{
    pleats_status status = PLEATS_OK;
    pleats_idx most = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) && net->step[i].n_out > most)
            most = net->step[i].n_out;
    *x = (pleats_sift){0};
    TRY(pleats_alloc(ctx, (size_t)k + 1, sizeof *x->centre, &x->centre));
    TRY(pleats_alloc(ctx, (size_t)k + 1, sizeof *x->half, &x->half));
    TRY(pleats_alloc(ctx, (size_t)most, sizeof *x->piece, &x->piece));
done:
    return status;
}

void pleats_sift_clear(pleats_ctx *ctx, pleats_sift *x)
{
    pleats_release(ctx, x->centre);
    pleats_release(ctx, x->half);
    pleats_release(ctx, x->piece);
    *x = (pleats_sift){0};
}

/* At every generator g of the cell the value is form . centre, give or take
 * |form| . half, the form's own error, and that of this sum. */
PLEATS_WIDE
static void look_at_forms(const pleats_forms *f, const pleats_step *s,
                          const double *centre, const double *half,
                          int8_t *piece)
{
    const size_t k = (size_t)f->k;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_pl *function = pleats_step_function(s, i);
        const double *form = pleats_forms_entry(f, s->in[i]);
        double value = 0, reach = form[k + 1];
        piece[i] = function->n_breaks == 0 ? 0 : -1;
        if (function->n_breaks != 1)
            continue;
        for (size_t c = 0; c <= k; c++) {
            value += form[c] * centre[c];
            reach += fabs(form[c]) * half[c];
        }
        double at = function->at[0];
        value -= at * centre[k];
        reach = pleats_round_up(reach + fabs(at) * (half[k] + f->gamma));
        if (value > reach)
            piece[i] = 1;
        else if (value < -reach)
            piece[i] = 0;
    }
}

void pleats_sift_step(pleats_sift *x, pleats_space *space,
                      const pleats_cell *cell, const pleats_step *s)
{
    if (space->engine != PLEATS_ENGINE_VERTICES || space->paranoid ||
        s->kind != PLEATS_STEP_PL || cell->vertices.n_lines > 0) {
        memset(x->piece, -1, (size_t)s->n_out);
        return;
    }
    pleats_vertices_box(space, &cell->vertices, x->centre, x->half);
    look_at_forms(&space->forms, s, x->centre, x->half, x->piece);
}
