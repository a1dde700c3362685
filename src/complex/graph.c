/* Regions, by a point inside each; an edge is a facet that two of them share.
 */
#include "complex/closure.h"
#include "complex/sets.h"
#include "exact/integers.h"

typedef struct {
    pleats_complex_work *work;
    pleats_complex_result *out;
    pleats_closure closure;
    pleats_complex_points inside; /* one point in each region */
    mpz_t *sum;                   /* [k + 1] */
    size_t edge_capacity, unit_capacity, n_listed;
} graphing;

/* ---- a point in each ---- */

/* The sum of the vertices' rows is a point between all of them: nearly their
 * mean when denominators are of one length. */
static void sum_vertices(graphing *g)
{
    const pleats_complex_points *p = &g->work->points;
    size_t most = 0;
    mpz_t term;
    mpz_init(term);
    for (pleats_idx v = 0; v < g->closure.n; v++) {
        const size_t bits =
            mpz_sizeinbase(p->point[g->closure.vertex[v]].x[p->k], 2);
        most = bits > most ? bits : most;
    }
    for (size_t j = 0; j <= p->k; j++)
        mpz_set_ui(g->sum[j], 0);
    for (pleats_idx v = 0; v < g->closure.n; v++) {
        mpz_t *x = p->point[g->closure.vertex[v]].x;
        for (size_t j = 0; j <= p->k; j++) {
            mpz_mul_2exp(term, x[j], most - mpz_sizeinbase(x[p->k], 2));
            mpz_add(g->sum[j], g->sum[j], term);
        }
    }
    mpz_clear(term);
}

static pleats_status add_point(graphing *g, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_node *node = &g->out->node[i];
    const pleats_complex_face *face = &g->work->faces.face[g->work->faces.k][i];
    TRY(pleats_closure_vertices(&g->closure, g->work->faces.k, i));
    sum_vertices(g);
    TRY(pleats_complex_points_add(&g->inside, g->sum));
    node->vertices = g->closure.n;
    node->facets = face->n;
    for (pleats_idx j = 0; j < face->n; j++)
        node->sides +=
            g->work->faces.face[g->work->faces.k - 1][face->facet[j]].on_side;
done:
    return status;
}

static void round_inputs(graphing *g)
{
    const pleats_complex_points *p = &g->inside;
    const pleats_coordinates *c = &g->work->frame.coordinates;
    mpz_t sum, den;
    mpz_inits(sum, den, NULL);
    for (size_t i = 0; i < p->n; i++)
        for (pleats_idx j = 0; j < c->n_inputs; j++) {
            mpz_set_ui(sum, 0);
            for (size_t a = 0; a <= p->k; a++)
                mpz_addmul(sum, p->point[i].x[a],
                           c->num[(size_t)j * (p->k + 1) + a]);
            mpz_mul(den, p->point[i].x[p->k], c->den);
            g->out->point[i * (size_t)c->n_inputs + (size_t)j] =
                pleats_quotient_to_double(sum, den, NULL);
        }
    mpz_clears(sum, den, NULL);
}

/* ---- patterns ---- */

static pleats_idx *piece_of(graphing *g, size_t region, pleats_idx unit)
{
    return &g->out->piece[region * (size_t)g->out->n_units + (size_t)unit];
}

static void count_breaks(graphing *g, const pleats_step *s, pleats_idx i)
{
    const pleats_pl *f = pleats_step_function(s, i);
    mpq_t at;
    mpq_init(at);
    for (pleats_idx b = 0; b < f->n_breaks; b++) {
        mpq_set_d(at, f->at[b]);
        pleats_complex_points_cut_level(&g->inside, s->in[i], at);
        for (size_t r = 0; r < g->inside.n; r++)
            *piece_of(g, r, s->first_unit + i) +=
                pleats_complex_points_sign(&g->inside, r) > 0;
    }
    mpq_clear(at);
}

/* The first of those that lead. */
static void find_winners(graphing *g, const pleats_step *s, pleats_idx i)
{
    const pleats_idx *scalar = s->in + s->start[i];
    const pleats_idx n = s->start[i + 1] - s->start[i];
    pleats_complex_points_set_lead(&g->inside, scalar[0]);
    for (pleats_idx c = 1; c < n; c++)
        pleats_complex_points_raise_lead(&g->inside, scalar[c], s->is_min);
    for (size_t r = 0; r < g->inside.n; r++)
        while (!pleats_complex_points_is_lead(
            &g->inside, r, scalar[*piece_of(g, r, s->first_unit + i)]))
            ++*piece_of(g, r, s->first_unit + i);
    pleats_complex_points_drop_lead(&g->inside);
}

