#include "forms/near.h"

#include "forms/fine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fine forms, which take two numbers for each, are held of it twice. */
enum { MOST_WEIGHTS = 1 << 24, MOST_SCALARS = 1 << 21 };

static bool are_relus(const pleats_step *s)
{
    const pleats_pl *f = s->function;
    return pleats_step_is_plain(s) && f->at[0] == 0 &&
           pleats_pl_is_flat(f, 0) && pleats_pl_passes(f, 1);
}

/* Whether a unit of the step reads another one. */
static bool is_chained(const pleats_net *net, const pleats_step *s)
{
    const pleats_step *from = s;
    for (pleats_idx i = 0; i < s->n_in; i++) {
        if (s->in[i] < net->n_inputs)
            continue;
        while (s->in[i] < from->out)
            from--;
        while (s->in[i] >= from->out + from->n_out)
            from++;
        if (!pleats_step_is_affine(from))
            return true;
    }
    return false;
}

bool pleats_near_fits(const pleats_net *net)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s))
            continue;
        if (!are_relus(s) || is_chained(net, s) ||
            (i > 0 && !pleats_step_is_affine(s - 1)))
            return false;
    }
    return net->n_units > 0 && net->n_scalars <= MOST_SCALARS &&
           pleats_fine_n_weights(net, net->n_steps) <= MOST_WEIGHTS;
}

void pleats_near_clear(pleats_ctx *ctx, pleats_near *x)
{
    for (pleats_idx l = 0; x->layer && l < x->n_layers; l++)
        pleats_release(ctx, x->layer[l].close);
    pleats_forms_clear(ctx, &x->reference);
    pleats_ripple_clear(ctx, &x->ripple);
    pleats_release(ctx, x->piece);
    pleats_release(ctx, x->layer);
    pleats_release(ctx, x->layer_of);
    pleats_release(ctx, x->turned);
    pleats_release(ctx, x->change);
    pleats_release(ctx, x->column_of);
    pleats_release(ctx, x->number);
    pleats_release(ctx, x->error);
    pleats_release(ctx, x->most);
    pleats_release(ctx, x->room);
    *x = (pleats_near){0};
}

static pleats_status find_layers(pleats_ctx *ctx, pleats_near *x,
                                 bool makes_outputs)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = x->net;
    size_t widest = (size_t)net->n_outputs;
    TRY(pleats_alloc(ctx, (size_t)net->n_steps + 1, sizeof *x->layer,
                     &x->layer));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *x->layer_of,
                     &x->layer_of));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        x->layer_of[i] = -1;
        if (pleats_step_is_affine(s))
            continue;
        pleats_near_layer *l = &x->layer[x->n_layers];
        x->layer_of[i] = x->n_layers++;
        l->step = i;
        TRY(pleats_alloc(ctx, (size_t)s->n_out, sizeof *l->close, &l->close));
        widest = (size_t)s->n_out > widest ? (size_t)s->n_out : widest;
    }
    pleats_near_layer *last = &x->layer[x->n_layers++];
    last->n = last->n_seen = makes_outputs ? net->n_outputs : 0;
    TRY(pleats_alloc(ctx, widest * ((size_t)x->reference.k + 2),
                     sizeof *x->room, &x->room));
done:
    return status;
}

pleats_status pleats_near_init(pleats_ctx *ctx, pleats_near *x,
                               const pleats_net *net,
                               const pleats_coordinates *coordinates,
                               pleats_idx one_of, bool makes_outputs)
{
    pleats_status status = PLEATS_OK;
    const size_t units = (size_t)net->n_units;
    *x = (pleats_near){.net = net, .one_of = one_of};
    TRY(pleats_forms_init(ctx, &x->reference, net, coordinates));
    TRY(pleats_fine_init(ctx, &x->reference, coordinates, net->n_steps));
    TRY(pleats_ripple_init(ctx, &x->ripple, net, x->reference.fine));
    TRY(find_layers(ctx, x, makes_outputs));
    TRY(pleats_alloc(ctx, units, sizeof *x->piece, &x->piece));
    TRY(pleats_alloc(ctx, units, sizeof *x->column_of, &x->column_of));
    memset(x->room, 0, ((size_t)x->reference.k + 1) * sizeof *x->room);
    x->room[x->reference.k] = 1;
    TRY(pleats_near_refer(ctx, x, -1, x->room, NULL));
done:
    return status;
}

/* One of so many units may bend. */
enum { FEW = 16 };

/* Sets the pieces in the middle; how many units 0 cuts. */
static pleats_idx count_bent(const pleats_forms *f, const pleats_step *s,
                             pleats_idx *piece)
{
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const double *form = pleats_forms_entry(f, s->in[i]);
        double reach = 0;
        for (pleats_idx c = 0; c < f->k; c++)
            reach += fabs(form[c]);
        piece[s->first_unit + i] = form[f->k] > 0;
        n += fabs(form[f->k]) <= reach;
    }
    return n;
}

