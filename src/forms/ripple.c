#include "forms/ripple.h"

#include <math.h>
#include <string.h>

void pleats_ripple_clear(pleats_ctx *ctx, pleats_ripple *x)
{
    for (pleats_idx i = 0; x->step && i < x->net->n_steps; i++) {
        pleats_release(ctx, x->step[i].place);
        pleats_release(ctx, x->step[i].start);
        pleats_release(ctx, x->step[i].entry);
        pleats_release(ctx, x->step[i].eight);
        pleats_release(ctx, x->step[i].row);
        pleats_release(ctx, x->step[i].source);
    }
    pleats_release(ctx, x->step);
    pleats_release(ctx, x->at);
    pleats_release(ctx, x->maker);
    pleats_release(ctx, x->unit);
    pleats_release(ctx, x->high);
    pleats_release(ctx, x->low);
    pleats_release(ctx, x->moves);
    pleats_release(ctx, x->term);
    pleats_release(ctx, x->terms);
    pleats_release(ctx, x->at_place);
    pleats_release(ctx, x->n_at_place);
    pleats_release(ctx, x->spot);
    *x = (pleats_ripple){0};
}

pleats_ripple_grid pleats_ripple_grid_of(const pleats_ripple *x,
                                         pleats_idx step)
{
    static const pleats_idx first[] = {0};
    const pleats_step *s = &x->net->step[step];
    const size_t rows = x->fine->step[step].rows.rows;
    if (s->kind == PLEATS_STEP_DENSE)
        return (pleats_ripple_grid){1, rows, (size_t)s->n_in, 1,
                                    1, 1,    first,           first};
    const size_t channels = (size_t)s->conv.in_channels;
    const size_t groups = (size_t)s->conv.groups;
    return (pleats_ripple_grid){groups,
                                rows,
                                channels,
                                (size_t)s->n_in / (groups * channels),
                                (size_t)s->n_taps / channels,
                                (size_t)s->positions,
                                s->window,
                                s->tap};
}

/* ---- where numbers are ---- */

static size_t in_eights(size_t n)
{
    return (n + 7) / 8 * 8;
}

/* All channels of a position are one block; the rows of a dense step, too. */
static void place_windows(pleats_ripple *x, pleats_idx step)
{
    const pleats_step *s = &x->net->step[step];
    const pleats_ripple_grid g = pleats_ripple_grid_of(x, step);
    const size_t n = x->fine->step[step].rows.n;
    pleats_ripple_step *r = &x->step[step];
    r->width = in_eights(g.groups * g.rows);
    r->blocks = g.positions;
    for (size_t i = 0; i < (size_t)s->n_out; i++) {
        const size_t row = i / g.positions, position = i % g.positions;
        x->at[(size_t)s->out + i] = (pleats_idx)(r->at + position * r->width +
                                                 row / n * g.rows + row % n);
    }
}

/* What the first terms of all rows read, when these are as many as the scalars
 * of one step; -1: they are not. */
static pleats_idx find_alike(const pleats_ripple *x, const pleats_step *s)
{
    pleats_idx alike = -1;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_idx maker =
            s->start[i] < s->start[i + 1] ? x->maker[s->in[s->start[i]]] : -1;
        if (maker < 0 || (i > 0 && maker != alike))
            return -1;
        alike = maker;
    }
    return alike >= 0 && x->net->step[alike].n_out == s->n_out ? alike : -1;
}

/* Sparse rows, as those of sums of two tensors, are placed as what they read
 * first, so that what is read together stays together. */
static pleats_status place_rows(pleats_ctx *ctx, pleats_ripple *x,
                                pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[step];
    const pleats_idx alike = find_alike(x, s);
    pleats_ripple_step *r = &x->step[step];
    r->width = alike < 0 ? in_eights((size_t)s->n_out) : x->step[alike].width;
    r->blocks = alike < 0 ? 1 : x->step[alike].blocks;
    const size_t n = r->width * r->blocks;
    TRY(pleats_alloc(ctx, n, sizeof *r->row, &r->row));
    memset(r->row, -1, n * sizeof *r->row);
    bool fits = alike >= 0;
    for (pleats_idx i = 0; fits && i < s->n_out; i++) {
        const size_t to = (size_t)x->at[s->in[s->start[i]]] - x->step[alike].at;
        fits = r->row[to] < 0;
        r->row[to] = i;
    }
    for (size_t i = 0; !fits && i < n; i++)
        r->row[i] = i < (size_t)s->n_out ? (pleats_idx)i : -1;
    for (size_t i = 0; i < n; i++)
        if (r->row[i] >= 0)
            x->at[s->out + r->row[i]] = (pleats_idx)(r->at + i);
done:
    return status;
}

/* A unit has the number of its input. */
static void place_units(pleats_ripple *x, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        x->at[s->out + i] = x->at[s->in[i]];
        x->unit[s->out + i] = s->first_unit + i;
    }
}

static pleats_status place_step(pleats_ctx *ctx, pleats_ripple *x,
                                pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    r->at = x->n;
    r->is_zero = true;
    if (s->kind == PLEATS_STEP_SPARSE)
        TRY(place_rows(ctx, x, step));
    else if (pleats_step_is_affine(s))
        place_windows(x, step);
    else
        place_units(x, s);
    for (pleats_idx i = 0; i < s->n_out; i++)
        x->maker[s->out + i] =
            pleats_step_is_affine(s) ? step : x->maker[s->in[i]];
    x->n += r->width * r->blocks;
    TRY(pleats_check_work(ctx, (size_t)s->n_in));
done:
    return status;
}

/* ---- what a step reads ---- */

