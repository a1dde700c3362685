#include "cell_check.h"

#include "domains.h"
#include "mlp.h"
#include "need.h"

#include "exact/integers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pleats_domain *make_box(pleats_ctx *ctx, size_t k, unsigned box)
{
    char text[256] = "";
    for (size_t j = 0, at = 0; j < k; j++)
        at += (size_t)snprintf(text + at, sizeof text - at, "-1/%u 1/%u ", box,
                               box);
    return domain_boxes(ctx, (pleats_idx)k, text);
}

void arrangement_init(pleats_ctx *ctx, arrangement *a, size_t k, size_t n,
                      const double *rows, unsigned box)
{
    arrangement_init_for(ctx, a, k, n, rows, box, PLEATS_ENGINE_VERTICES);
}

void arrangement_init_for(pleats_ctx *ctx, arrangement *a, size_t k, size_t n,
                          const double *rows, unsigned box,
                          pleats_engine engine)
{
    size_t size = n * (k + 1);
    *a = (arrangement){.ctx = ctx, .k = k, .n = n, .box = box};
    a->rows = need_memory(size, sizeof *rows);
    memcpy(a->rows, rows, size * sizeof *rows);
    a->net = arrangement_net(ctx, (int32_t)n, (int32_t)k, rows);
    a->domain = box ? make_box(ctx, k, box) : domain_all(ctx, (pleats_idx)k);
    need_ok(ctx,
            pleats_frame_init(ctx, &a->frame, a->domain, &a->domain->part[0]));
    need_ok(ctx, pleats_space_init(ctx, &a->space, a->net, &a->frame, engine,
                                   false));
    need_ok(ctx,
            pleats_forms_run(ctx, &a->space.forms, &a->net->step[0], NULL));
}

/* Moves one form by `far` in all: in its constant, in one other entry, or in
 * all of them. */
static void move_form(rng *r, double *entry, size_t k, double far)
{
    size_t one = rng_one_in(r, 2) ? k : (size_t)rng_int(r, 0, (int32_t)k);
    bool all = rng_one_in(r, 3);
    for (size_t j = 0; j <= k; j++) {
        double part = all ? far / (double)(k + 1) : j == one ? far : 0;
        entry[j] += rng_one_in(r, 2) ? part : -part;
    }
}

/* Rounds a form to eighths, so that it vanishes at points where the true one
 * does not; returns how far that moved it. */
static double snap_form(double *entry, size_t k)
{
    double far = 0;
    for (size_t j = 0; j <= k; j++) {
        double before = entry[j];
        entry[j] = round(8 * before) / 8;
        far += fabs(entry[j] - before);
    }
    return far;
}

static bool is_zero_form(const double *entry, size_t k)
{
    for (size_t j = 0; j <= k; j++)
        if (entry[j] != 0)
            return false;
    return true;
}

void arrangement_loosen(arrangement *a, rng *r)
{
    pleats_forms *f = &a->space.forms;
    for (size_t i = 0; i < a->n; i++) {
        pleats_idx scalar = a->net->step[0].out + (pleats_idx)i;
        double *entry = f->entry + (size_t)scalar * f->stride;
        double size = f->magnitude[scalar], sum = 0;
        double far = ldexp(size, -rng_int(r, 2, rng_one_in(r, 2) ? 8 : 40));
        if (rng_one_in(r, 4) || !isfinite(size) || size == 0)
            continue;
        if (rng_one_in(r, 3) && size < 0x1p40)
            far = snap_form(entry, a->k);
        else
            move_form(r, entry, a->k, far);
        for (size_t j = 0; j <= a->k; j++)
            sum += fabs(entry[j]);
        pleats_forms_set_bounds(
            f, scalar,
            pleats_round_up(f->error[scalar] + far + 0x1p-52 * (sum + size)),
            is_zero_form(entry, a->k) ? 0 : pleats_round_up(sum));
    }
}

void arrangement_scramble(arrangement *a, rng *r)
{
    pleats_forms *f = &a->space.forms;
    for (size_t i = 0; i < a->n; i++) {
        pleats_idx scalar = a->net->step[0].out + (pleats_idx)i;
        double *entry = f->entry + (size_t)scalar * f->stride, sum = 0;
        for (size_t j = 0; j <= a->k; j++) {
            entry[j] = rng_one_in(r, 4) ? 0 : rng_real(r, 8);
            sum += fabs(entry[j]);
        }
        pleats_forms_set_bounds(f, scalar, 0, sum);
    }
}

void arrangement_clear(arrangement *a)
{
    pleats_space_clear(&a->space);
    pleats_frame_clear(a->ctx, &a->frame);
    pleats_domain_clear(a->ctx, a->domain);
    pleats_net_clear(a->ctx, a->net);
    free(a->rows);
}

pleats_hyperplane arrangement_plane(const arrangement *a, size_t i, int j,
                                    double at)
{
    pleats_idx out = a->net->step[0].out;
    return (pleats_hyperplane){out + (pleats_idx)i, j < 0 ? -1 : out + j, at};
}

