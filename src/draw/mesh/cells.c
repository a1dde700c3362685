/* The faces of the part of each cell where the output is below the level. */
#include "draw/mesh/faces.h"

#include <math.h>

void pleats_faces_clear(pleats_faces *f)
{
    for (size_t i = 0; i < 3 * f->n; i++)
        mpz_clear(f->normal[i]);
    pleats_release(f->ctx, f->face);
    pleats_release(f->ctx, f->normal);
    pleats_release(f->ctx, f->loop);
    *f = (pleats_faces){0};
}

pleats_status pleats_faces_add(pleats_faces *f, pleats_face_kind kind,
                               mpz_t *normal, size_t n, const size_t *corner)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(f->ctx, &f->face, &f->capacity, f->n + 1, sizeof *f->face));
    TRY(pleats_grow(f->ctx, &f->normal, &f->normal_capacity, 3 * f->n + 3,
                    sizeof *f->normal));
    TRY(pleats_grow(f->ctx, &f->loop, &f->loop_capacity, f->n_loop + n,
                    sizeof *f->loop));
    f->face[f->n] = (pleats_face){kind, f->n_loop, n};
    for (size_t i = 0; i < 3; i++)
        mpz_init_set(f->normal[3 * f->n + i], normal[i]);
    for (size_t i = 0; i < n; i++)
        f->loop[f->n_loop++] = corner[i];
    f->n++;
done:
    return status;
}

void pleats_meshing_clear(pleats_meshing *m)
{
    if (!m->ctx)
        return;
    pleats_vertices_clear(m->ctx, &m->cell);
    pleats_release(m->ctx, m->vertex);
    for (size_t i = 0; i < m->n_values; i++)
        mpz_clear(m->value[i]);
    pleats_release(m->ctx, m->value);
    pleats_release(m->ctx, m->edge);
    pleats_release(m->ctx, m->mask);
    pleats_release(m->ctx, m->polygon);
    for (size_t i = 0; i < 4; i++)
        mpz_clear(m->normal[i]);
    pleats_mesh_points_clear(&m->corners);
    pleats_faces_clear(&m->faces);
    *m = (pleats_meshing){0};
}

/* Makes output - level the form in question, exactly and rounded; *is_zero:
 * it is 0 in the whole cell. */
static pleats_status ask_output(pleats_meshing *m, pleats_space *s,
                                bool *is_zero)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    const pleats_quotient *q;
    double size = fabs(m->level);
    TRY(pleats_exact_forms_need(s->ctx, &s->exact, m->scalar, &q));
    for (pleats_idx c = 0; c <= k; c++) {
        s->question.entry[c] =
            pleats_quotient_to_double(q->num[c], q->den, NULL);
        size += fabs(s->question.entry[c]);
    }
    TRY(pleats_exact_forms_multiple(s->ctx, &s->exact, m->scalar, -1, m->level,
                                    s->question.objective));
    double tolerance = pleats_round_up(s->forms.gamma * size + 0x1p-900);
    s->vertices.form = (pleats_form_bounds){s->question.entry, m->level,
                                            s->paranoid ? INFINITY : tolerance,
                                            pleats_round_up(size)};
    s->vertices.valued = 0;
    s->question.plane = (pleats_hyperplane){-1, -1, 0};
    s->question.has_objective = true;
    *is_zero = true;
    for (pleats_idx c = 0; c <= k; c++)
        *is_zero = *is_zero && mpz_sgn(s->question.objective[c]) == 0;
done:
    return status;
}

/* What the doubles tell of the values at the vertices, which are in
 * s->vertices.value. */
static void look(pleats_meshing *m, const pleats_space *s,
                 const pleats_vertices *v, bool *all_above, bool *all_below)
{
    *all_above = *all_below = true;
    for (size_t i = 0; i < (size_t)v->n; i++) {
        double value = s->vertices.value[i],
               bound = s->vertices.value[v->pad + i];
        double output = value / v->point[3 * v->pad + i] + m->level;
        *all_above = *all_above && value > bound;
        *all_below = *all_below && value < -bound;
        m->least = output < m->least ? output : m->least;
        m->most = output > m->most ? output : m->most;
    }
}

