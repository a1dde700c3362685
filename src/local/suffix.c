#include "local/suffix.h"

#include "exact/integers.h"
#include "local/rank.h"

/* Whether the first step of units has one unit for each scalar that it reads,
 * and no later step reads anything before it. */
static bool reads_on(const pleats_net *net, pleats_idx first, bool *seen)
{
    const pleats_step *s = &net->step[first];
    if (s->kind != PLEATS_STEP_PL || s->n_out > net->n_inputs)
        return false;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        if (seen[s->in[i]])
            return false;
        seen[s->in[i]] = true;
    }
    for (pleats_idx i = first + 1; i < net->n_steps; i++)
        for (pleats_idx j = 0; j < net->step[i].n_in; j++)
            if (net->step[i].in[j] >= 0 && net->step[i].in[j] < s->out)
                return false;
    for (pleats_idx i = 0; i < net->n_outputs; i++)
        if (net->output[i] < s->out)
            return false;
    return true;
}

static pleats_status add_step(pleats_ctx *ctx, pleats_net *net,
                              const pleats_step *s, const pleats_idx *in)
{
    const pleats_step_label label = {s->name, s->op, s->n_dims, s->dims,
                                     s->n_parameters};
    pleats_idx out;
    switch (s->kind) {
    case PLEATS_STEP_DENSE:
        return pleats_net_add_dense(ctx, net, &label, s->n_out, s->n_in, in,
                                    s->weight, s->bias, &out);
    case PLEATS_STEP_CONV:
        return pleats_net_add_conv(ctx, net, &label, &s->conv, in, s->weight,
                                   s->bias, &out);
    case PLEATS_STEP_SPARSE:
        return pleats_net_add_sparse(ctx, net, &label, s->n_out, s->start, in,
                                     s->weight, s->bias, s->divisor, &out);
    case PLEATS_STEP_PL:
        return pleats_net_add_pl(ctx, net, &label, s->n_out, in, s->n_functions,
                                 s->function, s->which, &out);
    default:
        return pleats_net_add_max(ctx, net, &label, s->is_min, s->n_out,
                                  s->start, in, &out);
    }
}

/* Scalars from the first units on keep their order behind z. */
static pleats_status build(pleats_ctx *ctx, pleats_suffix *x,
                           const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx base = net->step[x->step].out;
    pleats_idx *in = NULL;
    TRY(pleats_net_new(ctx, x->n, &x->net));
    for (pleats_idx i = x->step; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        TRY(pleats_alloc(ctx, (size_t)s->n_in, sizeof *in, &in));
        for (pleats_idx j = 0; j < s->n_in; j++)
            in[j] = i == x->step   ? j
                    : s->in[j] < 0 ? -1
                                   : s->in[j] - base + x->n;
        TRY(add_step(ctx, x->net, s, in));
        pleats_release(ctx, in);
        in = NULL;
    }
done:
    pleats_release(ctx, in);
    return status;
}

pleats_status pleats_suffix_init(pleats_ctx *ctx, pleats_suffix *x,
                                 const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    bool *seen = NULL, independent = false;
    *x = (pleats_suffix){0};
    while (x->step < net->n_steps && pleats_step_is_affine(&net->step[x->step]))
        x->step++;
    if (x->step == net->n_steps)
        return PLEATS_OK;
    x->n = net->step[x->step].n_out;
    x->from = net->step[x->step].in;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *seen, &seen));
    if (!reads_on(net, x->step, seen))
        goto done;
    TRY(pleats_are_independent(ctx, net, x->n, x->from, &independent));
    if (independent)
        TRY(build(ctx, x, net));
done:
    pleats_release(ctx, seen);
    return status;
}

void pleats_suffix_clear(pleats_ctx *ctx, pleats_suffix *x)
{
    pleats_net_clear(ctx, x->net);
    *x = (pleats_suffix){0};
}

bool pleats_suffix_is_live(const pleats_suffix *x, const pleats_idx *piece,
                           pleats_idx j)
{
    return pleats_step_function(&x->net->step[0], j)->slope[piece[j]] != 0;
}

pleats_status pleats_suffix_coordinates(pleats_ctx *ctx, const pleats_suffix *x,
                                        const pleats_idx *piece,
                                        pleats_exact_forms *here,
                                        pleats_coordinates *out)
{
    pleats_status status = PLEATS_OK;
    size_t k = 0, n = (size_t)x->n, column = 0;
    *out = (pleats_coordinates){0};
    for (pleats_idx j = 0; j < x->n; j++)
        k += pleats_suffix_is_live(x, piece, j);
    TRY(pleats_integers_new(ctx, n * (k + 1), &out->num));
    out->n_inputs = x->n;
    out->k = (pleats_idx)k;
    mpz_init_set_ui(out->den, 1);
    for (int pass = 0; pass < 2; pass++)
        for (size_t j = 0; j < n; j++) {
            const pleats_quotient *z = NULL;
            TRY(pleats_exact_forms_need(ctx, here, x->from[j], &z));
            if (pass == 0) {
                mpz_lcm(out->den, out->den, z->den);
                continue;
            }
            mpz_ptr to = out->num[j * (k + 1) + k];
            mpz_divexact(to, out->den, z->den);
            mpz_mul(to, to, z->num[0]);
            if (pleats_suffix_is_live(x, piece, (pleats_idx)j))
                mpz_set(out->num[j * (k + 1) + column++], out->den);
        }
done:
    return status;
}
