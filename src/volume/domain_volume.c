#include "volume/measure.h"

#include "cells/cell.h"
#include "exact/rational.h"

void pleats_domain_volume_clear(pleats_ctx *ctx, pleats_domain_volume *v)
{
    pleats_release(ctx, v->volume);
    pleats_release(ctx, v->gram);
    *v = (pleats_domain_volume){0};
}

/* The volume of the whole frame as a cell; *is_bounded: whether it has one. */
static pleats_status measure_frame(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_frame *frame,
                                   const pleats_measure *measure, mpq_t out,
                                   bool *is_bounded)
{
    pleats_status status = PLEATS_OK;
    pleats_space space = {0};
    pleats_cell cell = {0};
    pleats_volume_room room = {0};
    TRY(pleats_space_init(ctx, &space, net, frame, PLEATS_ENGINE_VERTICES,
                          false));
    TRY(pleats_cell_root(&space, &cell));
    TRY(pleats_measure_exact(measure, &space, &cell.vertices, &room, out,
                             is_bounded));
done:
    pleats_volume_clear(ctx, &room);
    pleats_cell_clear(ctx, &cell);
    pleats_space_clear(&space);
    return status;
}

static pleats_status fill_in(pleats_ctx *ctx, pleats_domain_volume *v,
                             const pleats_net *net, const pleats_domain *domain,
                             const pleats_frame *frame, mpq_t volume)
{
    pleats_status status = PLEATS_OK;
    pleats_measure measure;
    bool is_bounded = false;
    TRY(pleats_measure_init(ctx, &measure, domain, frame));
    TRY(measure_frame(ctx, net, frame, &measure, volume, &is_bounded));
    if (is_bounded)
        TRY(pleats_fraction_text(ctx, volume, &v->volume));
    TRY(pleats_fraction_text(ctx, measure.gram, &v->gram));
done:
    pleats_measure_clear(&measure);
    return status;
}

pleats_status pleats_domain_volume_init(pleats_ctx *ctx,
                                        pleats_domain_volume *v,
                                        const pleats_net *net,
                                        const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {.empty = true};
    mpq_t volume;
    *v = (pleats_domain_volume){0};
    mpq_init(volume);
    if (domain->n_parts > 0)
        TRY(pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
    if (domain->n_parts > 1 || !frame.empty) {
        TRY(fill_in(ctx, v, net, domain, &frame, volume));
        goto done;
    }
    TRY(pleats_strdup(ctx, "0", &v->volume));
    TRY(pleats_strdup(ctx, "1", &v->gram));
done:
    mpq_clear(volume);
    pleats_frame_clear(ctx, &frame);
    return status;
}
