#include "local/quantities.h"

#include "base/doubles.h"
#include "count/facet.h"
#include "exact/integers.h"
#include "exact/rational.h"
#include "local/map.h"
#include "local/vertex_list.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pleats_status make_arrays(pleats_ctx *ctx, pleats_quantities *q)
{
    pleats_status status = PLEATS_OK;
    const size_t in = (size_t)q->net->n_inputs;
    const size_t out = (size_t)q->net->n_outputs;
    if (q->want & PLEATS_REGION_VOLUME) {
        TRY(pleats_alloc(ctx, q->n, sizeof *q->volume, &q->volume));
        TRY(pleats_alloc(ctx, q->n, sizeof *q->volume_error, &q->volume_error));
    }
    if (q->want & PLEATS_REGION_EXACT_VOLUME)
        TRY(pleats_alloc(ctx, q->n, sizeof *q->exact_volume, &q->exact_volume));
    if (q->want & PLEATS_REGION_VERTICES) {
        TRY(pleats_alloc(ctx, q->n, sizeof *q->vertices, &q->vertices));
        TRY(pleats_rational_array(ctx, in, &q->x));
    }
    if (q->want & PLEATS_REGION_FACETS) {
        TRY(pleats_alloc(ctx, q->n, sizeof *q->facets, &q->facets));
        TRY(pleats_wall_layers_init(ctx, &q->layers, q->net));
    }
    if (q->want & PLEATS_REGION_NEIGHBOURS) {
        TRY(pleats_alloc(ctx, q->n, sizeof *q->neighbours, &q->neighbours));
        TRY(pleats_alloc(ctx, (size_t)q->net->n_units, sizeof *q->piece,
                         &q->piece));
    }
    if (q->want & PLEATS_REGION_CENTRE) {
        TRY(pleats_alloc(ctx, q->n, in * sizeof *q->centre, &q->centre));
        TRY(pleats_alloc(ctx, q->n, sizeof *q->radius, &q->radius));
    }
    if (q->want & PLEATS_REGION_BOUNDED)
        TRY(pleats_alloc(ctx, q->n, sizeof *q->is_bounded, &q->is_bounded));
    if (q->want & PLEATS_REGION_CLASS)
        TRY(pleats_alloc(ctx, q->n, (size_t)pleats_n_classes(q->net),
                         &q->standing));
    if (q->want & PLEATS_REGION_SLOPE) {
        TRY(pleats_alloc(ctx, q->n, out * PLEATS_SLOPE_NORMS * sizeof *q->slope,
                         &q->slope));
        TRY(pleats_alloc(ctx, out * in, sizeof *q->a, &q->a));
        TRY(pleats_alloc(ctx, out, sizeof *q->b, &q->b));
    }
done:
    return status;
}

pleats_status pleats_quantities_init(pleats_ctx *ctx, pleats_quantities *q,
                                     const pleats_net *net,
                                     const pleats_domain *domain, unsigned want,
                                     size_t n)
{
    pleats_status status = PLEATS_OK;
    *q =
        (pleats_quantities){.net = net, .domain = domain, .want = want, .n = n};
    mpq_init(q->exact);
    TRY(make_arrays(ctx, q));
done:
    return status;
}

static void leave_frame(pleats_ctx *ctx, pleats_frame_room *on)
{
    if (on->has_measure)
        pleats_measure_clear(&on->measure);
    pleats_volume_clear(ctx, &on->room);
    pleats_classes_clear(ctx, &on->classes);
    pleats_centres_clear(ctx, &on->centres);
    pleats_integers_free(ctx, on->inside, on->width);
    pleats_integers_free(ctx, on->across, on->width);
    *on = (pleats_frame_room){0};
}

