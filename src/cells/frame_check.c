#include "cells/frame_check.h"

#include "cells/body.h"
#include "exact/integers.h"
#include "exact/rational.h"

static void set_quotient(mpq_t q, const mpz_t num, const mpz_t den)
{
    mpz_set(mpq_numref(q), num);
    mpz_set(mpq_denref(q), den);
    mpq_canonicalize(q);
}

static pleats_status take_frame(pleats_ctx *ctx, const pleats_frame *f,
                                pleats_body *b)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &f->coordinates;
    TRY(pleats_body_new(ctx, b, c->n_inputs, f->k, f->m));
    for (pleats_idx j = 0; j < f->k; j++)
        b->boxed[j] = f->boxed[j];
    for (size_t i = 0; i < (size_t)f->m * pleats_body_width(b); i++)
        mpq_set_z(b->row[i], f->row[i]);
    for (size_t i = 0; i < (size_t)b->n * pleats_body_width(b); i++)
        set_quotient(b->x[i], c->num[i], c->den);
done:
    return status;
}

/* Whether coordinate j has two bounds, and some length. */
static bool is_long(const pleats_part *p, pleats_idx j)
{
    return p->has_lo[j] && p->has_hi[j] && mpq_cmp(p->lo[j], p->hi[j]) < 0;
}

/* The bounds of all others, as rows. */
static pleats_idx n_bounds(const pleats_part *p)
{
    pleats_idx n = 0;
    for (pleats_idx j = 0; j < p->k; j++)
        n += is_long(p, j) ? 0 : p->has_lo[j] + p->has_hi[j];
    return n;
}

/* Makes u_j = middle + half * t_j, t_j boxed, of what is written in u_j. */
static void box_coordinate(pleats_body *b, const pleats_part *p, pleats_idx j)
{
    mpq_t middle, half, part;
    mpq_inits(middle, half, part, NULL);
    mpq_add(middle, p->lo[j], p->hi[j]);
    mpq_sub(half, p->hi[j], p->lo[j]);
    mpq_div_2exp(middle, middle, 1);
    mpq_div_2exp(half, half, 1);
    b->boxed[j] = true;
    for (size_t i = 0; i < (size_t)b->m + (size_t)b->n; i++) {
        mpq_t *line = i < (size_t)b->m
                          ? b->row + i * pleats_body_width(b)
                          : b->x + (i - (size_t)b->m) * pleats_body_width(b);
        mpq_mul(part, line[j], middle);
        mpq_add(line[b->k], line[b->k], part);
        mpq_mul(line[j], line[j], half);
    }
    mpq_clears(middle, half, part, NULL);
}

static pleats_status take_part(pleats_ctx *ctx, const pleats_part *p,
                               pleats_idx n, pleats_body *b)
{
    pleats_status status = PLEATS_OK;
    pleats_idx m = p->m;
    TRY(pleats_body_new(ctx, b, n, p->k, p->m + n_bounds(p)));
    for (size_t i = 0; i < (size_t)p->m; i++) {
        mpq_t *row = b->row + i * pleats_body_width(b);
        for (size_t j = 0; j < (size_t)p->k; j++)
            mpq_neg(row[j], p->a[i * (size_t)p->k + j]);
        mpq_set(row[p->k], p->b[i]);
    }
    for (size_t i = 0; i < (size_t)n; i++) {
        mpq_t *x = b->x + i * pleats_body_width(b);
        mpq_set(x[p->k], p->origin[i]);
        for (size_t j = 0; j < (size_t)p->k; j++)
            if (p->direction)
                mpq_set(x[j], p->direction[j * (size_t)n + i]);
            else
                mpq_set_ui(x[j], i == j, 1);
    }
    for (pleats_idx j = 0; j < p->k; j++)
        for (int side = 0; side < 2 && !is_long(p, j); side++) {
            mpq_t *row = b->row + (size_t)m * pleats_body_width(b);
            if (!(side ? p->has_hi[j] : p->has_lo[j]))
                continue;
            mpq_set_si(row[j], side ? -1 : 1, 1);
            mpq_set(row[p->k], side ? p->hi[j] : p->lo[j]);
            if (side == 0)
                mpq_neg(row[p->k], row[p->k]);
            m++;
        }
    for (pleats_idx j = 0; j < p->k; j++)
        if (is_long(p, j))
            box_coordinate(b, p, j);
done:
    return status;
}

/* ---- the coordinates of one in those of the other ---- */

/* Lines [n x (ka + kb + 1)]: x of `a`, then minus x of `b`.  After it, line j
 * < ka says that coordinate j of `a` and the rest of the line are 0 together,
 * and all lines after these that their rests are; false when the coordinates of
 * `a` depend on one another. */
