/* The variables that VNN-LIB files declare: X_0, X_1, ... and Y_0, Y_1, ... one
 * by one (1.0), or tensors of a network (2.0). */
#ifndef PLEATS_READ_VARIABLES_H
#define PLEATS_READ_VARIABLES_H

#include "read/sexpr.h"

enum { PLEATS_VARIABLES_MAX_RANK = 16 };

/* A declared tensor of inputs, or of what is computed from them. */
typedef struct {
    const char *name; /* [length], in the text that was read */
    pleats_idx length;
    bool is_input, is_output;
    pleats_idx n_dims;
    pleats_idx dims[PLEATS_VARIABLES_MAX_RANK];
    int64_t first; /* of its inputs or outputs, row-major */
} pleats_variable_tensor;

typedef struct {
    pleats_idx n_inputs;   /* of the network */
    pleats_idx n_declared; /* inputs */
    pleats_idx n_outputs;  /* size of has_output */
    bool *has_input;       /* [n_inputs] */
    bool *has_output;      /* [n_outputs] */
    bool has_network;
    int64_t n_tensor_outputs; /* of all output tensors */
    size_t n_tensors, capacity;
    pleats_variable_tensor *tensor; /* [n_tensors] */
} pleats_variables;

/* For a text of so many bytes. */
PLEATS_NODISCARD pleats_status pleats_variables_init(pleats_ctx *ctx,
                                                     pleats_idx n_inputs,
                                                     size_t text_bytes,
                                                     pleats_variables *out);
void pleats_variables_clear(pleats_ctx *ctx, pleats_variables *variables);

/* (declare-const X_i Real) or (declare-fun X_i () Real), whose head is given.
 */
PLEATS_NODISCARD pleats_status
pleats_variables_declare(pleats_ctx *ctx, pleats_variables *variables,
                         const pleats_sexprs *tree, pleats_idx head);

/* (declare-network NAME (declare-input X TYPE [shape]) ...); *line follows. */
PLEATS_NODISCARD pleats_status pleats_variables_declare_network(
    pleats_ctx *ctx, pleats_variables *variables, const pleats_sexprs *tree,
    pleats_idx head, pleats_idx *line);

/* Variables are numbered, outputs behind inputs: this is what is neither, or
 * beyond all networks. */
enum { PLEATS_VARIABLE_OTHER = -1 };

/* What an atom refers to: input i is variable i, output j variable n_inputs +
 * j, whether the network has such a one or not.  PLEATS_INVALID when it is not
 * declared, or no element of its tensor. */
PLEATS_NODISCARD pleats_status
pleats_variables_find(pleats_ctx *ctx, const pleats_variables *variables,
                      const pleats_sexpr *atom, pleats_idx *variable);

#endif