static bool is_on(const uint64_t *walls, pleats_idx slot)
{
    return walls[slot / 64] >> (slot % 64) & 1;
}

static bool is_side(const pleats_space *s, pleats_idx wall)
{
    return wall <= PLEATS_WALL_OF_BOX || (wall >= 0 && wall < s->frame->m);
}

/* The vertex as a corner. */
static pleats_status need_vertex(pleats_meshing *m, pleats_space *s,
                                 pleats_idx i, size_t *corner)
{
    pleats_status status = PLEATS_OK;
    if (m->vertex[i] == SIZE_MAX) {
        mpz_t *x = NULL;
        TRY(pleats_vertices_solve(s, &m->cell, i, &x));
        TRY(pleats_mesh_points_add(&m->corners, x, &m->vertex[i]));
    }
    *corner = m->vertex[i];
done:
    return status;
}

/* Room for the cell at hand. */
static pleats_status make_room(pleats_meshing *m)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)m->cell.n, most = n * n / 4 + 1;
    TRY(pleats_grow(m->ctx, &m->vertex, &m->vertex_capacity, n,
                    sizeof *m->vertex));
    TRY(pleats_grow(m->ctx, &m->value, &m->value_capacity, n,
                    sizeof *m->value));
    for (; m->n_values < m->value_capacity; m->n_values++)
        mpz_init(m->value[m->n_values]);
    TRY(pleats_grow(m->ctx, &m->edge, &m->edge_capacity, most,
                    sizeof *m->edge));
    TRY(pleats_grow(m->ctx, &m->mask, &m->mask_capacity, most * m->cell.n_words,
                    sizeof *m->mask));
    TRY(pleats_grow(m->ctx, &m->polygon, &m->polygon_capacity, n + most,
                    sizeof *m->polygon));
    for (size_t i = 0; i < n; i++)
        m->vertex[i] = SIZE_MAX;
    m->n_edges = 0;
done:
    return status;
}

/* The exact value at a vertex, which becomes a corner. */
static pleats_status need_value(pleats_meshing *m, pleats_space *s,
                                pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    size_t corner;
    if (m->vertex[i] != SIZE_MAX)
        return PLEATS_OK;
    TRY(need_vertex(m, s, i, &corner));
    mpz_set_ui(m->value[i], 0);
    for (size_t j = 0; j < 4; j++)
        mpz_addmul(m->value[i], s->question.objective[j],
                   pleats_mesh_point(&m->corners, corner)[j]);
done:
    return status;
}

/* Where edges of the cell cross the level. */
static pleats_status find_crossings(pleats_meshing *m, pleats_space *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_vertices *v = &m->cell;
    const pleats_crossed_edges *crossed = &s->vertices.crossed;
    TRY(pleats_vertices_edges(s, v));
    for (size_t e = 0; e < crossed->n; e++) {
        const pleats_idx p = crossed->edge[e].q, q = crossed->edge[e].p;
        TRY(need_value(m, s, p));
        TRY(need_value(m, s, q));
        TRY(pleats_mesh_points_add_crossing(
            &m->corners, pleats_mesh_point(&m->corners, m->vertex[p]),
            pleats_mesh_point(&m->corners, m->vertex[q]), m->value[p],
            m->value[q], &m->edge[m->n_edges]));
        uint64_t *mask = m->mask + m->n_edges * v->n_words;
        for (size_t w = 0; w < v->n_words; w++)
            mask[w] =
                pleats_vertices_walls(v, p)[w] & pleats_vertices_walls(v, q)[w];
        m->n_edges++;
    }
done:
    return status;
}

/* A face from m->polygon [n], around m->normal. */
static pleats_status add_face(pleats_meshing *m, pleats_face_kind kind,
                              size_t n)
{
    pleats_mesh_points_order(&m->corners, pleats_view_of(m->normal), n,
                             m->polygon);
    return pleats_faces_add(&m->faces, kind, m->normal, n, m->polygon);
}

