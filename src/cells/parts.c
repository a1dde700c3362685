#include "cells/parts.h"

#include "cells/hull.h"
#include "cells/uncovered.h"

void pleats_parts_clear(pleats_ctx *ctx, pleats_parts *p)
{
    pleats_frame_list list = {(size_t)p->n, p->frame, 0};
    pleats_frame_list_clear(ctx, &list);
    pleats_release(ctx, p->leader);
    *p = (pleats_parts){0};
}

typedef pleats_status (*maker)(pleats_ctx *, pleats_frame *,
                               const pleats_domain *, const pleats_part *);

/* What is not empty of the domain. */
static pleats_status list_frames(pleats_ctx *ctx, const pleats_domain *domain,
                                 maker make, pleats_frame_list *list)
{
    pleats_status status = PLEATS_OK;
    pleats_frame frame = {0};
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        TRY(make(ctx, &frame, domain, &domain->part[i]));
        if (frame.empty)
            pleats_frame_clear(ctx, &frame);
        else
            TRY(pleats_frame_list_add(ctx, list, &frame));
    }
done:
    pleats_frame_clear(ctx, &frame);
    return status;
}

/* Moves the frames of `all` to the list, each without what parts of higher
 * dimension cover. */
static pleats_status uncover(pleats_ctx *ctx, pleats_frame_list *all,
                             pleats_frame_list *list)
{
    pleats_status status = PLEATS_OK;
    pleats_frame_list rest = {0};
    pleats_idx most = 0;
    for (size_t i = 0; i < all->n; i++)
        most = all->frame[i].k > most ? all->frame[i].k : most;
    for (pleats_idx k = most; k >= 0; k--)
        for (size_t i = 0; i < all->n; i++) {
            const size_t covers = list->n;
            if (all->frame[i].k != k || !all->frame[i].coordinates.n_inputs)
                continue;
            TRY(pleats_frame_list_add(ctx, &rest, &all->frame[i]));
            for (size_t j = 0; j < covers && rest.n > 0; j++)
                if (list->frame[j].k > k)
                    TRY(pleats_uncovered(ctx, &list->frame[j], &rest));
            for (size_t j = 0; j < rest.n; j++)
                TRY(pleats_frame_list_add(ctx, list, &rest.frame[j]));
            rest.n = 0;
        }
done:
    pleats_frame_list_clear(ctx, &rest);
    return status;
}

static pleats_status find_leaders(pleats_ctx *ctx, pleats_parts *p)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < p->n; i++) {
        bool same = false;
        pleats_idx j = -1;
        while (!same && ++j < i)
            if (p->frame[j].k == p->frame[i].k && p->leader[j] == j)
                TRY(pleats_hull_contains(ctx, &p->frame[j], &p->frame[i],
                                         &same));
        p->leader[i] = j;
    }
done:
    return status;
}

static pleats_status init(pleats_ctx *ctx, pleats_parts *p,
                          const pleats_domain *domain, maker make)
{
    pleats_status status = PLEATS_OK;
    pleats_frame_list all = {0}, list = {0};
    *p = (pleats_parts){0};
    TRY(list_frames(ctx, domain, make, &all));
    TRY(uncover(ctx, &all, &list));
    TRY(pleats_alloc(ctx, list.n, sizeof *p->leader, &p->leader));
    p->n = (pleats_idx)list.n;
    p->frame = list.frame;
    list = (pleats_frame_list){0};
    TRY(find_leaders(ctx, p));
done:
    pleats_frame_list_clear(ctx, &all);
    pleats_frame_list_clear(ctx, &list);
    return status;
}

pleats_status pleats_parts_init(pleats_ctx *ctx, pleats_parts *p,
                                const pleats_domain *domain)
{
    return init(ctx, p, domain, pleats_frame_init);
}

pleats_status pleats_parts_init_lifted(pleats_ctx *ctx, pleats_parts *p,
                                       const pleats_domain *domain)
{
    return init(ctx, p, domain, pleats_frame_init_lifted);
}
