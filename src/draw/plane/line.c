#include "draw/plane/line.h"

#include "draw/plane/axes.h"
#include "draw/plane/gather.h"
#include "exact/integers.h"
#include "exact/rational.h"
#include "exact/vectors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    pleats_line *line;
    pleats_gather gather;
    pleats_vectors points; /* t, w > 0, primitive: ends on the frame */
    mpz_t *place;          /* [3] a, b, c > 0: (a t + b w) / (c w) */
    size_t (*end)[2];      /* [n_cells] points, in the line's direction */
    double *value;         /* [n_cells x 2 x n_outputs] there */
    size_t n_pattern;
    unsigned char *pattern; /* [n_cells x n_pattern] */
    size_t end_capacity, value_capacity, pattern_capacity;
} gathering;

/* ---- the coordinate ---- */

/* The input that tells points apart, and how it depends on the coordinate: the
 * part's own (x = slope s + offset), or itself. */
static pleats_idx find_input(const pleats_part *part, bool own,
                             const pleats_coordinates *c, mpq_t slope,
                             mpq_t offset)
{
    pleats_idx i = 0;
    while (mpz_sgn(c->num[(size_t)i * 2]) == 0)
        i++;
    mpq_set_ui(slope, 1, 1);
    mpq_set_ui(offset, 0, 1);
    if (own && part->direction) {
        mpq_set(slope, part->direction[i]);
        mpq_set(offset, part->origin[i]);
    }
    return i;
}

/* place = the coordinate as a function of the frame's. */
static pleats_status find_place(gathering *g, const pleats_part *part,
                                const pleats_coordinates *c)
{
    pleats_status status = PLEATS_OK;
    pleats_line *x = g->line;
    const bool own = part->k == 1;
    mpq_t *q = NULL;
    TRY(pleats_rational_array(x->ctx, 4, &q));
    pleats_idx i = find_input(part, own, c, q[2], q[3]);
    pleats_idx named = own ? pleats_axes_input(part, 0, c->n_inputs) : i;
    for (size_t j = 0; j < 2; j++) {
        mpz_set(mpq_numref(q[j]), c->num[(size_t)i * 2 + j]);
        mpz_set(mpq_denref(q[j]), c->den);
        mpq_canonicalize(q[j]);
    }
    mpq_sub(q[1], q[1], q[3]);
    for (size_t j = 0; j < 2; j++)
        mpq_div(q[j], q[j], q[2]);
    mpz_lcm(g->place[2], mpq_denref(q[0]), mpq_denref(q[1]));
    for (size_t j = 0; j < 2; j++) {
        mpz_divexact(g->place[j], g->place[2], mpq_denref(q[j]));
        mpz_mul(g->place[j], g->place[j], mpq_numref(q[j]));
    }
    if (named >= 0)
        snprintf(x->name, sizeof x->name, "x%d", named);
    else
        snprintf(x->name, sizeof x->name, "t");
done:
    pleats_rational_array_free(x->ctx, 4, q);
    return status;
}

/* The coordinate of a point, rounded once. */
static double round_place(const gathering *g, size_t point)
{
    mpz_t *p = pleats_vector(&g->points, point);
    mpz_t num, den;
    mpz_init(num);
    mpz_init(den);
    mpz_mul(num, g->place[0], p[0]);
    mpz_addmul(num, g->place[1], p[1]);
    mpz_mul(den, g->place[2], p[1]);
    double at = pleats_quotient_to_double(num, den, NULL);
    mpz_clear(num);
    mpz_clear(den);
    return at;
}

/* ---- cells ---- */

/* Whether point a comes before point b on the line. */
static bool is_before(const gathering *g, size_t a, size_t b)
{
    mpz_t *p = pleats_vector(&g->points, a), *q = pleats_vector(&g->points, b);
    mpz_t difference;
    mpz_init(difference);
    mpz_mul(difference, q[0], p[1]);
    mpz_submul(difference, p[0], q[1]);
    int sign = mpz_sgn(difference) * mpz_sgn(g->place[0]);
    mpz_clear(difference);
    return sign > 0;
}

