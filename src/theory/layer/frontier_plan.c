/* Which unions of windows matter on each boundary, and how they move. */
#include "theory/layer/family.h"
#include "theory/layer/frontier.h"

#include <string.h>

enum { MOST_UNIONS = 1 << 16 };

/* Words of bit sets that are joined for one plan: about a second. */
static const size_t most_work = (size_t)1 << 29;

typedef struct {
    const pleats_component *c;
    size_t n_words;
    pleats_idx *first, *last; /* [n_atoms] first and last window with it */
    pleats_idx reach; /* last window that shares atoms with those done */
    int64_t highest;  /* capacity of the boundary */
    size_t work;      /* words joined so far */
    uint64_t *mask;   /* [3 x n_words] scratch */
} planner;

static pleats_status planner_init(pleats_ctx *ctx, planner *p,
                                  const pleats_component *c)
{
    pleats_status status = PLEATS_OK;
    size_t atoms = (size_t)c->n_atoms;
    *p = (planner){.c = c, .n_words = atoms / 64 + 1, .reach = -1};
    TRY(pleats_alloc(ctx, atoms, sizeof *p->first, &p->first));
    TRY(pleats_alloc(ctx, atoms, sizeof *p->last, &p->last));
    TRY(pleats_alloc(ctx, 3 * p->n_words, sizeof *p->mask, &p->mask));
    for (pleats_idx w = c->n_windows - 1; w >= 0; w--)
        for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
            p->first[c->atom[i]] = w;
    for (pleats_idx w = 0; w < c->n_windows; w++)
        for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
            p->last[c->atom[i]] = w;
done:
    return status;
}

static void planner_clear(pleats_ctx *ctx, planner *p)
{
    pleats_release(ctx, p->first);
    pleats_release(ctx, p->last);
    pleats_release(ctx, p->mask);
}

/* Whether the atom is on the boundary after `done` windows. */
static bool is_on(const planner *p, pleats_idx atom, pleats_idx done)
{
    return p->first[atom] < done && p->last[atom] >= done;
}

/* set = the atoms of window w on the boundary after `done` windows. */
static void restrict_window(const planner *p, pleats_idx w, pleats_idx done,
                            uint64_t *set)
{
    memset(set, 0, p->n_words * sizeof *set);
    for (pleats_idx i = p->c->start[w]; i < p->c->start[w + 1]; i++)
        if (is_on(p, p->c->atom[i], done))
            pleats_set_bit(set, p->c->atom[i]);
}

/* Window w is done: moves the boundary behind it. */
static void pass_window(planner *p, pleats_idx w)
{
    for (pleats_idx i = p->c->start[w]; i < p->c->start[w + 1]; i++) {
        pleats_idx atom = p->c->atom[i];
        if (p->last[atom] > p->reach)
            p->reach = p->last[atom];
        if (p->first[atom] == w && p->last[atom] > w)
            p->highest += p->c->capacity[atom];
        if (p->first[atom] < w && p->last[atom] == w)
            p->highest -= p->c->capacity[atom];
    }
}

/* All unions of windows still to come after `done`, on the boundary; the empty
 * one is number 0. */
static pleats_status find_unions(pleats_ctx *ctx, planner *p, pleats_idx done,
                                 pleats_family *family)
{
    pleats_status status = PLEATS_OK;
    uint64_t *own = p->mask, *both = p->mask + p->n_words;
    family->n_words = p->n_words;
    memset(own, 0, p->n_words * sizeof *own);
    TRY(pleats_family_add(ctx, family, own, MOST_UNIONS));
    for (pleats_idx w = done; w <= p->reach; w++) {
        restrict_window(p, w, done, own);
        if (pleats_family_find(family, own) != SIZE_MAX)
            continue;
        p->work += family->n * p->n_words;
        TRY(pleats_check_stop(ctx));
        if (p->work > most_work)
            TRY(pleats_fail(ctx, PLEATS_LIMIT,
                            "the unions of overlapping windows are too many"));
        for (size_t i = 0, n = family->n; i < n; i++) {
            const uint64_t *set = pleats_family_set(family, i);
            for (size_t k = 0; k < p->n_words; k++)
                both[k] = set[k] | own[k];
            TRY(pleats_family_add(ctx, family, both, MOST_UNIONS));
        }
    }
done:
    return status;
}

