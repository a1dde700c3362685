#include "verbs/stretches.h"

#include "signals.h"

static pleats_status save(const session *s, const checkpoint_options *o,
                          const stretched *w)
{
    return o->checkpoint ? w->save(s->ctx, w->it, o->checkpoint) : PLEATS_OK;
}

/* One stretch: up to the next checkpoint.  *is_over: no other one follows. */
static pleats_status go_on(const session *s, const checkpoint_options *o,
                           const pleats_limits *limits, const stretched *w,
                           stretched_state *state, bool *is_over)
{
    const double start = seconds_now();
    pleats_status status = w->run(s->ctx, w->it, limits);
    if (status == PLEATS_OK)
        status = w->look(s->ctx, w->it, state);
    if (status == PLEATS_OK)
        status = save(s, o, w);
    const bool is_asked =
        state->stopped == PLEATS_STOP_CANCEL && checkpoint_take();
    const bool is_time = state->stopped == PLEATS_STOP_TIME &&
                         limits->seconds > 0 && !session_is_late(s) &&
                         seconds_now() - start >= limits->seconds;
    *is_over = !is_asked && !is_time;
    return status;
}

/* How long the next stretch may be.  One that got nowhere, since its time was
 * too short for a single step, is followed by one twice as long. */
static void plan_stretch(const checkpoint_options *o,
                         const stretched_state *state, bool got_on,
                         pleats_limits *stretch)
{
    if (!o->checkpoint)
        return;
    stretch->seconds = got_on ? o->every : 2 * stretch->seconds;
    if (!state->has_steps) {
        stretch->seconds = 0;
        stretch->cancel = NULL;
    }
}

pleats_status stretches_run(const session *s, const checkpoint_options *o,
                            const pleats_limits *limits, const stretched *w)
{
    pleats_limits stretch = *limits;
    stretched_state state = {0};
    bool is_over = false, got_on = true;
    if (o->checkpoint)
        stretch.cancel = checkpoint_on_signal();
    pleats_status status = save(s, o, w);
    if (status == PLEATS_OK)
        status = w->look(s->ctx, w->it, &state);
    const uint64_t before = state.found;
    while (status == PLEATS_OK && !is_over && !state.is_done) {
        const stretched_state now = state;
        plan_stretch(o, &state, got_on, &stretch);
        if (limits->cells > 0 && state.is_counted)
            stretch.cells = limits->cells - (state.found - before);
        status = go_on(s, o, &stretch, w, &state, &is_over);
        got_on = state.found != now.found || state.share != now.share;
        is_over = is_over || (limits->cells > 0 && state.is_counted &&
                              state.found - before >= limits->cells);
    }
    return status;
}
