/* A cell held by its vertices: the engine for low dimensions.
 *
 * A closed cell is a convex polyhedron in R^k, seen in homogeneous coordinates
 * (t, w), w >= 0: it is the sum of its lines (whole directions that it
 * contains) and the cone over its generators, which are vertices (w > 0) and
 * rays (w = 0).  The hyperplane at infinity w = 0 counts as one more wall.
 *
 * What is exact: which walls hold which generator, and which generators are
 * there.  Coordinates are doubles with a proven error; a generator is exactly
 * the one direction in which the walls that hold it leave it free, and is
 * worked out from them over the integers where doubles do not settle a sign.
 *
 * A plane cuts the cell when it has generators strictly on both sides, or a
 * line that it does not hold.  The parts, and the section with the plane, come
 * from the double description method [Motzkin et al. 1953; Fukuda and Prodon
 * 1996]: the generators on the plane's side, and one new one on every edge that
 * crosses it.
 */
#ifndef PLEATS_CELLS_VERTICES_H
#define PLEATS_CELLS_VERTICES_H

#include "cells/space.h"

/* A generator over the integers, shared by all cells that have it. */
typedef struct {
    size_t n_users, width;
    mpz_t *x; /* [width], width = k + 1 */
} pleats_exact_point;

/* Where a line crosses an edge of a polygon: its entries, the walls. */
typedef struct {
    double point[3], error;
    uint64_t on;
    pleats_idx name;
} pleats_polygon_crossing;

/* How a line meets a polygon, its negative side first. */
typedef struct {
    uint64_t side[2]; /* sets of generators, bit i: the polygon's generator i */
    pleats_idx n[2];  /* how many they are */
    pleats_idx n_edges;
    pleats_polygon_crossing crossing[2]; /* [n_edges] */
} pleats_polygon_meeting;

typedef struct pleats_vertices pleats_vertices;
struct pleats_vertices {
    /* Dimension of the cell across its lines.  A whole cell has dim + n_lines
     * = k; a section has one less for each plane that it lies in. */
    pleats_idx dim;

    pleats_idx n;  /* generators */
    size_t pad;    /* n rounded up to 4; the last one is repeated */
    double *point; /* [(k + 1) x pad], largest entry of a generator about 1 */
    double *error; /* [pad] max norm; infinite: not known */
    uint64_t version; /* of these: a number that no other ones have, 0: none */
    size_t n_words;   /* of a set of walls */
    uint64_t *on;     /* [n x n_words] bit i: slot i's wall holds it */
    pleats_vertex_id *id; /* [n] in the space's store */
    bool has_exact;       /* otherwise `exact` is unset, and says nothing */
    pleats_exact_point **exact; /* [n] NULL: not asked for so far */
    pleats_idx *name;           /* [n] see vertex_names.h; NULL: none */
    double *block; /* that these share; with one word of walls all but the
                      names are rows of [pad] numbers each */
    size_t block_capacity;
    bool simple; /* every generator is on exactly dim walls */

    pleats_idx n_slots;
    pleats_idx *slot; /* [n_slots] walls, among them all that carry facets: a
                         number on the stack, or negative, see vertices.c */
    size_t slot_capacity;
    pleats_idx n_planes;
    pleats_idx *plane; /* [n_planes] a section's planes, numbers on the stack */
    size_t plane_capacity;

    pleats_idx n_lines;
    size_t n_integers;
    mpz_t *line;        /* [n_lines x (k + 1)], exact, last entry 0 */
    double *line_point; /* [n_lines x (k + 1)] the same, largest entry 1 */
    size_t line_capacity;

    /* The positive side of the plane that cut the cell last, not asked for yet:
     * made along with the negative one, or of a polygon what it takes. */
    bool has_positive;
    pleats_hyperplane cut;     /* that plane */
    pleats_vertices *positive; /* NULL or room */
    pleats_polygon_meeting meeting;
};

/* The greatest dimension that a cell may have, and the greatest ones for which
 * cells are held so by default: in boxes, all of whose corners are vertices,
 * and elsewhere (measured: docs/performance.md). */
enum {
    PLEATS_VERTICES_DIMENSION = 8,
    PLEATS_VERTICES_MOST_BOUNDED = 5,
    PLEATS_VERTICES_MOST = 6
};

void pleats_vertices_clear(pleats_ctx *ctx, pleats_vertices *cell);
PLEATS_NODISCARD pleats_status pleats_vertices_copy(
    pleats_space *space, pleats_vertices *to, const pleats_vertices *cell);

/* The contracts are those of cell.h; `wall` is the plane's number on the stack,
 * where it lies with its sign. */
