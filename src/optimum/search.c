#include "optimum/search_state.h"

#include "exact/integers.h"
#include "exact/rational.h"
#include "local/point.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Nodes that are split in one round. */
enum { ROUND = 16 };

static const double REPORT_SECONDS = 0.2;

/* ---- the work of a round ---- */

static pleats_status solve_slope(pleats_search_state *s, pleats_leaf *leaf,
                                 const pleats_range *unit, pleats_search_job *j)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_leaf_find_inside(leaf, &j->node, unit, &j->is_found, j->at));
    if (!j->is_found)
        goto done;
    TRY(pleats_slope_measure(leaf->ctx, &leaf->exact, &s->goals, leaf->frame,
                             s->task->norm, j->least));
    mpq_neg(j->least, j->least);
done:
    return status;
}

static pleats_status solve_leaf(pleats_search_state *s, pleats_search_worker *w,
                                pleats_ctx *ctx, pleats_search_job *j)
{
    pleats_status status = PLEATS_OK;
    pleats_leaf *leaf = &w->leaf[j->node.frame];
    if (!leaf->ctx)
        TRY(pleats_leaf_init(ctx, leaf, &s->goals,
                             &s->site[j->node.frame].frame,
                             s->task->is_strict));
    if (!s->task->norm)
        TRY(pleats_leaf_solve(leaf, &j->node, w->bounder.finder.unit,
                              &j->is_found, j->least, j->at));
    else
        TRY(solve_slope(s, leaf, w->bounder.finder.unit, j));
done:
    return status;
}

/* Values at points are of use below what there is. */
static double beyond(const pleats_search_state *s)
{
    if (s->task->decides)
        return 0;
    return s->best.has ? s->best.most : INFINITY;
}

static pleats_status do_job(void *state, pleats_idx number, pleats_ctx *ctx,
                            uint64_t which)
{
    pleats_status status = PLEATS_OK;
    pleats_search_state *s = state;
    pleats_search_worker *w = &s->worker[number];
    pleats_search_job *j = &s->job[which];
    const pleats_site *site = &s->site[j->node.frame];
    if (!w->bounder.ctx)
        TRY(pleats_bounder_init(ctx, &w->bounder, &s->goals, s->task->norm));
    TRY(pleats_bounder_bound(&w->bounder, site, &j->node));
    if (j->node.bound < INFINITY) {
        if (j->node.n_open == 0)
            TRY(solve_leaf(s, w, ctx, j));
        if (j->node.k > 0)
            memcpy(j->point, w->bounder.point,
                   (size_t)j->node.k * sizeof *j->point);
        if (!j->is_found && !s->task->norm)
            TRY(pleats_bounder_value(&w->bounder, site, beyond(s), &j->value));
    }
    j->is_done = true;
done:
    return status;
}

static pleats_status add_job(pleats_search_state *s,
                             pleats_take pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    pleats_search_job *j = &s->job[s->n_jobs];
    if (!j->at) {
        TRY(pleats_alloc(s->ctx, (size_t)s->most_k, sizeof *j->point,
                         &j->point));
        TRY(pleats_integers_new(s->ctx, (size_t)s->most_k + 1, &j->at));
        mpq_init(j->least);
    }
    j->node = *node;
    *node = (pleats_node){0};
    j->is_done = j->is_found = false;
    j->value = (pleats_interval){-INFINITY, INFINITY};
    s->n_jobs++;
done:
    pleats_node_clear(s->ctx, node);
    return status;
}

static pleats_status reserve_jobs(pleats_search_state *s, pleats_idx more)
{
    return pleats_grow(s->ctx, &s->job, &s->job_capacity,
                       s->n_jobs + (size_t)more, sizeof *s->job);
}

/* ---- what came of it ---- */

/* Finite for what is below all doubles, too: nothing that is known at a point
 * is below that. */
static double double_above(const mpq_t q)
{
    const double above = pleats_interval_around(q, q).hi;
    return isinf(above) && mpq_sgn(q) < 0 ? -DBL_MAX : above;
}

static void take_least(pleats_search_state *s, const pleats_search_job *j)
{
    pleats_best_point *b = &s->best;
    if (b->has && b->is_least && mpq_cmp(j->least, b->value) >= 0)
        return;
    b->has = b->is_least = true;
    b->site = j->node.frame;
    mpq_set(b->value, j->least);
    b->lowest = pleats_interval_around(b->value, b->value).lo;
    b->most = double_above(b->value);
    for (pleats_idx i = 0; i <= j->node.k; i++)
        mpz_set(b->at[i], j->at[i]);
}

