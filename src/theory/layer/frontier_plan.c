/* Which unions of windows matter on each boundary, and how they move. */
#include "theory/layer/chains.h"
#include "theory/layer/frontier.h"
#include "theory/layer/mirror.h"

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

/* All unions of the windows from .. to on the boundary after `done`; the empty
 * one is number 0. */
static pleats_status find_unions(pleats_ctx *ctx, planner *p, pleats_idx done,
                                 pleats_idx from, pleats_idx to, size_t most,
                                 pleats_family *family)
{
    pleats_status status = PLEATS_OK;
    uint64_t *own = p->mask, *both = p->mask + p->n_words;
    family->n_words = p->n_words;
    memset(own, 0, p->n_words * sizeof *own);
    TRY(pleats_family_add(ctx, family, own, most));
    for (pleats_idx w = from; w <= to; w++) {
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
            TRY(pleats_family_add(ctx, family, both, most));
        }
    }
done:
    return status;
}

/* The first window with an atom on the boundary after `done`. */
static pleats_idx first_behind(const planner *p, pleats_idx done)
{
    pleats_idx first = done;
    for (pleats_idx w = done; w <= p->reach; w++)
        for (pleats_idx i = p->c->start[w]; i < p->c->start[w + 1]; i++)
            if (p->first[p->c->atom[i]] < first)
                first = p->first[p->c->atom[i]];
    return first;
}

/* Where the unions so far are too many to be gone through, there are none, and
 * all unions still to come are kept. */
static pleats_status find_behind(pleats_ctx *ctx, planner *p, pleats_idx done,
                                 pleats_seam *b)
{
    const size_t work = p->work;
    pleats_status status =
        find_unions(ctx, p, done, first_behind(p, done), done - 1,
                    PLEATS_MOST_PAIRS / b->ahead.n, &b->behind);
    p->work = work;
    if (pleats_is_too_large(ctx, status)) {
        pleats_family_clear(ctx, &b->behind);
        status = PLEATS_OK;
    }
    return status;
}

