/* What the triangles of a mesh say by themselves, of the surface that they
 * make. What must hold of every mesh is asserted on the way. */
#ifndef PLEATS_TEST_SURFACE_H
#define PLEATS_TEST_SURFACE_H

#include "draw/mesh/mesh.h"

/* Edges, and how many are in one triangle; all others must be in two, which
 * run in opposite directions. */
size_t surface_edges(const pleats_mesh *m, size_t *single);
/* The Euler characteristic of a mesh that must be closed. */
int64_t surface_euler(const pleats_mesh *m);
/* The volume inside a closed mesh, below 0 when its triangles face inwards. */
double surface_volume(const pleats_mesh *m);
double surface_area(const pleats_mesh *m);

#endif
