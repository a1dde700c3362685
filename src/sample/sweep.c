#include "sample/sweep.h"

#include <string.h>

static void on_tick(void *state, double share, bool *stop)
{
    const pleats_sweep *s = state;
    (void)share;
    *stop = *stop || pleats_stop_reason(s->space.ctx);
}

pleats_status pleats_sweep_init(pleats_ctx *ctx, pleats_sweep *s,
                                const pleats_net *net,
                                const pleats_frame *frame,
                                const pleats_ahead *ahead)
{
    pleats_status status = PLEATS_OK;
    *s = (pleats_sweep){0};
    TRY(pleats_space_init(ctx, &s->space, net, frame, pleats_engine_for(frame),
                          false));
    TRY(pleats_space_begin_fine(&s->space, ahead->n_fine));
    TRY(pleats_descent_init(&s->descent, &s->space, ahead, on_tick, s));
done:
    return status;
}

void pleats_sweep_clear(pleats_sweep *s)
{
    pleats_ctx *ctx = s->space.ctx;
    if (!ctx)
        return;
    if (s->descent.space)
        pleats_descent_clear(&s->descent);
    pleats_sections_clear(ctx, &s->sections);
    for (size_t i = 0; i < s->n_rooms; i++)
        pleats_release(ctx, s->stratum[i].child);
    pleats_release(ctx, s->stratum);
    pleats_release(ctx, s->way);
    pleats_space_clear(&s->space);
    *s = (pleats_sweep){0};
}

/* ---- strata ---- */

/* Whether stratum a is gone through before stratum b: descendants of a cell are
 * cut by fewer units of its step, or by units of a later one. */
static bool is_before(const pleats_stratum *a, const pleats_stratum *b)
{
    return a->step != b->step ? a->step < b->step : a->n_open > b->n_open;
}

/* A new stratum at its place in the order, whose room is one not used yet. */
static pleats_status insert(pleats_sweep *s, pleats_stratum key,
                            pleats_stratum **out)
{
    pleats_status status = PLEATS_OK;
    size_t at = s->n_strata;
    TRY(pleats_grow(s->space.ctx, &s->stratum, &s->stratum_capacity,
                    s->n_strata + 1, sizeof *s->stratum));
    if (s->n_strata == s->n_rooms)
        s->stratum[s->n_rooms++] = (pleats_stratum){0};
    const pleats_stratum room = s->stratum[s->n_strata++];
    for (; at > 0 && is_before(&s->stratum[at - 1], &key); at--)
        s->stratum[at] = s->stratum[at - 1];
    key.child = room.child;
    key.capacity = room.capacity;
    s->stratum[at] = key;
    *out = &s->stratum[at];
done:
    return status;
}

/* Adds the cell on top of the descent to its stratum: with a share of the
 * stratum's weight that is its own, it is the one that goes on. */
static pleats_status add(pleats_sweep *s, long double weight, pleats_rng *rng)
{
    pleats_status status = PLEATS_OK;
    const pleats_level *top = pleats_descent_top(&s->descent);
    const pleats_stratum key = {.step = top->step,
                                .n_open = (pleats_idx)top->n};
    pleats_stratum *stratum = NULL;
    for (size_t i = 0; i < s->n_strata && !stratum; i++)
        if (s->stratum[i].step == key.step &&
            s->stratum[i].n_open == key.n_open)
            stratum = &s->stratum[i];
    if (!stratum)
        TRY(insert(s, key, &stratum));
    stratum->weight += weight;
    if (pleats_rng_uniform(rng) * stratum->weight >= weight)
        return PLEATS_OK;
    TRY(pleats_grow(s->space.ctx, &stratum->child, &stratum->capacity,
                    (size_t)s->n_way, sizeof *stratum->child));
    stratum->n = s->n_way;
    if (s->n_way > 0)
        memcpy(stratum->child, s->way, (size_t)s->n_way * sizeof *s->way);
done:
    return status;
}

/* ---- the tree ---- */

/* Goes from the top of the descent to a child; *any: whether there is one. */
static pleats_status go(pleats_sweep *s, pleats_idx child, bool *any)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(s->space.ctx, &s->way, &s->way_capacity,
                    (size_t)s->n_way + 1, sizeof *s->way));
    TRY(pleats_descent_child(&s->descent, child, any));
    if (!*any)
        return PLEATS_OK;
    s->way[s->n_way++] = child;
    TRY(pleats_descent_advance(&s->descent));
    TRY(pleats_check_stop(s->space.ctx));
done:
    return status;
}

static pleats_status go_to_root(pleats_sweep *s)
{
    pleats_status status = PLEATS_OK;
    s->descent.depth = 0;
    s->descent.done = 0;
    s->n_way = 0;
    TRY(pleats_descent_root(&s->descent));
    TRY(pleats_descent_advance(&s->descent));
    TRY(pleats_check_stop(s->space.ctx));
done:
    return status;
}

/* Goes to the cell at the end of a way, which is there. */
static pleats_status go_down(pleats_sweep *s, const pleats_stratum *to)
{
    pleats_status status = PLEATS_OK;
    bool any = true;
    if (s->n_way == to->n &&
        (to->n == 0 ||
         memcmp(s->way, to->child, (size_t)to->n * sizeof *s->way) == 0))
        return PLEATS_OK;
    TRY(go_to_root(s));
    for (pleats_idx i = 0; i < to->n; i++)
        TRY(go(s, to->child[i], &any));
done:
    return status;
}

static bool can_count(const pleats_sweep *s, const pleats_level *top)
{
    return top->step == s->descent.last &&
           s->space.engine == PLEATS_ENGINE_VERTICES &&
           pleats_level_step(&s->descent, top)->kind == PLEATS_STEP_PL;
}

/* The cell on top: its regions are added up, or it goes to its stratum. */
static pleats_status take(pleats_sweep *s, long double weight, pleats_rng *rng)
{
    pleats_status status = PLEATS_OK;
    pleats_level *top = pleats_descent_top(&s->descent);
    pleats_section_range all = {.end = SIZE_MAX};
    uint64_t regions = 1;
    if (top->n_children > 0 && !can_count(s, top))
        return add(s, weight, rng);
    if (top->n > 0)
        TRY(pleats_sections_count(&s->space, &s->sections, &top->cell,
                                  pleats_level_step(&s->descent, top),
                                  s->descent.open + top->first, top->n, &all,
                                  &regions));
    s->found += weight * (long double)regions;
done:
    return status;
}

/* Takes the first stratum off and goes on from its cell. */
static pleats_status split(pleats_sweep *s, pleats_rng *rng)
{
    pleats_status status = PLEATS_OK;
    const pleats_stratum *first = &s->stratum[s->n_strata - 1];
    const long double weight = first->weight;
    TRY(go_down(s, first));
    s->n_strata--;
    const size_t level = s->descent.depth - 1;
    const pleats_idx n = s->descent.level[level].n_children;
    for (pleats_idx child = 0; child < n; child++) {
        bool any;
        while (s->descent.depth > level + 1) {
            s->descent.depth--;
            s->n_way--;
        }
        TRY(go(s, child, &any));
        if (any)
            TRY(take(s, weight, rng));
    }
done:
    return status;
}

pleats_status pleats_sweep_run(pleats_sweep *s, pleats_rng *rng,
                               long double *regions)
{
    pleats_status status = PLEATS_OK;
    s->n_strata = 0;
    s->found = 0;
    TRY(go_to_root(s));
    TRY(take(s, 1, rng));
    while (s->n_strata > 0)
        TRY(split(s, rng));
    *regions = s->found;
done:
    return status;
}
