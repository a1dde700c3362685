#include "local/wall_layers.h"

/* Calls add for all scalars that units read, layer by layer. */
static void each_reading(const pleats_net *net, pleats_wall_layers *l,
                         void (*add)(pleats_wall_layers *l, pleats_idx scalar,
                                     pleats_idx layer, pleats_idx unit))
{
    pleats_idx layer = 0;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        for (pleats_idx u = 0; u < s->n_out; u++) {
            if (s->kind == PLEATS_STEP_PL)
                add(l, s->in[u], layer, u);
            else
                for (pleats_idx c = s->start[u]; c < s->start[u + 1]; c++)
                    add(l, s->in[c], layer, u);
        }
        l->step[layer++] = i;
    }
    l->n_layers = layer;
}

static void count_one(pleats_wall_layers *l, pleats_idx scalar,
                      pleats_idx layer, pleats_idx unit)
{
    (void)layer;
    (void)unit;
    l->start[scalar + 1]++;
}

/* Moves start [scalar], which is that of its first reader, on. */
static void put_one(pleats_wall_layers *l, pleats_idx scalar, pleats_idx layer,
                    pleats_idx unit)
{
    const size_t at = l->start[scalar]++;
    l->layer[at] = layer;
    l->unit[at] = unit;
}

pleats_status pleats_wall_layers_init(pleats_ctx *ctx, pleats_wall_layers *l,
                                      const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)net->n_scalars;
    *l = (pleats_wall_layers){.net = net};
    TRY(pleats_alloc(ctx, n + 2, sizeof *l->start, &l->start));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *l->step, &l->step));
    each_reading(net, l, count_one);
    for (size_t i = 0; i < n; i++)
        l->start[i + 1] += l->start[i];
    TRY(pleats_alloc(ctx, l->start[n] + 1, sizeof *l->layer, &l->layer));
    TRY(pleats_alloc(ctx, l->start[n] + 1, sizeof *l->unit, &l->unit));
    each_reading(net, l, put_one);
    for (size_t i = n; i > 0; i--)
        l->start[i] = l->start[i - 1];
    l->start[0] = 0;
done:
    return status;
}

void pleats_wall_layers_clear(pleats_ctx *ctx, pleats_wall_layers *l)
{
    pleats_release(ctx, l->start);
    pleats_release(ctx, l->layer);
    pleats_release(ctx, l->unit);
    pleats_release(ctx, l->step);
    *l = (pleats_wall_layers){0};
}

static bool has_break(const pleats_step *s, pleats_idx unit, double at)
{
    const pleats_pl *f = pleats_step_function(s, unit);
    bool has = false;
    for (pleats_idx i = 0; i < f->n_breaks; i++)
        has = has || f->at[i] == at;
    return has;
}

static bool has_candidate(const pleats_step *s, pleats_idx unit,
                          pleats_idx scalar)
{
    bool has = false;
    for (pleats_idx c = s->start[unit]; c < s->start[unit + 1]; c++)
        has = has || s->in[c] == scalar;
    return has;
}

pleats_idx pleats_layer_of_wall(const pleats_wall_layers *l,
                                pleats_hyperplane plane, pleats_idx *unit)
{
    for (size_t i = l->start[plane.a]; i < l->start[plane.a + 1]; i++) {
        const pleats_step *s = &l->net->step[l->step[l->layer[i]]];
        if (s->kind == PLEATS_STEP_PL
                ? plane.b < 0 && has_break(s, l->unit[i], plane.at)
                : plane.b >= 0 && has_candidate(s, l->unit[i], plane.b)) {
            if (unit)
                *unit = s->first_unit + l->unit[i];
            return l->layer[i];
        }
    }
    return -1;
}