/* Points are kept until a leaf is at least as good. */
static pleats_status take_point(pleats_search_state *s,
                                const pleats_search_job *j)
{
    pleats_status status = PLEATS_OK;
    pleats_best_point *b = &s->best;
    if (!(j->value.hi < INFINITY) || (b->has && j->value.hi >= b->most))
        return PLEATS_OK;
    TRY(pleats_point_set(s->ctx, j->node.k, j->point, b->at));
    b->has = true;
    b->is_least = false;
    b->lowest = j->value.lo;
    b->most = j->value.hi;
    b->site = j->node.frame;
done:
    return status;
}

/* Whether a leaf's minimum is worth to be kept. */
static bool will_do(const pleats_search_state *s, const pleats_search_job *j)
{
    bool some_strict = false;
    for (pleats_idx i = 0; i < s->goals.n; i++)
        some_strict = some_strict || s->task->is_strict[i];
    if (s->task->decides)
        return some_strict ? mpq_sgn(j->least) < 0 : mpq_sgn(j->least) <= 0;
    if (!s->best.has || s->best.is_least)
        return true;
    return double_above(j->least) <= s->best.most;
}

static pleats_status take_job(pleats_search_state *s, pleats_search_job *j)
{
    pleats_status status = PLEATS_OK;
    if (j->is_done) {
        s->out->nodes++;
        s->out->leaves += j->node.n_open == 0;
        if (j->is_found && will_do(s, j))
            take_least(s, j);
        if (!j->is_found && (!s->task->decides || j->value.hi < 0))
            TRY(take_point(s, j));
    }
    if (j->is_done &&
        (j->node.n_open == 0 || pleats_search_is_beaten(s, &j->node)))
        goto done;
    TRY(pleats_queue_put(s->ctx, &s->queue, &j->node));
done:
    pleats_node_clear(s->ctx, &j->node);
    return status;
}

/* Does the jobs; those that are not done when a limit comes go back. */
static pleats_status run_round(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    status = pleats_numbered_run(&s->team, 0, s->n_jobs, do_job, s, NULL);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(s->ctx)) {
        s->out->stopped = pleats_ctx_limit(s->ctx);
        pleats_set_ending(s->ctx, true);
        status = PLEATS_OK;
    }
    if (status != PLEATS_OK)
        goto done;
    for (size_t i = 0; i < s->n_jobs; i++)
        TRY(take_job(s, &s->job[i]));
done:
    for (size_t i = 0; i < s->n_jobs; i++)
        pleats_node_clear(s->ctx, &s->job[i].node);
    s->n_jobs = 0;
    return status;
}

static pleats_status split(pleats_search_state *s, const pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = pleats_node_children(&s->goals.net, node);
    TRY(reserve_jobs(s, n));
    for (pleats_idx c = 0; c < n; c++) {
        pleats_node child = {0};
        TRY(pleats_node_child(s->ctx, &s->goals.net, node, c, &child));
        TRY(add_job(s, &child));
    }
done:
    return status;
}

/* The children of the first nodes become jobs. */
static pleats_status choose_jobs(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    for (int i = 0; i < ROUND && s->queue.n > 0; i++) {
        pleats_node node = pleats_queue_take(&s->queue);
        if (!pleats_search_is_beaten(s, &node))
            status = split(s, &node);
        pleats_node_clear(s->ctx, &node);
        TRY(status);
    }
done:
    return status;
}

static void tell(pleats_search_state *s)
{
    const pleats_limits *l = &s->task->limits;
    const double now = pleats_now();
    if (!l->progress || now < s->reported + REPORT_SECONDS)
        return;
    s->reported = now;
    const pleats_progress progress = {
        .found = s->out->nodes,
        .lower = pleats_search_unscaled(s, pleats_search_lowest(s)),
        .upper =
            s->best.has ? -pleats_search_unscaled(s, -s->best.most) : INFINITY};
    l->progress(l->progress_state, &progress);
}

static pleats_status go(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    TRY(reserve_jobs(s, s->n_sites));
    for (pleats_idx i = 0; i < s->n_sites; i++) {
        pleats_node root = {0};
        TRY(pleats_node_root(s->ctx, &s->site[i].frame, i, &root));
        TRY(add_job(s, &root));
    }
    TRY(run_round(s));
    s->is_whole = true;
    while (!pleats_search_is_settled(s) && !s->out->stopped) {
        const uint64_t most = s->task->limits.cells;
        if (most && s->out->nodes >= most) {
            s->out->stopped = PLEATS_STOP_CELLS;
            break;
        }
        s->floor = pleats_search_lowest(s);
        TRY(choose_jobs(s));
        TRY(run_round(s));
        tell(s);
    }
done:
    return status;
}

