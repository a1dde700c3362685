/* Forms near a reference: its turned units, and what they move. */
#include "forms/near.h"

#include "base/doubles.h"

#include <math.h>
#include <string.h>

/* Numbers in all columns; beyond, a new reference is taken. */
enum { MOST_NUMBERS = 1 << 24 };

/* ---- how turned units ripple ---- */

/* Of one layer behind the unit. */
static void take_numbers(pleats_near *x, const pleats_near_layer *l,
                         double *number, double *most_error, double *most)
{
    double error;
    *most = *most_error = 0;
    if (l->close) {
        pleats_ripple_bounds(&x->ripple, l->step, most, most_error);
        for (pleats_idx i = 0; i < l->n; i++)
            number[i] = x->ripple.high[l->close[i].number];
        return;
    }
    for (pleats_idx i = 0; i < l->n; i++) {
        number[i] =
            pleats_ripple_of(&x->ripple, pleats_near_scalar(x, l, i), &error);
        *most = pleats_larger(*most, fabs(number[i]));
        *most_error = pleats_larger(*most_error, error);
    }
}

pleats_status pleats_near_column(pleats_ctx *ctx, pleats_near *x,
                                 pleats_idx layer, pleats_idx unit,
                                 pleats_idx *column)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx step = x->layer[layer].step;
    const pleats_step *s = &x->net->step[step];
    const size_t n = (size_t)x->n_columns, layers = (size_t)x->n_layers;
    *column = x->column_of[s->first_unit + unit];
    if (*column >= 0)
        return PLEATS_OK;
    TRY(pleats_grow(ctx, &x->number, &x->number_capacity, (n + 1) * x->n_close,
                    sizeof *x->number));
    TRY(pleats_grow(ctx, &x->error, &x->error_capacity, (n + 1) * layers,
                    sizeof *x->error));
    TRY(pleats_grow(ctx, &x->most, &x->most_capacity, (n + 1) * layers,
                    sizeof *x->most));
    TRY(pleats_ripple_run(ctx, &x->ripple, step, unit));
    for (size_t i = (size_t)layer + 1; i < layers; i++)
        take_numbers(x, &x->layer[i],
                     x->number + n * x->n_close + x->layer[i].first,
                     x->error + n * layers + i, x->most + n * layers + i);
    *column = x->column_of[s->first_unit + unit] = x->n_columns++;
done:
    return status;
}

/* ---- turned units ---- */

/* The unit's output is its input where the reference has 0, or the other way
 * round. */
static pleats_status turn(pleats_ctx *ctx, pleats_near *x, pleats_idx layer,
                          pleats_idx unit, const pleats_forms *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[x->layer[layer].step];
    const size_t width = (size_t)f->k + 1, n = x->n_turned;
    const pleats_idx in = s->in[unit];
    const double *form = pleats_forms_entry(f, in);
    const double sign = x->piece[s->first_unit + unit] ? -1 : 1;
    pleats_turned turned = {.error = f->error[in], .size = f->magnitude[in]};
    TRY(pleats_near_column(ctx, x, layer, unit, &turned.column));
    TRY(pleats_grow(ctx, &x->turned, &x->turned_capacity, n + 1,
                    sizeof *x->turned));
    TRY(pleats_grow(ctx, &x->change, &x->change_capacity, (n + 1) * width,
                    sizeof *x->change));
    for (size_t c = 0; c < width; c++)
        x->change[n * width + c] = sign * form[c];
    x->turned[x->n_turned++] = turned;
done:
    return status;
}

/* The turned units of a step, all of whose units have their pieces; *fits:
 * false when there is no room for them. */
static pleats_status find_turned(pleats_ctx *ctx, pleats_near *x,
                                 pleats_idx layer, const pleats_idx *piece,
                                 const pleats_forms *f, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const pleats_near_layer *l = &x->layer[layer];
    const pleats_idx first = x->net->step[l->step].first_unit;
    const pleats_idx *now = piece + first, *before = x->piece + first;
    const size_t most = MOST_NUMBERS / (x->n_close + 1);
    x->n_turned = l->n_turned;
    *fits = true;
    for (pleats_idx i = 0; i < l->n_free && *fits; i++)
        if (now[l->close[i].unit] != before[l->close[i].unit]) {
            TRY(turn(ctx, x, layer, l->close[i].unit, f));
            *fits = (size_t)x->n_columns <= most;
        }
done:
    return status;
}