static pleats_status find_patterns(graphing *g)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = g->work->net;
    TRY(pleats_complex_points_inputs(&g->inside, &g->work->frame.coordinates));
    for (pleats_idx step = 0; step < net->n_steps; step++) {
        const pleats_step *s = &net->step[step];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            if (s->kind == PLEATS_STEP_PL)
                count_breaks(g, s, i);
            else if (s->kind == PLEATS_STEP_MAX)
                find_winners(g, s, i);
            TRY(pleats_check_work(g->work->ctx, 50 * g->inside.n));
        }
        TRY(pleats_complex_points_step(&g->inside, step));
    }
done:
    return status;
}

/* ---- edges ---- */

static pleats_status add_edge(graphing *g, pleats_idx from, pleats_idx to)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_result *out = g->out;
    pleats_walk_edge edge = {.from = from, .to = to};
    for (pleats_idx u = 0; u < out->n_units; u++) {
        if (*piece_of(g, (size_t)from, u) == *piece_of(g, (size_t)to, u))
            continue;
        TRY(pleats_grow(g->work->ctx, &out->unit, &g->unit_capacity,
                        g->n_listed + 1, sizeof *out->unit));
        out->unit[g->n_listed++] = u;
        edge.n_units++;
    }
    TRY(pleats_grow(g->work->ctx, &out->edge, &g->edge_capacity,
                    (size_t)out->n_edges + 1, sizeof *out->edge));
    out->edge[out->n_edges++] = edge;
    TRY(pleats_check_work(g->work->ctx, (size_t)out->n_units));
done:
    return status;
}

static pleats_status find_edges(graphing *g)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = &g->work->faces;
    pleats_idx *first = NULL;
    TRY(pleats_alloc(f->ctx, f->k > 0 ? f->n[f->k - 1] : 0, sizeof *first,
                     &first));
    for (size_t i = 0; i < f->n[f->k]; i++) {
        const pleats_complex_face *face = &f->face[f->k][i];
        for (pleats_idx j = 0; j < face->n; j++) {
            pleats_idx *one = &first[face->facet[j]];
            if (*one > 0)
                TRY(add_edge(g, *one - 1, (pleats_idx)i));
            *one = (pleats_idx)i + 1;
        }
    }
    for (int64_t e = 0, n = 0; e < g->out->n_edges; e++) {
        g->out->edge[e].unit = g->out->unit + n;
        n += g->out->edge[e].n_units;
    }
done:
    pleats_release(f->ctx, first);
    return status;
}

pleats_status pleats_complex_graph(pleats_complex_work *w,
                                   pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    graphing g = {.work = w, .out = out};
    const size_t n = w->faces.n[w->faces.k];
    const size_t width = (size_t)w->frame.k + 1;
    out->n_units = w->net->n_units;
    out->n_inputs = w->net->n_inputs;
    TRY(pleats_integers_new(w->ctx, width, &g.sum));
    TRY(pleats_alloc(w->ctx, n, sizeof *out->node, &out->node));
    TRY(pleats_alloc(w->ctx, n * (size_t)out->n_units, sizeof *out->piece,
                     &out->piece));
    TRY(pleats_alloc(w->ctx, n * (size_t)out->n_inputs, sizeof *out->point,
                     &out->point));
    TRY(pleats_closure_init(&w->faces, &g.closure));
    TRY(pleats_complex_points_init(w->ctx, &g.inside, w->net,
                                   (size_t)w->frame.k));
    for (size_t i = 0; i < n; i++)
        TRY(add_point(&g, (pleats_idx)i));
    round_inputs(&g);
    TRY(find_patterns(&g));
    TRY(find_edges(&g));
    out->n_nodes = (int64_t)n;
done:
    if (g.inside.ctx)
        pleats_complex_points_clear(&g.inside);
    pleats_closure_clear(&g.closure);
    pleats_integers_free(w->ctx, g.sum, width);
    if (status != PLEATS_OK)
        out->n_edges = 0;
    return status;
}
