/* The vertices of faces. */
#ifndef PLEATS_COMPLEX_CLOSURE_H
#define PLEATS_COMPLEX_CLOSURE_H

#include "complex/faces.h"

/* Room, for faces that do not change meanwhile; zeroed to begin with. */
typedef struct {
    const pleats_complex_faces *faces;
    uint64_t *seen[PLEATS_COMPLEX_LEVELS]; /* by the search that met it */
    uint64_t search;
    pleats_idx *vertex; /* [n] found */
    pleats_idx n;
    size_t capacity;
    pleats_idx *stack; /* faces of two dimensions, one after the other */
    size_t stack_capacity;
} pleats_closure;

PLEATS_NODISCARD pleats_status
pleats_closure_init(const pleats_complex_faces *faces, pleats_closure *closure);
void pleats_closure_clear(pleats_closure *closure);

/* closure->vertex gets the vertices of face i of dimension d, each once. */
PLEATS_NODISCARD pleats_status pleats_closure_vertices(pleats_closure *closure,
                                                       pleats_idx d,
                                                       pleats_idx i);

#endif
