#include "local/region.h"

#include "base/perturb.h"
#include "cells/unit.h"
#include "exact/integers.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void pleats_region_clear(pleats_region *r)
{
    if (!r->ctx)
        return;
    size_t width = (size_t)r->k + 1;
    for (pleats_idx i = 0; r->row && i < r->n; i++)
        pleats_integers_free(r->ctx, r->row[i], width);
    pleats_forms_clear(r->ctx, &r->forms);
    if (r->exact.net)
        pleats_exact_forms_clear(r->ctx, &r->exact);
    pleats_coordinates_clear(r->ctx, &r->coordinates);
    pleats_release(r->ctx, r->half);
    pleats_release(r->ctx, r->entry);
    pleats_release(r->ctx, r->bounds);
    pleats_release(r->ctx, r->row);
    pleats_release(r->ctx, r->twin);
    pleats_release(r->ctx, r->flat);
    pleats_release(r->ctx, r->room);
    pleats_integers_free(r->ctx, r->exact_room, width);
    *r = (pleats_region){0};
}

/* Row of a side of the domain, in the coordinates about the point.  Sides are
 * numbered: two for each boxed coordinate, lower and upper one, all of them in
 * 0 .. 2k - 1; then the rows of the frame. */
static void side_row(const pleats_region *r, pleats_idx side, mpz_t *row)
{
    size_t k = (size_t)r->k;
    mpz_t *p = r->point;
    if (side < 2 * r->k) {
        size_t j = (size_t)side / 2;
        for (size_t c = 0; c < k; c++)
            mpz_set_ui(row[c], 0);
        if (side % 2 == 0) {
            mpz_set(row[j], p[k]);
            mpz_add(row[k], p[k], p[j]);
        } else {
            mpz_neg(row[j], p[k]);
            mpz_sub(row[k], p[k], p[j]);
        }
        return;
    }
    mpz_t *from = r->frame->row + (size_t)(side - 2 * r->k) * (k + 1);
    mpz_mul(row[k], from[k], p[k]);
    for (size_t c = 0; c < k; c++) {
        mpz_mul(row[c], from[c], p[k]);
        mpz_addmul(row[k], from[c], p[c]);
    }
}

/* Adds a half-space with its doubles, those of the inside. */
static pleats_status push(pleats_region *r, const pleats_halfspace *h,
                          const double *entry, pleats_bounds bounds)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)r->n, width = (size_t)r->k + 1;
    TRY(pleats_grow(r->ctx, &r->half, &r->half_capacity, n + 1,
                    sizeof *r->half));
    TRY(pleats_grow(r->ctx, &r->entry, &r->entry_capacity, (n + 1) * width,
                    sizeof *r->entry));
    TRY(pleats_grow(r->ctx, &r->bounds, &r->bounds_capacity, n + 1,
                    sizeof *r->bounds));
    r->half[n] = *h;
    r->bounds[n] = bounds;
    for (size_t c = 0; c < width; c++)
        r->entry[n * width + c] = h->sign > 0 ? entry[c] : -entry[c];
    r->n++;
done:
    return status;
}

/* Whether the plane's form is the same at all points near by; *zero: 0. */
static pleats_status is_constant(pleats_region *r, const pleats_halfspace *h,
                                 pleats_bounds bounds, bool *constant,
                                 bool *zero)
{
    pleats_status status = PLEATS_OK;
    double size = 0;
    *constant = *zero = false;
    for (pleats_idx c = 0; c < r->k; c++)
        size += fabs(r->room[c]);
    if (size > pleats_round_up(bounds.tolerance))
        return PLEATS_OK;
    *constant = true;
    if (h->plane.a == h->plane.b) {
        *zero = true;
        return PLEATS_OK;
    }
    TRY(pleats_exact_forms_multiple(r->ctx, &r->exact, h->plane.a, h->plane.b,
                                    h->plane.at, r->exact_room));
    for (pleats_idx c = 0; c < r->k && *constant; c++)
        *constant = mpz_sgn(r->exact_room[c]) == 0;
    *zero = *constant && mpz_sgn(r->exact_room[r->k]) == 0;
done:
    return status;
}

