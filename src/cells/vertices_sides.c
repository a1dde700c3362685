/* On which sides of a plane a cell has generators: signs by doubles, by what
 * the parameters say, and over the integers. */
#include "cells/vertices.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <float.h>
#include <limits.h>
#include <math.h>

/* A generator that was solved for has about this error. */
#define ERROR_OF_SOLUTION 0x1p-40

void pleats_vertices_ask(pleats_space *s, pleats_hyperplane plane)
{
    pleats_idx k = s->frame->k;
    const pleats_forms *f = &s->forms;
    const double *a = pleats_forms_entry(f, plane.a);
    double error = f->error[plane.a];
    double size = f->magnitude[plane.a] + fabs(plane.at);
    if (plane.b >= 0 && !pleats_forms_is_zero(f, plane.b)) {
        const double *b = pleats_forms_entry(f, plane.b);
        for (pleats_idx c = 0; c <= k; c++)
            s->question.entry[c] = a[c] - b[c];
        a = s->question.entry;
        size += f->magnitude[plane.b];
        error = pleats_round_up(error + f->error[plane.b] + DBL_EPSILON * size);
    }
    if (s->paranoid)
        error = INFINITY;
    double tolerance = pleats_round_up(error + f->gamma * size);
    s->vertices.form = (pleats_form_bounds){a, plane.at, tolerance,
                                            pleats_round_up(size + error)};
    s->vertices.valued = 0;
    s->question.plane = plane;
    s->question.has_objective = false;
}

pleats_status pleats_vertices_ask_wall(pleats_space *s, pleats_idx wall)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    long exponent, largest = LONG_MIN;
    double size = 0;
    TRY(pleats_vertices_wall_row(s, wall, s->question.objective));
    for (pleats_idx c = 0; c <= k; c++) {
        (void)mpz_get_d_2exp(&exponent, s->question.objective[c]);
        if (mpz_sgn(s->question.objective[c]) != 0 && exponent > largest)
            largest = exponent;
    }
    for (pleats_idx c = 0; c <= k; c++) {
        double fraction = mpz_get_d_2exp(&exponent, s->question.objective[c]);
        s->question.entry[c] = ldexp(fraction, (int)(exponent - largest));
        size += fabs(s->question.entry[c]);
    }
    double tolerance = pleats_round_up(s->forms.gamma * size + 0x1p-900);
    size = pleats_perturb_form(PLEATS_PERTURB_ROW, wall, (size_t)k + 1,
                               s->question.entry, 1, &tolerance, size);
    s->vertices.form = (pleats_form_bounds){s->question.entry, 0,
                                            s->paranoid ? INFINITY : tolerance,
                                            pleats_round_up(size)};
    s->vertices.valued = 0;
    s->question.plane = (pleats_hyperplane){-1, -1, 0};
    s->question.has_objective = true;
done:
    return status;
}

/* To be inlined with k known for a plane. */
PLEATS_WITHIN void find_values(const pleats_form_bounds *form,
                               const pleats_vertices *c, size_t k,
                               double *value)
{
    const size_t pad = c->pad;
    const double last = form->entry[k] - form->at;
    const bool is_offset = form->at != 0;
    for (size_t i = 0; i < pad; i += 4) {
        four w = *(const four *)(c->point + k * pad + i);
        four sum = is_offset ? form->entry[k] * w - form->at * w : last * w;
        for (size_t j = 0; j < k; j++)
            sum += form->entry[j] * *(const four *)(c->point + j * pad + i);
        *(four *)(value + i) = sum;
        four bound =
            form->tolerance + form->size * *(const four *)(c->error + i);
        *(four *)(value + pad + i) = bound * (1 + 0x1p-20) + 0x1p-960;
    }
}

/* Values and error bounds at all generators. */
PLEATS_WIDE
static void evaluate(const pleats_form_bounds *form, const pleats_vertices *c,
                     size_t k, double *value)
{
    if (k == 2)
        find_values(form, c, 2, value);
    else
        find_values(form, c, k, value);
}

/* What the bounds tell: whether some values are certainly above or below 0, and
 * whether all values are certain. */
