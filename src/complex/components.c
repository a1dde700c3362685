/* Faces of the domain's own dimension that share a facet and a class are of one
 * component.  Volumes are those of src/volume: a face is handed over as its
 * vertices, and which of its facets each of them is on. */
#include "complex/closure.h"
#include "complex/sets.h"
#include "exact/fractions.h"
#include "exact/rational.h"
#include "volume/measure.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

typedef struct {
    pleats_complex_work *work;
    const pleats_idx *class;
    size_t n;       /* faces of the domain's own dimension */
    pleats_idx *up; /* [n] towards the root of the component */
    pleats_closure closure;
    pleats_measure measure;
    bool has_measure;
    pleats_volume_room room;
    pleats_space space;       /* of which volumes read context and frame */
    pleats_vertices cell;     /* the face at hand */
    pleats_exact_point *mine; /* [cell.n] */
    pleats_idx *number;       /* [points] of each in the cell */
    size_t mine_capacity, exact_capacity, error_capacity, on_capacity;
    size_t point_capacity;
} measuring;

static pleats_idx root_of(measuring *m, pleats_idx i)
{
    while (m->up[i] != i) {
        m->up[i] = m->up[m->up[i]];
        i = m->up[i];
    }
    return i;
}

/* ---- joining ---- */

static pleats_status join(measuring *m)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = &m->work->faces;
    const pleats_idx k = f->k;
    pleats_idx *first = NULL;
    TRY(pleats_alloc(f->ctx, m->n, sizeof *m->up, &m->up));
    TRY(pleats_alloc(f->ctx, k > 0 ? f->n[k - 1] : 0, sizeof *first, &first));
    for (size_t i = 0; i < m->n; i++)
        m->up[i] = (pleats_idx)i;
    for (pleats_idx i = 0; i < (pleats_idx)m->n; i++) {
        const pleats_complex_face *face = &f->face[k][i];
        for (pleats_idx j = 0; j < face->n; j++) {
            const pleats_idx other = first[face->facet[j]] - 1;
            first[face->facet[j]] = i + 1;
            if (other >= 0 && m->class[other] == m->class[i])
                m->up[root_of(m, i)] = root_of(m, other);
        }
    }
done:
    pleats_release(f->ctx, first);
    return status;
}

/* ---- volumes ---- */

static pleats_status reserve_cell(measuring *m, pleats_idx n_facets)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = m->work->ctx;
    const size_t n = (size_t)m->closure.n;
    pleats_vertices *c = &m->cell;
    c->dim = m->work->faces.k;
    c->n = m->closure.n;
    c->pad = (n + 3) / 4 * 4;
    c->has_exact = true;
    c->n_slots = n_facets;
    c->n_words = (size_t)n_facets / 64 + 1;
    TRY(pleats_grow(ctx, &m->mine, &m->mine_capacity, n, sizeof *m->mine));
    TRY(pleats_grow(ctx, &c->exact, &m->exact_capacity, n, sizeof *c->exact));
    TRY(pleats_grow(ctx, &c->error, &m->error_capacity, c->pad,
                    sizeof *c->error));
    TRY(pleats_grow(ctx, &c->point, &m->point_capacity,
                    c->pad * (size_t)(c->dim + 1), sizeof *c->point));
    for (size_t i = 0; i < c->pad; i++)
        c->error[i] = INFINITY;
    TRY(pleats_grow(ctx, &c->on, &m->on_capacity, n * c->n_words,
                    sizeof *c->on));
    for (size_t i = 0; i < n * c->n_words; i++)
        c->on[i] = 0;
done:
    return status;
}

/* Makes m->cell face i: its vertices over the integers, no doubles of which are
 * known yet, and on which of its facets they are. */
static pleats_status take_cell(measuring *m, pleats_idx i)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = &m->work->faces;
    const pleats_complex_face *face = &f->face[f->k][i];
    TRY(pleats_closure_vertices(&m->closure, f->k, i));
    TRY(reserve_cell(m, face->n));
    for (pleats_idx v = 0; v < m->closure.n; v++) {
        const pleats_idx point = m->closure.vertex[v];
        m->number[point] = v;
        m->mine[v].x = m->work->points.point[point].x;
        m->cell.exact[v] = &m->mine[v];
    }
    for (pleats_idx j = 0; j < face->n; j++) {
        TRY(pleats_closure_vertices(&m->closure, f->k - 1, face->facet[j]));
        for (pleats_idx v = 0; v < m->closure.n; v++)
            m->cell
                .on[(size_t)m->number[m->closure.vertex[v]] * m->cell.n_words +
                    (size_t)j / 64] |= (uint64_t)1 << (j % 64);
    }
done:
    return status;
}

static pleats_status begin_volumes(measuring *m)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_work *w = m->work;
    m->has_measure = true;
    m->space.ctx = w->ctx;
    m->space.frame = &w->frame;
    TRY(pleats_measure_init(w->ctx, &m->measure, w->domain, &w->frame));
    TRY(pleats_closure_init(&w->faces, &m->closure));
    TRY(pleats_alloc(w->ctx, w->points.n, sizeof *m->number, &m->number));
