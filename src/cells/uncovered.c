#include "cells/uncovered.h"

#include "cells/hull.h"
#include "exact/integers.h"
#include "exact/rational.h"

void pleats_frame_list_clear(pleats_ctx *ctx, pleats_frame_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        pleats_frame_clear(ctx, &list->frame[i]);
    pleats_release(ctx, list->frame);
    *list = (pleats_frame_list){0};
}

pleats_status pleats_frame_list_add(pleats_ctx *ctx, pleats_frame_list *list,
                                    pleats_frame *frame)
{
    pleats_status status = pleats_grow(ctx, &list->frame, &list->capacity,
                                       list->n + 1, sizeof *list->frame);
    if (status == PLEATS_OK)
        list->frame[list->n++] = *frame;
    else
        pleats_frame_clear(ctx, frame);
    *frame = (pleats_frame){0};
    return status;
}

/* The frame as a part of a domain, with room for n more rows behind its own. */
static pleats_status part_of(pleats_ctx *ctx, const pleats_frame *f,
                             pleats_idx n, pleats_domain *domain,
                             pleats_part **out)
{
    pleats_status status = PLEATS_OK;
    const pleats_coordinates *c = &f->coordinates;
    const size_t k = (size_t)f->k, inputs = (size_t)c->n_inputs;
    pleats_part *p = NULL;
    mpq_t side;
    mpq_init(side);
    TRY(pleats_domain_add_part(ctx, domain, f->k, f->m + n, true, &p));
    for (size_t i = 0; i < inputs; i++)
        for (size_t j = 0; j <= k; j++) {
            mpq_t *to = j < k ? &p->direction[j * inputs + i] : &p->origin[i];
            mpq_set_num(*to, c->num[i * (k + 1) + j]);
            mpq_set_den(*to, c->den);
            mpq_canonicalize(*to);
        }
    for (pleats_idx j = 0; j < f->k; j++) {
        if (!f->boxed[j])
            continue;
        mpq_set_si(side, -1, 1);
        pleats_part_set_lo(p, j, side);
        mpq_set_si(side, 1, 1);
        pleats_part_set_hi(p, j, side);
    }
    *out = p;
done:
    mpq_clear(side);
    return status;
}

/* Row i of the part says that  sign * row . (t, 1) >= 0. */
static void set_row(pleats_part *p, pleats_idx i, mpz_t *row, int sign)
{
    const size_t k = (size_t)p->k;
    mpq_t *a = p->a + (size_t)i * k;
    for (size_t j = 0; j < k; j++) {
        mpq_set_z(a[j], row[j]);
        if (sign > 0)
            mpq_neg(a[j], a[j]);
    }
    mpq_set_z(p->b[i], row[k]);
    if (sign < 0)
        mpq_neg(p->b[i], p->b[i]);
}

/* `out`, zeroed, gets the part of `f` on the positive side of n rows, and on
 * the negative side of one more unless `all`. */
static pleats_status cut(pleats_ctx *ctx, const pleats_frame *f, mpz_t *row,
                         pleats_idx n, bool all, pleats_frame *out)
{
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)f->k + 1;
    const pleats_idx more = all ? n : n + 1;
    pleats_domain *domain = NULL;
    pleats_part *p = NULL;
    TRY(pleats_domain_new(ctx, f->coordinates.n_inputs, "", &domain));
    TRY(part_of(ctx, f, more, domain, &p));
    for (pleats_idx i = 0; i < f->m; i++)
        set_row(p, i, f->row + (size_t)i * width, 1);
    for (pleats_idx i = 0; i < more; i++)
        set_row(p, f->m + i, row + (size_t)i * width, i < n ? 1 : -1);
    TRY(pleats_frame_init(ctx, out, domain, p));
done:
    pleats_domain_clear(ctx, domain);
    return status;
}

/* Whether the row vanishes somewhere on the hull but not on all of it. */
static bool is_plane(mpz_t *row, pleats_idx k)
{
    bool is = false;
    for (pleats_idx j = 0; j < k; j++)
        is = is || mpz_sgn(row[j]) != 0;
    return is;
}

static bool is_full(const pleats_frame *part, const pleats_frame *of)
{
    return !part->empty && part->k == of->k;
}

/* Adds to `out` what of f is outside: for each side of the cover, what is
 * inside the sides before it and outside this one. */
static pleats_status add_outside(pleats_ctx *ctx, pleats_frame *f,
                                 const pleats_frame *cover,
                                 pleats_frame_list *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = pleats_frame_n_sides(cover);
    const size_t width = (size_t)f->k + 1;
    pleats_frame piece = {0};
    mpz_t *row = NULL;
    bool meets = false;
    TRY(pleats_integers_new(ctx, (size_t)n * width, &row));
    TRY(pleats_frame_sides(ctx, cover, f, row, &meets));
    if (meets) {
        TRY(cut(ctx, f, row, n, true, &piece));
        meets = is_full(&piece, f);
    }
    if (!meets) {
        TRY(pleats_frame_list_add(ctx, out, f));
        goto done;
    }
    for (pleats_idx i = 0; i < n; i++) {
        if (!is_plane(row + (size_t)i * width, f->k))
            continue;
        pleats_frame_clear(ctx, &piece);
        TRY(cut(ctx, f, row, i, false, &piece));
        if (is_full(&piece, f))
            TRY(pleats_frame_list_add(ctx, out, &piece));
    }
done:
    pleats_frame_clear(ctx, &piece);
    pleats_integers_free(ctx, row, (size_t)n * width);
    return status;
}

pleats_status pleats_uncovered(pleats_ctx *ctx, const pleats_frame *cover,
                               pleats_frame_list *list)
{
    pleats_status status = PLEATS_OK;
    pleats_frame_list out = {0};
    for (size_t i = 0; i < list->n; i++) {
        TRY(pleats_check_stop(ctx));
        TRY(add_outside(ctx, &list->frame[i], cover, &out));
    }
    pleats_frame_list swap = *list;
    *list = out;
    out = swap;
done:
    pleats_frame_list_clear(ctx, &out);
    return status;
}
