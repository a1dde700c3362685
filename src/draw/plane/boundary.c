#include "draw/plane/boundary.h"

#include "base/doubles.h"

#include <math.h>
#include <string.h>

void pleats_boundary_clear(pleats_ctx *ctx, pleats_boundary *b)
{
    pleats_release(ctx, b->class);
    pleats_release(ctx, b->part);
    pleats_release(ctx, b->corner);
    pleats_release(ctx, b->segment);
    pleats_release(ctx, b->value);
    *b = (pleats_boundary){.level = b->level, .grain = b->grain};
}

pleats_status pleats_boundary_add_part(pleats_ctx *ctx, pleats_boundary *b,
                                       pleats_idx class, size_t n,
                                       double **corner)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &b->part, &b->part_capacity, b->n_parts + 1,
                    sizeof *b->part));
    TRY(pleats_grow(ctx, &b->corner, &b->corner_capacity,
                    2 * (b->n_corners + n), sizeof *b->corner));
    b->part[b->n_parts++] =
        (pleats_class_part){b->n_cells - 1, class, b->n_corners, n};
    *corner = b->corner + 2 * b->n_corners;
    b->n_corners += n;
done:
    return status;
}

pleats_status pleats_boundary_add_segment(pleats_ctx *ctx, pleats_boundary *b,
                                          double **segment)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &b->segment, &b->segment_capacity,
                    4 * (b->n_segments + 1), sizeof *b->segment));
    *segment = b->segment + 4 * b->n_segments++;
done:
    return status;
}

/* ---- classes ---- */

static double value_at(const double *form, const double *t)
{
    return form[0] * t[0] + form[1] * t[1] + form[2];
}

/* How far a value may be off at a corner that is off by so much. */
static double error_of(const double *form, double off)
{
    return form[3] + (fabs(form[0]) + fabs(form[1])) * off;
}

/* The class that is certainly the greatest at all corners, or -1. */
static pleats_idx certain_class(const pleats_boundary *b, const pleats_forms *f,
                                const pleats_boundary_cell *cell)
{
    const pleats_net *net = f->net;
    pleats_idx found = -1;
    for (size_t i = 0; i < cell->n; i++) {
        const double *t = cell->local + 2 * i;
        double best = -INFINITY, second = -INFINITY, error = 0;
        pleats_idx class = -1;
        for (pleats_idx o = 0; o < net->n_outputs; o++) {
            const double *form = pleats_forms_entry(f, net->output[o]);
            double value = value_at(form, t);
            error = pleats_larger(error, error_of(form, cell->off));
            second = fmax(second, fmin(best, value));
            class = value > best ? o : class;
            best = fmax(best, value);
        }
        if (net->n_outputs == 1) {
            second = b->level;
            error += fabs(b->level) * 0x1p-50;
            class = best > second;
        }
        if (!(fabs(best - second) > pleats_round_up(4 * error)) ||
            (found >= 0 && class != found))
            return -1;
        found = class;
    }
    return found;
}

/* How far off the difference of two forms at a corner may be, and half of that
 * again. */
static double difference_error(const double *a, const double *b, double off)
{
    return pleats_round_up(4 * (error_of(a, off) + error_of(b, off)));
}

/* Whether output j is certainly above output i at all corners. */
static bool is_above(const pleats_forms *f, pleats_idx j, pleats_idx i,
                     const pleats_boundary_cell *cell)
{
    const double *a = pleats_forms_entry(f, f->net->output[i]);
    const double *b = pleats_forms_entry(f, f->net->output[j]);
    double bound = difference_error(a, b, cell->off);
    for (size_t p = 0; p < cell->n; p++) {
        const double *t = cell->local + 2 * p;
        if (!(value_at(b, t) - value_at(a, t) > bound))
            return false;
    }
    return true;
}

static pleats_idx greatest_at(const pleats_forms *f, const double *t)
{
    const pleats_net *net = f->net;
    pleats_idx best = 0;
    for (pleats_idx o = 1; o < net->n_outputs; o++)
        if (value_at(pleats_forms_entry(f, net->output[o]), t) >
            value_at(pleats_forms_entry(f, net->output[best]), t))
            best = o;
    return best;
}

pleats_idx pleats_boundary_classes(const pleats_forms *f,
                                   const pleats_boundary_cell *cell,
                                   pleats_idx most, pleats_idx *class)
{
    const pleats_idx n_outputs = f->net->n_outputs;
    pleats_idx n = 0;
    for (pleats_idx i = 0; i < (n_outputs > 1 ? n_outputs : 2); i++) {
        bool below = false;
        for (size_t p = 0; p < cell->n && n_outputs > 1 && !below; p++)
            below = is_above(f, greatest_at(f, cell->local + 2 * p), i, cell);
        if (below)
            continue;
        if (n == most)
            return most + 1;
        class[n++] = i;
    }
    return n;
}