static pleats_status find_seam(pleats_ctx *ctx, planner *p, pleats_idx done,
                               pleats_seam *b)
{
    pleats_status status = PLEATS_OK;
    TRY(find_unions(ctx, p, done, done, p->reach, MOST_UNIONS, &b->ahead));
    TRY(find_behind(ctx, p, done, b));
    TRY(pleats_seam_choose(ctx, b));
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

/* A step while it is filled. */
typedef struct {
    const planner *p;
    pleats_idx w;
    const pleats_seam *before;
    pleats_frontier_step *step;
    uint32_t *place; /* [before->ahead.n] where the step finds the union */
    uint32_t *among; /* [before->n_kept] scratch */
    size_t capacity, starts; /* of step->operand and step->start */
} filler;

/* Lists over which kept unions union x, which is not kept, is a maximum. */
static pleats_status derive(pleats_ctx *ctx, filler *f, size_t x)
{
    pleats_status status = PLEATS_OK;
    const pleats_component *c = f->p->c;
    pleats_frontier_step *step = f->step;
    const size_t at = step->start[step->n_derived];
    size_t n = 0;
    TRY(pleats_seam_cover(ctx, f->before, x, f->among, &n));
    TRY(pleats_grow(ctx, &step->operand, &f->capacity, at + n,
                    sizeof *step->operand));
    for (size_t i = 0; i < n; i++) {
        const uint64_t *set = pleats_family_set(&f->before->ahead, x);
        const uint64_t *other =
            pleats_family_set(&f->before->ahead, f->before->kept[f->among[i]]);
        int64_t less = 0;
        for (pleats_idx a = 0; a < c->n_atoms; a++)
            if (pleats_bit(other, a) && !pleats_bit(set, a))
                less += c->capacity[a];
        step->operand[at + i] =
            (pleats_frontier_operand){f->among[i], (int16_t)less};
    }
    TRY(pleats_grow(ctx, &step->start, &f->starts, step->n_derived + 2,
                    sizeof *step->start));
    f->place[x] = (uint32_t)(f->before->n_kept + step->n_derived++);
    step->start[step->n_derived] = (uint32_t)(at + n);
done:
    return status;
}

/* Where the step finds the set, a union on the boundary before. */
static pleats_status locate(pleats_ctx *ctx, filler *f, const uint64_t *set,
                            uint32_t *place)
{
    pleats_status status = PLEATS_OK;
    const size_t x = pleats_family_find(&f->before->ahead, set);
    if (f->place[x] == PLEATS_NOT_KEPT)
        TRY(derive(ctx, f, x));
    *place = f->place[x];
done:
    return status;
}

/* Entry i of the step: where its set, alone and with the window, is found
 * before it. */
static pleats_status fill_entry(pleats_ctx *ctx, filler *f, const uint64_t *set,
                                size_t i)
{
    pleats_status status = PLEATS_OK;
    const planner *p = f->p;
    const pleats_idx w = f->w;
    uint64_t *kept = p->mask, *joined = p->mask + p->n_words;
    restrict_window(p, w, w, joined);
    memcpy(kept, set, p->n_words * sizeof *kept);
    for (pleats_idx k = p->c->start[w]; k < p->c->start[w + 1]; k++)
        if (!is_on(p, p->c->atom[k], w))
            pleats_clear_bit(kept, p->c->atom[k]);
    for (size_t k = 0; k < p->n_words; k++)
        joined[k] |= kept[k];
    TRY(locate(ctx, f, kept, &f->step->keep[i]));
    TRY(locate(ctx, f, joined, &f->step->join[i]));
    f->step->cost[i] = (int16_t)capacity_of(p, w, set);
done:
    return status;
}

static pleats_status fill_entries(pleats_ctx *ctx, filler *f,
                                  const pleats_seam *after)
{
    pleats_status status = PLEATS_OK;
    const pleats_family *ahead = &f->before->ahead;
    TRY(pleats_alloc(ctx, ahead->n, sizeof *f->place, &f->place));
    TRY(pleats_alloc(ctx, f->before->n_kept, sizeof *f->among, &f->among));
    TRY(pleats_grow(ctx, &f->step->start, &f->starts, 1,
                    sizeof *f->step->start));
    f->step->start[0] = 0;
    memcpy(f->place, f->before->number, ahead->n * sizeof *f->place);
    restrict_window(f->p, f->w, f->w, f->p->mask);
    TRY(locate(ctx, f, f->p->mask, &f->step->own));
    for (size_t i = 1; i < after->n_kept; i++)
        TRY(fill_entry(ctx, f, pleats_family_set(&after->ahead, after->kept[i]),
                       i));
done:
    pleats_release(ctx, f->place);
    pleats_release(ctx, f->among);
    return status;
}

static pleats_status fill_step(pleats_ctx *ctx, const planner *p, pleats_idx w,
                               const pleats_seam *before,
                               const pleats_seam *after,
                               pleats_frontier_step *step)
{
    pleats_status status = PLEATS_OK;
    filler f = {.p = p, .w = w, .before = before, .step = step};
    step->n = after->n_kept;
    step->n_before = before->n_kept;
    step->capacity = capacity_of(p, w, NULL);
    if (p->c->n_windows > 1 &&
        (p->highest > INT16_MAX || step->capacity > INT16_MAX))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "windows that overlap have more than 32767 inputs"));
    step->highest = (int16_t)p->highest;
    TRY(pleats_alloc(ctx, step->n, sizeof *step->keep, &step->keep));
    TRY(pleats_alloc(ctx, step->n, sizeof *step->join, &step->join));
    TRY(pleats_alloc(ctx, step->n, sizeof *step->cost, &step->cost));
    TRY(fill_entries(ctx, &f, after));
done:
    return status;
}

pleats_status pleats_frontier_plan_init(pleats_ctx *ctx,
                                        pleats_frontier_plan *plan,
                                        const pleats_component *component)
{
    pleats_status status = PLEATS_OK;
    planner p = {0};
    pleats_seam before = {0}, after = {0};
    pleats_mirror mirror = {0};
    *plan = (pleats_frontier_plan){0};
    TRY(planner_init(ctx, &p, component));
    TRY(pleats_alloc(ctx, (size_t)component->n_windows, sizeof *plan->step,
                     &plan->step));
    plan->n = component->n_windows;
    TRY(pleats_mirror_init(ctx, &mirror, component));
    TRY(find_seam(ctx, &p, 0, &before));
    for (pleats_idx w = 0; w < plan->n; w++) {
        pass_window(&p, w);
        TRY(find_seam(ctx, &p, w + 1, &after));
        TRY(fill_step(ctx, &p, w, &before, &after, &plan->step[w]));
        TRY(pleats_mirror_seam(ctx, &mirror, &after, w + 1,
                               &plan->step[w].mirror));
        TRY(pleats_chains_init(ctx, &plan->step[w].chains, component, &after,
                               plan->step[w].mirror));
        pleats_seam_clear(ctx, &before);
        before = after;
        after = (pleats_seam){0};
    }
done:
    pleats_seam_clear(ctx, &before);
    pleats_seam_clear(ctx, &after);
    pleats_mirror_clear(ctx, &mirror);
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
        pleats_release(ctx, plan->step[i].mirror);
        pleats_release(ctx, plan->step[i].chains);
        pleats_release(ctx, plan->step[i].start);
        pleats_release(ctx, plan->step[i].operand);
    }
    pleats_release(ctx, plan->step);
    *plan = (pleats_frontier_plan){0};
}
