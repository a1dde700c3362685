#include "count/one_layer.h"

#include "arrangement/arrangement.h"
#include "exact/integers.h"

static const pleats_step *only_step(const pleats_net *net)
{
    const pleats_step *found = NULL;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        if (found || s->kind != PLEATS_STEP_PL)
            return NULL;
        found = s;
    }
    return found;
}

bool pleats_is_one_layer(const pleats_net *net, const pleats_frame *frame)
{
    for (pleats_idx j = 0; j < frame->k; j++)
        if (frame->boxed[j])
            return false;
    return frame->m == 0 && only_step(net) != NULL;
}

pleats_status pleats_one_layer_count(pleats_space *space,
                                     const pleats_team *team, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = only_step(space->net);
    size_t width = (size_t)space->frame->k + 1, n = 0, at = 0;
    mpz_t *row = NULL;
    for (pleats_idx i = 0; i < s->n_out; i++)
        n += (size_t)pleats_step_function(s, i)->n_breaks;
    mpz_set_ui(regions, 1);
    TRY(pleats_integers_new(space->ctx, n * width, &row));
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_pl *f = pleats_step_function(s, i);
        for (pleats_idx b = 0; b < f->n_breaks; b++, at++)
            TRY(pleats_exact_forms_difference(space->ctx, &space->exact,
                                              s->in[i], -1, f->at[b],
                                              row + at * width));
    }
    space->by_exact += n;
    TRY(pleats_arrangement_count(space->ctx, team, space->frame->k,
                                 (pleats_idx)n, row, regions));
done:
    pleats_integers_free(space->ctx, row, n * width);
    return status;
}