/* The value of an output at a point, rounded once. */
static pleats_status evaluate_exactly(gathering *g, pleats_idx output,
                                      mpz_t *point, double *value)
{
    pleats_status status = PLEATS_OK;
    const pleats_quotient *form;
    mpz_t num, den;
    mpz_init(num);
    mpz_init(den);
    TRY(pleats_exact_forms_need(g->line->ctx, &g->gather.space->exact,
                                g->line->net->output[output], &form));
    mpz_mul(num, form->num[0], point[0]);
    mpz_addmul(num, form->num[1], point[1]);
    mpz_mul(den, form->den, point[1]);
    *value = pleats_quotient_to_double(num, den, NULL);
done:
    mpz_clear(num);
    mpz_clear(den);
    return status;
}

/* value [2 x n_outputs] at the ends: from the engine's doubles where they have
 * digits enough. */
static pleats_status evaluate(gathering *g, const size_t *end, double *value)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = g->line->net;
    const size_t n = (size_t)net->n_outputs;
    for (size_t i = 0; i < 2 * n; i++) {
        mpz_t *point = pleats_vector(&g->points, end[i / n]);
        const pleats_idx output = (pleats_idx)(i % n);
        const double *form =
            pleats_forms_entry(&g->gather.space->forms, net->output[output]);
        double t = pleats_quotient_to_double(point[0], point[1], NULL);
        double error =
            2 * form[2] + 0x1p-50 * (fabs(form[0] * t) + fabs(form[1]));
        value[i] = form[0] * t + form[1];
        if (!(error < 0x1p-36 * fabs(value[i])))
            TRY(evaluate_exactly(g, output, point, &value[i]));
    }
done:
    return status;
}

static pleats_status on_cell(void *state, pleats_gather *gather,
                             pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    gathering *g = state;
    pleats_line *x = g->line;
    size_t n = (size_t)x->net->n_outputs, point[2];
    TRY(pleats_grow(x->ctx, &g->end, &g->end_capacity, x->n_cells + 1,
                    sizeof *g->end));
    TRY(pleats_grow(x->ctx, &g->value, &g->value_capacity,
                    (x->n_cells + 1) * 2 * n, sizeof *g->value));
    TRY(pleats_grow(x->ctx, &g->pattern, &g->pattern_capacity,
                    (x->n_cells + 1) * g->n_pattern, 1));
    pleats_layers_pack(&x->layers, gather->space->piece,
                       g->pattern + x->n_cells * g->n_pattern);
    if (cell->n != 2)
        return pleats_fail(x->ctx, PLEATS_INTERNAL, "a cell has %d ends",
                           cell->n);
    for (pleats_idx i = 0; i < 2; i++) {
        mpz_t *exact;
        TRY(pleats_vertices_solve(gather->space, cell, i, &exact));
        TRY(pleats_vectors_add(&g->points, exact, &point[i], NULL));
    }
    bool forward = is_before(g, point[0], point[1]);
    for (size_t i = 0; i < 2; i++)
        g->end[x->n_cells][i] = point[forward ? i : 1 - i];
    TRY(evaluate(g, g->end[x->n_cells], g->value + 2 * x->n_cells * n));
    x->n_cells++;
done:
    return status;
}

/* ---- all of them, in their order ---- */

/* order [n_cells + 1] = the points along the line; from [n_points] = the cell
 * that starts at a point. */
static pleats_status follow(gathering *g, size_t *from, size_t *order)
{
    pleats_line *x = g->line;
    size_t first = SIZE_MAX;
    memset(from, 0xff, g->points.n * sizeof *from);
    for (size_t i = 0; i < x->n_cells; i++)
        from[g->end[i][0]] = i;
    for (size_t i = 0; i < x->n_cells; i++)
        if (first == SIZE_MAX || is_before(g, g->end[i][0], first))
            first = g->end[i][0];
    order[0] = first;
    for (size_t i = 0; i < x->n_cells; i++) {
        if (order[i] == SIZE_MAX || from[order[i]] == SIZE_MAX)
            return pleats_fail(x->ctx, PLEATS_INTERNAL,
                               "the cells of a line do not meet");
        order[i + 1] = g->end[from[order[i]]][1];
    }
    return PLEATS_OK;
}

