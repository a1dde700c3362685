#include "onnx/fold.h"

/* A network without inputs that are read, and its scalars as numbers. */
typedef struct {
    pleats_call call;
    pleats_idx zero, one;
    pleats_tensor first;
    const pleats_tensor **in;
    pleats_number *value; /* [n_scalars] */
    pleats_number *term;  /* [most terms of a row] */
    pleats_idx *scratch;
} scratch;

static pleats_number affine_value(const scratch *s, const pleats_step *step,
                                  pleats_idx i)
{
    pleats_row row = pleats_step_row(step, i, s->scratch);
    for (pleats_idx j = 0; j < row.n; j++)
        s->term[j] = row.in[j] < 0 ? 0 : s->value[row.in[j]];
    pleats_number sum = pleats_number_dot(s->call.pool, (size_t)row.n,
                                          row.weight, s->term, row.bias);
    return pleats_call_div(&s->call, sum, row.divisor);
}

static pleats_number pl_value(const scratch *s, const pleats_pl *f,
                              pleats_number x)
{
    pleats_idx p = 0;
    while (p < f->n_breaks && pleats_call_compare(&s->call, f->at[p], x) < 0)
        p++;
    return pleats_call_add(&s->call, pleats_call_mul(&s->call, f->slope[p], x),
                           f->intercept[p]);
}

static pleats_number max_value(const scratch *s, const pleats_step *step,
                               pleats_idx i)
{
    const pleats_idx *in = step->in + step->start[i];
    pleats_number best = s->value[in[0]];
    for (pleats_idx j = 1; j < step->start[i + 1] - step->start[i]; j++)
        if (pleats_call_compare(&s->call, s->value[in[j]], best) ==
            (step->is_min ? -1 : 1))
            best = s->value[in[j]];
    return best;
}

static pleats_status evaluate(scratch *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = s->call.net;
    size_t terms = (size_t)pleats_net_row_terms(net);
    TRY(pleats_alloc(s->call.ctx, (size_t)net->n_scalars, sizeof *s->value,
                     &s->value));
    TRY(pleats_alloc(s->call.ctx, terms, sizeof *s->term, &s->term));
    TRY(pleats_alloc(s->call.ctx, terms, sizeof *s->scratch, &s->scratch));
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *step = &net->step[k];
        for (pleats_idx i = 0; i < step->n_out; i++)
            s->value[step->out + i] =
                pleats_step_is_affine(step) ? affine_value(s, step, i)
                : step->kind == PLEATS_STEP_PL
                    ? pl_value(s, pleats_step_function(step, i),
                               s->value[step->in[i]])
                    : max_value(s, step, i);
    }
done:
    return status;
}

/* An output's scalars become their values. */
static pleats_status take_output(scratch *s, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor constant = {0};
    if (out->sort != PLEATS_TENSOR_VAR)
        return PLEATS_OK;
    TRY(pleats_tensor_new(s->call.ctx, PLEATS_TENSOR_REAL, &out->shape,
                          &constant));
    for (int64_t i = 0; i < out->shape.n; i++)
        constant.real[i] = out->scalar[i] < 0 ? 0 : s->value[out->scalar[i]];
    pleats_tensor_clear(s->call.ctx, out);
    *out = constant;
done:
    return status;
}

pleats_status pleats_fold_steps(pleats_call *c, pleats_op_fn run)
{
    pleats_status status = PLEATS_OK;
    scratch s = {.call = *c, .zero = -1, .one = -1};
    pleats_call *call = &s.call;
    call->net = NULL;
    call->zero = &s.zero;
    call->one = &s.one;
    TRY(pleats_alloc(c->ctx, (size_t)c->node->n_in, sizeof *s.in, &s.in));
    for (pleats_idx k = 0; k < c->node->n_in; k++)
        s.in[k] = c->in[k];
    TRY(pleats_net_new(c->ctx, 1, &call->net));
    if (pleats_call_in(c, 0)) {
        TRY(pleats_call_scalars(call, c->in[0], true, &s.first));
        s.in[0] = &s.first;
    }
    call->in = s.in;
    TRY(run(call));
    TRY(evaluate(&s));
    for (pleats_idx k = 0; k < c->node->n_out; k++)
        TRY(take_output(&s, &c->out[k]));
done:
    pleats_net_clear(c->ctx, call->net);
    pleats_tensor_clear(c->ctx, &s.first);
    pleats_release(c->ctx, s.in);
    pleats_release(c->ctx, s.value);
    pleats_release(c->ctx, s.term);
    pleats_release(c->ctx, s.scratch);
    return status;
}