static pleats_status take_plane(pleats_region *r, const pleats_halfspace *h)
{
    pleats_status status = PLEATS_OK;
    bool constant = false, zero = false;
    pleats_bounds bounds = pleats_plane_row(&r->forms, h->plane, r->room);
    TRY(is_constant(r, h, bounds, &constant, &zero));
    if (zero) {
        TRY(pleats_grow(r->ctx, &r->flat, &r->flat_capacity,
                        (size_t)r->n_flat + 1, sizeof *r->flat));
        r->flat[r->n_flat++] = *h;
    } else if (!constant) {
        TRY(push(r, h, r->room, bounds));
    }
done:
    return status;
}

static pleats_status take_unit(pleats_region *r, pleats_idx step,
                               pleats_idx unit)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = &r->net->step[step];
    const pleats_idx number = s->first_unit + unit, piece = r->piece[number];
    const pleats_idx pieces = pleats_step_pieces(s, unit);
    pleats_halfspace h = {.step = step, .unit = number};
    for (pleats_idx at = 0; s->kind == PLEATS_STEP_MAX && at < pieces; at++) {
        if (at == piece)
            continue;
        h.at = at;
        h.sign = 1;
        h.plane = pleats_unit_duel(s, unit, piece, at);
        TRY(take_plane(r, &h));
    }
    for (pleats_idx at = piece - 1;
         s->kind == PLEATS_STEP_PL && at <= piece && at + 1 < pieces; at++) {
        if (at < 0)
            continue;
        h.at = at;
        h.sign = at < piece ? 1 : -1;
        h.plane = pleats_unit_plane(s, unit, at);
        TRY(take_plane(r, &h));
    }
done:
    return status;
}

/* entry [k + 1] = an exact row over a power of two, and its bounds. */
static pleats_bounds round_row(const pleats_region *r, mpz_t *row,
                               double *entry)
{
    long exponent, largest = LONG_MIN;
    double size = 0;
    for (pleats_idx c = 0; c <= r->k; c++) {
        if (mpz_sgn(row[c]) == 0)
            continue;
        (void)mpz_get_d_2exp(&exponent, row[c]);
        largest = exponent > largest ? exponent : largest;
    }
    for (pleats_idx c = 0; c <= r->k; c++) {
        double fraction = mpz_get_d_2exp(&exponent, row[c]);
        entry[c] =
            fraction != 0 ? ldexp(fraction, (int)(exponent - largest)) : 0;
        size += fabs(entry[c]);
    }
    size = pleats_round_up(size);
    double error = pleats_round_up(size * DBL_EPSILON);
    size = pleats_perturb_form(PLEATS_PERTURB_ROW, 0, (size_t)r->k + 1, entry,
                               1, &error, size);
    return (pleats_bounds){
        error, size, pleats_round_up(error + pleats_gamma(r->k + 3) * size)};
}

static pleats_status take_side(pleats_region *r, pleats_idx side)
{
    pleats_status status = PLEATS_OK;
    const pleats_halfspace h = {{-1, -1, 0}, 1, -1, -1, side};
    side_row(r, side, r->exact_room);
    pleats_bounds bounds = round_row(r, r->exact_room, r->room);
    TRY(push(r, &h, r->room, bounds));
done:
    return status;
}

/* Forms that overflowed, or whose numbers are so small that they nearly
 * vanished, say nothing about their half-spaces: these come from the exact
 * rows. */
static pleats_status refine(pleats_region *r)
{
    pleats_status status = PLEATS_OK;
    const double coarse = 0x1p-20;
    for (pleats_idx i = 0; i < r->n; i++) {
        mpz_t *row = NULL;
        if (r->bounds[i].tolerance < coarse)
            continue;
        TRY(pleats_region_row(r, i, &row));
        r->bounds[i] =
            round_row(r, row, r->entry + (size_t)i * ((size_t)r->k + 1));
    }
done:
    return status;
}

static pleats_status take_sides(pleats_region *r)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx j = 0; j < r->k; j++)
        for (pleats_idx e = 0; e < 2 && r->frame->boxed[j]; e++)
            TRY(take_side(r, 2 * j + e));
    for (pleats_idx i = 0; i < r->frame->m; i++)
        TRY(take_side(r, 2 * r->k + i));
done:
    return status;
}

