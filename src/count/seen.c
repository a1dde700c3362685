#include "count/seen.h"

#include "base/doubles.h"
#include "cells/task.h"
#include "cells/unit.h"
#include "cells/walk.h"
#include "par/numbered.h"

#include <stdatomic.h>
#include <stdlib.h>

/* For a record and for threads that are asked for the search is cut into so
 * many subtrees or more, where there are as many: what a checkpoint lacks is a
 * part of one for each thread.  To name them takes the way down several times,
 * so that otherwise the whole is one. */
enum { SUBTREES = 1024, DEEPER = 6 };

/* One worker: its room, and what it saw in the subtree at hand. */
typedef struct {
    struct search *all;
    pleats_space space;
    pleats_forms forms; /* of the region at hand, made when needed */
    bool has_forms;
    double *entry; /* [k + 1] */
    mpz_t *row;    /* [k + 1] */
    bool *gives;   /* [n_pieces] */
    uint64_t regions;
} looking;

typedef struct search {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    const pleats_seen_task *task;
    pleats_seen *out;
    pleats_ahead ahead;
    pleats_team team;
    looking *worker; /* [team.n] */
    pleats_origin origin;
    pleats_parcels subtrees; /* the trials */
    _Atomic uint64_t regions;
    atomic_bool is_full;  /* no more may be looked at */
    pthread_mutex_t lock; /* of out */
} search;

/* Whether the plane's form is 0 on the whole region. */
static pleats_status vanishes(looking *l, pleats_space *s,
                              pleats_hyperplane plane, bool *does)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k;
    double size = 0;
    *does = plane.a == plane.b;
    if (*does)
        return PLEATS_OK;
    for (pleats_idx i = 0; i < s->net->n_steps && !l->has_forms; i++)
        TRY(pleats_forms_run(s->ctx, &l->forms, &s->net->step[i], s->piece));
    l->has_forms = true;
    pleats_bounds bounds = pleats_plane_row(&l->forms, plane, l->entry);
    for (pleats_idx c = 0; c <= k; c++)
        size += fabs(l->entry[c]);
    if (pleats_sign_beyond(size, pleats_round_up(bounds.tolerance)) > 0)
        return PLEATS_OK;
    TRY(pleats_exact_forms_multiple(s->ctx, &s->exact, plane.a, plane.b,
                                    plane.at, l->row));
    *does = true;
    for (pleats_idx c = 0; c <= k && *does; c++)
        *does = mpz_sgn(l->row[c]) == 0;
done:
    return status;
}

/* Whether piece p gives the unit's value in the region, too: at a breakpoint
 * the region has the piece below it. */
static pleats_status gives_too(looking *l, pleats_space *space,
                               const pleats_step *s, pleats_idx unit,
                               pleats_idx p, bool *does)
{
    const pleats_idx piece = space->piece[s->first_unit + unit];
    *does = p == piece;
    if (*does || (s->kind == PLEATS_STEP_PL && p != piece + 1))
        return PLEATS_OK;
    return vanishes(l, space,
                    s->kind == PLEATS_STEP_PL
                        ? pleats_unit_plane(s, unit, piece)
                        : pleats_unit_duel(s, unit, p, piece),
                    does);
}

/* Takes a place among the regions that may be looked at. */
static bool may_look(search *all)
{
    const uint64_t most = all->task->limits.cells;
    if (most == 0 || atomic_fetch_add(&all->regions, 1) < most)
        return true;
    atomic_store(&all->is_full, true);
    return false;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    looking *l = state;
    const pleats_seen *out = l->all->out;
    (void)cell;
    (void)share;
    l->has_forms = false;
    *stop = !may_look(l->all);
    for (pleats_idx i = 0; i < space->net->n_steps && !*stop; i++) {
        const pleats_step *s = &space->net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            bool *gives = l->gives + out->start[s->first_unit + u];
            pleats_idx n = pleats_step_pieces(s, u);
            if (!l->all->task->is_asked[s->first_unit + u])
                continue;
            for (pleats_idx p = 0; p < n; p++)
                if (gives[p])
                    TRY(gives_too(l, space, s, u, p, &gives[p]));
        }
    }
    l->regions += !*stop;
done:
    return status;
}

/* ---- workers ---- */

static pleats_status worker_begin(search *all, looking *l, pleats_ctx *ctx)
{
    pleats_status status = PLEATS_OK;
    const pleats_frame *frame = all->frame;
    const size_t width = (size_t)frame->k + 1;
    l->all = all;
    TRY(pleats_alloc(ctx, width, sizeof *l->entry, &l->entry));
    TRY(pleats_integers_new(ctx, width, &l->row));
    TRY(pleats_alloc(ctx, all->out->n_pieces, sizeof *l->gives, &l->gives));
    TRY(pleats_forms_init(ctx, &l->forms, all->net, &frame->coordinates));
    TRY(pleats_space_init(ctx, &l->space, all->net, frame,
                          pleats_engine_for(frame), false));
    TRY(pleats_space_begin_fine(&l->space, all->ahead.n_fine));
done:
    return status;
}

