#include "forms/fine_places.h"

/* What one channel of a convolution's input holds. */
static size_t n_places(const pleats_step *s)
{
    return s->kind == PLEATS_STEP_CONV
               ? (size_t)(s->n_in / (s->conv.groups * s->conv.in_channels))
               : 0;
}

/* What all channels of a group hold. */
static size_t n_in_places(const pleats_step *s)
{
    return s->kind == PLEATS_STEP_CONV ? (size_t)(s->n_in / s->conv.groups) : 0;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

pleats_status pleats_fine_places_init(pleats_ctx *ctx, pleats_fine *x,
                                      const pleats_step *step)
{
    pleats_status status = PLEATS_OK;
    size_t places = 0, in_places = 0;
    for (pleats_idx i = 0; i < x->n_steps; i++) {
        places = larger(places, n_places(&step[i]));
        in_places = larger(in_places, n_in_places(&step[i]));
    }
    TRY(pleats_alloc(ctx, places, sizeof *x->place, &x->place));
    TRY(pleats_alloc(ctx, in_places, sizeof *x->at_place, &x->at_place));
done:
    return status;
}

void pleats_fine_places_look(pleats_fine *x, const pleats_step *s,
                             pleats_idx group)
{
    const size_t n = n_places(s);
    const pleats_idx *in =
        s->in + (size_t)(s->n_in / s->conv.groups) * (size_t)group;
    for (size_t p = 0; p < n; p++)
        x->place[p] = (pleats_fine_place){0, -1};
    for (pleats_idx c = 0; c < s->conv.in_channels; c++, in += n)
        for (size_t p = 0; p < n; p++)
            if (in[p] >= 0 && x->made[in[p]] > x->place[p].newest)
                x->place[p].newest = x->made[in[p]];
}

bool pleats_fine_window_is_stale(const pleats_fine *x, const pleats_step *s,
                                 pleats_idx scalar, pleats_idx position)
{
    const uint64_t made = x->made[scalar];
    const pleats_fine_place *place = x->place + s->window[position];
    const pleats_idx kernel = s->n_taps / s->conv.in_channels;
    bool any = made == 0;
    for (pleats_idx j = 0; j < kernel && !any; j++)
        any = place[s->tap[j]].newest > made;
    return any;
}

/* The terms of a place, of the first position of the kernel. */
static void make_place(pleats_forms *f, const pleats_step *s, pleats_idx group,
                       pleats_idx place)
{
    pleats_fine *x = f->fine;
    const size_t channels = (size_t)s->conv.in_channels, apart = n_places(s);
    const pleats_idx *in =
        s->in + (size_t)(s->n_in / s->conv.groups) * (size_t)group + place;
    pleats_fine_term *term = x->at_place + (size_t)place * channels;
    size_t n = 0;
    for (size_t c = 0; c < channels; c++, in += apart)
        if (*in >= 0)
            n = pleats_fine_add_term(f, *in, c, n, term);
    x->place[place].n = (pleats_idx)n;
}

size_t pleats_fine_places_take(pleats_forms *f, const pleats_step *s,
                               pleats_idx group, pleats_idx position)
{
    pleats_fine *x = f->fine;
    const size_t channels = (size_t)s->conv.in_channels;
    const pleats_idx kernel = s->n_taps / s->conv.in_channels;
    size_t n = 0;
    for (pleats_idx j = 0; j < kernel; j++) {
        const pleats_idx place = s->window[position] + s->tap[j];
        if (x->place[place].n < 0)
            make_place(f, s, group, place);
        const pleats_fine_term *term = x->at_place + (size_t)place * channels;
        for (pleats_idx i = 0; i < x->place[place].n; i++) {
            x->term[n] = term[i];
            x->term[n++].column += (size_t)j * channels;
        }
    }
    return n;
}
