#include "base/text.h"
#include "draw/chart/chart.h"
#include "draw/plane/line.h"

#include <math.h>
#include <stdio.h>

enum { MOST_NAMED = 16, NAME_BYTES = 64 };

/* What a chart of the line is made of. */
typedef struct {
    const pleats_line *line;
    const pleats_line_options *options;
    size_t n_series, n_ticks;
    pleats_chart_series *series; /* [outputs + marks] */
    pleats_chart_ticks *ticks;   /* [layers] */
    char (*name)[NAME_BYTES];    /* [outputs + marks + layers] */
    size_t n_names;
    double *tick; /* [n_breaks] */
    double *mark; /* [n_marks x 4] x twice, y twice */
} drawing;

static const char *name_of(drawing *d, const char *what, pleats_idx number)
{
    char *name = d->name[d->n_names++];
    snprintf(name, NAME_BYTES, "%s %d", what, number);
    return name;
}

static void add_curves(drawing *d)
{
    const pleats_line *x = d->line;
    const pleats_idx only = d->options->output;
    for (pleats_idx o = 0; o < x->net->n_outputs; o++) {
        if (only >= 0 && o != only)
            continue;
        bool is_named = d->n_series < MOST_NAMED;
        d->series[d->n_series++] = (pleats_chart_series){
            .name = is_named ? name_of(d, "output", o) : NULL,
            .form = PLEATS_CHART_LINE,
            .kind = o,
            .is_dashed = o / PLEATS_KINDS % 2 == 1,
            .n = x->n_cells + 1,
            .x = x->at,
            .y = x->value + (size_t)o * (x->n_cells + 1)};
    }
}

/* Data rows as upright lines over the curves' whole range. */
static void add_marks(drawing *d)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < d->n_series; i++)
        for (size_t j = 0; j < d->series[i].n; j++) {
            lo = fmin(lo, d->series[i].y[j]);
            hi = fmax(hi, d->series[i].y[j]);
        }
    for (size_t i = 0; i < d->options->n_marks; i++) {
        const pleats_domain_mark *m = &d->options->mark[i];
        double *at = d->mark + 4 * i;
        at[0] = at[1] = m->at[0];
        at[2] = lo;
        at[3] = hi;
        char *name = d->name[d->n_names++];
        pleats_format(name, NAME_BYTES, "%s at %.4g", m->name, m->at[0]);
        d->series[d->n_series++] =
            (pleats_chart_series){.name = name,
                                  .form = PLEATS_CHART_LINE,
                                  .is_grey = true,
                                  .is_dashed = true,
                                  .n = 2,
                                  .x = at,
                                  .y = at + 2};
    }
}

static void add_ticks(drawing *d)
{
    const pleats_line *x = d->line;
    for (size_t i = 0; i < x->n_breaks; i++) {
        pleats_idx layer = x->at_break[i].layer;
        d->tick[i] = x->at[x->at_break[i].point];
        if (i == 0 || x->at_break[i - 1].layer != layer)
            d->ticks[d->n_ticks++] = (pleats_chart_ticks){
                .name = name_of(d, "breakpoint of layer", layer),
                .kind = layer - 1,
                .x = d->tick + i};
        d->ticks[d->n_ticks - 1].n++;
    }
}

pleats_status pleats_line_paint(const pleats_line *x,
                                const pleats_line_options *o,
                                pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = x->ctx;
    drawing d = {.line = x, .options = o};
    size_t n_outputs = (size_t)x->net->n_outputs;
    size_t n_layers = (size_t)x->layers.n;
    if (o->output >= x->net->n_outputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "output %d: the network has outputs 0 to %d",
                           o->output, x->net->n_outputs - 1);
    TRY(pleats_alloc(ctx, n_outputs + o->n_marks, sizeof *d.series, &d.series));
    TRY(pleats_alloc(ctx, n_layers, sizeof *d.ticks, &d.ticks));
    TRY(pleats_alloc(ctx, n_outputs + o->n_marks + n_layers, sizeof *d.name,
                     &d.name));
    TRY(pleats_alloc(ctx, x->n_breaks, sizeof *d.tick, &d.tick));
    TRY(pleats_alloc(ctx, 4 * o->n_marks, sizeof *d.mark, &d.mark));
    add_curves(&d);
    add_marks(&d);
    add_ticks(&d);
    const pleats_chart chart = {.x = {.name = x->name,
                                      .has_range = true,
                                      .lo = x->at[0],
                                      .hi = x->at[x->n_cells]},
                                .y = {.name = "output"},
                                .series = d.series,
                                .n_series = d.n_series,
                                .ticks = d.ticks,
                                .n_ticks = d.n_ticks,
                                .line = o->legend,
                                .n_lines = o->n_legend};
    TRY(pleats_chart_paint(ctx, 1, &chart, out, o->width));
done:
    pleats_release(ctx, d.series);
    pleats_release(ctx, d.ticks);
    pleats_release(ctx, d.name);
    pleats_release(ctx, d.tick);
    pleats_release(ctx, d.mark);
    return status;
}
