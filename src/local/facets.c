#include "local/facets.h"

#include "base/perturb.h"
#include "local/proof.h"
#include "local/rows.h"
#include "lp/lp.h"

#include <math.h>
#include <string.h>

/* A search over the distinct half-spaces of a region. */
typedef struct {
    pleats_region *r;
    pleats_facet_verdict *verdict;
    double *beyond;
    pleats_idx n;
    pleats_idx *rep;        /* [n] the distinct half-spaces */
    pleats_row_table table; /* of these */
    double *rate;           /* [n] along a ray */
    double *direction;      /* [k] */
    double *point;          /* [k] */
    double *objective;      /* [k + 1] */
    double *multiplier;
    pleats_idx *listed; /* [n] */
    bool *free;         /* [k] of the programmes: nothing is boxed */
    pleats_lp start, lp;
} search;

static void search_clear(search *s)
{
    pleats_ctx *ctx = s->r->ctx;
    pleats_row_table_clear(&s->table);
    pleats_release(ctx, s->rep);
    pleats_release(ctx, s->rate);
    pleats_release(ctx, s->direction);
    pleats_release(ctx, s->point);
    pleats_release(ctx, s->objective);
    pleats_release(ctx, s->multiplier);
    pleats_release(ctx, s->listed);
    pleats_release(ctx, s->free);
    pleats_lp_clear(ctx, &s->start);
    pleats_lp_clear(ctx, &s->lp);
}

static pleats_status search_init(search *s)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = s->r->ctx;
    size_t n = (size_t)s->r->n, k = (size_t)s->r->k;
    TRY(pleats_alloc(ctx, n, sizeof *s->rep, &s->rep));
    TRY(pleats_alloc(ctx, n, sizeof *s->rate, &s->rate));
    TRY(pleats_alloc(ctx, n + k, sizeof *s->multiplier, &s->multiplier));
    TRY(pleats_alloc(ctx, n + k, sizeof *s->listed, &s->listed));
    TRY(pleats_alloc(ctx, k, sizeof *s->direction, &s->direction));
    TRY(pleats_alloc(ctx, k, sizeof *s->point, &s->point));
    TRY(pleats_alloc(ctx, k + 1, sizeof *s->objective, &s->objective));
    TRY(pleats_alloc(ctx, k, sizeof *s->free, &s->free));
    for (pleats_idx i = 0; i < s->r->n; i++) {
        bool first = s->r->twin[i] == i;
        s->verdict[i] = first ? PLEATS_FACET_UNDECIDED : PLEATS_REPEATED;
        if (first)
            s->rep[s->n++] = i;
    }
    TRY(pleats_row_table_init(&s->table, s->r, s->n, s->rep));
done:
    return status;
}

/* Whether the point is certainly beyond half-space i and inside all others; it
 * then is a facet: the way there from the origin leaves the region through it
 * alone. */
static bool settle(search *s, pleats_idx i, const double *point,
                   pleats_facet_verdict how)
{
    const pleats_region *r = s->r;
    double size = 1;
    for (pleats_idx c = 0; c < r->k; c++)
        size = fabs(point[c]) > size ? fabs(point[c]) : size;
    pleats_row_table_multiply(&s->table, point, s->rate);
    for (pleats_idx j = 0; j < s->n; j++) {
        const pleats_idx o = s->rep[j];
        double value = s->rate[j] + pleats_region_entry(r, o)[r->k];
        double off = pleats_round_up(r->bounds[o].tolerance * size);
        if (!(o == i ? value < -off : value > off) || !isfinite(value))
            return false;
    }
    s->verdict[i] = how;
    if (s->beyond)
        memcpy(s->beyond + (size_t)i * (size_t)r->k, point,
               (size_t)r->k * sizeof *point);
    return true;
}

/* The half-space that the ray leaves first, -1: none; if doubles can tell, it
 * is a facet. */
static pleats_idx shoot(search *s)
{
    const pleats_region *r = s->r;
    double first = INFINITY, second = INFINITY;
    pleats_idx hit = -1;
    pleats_row_table_multiply(&s->table, s->direction, s->rate);
    for (pleats_idx j = 0; j < s->n; j++) {
        double c = pleats_region_entry(r, s->rep[j])[r->k];
        double length = s->rate[j] < 0 ? c / -s->rate[j] : INFINITY;
        if (length < first) {
            second = first;
            first = length;
            hit = s->rep[j];
        } else if (length < second) {
            second = length;
        }
    }
    if (hit < 0 || s->verdict[hit] != PLEATS_FACET_UNDECIDED || !(first > 0))
        return hit;
    double length = second < 8 * first ? (first + second) / 2 : 4 * first;
    for (pleats_idx c = 0; c < r->k; c++)
        s->point[c] = length * s->direction[c];
    settle(s, hit, s->point, PLEATS_FACET_BY_RAY);
    return hit;
}

/* Rays along the half-space's own normal, which are turned away from what
 * they meet first. */
