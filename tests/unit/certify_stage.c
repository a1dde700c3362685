#include "certify_stage.h"

#include "need.h"

#include <math.h>

void stage_init_for(pleats_ctx *ctx, stage *s, unsigned box)
{
    const double rows[] = {1, 0, 0};
    *s = (stage){0};
    arrangement_init_for(ctx, &s->a, K, 1, rows, box, PLEATS_ENGINE_PROGRAMME);
    pleats_depth *d = &s->a.space.lp.asked;
    s->a.space.is_linear = false;
    need_ok(ctx, pleats_depth_init(ctx, d, K, s->a.frame.boxed));
    d->dictionary = s->dictionary[0];
    d->m = WALLS + 1;
}

void stage_init(pleats_ctx *ctx, stage *s)
{
    stage_init_for(ctx, s, 1);
}

void stage_clear(stage *s)
{
    s->a.space.lp.asked.dictionary = NULL;
    pleats_witnesses_clear(s->a.ctx, &s->cell.pool);
    arrangement_clear(&s->a);
}

void ask(stage *s, const double *entry, double error)
{
    double size = 0;
    for (size_t c = 0; c < WIDTH; c++) {
        s->a.space.question.entry[c] = entry[c];
        s->a.space.question.negative[c] = -entry[c];
        size += fabs(entry[c]);
    }
    s->a.space.question.bounds = (pleats_bounds){
        error, pleats_round_up(size),
        pleats_round_up(error + pleats_gamma(WIDTH + 2) * size)};
}

void add_wall(stage *s, const double *entry, double error, double y)
{
    double size = 0;
    for (size_t c = 0; c < WIDTH; c++)
        size += fabs(entry[c]);
    const pleats_bounds bounds = {
        error, pleats_round_up(size),
        pleats_round_up(error + pleats_gamma(WIDTH + 2) * size)};
    pleats_idx n = s->cell.n_walls++;
    need_ok(s->a.ctx,
            pleats_walls_push(&s->a.space.walls, (pleats_hyperplane){0, -1, 0},
                              1, entry, bounds));
    s->a.space.lp.asked.nonbasic[n] = K + 1 + n;
    s->a.space.lp.asked.cost[n] = -y;
}

void drop_walls(stage *s)
{
    pleats_walls_cut_back(&s->a.space.walls, 0);
    s->cell.n_walls = 0;
}
