#include "brute.h"

#include "slack.h"

/* A shared facet lies in the zero set of one of a's forms h: there all other
 * forms of both, but those that vanish with h, are positive somewhere. */
static bool share_facet_in(const oracle_region *a, const oracle_region *b,
                           mpq_t *h)
{
    forms on_h;
    bool possible = true;
    forms_init(&on_h, a->inside.k - 1);
    forms_restrict(&a->inside, h, &on_h);
    forms_restrict(&b->inside, h, &on_h);
    size_t kept = 0;
    for (size_t i = 0; i < on_h.n && possible; i++) {
        mpq_t *f = forms_at(&on_h, i);
        if (form_is_constant(f, on_h.k))
            possible = mpq_sgn(f[0]) >= 0;
        else
            form_set(forms_at(&on_h, kept++), f, on_h.k);
    }
    on_h.n = kept;
    possible = possible && slack_sign(&on_h, NULL) > 0;
    forms_clear(&on_h);
    return possible;
}

static bool share_facet(const oracle_region *a, const oracle_region *b)
{
    for (size_t i = 0; i < a->inside.n; i++)
        if (share_facet_in(a, b, forms_at(&a->inside, i)))
            return true;
    return false;
}

static bool has_same_map(const oracle_region *a, const oracle_region *b)
{
    for (size_t i = 0; i < a->map.n; i++)
        if (!form_is_equal(forms_at(&a->map, i), forms_at(&b->map, i),
                           a->map.k))
            return false;
    return true;
}

static void merge(oracle_regions *r, size_t from, size_t to)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->at[i].component == from)
            r->at[i].component = to;
}

size_t oracle_pieces(oracle_regions *r)
{
    size_t pieces = r->n;
    for (size_t i = 0; i < r->n; i++)
        r->at[i].component = i;
    for (size_t i = 0; i < r->n; i++)
        for (size_t j = 0; j < i; j++) {
            const oracle_region *a = &r->at[i], *b = &r->at[j];
            if (a->component != b->component && has_same_map(a, b) &&
                share_facet(a, b)) {
                merge(r, a->component, b->component);
                pieces--;
            }
        }
    return pieces;
}

size_t oracle_maps(const oracle_regions *r)
{
    size_t maps = 0;
    for (size_t i = 0; i < r->n; i++) {
        bool is_new = true;
        for (size_t j = 0; j < i && is_new; j++)
            is_new = !has_same_map(&r->at[i], &r->at[j]);
        maps += is_new;
    }
    return maps;
}
