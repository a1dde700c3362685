/* One case of the constraints of a VNN-LIB file, as it is collected. */
#ifndef PLEATS_READ_POLYHEDRON_H
#define PLEATS_READ_POLYHEDRON_H

#include "domain/domain.h"
#include "read/linear_form.h"

typedef struct {
    pleats_ctx *ctx;
    pleats_idx n_inputs;
    const pleats_form *atom;
    bool is_empty;           /* a bound or a constant contradicts another */
    bool has_open;           /* some constraint is strict */
    bool *has_lo, *has_hi;   /* [n_inputs] */
    bool *open_lo, *open_hi; /* [n_inputs] the bound itself is left out */
    mpq_t *lo, *hi;          /* [n_inputs] */
    pleats_idx n_rows;
    size_t capacity;
    pleats_idx *row; /* [n_rows] atoms with several inputs */
    bool has_goals;  /* what is strict is a goal, and no side is open */
    pleats_idx n_goals;
    size_t goal_capacity;
    pleats_idx *goal; /* [n_goals] atoms with outputs, or strict ones */
} pleats_polyhedron;

/* `atom` is lent: the constraints that numbers stand for. */
PLEATS_NODISCARD pleats_status pleats_polyhedron_init(pleats_ctx *ctx,
                                                      pleats_polyhedron *p,
                                                      pleats_idx n_inputs,
                                                      const pleats_form *atom);
void pleats_polyhedron_clear(pleats_polyhedron *p);

/* Forgets what was imposed. */
void pleats_polyhedron_restart(pleats_polyhedron *p);
/* Takes a constraint in; `state` is the polyhedron. */
PLEATS_NODISCARD pleats_status pleats_polyhedron_impose(void *state,
                                                        pleats_idx atom);
/* Adds it to a domain as a part; it must not be empty. */
PLEATS_NODISCARD pleats_status
pleats_polyhedron_add_part(const pleats_polyhedron *p, pleats_domain *domain);

#endif
