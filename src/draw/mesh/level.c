#include "draw/mesh/mesh.h"

#include "cells/parts.h"
#include "count/visit.h"
#include "draw/mesh/faces.h"

#include <math.h>

void pleats_mesh_clear(pleats_ctx *ctx, pleats_mesh *mesh)
{
    pleats_release(ctx, mesh->corner);
    pleats_release(ctx, mesh->triangle);
    *mesh = (pleats_mesh){0};
}

/* ---- what can be drawn ---- */

static pleats_status check_output(pleats_ctx *ctx, const pleats_net *net,
                                  const pleats_domain *domain,
                                  pleats_idx output, double level)
{
    if (net->n_inputs != domain->n_inputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the domain has %d inputs, the network %d",
                           domain->n_inputs, net->n_inputs);
    if (output < 0 || output >= net->n_outputs)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "there is no output %d: the network has %d, "
                           "numbered from 0",
                           output, net->n_outputs);
    if (!isfinite(level))
        return pleats_fail(ctx, PLEATS_INVALID, "the level is not finite");
    return PLEATS_OK;
}

static pleats_status check_parts(pleats_ctx *ctx, const pleats_parts *parts)
{
    if (parts->n == 0)
        return pleats_fail(ctx, PLEATS_INVALID, "the domain is empty");
    if (parts->n > 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a mesh is of one polytope; this domain is a union "
                           "of %d",
                           parts->n);
    if (parts->frame->k != 3)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a mesh is of a domain of dimension 3; this one has "
                           "dimension %d",
                           parts->frame->k);
    if (!parts->frame->bounded)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a mesh is of a bounded domain; this one is not");
    return PLEATS_OK;
}

static pleats_status check_crossed(const pleats_meshing *m, double level)
{
    for (size_t i = 0; i < m->faces.n; i++)
        if (m->faces.face[i].kind == PLEATS_FACE_CUT ||
            m->faces.face[i].kind == PLEATS_FACE_FLAT)
            return PLEATS_OK;
    return pleats_fail(m->ctx, PLEATS_INVALID,
                       "level %.9g is never crossed: on this domain the output "
                       "is between %.9g and %.9g",
                       level, m->least, m->most);
}

/* ---- coordinates ---- */

/* The inputs that vary, where there are three; else -1. */
static void find_axes(const pleats_frame *frame, pleats_idx *axis)
{
    const pleats_coordinates *x = &frame->coordinates;
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < x->n_inputs; i++) {
        bool varies = false;
        for (size_t j = 0; j < 3; j++)
            varies = varies || mpz_sgn(x->num[4 * (size_t)i + j]) != 0;
        if (varies && n < 3)
            axis[n] = i;
        n += varies;
    }
    for (size_t j = 0; j < 3 && n != 3; j++)
        axis[j] = -1;
}

/* The sign of the determinant of the change of coordinates. */
static int orientation(const pleats_frame *frame, const pleats_idx *axis,
                       mpz_t *t)
{
    mpz_t *row[3];
    if (axis[0] < 0)
        return 1;
    for (size_t i = 0; i < 3; i++)
        row[i] = frame->coordinates.num + 4 * (size_t)axis[i];
    mpz_set_ui(t[0], 0);
    for (size_t i = 0; i < 3; i++) {
        mpz_mul(t[1], row[1][(i + 1) % 3], row[2][(i + 2) % 3]);
        mpz_submul(t[1], row[1][(i + 2) % 3], row[2][(i + 1) % 3]);
        mpz_addmul(t[0], t[1], row[0][i]);
    }
    return mpz_sgn(t[0]);
}

/* out [3]: a corner's coordinates, rounded once. */
static void place(const pleats_frame *frame, const pleats_idx *axis,
                  mpz_t *corner, mpz_t *t, double *out)
{
    for (size_t i = 0; i < 3; i++) {
        if (axis[0] < 0) {
            out[i] = pleats_quotient_to_double(corner[i], corner[3], NULL);
            continue;
        }
        mpz_t *row = frame->coordinates.num + 4 * (size_t)axis[i];
        mpz_set_ui(t[0], 0);
        for (size_t j = 0; j < 4; j++)
            mpz_addmul(t[0], row[j], corner[j]);
        mpz_mul(t[1], frame->coordinates.den, corner[3]);
        out[i] = pleats_quotient_to_double(t[0], t[1], NULL);
    }
}