/* Whether the coordinates are steps of the inputs: x_i = s_i + a number. */
static bool are_steps(const pleats_coordinates *c)
{
    const size_t k = (size_t)c->k;
    bool are = c->k == c->n_inputs;
    for (size_t i = 0; i < k && are; i++)
        for (size_t j = 0; j < k && are; j++)
            are = i == j ? mpz_cmp(c->num[i * (k + 1) + j], c->den) == 0
                         : mpz_sgn(c->num[i * (k + 1) + j]) == 0;
    return are;
}

/* The form of a row that reads inputs alone, in steps of the inputs: its
 * weights, each of them exact unless an input is read twice or the row is
 * divided, and its value. */
static void run_input_row(pleats_forms *f, const pleats_row *row,
                          pleats_idx out)
{
    double *to = f->entry + (size_t)out * f->stride;
    double value = row->bias, error = 0, size = fabs(row->bias), all = 0;
    bool exact = row->divisor == 1;
    memset(to, 0, f->stride * sizeof *to);
    for (pleats_idx j = 0; j < row->n; j++) {
        if (row->in[j] < 0 || row->weight[j] == 0)
            continue;
        const double w = row->weight[j];
        const double x = pleats_forms_entry(f, row->in[j])[f->k];
        exact = exact && to[row->in[j]] == 0;
        to[row->in[j]] += w;
        value += w * x;
        size += fabs(w * x);
        all += fabs(w);
        error += fabs(w) * f->error[row->in[j]];
    }
    error += pleats_gamma(row->n + 4) * (size + (exact ? 0 : all));
    to[f->k] = value;
    for (pleats_idx c = 0; c <= f->k && row->divisor != 1; c++)
        to[c] /= row->divisor;
    error = pleats_round_up(pleats_round_up(error) / fabs(row->divisor));
    pleats_forms_set_bounds(
        f, out, error,
        pleats_round_up((size + all) / fabs(row->divisor) + error));
}

/* Works out the forms that a step makes. */
static pleats_status run_step(pleats_region *r, const pleats_step *s,
                              bool steps, pleats_idx *scratch)
{
    pleats_status status = PLEATS_OK;
    bool direct = steps && pleats_step_is_affine(s);
    for (pleats_idx j = 0; j < s->n_in && direct; j++)
        direct = s->in[j] < r->net->n_inputs;
    if (!direct)
        return pleats_forms_run(r->ctx, &r->forms, s, r->piece);
    for (pleats_idx u = 0; u < s->n_out; u++) {
        pleats_row row = pleats_step_row(s, u, scratch);
        run_input_row(&r->forms, &row, s->out + u);
        TRY(pleats_check_work(r->ctx, (size_t)row.n));
    }
done:
    return status;
}

pleats_status pleats_region_init(pleats_ctx *ctx, pleats_region *r,
                                 const pleats_net *net, const pleats_idx *piece,
                                 pleats_coordinates *coordinates,
                                 const pleats_frame *frame, mpz_t *point)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)coordinates->k + 1;
    const bool steps = are_steps(coordinates);
    pleats_idx *scratch = NULL;
    *r = (pleats_region){.ctx = ctx,
                         .net = net,
                         .frame = frame,
                         .piece = piece,
                         .point = point,
                         .coordinates = *coordinates,
                         .k = coordinates->k};
    *coordinates = (pleats_coordinates){0};
    TRY(pleats_alloc(ctx, width, sizeof *r->room, &r->room));
    TRY(pleats_integers_new(ctx, width, &r->exact_room));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 2,
                     sizeof *scratch, &scratch));
    TRY(pleats_forms_init(ctx, &r->forms, net, &r->coordinates));
    TRY(pleats_exact_forms_init(ctx, &r->exact, net, &r->coordinates, piece));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        TRY(pleats_check_stop(ctx));
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++)
            TRY(take_unit(r, i, u));
        TRY(run_step(r, s, steps, scratch));
    }
    r->n_units = r->n;
    if (frame)
        TRY(take_sides(r));
    TRY(pleats_alloc(ctx, (size_t)r->n, sizeof *r->row, &r->row));
    TRY(pleats_alloc(ctx, (size_t)r->n, sizeof *r->twin, &r->twin));
    for (pleats_idx i = 0; i < r->n; i++)
        r->twin[i] = i;
    TRY(refine(r));
done:
    pleats_release(ctx, scratch);
    return status;
}

