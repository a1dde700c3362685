#include "cells/count.h"

#include "cells/maps.h"
#include "cells/one_layer.h"
#include "cells/parts.h"
#include "cells/pieces.h"

#include <string.h>

/* Affine maps of one group of parts, written in the leader's coordinates. */
typedef struct {
    bool is_open;
    pleats_idx *piece; /* [n_units] the pattern in question */
    pleats_exact_forms forms;
    pleats_digest_set seen;
} map_group;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_count_task *task;
    pleats_tally *tally;
    pleats_parts parts;
    pleats_space *space; /* [parts.n], the current one and those before it */
    map_group *group;    /* [parts.n], at leaders */
    pleats_idx current;
    pleats_region_list list;
    pleats_hasher *hasher;
    uint64_t regions; /* as far as max_cells and progress go */
    double started, reported;
    uint64_t cells;        /* that were reported */
    pleats_idx n_complete; /* parts that are done */
} counting;

/* The clock is looked at once for so many cells. */
enum { CELLS_PER_LOOK = 32 };

static void check_limits(counting *c, double share, bool *stop)
{
    double now = pleats_now();
    c->tally->stopped = pleats_stop_reason(c->ctx);
    *stop = *stop || c->tally->stopped;
    if (c->task->progress && now - c->reported > 0.2) {
        c->reported = now;
        c->task->progress(c->task->progress_state, c->regions,
                          (c->current + share) / c->parts.n);
    }
}

static void on_tick(void *state, double share, bool *stop)
{
    check_limits(state, share, stop);
}

/* Whether an earlier part of the same group has the region too. */
static pleats_status is_known(counting *c, const pleats_space *space,
                              bool *known)
{
    pleats_status status = PLEATS_OK;
    *known = false;
    for (pleats_idx i = 0; i < c->current && !*known; i++) {
        pleats_cell cell = {0};
        if (c->parts.leader[i] != c->parts.leader[c->current])
            continue;
        status = pleats_walk_pattern(&c->space[i], space->piece, &cell, known);
        pleats_cell_clear(c->ctx, &cell);
        TRY(status);
    }
done:
    return status;
}

static pleats_status open_group(counting *c, map_group *g, pleats_idx leader)
{
    pleats_status status = PLEATS_OK;
    if (g->is_open)
        return PLEATS_OK;
    g->is_open = true;
    TRY(pleats_alloc(c->ctx, (size_t)c->net->n_units, sizeof *g->piece,
                     &g->piece));
    TRY(pleats_exact_forms_init(c->ctx, &g->forms, c->net,
                                &c->parts.frame[leader].coordinates, g->piece));
done:
    return status;
}

/* Tells the group's forms of the new pattern, from the first step that it
 * changes. */
static void set_pattern(map_group *g, const pleats_net *net,
                        const pleats_idx *piece)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) ||
            memcmp(g->piece + s->first_unit, piece + s->first_unit,
                   (size_t)s->n_out * sizeof *piece) == 0)
            continue;
        pleats_exact_forms_changed(&g->forms, i);
        break;
    }
    if (net->n_units)
        memcpy(g->piece, piece, (size_t)net->n_units * sizeof *piece);
}

static pleats_status note_map(counting *c, const pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    pleats_idx leader = c->parts.leader[c->current];
    map_group *g = &c->group[leader];
    pleats_digest digest;
    size_t number;
    bool is_new;
    TRY(open_group(c, g, leader));
    set_pattern(g, c->net, space->piece);
    TRY(pleats_map_digest(c->ctx, &g->forms, c->hasher, &digest));
    TRY(pleats_digest_set_add(c->ctx, &g->seen, &digest, &number, &is_new));
    c->tally->maps += is_new;
    if (c->task->pieces)
        TRY(pleats_region_list_add(c->ctx, &c->list, c->net->n_units,
                                   space->piece, number, c->hasher));
done:
    return status;
}

static pleats_status on_region(void *state, pleats_space *space,
                               const pleats_cell *cell, double share,
                               bool *stop)
{
    pleats_status status = PLEATS_OK;
    counting *c = state;
    bool known = false;
    (void)cell;
    TRY(is_known(c, space, &known));
    if (!known) {
        mpz_add_ui(c->tally->regions, c->tally->regions, 1);
        c->regions++;
        if (c->task->maps || c->task->pieces)
            TRY(note_map(c, space));
    }
    if (c->cells++ % CELLS_PER_LOOK == 0)
        check_limits(c, share, stop);
    if (c->task->max_cells && c->regions >= c->task->max_cells && !*stop) {
        c->tally->stopped = "cell limit";
        *stop = true;
    }
done:
    return status;
}

/* Regions that were counted together. */
static pleats_status on_regions(void *state, uint64_t n, double share,
                                bool *stop)
{
    counting *c = state;
    mpz_add_ui(c->tally->regions, c->tally->regions, n);
    c->regions += n;
    if (c->cells++ % CELLS_PER_LOOK == 0)
        check_limits(c, share, stop);
    return PLEATS_OK;
}