/* ---- what they move ---- */

/* How far a turned unit's change goes in the cell. */
static double reach_of(const pleats_near *x, size_t turned,
                       const pleats_form_box *box)
{
    const size_t width = (size_t)x->reference.k + 1;
    const double *change = x->change + turned * width;
    double value = 0, reach = x->turned[turned].error;
    for (size_t c = 0; c < width; c++) {
        value += change[c] * box->centre[c];
        reach += fabs(change[c]) * box->half[c];
    }
    return fabs(value) + reach;
}

/* A margin that what the turned units move in the cell does not reach, for any
 * unit of a step; infinite or NaN when that is not known.  At a vertex (t, w)
 * of it, where |t| is at most w, a unit stays away from 0 by w times its
 * margin. */
static double reached_margin(const pleats_near *x, pleats_idx layer,
                             const pleats_form_box *box)
{
    const size_t layers = (size_t)x->n_layers, k = (size_t)x->reference.k;
    const double least = box->centre[k] - box->half[k];
    double moved = 0;
    for (size_t i = 0; i < x->n_turned; i++) {
        const size_t at = (size_t)x->turned[i].column * layers + (size_t)layer;
        moved += (x->most[at] + x->error[at]) * reach_of(x, i, box);
    }
    return least > 0 ? pleats_round_up(moved / least) : INFINITY;
}

/* Turned units whose numbers are added up at one time. */
enum { AT_ONCE = 4 };

typedef struct {
    size_t n;
    size_t turned[AT_ONCE];
    const double *number[AT_ONCE];
} few;

/* sum += by * number, for n units. */
PLEATS_WIDE
static void add_entry(size_t n, const double *const *number, const double *by,
                      double *restrict sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += (number[0][i] * by[0] + number[1][i] * by[1]) +
                  (number[2][i] * by[2] + number[3][i] * by[3]);
}

/* bound += by * |number|. */
PLEATS_WIDE
static void add_size(size_t n, const double *const *number, const double *by,
                     double *restrict bound)
{
    for (size_t i = 0; i < n; i++)
        bound[i] += (fabs(number[0][i]) * by[0] + fabs(number[1][i]) * by[1]) +
                    (fabs(number[2][i]) * by[2] + fabs(number[3][i]) * by[3]);
}

/* The reference's forms of the close units, entry by entry, and the bounds of
 * their errors: gamma is for all sums that follow. */
static void start(pleats_near *x, const pleats_near_layer *l, double gamma)
{
    const size_t n = (size_t)l->n_seen, width = (size_t)x->reference.k + 1;
    const pleats_forms *f = &x->reference;
    for (size_t i = 0; i < n; i++) {
        const pleats_idx in = pleats_near_scalar(x, l, (pleats_idx)i);
        const double *form = pleats_forms_entry(f, in);
        for (size_t c = 0; c < width; c++)
            x->room[c * n + i] = form[c];
        x->room[width * n + i] = f->error[in] + gamma * f->magnitude[in];
    }
}

/* Adds what a few turned units move. */
static void add_few(pleats_near *x, const pleats_near_layer *l, few *some,
                    double gamma)
{
    const size_t n = (size_t)l->n_seen, width = (size_t)x->reference.k + 1;
    double by[AT_ONCE] = {0};
    if (some->n == 0)
        return;
    for (size_t u = some->n; u < AT_ONCE; u++)
        some->number[u] = some->number[0];
    for (size_t c = 0; c < width; c++) {
        for (size_t u = 0; u < some->n; u++)
            by[u] = x->change[some->turned[u] * width + c];
        add_entry(n, some->number, by, x->room + c * n);
    }
    for (size_t u = 0; u < some->n; u++) {
        const pleats_turned *t = &x->turned[some->turned[u]];
        by[u] = t->error + gamma * t->size;
    }
    add_size(n, some->number, by, x->room + width * n);
    some->n = 0;
}

