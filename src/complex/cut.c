/* Cutting all faces by one function that is affine on each of them [Berzins
 * 2023].
 *
 * A face is cut when the function has both signs on it, which its vertices
 * say.  Then no facet of it lies in the zero set, and the part of the zero set
 * in it has for facets those of the facets that are cut, and the ridges in the
 * zero set: each of these is between a facet on the positive side and one on
 * the negative side. */
#include "complex/faces.h"

enum { BOTH = PLEATS_FACE_POSITIVE | PLEATS_FACE_NEGATIVE };

static pleats_complex_face *facet_of(const pleats_complex_faces *f,
                                     pleats_idx d,
                                     const pleats_complex_face *face,
                                     pleats_idx j)
{
    return &f->face[d - 1][face->facet[j]];
}

/* The signs of the points; whether both are among them. */
static bool is_cut(pleats_complex_faces *f, const pleats_complex_points *points)
{
    uint8_t all = 0;
    for (size_t i = 0; i < f->n[0]; i++) {
        const int sign = pleats_complex_points_sign(points, i);
        f->face[0][i].sign = sign > 0   ? PLEATS_FACE_POSITIVE
                             : sign < 0 ? PLEATS_FACE_NEGATIVE
                                        : 0;
        all |= f->face[0][i].sign;
    }
    return all == BOTH;
}

/* The signs of all others. */
static void raise_signs(pleats_complex_faces *f)
{
    for (pleats_idx d = 1; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++) {
            pleats_complex_face *face = &f->face[d][i];
            face->sign = 0;
            for (pleats_idx j = 0; j < face->n; j++)
                face->sign |= facet_of(f, d, face, j)->sign;
        }
}

void pleats_complex_faces_signs(pleats_complex_faces *f,
                                const pleats_complex_points *points)
{
    (void)is_cut(f, points);
    raise_signs(f);
}

/* How many facets the three parts of face i get, the zero set's part among
 * those of the other two. */
static void count_facets(const pleats_complex_faces *f, pleats_idx d, size_t i,
                         pleats_idx *positive, pleats_idx *negative,
                         pleats_idx *zero)
{
    const pleats_complex_face *face = &f->face[d][i];
    *positive = *negative = 1;
    *zero = 0;
    for (pleats_idx j = 0; j < face->n; j++) {
        const pleats_complex_face *g = facet_of(f, d, face, j);
        *positive += (g->sign & PLEATS_FACE_POSITIVE) != 0;
        *negative += (g->sign & PLEATS_FACE_NEGATIVE) != 0;
        *zero += g->sign == BOTH;
        for (pleats_idx r = 0; g->sign == PLEATS_FACE_POSITIVE && r < g->n; r++)
            *zero += facet_of(f, d - 1, g, r)->sign == 0;
    }
}

/* A part of a face belongs to what the face belongs to. */
static void inherit(pleats_complex_face *part, const pleats_complex_face *whole)
{
    part->on_side = whole->on_side;
    part->origin = whole->origin;
}

static void fill_zero(const pleats_complex_faces *f, pleats_idx d,
                      const pleats_complex_face *face,
                      pleats_complex_face *zero)
{
    pleats_idx n = 0;
    for (pleats_idx j = 0; j < face->n; j++) {
        const pleats_complex_face *g = facet_of(f, d, face, j);
        if (g->sign == BOTH)
            zero->facet[n++] = g->zero;
        for (pleats_idx r = 0; g->sign == PLEATS_FACE_POSITIVE && r < g->n; r++)
            if (facet_of(f, d - 1, g, r)->sign == 0)
                zero->facet[n++] = g->facet[r];
    }
}

/* The two ends of an edge that is cut. */
static pleats_status cross_edge(const pleats_complex_faces *f,
                                pleats_complex_points *points, size_t i)
{
    const pleats_complex_face *edge = &f->face[1][i];
    return pleats_complex_points_cross(points, edge->facet[0], edge->facet[1]);
}

/* Face i of dimension d becomes its positive part; the facets that are cut have
 * been. */
static pleats_status split(pleats_complex_faces *f,
                           pleats_complex_points *points, pleats_idx d,
                           size_t i)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_positive, n_negative, n_zero, *list = NULL, n = 0;
    pleats_complex_face *zero = NULL, *negative = NULL;
    count_facets(f, d, i, &n_positive, &n_negative, &n_zero);
    if (d == 1)
        TRY(cross_edge(f, points, i));
    TRY(pleats_complex_faces_add(f, d - 1, n_zero, &zero));
    inherit(zero, &f->face[d][i]);
    fill_zero(f, d, &f->face[d][i], zero);
    f->face[d][i].zero = (pleats_idx)f->n[d - 1] - 1;
    TRY(pleats_complex_faces_add(f, d, n_negative, &negative));
    pleats_complex_face *face = &f->face[d][i];
    inherit(negative, face);
    face->negative = (pleats_idx)f->n[d] - 1;
    TRY(pleats_alloc(f->ctx, (size_t)n_positive, sizeof *list, &list));
    for (pleats_idx j = 0, m = 0; j < face->n; j++) {
        const pleats_complex_face *g = facet_of(f, d, face, j);
        if (g->sign & PLEATS_FACE_POSITIVE)
            list[n++] = face->facet[j];
        if (g->sign & PLEATS_FACE_NEGATIVE)
            negative->facet[m++] =
                g->sign == BOTH ? g->negative : face->facet[j];
    }
    list[n_positive - 1] = negative->facet[n_negative - 1] = face->zero;
    pleats_release(f->ctx, face->facet);
    face->facet = list;
    face->n = n_positive;
done:
    return status;
}

pleats_status pleats_complex_faces_cut(pleats_complex_faces *f,
                                       pleats_complex_points *points)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = f->k;
    size_t before[PLEATS_COMPLEX_LEVELS] = {0};
    if (!is_cut(f, points))
        goto done;
    raise_signs(f);
    for (pleats_idx d = 0; d <= k; d++)
        before[d] = f->n[d];
    for (pleats_idx d = 1; d <= k; d++)
        for (size_t i = 0; i < before[d]; i++) {
            if (f->face[d][i].sign == BOTH)
                TRY(split(f, points, d, i));
            TRY(pleats_check_work(f->ctx, 10));
        }
done:
    return status;
}
