/* Between the files of the mesh: flat convex faces of the solid on the way to
 * triangles.  Corners have the frame's coordinates here. */
#ifndef PLEATS_DRAW_MESH_FACES_H
#define PLEATS_DRAW_MESH_FACES_H

#include "draw/mesh/mesh.h"
#include "draw/mesh/points.h"

#include "cells/walk.h"

typedef enum {
    PLEATS_FACE_CUT,  /* where the level's plane cuts a cell */
    PLEATS_FACE_SIDE, /* on a side of the domain */
    PLEATS_FACE_FLAT, /* a facet of a cell, all of it at the level */
    PLEATS_FACE_GONE
} pleats_face_kind;

typedef struct {
    pleats_face_kind kind;
    size_t first, n; /* its corners, counter-clockwise around the normal */
} pleats_face;

typedef struct {
    pleats_ctx *ctx;
    size_t n, capacity, normal_capacity;
    pleats_face *face; /* [n] */
    mpz_t *normal;     /* [n x 3] out of the solid */
    size_t n_loop, loop_capacity;
    size_t *loop; /* [n_loop] corners of the faces, one after the other */
} pleats_faces;

void pleats_faces_clear(pleats_faces *faces);

/* A face with a copy of the normal [3] and corners [n]; the normal must not be
 * one of the faces'. */
PLEATS_NODISCARD pleats_status pleats_faces_add(pleats_faces *faces,
                                                pleats_face_kind kind,
                                                mpz_t *normal, size_t n,
                                                const size_t *corner);

static inline mpz_t *pleats_face_normal(const pleats_faces *f, size_t i)
{
    return f->normal + 3 * i;
}

static inline const size_t *pleats_face_loop(const pleats_faces *f, size_t i)
{
    return f->loop + f->face[i].first;
}

/* ---- cells to faces (cells.c) ---- */

/* A mesh in the making. */
typedef struct {
    pleats_ctx *ctx;
    pleats_idx scalar; /* the output */
    double level;
    bool cap;
    pleats_mesh_points corners;
    pleats_faces faces;
    size_t n_regions;
    double least, most; /* of the output at the cells' vertices */

    /* Room for one cell: */
    pleats_vertices cell;
    size_t vertex_capacity, value_capacity, edge_capacity, mask_capacity,
        polygon_capacity;
    size_t *vertex; /* [cell.n] corners, SIZE_MAX: not made so far */
    mpz_t *value;   /* [value_capacity] of the form at the vertices */
    size_t n_values;
    size_t n_edges;
    size_t *edge;   /* [n_edges] corners where edges cross the level */
    uint64_t *mask; /* [n_edges x cell.n_words] walls that these are on */
    size_t *polygon;
    mpz_t normal[4];
} pleats_meshing;

void pleats_meshing_clear(pleats_meshing *meshing);

/* For pleats_walk, `state` being a pleats_meshing: adds the faces of the part
 * of a region that is below the level. */
PLEATS_NODISCARD pleats_status pleats_meshing_region(void *state,
                                                     pleats_space *space,
                                                     pleats_cell *cell,
                                                     double share, bool *stop);

/* ---- faces to faces ---- */

/* Takes away what flat faces of both ways round share: there the solid is on
 * both sides (flat.c). */
PLEATS_NODISCARD pleats_status pleats_mesh_cancel(pleats_mesh_points *corners,
                                                  pleats_faces *faces);

/* Puts corners into the edges of faces that they lie inside of, where others'
 * edges end there, and a corner into the middle of edges where more than two
 * faces meet (edges.c).  PLEATS_INTERNAL when an edge is not balanced then
 * that does not lie on a side of the domain, or, with `cap`, any. */
PLEATS_NODISCARD pleats_status pleats_mesh_join(pleats_mesh_points *corners,
                                                pleats_faces *faces, bool cap,
                                                const pleats_frame *frame);

/* ---- edges (edges.c) ---- */

/* A directed edge, named by its ends in order of their numbers. */
typedef struct {
    size_t lo, hi;
    bool forward; /* it runs from lo to hi */
    size_t at;    /* whose it is: a place in the loops, or 3 t + i */
} pleats_mesh_edge;

void pleats_mesh_sort_edges(pleats_mesh_edge *edge, size_t n);
/* Where the run of edges that begins at i ends; *balance: how many more run
 * forward than backward. */
size_t pleats_mesh_edge_run(const pleats_mesh_edge *edge, size_t n, size_t i,
                            int64_t *balance);

/* ---- faces to triangles (triangles.c, sheets.c) ---- */

typedef struct {
    size_t n, capacity, owner_capacity;
    size_t *corner; /* [n x 3] */
    size_t *face;   /* [n] that it is of */
} pleats_triangles;

PLEATS_NODISCARD pleats_status pleats_mesh_triangulate(
    pleats_mesh_points *corners, const pleats_faces *f, pleats_triangles *t);

/* sheet [t->n x 3] gets numbers 0 .. *n_sheets - 1 of triangles' corners: those
 * of one corner that belong to one sheet of the surface share a number. */
PLEATS_NODISCARD pleats_status pleats_mesh_sheets(pleats_mesh_points *corners,
                                                  const pleats_faces *f,
                                                  const pleats_triangles *t,
                                                  size_t *sheet,
                                                  size_t *n_sheets);

#endif