static pleats_status link(pleats_ctx *ctx, const pleats_body *a,
                          const pleats_body *b, mpq_t **out,
                          bool *is_independent)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)a->n, ka = (size_t)a->k, kb = (size_t)b->k;
    size_t width = ka + kb + 1;
    mpq_t *line = NULL, factor, part;
    mpq_inits(factor, part, NULL);
    *is_independent = ka <= n;
    TRY(pleats_rational_array(ctx, n * width, out));
    line = *out;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < ka; j++)
            mpq_set(line[i * width + j], a->x[i * (ka + 1) + j]);
        for (size_t j = 0; j <= kb; j++)
            mpq_neg(line[i * width + ka + j], b->x[i * (kb + 1) + j]);
        mpq_add(line[i * width + ka + kb], line[i * width + ka + kb],
                a->x[i * (ka + 1) + ka]);
    }
    for (size_t j = 0; j < ka && *is_independent; j++) {
        size_t r = j;
        while (r < n && mpq_sgn(line[r * width + j]) == 0)
            r++;
        *is_independent = r < n;
        if (r == n)
            break;
        for (size_t c = 0; c < width && r != j; c++)
            mpq_swap(line[r * width + c], line[j * width + c]);
        mpq_set(factor, line[j * width + j]);
        for (size_t c = j; c < width; c++)
            mpq_div(line[j * width + c], line[j * width + c], factor);
        for (size_t i = 0; i < n; i++) {
            if (i == j || mpq_sgn(line[i * width + j]) == 0)
                continue;
            mpq_set(factor, line[i * width + j]);
            for (size_t c = j; c < width; c++) {
                if (mpq_sgn(line[j * width + c]) == 0)
                    continue;
                mpq_mul(part, factor, line[j * width + c]);
                mpq_sub(line[i * width + c], line[i * width + c], part);
            }
        }
    }
done:
    mpq_clears(factor, part, NULL);
    return status;
}

/* p->form = sign * (sum_j of `row` [k of a + 1], its coordinates written in
 * those of the body by the lines of link()). */
static void write_in(pleats_prover *p, const pleats_body *a, mpq_t *line,
                     mpq_t *row, int sign)
{
    size_t ka = (size_t)a->k, kb = (size_t)p->b->k, width = ka + kb + 1;
    for (size_t c = 0; c <= kb; c++)
        mpq_set_ui(p->form[c], 0, 1);
    mpq_set(p->form[kb], row[ka]);
    for (size_t j = 0; j < ka; j++)
        for (size_t c = 0; c <= kb && mpq_sgn(row[j]); c++) {
            mpq_mul(p->part[c], row[j], line[j * width + ka + c]);
            mpq_sub(p->form[c], p->form[c], p->part[c]);
        }
    for (size_t c = 0; sign < 0 && c <= kb; c++)
        mpq_neg(p->form[c], p->form[c]);
}

static pleats_status need_held(pleats_prover *p, const char *what)
{
    pleats_status status = PLEATS_OK;
    bool held = false;
    TRY(pleats_prover_holds(p, &held));
    if (!held)
        TRY(pleats_fail(p->ctx, PLEATS_INTERNAL, "%s", what));
done:
    return status;
}

/* All rows and sides of `a` hold on the body of the prover, and each point of
 * that is one of `a`'s hull.  *is_checked: false when a's coordinates depend on
 * one another. */
static pleats_status is_inside(pleats_prover *p, const pleats_body *a,
                               const char *what, bool *is_checked)
{
    pleats_status status = PLEATS_OK;
    size_t ka = (size_t)a->k, kb = (size_t)p->b->k, width = ka + kb + 1;
    mpq_t *line = NULL, *side = NULL;
    TRY(pleats_rational_array(p->ctx, ka + 1, &side));
    TRY(link(p->ctx, a, p->b, &line, is_checked));
    for (size_t i = 0; i < (size_t)a->m && *is_checked; i++) {
        write_in(p, a, line, a->row + i * (ka + 1), 1);
        TRY(need_held(p, what));
    }
    mpq_set_ui(side[ka], 1, 1);
    for (size_t j = 0; j < 2 * ka && *is_checked; j++) {
        if (!a->boxed[j / 2])
            continue;
        mpq_set_si(side[j / 2], j % 2 ? -1 : 1, 1);
        write_in(p, a, line, side, 1);
        mpq_set_ui(side[j / 2], 0, 1);
        TRY(need_held(p, what));
    }
    for (size_t i = ka; i < (size_t)a->n && *is_checked; i++)
        for (int sign = -1; sign <= 1; sign += 2) {
            for (size_t c = 0; c <= kb; c++) {
                mpq_set(p->form[c], line[i * width + ka + c]);
                if (sign < 0)
                    mpq_neg(p->form[c], p->form[c]);
            }
            TRY(need_held(p, what));
        }
done:
    pleats_rational_array_free(p->ctx, ka + 1, side);
    pleats_rational_array_free(p->ctx, (size_t)a->n * width, line);
    return status;
}

/* No row of a frame is 0 on all of it. */
static pleats_status has_interior(pleats_prover *p)
{
    pleats_status status = PLEATS_OK;
    size_t width = pleats_body_width(p->b);
    for (size_t i = 0; i < (size_t)p->b->m; i++) {
        bool is_flat = false;
        for (size_t c = 0; c < width; c++)
            mpq_neg(p->form[c], p->b->row[i * width + c]);
        TRY(pleats_prover_holds(p, &is_flat));
        if (is_flat)
            TRY(pleats_fail(p->ctx, PLEATS_INTERNAL,
                            "a frame lies in one of its own sides"));
    }
done:
    return status;
}