static int64_t capacity_of(const planner *p, pleats_idx w, const uint64_t *less)
{
    int64_t sum = 0;
    for (pleats_idx i = p->c->start[w]; i < p->c->start[w + 1]; i++)
        if (!less || !pleats_bit(less, p->c->atom[i]))
            sum += p->c->capacity[p->c->atom[i]];
    return sum;
}

/* Entry i of the step over window w: where its set, alone and with the window,
 * is found among the unions of the boundary before. */
static void fill_entry(const planner *p, pleats_idx w,
                       const pleats_family *before, const pleats_family *after,
                       size_t i, pleats_frontier_step *step)
{
    uint64_t *kept = p->mask, *joined = p->mask + p->n_words;
    const uint64_t *set = pleats_family_set(after, i);
    restrict_window(p, w, w, joined);
    memcpy(kept, set, p->n_words * sizeof *kept);
    for (pleats_idx k = p->c->start[w]; k < p->c->start[w + 1]; k++)
        if (!is_on(p, p->c->atom[k], w))
            pleats_clear_bit(kept, p->c->atom[k]);
    for (size_t k = 0; k < p->n_words; k++)
        joined[k] |= kept[k];
    step->keep[i] = (uint32_t)pleats_family_find(before, kept);
    step->join[i] = (uint32_t)pleats_family_find(before, joined);
    step->cost[i] = (int16_t)capacity_of(p, w, set);
}

static pleats_status fill_step(pleats_ctx *ctx, const planner *p, pleats_idx w,
                               const pleats_family *before,
                               const pleats_family *after,
                               pleats_frontier_step *step)
{
    pleats_status status = PLEATS_OK;
    step->n = after->n;
    step->capacity = capacity_of(p, w, NULL);
    if (p->c->n_windows > 1 &&
        (p->highest > INT16_MAX || step->capacity > INT16_MAX))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "windows that overlap have more than 32767 inputs"));
    step->highest = (int16_t)p->highest;
    TRY(pleats_alloc(ctx, after->n, sizeof *step->keep, &step->keep));
    TRY(pleats_alloc(ctx, after->n, sizeof *step->join, &step->join));
    TRY(pleats_alloc(ctx, after->n, sizeof *step->cost, &step->cost));
    restrict_window(p, w, w, p->mask);
    step->own = (uint32_t)pleats_family_find(before, p->mask);
    for (size_t i = 1; i < after->n; i++)
        fill_entry(p, w, before, after, i, step);
done:
    return status;
}

pleats_status pleats_frontier_plan_init(pleats_ctx *ctx,
                                        pleats_frontier_plan *plan,
                                        const pleats_component *component)
{
    pleats_status status = PLEATS_OK;
    planner p = {0};
    pleats_family before = {0}, after = {0};
    *plan = (pleats_frontier_plan){0};
    TRY(planner_init(ctx, &p, component));
    TRY(pleats_alloc(ctx, (size_t)component->n_windows, sizeof *plan->step,
                     &plan->step));
    plan->n = component->n_windows;
    TRY(find_unions(ctx, &p, 0, &before));
    for (pleats_idx w = 0; w < plan->n; w++) {
        pass_window(&p, w);
        TRY(find_unions(ctx, &p, w + 1, &after));
        TRY(fill_step(ctx, &p, w, &before, &after, &plan->step[w]));
        pleats_family_clear(ctx, &before);
        before = after;
        after = (pleats_family){0};
    }
done:
    pleats_family_clear(ctx, &before);
    pleats_family_clear(ctx, &after);
    planner_clear(ctx, &p);
    if (status != PLEATS_OK)
        pleats_frontier_plan_clear(ctx, plan);
    return status;
}

void pleats_frontier_plan_clear(pleats_ctx *ctx, pleats_frontier_plan *plan)
{
    for (pleats_idx i = 0; i < plan->n; i++) {
        pleats_release(ctx, plan->step[i].keep);
        pleats_release(ctx, plan->step[i].join);
        pleats_release(ctx, plan->step[i].cost);
    }
    pleats_release(ctx, plan->step);
    *plan = (pleats_frontier_plan){0};
}