/* ---- the whole ---- */

static pleats_status open_sites(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_domain *d = s->task->domain;
    TRY(pleats_alloc(s->ctx, (size_t)d->n_parts, sizeof *s->site, &s->site));
    for (pleats_idx i = 0; i < d->n_parts; i++) {
        pleats_site *p = &s->site[s->n_sites];
        s->n_sites++;
        TRY(pleats_site_init(s->ctx, p, s->task->net, d, &d->part[i]));
        if (!p->frame.empty && s->task->norm)
            TRY(pleats_slope_check(s->ctx, &p->frame, s->task->norm));
        if (p->frame.empty) {
            pleats_site_clear(s->ctx, p);
            s->n_sites--;
        } else if (p->frame.k > s->most_k) {
            s->most_k = p->frame.k;
        }
    }
    s->out->is_empty = s->n_sites == 0;
    TRY(pleats_integers_new(s->ctx, (size_t)s->most_k + 1, &s->best.at));
done:
    return status;
}

static pleats_status open_workers(pleats_search_state *s)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_team_init(s->ctx, &s->team, &s->task->limits));
    TRY(pleats_alloc(s->ctx, (size_t)s->team.n, sizeof *s->worker, &s->worker));
    for (pleats_idx i = 0; i < s->team.n; i++)
        TRY(pleats_alloc(s->ctx, (size_t)s->n_sites, sizeof(pleats_leaf),
                         &s->worker[i].leaf));
done:
    return status;
}

static void close_all(pleats_search_state *s)
{
    pleats_ctx *ctx = s->ctx;
    for (pleats_idx i = 0; s->worker && i < s->team.n; i++) {
        pleats_search_worker *w = &s->worker[i];
        for (pleats_idx p = 0; w->leaf && p < s->n_sites; p++)
            pleats_leaf_clear(&w->leaf[p]);
        pleats_release(ctx, w->leaf);
        pleats_bounder_clear(&w->bounder);
    }
    pleats_release(ctx, s->worker);
    pleats_team_clear(ctx, &s->team);
    pleats_queue_clear(ctx, &s->queue);
    for (size_t i = 0; i < s->job_capacity; i++) {
        pleats_search_job *j = &s->job[i];
        if (!j->at)
            continue;
        pleats_release(ctx, j->point);
        pleats_integers_free(ctx, j->at, (size_t)s->most_k + 1);
        mpq_clear(j->least);
    }
    pleats_release(ctx, s->job);
    for (pleats_idx i = 0; s->site && i < s->n_sites; i++)
        pleats_site_clear(ctx, &s->site[i]);
    pleats_release(ctx, s->site);
    pleats_integers_free(ctx, s->best.at, (size_t)s->most_k + 1);
    mpq_clear(s->best.value);
    pleats_goals_clear(ctx, &s->goals);
}

/* A limit is no failure: it ends the search. */
static pleats_status or_stop(pleats_search_state *s, pleats_status status)
{
    if (status != PLEATS_LIMIT || !pleats_ctx_limit(s->ctx))
        return status;
    s->out->stopped = pleats_ctx_limit(s->ctx);
    s->is_whole = false;
    return PLEATS_OK;
}

pleats_status pleats_optimum_search(pleats_ctx *ctx,
                                    const pleats_optimum_task *task,
                                    pleats_optimum *out)
{
    pleats_status status = PLEATS_OK;
    pleats_search_state s = {
        .ctx = ctx, .task = task, .floor = -INFINITY, .out = out};
    *out = (pleats_optimum){0};
    mpq_init(out->value);
    mpq_init(s.best.value);
    if (task->net->n_inputs != task->domain->n_inputs)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the domain has %d inputs, the network %d",
                        task->domain->n_inputs, task->net->n_inputs));
    TRY(pleats_goals_init(ctx, &s.goals, task->net, task->n_goals, task->goal));
    TRY(or_stop(&s, open_sites(&s)));
    if (out->is_empty)
        goto done;
    if (!out->stopped)
        TRY(or_stop(&s, open_workers(&s)));
    if (!out->stopped)
        TRY(or_stop(&s, go(&s)));
    TRY(pleats_search_describe(&s));
done:
    pleats_set_ending(ctx, false);
    close_all(&s);
    return status;
}

void pleats_optimum_clear(pleats_ctx *ctx, const pleats_net *net,
                          pleats_optimum *out)
{
    pleats_rational_array_free(ctx, (size_t)net->n_inputs, out->x);
    pleats_rational_array_free(ctx, (size_t)net->n_outputs, out->y);
    pleats_release(ctx, out->piece);
    mpq_clear(out->value);
    *out = (pleats_optimum){0};
}