static void worker_end(pleats_ctx *ctx, looking *l, pleats_idx k)
{
    if (!l->all)
        return;
    if (l->space.ctx)
        pleats_space_clear(&l->space);
    pleats_release(ctx, l->entry);
    pleats_integers_free(ctx, l->row, (size_t)k + 1);
    pleats_release(ctx, l->gives);
    pleats_forms_clear(ctx, &l->forms);
}

/* ---- subtrees ---- */

/* "REGIONS HEX": the pieces of all units, a bit each. */
static pleats_status note_subtree(pleats_ctx *ctx, const looking *l,
                                  uint64_t number)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->all->out->n_pieces;
    pleats_text text = {0};
    unsigned char *bits = NULL;
    if (!l->all->task->record)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n / 8 + 1, 1, &bits));
    for (size_t p = 0; p < n; p++)
        bits[p / 8] |= (unsigned char)(l->gives[p] << p % 8);
    TRY(pleats_text_put(ctx, &text, "%llu ", (unsigned long long)l->regions));
    TRY(pleats_text_hex(ctx, &text, bits, n / 8 + 1));
    TRY(pleats_record_put(ctx, l->all->task->record, number, true, text.byte));
done:
    pleats_release(ctx, text.byte);
    pleats_release(ctx, bits);
    return status;
}

/* *is_there: the record has the subtree, which is then as if it had been looked
 * at. */
static pleats_status take_subtree(pleats_ctx *ctx, looking *l, uint64_t number,
                                  bool *is_there)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->all->out->n_pieces;
    unsigned char *bits = NULL;
    char *end;
    const char *text =
        pleats_record_find(l->all->task->record, number, is_there);
    if (!text)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, n / 8 + 1, 1, &bits));
    l->regions = strtoull(text, &end, 10);
    if (!*is_there || end == text || *end != ' ' ||
        !pleats_read_hex(end + 1, bits, n / 8 + 1))
        TRY(pleats_record_refuse(ctx, number));
    for (size_t p = 0; p < n; p++)
        l->gives[p] = bits[p / 8] >> p % 8 & 1;
done:
    pleats_release(ctx, bits);
    return status;
}

/* What was seen in a subtree, or in a part of one, counts. */
static void add_subtree(looking *l)
{
    pleats_seen *out = l->all->out;
    pthread_mutex_lock(&l->all->lock);
    out->regions += l->regions;
    for (size_t p = 0; p < out->n_pieces; p++)
        out->gives[p] = out->gives[p] && l->gives[p];
    pthread_mutex_unlock(&l->all->lock);
}

static pleats_status look_at_subtree(pleats_ctx *ctx, looking *l,
                                     uint64_t number)
{
    pleats_status status = PLEATS_OK;
    search *all = l->all;
    const pleats_visitor visitor = {.region = on_region, .state = l};
    pleats_task task = {0};
    bool complete = false;
    TRY(pleats_task_read(ctx, &all->subtrees.task[number], &all->origin,
                         &task));
    status =
        pleats_walk_alone(&l->space, &all->ahead, &visitor, &task, &complete);
    if (status == PLEATS_OK && complete)
        status = note_subtree(ctx, l, number);
    if (status == PLEATS_OK || status == PLEATS_LIMIT)
        add_subtree(l);
done:
    pleats_task_clear(ctx, &task);
    return status;
}

static pleats_status do_subtree(void *state, pleats_idx worker, pleats_ctx *ctx,
                                uint64_t number)
{
    pleats_status status = PLEATS_OK;
    search *all = state;
    looking *l = &all->worker[worker];
    bool is_there = false;
    if (atomic_load(&all->is_full))
        return PLEATS_OK;
    if (!l->all)
        TRY(worker_begin(all, l, ctx));
    l->regions = 0;
    for (size_t p = 0; p < all->out->n_pieces; p++)
        l->gives[p] = true;
    TRY(take_subtree(ctx, l, number, &is_there));
    if (is_there)
        add_subtree(l);
    else
        TRY(look_at_subtree(ctx, l, number));
done:
    return status;
}

static pleats_status add_name(void *state, const pleats_task *task,
                              size_t n_planes)
{
    pleats_status status = PLEATS_OK;
    search *all = state;
    pleats_parcel parcel = {0};
    (void)n_planes;
    TRY(pleats_task_write(all->ctx, task, &parcel));
    TRY(pleats_parcels_add(all->ctx, &all->subtrees, &parcel));
done:
    pleats_release(all->ctx, parcel.byte);
    return status;
}

