/* S-expressions: the syntax of VNN-LIB files. */
#ifndef PLEATS_READ_SEXPR_H
#define PLEATS_READ_SEXPR_H

#include "base/base.h"

enum { PLEATS_SEXPR_MAX_DEPTH = 256 };

/* A list or an atom.  Nodes refer to one another by index, -1 for none. */
typedef struct {
    const char *text; /* an atom's characters, in the text that was read */
    pleats_idx length;
    const char *index; /* "[0, 1]" behind an atom, or NULL */
    pleats_idx index_length;
    bool is_list;
    pleats_idx child; /* first element of a list */
    pleats_idx next;  /* of the list that this node is in */
    pleats_idx line;  /* counted from 1 */
} pleats_sexpr;

typedef struct {
    pleats_idx n;
    size_t capacity;
    pleats_sexpr *node; /* [n], in the order of the text */
} pleats_sexprs;

/* Reads all expressions of text [length], which the nodes go on using; the
 * first is node 0, the others follow by `next`.  Comments run from ';' to the
 * end of the line; brackets belong to the atom before them.  PLEATS_INVALID on
 * unbalanced parentheses, lists nested deeper than PLEATS_SEXPR_MAX_DEPTH,
 * brackets without an atom or an end, and characters outside printable ASCII;
 * `*line` is then where.  `out` must be cleared in every case. */
PLEATS_NODISCARD pleats_status pleats_sexprs_read(pleats_ctx *ctx,
                                                  const char *text,
                                                  size_t length,
                                                  pleats_sexprs *out,
                                                  pleats_idx *line);
void pleats_sexprs_clear(pleats_ctx *ctx, pleats_sexprs *tree);

/* Whether node i is the atom `word`. */
bool pleats_sexpr_is(const pleats_sexprs *tree, pleats_idx i, const char *word);

/* The first element of list i when that is an atom, else -1. */
pleats_idx pleats_sexpr_head(const pleats_sexprs *tree, pleats_idx i);

/* How many nodes follow node i in its list. */
pleats_idx pleats_sexpr_count_after(const pleats_sexprs *tree, pleats_idx i);

#endif