/* The triangles with a corner for each sheet. */
static pleats_status finish(pleats_meshing *m, const pleats_frame *frame,
                            const pleats_triangles *t, pleats_mesh *mesh)
{
    pleats_status status = PLEATS_OK;
    pleats_mesh_points *c = &m->corners;
    TRY(pleats_alloc(m->ctx, 3 * t->n, sizeof *mesh->triangle,
                     &mesh->triangle));
    mesh->n_triangles = t->n;
    TRY(pleats_mesh_sheets(c, &m->faces, t, mesh->triangle, &mesh->n_corners));
    TRY(pleats_alloc(m->ctx, 3 * mesh->n_corners, sizeof *mesh->corner,
                     &mesh->corner));
    find_axes(frame, mesh->axis);
    for (size_t i = 0, n = 0; i < 3 * t->n; i++) {
        if (mesh->triangle[i] < n)
            continue;
        place(frame, mesh->axis, pleats_mesh_point(c, t->corner[i]), c->room,
              mesh->corner + 3 * n++);
    }
    bool is_mirrored = orientation(frame, mesh->axis, c->room) < 0;
    for (size_t i = 0; i < t->n && is_mirrored; i++) {
        size_t *corner = mesh->triangle + 3 * i, first = corner[0];
        corner[0] = corner[1];
        corner[1] = first;
    }
done:
    return status;
}

/* ---- the walk ---- */

static pleats_status walk(pleats_meshing *m, const pleats_net *net,
                          const pleats_frame *frame)
{
    const pleats_visitor visitor = {.region = pleats_meshing_region,
                                    .state = m};
    const pleats_visit how = {.engine = PLEATS_ENGINE_VERTICES};
    bool complete;
    return pleats_visit_frame(m->ctx, net, frame, &how, &visitor, &complete);
}

static pleats_status make(pleats_meshing *m, const pleats_net *net,
                          const pleats_frame *frame, pleats_mesh *mesh)
{
    pleats_status status = PLEATS_OK;
    pleats_triangles t = {0};
    TRY(walk(m, net, frame));
    TRY(pleats_mesh_cancel(&m->corners, &m->faces));
    TRY(check_crossed(m, m->level));
    TRY(pleats_mesh_join(&m->corners, &m->faces, m->cap, frame));
    TRY(pleats_mesh_triangulate(&m->corners, &m->faces, &t));
    TRY(finish(m, frame, &t, mesh));
    mesh->n_regions = m->n_regions;
done:
    pleats_release(m->ctx, t.corner);
    pleats_release(m->ctx, t.face);
    return status;
}

pleats_status pleats_mesh_level(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_domain *domain, pleats_idx output,
                                double level, bool cap, pleats_mesh *mesh)
{
    pleats_status status = PLEATS_OK;
    pleats_parts parts = {0};
    pleats_meshing m = {.ctx = ctx, .level = level, .cap = cap};
    *mesh = (pleats_mesh){0};
    m.faces.ctx = ctx;
    m.least = INFINITY;
    m.most = -INFINITY;
    for (size_t i = 0; i < 4; i++)
        mpz_init(m.normal[i]);
    pleats_mesh_points_init(ctx, &m.corners);
    TRY(check_output(ctx, net, domain, output, level));
    TRY(pleats_parts_init(ctx, &parts, domain));
    TRY(check_parts(ctx, &parts));
    m.scalar = net->output[output];
    TRY(make(&m, net, parts.frame, mesh));
done:
    if (status != PLEATS_OK)
        pleats_mesh_clear(ctx, mesh);
    pleats_meshing_clear(&m);
    pleats_parts_clear(ctx, &parts);
    return status;
}
