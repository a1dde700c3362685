#include "local/vertex_list.h"

#include "cells/walk.h"
#include "exact/rational.h"

void pleats_vertex_list_clear(pleats_ctx *ctx, pleats_vertex_list *c)
{
    pleats_rational_array_free(ctx, (size_t)c->n * (size_t)c->n_inputs, c->x);
    *c = (pleats_vertex_list){0};
}

void pleats_inputs_at(const pleats_coordinates *c, mpz_t *t, mpq_t *x)
{
    const size_t width = (size_t)c->k + 1;
    for (size_t i = 0; i < (size_t)c->n_inputs; i++) {
        mpz_set_ui(mpq_numref(x[i]), 0);
        for (size_t j = 0; j < width; j++)
            mpz_addmul(mpq_numref(x[i]), c->num[i * width + j], t[j]);
        mpz_mul(mpq_denref(x[i]), c->den, t[c->k]);
        mpq_canonicalize(x[i]);
    }
}

/* Rays end in a 0; lines leave no vertex. */
static pleats_status take_generators(pleats_space *s, pleats_vertices *cell,
                                     pleats_vertex_list *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k;
    mpz_t *t = NULL;
    pleats_idx n = 0;
    if (cell->n_lines > 0)
        return PLEATS_OK;
    for (pleats_idx i = 0; i < cell->n; i++) {
        TRY(pleats_vertices_solve(s, cell, i, &t));
        n += mpz_sgn(t[k]) != 0;
    }
    c->n_rays = cell->n - n;
    TRY(pleats_rational_array(s->ctx, (size_t)n * (size_t)c->n_inputs, &c->x));
    for (pleats_idx i = 0; i < cell->n; i++) {
        TRY(pleats_vertices_solve(s, cell, i, &t));
        if (mpz_sgn(t[k]) != 0)
            pleats_inputs_at(&s->frame->coordinates, t,
                             c->x + (size_t)c->n++ * (size_t)c->n_inputs);
    }
done:
    return status;
}

pleats_status pleats_vertex_list_init(pleats_ctx *ctx, pleats_vertex_list *c,
                                      const pleats_locality *l,
                                      const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    pleats_space space = {0};
    pleats_cell cell = {0};
    bool has = false;
    *c = (pleats_vertex_list){.n_inputs = l->net->n_inputs};
    if (l->frame.k > PLEATS_VERTICES_DIMENSION)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "vertices are worked out in at most %d dimensions, "
                           "the domain has %d",
                           PLEATS_VERTICES_DIMENSION, l->frame.k);
    TRY(pleats_space_init(ctx, &space, l->net, &l->frame,
                          PLEATS_ENGINE_VERTICES, false));
    TRY(pleats_walk_pattern(&space, piece, &cell, &has));
    if (!has)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL, "a region turned out empty"));
    TRY(take_generators(&space, &cell.vertices, c));
done:
    pleats_cell_clear(ctx, &cell);
    pleats_space_clear(&space);
    return status;
}

bool pleats_middle_of_vertices(const pleats_vertices *v, pleats_idx k,
                               double *t)
{
    bool is_finite = true;
    double weight = 0;
    for (pleats_idx i = 0; i < v->n; i++)
        weight += v->point[(size_t)k * v->pad + (size_t)i];
    for (pleats_idx j = 0; j < k; j++) {
        t[j] = 0;
        for (pleats_idx i = 0; i < v->n; i++)
            t[j] += v->point[(size_t)j * v->pad + (size_t)i] / weight;
        is_finite = is_finite && isfinite(t[j]);
    }
    return is_finite;
}
