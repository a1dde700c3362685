/* The constraints of VNN-LIB files, 1.0 and 2.0: of inputs, a domain; with
 * those of outputs, a property.
 *
 * Read are declarations of X_0, X_1, ... and Y_0, Y_1, ... (`declare-const`,
 * `declare-fun`) or of one network with its tensors (`declare-network`; several
 * inputs are joined in their order), and `assert` of `and`, `or` and `not` over
 * linear comparisons by <=, <, >=, >, = and !=.  A comparison that mentions an
 * output restricts no input and counts as true; one that mentions inputs too
 * leaves a remark.  What remains is brought to a union of at most
 * PLEATS_FORMULA_MAX_CASES polyhedra, one part of the domain each; parts whose
 * bounds contradict one another are left out.
 *
 * A region is an open set, so a side that `<` leaves out cuts none off, and the
 * closed polyhedron has the same regions, unless nothing is left of it: parts
 * remember their open sides (domain/domain.h). */
#ifndef PLEATS_READ_VNNLIB_H
#define PLEATS_READ_VNNLIB_H

#include "domain/domain.h"

enum { PLEATS_VNNLIB_MAX_BYTES = 32 << 20 };

/* The points of a domain of one part at which row_i . (x, y, 1) <= 0 for all
 * goals, and < 0 for strict ones, y being the outputs. */
typedef struct {
    pleats_domain *domain; /* sides that are left out are goals */
    pleats_idx n_goals;
    mpq_t *goal;     /* [n_goals x (n_inputs + n_outputs + 1)] */
    bool *is_strict; /* [n_goals] */
} pleats_vnnlib_case;

/* What a file asks for: a point in one of the cases. */
typedef struct {
    pleats_idx n_inputs, n_outputs;
    bool has_outputs; /* some comparison mentions outputs */
    pleats_idx n_all; /* cases, those without points by their bounds too */
    size_t n, capacity;
    pleats_vnnlib_case *at; /* [n] */
} pleats_vnnlib_property;

/* Reads the file for what it asks; PLEATS_INVALID also when it compares outputs
 * that the network does not have.  Clear the property in every case. */
PLEATS_NODISCARD pleats_status pleats_vnnlib_read_property(
    pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
    pleats_idx n_outputs, pleats_vnnlib_property *out);
void pleats_vnnlib_property_clear(pleats_ctx *ctx,
                                  pleats_vnnlib_property *property);

PLEATS_NODISCARD pleats_status
pleats_vnnlib_read(pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
                   pleats_give pleats_domain **out);

/* The same from text [length]; `name` is the file's name for people. */
PLEATS_NODISCARD pleats_status pleats_vnnlib_parse(
    pleats_ctx *ctx, const char *text, size_t length, const char *name,
    pleats_idx n_inputs, pleats_give pleats_domain **out);

#endif
