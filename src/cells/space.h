/* What all cells of one walk share: the network on its frame, the forms and
 * pieces of the cell that the walk is in, the stack of walls, and room to work
 * in.
 *
 * Doubles never decide.  A verdict of doubles is believed when a proven
 * rounding bound settles it; everything else goes to exact arithmetic.
 */
#ifndef PLEATS_CELLS_SPACE_H
#define PLEATS_CELLS_SPACE_H

#include "cells/crossed_edges.h"
#include "cells/vertex_store.h"
#include "cells/walls.h"
#include "lp/depth.h"
#include "lp/exact_lp.h"

/* How a cell is held. */
typedef enum {
    PLEATS_ENGINE_AUTO,      /* by the dimension */
    PLEATS_ENGINE_PROGRAMME, /* by its walls, a witness and a linear programme:
                                any dimension */
    PLEATS_ENGINE_VERTICES   /* by its vertices: low dimensions */
} pleats_engine;

/* A form in doubles, entry . (t, w) - at * w; at a point of max norm at most 1
 * that is known up to an error e, it is off by at most
 * tolerance + size * e. */
typedef struct {
    const double *entry; /* [k + 1] */
    double at;
    double tolerance, size;
} pleats_form_bounds;

/* A plane, asked for its sides of a cell. */
typedef struct {
    pleats_hyperplane plane;
    size_t n_objective;
    mpz_t *objective; /* [k + 1] its exact form */
    bool has_objective;
    double *entry, *negative; /* [k + 1] its form in doubles, and minus it */
    pleats_bounds bounds;
} pleats_question;

/* Room for the programme engine. */
typedef struct {
    pleats_exact_lp exact_lp;
    double *sum, *vertex;    /* [k + 1] */
    double *multiplier;      /* [multiplier_capacity] */
    double *reach;           /* [reach_capacity] */
    pleats_hyperplane *used; /* [used_capacity] */
    size_t multiplier_capacity, reach_capacity, used_capacity;
    pleats_depth asked;   /* of the cell and a side of the plane */
    int asked_side;       /* that side, when it found a point there; else 0 */
    double *found, *mean; /* [k] a point that was found; one inside the cell */
} pleats_programme_room;

/* Room for the vertex engine: the form in question, its values, bounds and
 * signs at the vertices of a cell, the edges that it crosses, a matrix to solve
 * for a vertex. */
typedef struct {
    pleats_form_bounds form;
    pleats_crossed_edges crossed;
    pleats_idx *kept; /* generators of a cell that a part of it has, too */
    size_t kept_capacity;
    double *value;
    uint64_t n_versions, valued; /* of cells' doubles; of those that the values
                                    belong to, 0: none */
    int8_t *sign;
    size_t value_capacity, sign_capacity;
    mpz_t *matrix;
    size_t n_matrix;
    mpz_t *solution; /* [k + 1] */
    pleats_vertex_store store;
} pleats_vertex_room;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame;
    pleats_engine engine;
    bool paranoid;      /* take every verdict from exact arithmetic */
    bool is_repeatable; /* doubles of a cell depend on the way to it alone, not
                           on cells before: for who shows them */
    struct pleats_vertex_names
        *names; /* of vertices, lent; NULL: they have none */
    pleats_forms forms;
    struct pleats_near *near; /* NULL: forms are made step by step */
    pleats_exact_forms exact;
    pleats_idx *piece; /* [n_units] of the current cell */
    pleats_idx *group; /* [n_scalars] that vanish together, see
                          forms/parallel.h; NULL for the programme engine */
    pleats_idx *same;  /* [n_scalars] see forms/same.h */
    bool *is_neck;     /* [n_steps] see necks.h */
    bool is_linear;    /* all forms vanish at the origin */
    pleats_walls walls;
    uint64_t by_bounds, by_exact; /* verdicts */
    pleats_question question;
    pleats_programme_room lp;
    pleats_vertex_room vertices;
} pleats_space;

/* The engine that is the faster one on the frame: vertices or programmes. */
pleats_engine pleats_engine_for(const pleats_frame *frame);

PLEATS_NODISCARD pleats_status pleats_space_init(
    pleats_ctx *ctx, pleats_space *space, const pleats_net *net,
    const pleats_frame *frame, pleats_engine engine, bool paranoid);
void pleats_space_clear(pleats_space *space);

/* Before anything is asked: makes the first n_steps steps' forms fine
 * (forms/fine.h), unless all answers come from exact arithmetic anyway. */
PLEATS_NODISCARD pleats_status pleats_space_begin_fine(pleats_space *space,
                                                       pleats_idx n_steps);

/* The same for who needs no other forms than those that may cut a cell and,
 * with makes_outputs, those of the outputs: of a large network of ReLUs few of
 * which bend in the frame they are made from those of a reference
 * (forms/near.h), in place of n_fine fine steps. */
PLEATS_NODISCARD pleats_status pleats_space_begin_near(pleats_space *space,
                                                       pleats_idx n_fine,
                                                       bool makes_outputs);

/* What that does then.  The network fits, the frame is bounded, and cells are
 * held by their vertices; one_of as in pleats_near. */
PLEATS_NODISCARD pleats_status pleats_space_use_near(pleats_space *space,
                                                     pleats_idx one_of,
                                                     bool makes_outputs);

/* Makes space->question.objective the exact form of the plane in question,
 * unless it is that already (has_objective). */
PLEATS_NODISCARD pleats_status pleats_space_need_objective(pleats_space *space);

#endif