/* Adds what the turned units move.  A number N off by e times a change C off by
 * E is off by |N| E + e (|C| + E); the latter is the result, the sum of which
 * all units share. */
static double add_turned(pleats_near *x, pleats_idx layer, double gamma)
{
    const pleats_near_layer *l = &x->layer[layer];
    const size_t layers = (size_t)x->n_layers;
    double shared = 0;
    few some;
    some.n = 0;
    for (size_t j = 0; j < x->n_turned; j++) {
        const pleats_turned *t = &x->turned[j];
        const size_t column = (size_t)t->column;
        const size_t at = column * layers + (size_t)layer;
        if (x->most[at] == 0 && x->error[at] == 0)
            continue;
        shared += x->error[at] * (t->size + t->error);
        some.turned[some.n] = j;
        some.number[some.n++] = x->number + column * x->n_close + l->first;
        if (some.n == AT_ONCE)
            add_few(x, l, &some, gamma);
    }
    add_few(x, l, &some, gamma);
    return shared;
}

static void make_forms(pleats_near *x, pleats_idx layer, pleats_forms *f)
{
    const pleats_near_layer *l = &x->layer[layer];
    const size_t n = (size_t)l->n_seen, width = (size_t)f->k + 1;
    const double gamma =
        x->n_turned ? pleats_gamma((pleats_idx)x->n_turned + 5) : 0;
    start(x, l, gamma);
    const double shared = add_turned(x, layer, gamma);
    for (size_t i = 0; i < n; i++) {
        const pleats_idx in = pleats_near_scalar(x, l, (pleats_idx)i);
        double *to = f->entry + (size_t)in * f->stride, size = 0;
        const double error = x->room[width * n + i] + shared;
        for (size_t c = 0; c < width; c++) {
            to[c] = x->room[c * n + i];
            size += fabs(to[c]);
        }
        pleats_forms_set_bounds(f, in, error == 0 ? 0 : pleats_round_up(error),
                                size == 0 ? 0 : pleats_round_up(size));
    }
}

pleats_status pleats_near_enter(pleats_ctx *ctx, pleats_near *x,
                                pleats_idx from, pleats_idx to,
                                const pleats_form_box *box, pleats_idx *piece,
                                pleats_forms *f)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[to];
    const pleats_idx layer = x->layer_of[to];
    pleats_near_layer *l = &x->layer[layer];
    bool fits = x->is_set;
    x->n_turned = 0;
    if (fits && from >= 0)
        TRY(find_turned(ctx, x, x->layer_of[from], piece, f, &fits));
    l->n_turned = x->n_turned;
    double reached = fits ? reached_margin(x, layer, box) : INFINITY;
    if (!(reached < l->beyond)) {
        TRY(pleats_near_refer(ctx, x, from, box->centre, piece));
        reached = 0;
    }
    for (l->n_seen = 0; l->n_seen < l->n; l->n_seen++)
        if (l->close[l->n_seen].margin > reached)
            break;
    l->n_free = l->n_seen;
    memcpy(piece + s->first_unit, x->piece + s->first_unit,
           (size_t)s->n_out * sizeof *piece);
    make_forms(x, layer, f);
done:
    return status;
}

pleats_status pleats_near_leave(pleats_ctx *ctx, pleats_near *x,
                                pleats_idx from, const pleats_form_box *box,
                                const pleats_idx *piece, pleats_forms *f)
{
    pleats_status status = PLEATS_OK;
    bool fits = x->is_set;
    if (fits)
        TRY(find_turned(ctx, x, x->layer_of[from], piece, f, &fits));
    if (!fits)
        TRY(pleats_near_refer(ctx, x, from, box->centre, piece));
    make_forms(x, x->n_layers - 1, f);
done:
    return status;
}