pleats_status pleats_region_row(pleats_region *r, pleats_idx i, mpz_t **row)
{
    pleats_status status = PLEATS_OK;
    const pleats_halfspace *h = &r->half[i];
    size_t width = (size_t)r->k + 1;
    if (!r->row[i]) {
        TRY(pleats_integers_new(r->ctx, width, &r->row[i]));
        if (h->unit < 0) {
            side_row(r, h->at, r->row[i]);
            pleats_integers_make_primitive(r->row[i], width);
        } else {
            TRY(pleats_exact_forms_difference(r->ctx, &r->exact, h->plane.a,
                                              h->plane.b, h->plane.at,
                                              r->row[i]));
        }
        for (size_t c = 0; h->sign < 0 && c < width; c++)
            mpz_neg(r->row[i][c], r->row[i][c]);
    }
    *row = r->row[i];
done:
    return status;
}

/* A half-space scaled to constant 1, seen along one direction: equal
 * half-spaces have keys that differ by no more than `off` of both. */
typedef struct {
    double key, off;
    pleats_idx i;
} seen;

static int by_key(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->i > y->i) - (x->i < y->i);
}

static seen look_at(const pleats_region *r, pleats_idx i)
{
    const double *entry = pleats_region_entry(r, i);
    double c = entry[r->k], sum = 0, off = r->bounds[i].tolerance;
    uint64_t bits = 88172645463325252u;
    for (pleats_idx j = 0; j < r->k; j++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        sum += entry[j] * ((double)(bits >> 11) * 0x1p-52 - 1);
    }
    if (!(c > 8 * off))
        return (seen){0, INFINITY, i};
    return (seen){sum / c, 4 * off / c * (1 + fabs(sum / c)), i};
}

/* Whether doubles tell two half-spaces apart. */
static bool differ(const pleats_region *r, pleats_idx a, pleats_idx b)
{
    const double *x = pleats_region_entry(r, a), *y = pleats_region_entry(r, b);
    double cx = x[r->k], cy = y[r->k];
    double off = r->bounds[a].tolerance * (fabs(cy) + r->bounds[b].magnitude) +
                 r->bounds[b].tolerance * (fabs(cx) + r->bounds[a].magnitude);
    for (pleats_idx j = 0; j < r->k; j++)
        if (fabs(x[j] * cy - y[j] * cx) > 4 * off)
            return true;
    return false;
}

static pleats_status join(pleats_region *r, pleats_idx a, pleats_idx b)
{
    pleats_status status = PLEATS_OK;
    mpz_t *x = NULL, *y = NULL;
    bool same = true;
    if (r->twin[a] == r->twin[b] || differ(r, a, b))
        return PLEATS_OK;
    TRY(pleats_region_row(r, a, &x));
    TRY(pleats_region_row(r, b, &y));
    for (pleats_idx c = 0; c <= r->k && same; c++)
        same = mpz_cmp(x[c], y[c]) == 0;
    if (!same)
        goto done;
    pleats_idx low = r->twin[a], high = r->twin[b];
    if (low > high) {
        low = high;
        high = r->twin[a];
    }
    for (pleats_idx i = 0; i < r->n; i++)
        if (r->twin[i] == high)
            r->twin[i] = low;
done:
    return status;
}

pleats_status pleats_region_find_twins(pleats_region *r)
{
    pleats_status status = PLEATS_OK;
    seen *list = NULL;
    double widest = 0;
    size_t n = (size_t)r->n;
    TRY(pleats_alloc(r->ctx, n, sizeof *list, &list));
    for (size_t i = 0; i < n; i++) {
        list[i] = look_at(r, (pleats_idx)i);
        if (isfinite(list[i].off) && list[i].off > widest)
            widest = list[i].off;
    }
    if (n)
        qsort(list, n, sizeof *list, by_key);
    for (size_t i = 0; i < n; i++) {
        const seen *one = &list[i];
        for (size_t o = isfinite(one->off) ? i + 1 : 0; o < n; o++) {
            const seen *other = &list[o];
            if (isfinite(one->off) && isfinite(other->off)) {
                if (other->key - one->key > one->off + widest)
                    break;
                if (other->key - one->key > one->off + other->off)
                    continue;
            }
            if (o != i)
                TRY(join(r, one->i, other->i));
        }
    }
done:
    pleats_release(r->ctx, list);
    return status;
}
