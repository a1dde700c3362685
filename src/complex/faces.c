#include "complex/faces.h"

#include "exact/integers.h"

static void clear_face(pleats_complex_faces *f, pleats_complex_face *face)
{
    pleats_release(f->ctx, face->facet);
    face->facet = NULL;
    face->n = 0;
}

void pleats_complex_faces_clear(pleats_complex_faces *f)
{
    for (pleats_idx d = 0; d < PLEATS_COMPLEX_LEVELS; d++) {
        for (size_t i = 0; i < f->n[d]; i++)
            clear_face(f, &f->face[d][i]);
        pleats_release(f->ctx, f->face[d]);
    }
    *f = (pleats_complex_faces){0};
}

pleats_status pleats_complex_faces_add(pleats_complex_faces *f, pleats_idx d,
                                       pleats_idx n, pleats_complex_face **out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *facet = NULL;
    if (f->n[d] == INT32_MAX)
        TRY(pleats_fail(f->ctx, PLEATS_LIMIT, "more than 2^31 faces"));
    TRY(pleats_grow(f->ctx, &f->face[d], &f->capacity[d], f->n[d] + 1,
                    sizeof *f->face[d]));
    TRY(pleats_alloc(f->ctx, (size_t)n, sizeof *facet, &facet));
    *out = &f->face[d][f->n[d]++];
    **out = (pleats_complex_face){.n = n, .facet = facet};
done:
    return status;
}

/* ---- the cube ---- */

/* A face of the cube is a number with k digits to the base 3: 0 and 1, on the
 * lower and upper side, 2, between them. */
typedef struct {
    pleats_complex_faces *faces;
    pleats_complex_points *points;
    pleats_idx *number; /* [3^k] of each face in its dimension */
    mpz_t *t;           /* [k + 1] */
} cube;

static pleats_status add_corner(cube *c, pleats_idx code)
{
    const size_t k = (size_t)c->faces->k;
    for (size_t j = 0; j < k; j++, code /= 3)
        mpz_set_si(c->t[j], code % 3 == 1 ? 1 : -1);
    mpz_set_ui(c->t[k], 1);
    return pleats_complex_points_add(c->points, c->t);
}

static pleats_status add_cube_face(cube *c, pleats_idx code)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = c->faces->k;
    pleats_complex_face *face = NULL;
    pleats_idx d = 0, n = 0, power = 1;
    for (pleats_idx j = 0, rest = code; j < k; j++, rest /= 3)
        d += rest % 3 == 2;
    c->number[code] = (pleats_idx)c->faces->n[d];
    TRY(pleats_complex_faces_add(c->faces, d, 2 * d, &face));
    face->on_side = d < k;
    for (pleats_idx j = 0; j < k; j++, power *= 3)
        if (code / power % 3 == 2) {
            face->facet[n++] = c->number[code - 2 * power];
            face->facet[n++] = c->number[code - power];
        }
    if (d == 0)
        TRY(add_corner(c, code));
done:
    return status;
}

pleats_status pleats_complex_faces_cube(pleats_ctx *ctx,
                                        pleats_complex_faces *f,
                                        pleats_complex_points *points)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n = 1;
    cube c = {.faces = f, .points = points};
    *f = (pleats_complex_faces){.ctx = ctx, .k = (pleats_idx)points->k};
    for (pleats_idx j = 0; j < f->k; j++)
        n *= 3;
    TRY(pleats_alloc(ctx, (size_t)n, sizeof *c.number, &c.number));
    TRY(pleats_integers_new(ctx, points->k + 1, &c.t));
    for (pleats_idx code = 0; code < n; code++)
        TRY(add_cube_face(&c, code));
done:
    pleats_release(ctx, c.number);
    pleats_integers_free(ctx, c.t, points->k + 1);
    return status;
}

/* ---- taking faces away ---- */

/* number [n] gets the new numbers of the faces of dimension d. */
static void keep_level(pleats_complex_faces *f, pleats_idx d,
                       pleats_idx *number)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n[d]; i++) {
        pleats_complex_face *face = &f->face[d][i];
        number[i] = face->dropped ? -1 : (pleats_idx)n;
        if (face->dropped)
            clear_face(f, face);
        else
            f->face[d][n++] = *face;
    }
    f->n[d] = n;
}

pleats_status pleats_complex_faces_compact(pleats_complex_faces *f,
                                           pleats_complex_points *points)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *number = NULL;
    bool *keep = NULL;
    size_t most = 0;
    for (pleats_idx d = 0; d <= f->k; d++)
        most = f->n[d] > most ? f->n[d] : most;
    TRY(pleats_alloc(f->ctx, most, sizeof *number, &number));
    TRY(pleats_alloc(f->ctx, f->n[0], sizeof *keep, &keep));
    for (size_t i = 0; i < f->n[0]; i++)
        keep[i] = !f->face[0][i].dropped;
    pleats_complex_points_keep(points, keep);
    for (pleats_idx d = 0; d <= f->k; d++) {
        keep_level(f, d, number);
        for (size_t i = 0; d < f->k && i < f->n[d + 1]; i++) {
            pleats_complex_face *above = &f->face[d + 1][i];
            for (pleats_idx j = 0; j < above->n && !above->dropped; j++)
                above->facet[j] = number[above->facet[j]];
        }
    }
done:
    pleats_release(f->ctx, keep);
    pleats_release(f->ctx, number);
    return status;
}
