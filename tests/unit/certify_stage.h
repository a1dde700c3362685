/* A space, a cell and multipliers that are made up, for tests of what the
 * programme engine takes for a proof. */
#ifndef PLEATS_TEST_CERTIFY_STAGE_H
#define PLEATS_TEST_CERTIFY_STAGE_H

#include "cell_check.h"
#include "cells/certify.h"

enum { K = 2, WIDTH = K + 1, WALLS = 2, CASES = 4000 };

/* A space on the box [-1, 1]^2 or on R^2, and a cell; the space's programme is
 * but a dictionary: the multipliers, and what the coordinates are in terms of
 * the slacks. */
typedef struct {
    arrangement a;
    pleats_lp_cell cell;
    double dictionary[K][8];
} stage;

/* On the box (1) or the whole plane (0). */
void stage_init_for(pleats_ctx *ctx, stage *s, unsigned box);
/* On the box. */
void stage_init(pleats_ctx *ctx, stage *s);
void stage_clear(stage *s);

/* The form in question, off by `error` at most. */
void ask(stage *s, const double *entry, double error);

/* A wall, with the multiplier y. */
void add_wall(stage *s, const double *entry, double error, double y);
void drop_walls(stage *s);

#endif