enum { TURNS = 12 };
static void shoot_at(search *s, pleats_idx i)
{
    const pleats_region *r = s->r;
    const double *row = pleats_region_entry(r, i);
    for (pleats_idx c = 0; c < r->k; c++)
        s->direction[c] = -row[c];
    for (int turn = 0; turn < TURNS; turn++) {
        pleats_idx hit = shoot(s);
        if (hit < 0 || hit == i || s->verdict[i] != PLEATS_FACET_UNDECIDED)
            return;
        const double *wall = pleats_region_entry(r, hit);
        double along = 0, size = 0, left = 0;
        for (pleats_idx c = 0; c < r->k; c++) {
            along += s->direction[c] * wall[c];
            size += wall[c] * wall[c];
        }
        for (pleats_idx c = 0; c < r->k; c++) {
            s->direction[c] -= 1.001 * along / size * wall[c];
            left += s->direction[c] * row[c];
        }
        if (!(left < 0))
            return;
    }
}

/* The programme with all half-spaces, at the origin. */
static pleats_status start_programme(search *s)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_lp_init(s->r->ctx, &s->start, s->r->k, s->free));
    for (pleats_idx j = 0; j < s->n; j++)
        TRY(pleats_lp_add_row(s->r->ctx, &s->start,
                              pleats_region_entry(s->r, s->rep[j])));
    pleats_lp_settle(&s->start);
done:
    return status;
}

/* Half-space number j of the list is moved out by 1, and the programme looks
 * for a point beyond it. */
static pleats_status look_beyond(search *s, pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx i = s->rep[j], k = s->r->k;
    const double *row = pleats_region_entry(s->r, i);
    TRY(pleats_lp_copy(s->r->ctx, &s->lp, &s->start));
    s->lp.dictionary[(size_t)j * ((size_t)k + 1) + (size_t)k] += 1;
    for (pleats_idx c = 0; c <= k; c++)
        s->objective[c] = -row[c];
    pleats_lp_end end = pleats_lp_maximize(&s->lp, s->objective, 0x1p-8);
    double value = pleats_lp_value(&s->lp), inside = row[k];
    if ((end == PLEATS_LP_OPTIMAL || end == PLEATS_LP_ENOUGH) && value > 0 &&
        inside > 0) {
        double share = (inside / (inside + value) + 1) / 2;
        pleats_lp_vertex(&s->lp, s->point);
        for (pleats_idx c = 0; c < k; c++)
            s->point[c] *= share;
        settle(s, i, s->point, PLEATS_FACET_BY_PROGRAMME);
    }
done:
    return status;
}

/* Tries to prove that half-space number j of the list, which the programme did
 * not get beyond, is redundant. */
static pleats_status try_redundant(search *s, pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    pleats_idx listed = 0;
    bool proven = false, by_bounds = false;
    pleats_lp_multipliers(&s->lp, s->multiplier);
    pleats_perturb_hints((size_t)s->n, s->multiplier);
    for (pleats_idx o = 0; o < s->n; o++)
        if (o != j && s->multiplier[o] > 1e-12)
            s->listed[listed++] = s->rep[o];
    TRY(pleats_prove_redundant(s->r, s->rep[j], listed, s->listed, &proven,
                               &by_bounds));
    if (proven)
        s->verdict[s->rep[j]] =
            by_bounds ? PLEATS_REDUNDANT_BY_BOUNDS : PLEATS_REDUNDANT_EXACTLY;
done:
    return status;
}

static pleats_status decide(search *s, pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx i = s->rep[j];
    bool decided = false, is_facet = false;
    TRY(look_beyond(s, j));
    if (s->verdict[i] == PLEATS_FACET_UNDECIDED)
        TRY(try_redundant(s, j));
    if (s->verdict[i] != PLEATS_FACET_UNDECIDED)
        return PLEATS_OK;
    TRY(pleats_decide_exactly(s->r, i, s->n, s->rep, s->lp.nonbasic, &decided,
                              &is_facet, s->point));
    if (!decided)
        return PLEATS_OK;
    s->verdict[i] = is_facet ? PLEATS_FACET_EXACTLY : PLEATS_REDUNDANT_EXACTLY;
    if (is_facet && s->beyond)
        memcpy(s->beyond + (size_t)i * (size_t)s->r->k, s->point,
               (size_t)s->r->k * sizeof *s->point);
done:
    return status;
}

pleats_status pleats_find_facets(pleats_region *r,
                                 pleats_facet_verdict *verdict, double *beyond)
{
    pleats_status status = PLEATS_OK;
    search s = {.r = r, .verdict = verdict, .beyond = beyond};
    bool started = false;
    TRY(search_init(&s));
    for (pleats_idx j = 0; j < s.n && !pleats_stop_reason(r->ctx); j++)
        if (verdict[s.rep[j]] == PLEATS_FACET_UNDECIDED)
            shoot_at(&s, s.rep[j]);
    for (pleats_idx j = 0; j < s.n && !pleats_stop_reason(r->ctx); j++) {
        if (verdict[s.rep[j]] != PLEATS_FACET_UNDECIDED)
            continue;
        if (!started)
            TRY(start_programme(&s));
        started = true;
        status = decide(&s, j);
        if (status == PLEATS_LIMIT && pleats_stop_reason(r->ctx))
            status = PLEATS_OK;
        TRY(status);
    }
done:
    search_clear(&s);
    return status;
}