PLEATS_WIDE
static void look(const double *value, size_t pad, bool *has, bool *all)
{
    four_bits above = {0}, below = {0}, unsure = {0};
    for (size_t i = 0; i < pad; i += 4) {
        four v = *(const four *)(value + i);
        four bound = *(const four *)(value + pad + i);
        four_bits up = v > bound, down = v < -bound;
        above |= up;
        below |= down;
        unsure |= ~(up | down);
    }
    has[1] = above[0] | above[1] | above[2] | above[3];
    has[0] = below[0] | below[1] | below[2] | below[3];
    *all = !(unsure[0] | unsure[1] | unsure[2] | unsure[3]);
}

pleats_status pleats_vertices_evaluate(pleats_space *s,
                                       const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    if (pleats_vertices_have_values(s, c))
        return PLEATS_OK;
    TRY(pleats_grow(s->ctx, &s->vertices.value, &s->vertices.value_capacity,
                    2 * c->pad, sizeof *s->vertices.value));
    s->vertices.valued = c->version;
    evaluate(&s->vertices.form, c, (size_t)s->frame->k, s->vertices.value);
    for (size_t i = 0; PLEATS_PERTURB && i < c->pad; i++)
        pleats_perturb_value(PLEATS_PERTURB_VALUE, (pleats_idx)i,
                             &s->vertices.value[i],
                             &s->vertices.value[c->pad + i]);
done:
    return status;
}

/* The sign of a value by its bound, 0 when it does not tell. */
static int certain_sign(const double *value, size_t pad, pleats_idx i)
{
    double v = value[i], bound = value[pad + (size_t)i];
    return (v > bound) - (v < -bound);
}

/* The value at generator i and its bound, worked out anew. */
static void evaluate_one(pleats_space *s, const pleats_vertices *c,
                         pleats_idx i)
{
    size_t k = (size_t)s->frame->k, pad = c->pad;
    const pleats_form_bounds *form = &s->vertices.form;
    const double *g = c->point + i;
    double sum = (form->entry[k] - form->at) * g[k * pad];
    if (form->at != 0)
        sum = form->entry[k] * g[k * pad] - form->at * g[k * pad];
    for (size_t j = 0; j < k; j++)
        sum += form->entry[j] * g[j * pad];
    s->vertices.value[i] = sum;
    s->vertices.value[pad + (size_t)i] =
        pleats_round_up(form->tolerance + form->size * c->error[i]);
    pleats_perturb_value(PLEATS_PERTURB_VALUE, i, &s->vertices.value[i],
                         &s->vertices.value[pad + (size_t)i]);
}

/* Whether the wall of plane `other` holds no point but those of the plane in
 * question. */
static bool is_same_plane(const pleats_space *s, pleats_hyperplane other)
{
    return other.b < 0 && other.at == 0 &&
           s->group[other.a] == s->group[s->question.plane.a];
}

/* Whether the plane in question holds generator i for a reason that needs no
 * arithmetic. */
static bool holds_surely(const pleats_space *s, const pleats_vertices *c,
                         pleats_idx i)
{
    const pleats_hyperplane plane = s->question.plane;
    const uint64_t *on = pleats_vertices_walls(c, i);
    bool is_origin = s->is_linear && c->error[i] == 0;
    if (s->paranoid || plane.a < 0 || plane.b >= 0 || plane.at != 0)
        return false;
    for (pleats_idx j = 0; j < s->frame->k && is_origin; j++)
        is_origin = c->point[(size_t)j * c->pad + (size_t)i] == 0;
    if (is_origin || s->group[plane.a] < 0)
        return is_origin;
    for (pleats_idx p = 0; p < c->n_planes; p++)
        if (is_same_plane(s, s->walls.plane[c->plane[p]]))
            return true;
    for (pleats_idx j = 0; j < c->n_slots; j++)
        if (c->slot[j] >= s->frame->m && (on[j / 64] >> (j % 64) & 1) &&
            is_same_plane(s, s->walls.plane[c->slot[j]]))
            return true;
    return false;
}

