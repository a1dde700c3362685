#include "cells/space.h"

#include "cells/necks.h"
#include "cells/vertices.h"

#include "base/perturb.h"
#include "exact/integers.h"
#include "forms/fine.h"
#include "forms/near.h"
#include "forms/parallel.h"
#include "forms/same.h"

static void clear_near(pleats_space *s)
{
    if (s->near)
        pleats_near_clear(s->ctx, s->near);
    pleats_release(s->ctx, s->near);
    s->near = NULL;
}

void pleats_space_clear(pleats_space *s)
{
    if (!s->ctx)
        return;
    pleats_ctx *ctx = s->ctx;
    pleats_walls_clear(&s->walls);
    pleats_forms_clear(ctx, &s->forms);
    clear_near(s);
    if (s->exact.net)
        pleats_exact_forms_clear(ctx, &s->exact);
    pleats_exact_lp_clear(ctx, &s->lp.exact_lp);
    pleats_integers_free(ctx, s->question.objective, s->question.n_objective);
    pleats_release(ctx, s->piece);
    pleats_release(ctx, s->group);
    pleats_release(ctx, s->same);
    pleats_release(ctx, s->question.entry);
    pleats_release(ctx, s->question.negative);
    pleats_release(ctx, s->lp.sum);
    pleats_release(ctx, s->lp.vertex);
    pleats_release(ctx, s->lp.multiplier);
    pleats_release(ctx, s->lp.reach);
    pleats_release(ctx, s->lp.used);
    pleats_release(ctx, s->is_neck);
    pleats_depth_clear(ctx, &s->lp.asked);
    pleats_release(ctx, s->lp.found);
    pleats_release(ctx, s->lp.mean);
    pleats_release(ctx, s->vertices.value);
    pleats_release(ctx, s->vertices.sign);
    pleats_release(ctx, s->vertices.kept);
    pleats_crossed_edges_clear(ctx, &s->vertices.crossed);
    pleats_vertex_store_clear(ctx, &s->vertices.store);
    pleats_integers_free(ctx, s->vertices.matrix, s->vertices.n_matrix);
    pleats_integers_free(ctx, s->vertices.solution, s->question.n_objective);
    *s = (pleats_space){0};
}

pleats_engine pleats_engine_for(const pleats_frame *frame)
{
    pleats_idx most =
        frame->bounded ? PLEATS_VERTICES_MOST_BOUNDED : PLEATS_VERTICES_MOST;
    return frame->k <= most ? PLEATS_ENGINE_VERTICES : PLEATS_ENGINE_PROGRAMME;
}

pleats_status pleats_space_begin_fine(pleats_space *s, pleats_idx n_steps)
{
    if (n_steps == 0 || s->paranoid)
        return PLEATS_OK;
    return pleats_fine_init(s->ctx, &s->forms, &s->frame->coordinates, n_steps);
}

pleats_status pleats_space_use_near(pleats_space *s, pleats_idx one_of,
                                    bool makes_outputs)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(s->ctx, 1, sizeof *s->near, &s->near));
    TRY(pleats_near_init(s->ctx, s->near, s->net, &s->frame->coordinates,
                         one_of, makes_outputs));
done:
    return status;
}

/* The least terms of a network, one pass over which costs more than what is
 * done for a cell otherwise; one of how many units is close. */
enum { LEAST_TERMS = 1 << 20, ONE_OF = 8 };

/* Whether it may pay to have a reference.  On a line a unit turns about once,
 * and what it moves is worked out for one region: in a dense step that costs
 * more than its column of weights does. */
static bool is_large(const pleats_space *s)
{
    const int64_t terms = pleats_net_terms(s->net);
    int64_t dense = 0;
    for (pleats_idx i = 0; i < s->net->n_steps; i++)
        if (s->net->step[i].kind == PLEATS_STEP_DENSE)
            dense += (int64_t)s->net->step[i].n_out * s->net->step[i].n_in;
    return terms >= LEAST_TERMS && (s->frame->k > 1 || dense <= terms / 2);
}

pleats_status pleats_space_begin_near(pleats_space *s, pleats_idx n_fine,
                                      bool makes_outputs)
{
    pleats_status status = PLEATS_OK;
    bool pays = false;
    if (!s->paranoid && !s->is_repeatable &&
        s->engine == PLEATS_ENGINE_VERTICES && s->frame->bounded &&
        s->frame->k > 0 && pleats_fine_is_fast() && pleats_near_fits(s->net)) {
        if (PLEATS_PERTURB)
            pays = pleats_perturb_number(s->net->n_scalars, 1);
        else if (is_large(s))
            TRY(pleats_near_pays(s->ctx, &s->forms, s->piece, &pays));
    }
    if (pays) {
        status = pleats_space_use_near(s, ONE_OF, makes_outputs);
        if (!pleats_is_too_large(s->ctx, status))
            goto done;
        clear_near(s);
    }
    TRY(pleats_space_begin_fine(s, n_fine));
done:
    return status;
}

pleats_status pleats_space_init(pleats_ctx *ctx, pleats_space *s,
                                const pleats_net *net,
                                const pleats_frame *frame, pleats_engine engine,
                                bool paranoid)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)frame->k + 1;
    *s = (pleats_space){.ctx = ctx,
                        .net = net,
                        .frame = frame,
                        .engine = engine,
                        .paranoid = paranoid};
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *s->piece, &s->piece));
    TRY(pleats_forms_init(ctx, &s->forms, net, &frame->coordinates));
    TRY(pleats_exact_forms_init(ctx, &s->exact, net, &frame->coordinates,
                                s->piece));
    TRY(pleats_walls_init(ctx, &s->walls, frame, &s->forms, &s->exact));
    s->question.n_objective = width;
    TRY(pleats_integers_new(ctx, width, &s->question.objective));
    TRY(pleats_integers_new(ctx, width, &s->vertices.solution));
    s->vertices.n_matrix = width * width;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *s->same, &s->same));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *s->is_neck,
                     &s->is_neck));
    pleats_net_find_necks(net, s->is_neck);
    TRY(pleats_net_find_same(ctx, net, &frame->coordinates, s->same));
    s->is_linear = pleats_net_is_linear(net, &frame->coordinates);
    if (engine == PLEATS_ENGINE_VERTICES) {
        TRY(pleats_integers_new(ctx, s->vertices.n_matrix,
                                &s->vertices.matrix));
        TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *s->group,
                         &s->group));
        TRY(pleats_net_find_parallel(ctx, net, s->group));
    }
    TRY(pleats_alloc(ctx, width, sizeof *s->question.entry,
                     &s->question.entry));
    TRY(pleats_alloc(ctx, width, sizeof *s->question.negative,
                     &s->question.negative));
    TRY(pleats_alloc(ctx, width, sizeof *s->lp.sum, &s->lp.sum));
    TRY(pleats_alloc(ctx, width, sizeof *s->lp.vertex, &s->lp.vertex));
    TRY(pleats_alloc(ctx, width, sizeof *s->lp.found, &s->lp.found));
    TRY(pleats_alloc(ctx, width, sizeof *s->lp.mean, &s->lp.mean));
done:
    return status;
}

pleats_status pleats_space_need_objective(pleats_space *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_hyperplane plane = s->question.plane;
    if (s->question.has_objective)
        return PLEATS_OK;
    TRY(pleats_exact_forms_multiple(s->ctx, &s->exact, plane.a, plane.b,
                                    plane.at, s->question.objective));
    s->question.has_objective = true;
done:
    return status;
}
