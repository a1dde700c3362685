/* Which steps of a network are worth two doubles. */
#include "base/perturb.h"
#include "forms/fine.h"

#include <math.h>

/* Relative to the entries: errors of this size are met by so few values that
 * exact arithmetic for these costs less than another fine step. */
#define SMALL_ERROR 0x1p-24

/* The weights of fine steps are held once more; steps with more are not. */
enum { MOST_WEIGHTS = 1 << 26 };

typedef struct {
    pleats_idx *piece; /* [n_units] at the point */
    double *x;         /* [n_inputs] */
    double *scalar;    /* [n_scalars] */
    double *error;     /* [n_steps] of what a step of units reads, relative to
                          the entries; of other steps unset */
} sample;

/* A point of the coordinates without symmetries, and the pieces there. */
static pleats_status find_pieces(pleats_ctx *ctx, const pleats_forms *f,
                                 sample *p)
{
    for (pleats_idx i = 0; i < f->net->n_inputs; i++) {
        const double *form = pleats_forms_entry(f, i);
        double t = 0;
        p->x[i] = form[f->k];
        for (pleats_idx j = 0; j < f->k; j++) {
            t = fmod(t + 0.6180339887498949, 1);
            p->x[i] += form[j] * (1.8 * t - 0.9);
        }
    }
    return pleats_net_evaluate(ctx, f->net, p->x, p->scalar, p->piece);
}

/* Of the scalars that a step reads. */
static double relative_error(const pleats_forms *f, const pleats_step *s)
{
    double error = 0, magnitude = 0;
    for (pleats_idx j = 0; j < s->n_in; j++) {
        error += f->error[s->in[j]];
        magnitude += f->magnitude[s->in[j]];
    }
    return magnitude > 0 ? error / magnitude : 0;
}

static pleats_status find_errors(pleats_ctx *ctx, pleats_forms *f, sample *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = f->net;
    TRY(find_pieces(ctx, f, p));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s))
            p->error[i] = relative_error(f, s);
        TRY(pleats_forms_run(ctx, f, s, p->piece));
    }
done:
    return status;
}

/* The first step of units from which on errors that begin anew stay small up to
 * the last one.  They grow by a factor from step to step: behind it they are
 * as large as where they began, times the growth from there. */
static pleats_idx first_to_begin(const pleats_net *net, const double *error)
{
    double begin = 0, end = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i])) {
            end = error[i];
            begin = begin > 0 ? begin : end;
        }
    if (!(end > SMALL_ERROR) || !isfinite(end))
        return 0;
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (!pleats_step_is_affine(&net->step[i]) &&
            error[i] * SMALL_ERROR >= begin * end)
            return i;
    return net->n_steps;
}

double pleats_fine_n_weights(const pleats_net *net, pleats_idx n_steps)
{
    double weights = 0;
    for (pleats_idx i = 0; i < n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (s->kind == PLEATS_STEP_DENSE)
            weights += (double)s->n_out * s->n_in;
        if (s->kind == PLEATS_STEP_CONV)
            weights += (double)s->n_out / s->positions * s->n_taps;
    }
    return weights;
}

pleats_status pleats_fine_plan(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_coordinates *coordinates,
                               pleats_idx *n_steps)
{
    pleats_status status = PLEATS_OK;
    pleats_forms forms = {0};
    sample p = {0};
    *n_steps = 0;
    if (PLEATS_PERTURB) {
        *n_steps = (pleats_idx)pleats_perturb_number(net->n_scalars,
                                                     (unsigned)net->n_steps);
        return PLEATS_OK;
    }
    if (!pleats_fine_is_fast())
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *p.piece, &p.piece));
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *p.x, &p.x));
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *p.scalar, &p.scalar));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *p.error, &p.error));
    TRY(pleats_forms_init(ctx, &forms, net, coordinates));
    TRY(find_errors(ctx, &forms, &p));
    *n_steps = first_to_begin(net, p.error);
    if (pleats_fine_n_weights(net, *n_steps) > MOST_WEIGHTS)
        *n_steps = 0;
done:
    pleats_forms_clear(ctx, &forms);
    pleats_release(ctx, p.piece);
    pleats_release(ctx, p.x);
    pleats_release(ctx, p.scalar);
    pleats_release(ctx, p.error);
    return status;
}