/* Whether each region has to be looked at. */
static bool must_visit(const counting *c)
{
    return c->task->maps || c->task->pieces || c->task->max_cells ||
           c->parts.n > 1;
}

static pleats_engine engine_for(const counting *c, const pleats_frame *frame)
{
    if (c->task->engine != PLEATS_ENGINE_AUTO)
        return c->task->engine;
    pleats_idx most =
        frame->bounded ? PLEATS_VERTICES_MOST_BOUNDED : PLEATS_VERTICES_MOST;
    return frame->k <= most ? PLEATS_ENGINE_VERTICES : PLEATS_ENGINE_PROGRAMME;
}

static pleats_status count_part(counting *c, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_visitor visitor = {
        on_region, must_visit(c) ? NULL : on_regions, on_tick, c};
    pleats_space *space = &c->space[i];
    const pleats_frame *frame = &c->parts.frame[i];
    bool complete = false;
    if (c->task->engine == PLEATS_ENGINE_VERTICES &&
        frame->k > PLEATS_VERTICES_DIMENSION)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "cells are held by their vertices up to dimension %d; "
                        "this domain has dimension %d",
                        PLEATS_VERTICES_DIMENSION, frame->k));
    c->current = i;
    TRY(pleats_space_init(c->ctx, space, c->net, frame, engine_for(c, frame),
                          c->task->paranoid));
    if (c->task->engine == PLEATS_ENGINE_AUTO && !must_visit(c) &&
        pleats_is_one_layer(c->net, frame)) {
        TRY(pleats_one_layer_count(space, c->tally->regions));
        complete = true;
    } else {
        TRY(pleats_walk(space, &visitor, &complete));
    }
    space->engine = PLEATS_ENGINE_PROGRAMME;
    if (complete && c->task->pieces)
        TRY(pleats_pieces_count(space, &c->list, c->hasher, &visitor,
                                &c->tally->pieces, &complete));
    c->n_complete += complete;
done:
    return status;
}

static void clear_counting(counting *c)
{
    for (pleats_idx i = 0; i < c->parts.n; i++) {
        if (c->space) {
            c->tally->by_bounds += c->space[i].by_bounds;
            c->tally->by_exact += c->space[i].by_exact;
            pleats_space_clear(&c->space[i]);
        }
        if (c->group && c->group[i].is_open) {
            if (c->group[i].forms.net)
                pleats_exact_forms_clear(c->ctx, &c->group[i].forms);
            pleats_release(c->ctx, c->group[i].piece);
            pleats_digest_set_clear(c->ctx, &c->group[i].seen);
        }
    }
    pleats_release(c->ctx, c->space);
    pleats_release(c->ctx, c->group);
    pleats_region_list_clear(c->ctx, &c->list);
    pleats_hasher_free(c->ctx, c->hasher);
    pleats_parts_clear(c->ctx, &c->parts);
}

static pleats_status check_task(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain)
{
    if (net->n_inputs != domain->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, net->n_inputs);
    return PLEATS_OK;
}

static pleats_status count_parts(counting *c, const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    TRY(check_task(c->ctx, c->net, domain));
    TRY(pleats_parts_init(c->ctx, &c->parts, domain));
    if (c->task->pieces && c->parts.n > 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "affine pieces are counted on one polytope; this "
                        "domain is a union of %d (ask for regions or maps)",
                        c->parts.n));
    if (c->parts.n == 0)
        TRY(pleats_remark(c->ctx, "the domain is empty"));
    TRY(pleats_hasher_new(c->ctx, &c->hasher));
    TRY(pleats_alloc(c->ctx, (size_t)c->parts.n, sizeof *c->space, &c->space));
    TRY(pleats_alloc(c->ctx, (size_t)c->parts.n, sizeof *c->group, &c->group));
    for (pleats_idx i = 0; i < c->parts.n && !c->tally->stopped; i++) {
        if (c->parts.frame[i].k > c->tally->dimension)
            c->tally->dimension = c->parts.frame[i].k;
        TRY(count_part(c, i));
    }
    c->tally->complete = c->n_complete == c->parts.n;
done:
    return status;
}

/* A reason to stop that came up in the middle of a question ends the work like
 * one between two questions: what was found counts. */
pleats_status pleats_count_regions(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *domain,
                                   const pleats_count_task *task,
                                   pleats_tally *tally)
{
    counting c = {.ctx = ctx, .net = net, .task = task, .tally = tally};
    c.started = pleats_now();
    pleats_set_deadline(ctx, task->time_limit > 0 ? c.started + task->time_limit
                                                  : 0);
    mpz_set_ui(tally->regions, 0);
    tally->dimension = -1;
    tally->complete = false;
    pleats_status status = count_parts(&c, domain);
    if (status == PLEATS_LIMIT && pleats_stop_reason(ctx)) {
        tally->stopped = pleats_stop_reason(ctx);
        status = PLEATS_OK;
    }
    if (tally->complete)
        tally->stopped = NULL;
    else if (task->pieces)
        tally->pieces = tally->maps;
    pleats_set_deadline(ctx, 0);
    clear_counting(&c);
    return status;
}
