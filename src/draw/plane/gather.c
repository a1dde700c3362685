#include "draw/plane/gather.h"

#include "base/doubles.h"
#include "exact/integers.h"

#include <math.h>
#include <string.h>

static pleats_status find_readers(pleats_gather *g)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = g->net;
    TRY(pleats_alloc(g->ctx, (size_t)net->n_scalars, sizeof *g->unit,
                     &g->unit));
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        g->unit[i] = -1;
    for (pleats_idx i = net->n_steps - 1; i >= 0; i--) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = s->n_out - 1; u >= 0 && !pleats_step_is_affine(s);
             u--) {
            bool is_max = s->kind == PLEATS_STEP_MAX;
            pleats_idx first = is_max ? s->start[u] : u;
            pleats_idx end = is_max ? s->start[u + 1] : u + 1;
            for (pleats_idx j = first; j < end; j++)
                g->unit[s->in[j]] = s->first_unit + u;
        }
    }
done:
    return status;
}

pleats_status pleats_gather_init(pleats_ctx *ctx, pleats_gather *g,
                                 const pleats_net *net,
                                 const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    const size_t n_units = (size_t)net->n_units;
    *g = (pleats_gather){.ctx = ctx, .net = net, .frame = frame};
    TRY(find_readers(g));
    TRY(pleats_alloc(ctx, n_units, sizeof *g->piece, &g->piece));
    TRY(pleats_alloc(ctx, n_units + 1, sizeof *g->hash, &g->hash));
    for (size_t i = 0; i < n_units; i++)
        g->piece[i] = -1;
    g->hash[0] = 0x811c9dc5u;
done:
    return status;
}

void pleats_gather_clear(pleats_gather *g)
{
    if (!g->ctx)
        return;
    pleats_release(g->ctx, g->unit);
    pleats_release(g->ctx, g->piece);
    pleats_release(g->ctx, g->hash);
    *g = (pleats_gather){0};
}

/* ---- pieces ---- */

/* 1 for a unit on a piece with a slope. */
static pleats_idx is_active(const pleats_step *s, pleats_idx unit,
                            pleats_idx piece)
{
    return s->kind == PLEATS_STEP_PL && piece >= 0 &&
           pleats_step_function(s, unit - s->first_unit)->slope[piece] != 0;
}

/* Takes over the pieces of a step's units from unit i on. */
static void take_pieces(pleats_gather *g, const pleats_step *s, pleats_idx i)
{
    for (; i < s->first_unit + s->n_out; i++) {
        const pleats_idx piece = g->space->piece[i];
        g->hash[i + 1] = (g->hash[i] ^ ((uint32_t)piece & 0xff)) * 0x01000193u;
        if (piece == g->piece[i])
            continue;
        g->n_active += is_active(s, i, piece) - is_active(s, i, g->piece[i]);
        g->piece[i] = piece;
    }
}

/* Takes over the pieces of the cell at hand.  Cells one after the other in the
 * walk share most, and all of the first units. */
static void see_pieces(pleats_gather *g)
{
    const pleats_net *net = g->net;
    pleats_idx first = 0;
    while (first < net->n_units && g->piece[first] == g->space->piece[first])
        first++;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && s->first_unit + s->n_out > first)
            take_pieces(g, s, first > s->first_unit ? first : s->first_unit);
    }
}

/* ---- the walk ---- */

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    pleats_gather *g = state;
    (void)share;
    g->space = space;
    if (g->most_cells && g->n_cells == g->most_cells) {
        g->stopped = PLEATS_STOP_CELLS;
        *stop = true;
        return PLEATS_OK;
    }
    see_pieces(g);
    TRY(g->visit(g->state, g, &cell->vertices));
    g->n_cells++;
    *stop = g->is_over;
done:
    return status;
}

pleats_status pleats_gather_run(pleats_gather *g)
{
    const pleats_visitor visitor = {.region = on_region, .state = g};
    const pleats_visit how = {.engine = PLEATS_ENGINE_VERTICES,
                              .makes_outputs = true,
                              .names = g->names};
    bool complete;
    pleats_status status =
        pleats_visit_frame(g->ctx, g->net, g->frame, &how, &visitor, &complete);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(g->ctx)) {
        g->stopped = pleats_ctx_limit(g->ctx);
        status = PLEATS_OK;
    }
    if (g->stopped)
        pleats_set_ending(g->ctx, true);
    return status;
}

/* ---- of the cell at hand ---- */

pleats_idx pleats_gather_owner(const pleats_gather *g, pleats_idx wall)
{
    const pleats_frame *f = g->frame;
    if (wall <= PLEATS_WALL_OF_BOX)
        return -1 - (PLEATS_WALL_OF_BOX - wall);
    if (wall < f->m)
        return -1 - (2 * f->k + wall);
    const pleats_hyperplane plane = g->space->walls.plane[wall];
    pleats_idx unit = g->unit[plane.a];
    return unit >= 0 || plane.b < 0 ? unit : g->unit[plane.b];
}

/* Errors below this share of a form's largest entry are not seen. */
#define KNOWN_WELL 0x1p-24

pleats_status pleats_gather_form(pleats_gather *g, pleats_idx output,
                                 double *form)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx scalar = g->net->output[output];
    const size_t width = (size_t)g->frame->k + 1;
    const double *entry = pleats_forms_entry(&g->space->forms, scalar);
    const pleats_quotient *exact;
    double size = 0;
    for (size_t j = 0; j < width; j++) {
        form[j] = entry[j];
        size = pleats_larger(size, fabs(entry[j]));
    }
    if (isfinite(size) && entry[width] <= KNOWN_WELL * size)
        return PLEATS_OK;
    TRY(pleats_exact_forms_need(g->ctx, &g->space->exact, scalar, &exact));
    for (size_t j = 0; j < width; j++)
        form[j] = pleats_quotient_to_double(exact->num[j], exact->den, NULL);
done:
    return status;
}

pleats_idx pleats_gather_active(const pleats_gather *g)
{
    return g->n_active;
}

uint32_t pleats_gather_hash(const pleats_gather *g)
{
    uint32_t hash = g->hash[g->net->n_units];
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return hash ^ hash >> 16;
}