static pleats_status add_cut(pleats_meshing *m, pleats_space *s)
{
    pleats_status status = PLEATS_OK;
    size_t n = 0;
    for (pleats_idx i = 0; i < m->cell.n; i++)
        if (s->vertices.sign[i] == 0)
            TRY(need_vertex(m, s, i, &m->polygon[n++]));
    for (size_t e = 0; e < m->n_edges; e++)
        m->polygon[n++] = m->edge[e];
    for (size_t i = 0; i < 3; i++)
        mpz_set(m->normal[i], s->question.objective[i]);
    TRY(add_face(m, PLEATS_FACE_CUT, n));
done:
    return status;
}

/* The part of a facet where the output is at most the level. */
static pleats_status add_facet(pleats_meshing *m, pleats_space *s,
                               pleats_idx slot, pleats_face_kind kind)
{
    pleats_status status = PLEATS_OK;
    const pleats_vertices *v = &m->cell;
    size_t n = 0;
    for (pleats_idx i = 0; i < v->n; i++)
        if (s->vertices.sign[i] <= 0 &&
            is_on(pleats_vertices_walls(v, i), slot))
            TRY(need_vertex(m, s, i, &m->polygon[n++]));
    for (size_t e = 0; e < m->n_edges; e++)
        if (is_on(m->mask + e * v->n_words, slot))
            m->polygon[n++] = m->edge[e];
    TRY(pleats_vertices_wall_row(s, v->slot[slot], m->normal));
    for (size_t i = 0; i < 3; i++)
        mpz_neg(m->normal[i], m->normal[i]);
    TRY(add_face(m, kind, n));
done:
    return status;
}

/* Counts the vertices on a facet, all, below the level, and at it. */
static void count_on(const pleats_meshing *m, const pleats_space *s,
                     pleats_idx slot, size_t *n, size_t *below, size_t *at)
{
    *n = *below = *at = 0;
    for (pleats_idx i = 0; i < m->cell.n; i++) {
        if (!is_on(pleats_vertices_walls(&m->cell, i), slot))
            continue;
        ++*n;
        *below += s->vertices.sign[i] < 0;
        *at += s->vertices.sign[i] == 0;
    }
}

/* The faces of a cell that is below the level somewhere; a wall carries a facet
 * when three vertices are on it. */
static pleats_status add_faces(pleats_meshing *m, pleats_space *s,
                               bool is_crossed)
{
    pleats_status status = PLEATS_OK;
    TRY(make_room(m));
    if (is_crossed) {
        TRY(find_crossings(m, s));
        TRY(add_cut(m, s));
    }
    for (pleats_idx j = 0; j < m->cell.n_slots; j++) {
        size_t n, below, at;
        bool side = is_side(s, m->cell.slot[j]);
        count_on(m, s, j, &n, &below, &at);
        if (n < 3)
            continue;
        if (side && m->cap && (below > 0 || at == n))
            TRY(add_facet(m, s, j, PLEATS_FACE_SIDE));
        else if (!side && at == n)
            TRY(add_facet(m, s, j, PLEATS_FACE_FLAT));
    }
done:
    return status;
}

static bool has_side(const pleats_space *s, const pleats_vertices *v)
{
    for (pleats_idx j = 0; j < v->n_slots; j++)
        if (is_side(s, v->slot[j]))
            return true;
    return false;
}

pleats_status pleats_meshing_region(void *state, pleats_space *s,
                                    pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    pleats_meshing *m = state;
    const pleats_vertices *v = &cell->vertices;
    bool is_zero, above, below, has[2] = {false, false};
    (void)share;
    (void)stop;
    m->n_regions++;
    TRY(ask_output(m, s, &is_zero));
    TRY(pleats_vertices_evaluate(s, v));
    look(m, s, v, &above, &below);
    if (is_zero || above || (below && !(m->cap && has_side(s, v))))
        goto done;
    TRY(pleats_vertices_copy(s, &m->cell, v));
    TRY(pleats_vertices_signs(s, &m->cell));
    for (pleats_idx i = 0; i < v->n; i++)
        if (s->vertices.sign[i] != 0)
            has[s->vertices.sign[i] > 0] = true;
    if (has[0])
        TRY(add_faces(m, s, has[1]));
done:
    return status;
}