pleats_status pleats_near_pays(pleats_ctx *ctx, pleats_forms *f,
                               pleats_idx *piece, bool *pays)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = f->net;
    pleats_idx bent = 0;
    for (pleats_idx i = 0; i < net->n_steps && bent <= net->n_units / FEW;
         i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s))
            bent += count_bent(f, s, piece);
        TRY(pleats_forms_run(ctx, f, s, piece));
    }
    *pays = bent <= net->n_units / FEW;
done:
    return status;
}

/* ---- the reference ---- */

/* Of a step behind the settled ones: those in the middle. */
static void choose_pieces(pleats_near *x, const pleats_step *s,
                          const double *centre)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const double *form = pleats_forms_entry(&x->reference, s->in[i]);
        double value = 0;
        for (pleats_idx c = 0; c <= x->reference.k; c++)
            value += form[c] * centre[c];
        x->piece[s->first_unit + i] = value > 0;
    }
}

/* How far a unit's input stays away from 0 in the box, on the side of its
 * piece; not above 0: it might not. */
static double margin_of(const pleats_near *x, const pleats_step *s,
                        pleats_idx i)
{
    const pleats_idx k = x->reference.k;
    const double *form = pleats_forms_entry(&x->reference, s->in[i]);
    double reach = form[k + 1];
    if (x->piece[s->first_unit + i] != (form[k] > 0))
        return -1;
    for (pleats_idx c = 0; c < k; c++)
        reach += fabs(form[c]);
    const double margin = fabs(form[k]) - pleats_round_up(reach);
    return isnan(margin) ? -1 : margin;
}

static int by_margin(const void *a, const void *b)
{
    const pleats_near_unit *x = a, *y = b;
    return (x->margin > y->margin) - (x->margin < y->margin);
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Units of a large step. */
enum { MANY = 4096 };

/* A margin that about `wanted` units do not exceed, and no unit that bends: of
 * a large step some of the units tell. */
static double find_cutoff(pleats_near *x, const pleats_near_unit *unit,
                          pleats_idx n, pleats_idx wanted)
{
    const pleats_idx apart = n < MANY ? 1 : 16;
    size_t some = 0;
    for (pleats_idx i = 0; i < n; i += apart)
        x->room[some++] = unit[i].margin;
    qsort(x->room, some, sizeof *x->room, by_size);
    return fmax(x->room[(wanted - 1) / apart], 0);
}

static void choose_close(pleats_near *x, pleats_near_layer *l)
{
    if (!l->close)
        return;
    const pleats_step *s = &x->net->step[l->step];
    const pleats_idx wanted = (s->n_out - 1) / x->one_of + 1;
    for (pleats_idx i = 0; i < s->n_out; i++)
        l->close[i] = (pleats_near_unit){
            margin_of(x, s, i), i, pleats_ripple_where(&x->ripple, s->in[i])};
    const double cutoff = find_cutoff(x, l->close, s->n_out, wanted);
    l->n = 0;
    l->beyond = INFINITY;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_near_unit unit = l->close[i];
        if (unit.margin > cutoff) {
            l->beyond = fmin(l->beyond, unit.margin);
            continue;
        }
        l->close[i] = l->close[l->n];
        l->close[l->n++] = unit;
    }
    qsort(l->close, (size_t)l->n, sizeof *l->close, by_margin);
}

pleats_status pleats_near_refer(pleats_ctx *ctx, pleats_near *x,
                                pleats_idx from, const double *centre,
                                const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    x->is_set = false;
    x->n_turned = x->n_close = 0;
    x->n_columns = 0;
    for (pleats_idx i = 0; i < x->net->n_units; i++)
        x->column_of[i] = -1;
    for (pleats_idx i = 0; i < x->net->n_steps; i++) {
        const pleats_step *s = &x->net->step[i];
        const size_t n = (size_t)s->n_out;
        if (!pleats_step_is_affine(s) && i > from)
            choose_pieces(x, s, centre);
        else if (!pleats_step_is_affine(s))
            memcpy(x->piece + s->first_unit, piece + s->first_unit,
                   n * sizeof *piece);
        TRY(pleats_forms_run(ctx, &x->reference, s, x->piece));
    }
    for (pleats_idx i = 0; i < x->n_layers; i++) {
        pleats_near_layer *l = &x->layer[i];
        choose_close(x, l);
        l->first = x->n_close;
        l->n_turned = 0;
        l->n_free = l->close ? x->net->step[l->step].n_out : 0;
        x->n_close += (size_t)l->n;
        TRY(pleats_check_work(ctx, 256 * (size_t)l->n));
    }
    TRY(pleats_ripple_refer(ctx, &x->ripple, x->piece));
    x->is_set = true;
done:
    return status;
}