PLEATS_NODISCARD pleats_status pleats_vertices_root(pleats_space *space,
                                                    pleats_vertices *cell);
PLEATS_NODISCARD pleats_status pleats_vertices_sides(pleats_space *space,
                                                     pleats_vertices *cell,
                                                     pleats_hyperplane plane,
                                                     bool *has);
PLEATS_NODISCARD pleats_status pleats_vertices_restrict(
    pleats_space *space, pleats_vertices *cell, pleats_hyperplane plane,
    int sign, pleats_idx wall, pleats_vertices *to);

/* A box around all generators: |x_j - centre_j| <= half_j for their true
 * entries x, the last one being w; both [k + 1]. */
void pleats_vertices_box(const pleats_space *space, const pleats_vertices *cell,
                         double *centre, double *half);

/* ---- between the files of the engine ---- */

enum { PLEATS_WALL_AT_INFINITY = -1, PLEATS_WALL_OF_BOX = -2 };

/* A generator whose doubles are off by more than this is worked out anew, from
 * its walls; others only when a sign asks for it. */
#define PLEATS_ERROR_KEPT 0x1p-17

/* Row [k + 1] of a wall by its number: `row` is set to it. */
PLEATS_NODISCARD pleats_status pleats_vertices_wall_row(pleats_space *space,
                                                        pleats_idx wall,
                                                        mpz_t *row);

/* The same in doubles, but for a factor: lent, or made in `room` [k + 1];
 * |row - true row|_1 <= *error. */
const double *pleats_vertices_wall_form(const pleats_space *space,
                                        pleats_idx wall, double *room,
                                        double *error);

/* The set of walls that hold generator i: [n_words]. */
static inline const uint64_t *pleats_vertices_walls(const pleats_vertices *cell,
                                                    pleats_idx i)
{
    return cell->on + (size_t)i * cell->n_words;
}

/* space->vertices.kept [*n] gets the generators with signs least .. most of
 * those in space->vertices.sign. */
PLEATS_NODISCARD pleats_status pleats_vertices_list(pleats_space *space,
                                                    const pleats_vertices *cell,
                                                    int least, int most,
                                                    size_t *n);

/* space->vertices.crossed gets the edges from a positive to a negative
 * generator, by the signs in space->vertices.sign.  Two share an edge when no
 * other one is on all walls that they are both on; there must be at least
 * dim - 1 of these, and where every generator is on just dim walls, that is
 * enough. */
PLEATS_NODISCARD pleats_status
pleats_vertices_edges(pleats_space *space, const pleats_vertices *cell);

/* Before a cut: where one more wall would need one more word, leaves out walls
 * that too few generators are on to carry a facet. */
PLEATS_NODISCARD pleats_status
pleats_vertices_room_for_wall(pleats_space *space, pleats_vertices *cell);

/* Generator i over the integers, from walls and planes, lent: x [k + 1].
 * Improves its doubles. */
PLEATS_NODISCARD pleats_status pleats_vertices_solve(pleats_space *space,
                                                     pleats_vertices *cell,
                                                     pleats_idx i, mpz_t **x);
void pleats_exact_point_release(pleats_ctx *ctx, pleats_exact_point *point);
/* Before one is set. */
void pleats_vertices_have_exact(pleats_vertices *cell);
/* Generator o of `to` is generator i of `from`, as far as exact points go. */
static inline void pleats_vertices_share(const pleats_vertices *from,
                                         pleats_idx i, pleats_vertices *to,
                                         pleats_idx o)
{
    if (!from->has_exact || !from->exact[i])
        return;
    pleats_vertices_have_exact(to);
    to->exact[o] = from->exact[i];
    to->exact[o]->n_users++;
}

/* After a cell's doubles have changed. */
static inline void pleats_vertices_changed(pleats_space *space,
                                           pleats_vertices *cell)
{
    cell->version = ++space->vertices.n_versions;
}

/* Whether the values of the form in question are there for a cell. */
static inline bool pleats_vertices_have_values(const pleats_space *space,
                                               const pleats_vertices *cell)
{
    return cell->version != 0 && space->vertices.valued == cell->version;
}

/* Takes generator i from the space's store, if it is known there better than up
 * to `error`. */
bool pleats_vertices_recall(const pleats_space *space, pleats_vertices *cell,
                            pleats_idx i, double error);

/* Works out generator i anew in doubles, from k walls that hold it; false when
 * it is held by more, or was not improved. */
bool pleats_vertices_refine(pleats_space *space, pleats_vertices *cell,
                            pleats_idx i);

