#include "unit_truth.h"

#include "brute.h"
#include "hull.h"
#include "need.h"
#include "values.h"

#include <stdlib.h>

typedef struct {
    const pleats_net *net;
    const pleats_domain *domain;
    oracle_regions regions;
    forms scalar; /* [n_scalars] in one region */
    bool **gives; /* [n_units][pieces] in all regions so far */
    pleats_unit_state *truth;
    uint64_t *n_touching;
} looking;

static pleats_idx pieces_of(const pleats_net *net, pleats_idx unit,
                            const pleats_step **step)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && unit >= s->first_unit &&
            unit < s->first_unit + s->n_out) {
            *step = s;
            return pleats_step_pieces(s, unit - s->first_unit);
        }
    }
    abort();
}

/* Whether piece p gives what the unit is in the region, where it has `piece`:
 * its values are the same, and p is no farther from `piece` than the breakpoint
 * at which the input stays. */
static bool gives(looking *c, const pleats_step *s, pleats_idx i,
                  pleats_idx piece, pleats_idx p)
{
    const size_t k = c->scalar.k;
    mpq_t *value = forms_at(&c->scalar, (size_t)(s->out + i));
    forms kept;
    if (p == piece)
        return true;
    if (s->kind == PLEATS_STEP_PL && p != piece + 1)
        return false;
    forms_init(&kept, k);
    forms_push(&kept, value);
    value_of_unit(s, i, p, &c->scalar);
    bool same = form_is_equal(forms_at(&kept, 0), value, k);
    form_set(value, forms_at(&kept, 0), k);
    forms_clear(&kept);
    *c->n_touching += same;
    return same;
}

static void take_region(looking *c, const hull *h, const oracle_region *region)
{
    values_of_pattern(c->net, &h->input, region->pattern, &c->scalar);
    for (pleats_idx k = 0; k < c->net->n_steps; k++) {
        const pleats_step *s = &c->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            const pleats_idx unit = s->first_unit + i;
            for (pleats_idx p = 0; p < pleats_step_pieces(s, i); p++)
                c->gives[unit][p] = c->gives[unit][p] &&
                                    gives(c, s, i, region->pattern[unit], p);
        }
    }
    forms_clear(&c->scalar);
}

static void find_truth(looking *c)
{
    hull h;
    const size_t n = (size_t)c->net->n_units;
    c->gives = need_memory(n + 1, sizeof *c->gives);
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const pleats_step *s = NULL;
        pleats_idx pieces = pieces_of(c->net, u, &s);
        c->gives[u] = need_memory((size_t)pieces, sizeof **c->gives);
        for (pleats_idx p = 0; p < pieces; p++)
            c->gives[u][p] = true;
    }
    hull_init(&h, &c->domain->part[0], (size_t)c->net->n_inputs);
    for (size_t i = 0; i < c->regions.n; i++)
        take_region(c, &h, &c->regions.at[i]);
    hull_clear(&h);
    for (pleats_idx u = 0; u < c->net->n_units; u++) {
        const pleats_step *s = NULL;
        pleats_idx pieces = pieces_of(c->net, u, &s);
        c->truth[u] = PLEATS_UNIT_CHANGES;
        for (pleats_idx p = 0; p < pieces; p++) {
            if (!c->gives[u][p] || c->truth[u] == PLEATS_UNIT_OFF)
                continue;
            bool flat =
                s->kind == PLEATS_STEP_PL &&
                pleats_step_function(s, u - s->first_unit)->slope[p] == 0;
            c->truth[u] = flat ? PLEATS_UNIT_OFF : PLEATS_UNIT_ON;
        }
        free(c->gives[u]);
    }
    free(c->gives);
}

bool unit_truth(const pleats_net *net, const pleats_domain *domain,
                size_t limit, pleats_unit_state *state, uint64_t *n_touching)
{
    looking c = {
        .net = net, .domain = domain, .truth = state, .n_touching = n_touching};
    int dimension = 0;
    const bool known =
        oracle_regions_find(net, domain, limit, &c.regions, &dimension);
    if (known)
        find_truth(&c);
    oracle_regions_clear(&c.regions);
    return known;
}