/* Names the subtrees at the least depth that has enough of them, or all. */
static pleats_status name_subtrees(search *all)
{
    pleats_status status = PLEATS_OK;
    const pleats_visitor visitor = {.region = on_region};
    pleats_hasher *hasher = NULL;
    const size_t enough =
        all->task->record || all->task->limits.threads > 1 ? SUBTREES : 1;
    size_t before = 0;
    TRY(pleats_hasher_new(all->ctx, &hasher));
    TRY(pleats_origin_of(all->ctx, hasher, all->net, all->frame, &all->origin));
    for (size_t depth = 0;
         depth == 0 || (all->subtrees.n < enough && all->subtrees.n > before);
         depth += DEEPER) {
        before = all->subtrees.n;
        pleats_parcels_clear(all->ctx, &all->subtrees);
        TRY(pleats_walk_names(&all->worker[0].space, &all->ahead, &visitor,
                              &all->origin, depth, add_name, all));
    }
done:
    pleats_hasher_free(all->ctx, hasher);
    return status;
}

/* ---- all of it ---- */

static pleats_status start(search *all)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = all->net;
    pleats_seen *out = all->out;
    pleats_idx pieces = 0;
    TRY(pleats_alloc(all->ctx, (size_t)net->n_units + 1, sizeof *out->start,
                     &out->start));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pieces += pleats_step_pieces(s, u);
            out->start[s->first_unit + u + 1] = pieces;
        }
    }
    out->n_pieces = (size_t)pieces;
    TRY(pleats_alloc(all->ctx, out->n_pieces, sizeof *out->gives, &out->gives));
    for (size_t p = 0; p < out->n_pieces; p++)
        out->gives[p] = true;
    TRY(pleats_ahead_init(all->ctx, &all->ahead, net, &all->frame->coordinates,
                          false));
    TRY(pleats_team_init(all->ctx, &all->team, &all->task->limits));
    TRY(pleats_alloc(all->ctx, (size_t)all->team.n, sizeof *all->worker,
                     &all->worker));
    TRY(worker_begin(all, &all->worker[0], all->ctx));
done:
    return status;
}

/* The units that are asked for are part of what the answer depends on. */
static pleats_status begin_record(search *all)
{
    pleats_status status = PLEATS_OK;
    pleats_text identity = {0};
    pleats_hasher *hasher = NULL;
    pleats_digest asked;
    char hex[PLEATS_DIGEST_DIGITS + 1];
    if (!all->task->record)
        return PLEATS_OK;
    TRY(pleats_hasher_new(all->ctx, &hasher));
    pleats_hasher_add(hasher, all->task->is_asked,
                      (size_t)all->net->n_units * sizeof(bool));
    pleats_hasher_end(hasher, &asked);
    pleats_digest_hex(&asked, hex);
    TRY(pleats_record_identity(all->ctx, &identity, "stable"));
    TRY(pleats_text_put(all->ctx, &identity, "units %s\n", hex));
    TRY(pleats_origin_text(all->ctx, all->net, all->frame, &identity));
    TRY(pleats_record_begin(all->ctx, all->task->record, &identity));
done:
    pleats_hasher_free(all->ctx, hasher);
    pleats_release(all->ctx, identity.byte);
    return status;
}

static void end(search *all)
{
    for (pleats_idx i = 0; all->worker && i < all->team.n; i++)
        worker_end(all->team.ctx[i] ? all->team.ctx[i] : all->ctx,
                   &all->worker[i], all->frame->k);
    pleats_release(all->ctx, all->worker);
    pleats_parcels_clear(all->ctx, &all->subtrees);
    pleats_team_clear(all->ctx, &all->team);
    if (all->ahead.net)
        pleats_ahead_clear(all->ctx, &all->ahead);
    pleats_record_end(all->task->record);
    pthread_mutex_destroy(&all->lock);
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame,
                               const pleats_seen_task *task, pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    search all = {
        .ctx = ctx, .net = net, .frame = frame, .task = task, .out = out};
    *out = (pleats_seen){0};
    pthread_mutex_init(&all.lock, NULL);
    TRY(start(&all));
    TRY(begin_record(&all));
    TRY(name_subtrees(&all));
    TRY(pleats_numbered_run(&all.team, 0, all.subtrees.n, do_subtree, &all));
    out->complete = !atomic_load(&all.is_full);
done:
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
    end(&all);
    return status;
}

bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit)
{
    for (pleats_idx p = seen->start[unit]; p < seen->start[unit + 1]; p++)
        if (seen->gives[p])
            return false;
    return true;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->start);
    pleats_release(ctx, seen->gives);
    *seen = (pleats_seen){0};
}