static pleats_status enter_frame(pleats_ctx *ctx, pleats_quantities *q,
                                 const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    pleats_frame_room *on = &q->on;
    if (on->frame == frame)
        return PLEATS_OK;
    leave_frame(ctx, on);
    on->width = (size_t)frame->k + 1;
    if (q->want & (PLEATS_REGION_VOLUME | PLEATS_REGION_EXACT_VOLUME)) {
        on->has_measure = true;
        TRY(pleats_measure_init(ctx, &on->measure, q->domain, frame));
    }
    if (q->want & PLEATS_REGION_CENTRE)
        TRY(pleats_centres_init(ctx, &on->centres, frame));
    if (q->want & PLEATS_REGION_CLASS)
        TRY(pleats_classes_init(ctx, &on->classes, q->net));
    TRY(pleats_integers_new(ctx, on->width, &on->inside));
    TRY(pleats_integers_new(ctx, on->width, &on->across));
    on->frame = frame;
done:
    return status;
}

static void clear_texts(pleats_ctx *ctx, char **text, size_t n)
{
    for (size_t i = 0; i < n && text; i++)
        pleats_release(ctx, text[i]);
    pleats_release(ctx, text);
}

void pleats_quantities_clear(pleats_ctx *ctx, pleats_quantities *q)
{
    if (!q->net)
        return;
    mpq_clear(q->exact);
    leave_frame(ctx, &q->on);
    clear_texts(ctx, q->exact_volume, q->n);
    clear_texts(ctx, q->vertices, q->n);
    clear_texts(ctx, q->facets, q->n);
    clear_texts(ctx, q->neighbours, q->n);
    pleats_release(ctx, q->piece);
    pleats_release(ctx, q->centre);
    pleats_release(ctx, q->radius);
    pleats_wall_layers_clear(ctx, &q->layers);
    pleats_rational_array_free(ctx, (size_t)q->net->n_inputs, q->x);
    pleats_release(ctx, q->slot);
    pleats_release(ctx, q->text);
    pleats_release(ctx, q->volume);
    pleats_release(ctx, q->volume_error);
    pleats_release(ctx, q->slope);
    pleats_release(ctx, q->is_bounded);
    pleats_release(ctx, q->standing);
    pleats_release(ctx, q->a);
    pleats_release(ctx, q->b);
    *q = (pleats_quantities){0};
}

/* The fraction in full; NULL of an unbounded cell. */
static pleats_status take_exact(pleats_quantities *q, size_t i, pleats_space *s,
                                pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    bool is_bounded = false;
    pleats_release(s->ctx, q->exact_volume[i]);
    q->exact_volume[i] = NULL;
    TRY(pleats_measure_exact(&q->on.measure, s, cell, &q->on.room, q->exact,
                             &is_bounded));
    if (is_bounded)
        TRY(pleats_fraction_text(s->ctx, q->exact, &q->exact_volume[i]));
done:
    return status;
}

/* ---- lists as texts ---- */

static pleats_status put(pleats_quantities *q, pleats_ctx *ctx,
                         const char *text)
{
    pleats_status status = PLEATS_OK;
    const size_t n = strlen(text);
    TRY(pleats_grow(ctx, &q->text, &q->text_capacity, q->n_text + n + 1, 1));
    memcpy(q->text + q->n_text, text, n + 1);
    q->n_text += n;
done:
    return status;
}

/* Ends the list, and hands it over in place of *out. */
static pleats_status end_list(pleats_quantities *q, pleats_ctx *ctx, char **out)
{
    pleats_status status = PLEATS_OK;
    TRY(put(q, ctx, "]"));
    pleats_release(ctx, *out);
    *out = NULL;
    TRY(pleats_strdup(ctx, q->text, out));
done:
    return status;
}

static pleats_status put_vertex(pleats_quantities *q, pleats_ctx *ctx)
{
    pleats_status status = PLEATS_OK;
    char *number = NULL;
    for (pleats_idx j = 0; j < q->net->n_inputs; j++) {
        TRY(put(q, ctx, j ? ",\"" : "[\""));
        TRY(pleats_fraction_text(ctx, q->x[j], &number));
        TRY(put(q, ctx, number));
        TRY(put(q, ctx, "\""));
        pleats_release(ctx, number);
        number = NULL;
    }
    TRY(put(q, ctx, "]"));
done:
    pleats_release(ctx, number);
    return status;
}

