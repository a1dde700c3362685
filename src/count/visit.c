#include "count/visit.h"

pleats_status pleats_visit_frame(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_frame *frame,
                                 const pleats_visit *how,
                                 const pleats_visitor *visitor, bool *complete)
{
    pleats_status status = PLEATS_OK;
    pleats_space space = {0};
    pleats_ahead ahead = {0};
    *complete = false;
    TRY(pleats_ahead_init(ctx, &ahead, net, &frame->coordinates,
                          how->makes_outputs));
    TRY(pleats_space_init(ctx, &space, net, frame, how->engine, how->paranoid));
    space.names = how->names;
    TRY(pleats_space_begin_near(&space, ahead.n_fine, how->makes_outputs));
    TRY(pleats_walk_alone(&space, &ahead, visitor, NULL, complete));
done:
    if (space.ctx)
        pleats_space_clear(&space);
    if (ahead.net)
        pleats_ahead_clear(ctx, &ahead);
    return status;
}