pleats_status pleats_vertices_sign(pleats_space *s, pleats_vertices *c,
                                   pleats_idx i, int *sign)
{
    pleats_status status = PLEATS_OK;
    pleats_idx k = s->frame->k;
    mpz_t sum, *x = NULL;
    *sign = 0;
    if (holds_surely(s, c, i))
        return PLEATS_OK;
    if (c->error[i] > ERROR_OF_SOLUTION && pleats_vertices_refine(s, c, i)) {
        evaluate_one(s, c, i);
        *sign = certain_sign(s->vertices.value, c->pad, i);
        if (*sign != 0)
            return PLEATS_OK;
    }
    mpz_init(sum);
    TRY(pleats_space_need_objective(s));
    TRY(pleats_vertices_solve(s, c, i, &x));
    for (pleats_idx j = 0; j <= k; j++) {
        TRY(pleats_check_work(s->ctx, (mpz_size(s->question.objective[j]) + 1) *
                                          (mpz_size(x[j]) + 1)));
        mpz_addmul(sum, s->question.objective[j], x[j]);
    }
    *sign = mpz_sgn(sum);
done:
    mpz_clear(sum);
    return status;
}

/* Settles what evaluate and look left open, until both sides are found. */
static pleats_status look_closer(pleats_space *s, pleats_vertices *c, bool *has)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < c->n && !(has[0] && has[1]); i++) {
        int sign = 0;
        if (certain_sign(s->vertices.value, c->pad, i) != 0)
            continue;
        TRY(pleats_vertices_sign(s, c, i, &sign));
        if (sign != 0)
            has[sign > 0] = true;
    }
done:
    return status;
}

pleats_status pleats_vertices_crossing_line(pleats_space *s,
                                            const pleats_vertices *c,
                                            pleats_idx *line)
{
    pleats_status status = PLEATS_OK;
    size_t k = (size_t)s->frame->k;
    const pleats_form_bounds form = s->vertices.form;
    mpz_t sum;
    mpz_init(sum);
    *line = -1;
    double bound = pleats_round_up(form.tolerance + form.size * DBL_EPSILON);
    for (pleats_idx i = 0; i < c->n_lines && *line < 0; i++) {
        const double *direction = c->line_point + (size_t)i * (k + 1);
        double value = 0;
        for (size_t j = 0; j < k; j++)
            value += form.entry[j] * direction[j];
        if (fabs(value) > bound)
            *line = i;
    }
    for (pleats_idx i = 0; i < c->n_lines && *line < 0; i++) {
        TRY(pleats_space_need_objective(s));
        mpz_set_ui(sum, 0);
        for (size_t j = 0; j < k; j++)
            mpz_addmul(sum, s->question.objective[j],
                       c->line[(size_t)i * (k + 1) + j]);
        if (mpz_sgn(sum) != 0)
            *line = i;
    }
done:
    mpz_clear(sum);
    return status;
}

/* Whether the plane's form is -at: of units that are off, for instance. */
static bool is_constant(const pleats_space *s, pleats_hyperplane plane)
{
    return pleats_forms_is_zero(&s->forms, plane.a) && !s->paranoid &&
           (plane.b < 0 || pleats_forms_is_zero(&s->forms, plane.b));
}

pleats_status pleats_vertices_sides(pleats_space *s, pleats_vertices *c,
                                    pleats_hyperplane plane, bool *has)
{
    pleats_status status = PLEATS_OK;
    bool all = false;
    if (is_constant(s, plane)) {
        has[0] = plane.at > 0;
        has[1] = plane.at < 0;
        s->by_bounds++;
        return PLEATS_OK;
    }
    pleats_vertices_ask(s, plane);
    if (c->n_lines > 0) {
        pleats_idx line;
        TRY(pleats_vertices_crossing_line(s, c, &line));
        has[0] = has[1] = line >= 0;
        if (line >= 0)
            goto done;
    }
    TRY(pleats_vertices_evaluate(s, c));
    look(s->vertices.value, c->pad, has, &all);
    if (!all && !(has[0] && has[1]))
        TRY(look_closer(s, c, has));
done:
    if (s->question.has_objective)
        s->by_exact++;
    else
        s->by_bounds++;
    return status;
}

pleats_status pleats_vertices_signs(pleats_space *s, pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_vertices_evaluate(s, c));
    TRY(pleats_grow(s->ctx, &s->vertices.sign, &s->vertices.sign_capacity,
                    (size_t)c->n, sizeof *s->vertices.sign));
    for (pleats_idx i = 0; i < c->n; i++) {
        int sign = certain_sign(s->vertices.value, c->pad, i);
        if (sign == 0)
            TRY(pleats_vertices_sign(s, c, i, &sign));
        s->vertices.sign[i] = (int8_t)sign;
    }
done:
    return status;
}