static void forms_free(mpq_t *h, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mpq_clear(h[i]);
    free(h);
}

/* h [k + 1], the constant first. */
static mpq_t *new_form(size_t k)
{
    mpq_t *h = need_memory(k + 1, sizeof *h);
    for (size_t i = 0; i <= k; i++)
        mpq_init(h[i]);
    return h;
}

static void add_row(const arrangement *a, pleats_idx scalar, bool minus,
                    mpq_t *h)
{
    size_t i = (size_t)(scalar - a->net->step[0].out);
    mpq_t x;
    mpq_init(x);
    for (size_t j = 0; j <= a->k; j++) {
        mpq_set_d(x, a->rows[i * (a->k + 1) + (j == 0 ? a->k : j - 1)]);
        (minus ? mpq_sub : mpq_add)(h[j], h[j], x);
    }
    mpq_clear(x);
}

/* The plane's form from the rows as they were given. */
static mpq_t *form_of(const arrangement *a, pleats_hyperplane plane)
{
    mpq_t at, *h = new_form(a->k);
    mpq_init(at);
    mpq_set_d(at, plane.at);
    add_row(a, plane.a, false, h);
    if (plane.b >= 0)
        add_row(a, plane.b, true, h);
    mpq_sub(h[0], h[0], at);
    mpq_set_ui(at, 1, a->box ? a->box : 1);
    for (size_t j = 1; j <= a->k; j++)
        mpq_mul(h[j], h[j], at);
    mpq_clear(at);
    return h;
}

static void keep_above(cone *c, mpq_t *h)
{
    cone above, below;
    if (cone_split(c, h, &above, &below) != SIDE_BOTH)
        abort();
    cone_clear(c);
    cone_clear(&below);
    *c = above;
}

void arrangement_cone(const arrangement *a, cone *out)
{
    mpq_t *h = new_form(a->k);
    cone_init(out, a->k);
    mpq_set_ui(h[0], 1, 1);
    keep_above(out, h);
    for (size_t side = 0; side < 2 * a->k && a->frame.boxed[0]; side++) {
        mpq_set_si(h[1 + side / 2], side % 2 ? -1 : 1, 1);
        keep_above(out, h);
        mpq_set_ui(h[1 + side / 2], 0, 1);
    }
    forms_free(h, a->k + 1);
}

sides arrangement_split(const arrangement *a, const cone *c,
                        pleats_hyperplane plane, cone *above, cone *below)
{
    mpq_t *h = form_of(a, plane);
    sides found = cone_split(c, h, above, below);
    forms_free(h, a->k + 1);
    return found;
}

/* The interval of all l with |l x - g| <= error in the max norm; false when
 * there is none with l > 0. */
static bool find_scale(mpz_t *x, size_t width, const double *g, size_t stride,
                       double error, mpq_t lo, mpq_t hi)
{
    bool any = true, bounded = false;
    mpq_t e, p, q;
    mpq_init(e);
    mpq_init(p);
    mpq_init(q);
    for (size_t j = 0; j < width && any; j++) {
        if (mpz_sgn(x[j]) == 0) {
            any = fabs(g[j * stride]) <= error;
            continue;
        }
        mpq_set_d(e, error);
        mpq_set_d(p, g[j * stride]);
        mpq_add(q, p, e);
        mpq_sub(p, p, e);
        mpq_set_z(e, x[j]);
        mpq_div(p, p, e);
        mpq_div(q, q, e);
        if (mpz_sgn(x[j]) < 0)
            mpq_swap(p, q);
        if (!bounded || mpq_cmp(p, lo) > 0)
            mpq_set(lo, p);
        if (!bounded || mpq_cmp(q, hi) < 0)
            mpq_set(hi, q);
        bounded = true;
    }
    any = any && bounded && mpq_cmp(lo, hi) <= 0 && mpq_sgn(hi) > 0;
    mpq_clear(e);
    mpq_clear(p);
    mpq_clear(q);
    return any;
}

/* Whether |value - l x . form| <= bound for both l. */
static bool value_holds(mpq_t *h, mpz_t *x, size_t k, mpq_t scale[2],
                        double value, double bound)
{
    mpq_t sum, part;
    bool holds = true;
    if (!isfinite(bound))
        return true;
    mpq_init(part);
    mpq_init(sum);
    for (size_t end = 0; end < 2; end++) {
        mpq_set_ui(sum, 0, 1);
        for (size_t j = 0; j <= k; j++) {
            mpq_set_z(part, x[j == 0 ? k : j - 1]);
            mpq_mul(part, part, h[j]);
            mpq_add(sum, sum, part);
        }
        mpq_mul(sum, sum, scale[end]);
        mpq_set_d(part, value);
        mpq_sub(sum, sum, part);
        mpq_abs(sum, sum);
        mpq_set_d(part, bound);
        holds = holds && mpq_cmp(sum, part) <= 0;
    }
    mpq_clear(part);
    mpq_clear(sum);
    return holds;
}