/* Makes a plane, or a wall of the frame, the one in question. */
void pleats_vertices_ask(pleats_space *space, pleats_hyperplane plane);
PLEATS_NODISCARD pleats_status pleats_vertices_ask_wall(pleats_space *space,
                                                        pleats_idx wall);

/* Makes space->vertices.value [2 x pad] the values of the form in question at
 * the generators and their error bounds, unless they are there. */
PLEATS_NODISCARD pleats_status
pleats_vertices_evaluate(pleats_space *space, const pleats_vertices *cell);

/* The same; space->vertices.sign [n] gets the true signs. */
PLEATS_NODISCARD pleats_status pleats_vertices_signs(pleats_space *space,
                                                     pleats_vertices *cell);

/* The true sign of the form in question at generator i, whose doubles do not
 * tell. */
PLEATS_NODISCARD pleats_status pleats_vertices_sign(pleats_space *space,
                                                    pleats_vertices *cell,
                                                    pleats_idx i, int *sign);

/* A line that the plane in question does not hold, -1 when it holds all. */
PLEATS_NODISCARD pleats_status pleats_vertices_crossing_line(
    pleats_space *space, const pleats_vertices *cell, pleats_idx *line);

/* The part on side `sign` of the plane in question, which has number `wall`;
 * sign 0: the section.  Not `cell` itself. */
PLEATS_NODISCARD pleats_status pleats_vertices_cut(pleats_space *space,
                                                   pleats_vertices *cell,
                                                   int sign, pleats_idx wall,
                                                   pleats_vertices *to);

/* All of `to` but its generators and lines: the walls of the cell, and the new
 * one, or the new plane when sign is 0; *n_words: of its sets of walls. */
PLEATS_NODISCARD pleats_status pleats_vertices_take_walls(
    pleats_space *space, const pleats_vertices *cell, int sign, pleats_idx wall,
    pleats_vertices *to, size_t *n_words);

/* Sets the doubles of generator o of `to`: the crossing of the plane in
 * question with the edge of the cell, by the values that were found. */
void pleats_vertices_cross(const pleats_space *space,
                           const pleats_vertices *cell, pleats_edge edge,
                           pleats_vertices *to, pleats_idx o);

/* Works out anew the generators whose doubles are not known well. */
void pleats_vertices_mend(pleats_space *space, pleats_vertices *cell);

/* Whether one more wall leaves the cell a simple polygon in a plane, with its
 * walls in one word. */
bool pleats_vertices_is_polygon(const pleats_space *space,
                                const pleats_vertices *cell);
/* Finds out how the plane in question meets a polygon; the negative part. */
PLEATS_NODISCARD pleats_status
pleats_vertices_cut_polygon(pleats_space *space, pleats_vertices *cell,
                            pleats_idx wall, pleats_vertices *negative);
/* The part on side `sign`, by cell->meeting. */
PLEATS_NODISCARD pleats_status
pleats_vertices_take_part(pleats_space *space, const pleats_vertices *cell,
                          int sign, pleats_idx wall, pleats_vertices *to);

/* Repeats the last generator up to `pad`. */
void pleats_vertices_pad(pleats_space *space, pleats_vertices *cell);
/* Copies walls and planes. */
PLEATS_NODISCARD pleats_status pleats_vertices_copy_walls(
    pleats_space *space, pleats_vertices *to, const pleats_vertices *cell);
/* Sets line_point from line. */
void pleats_vertices_round_lines(pleats_space *space, pleats_vertices *cell);
PLEATS_NODISCARD pleats_status pleats_vertices_copy_lines(
    pleats_space *space, pleats_vertices *to, const pleats_vertices *cell);
PLEATS_NODISCARD pleats_status pleats_vertices_reserve_lines(
    pleats_space *space, pleats_vertices *cell, pleats_idx n_lines);

/* Where a form with values fp, fq at p, q, known up to dp, dq, vanishes between
 * them: p + share (q - p), the share off by at most `off`.  False: the values
 * do not certainly have opposite signs. */
bool pleats_vertices_crossing(double fp, double fq, double dp, double dq,
                              double *share, double *off);

/* Both parts at once, after pleats_vertices_room_for_wall; the cell has no
 * lines. */
PLEATS_NODISCARD pleats_status pleats_vertices_cut_both(
    pleats_space *space, pleats_vertices *cell, pleats_idx wall,
    pleats_vertices *negative, pleats_vertices *positive);

/* Makes room for n generators with n_words words of walls each. */
PLEATS_NODISCARD pleats_status pleats_vertices_reserve(pleats_space *space,
                                                       pleats_vertices *cell,
                                                       pleats_idx n,
                                                       size_t n_words);

#endif