/* Where a layer's pattern changes from a cell to the next one. */
static pleats_status find_breaks(gathering *g, const size_t *from,
                                 const size_t *order)
{
    pleats_status status = PLEATS_OK;
    pleats_line *x = g->line;
    size_t capacity = 0;
    for (pleats_idx layer = 1; layer <= x->layers.n; layer++)
        for (size_t i = 1; i < x->n_cells; i++) {
            size_t left = from[order[i - 1]], right = from[order[i]];
            if (!pleats_layers_differ(&x->layers, layer,
                                      g->pattern + left * g->n_pattern,
                                      g->pattern + right * g->n_pattern))
                continue;
            TRY(pleats_grow(x->ctx, &x->at_break, &capacity, x->n_breaks + 1,
                            sizeof *x->at_break));
            x->at_break[x->n_breaks++] = (pleats_line_break){layer, i};
        }
done:
    return status;
}

static pleats_status put_in_order(gathering *g)
{
    pleats_status status = PLEATS_OK;
    pleats_line *x = g->line;
    size_t n = (size_t)x->net->n_outputs, n_points = x->n_cells + 1;
    size_t *from = NULL, *order = NULL;
    TRY(pleats_alloc(x->ctx, g->points.n, sizeof *from, &from));
    TRY(pleats_alloc(x->ctx, n_points, sizeof *order, &order));
    TRY(pleats_alloc(x->ctx, n_points, sizeof *x->at, &x->at));
    TRY(pleats_alloc(x->ctx, n_points * n, sizeof *x->value, &x->value));
    TRY(follow(g, from, order));
    for (size_t i = 0; i < n_points; i++) {
        bool is_last = i == x->n_cells;
        size_t cell = from[order[is_last ? i - 1 : i]];
        x->at[i] = round_place(g, order[i]);
        for (size_t o = 0; o < n; o++)
            x->value[o * n_points + i] = g->value[(2 * cell + is_last) * n + o];
    }
    TRY(find_breaks(g, from, order));
done:
    pleats_release(x->ctx, from);
    pleats_release(x->ctx, order);
    return status;
}

/* ---- the whole ---- */

static pleats_status check(pleats_ctx *ctx, const pleats_domain *domain,
                           const pleats_frame *frame)
{
    if (domain->n_parts != 1 || frame->empty || frame->k != 1)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "curves need a domain that is one line");
    if (!frame->bounded)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a picture needs a bounded line (\"range\" in the "
                           "line's file, or --range)");
    return PLEATS_OK;
}

static pleats_status gather_all(gathering *g, const pleats_frame *frame,
                                const pleats_part *part, size_t most_cells)
{
    pleats_status status = PLEATS_OK;
    pleats_line *x = g->line;
    pleats_vectors_init(x->ctx, &g->points, 2);
    g->n_pattern = pleats_layers_pattern_bytes(&x->layers);
    TRY(pleats_integers_new(x->ctx, 3, &g->place));
    TRY(find_place(g, part, &frame->coordinates));
    TRY(pleats_gather_init(x->ctx, &g->gather, x->net, frame));
    g->gather.most_cells = most_cells;
    g->gather.visit = on_cell;
    g->gather.state = g;
    TRY(pleats_gather_run(&g->gather));
    x->stopped = g->gather.stopped;
    if (!x->stopped)
        TRY(put_in_order(g));
done:
    pleats_gather_clear(&g->gather);
    pleats_vectors_clear(&g->points);
    pleats_integers_free(x->ctx, g->place, 3);
    pleats_release(x->ctx, g->end);
    pleats_release(x->ctx, g->value);
    pleats_release(x->ctx, g->pattern);
    return status;
}

pleats_status pleats_line_init(pleats_ctx *ctx, pleats_line *x,
                               const pleats_net *net,
                               const pleats_domain *domain, size_t most_cells)
{
    pleats_status status = PLEATS_OK;
    gathering g = {.line = x};
    pleats_frame frame = {0};
    *x = (pleats_line){.ctx = ctx, .net = net};
    TRY(pleats_layers_init(ctx, &x->layers, net));
    TRY(pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
    TRY(check(ctx, domain, &frame));
    TRY(gather_all(&g, &frame, &domain->part[0], most_cells));
done:
    pleats_frame_clear(ctx, &frame);
    return status;
}

void pleats_line_clear(pleats_line *x)
{
    if (!x->ctx)
        return;
    pleats_layers_clear(x->ctx, &x->layers);
    pleats_release(x->ctx, x->at);
    pleats_release(x->ctx, x->value);
    pleats_release(x->ctx, x->at_break);
    *x = (pleats_line){0};
}