static bool box_holds(mpz_t *x, size_t k, mpq_t scale[2], const double *centre,
                      const double *half)
{
    mpq_t entry, bound;
    bool holds = true;
    mpq_init(entry);
    mpq_init(bound);
    for (size_t end = 0; end < 2; end++)
        for (size_t j = 0; j <= k && isfinite(half[j]); j++) {
            mpq_set_z(entry, x[j]);
            mpq_mul(entry, entry, scale[end]);
            mpq_set_d(bound, centre[j]);
            mpq_sub(entry, entry, bound);
            mpq_abs(entry, entry);
            mpq_set_d(bound, half[j]);
            holds = holds && mpq_cmp(entry, bound) <= 0;
        }
    mpq_clear(entry);
    mpq_clear(bound);
    return holds;
}

/* Generator i with the exact point x: its error, the values of every third
 * plane at it, and the box. */
static const char *point_is_wrong(arrangement *a, pleats_vertices *cell,
                                  size_t i, mpz_t *x)
{
    const char *wrong = NULL;
    double centre[16], half[16];
    mpq_t scale[2];
    if (!isfinite(cell->error[i]))
        return NULL;
    mpq_init(scale[0]);
    mpq_init(scale[1]);
    if (!find_scale(x, a->k + 1, cell->point + i, cell->pad, cell->error[i],
                    scale[0], scale[1]))
        wrong = "an error bound does not hold";
    pleats_vertices_box(&a->space, cell, centre, half);
    if (!wrong && !box_holds(x, a->k, scale, centre, half))
        wrong = "a generator is outside the box";
    for (size_t p = i % 3; p < a->n && !wrong; p += 3) {
        int other = p % 2 == 0 ? (int)((p + 1) % a->n) : -1;
        pleats_hyperplane plane =
            arrangement_plane(a, p, other, p % 4 == 1 ? 0.125 : 0);
        mpq_t *h = form_of(a, plane);
        pleats_vertices_ask(&a->space, plane);
        need_ok(a->ctx, pleats_vertices_evaluate(&a->space, cell));
        if (!value_holds(h, x, a->k, scale, a->space.vertices.value[i],
                         a->space.vertices.value[cell->pad + i]))
            wrong = "a value is off by more than its bound";
        forms_free(h, a->k + 1);
    }
    mpq_clear(scale[0]);
    mpq_clear(scale[1]);
    return wrong;
}

/* The product's x, with w last, against the oracle's ray, with it first. */
static bool is_ray(mpz_t *x, mpz_t *ray, size_t k)
{
    bool same = true;
    vectors v;
    vectors_init(&v, k);
    mpz_t *other = vectors_add(&v);
    for (size_t j = 0; j <= k; j++)
        mpz_set(other[j], ray[j == k ? 0 : j + 1]);
    pleats_integers_make_primitive(other, k + 1);
    for (size_t j = 0; j <= k; j++)
        same = same && mpz_cmp(x[j], other[j]) == 0;
    vectors_clear(&v);
    return same;
}

static bool is_on_last(const cone *c, size_t ray)
{
    size_t wall = c->n_walls - 1;
    return c->on[ray * c->words + wall / 64] >> (wall % 64) & 1;
}

static bool find_ray(const cone *want, bool section, mpz_t *x)
{
    for (size_t i = 0; i < want->ray.n; i++)
        if ((!section || is_on_last(want, i)) &&
            is_ray(x, vectors_at(&want->ray, i), want->ray.k))
            return true;
    return false;
}

const char *cell_is_wrong(arrangement *a, pleats_vertices *cell,
                          const cone *want, bool section)
{
    const char *wrong = NULL;
    pleats_vertices exact = {0};
    size_t n = 0;
    for (size_t i = 0; i < want->ray.n; i++)
        n += !section || is_on_last(want, i);
    if ((size_t)cell->n != n)
        return "the number of generators";
    if ((size_t)cell->n_lines != want->line.n)
        return "the number of lines";
    need_ok(a->ctx, pleats_vertices_copy(&a->space, &exact, cell));
    for (pleats_idx i = 0; i < cell->n && !wrong; i++) {
        mpz_t *x = NULL;
        need_ok(a->ctx, pleats_vertices_solve(&a->space, &exact, i, &x));
        if (want->line.n == 0 && !find_ray(want, section, x))
            wrong = "a generator that the cone has not";
        else if (want->line.n == 0)
            wrong = point_is_wrong(a, cell, (size_t)i, x);
        for (size_t j = 0; j <= a->k && !wrong; j++)
            if (fabs(cell->point[j * cell->pad + (size_t)i]) > 1 + 0x1p-20 &&
                isfinite(cell->error[i]))
                wrong = "a generator's norm is above 1";
    }
    pleats_vertices_clear(a->ctx, &exact);
    return wrong;
}
