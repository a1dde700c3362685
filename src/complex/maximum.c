/* Candidates come one after the other, each cutting where it meets the greatest
 * of those before it.  Where a later one exceeds both, that cut is none of the
 * maximum's: parts of one face on which the same candidates lead are then
 * joined.  What is joined is convex: the leaders of a set are constant on its
 * inside. */
#include "complex/maximum.h"

#include <string.h>

/* ---- who leads ---- */

void pleats_leaders_clear(pleats_ctx *ctx, pleats_leaders *l)
{
    for (pleats_idx d = 0; d < PLEATS_COMPLEX_LEVELS; d++)
        pleats_release(ctx, l->set[d]);
    *l = (pleats_leaders){0};
}

/* All candidates are at most the lead, and all are affine on a face: who leads
 * at all its vertices leads on it, and no one else. */
pleats_status pleats_leaders_find(const pleats_complex_faces *f,
                                  const pleats_complex_points *points,
                                  const pleats_idx *scalar, pleats_idx n,
                                  pleats_leaders *l)
{
    pleats_status status = PLEATS_OK;
    *l = (pleats_leaders){.n_words = (size_t)n / 64 + 1};
    for (pleats_idx d = 0; d < PLEATS_COMPLEX_LEVELS; d++)
        TRY(pleats_alloc(f->ctx, f->n[d] * l->n_words, sizeof *l->set[d],
                         &l->set[d]));
    for (size_t i = 0; i < f->n[0]; i++)
        for (pleats_idx c = 0; c < n; c++)
            if (pleats_complex_points_is_lead(points, i, scalar[c]))
                l->set[0][i * l->n_words + (size_t)c / 64] |= (uint64_t)1
                                                              << (c % 64);
    for (pleats_idx d = 1; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++) {
            const pleats_complex_face *face = &f->face[d][i];
            uint64_t *set = l->set[d] + i * l->n_words;
            memset(set, 0xff, l->n_words * sizeof *set);
            for (pleats_idx j = 0; j < face->n; j++)
                for (size_t w = 0; w < l->n_words; w++)
                    set[w] &=
                        l->set[d - 1][(size_t)face->facet[j] * l->n_words + w];
        }
done:
    return status;
}

/* ---- joining ---- */

/* Faces of all dimensions have one number each: first[d] + i.  Those with one
 * root are one face. */
typedef struct {
    pleats_complex_faces *faces;
    size_t first[PLEATS_COMPLEX_LEVELS + 1];
    pleats_idx *up;   /* [all] towards the root */
    pleats_idx *of;   /* [all] by root: the dimension of its face */
    pleats_idx *as;   /* [all] by root: the number that its face keeps */
    pleats_idx *next; /* [all] the next member of that dimension; -1: none */
    int64_t *seen;    /* [all] by root: the list that it is on */
} joining;

static pleats_idx root_of(joining *j, size_t face)
{
    while (j->up[face] != (pleats_idx)face) {
        j->up[face] = j->up[j->up[face]];
        face = (size_t)j->up[face];
    }
    return (pleats_idx)face;
}

static void join_clear(joining *j)
{
    pleats_ctx *ctx = j->faces->ctx;
    pleats_release(ctx, j->up);
    pleats_release(ctx, j->of);
    pleats_release(ctx, j->as);
    pleats_release(ctx, j->next);
    pleats_release(ctx, j->seen);
}

static pleats_status join_begin(joining *j)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = j->faces->ctx;
    for (pleats_idx d = 0; d <= j->faces->k; d++)
        j->first[d + 1] = j->first[d] + j->faces->n[d];
    const size_t n = j->first[j->faces->k + 1];
    if (n > INT32_MAX)
        TRY(pleats_fail(ctx, PLEATS_LIMIT, "more than 2^31 faces"));
    TRY(pleats_alloc(ctx, n, sizeof *j->up, &j->up));
    TRY(pleats_alloc(ctx, n, sizeof *j->of, &j->of));
    TRY(pleats_alloc(ctx, n, sizeof *j->as, &j->as));
    TRY(pleats_alloc(ctx, n, sizeof *j->next, &j->next));
    TRY(pleats_alloc(ctx, n, sizeof *j->seen, &j->seen));
    for (size_t i = 0; i < n; i++) {
        j->up[i] = (pleats_idx)i;
        j->of[i] = j->as[i] = j->next[i] = -1;
        j->seen[i] = -1;
    }
done:
    return status;
}

/* Joins a face with those of its facets that are a part of the same face, with
 * the same leaders; whether there are any.  Where they are of different faces
 * the facet's lies in the closure of the other, and is of a lower dimension. */