done:
    return status;
}

static void end_volumes(measuring *m)
{
    pleats_ctx *ctx = m->work->ctx;
    if (m->has_measure)
        pleats_measure_clear(&m->measure);
    pleats_volume_clear(ctx, &m->room);
    pleats_closure_clear(&m->closure);
    pleats_release(ctx, m->cell.exact);
    pleats_release(ctx, m->cell.error);
    pleats_release(ctx, m->cell.on);
    pleats_release(ctx, m->cell.point);
    pleats_release(ctx, m->mine);
    pleats_release(ctx, m->number);
    pleats_release(ctx, m->up);
}

typedef struct {
    pleats_complex_component component;
    pleats_fractions exact;
    pleats_idx number;
} row;

static pleats_status add_part(measuring *m, pleats_idx i, bool exact_volumes,
                              row *to)
{
    pleats_status status = PLEATS_OK;
    bool is_bounded = true;
    pleats_enclosed volume = {0};
    mpq_t exact;
    mpq_init(exact);
    TRY(take_cell(m, i));
    TRY(pleats_measure_enclose_solved(&m->measure, &m->space, &m->cell,
                                      &m->room, 0, &volume));
    to->component.number = m->class[i];
    to->component.parts++;
    to->component.volume += volume.value;
    to->component.volume_error += volume.error;
    if (exact_volumes) {
        TRY(pleats_measure_exact(&m->measure, &m->space, &m->cell, &m->room,
                                 exact, &is_bounded));
        pleats_fractions_add(&to->exact, exact);
    }
    TRY(pleats_check_work(m->work->ctx, 1000));
done:
    mpq_clear(exact);
    return status;
}

/* ---- the whole ---- */

static int by_class_and_volume(const void *a, const void *b)
{
    const row *x = a, *y = b;
    if (x->component.number != y->component.number)
        return x->component.number < y->component.number ? -1 : 1;
    if (x->component.volume != y->component.volume)
        return x->component.volume > y->component.volume ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* of [n] gets each face's component, *n_components how many there are. */
static void number_components(measuring *m, pleats_idx *of,
                              pleats_idx *n_components)
{
    *n_components = 0;
    for (pleats_idx i = 0; i < (pleats_idx)m->n; i++)
        if (root_of(m, i) == i)
            of[i] = (*n_components)++;
    for (pleats_idx i = 0; i < (pleats_idx)m->n; i++)
        of[i] = of[root_of(m, i)];
}

/* The error of the sum of so many volumes with errors of their own. */
static void widen(pleats_complex_component *c)
{
    const double steps = DBL_EPSILON * ((double)c->parts + 4);
    c->volume_error = c->volume_error * (1 + steps) + steps * c->volume;
}

static pleats_status put_rows(pleats_ctx *ctx, row *list, pleats_idx n,
                              bool exact_volumes, pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    mpq_t total;
    mpq_init(total);
    if (n > 0)
        qsort(list, (size_t)n, sizeof *list, by_class_and_volume);
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *out->component, &out->component));
    for (pleats_idx i = 0; i < n; i++) {
        pleats_complex_component *c = &out->component[out->n_components];
        *c = list[i].component;
        out->n_components++;
        widen(c);
        if (!exact_volumes)
            continue;
        mpq_set_ui(total, 0, 1);
        pleats_fractions_total(&list[i].exact, total);
        TRY(pleats_fraction_text(ctx, total, &c->exact_volume));
    }
done:
    mpq_clear(total);
    return status;
}

pleats_status pleats_complex_components(pleats_complex_work *w,
                                        const pleats_idx *class,
                                        bool exact_volumes,
                                        pleats_complex_result *out)
{
    pleats_status status = PLEATS_OK;
    measuring m = {.work = w, .class = class, .n = w->faces.n[w->faces.k]};
    pleats_idx *of = NULL, n = 0;
    row *list = NULL;
    TRY(join(&m));
    TRY(pleats_alloc(w->ctx, m.n, sizeof *of, &of));
    number_components(&m, of, &n);
    TRY(pleats_alloc(w->ctx, (size_t)n, sizeof *list, &list));
    TRY(begin_volumes(&m));
    for (pleats_idx c = 0; c < n; c++)
        list[c].number = c;
    for (pleats_idx i = 0; i < (pleats_idx)m.n; i++)
        TRY(add_part(&m, i, exact_volumes, &list[of[i]]));
    TRY(put_rows(w->ctx, list, n, exact_volumes, out));
done:
    end_volumes(&m);
    for (pleats_idx c = 0; list && c < n; c++)
        pleats_fractions_clear(&list[c].exact);
    pleats_release(w->ctx, list);
    pleats_release(w->ctx, of);
    return status;
}
