#include "forms/ripple.h"

#include "exact/integers.h"
#include "forms/fine.h"

void pleats_ripple_clear(pleats_ctx *ctx, pleats_ripple *x)
{
    pleats_forms_clear(ctx, &x->forms);
    pleats_release(ctx, x->linear.step);
    *x = (pleats_ripple){0};
}

/* The network without biases. */
static pleats_status take_linear(pleats_ctx *ctx, pleats_ripple *x,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    x->linear = *net;
    x->linear.step = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *x->linear.step,
                     &x->linear.step));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        x->linear.step[i] = net->step[i];
        x->linear.step[i].bias = NULL;
    }
done:
    return status;
}

pleats_status pleats_ripple_init(pleats_ctx *ctx, pleats_ripple *x,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    pleats_coordinates none = {.n_inputs = net->n_inputs};
    *x = (pleats_ripple){.scalar = -1};
    mpz_init_set_ui(none.den, 1);
    TRY(pleats_integers_new(ctx, (size_t)net->n_inputs, &none.num));
    TRY(take_linear(ctx, x, net));
    TRY(pleats_forms_init(ctx, &x->forms, &x->linear, &none));
    TRY(pleats_fine_init(ctx, &x->forms, &none, net->n_steps));
done:
    pleats_integers_free(ctx, none.num, (size_t)net->n_inputs);
    mpz_clear(none.den);
    return status;
}

pleats_status pleats_ripple_run(pleats_ctx *ctx, pleats_ripple *x,
                                pleats_idx step, pleats_idx unit,
                                const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = &x->linear;
    if (x->scalar >= 0)
        pleats_fine_forget(&x->forms, x->scalar);
    x->scalar = net->step[step].out + unit;
    x->stale = x->stale < step ? x->stale : step;
    for (pleats_idx i = x->stale; i < net->n_steps; i++) {
        TRY(pleats_forms_run(ctx, &x->forms, &net->step[i], piece));
        if (i == step)
            pleats_fine_set(&x->forms, x->scalar, 1);
    }
    x->stale = step;
done:
    return status;
}