static bool join_facets(joining *j, const pleats_leaders *l, pleats_idx d,
                        size_t i)
{
    const pleats_complex_face *face = &j->faces->face[d][i];
    const size_t bytes = l->n_words * sizeof(uint64_t);
    bool some = false;
    for (pleats_idx a = 0; a < face->n; a++) {
        const size_t g = (size_t)face->facet[a];
        const pleats_complex_face *facet = &j->faces->face[d - 1][g];
        if (facet->origin != face->origin ||
            memcmp(l->set[d] + i * l->n_words, l->set[d - 1] + g * l->n_words,
                   bytes) != 0)
            continue;
        j->up[root_of(j, j->first[d - 1] + g)] = root_of(j, j->first[d] + i);
        some = true;
    }
    return some;
}

/* From the highest dimension down: the first member of each root's face is the
 * one that stays, others of its dimension are listed behind it. */
static void find_faces(joining *j)
{
    for (pleats_idx d = j->faces->k; d >= 0; d--)
        for (size_t i = 0; i < j->faces->n[d]; i++) {
            const size_t own = j->first[d] + i;
            const size_t root = (size_t)root_of(j, own);
            pleats_complex_face *face = &j->faces->face[d][i];
            face->dropped = j->as[root] >= 0;
            if (j->as[root] < 0) {
                j->of[root] = d;
                j->as[root] = (pleats_idx)i;
            } else if (j->of[root] == d) {
                pleats_idx *behind =
                    &j->next[j->first[d] + (size_t)j->as[root]];
                j->next[own] = *behind;
                *behind = (pleats_idx)i;
            }
        }
}

/* The facets of a face that stays: of all its members, those outside it.  With
 * list NULL they are counted. */
static pleats_idx gather(joining *j, pleats_idx d, size_t i, int64_t mark,
                         pleats_idx *list)
{
    const size_t own = (size_t)root_of(j, j->first[d] + i);
    pleats_idx n = 0;
    for (pleats_idx m = (pleats_idx)i; m >= 0;
         m = j->next[j->first[d] + (size_t)m]) {
        const pleats_complex_face *face = &j->faces->face[d][m];
        for (pleats_idx a = 0; a < face->n; a++) {
            const size_t root =
                (size_t)root_of(j, j->first[d - 1] + (size_t)face->facet[a]);
            if (root == own || j->seen[root] == mark)
                continue;
            j->seen[root] = mark;
            if (list)
                list[n] = j->as[root];
            n++;
        }
    }
    return n;
}

static pleats_status relist(joining *j, pleats_idx d, size_t i)
{
    pleats_status status = PLEATS_OK;
    pleats_complex_face *face = &j->faces->face[d][i];
    pleats_idx *list = NULL;
    const int64_t mark = 2 * (int64_t)i;
    const pleats_idx n = gather(j, d, i, mark, NULL);
    TRY(pleats_alloc(j->faces->ctx, (size_t)n, sizeof *list, &list));
    (void)gather(j, d, i, mark + 1, list);
    pleats_release(j->faces->ctx, face->facet);
    face->facet = list;
    face->n = n;
done:
    return status;
}

/* Lists of faces that stay name roots' faces of one dimension less: a part of
 * the boundary belongs to a face of the boundary. */
static pleats_status join_all(joining *j)
{
    pleats_status status = PLEATS_OK;
    find_faces(j);
    for (pleats_idx d = j->faces->k; d >= 1; d--)
        for (size_t i = 0; i < j->faces->n[d]; i++)
            if (!j->faces->face[d][i].dropped)
                TRY(relist(j, d, i));
done:
    return status;
}

static pleats_status join_parts(pleats_complex_faces *f,
                                pleats_complex_points *points,
                                const pleats_idx *scalar, pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    pleats_leaders l = {0};
    joining j = {.faces = f};
    bool some = false;
    TRY(join_begin(&j));
    TRY(pleats_leaders_find(f, points, scalar, n, &l));
    for (pleats_idx d = 1; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++)
            some = join_facets(&j, &l, d, i) || some;
    if (some) {
        TRY(join_all(&j));
        TRY(pleats_complex_faces_compact(f, points));
    }
done:
    pleats_leaders_clear(f->ctx, &l);
    join_clear(&j);
    return status;
}

/* ---- the whole ---- */

static void set_origins(pleats_complex_faces *f)
{
    for (pleats_idx d = 0; d <= f->k; d++)
        for (size_t i = 0; i < f->n[d]; i++)
            f->face[d][i].origin = d;
}

pleats_status pleats_complex_faces_cut_maximum(pleats_complex_faces *f,
                                               pleats_complex_points *points,
                                               const pleats_idx *scalar,
                                               pleats_idx n, bool is_min)
{
    pleats_status status = PLEATS_OK;
    set_origins(f);
    pleats_complex_points_set_lead(points, scalar[0]);
    for (pleats_idx c = 1; c < n; c++) {
        pleats_complex_points_cut_lead(points, scalar[c]);
        TRY(pleats_complex_faces_cut(f, points));
        pleats_complex_points_raise_lead(points, scalar[c], is_min);
    }
    if (n > 2)
        TRY(join_parts(f, points, scalar, n));
done:
    return status;
}