/* A part without points proves that 1 <= 0. */
static pleats_status is_empty(pleats_prover *p)
{
    pleats_status status = PLEATS_OK;
    pleats_exact_end end;
    for (pleats_idx c = 0; c <= p->b->k; c++)
        mpz_set_ui(p->row[c], 0);
    pleats_exact_lp_set_objective(&p->lp, p->row);
    TRY(pleats_exact_lp_solve(p->ctx, &p->lp, false, &end));
    if (end == PLEATS_EXACT_OPTIMAL)
        TRY(pleats_fail(p->ctx, PLEATS_INTERNAL,
                        "a part that has points was taken for empty"));
done:
    return status;
}

/* Parts that are but two bounds or none for each input. */
static bool is_box(const pleats_part *part)
{
    for (pleats_idx j = 0; j < part->k; j++)
        if (part->has_lo[j] != part->has_hi[j])
            return false;
    return !part->direction && part->m == 0;
}

/* Whether input i of a box is  middle +- half * (a coordinate of its own), as
 * its bounds say; is_used [k] notes these coordinates. */
static bool input_is_right(const pleats_frame *f, const pleats_part *part,
                           pleats_idx i, bool *is_used)
{
    const pleats_coordinates *c = &f->coordinates;
    mpz_t *num = c->num + (size_t)i * ((size_t)f->k + 1);
    const bool bounded = part->has_lo[i];
    pleats_idx own = -1;
    bool good = true;
    mpq_t middle, half, end;
    mpq_inits(middle, half, end, NULL);
    for (pleats_idx j = 0; j < f->k; j++)
        if (mpz_sgn(num[j]) != 0) {
            good = good && own < 0 && !is_used[j];
            own = j;
            is_used[j] = true;
        }
    set_quotient(middle, num[f->k], c->den);
    if (own >= 0)
        set_quotient(half, num[own], c->den);
    mpq_abs(half, half);
    good = good && (own < 0 ? bounded : f->boxed[own] == bounded);
    mpq_sub(end, middle, half);
    good = good && (!bounded || mpq_equal(end, part->lo[i]));
    mpq_add(end, middle, half);
    good = good && (!bounded || mpq_equal(end, part->hi[i]));
    mpq_clears(middle, half, end, NULL);
    return good;
}

/* The frame of a box, without any programme. */
static pleats_status check_box(pleats_ctx *ctx, const pleats_frame *f,
                               const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    bool *is_used = NULL, good = f->m == 0;
    TRY(pleats_alloc(ctx, (size_t)f->k + 1, sizeof *is_used, &is_used));
    for (pleats_idx i = 0; i < part->k && good; i++)
        good = input_is_right(f, part, i, is_used);
    for (pleats_idx j = 0; j < f->k; j++)
        good = good && is_used[j];
    if (!good)
        TRY(pleats_fail(ctx, PLEATS_INTERNAL,
                        "the frame of a box is not the box"));
done:
    pleats_release(ctx, is_used);
    return status;
}

/* Whether some bounds exclude each other. */
static bool is_void(const pleats_part *part)
{
    for (pleats_idx j = 0; j < part->k; j++)
        if (part->has_lo[j] && part->has_hi[j] &&
            mpq_cmp(part->lo[j], part->hi[j]) > 0)
            return true;
    return false;
}

pleats_status pleats_frame_check(pleats_ctx *ctx, const pleats_frame *frame,
                                 pleats_idx n_inputs, const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    pleats_body a = {0}, b = {0};
    pleats_prover on_a = {0}, on_b = {0};
    bool is_checked = false;
    if (is_void(part) && frame->empty)
        return PLEATS_OK;
    if (is_box(part) && !frame->empty)
        return check_box(ctx, frame, part);
    TRY(take_part(ctx, part, n_inputs, &b));
    TRY(pleats_prover_init(ctx, &on_b, &b));
    if (frame->empty) {
        TRY(is_empty(&on_b));
        goto done;
    }
    TRY(take_frame(ctx, frame, &a));
    TRY(pleats_prover_init(ctx, &on_a, &a));
    TRY(is_inside(&on_b, &a, "a frame does not hold all of its part",
                  &is_checked));
    if (is_checked)
        TRY(is_inside(&on_a, &b, "a frame holds more than its part",
                      &is_checked));
    TRY(has_interior(&on_a));
done:
    if (on_a.ctx)
        pleats_prover_clear(&on_a);
    if (on_b.ctx)
        pleats_prover_clear(&on_b);
    pleats_body_clear(ctx, &a);
    pleats_body_clear(ctx, &b);
    return status;
}

pleats_status pleats_frames_check(pleats_ctx *ctx, const pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < domain->n_parts; i++) {
        pleats_frame frame;
        status =
            pleats_frame_init_lifted(ctx, &frame, domain, &domain->part[i]);
        if (status == PLEATS_OK)
            status = pleats_frame_check(ctx, &frame, domain->n_inputs,
                                        &domain->part[i]);
        pleats_frame_clear(ctx, &frame);
        TRY(status);
    }
done:
    return status;
}