pleats_status pleats_boundary_add(pleats_boundary *b, pleats_space *space,
                                  const pleats_boundary_cell *cell,
                                  bool *is_certain)
{
    pleats_status status = PLEATS_OK;
    pleats_idx class;
    TRY(pleats_grow(space->ctx, &b->class, &b->class_capacity, b->n_cells + 1,
                    sizeof *b->class));
    class = certain_class(b, &space->forms, cell);
    b->class[b->n_cells++] = class;
    *is_certain = class >= 0;
done:
    return status;
}

/* ---- two parts ---- */

typedef struct {
    const pleats_boundary_cell *cell;
    const double *value; /* [cell->n] at the corners: positive on class[1] */
    double error;        /* of them; they are all larger */
    double grain;
    pleats_idx class[2];
    double crossing[2][2]; /* on the axes: where the boundary crosses the first
                              and the second side that it crosses */
} halves;

/* Whether the boundary crosses the side from corner i on. */
static bool is_crossed(const halves *h, size_t i)
{
    return (h->value[i] > 0) != (h->value[(i + 1) % h->cell->n] > 0);
}

/* value [n] = how far the second class is above the first one at the corners;
 * false: at some corner this may be either. */
static bool find_values(const pleats_forms *f, double level, halves *h,
                        double *value)
{
    const pleats_idx *output = f->net->output;
    const bool is_level = f->net->n_outputs == 1;
    const double constant[4] = {0, 0, level, fabs(level) * 0x1p-50};
    const double *a =
        is_level ? constant : pleats_forms_entry(f, output[h->class[0]]);
    const double *b = pleats_forms_entry(f, output[is_level ? 0 : h->class[1]]);
    bool all = true;
    h->error = difference_error(a, b, h->cell->off);
    for (size_t i = 0; i < h->cell->n; i++) {
        const double *t = h->cell->local + 2 * i;
        value[i] = value_at(b, t) - value_at(a, t);
        all = all && pleats_sign_beyond(value[i], h->error) != 0;
    }
    h->value = value;
    return all;
}

/* Where the boundary crosses the side from corner i on, at the share s of it.
 * Values v are off by at most half of `error` and are larger than that: so s is
 * off by at most error / max |v|.  A point between two corners is off by no
 * more than these are. */
static bool find_crossing(const halves *h, const pleats_axes *axes, size_t i,
                          double *at)
{
    const size_t j = (i + 1) % h->cell->n;
    const double *p = h->cell->local + 2 * i, *q = h->cell->local + 2 * j;
    const double v = fabs(h->value[i]), w = fabs(h->value[j]);
    const double length = fmax(fabs(q[0] - p[0]), fabs(q[1] - p[1]));
    const double off = h->cell->off + h->error / fmax(v, w) * length;
    const double s = 1 / (1 + w / v);
    const double local[] = {p[0] + s * (q[0] - p[0]), p[1] + s * (q[1] - p[1])};
    /* the other half is for rounding */
    return pleats_round_up(off) <= h->grain / 2 &&
           pleats_axes_place(axes, local, at);
}

/* Both crossings; false when they are not well known. */
static bool find_crossings(halves *h, const pleats_axes *axes)
{
    const size_t n = h->cell->n;
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (is_crossed(h, i) &&
            !find_crossing(h, axes, i, h->crossing[found++ % 2]))
            return false;
    return found == 2;
}

/* Adds the part of a class and its side on the boundary, as a cut over the
 * integers does. */
static pleats_status add_half(pleats_ctx *ctx, pleats_boundary *b,
                              const halves *h, size_t which)
{
    pleats_status status = PLEATS_OK;
    const bool has_first = (h->value[0] > 0) == which;
    const size_t point = sizeof h->crossing[0];
    size_t n = 2, crossing = 0;
    double *to;
    for (size_t i = 0; i < h->cell->n; i++)
        n += (h->value[i] > 0) == which;
    TRY(pleats_boundary_add_part(ctx, b, h->class[which], n, &to));
    for (size_t i = 0; i < h->cell->n; i++) {
        if ((h->value[i] > 0) == which) {
            memcpy(to, h->cell->at + 2 * i, point);
            to += 2;
        }
        if (is_crossed(h, i)) {
            memcpy(to, h->crossing[crossing++], point);
            to += 2;
        }
    }
    TRY(pleats_boundary_add_segment(ctx, b, &to));
    memcpy(to, h->crossing[has_first ? 0 : 1], point);
    memcpy(to + 2, h->crossing[has_first ? 1 : 0], point);
done:
    return status;
}

pleats_status pleats_boundary_halve(pleats_boundary *b, pleats_space *space,
                                    const pleats_axes *axes,
                                    const pleats_boundary_cell *cell,
                                    bool *is_cut)
{
    pleats_status status = PLEATS_OK;
    halves h = {.cell = cell, .grain = b->grain};
    *is_cut = false;
    if (pleats_boundary_classes(&space->forms, cell, 2, h.class) != 2)
        return PLEATS_OK;
    TRY(pleats_grow(space->ctx, &b->value, &b->value_capacity, cell->n,
                    sizeof *b->value));
    *is_cut = find_values(&space->forms, b->level, &h, b->value) &&
              find_crossings(&h, axes);
    for (size_t which = 0; which < 2 && *is_cut; which++)
        TRY(add_half(space->ctx, b, &h, which));
done:
    return status;
}
