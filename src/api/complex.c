/* The public face of complexes. */
#include "pleats/complex.h"

#include "complex/sets.h"

const char *pleats_set_text(pleats_set_kind kind)
{
    static const char *const text[] = {"sublevel", "superlevel", "level",
                                       "class", "boundary"};
    return (unsigned)kind < sizeof text / sizeof *text ? text[kind] : NULL;
}

/* What is asked for behind the faces. */
static pleats_status add_all(pleats_complex_work *w,
                             const pleats_complex_options *o,
                             pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_complex_reserve(w, o, out));
    if (o->graph)
        TRY(pleats_complex_graph(w, out));
    if (o->level)
        TRY(pleats_complex_level_sets(w, o->output, o->level, out));
    if (o->classes)
        TRY(pleats_complex_classes(w, o->exact_volumes, out));
done:
    return status;
}

/* Where a limit ended it there are at least so many faces. */
static pleats_status build(pleats_complex_work *w,
                           const pleats_complex_options *o,
                           pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    bool is_whole = false;
    status = pleats_complex_build(w, &is_whole);
    if (status == PLEATS_OK && is_whole) {
        out->label = PLEATS_EXACT;
        TRY(pleats_complex_count(w, out));
        status = add_all(w, o, out);
    } else
        for (pleats_idx d = 0; d <= w->frame.k; d++)
            out->faces[d] = w->found[d];
    if (status == PLEATS_OK && !is_whole)
        out->stopped = PLEATS_STOP_CELLS;
    if (status == PLEATS_LIMIT && pleats_ctx_limit(w->ctx)) {
        out->stopped = pleats_ctx_limit(w->ctx);
        status = PLEATS_OK;
    }
done:
    return status;
}

static pleats_status check(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_complex_options *o)
{
    if (o->level && (o->output < 0 || o->output >= net->n_outputs))
        return pleats_fail(
            ctx, PLEATS_INVALID,
            "output %d is none of the network's: it has %d, from "
            "0 on",
            o->output, net->n_outputs);
    return PLEATS_OK;
}

pleats_status pleats_complex(pleats_ctx *ctx, const pleats_net *net,
                             const pleats_domain *domain,
                             const pleats_complex_options *options,
                             const pleats_limits *limits,
                             pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_options o;
    pleats_complex_work w = {.ctx = ctx};
    pleats_watch watch = {0};
    *out = (pleats_complex_result){.dimension = -1};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(check(ctx, net, &o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(pleats_complex_init(ctx, &w, net, domain, &watch.limits));
    out->label = PLEATS_LOWER;
    if (w.frame.empty)
        out->label = PLEATS_EXACT;
    else {
        out->dimension = w.frame.k;
        TRY(build(&w, &o, out));
    }
    out->seconds = pleats_now() - watch.started;
done:
    pleats_complex_clear(&w);
    pleats_watch_end(ctx, &watch);
    return status;
}

void pleats_complex_result_clear(pleats_ctx *ctx, pleats_complex_result *r)
{
    for (int32_t i = 0; i < r->n_components; i++)
        pleats_release(ctx, r->component[i].exact_volume);
    pleats_release(ctx, r->set);
    pleats_release(ctx, r->component);
    pleats_release(ctx, r->node);
    pleats_release(ctx, r->piece);
    pleats_release(ctx, r->point);
    pleats_release(ctx, r->edge);
    pleats_release(ctx, r->unit);
    *r = (pleats_complex_result){0};
}
