/* The input constraints of VNN-LIB 1.0 files.
 *
 * Read are `declare-const` of X_0, X_1, ... and Y_0, Y_1, ... and `assert` of
 * `and` and `or` over linear `<=` and `>=`.  A comparison that mentions an
 * output restricts no input and counts as true; one that mentions inputs too
 * leaves a remark.  What remains is brought to a union of at most
 * PLEATS_FORMULA_MAX_CASES polyhedra, one part of the domain each; parts whose
 * bounds contradict one another are left out.  Strict comparisons are refused:
 * VNN-LIB 1.0 has none, and where they contradict one another the closed
 * polyhedron would be another set. */
#ifndef PLEATS_ONNX_VNNLIB_H
#define PLEATS_ONNX_VNNLIB_H

#include "net/domain.h"

enum { PLEATS_VNNLIB_MAX_BYTES = 32 << 20 };

PLEATS_NODISCARD pleats_status
pleats_vnnlib_read(pleats_ctx *ctx, const char *path, pleats_idx n_inputs,
                   pleats_give pleats_domain **out);

/* The same from text [length]; `name` is the file's name for people. */
PLEATS_NODISCARD pleats_status pleats_vnnlib_parse(
    pleats_ctx *ctx, const char *text, size_t length, const char *name,
    pleats_idx n_inputs, pleats_give pleats_domain **out);

#endif
