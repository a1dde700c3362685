#include "sample/density.h"
#include "base/doubles.h"
#include "base/rng.h"
#include "net/net.h"
#include "read/rows.h"
#include "sample/estimate.h"

#include "pleats/estimate.h"

#include <math.h>

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_rows *rows;
    pleats_density_options options;
    size_t n;
    pleats_domain **domain; /* [n] */
    double *length;         /* [n] of segments; 1 for balls */
    uint64_t *regions;      /* [n x layers] */
    pleats_prefixes prefixes;
} measuring;

static void fill(pleats_density_options *o)
{
    o->n = o->n ? o->n : 20;
    o->level = o->level > 0 ? o->level : 0.95;
    o->most = o->most ? o->most : 100000;
}

/* room [n_inputs] */
static double distance(const measuring *m, const int64_t *pair, double *room)
{
    const double *a = pleats_rows_row(m->rows, pair[0]);
    const double *b = pleats_rows_row(m->rows, pair[1]);
    for (pleats_idx i = 0; i < m->net->n_inputs; i++)
        room[i] = a[i] - b[i];
    return pleats_length(room, (size_t)m->net->n_inputs);
}

/* Segments between pairs of different rows, drawn at random. */
static pleats_status make_segments(measuring *m)
{
    pleats_status status = PLEATS_OK;
    const uint64_t count = (uint64_t)pleats_rows_count(m->rows);
    double *room = NULL;
    pleats_rng rng;
    pleats_rng_init(&rng, m->options.seed);
    if (count < 2)
        return pleats_fail(m->ctx, PLEATS_INVALID,
                           "segments need at least two data rows");
    TRY(pleats_alloc(m->ctx, (size_t)m->net->n_inputs, sizeof *room, &room));
    for (uint64_t tries = 0; m->n < m->options.n; tries++) {
        const int64_t pair[] = {(int64_t)pleats_rng_below(&rng, count),
                                (int64_t)pleats_rng_below(&rng, count)};
        m->length[m->n] = distance(m, pair, room);
        if (tries > 100 * m->options.n)
            TRY(pleats_fail(m->ctx, PLEATS_INVALID,
                            "nearly all data rows are equal"));
        if (!(m->length[m->n] > 0))
            continue;
        TRY(pleats_domain_rows(m->ctx, m->rows, 2, pair, "0", "1",
                               &m->domain[m->n]));
        m->n++;
    }
done:
    pleats_release(m->ctx, room);
    return status;
}

static pleats_status make_balls(measuring *m)
{
    pleats_status status = PLEATS_OK;
    const uint64_t count = (uint64_t)pleats_rows_count(m->rows);
    for (; m->n < m->options.n && m->n < count; m->n++) {
        m->length[m->n] = 1;
        TRY(pleats_domain_row_ball(m->ctx, m->rows, (int64_t)m->n,
                                   m->options.radius, &m->domain[m->n]));
    }
done:
    return status;
}

/* The quantity of a layer on domain i; layer n_layers: of all. */
static double quantity(const measuring *m, size_t i, size_t layer)
{
    const size_t n = (size_t)m->prefixes.n;
    const uint64_t *regions = m->regions + i * n;
    if (n == 0)
        return m->options.radius ? 1 : 0;
    if (m->options.radius)
        return (double)regions[layer < n ? layer : n - 1];
    if (layer == n)
        return (double)(regions[n - 1] - 1) / m->length[i];
    return (double)(regions[layer] - (layer ? regions[layer - 1] : 1)) /
           m->length[i];
}

static pleats_status take(measuring *m, pleats_density_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)m->prefixes.n;
    long double *x = NULL;
    TRY(pleats_alloc(m->ctx, out->n, sizeof *x, &x));
    TRY(pleats_alloc(m->ctx, n + 1, sizeof *out->layer, &out->layer));
    out->n_layers = m->prefixes.n;
    for (size_t l = 0; l <= n; l++) {
        pleats_density_layer *layer = &out->layer[l];
        pleats_estimate e = {0};
        *layer =
            (pleats_density_layer){.least = INFINITY, .greatest = -INFINITY};
        for (size_t i = 0; i < out->n; i++) {
            double q = quantity(m, i, l);
            x[i] = q;
            layer->least = fmin(layer->least, q);
            layer->greatest = fmax(layer->greatest, q);
        }
        pleats_estimate_from(x, out->n, m->options.level, &e);
        layer->mean = (double)e.mean;
        layer->lo = (double)(2 * e.mean - e.hi);
        layer->hi = (double)e.hi;
    }
    for (size_t i = 0; i < out->n && n > 0; i++)
        out->over += m->regions[i * n + n - 1] > m->options.most;
done:
    pleats_release(m->ctx, x);
    return status;
}

static pleats_status measure(measuring *m, const pleats_limits *limits,
                             pleats_density_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_density_options *o = &m->options;
    const pleats_density_task task = {.most = o->radius ? o->most : 0,
                                      .limits = *limits};
    size_t done = 0;
    if (m->rows->n_inputs != m->net->n_inputs)
        TRY(pleats_fail(m->ctx, PLEATS_INVALID,
                        "the rows have %d numbers, the network %d inputs",
                        m->rows->n_inputs, m->net->n_inputs));
    if (o->n < 2)
        TRY(pleats_fail(m->ctx, PLEATS_INVALID,
                        "an interval needs at least 2 balls or segments"));
    TRY(pleats_prefixes_init(m->ctx, &m->prefixes, m->net));
    TRY(pleats_alloc(m->ctx, o->n, sizeof *m->domain, &m->domain));
    TRY(pleats_alloc(m->ctx, o->n, sizeof *m->length, &m->length));
    TRY(o->radius ? make_balls(m) : make_segments(m));
    TRY(pleats_alloc(m->ctx, m->n * (size_t)m->prefixes.n, sizeof *m->regions,
                     &m->regions));
    TRY(pleats_density_count(m->ctx, &m->prefixes, m->n, m->domain, &task,
                             m->regions, &done));
    out->n = done;
    if (m->n < 2)
        TRY(pleats_fail(m->ctx, PLEATS_INVALID,
                        "an interval needs at least 2 %s; the rows give %zu",
                        o->radius ? "balls" : "segments", m->n));
    if (done < m->n)
        out->stopped = pleats_ctx_limit(m->ctx);
    if (done < 2)
        TRY(pleats_fail(
            m->ctx, PLEATS_LIMIT, "there were not two %s to be counted (%s)",
            o->radius ? "balls" : "segments",
            out->stopped ? pleats_stop_text(out->stopped) : "rows"));
    TRY(take(m, out));
done:
    return status;
}

pleats_status pleats_density(pleats_ctx *ctx, const pleats_net *net,
                             const pleats_rows *rows,
                             const pleats_density_options *options,
                             const pleats_limits *limits,
                             pleats_density_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    measuring m = {.ctx = ctx, .net = net, .rows = rows};
    *out = (pleats_density_result){0};
    TRY(pleats_options_take(ctx, options, &m.options, sizeof m.options));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    fill(&m.options);
    TRY(measure(&m, &watch.limits, out));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    for (size_t i = 0; i < m.n; i++)
        pleats_domain_free(ctx, m.domain[i]);
    pleats_release(ctx, m.domain);
    pleats_release(ctx, m.length);
    pleats_release(ctx, m.regions);
    pleats_prefixes_clear(ctx, &m.prefixes);
    return status;
}

void pleats_density_result_clear(pleats_ctx *ctx, pleats_density_result *r)
{
    pleats_release(ctx, r->layer);
    *r = (pleats_density_result){0};
}