/* A cell that holds a line has no vertices. */
static pleats_status take_vertices(pleats_quantities *q, size_t i,
                                   pleats_space *s, pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    bool is_first = true;
    q->n_text = 0;
    TRY(put(q, s->ctx, "["));
    for (pleats_idx v = 0; v < cell->n && cell->n_lines == 0; v++) {
        mpz_t *t = NULL;
        TRY(pleats_vertices_solve(s, cell, v, &t));
        if (mpz_sgn(t[s->frame->k]) == 0)
            continue;
        pleats_inputs_at(&s->frame->coordinates, t, q->x);
        TRY(put(q, s->ctx, is_first ? "" : ","));
        TRY(put_vertex(q, s->ctx));
        is_first = false;
    }
    TRY(end_list(q, s->ctx, &q->vertices[i]));
done:
    return status;
}

/* Finds the walls that carry facets: q->slot [q->n_facets]. */
static pleats_status find_facets(pleats_quantities *q, pleats_ctx *ctx,
                                 const pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &q->slot, &q->slot_capacity, (size_t)cell->n_slots + 1,
                    sizeof *q->slot));
    TRY(pleats_fan_facets(ctx, &q->on.room.fan, cell, q->slot, &q->n_facets));
done:
    return status;
}

static pleats_status take_facets(pleats_quantities *q, size_t i,
                                 pleats_space *s, const pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    char number[16];
    q->n_text = 0;
    TRY(put(q, s->ctx, "["));
    for (pleats_idx f = 0; f < q->n_facets; f++) {
        const pleats_idx wall = cell->slot[q->slot[f]];
        pleats_idx unit = -1;
        if (wall >= s->frame->m)
            (void)pleats_layer_of_wall(&q->layers, s->walls.plane[wall], &unit);
        snprintf(number, sizeof number, "%s%d", f ? "," : "", unit);
        TRY(put(q, s->ctx, number));
    }
    TRY(end_list(q, s->ctx, &q->facets[i]));
done:
    return status;
}

/* q->on.inside = a point inside the facet of a wall: the sum of the generators
 * on it; q->on.across: the way over it. */
static pleats_status stand_on(pleats_quantities *q, pleats_space *s,
                              pleats_vertices *cell, pleats_idx slot)
{
    pleats_status status = PLEATS_OK;
    mpz_t *t = NULL;
    for (size_t c = 0; c < q->on.width; c++)
        mpz_set_ui(q->on.inside[c], 0);
    for (pleats_idx v = 0; v < cell->n; v++) {
        const uint64_t word = pleats_vertices_walls(cell, v)[slot / 64];
        if (!(word >> slot % 64 & 1))
            continue;
        TRY(pleats_vertices_solve(s, cell, v, &t));
        for (size_t c = 0; c < q->on.width; c++)
            mpz_add(q->on.inside[c], q->on.inside[c], t[c]);
    }
    TRY(pleats_vertices_wall_row(s, cell->slot[slot], q->on.across));
    for (size_t c = 0; c < q->on.width; c++)
        mpz_neg(q->on.across[c], q->on.across[c]);
done:
    return status;
}

/* The units whose pieces in the space are not those of the region. */
static pleats_status put_changes(pleats_quantities *q, const pleats_space *s)
{
    pleats_status status = PLEATS_OK;
    char text[48];
    bool is_first = true;
    TRY(put(q, s->ctx, "["));
    for (pleats_idx u = 0; u < q->net->n_units; u++) {
        if (s->piece[u] == q->piece[u])
            continue;
        snprintf(text, sizeof text, "%s[%d,%d]", is_first ? "" : ",", u,
                 s->piece[u]);
        TRY(put(q, s->ctx, text));
        is_first = false;
    }
    TRY(put(q, s->ctx, "]"));
done:
    return status;
}

