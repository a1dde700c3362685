#include "count/count.h"

#include "count/work.h"

/* Whether coordinate j, of a part without rows, has values. */
static bool has_values(const pleats_part *p, pleats_idx j)
{
    bool is_open = p->is_open && (p->is_open[j] || p->is_open[p->k + j]);
    return !p->has_lo[j] || !p->has_hi[j] ||
           mpq_cmp(p->lo[j], p->hi[j]) < (is_open ? 0 : 1);
}

/* Whether some part is a box with points; others take work to tell. */
static bool is_plainly_there(const pleats_domain *domain)
{
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        const pleats_part *p = &domain->part[i];
        bool has_points = p->m == 0;
        for (pleats_idx j = 0; j < p->k && has_points; j++)
            has_points = has_values(p, j);
        if (has_points)
            return true;
    }
    return false;
}

void pleats_tally_raise_to_one(pleats_tally *tally)
{
    if (mpz_sgn(tally->regions) == 0)
        mpz_set_ui(tally->regions, 1);
    tally->pieces = tally->pieces ? tally->pieces : 1;
    tally->maps = tally->maps ? tally->maps : 1;
}

/* A reason to stop that came up in the middle of a question ends the work like
 * one between two questions: what was found counts. */
pleats_status pleats_count_regions(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_domain *domain,
                                   const pleats_count_task *task,
                                   pleats_tally *tally)
{
    pleats_counting c = {.ctx = ctx, .net = net, .task = task};
    if (task->of > 1)
        return pleats_work_count_part(ctx, net, domain, task, tally);
    mpz_set_ui(tally->regions, 0);
    tally->dimension = -1;
    tally->complete = false;
    pleats_status status = pleats_counting_begin(&c, domain);
    if (status == PLEATS_OK)
        status = pleats_counting_run(&c, tally);
    status = pleats_counting_settle(&c, status, tally);
    pleats_counting_gather(&c, tally);
    if (!tally->complete && (c.parts.n > 0 || is_plainly_there(domain)))
        pleats_tally_raise_to_one(tally);
    pleats_counting_end(&c);
    return status;
}
