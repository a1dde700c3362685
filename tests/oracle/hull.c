#include "hull.h"

#include "slack.h"

/* The forms over t that are >= 0 on the part. */
static void part_rows(const pleats_part *part, forms *rows)
{
    for (pleats_idx j = 0; j < part->k; j++) {
        if (part->has_lo[j]) {
            mpq_t *f = forms_add(rows);
            mpq_neg(f[0], part->lo[j]);
            mpq_set_ui(f[1 + j], 1, 1);
        }
        if (part->has_hi[j]) {
            mpq_t *f = forms_add(rows);
            mpq_set(f[0], part->hi[j]);
            mpq_set_si(f[1 + j], -1, 1);
        }
    }
    for (pleats_idx i = 0; i < part->m; i++) {
        mpq_t *f = forms_add(rows);
        mpq_set(f[0], part->b[i]);
        for (pleats_idx j = 0; j < part->k; j++)
            mpq_neg(f[1 + j], part->a[i * part->k + j]);
    }
}

/* The inputs as forms over t. */
static void part_inputs(const pleats_part *part, size_t n_inputs, forms *input)
{
    for (size_t i = 0; i < n_inputs; i++) {
        mpq_t *f = forms_add(input);
        mpq_set(f[0], part->origin[i]);
        if (!part->direction)
            mpq_set_ui(f[1 + i], 1, 1);
        else
            for (size_t j = 0; j < (size_t)part->k; j++)
                mpq_set(f[1 + j], part->direction[j * n_inputs + i]);
    }
}

/* Drops the constant forms; false when one of them is negative. */
static bool drop_constants(forms *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->n; i++) {
        mpq_t *f = forms_at(rows, i);
        if (!form_is_constant(f, rows->k))
            form_set(forms_at(rows, kept++), f, rows->k);
        else if (mpq_sgn(f[0]) < 0)
            return false;
    }
    rows->n = kept;
    return true;
}

static void replace_by_restriction(forms *f, mpq_t *h)
{
    forms smaller;
    forms_init(&smaller, f->k - 1);
    forms_restrict(f, h, &smaller);
    forms_clear(f);
    *f = smaller;
}

/* As long as not all rows can be positive together, one of them is 0 on the
 * whole part; the part lies in that hyperplane. */
void hull_init(hull *h, const pleats_part *part, size_t n_inputs)
{
    forms equality;
    size_t tight = 0;
    int sign = -1;
    forms_init(&h->input, (size_t)part->k);
    forms_init(&h->inside, (size_t)part->k);
    part_inputs(part, n_inputs, &h->input);
    part_rows(part, &h->inside);
    while (drop_constants(&h->inside) &&
           (sign = slack_sign(&h->inside, &tight)) == 0) {
        forms_init(&equality, h->inside.k);
        forms_push(&equality, forms_at(&h->inside, tight));
        replace_by_restriction(&h->input, forms_at(&equality, 0));
        replace_by_restriction(&h->inside, forms_at(&equality, 0));
        forms_clear(&equality);
        sign = -1;
    }
    h->is_empty = sign < 0;
    h->dimension = forms_rank(&h->input);
}

void hull_clear(hull *h)
{
    forms_clear(&h->input);
    forms_clear(&h->inside);
}
