#include "read/polyhedron.h"

#include "exact/rational.h"

#include <string.h>

pleats_status pleats_polyhedron_init(pleats_ctx *ctx, pleats_polyhedron *p,
                                     pleats_idx n_inputs,
                                     const pleats_form *atom)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)n_inputs;
    *p = (pleats_polyhedron){.ctx = ctx, .n_inputs = n_inputs, .atom = atom};
    TRY(pleats_alloc(ctx, n, sizeof *p->has_lo, &p->has_lo));
    TRY(pleats_alloc(ctx, n, sizeof *p->has_hi, &p->has_hi));
    TRY(pleats_alloc(ctx, n, sizeof *p->open_lo, &p->open_lo));
    TRY(pleats_alloc(ctx, n, sizeof *p->open_hi, &p->open_hi));
    TRY(pleats_rational_array(ctx, n, &p->lo));
    TRY(pleats_rational_array(ctx, n, &p->hi));
done:
    return status;
}

void pleats_polyhedron_clear(pleats_polyhedron *p)
{
    const size_t n = (size_t)p->n_inputs;
    if (!p->ctx)
        return;
    pleats_release(p->ctx, p->has_lo);
    pleats_release(p->ctx, p->has_hi);
    pleats_release(p->ctx, p->open_lo);
    pleats_release(p->ctx, p->open_hi);
    pleats_rational_array_free(p->ctx, n, p->lo);
    pleats_rational_array_free(p->ctx, n, p->hi);
    pleats_release(p->ctx, p->row);
    pleats_release(p->ctx, p->goal);
    *p = (pleats_polyhedron){0};
}

void pleats_polyhedron_restart(pleats_polyhedron *p)
{
    const size_t n = (size_t)p->n_inputs;
    p->is_empty = p->has_open = false;
    p->n_rows = p->n_goals = 0;
    memset(p->has_lo, 0, n * sizeof *p->has_lo);
    memset(p->has_hi, 0, n * sizeof *p->has_hi);
}

/* Takes a bound that is nearer, `sign` 1 for upper and -1 for lower ones; of
 * two equal ones that which leaves more out. */
static void tighten(int sign, bool is_open, mpq_t bound, bool *has, mpq_t best,
                    bool *best_is_open)
{
    int order = *has ? sign * mpq_cmp(bound, best) : -1;
    if (order > 0)
        return;
    mpq_set(best, bound);
    *best_is_open = is_open || (order == 0 && *best_is_open);
    *has = true;
}

/* weight * X + constant <= 0 (< 0) as a bound of X. */
static void impose_bound(pleats_polyhedron *p, const pleats_form *form)
{
    pleats_idx i = form->term[0].variable;
    mpq_t bound;
    mpq_init(bound);
    mpq_div(bound, form->constant, form->term[0].weight);
    mpq_neg(bound, bound);
    if (mpq_sgn(form->term[0].weight) > 0)
        tighten(1, form->is_strict, bound, &p->has_hi[i], p->hi[i],
                &p->open_hi[i]);
    else
        tighten(-1, form->is_strict, bound, &p->has_lo[i], p->lo[i],
                &p->open_lo[i]);
    if (p->has_lo[i] && p->has_hi[i]) {
        int order = mpq_cmp(p->lo[i], p->hi[i]);
        p->is_empty |=
            order > 0 || (order == 0 && (p->open_lo[i] || p->open_hi[i]));
    }
    mpq_clear(bound);
}

static pleats_status list_goal(pleats_polyhedron *p, pleats_idx atom)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(p->ctx, &p->goal, &p->goal_capacity, (size_t)p->n_goals + 1,
                    sizeof *p->goal));
    p->goal[p->n_goals++] = atom;
done:
    return status;
}

/* Only comparisons that are false come without variables. */
pleats_status pleats_polyhedron_impose(void *state, pleats_idx atom)
{
    pleats_status status = PLEATS_OK;
    pleats_polyhedron *p = state;
    const pleats_form *form = &p->atom[atom];
    const bool has_outputs =
        form->n > 0 && form->term[form->n - 1].variable >= p->n_inputs;
    p->has_open |= form->is_strict;
    if (form->n > 0 && p->has_goals && (form->is_strict || has_outputs))
        TRY(list_goal(p, atom));
    if (form->n == 0) {
        p->is_empty = true;
    } else if (has_outputs) {
        goto done;
    } else if (form->n == 1) {
        impose_bound(p, form);
    } else {
        TRY(pleats_grow(p->ctx, &p->row, &p->capacity, (size_t)p->n_rows + 1,
                        sizeof *p->row));
        p->row[p->n_rows++] = atom;
    }
done:
    return status;
}

/* Marks the sides that strict constraints leave out. */
static pleats_status open_sides(const pleats_polyhedron *p, pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_part_open_sides(p->ctx, part));
    for (pleats_idx i = 0; i < part->k; i++) {
        part->is_open[i] = p->has_lo[i] && p->open_lo[i];
        part->is_open[part->k + i] = p->has_hi[i] && p->open_hi[i];
    }
    for (pleats_idx r = 0; r < p->n_rows; r++)
        part->is_open[2 * part->k + r] = p->atom[p->row[r]].is_strict;
done:
    return status;
}

pleats_status pleats_polyhedron_add_part(const pleats_polyhedron *p,
                                         pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    pleats_idx n = domain->n_inputs;
    TRY(pleats_domain_add_part(p->ctx, domain, n, p->n_rows, false, &part));
    for (pleats_idx i = 0; i < n; i++) {
        if (p->has_lo[i])
            pleats_part_set_lo(part, i, p->lo[i]);
        if (p->has_hi[i])
            pleats_part_set_hi(part, i, p->hi[i]);
    }
    for (pleats_idx r = 0; r < p->n_rows; r++) {
        const pleats_form *form = &p->atom[p->row[r]];
        mpq_t *a = part->a + (size_t)r * (size_t)n;
        for (size_t t = 0; t < form->n; t++)
            mpq_set(a[form->term[t].variable], form->term[t].weight);
        mpq_neg(part->b[r], form->constant);
    }
    if (p->has_open && !p->has_goals)
        TRY(open_sides(p, part));
done:
    return status;
}
