/* A small network on a union of two boxes, and works of it. */
#ifndef PLEATS_TEST_WORK_SCENE_H
#define PLEATS_TEST_WORK_SCENE_H

#include "unit.h"

#include "count/work.h"
#include "rng.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
    char regions[64], maps[64]; /* at one go */
} scene;

/* A network of ReLUs with short random numbers. */
pleats_net *scene_mlp(pleats_ctx *ctx, rng *r, int32_t n_layers,
                      const int32_t *width);

/* Counts all at one go. */
void scene_set_up(scene *s, pleats_ctx *ctx);
void scene_tear_down(scene *s);

/* A work of one thread of which nothing is done; one for texts. */
pleats_work *scene_begin(const scene *s, bool maps);
pleats_work *scene_empty(const scene *s, bool maps);

void scene_run(const scene *s, pleats_work *work, uint64_t cells);
/* pleats_work_text_free it. */
char *scene_save(const scene *s, pleats_work *work, size_t *n);
/* Of a work of which some is done. */
char *scene_text(const scene *s, bool maps, size_t *n);

#endif
