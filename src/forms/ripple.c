#include "forms/ripple.h"

#include "exact/integers.h"
#include "forms/fine.h"

void pleats_ripple_clear(pleats_ctx *ctx, pleats_ripple *x)
{
    pleats_forms_clear(ctx, &x->forms);
    pleats_release(ctx, x->linear.step);
    pleats_release(ctx, x->function);
    pleats_release(ctx, x->zero);
    *x = (pleats_ripple){0};
}

static void count_functions(const pleats_net *net, size_t *functions,
                            size_t *pieces)
{
    *functions = *pieces = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx j = 0; j < s->n_functions; j++) {
            const size_t n = (size_t)s->function[j].n_breaks + 1;
            *pieces = n > *pieces ? n : *pieces;
        }
        *functions += (size_t)s->n_functions;
    }
}

/* The network without biases and intercepts. */
static pleats_status take_linear(pleats_ctx *ctx, pleats_ripple *x,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    size_t functions, pieces;
    x->linear = *net;
    x->linear.step = NULL;
    count_functions(net, &functions, &pieces);
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *x->linear.step,
                     &x->linear.step));
    TRY(pleats_alloc(ctx, functions, sizeof *x->function, &x->function));
    TRY(pleats_alloc(ctx, pieces, sizeof *x->zero, &x->zero));
    pleats_pl *function = x->function;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        pleats_step *s = &x->linear.step[i];
        *s = net->step[i];
        s->bias = NULL;
        for (pleats_idx j = 0; j < s->n_functions; j++) {
            function[j] = s->function[j];
            function[j].intercept = x->zero;
        }
        s->function = function;
        function += s->n_functions;
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