/* The space is in the region behind the facet for as long as that takes. */
static pleats_status put_neighbour(pleats_quantities *q, pleats_space *s,
                                   pleats_vertices *cell, pleats_idx slot)
{
    pleats_status status = PLEATS_OK;
    const size_t bytes = (size_t)q->net->n_units * sizeof *q->piece;
    if (cell->slot[slot] < s->frame->m)
        return put(q, s->ctx, "null");
    memcpy(q->piece, s->piece, bytes);
    TRY(stand_on(q, s, cell, slot));
    status = pleats_pattern_beside(s, q->on.inside, q->on.across);
    if (status == PLEATS_OK)
        status = put_changes(q, s);
    memcpy(s->piece, q->piece, bytes);
    pleats_exact_forms_changed(&s->exact, 0);
done:
    return status;
}

static pleats_status take_neighbours(pleats_quantities *q, size_t i,
                                     pleats_space *s, pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    q->n_text = 0;
    TRY(put(q, s->ctx, "["));
    for (pleats_idx f = 0; f < q->n_facets; f++) {
        TRY(put(q, s->ctx, f ? "," : ""));
        TRY(put_neighbour(q, s, cell, q->slot[f]));
    }
    TRY(end_list(q, s->ctx, &q->neighbours[i]));
done:
    return status;
}

static pleats_status take_centre(pleats_quantities *q, size_t i,
                                 pleats_space *s, const pleats_vertices *cell)
{
    const size_t in = (size_t)q->net->n_inputs;
    return pleats_centres_find(&q->on.centres, s, cell, q->n_facets, q->slot,
                               q->centre + i * in, &q->radius[i]);
}

static pleats_status take_slope(pleats_quantities *q, size_t i,
                                const pleats_space *s, const double *a)
{
    pleats_status status = PLEATS_OK;
    const size_t in = (size_t)q->net->n_inputs;
    const size_t out = (size_t)q->net->n_outputs;
    if (!a)
        TRY(pleats_affine_map(s->ctx, q->net, s->piece, q->a, q->b));
    for (size_t o = 0; o < out; o++)
        pleats_slope_norms((a ? a : q->a) + o * in, in,
                           q->slope + (i * out + o) * PLEATS_SLOPE_NORMS);
done:
    return status;
}

pleats_status pleats_quantities_take(pleats_quantities *q, size_t i,
                                     pleats_space *s, pleats_cell *cell,
                                     const double *a)
{
    pleats_status status = PLEATS_OK;
    TRY(enter_frame(s->ctx, q, s->frame));
    if (q->volume) {
        pleats_enclosed volume;
        TRY(pleats_measure_enclose(&q->on.measure, s, &cell->vertices,
                                   &q->on.room, 0, &volume));
        q->volume[i] = volume.value;
        q->volume_error[i] = volume.error;
    }
    if (q->exact_volume)
        TRY(take_exact(q, i, s, &cell->vertices));
    if (q->is_bounded)
        TRY(pleats_volume_is_bounded(s, &cell->vertices, &q->is_bounded[i]));
    if (q->vertices)
        TRY(take_vertices(q, i, s, &cell->vertices));
    if (q->facets || q->neighbours || q->centre)
        TRY(find_facets(q, s->ctx, &cell->vertices));
    if (q->facets)
        TRY(take_facets(q, i, s, &cell->vertices));
    if (q->neighbours)
        TRY(take_neighbours(q, i, s, &cell->vertices));
    if (q->centre)
        TRY(take_centre(q, i, s, &cell->vertices));
    if (q->slope)
        TRY(take_slope(q, i, s, a));
    if (q->standing) {
        TRY(pleats_classes_find(&q->on.classes, s, cell, NULL, NULL));
        memcpy(q->standing + i * (size_t)q->on.classes.n,
               q->on.classes.standing, (size_t)q->on.classes.n);
    }
done:
    return status;
}