static pleats_status find_sources(pleats_ctx *ctx, pleats_ripple *x,
                                  pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    size_t capacity = 0;
    for (pleats_idx j = 0; j < s->n_in; j++) {
        const pleats_idx maker = s->in[j] < 0 ? -1 : x->maker[s->in[j]];
        size_t k = 0;
        while (k < r->n_sources && r->source[k].step != maker)
            k++;
        if (maker < 0 || k < r->n_sources)
            continue;
        TRY(pleats_grow(ctx, &r->source, &capacity, k + 1, sizeof *r->source));
        r->source[r->n_sources++].step = maker;
    }
done:
    return status;
}

static void find_sizes(pleats_ripple_step *r, const pleats_step *s)
{
    const size_t n =
        s->kind == PLEATS_STEP_SPARSE ? (size_t)s->n_in
        : s->kind == PLEATS_STEP_DENSE
            ? (size_t)s->n_out * (size_t)s->n_in
            : (size_t)(s->n_out / s->positions) * (size_t)s->n_taps;
    for (size_t i = 0; i < n; i++)
        r->largest = fmax(r->largest, fabs(s->weight[i]));
    r->divisor = s->divisor && s->n_out ? INFINITY : 1;
    for (pleats_idx i = 0; s->divisor && i < s->n_out; i++)
        r->divisor = fmin(r->divisor, fabs(s->divisor[i]));
}

/* Room for what is read, and of sparse rows how many terms eight have. */
static pleats_status make_room(pleats_ctx *ctx, pleats_ripple *x,
                               pleats_idx step)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    const size_t eights = r->width * r->blocks / 8;
    if (s->kind != PLEATS_STEP_SPARSE) {
        const pleats_ripple_grid g = pleats_ripple_grid_of(x, step);
        TRY(pleats_alloc(ctx, g.groups * g.places, sizeof *r->place,
                         &r->place));
        return pleats_alloc(ctx, (size_t)s->n_in, sizeof *r->entry, &r->entry);
    }
    TRY(pleats_alloc(ctx, eights + 1, sizeof *r->start, &r->start));
    for (size_t i = 0; i < eights; i++) {
        pleats_idx most = 0;
        for (size_t j = 8 * i; j < 8 * i + 8; j++) {
            const pleats_idx row = r->row[j];
            const pleats_idx n =
                row < 0 ? 0 : s->start[row + 1] - s->start[row];
            most = n > most ? n : most;
        }
        r->start[i + 1] = r->start[i] + most;
    }
    TRY(pleats_alloc(ctx, (size_t)r->start[eights], sizeof *r->eight,
                     &r->eight));
done:
    return status;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Room for what is read at one time. */
static pleats_status make_rooms(pleats_ctx *ctx, pleats_ripple *x)
{
    pleats_status status = PLEATS_OK;
    size_t terms = 0, kernel = 0, at_places = 0, places = 0, in = 0;
    for (pleats_idx i = 0; i < x->net->n_steps; i++) {
        const pleats_step *s = &x->net->step[i];
        in = larger(in, (size_t)s->n_in);
        if (!pleats_step_is_affine(s) || s->kind == PLEATS_STEP_SPARSE)
            continue;
        const pleats_ripple_grid g = pleats_ripple_grid_of(x, i);
        terms = larger(terms, 2 * g.kernel * g.channels);
        kernel = larger(kernel, g.kernel);
        at_places = larger(at_places, 2 * (size_t)s->n_in);
        places = larger(places, g.groups * g.places);
    }
    TRY(pleats_alloc(ctx, terms + PLEATS_RIPPLE_AT_ONCE, sizeof *x->term,
                     &x->term));
    TRY(pleats_alloc(ctx, kernel + 1, sizeof *x->terms, &x->terms));
    TRY(pleats_alloc(ctx, at_places, sizeof *x->at_place, &x->at_place));
    TRY(pleats_alloc(ctx, places, sizeof *x->n_at_place, &x->n_at_place));
    TRY(pleats_alloc(ctx, in, sizeof *x->spot, &x->spot));
done:
    return status;
}

pleats_status pleats_ripple_init(pleats_ctx *ctx, pleats_ripple *x,
                                 const pleats_net *net, const pleats_fine *fine)
{
    pleats_status status = PLEATS_OK;
    const size_t scalars = (size_t)net->n_scalars;
    *x = (pleats_ripple){.net = net, .fine = fine, .scalar = -1};
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *x->step, &x->step));
    TRY(pleats_alloc(ctx, scalars, sizeof *x->at, &x->at));
    TRY(pleats_alloc(ctx, scalars, sizeof *x->maker, &x->maker));
    TRY(pleats_alloc(ctx, scalars, sizeof *x->unit, &x->unit));
    for (size_t i = 0; i < scalars; i++)
        x->at[i] = x->maker[i] = x->unit[i] = -1;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        TRY(place_step(ctx, x, i));
        TRY(find_sources(ctx, x, i));
        if (!pleats_step_is_affine(&net->step[i]))
            continue;
        find_sizes(&x->step[i], &net->step[i]);
        TRY(make_room(ctx, x, i));
    }
    TRY(make_rooms(ctx, x));
    x->n += 16;
    TRY(pleats_alloc(ctx, x->n, sizeof *x->high, &x->high));
    TRY(pleats_alloc(ctx, x->n, sizeof *x->low, &x->low));
    TRY(pleats_alloc(ctx, x->n / 8, sizeof *x->moves, &x->moves));
    for (size_t i = x->n - 8; i < x->n; i++)
        x->high[i] = 1;
    x->moves[x->n / 8 - 1] = true;
done:
    return status;
}
