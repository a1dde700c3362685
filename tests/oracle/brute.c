#include "brute.h"

#include "hull.h"
#include "need.h"
#include "slack.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const pleats_net *net;
    oracle_regions *found;
    forms scalar;     /* [n_scalars], those made so far */
    forms inside;     /* what the pieces chosen so far ask for */
    int32_t *pattern; /* [n_units] */
    pleats_idx *scratch;
    size_t limit;
    bool over_limit;
} walk;

static void keep_region(walk *w)
{
    oracle_regions *found = w->found;
    size_t units = (size_t)w->net->n_units;
    w->over_limit = found->n == w->limit;
    if (w->over_limit)
        return;
    if (found->n == found->room) {
        found->room = found->room ? 2 * found->room : 16;
        found->at = need_more(found->at, found->room, sizeof *found->at);
    }
    oracle_region *r = &found->at[found->n++];
    r->pattern = need_memory(units, sizeof *r->pattern);
    memcpy(r->pattern, w->pattern, units * sizeof *r->pattern);
    forms_init(&r->map, w->scalar.k);
    for (pleats_idx i = 0; i < w->net->n_outputs; i++)
        forms_push(&r->map, forms_at(&w->scalar, (size_t)w->net->output[i]));
    forms_init(&r->inside, w->inside.k);
    for (size_t i = 0; i < w->inside.n; i++)
        forms_push(&r->inside, forms_at(&w->inside, i));
}

static void region_clear(oracle_region *r)
{
    free(r->pattern);
    forms_clear(&r->map);
    forms_clear(&r->inside);
}

void oracle_regions_clear(oracle_regions *r)
{
    for (size_t i = 0; i < r->n; i++)
        region_clear(&r->at[i]);
    free(r->at);
    *r = (oracle_regions){0};
}

/* Asks for form > 0 on the whole open cell; a constant form is decided here,
 * 0 being good enough when `zero_will_do`.  False when it cannot be. */
static bool ask(walk *w, mpq_t *form, bool zero_will_do)
{
    if (form_is_constant(form, w->inside.k))
        return mpq_sgn(form[0]) > 0 || (zero_will_do && mpq_sgn(form[0]) == 0);
    forms_push(&w->inside, form);
    return true;
}

/* Piece p of a function of one scalar: above breakpoint p - 1, not above
 * breakpoint p. */
static bool ask_piece(walk *w, const pleats_pl *f, mpq_t *x, pleats_idx p)
{
    forms work;
    bool possible = true;
    forms_init(&work, w->scalar.k);
    mpq_t *at = forms_add(&work);
    mpq_t *d = forms_add(&work);
    at = forms_at(&work, 0);
    if (p > 0) {
        mpq_set_d(at[0], f->at[p - 1]);
        form_difference(d, x, at, work.k);
        possible = ask(w, d, false);
    }
    if (possible && p < f->n_breaks) {
        mpq_set_d(at[0], f->at[p]);
        form_difference(d, at, x, work.k);
        possible = ask(w, d, true);
    }
    forms_clear(&work);
    return possible;
}

/* Candidate `winner` beats all others, those before it strictly. */
static bool ask_winner(walk *w, const pleats_step *s, pleats_idx i,
                       pleats_idx winner)
{
    forms work;
    bool possible = true;
    forms_init(&work, w->scalar.k);
    mpq_t *d = forms_add(&work);
    const pleats_idx *in = s->in + s->start[i];
    mpq_t *best = forms_at(&w->scalar, (size_t)in[winner]);
    for (pleats_idx j = 0; possible && j < s->start[i + 1] - s->start[i]; j++) {
        mpq_t *rival = forms_at(&w->scalar, (size_t)in[j]);
        form_difference(d, s->is_min ? rival : best, s->is_min ? best : rival,
                        work.k);
        possible = j == winner || ask(w, d, j > winner);
    }
    forms_clear(&work);
    return possible;
}

static bool ask_choice(walk *w, const pleats_step *s, pleats_idx i,
                       pleats_idx choice)
{
    if (s->kind == PLEATS_STEP_MAX)
        return ask_winner(w, s, i, choice);
    return ask_piece(w, pleats_step_function(s, i),
                     forms_at(&w->scalar, (size_t)s->in[i]), choice);
}

static pleats_idx n_choices(const pleats_step *s, pleats_idx i)
{
    return s->kind == PLEATS_STEP_MAX
               ? s->start[i + 1] - s->start[i]
               : pleats_step_function(s, i)->n_breaks + 1;
}

/* From unit `i` of step `step` on: every piece whose cell is not empty. */
static void walk_on(walk *w, pleats_idx step, pleats_idx i)
{
    if (step == w->net->n_steps) {
        keep_region(w);
        return;
    }
    const pleats_step *s = &w->net->step[step];
    if (pleats_step_is_affine(s)) {
        for (pleats_idx row = 0; row < s->n_out; row++)
            value_of_row(s, row, &w->scalar, w->scratch);
        walk_on(w, step + 1, 0);
        return;
    }
    if (i == s->n_out) {
        walk_on(w, step + 1, 0);
        return;
    }
    size_t before = w->inside.n;
    for (pleats_idx c = 0; c < n_choices(s, i) && !w->over_limit; c++) {
        w->pattern[s->first_unit + i] = c;
        value_of_unit(s, i, c, &w->scalar);
        if (ask_choice(w, s, i, c) &&
            (w->inside.n == before || slack_sign(&w->inside, NULL) > 0))
            walk_on(w, step, i + 1);
        w->inside.n = before;
    }
}

/* All regions of one part, appended to `found`.  False when over the limit. */
static bool walk_part(const pleats_net *net, const hull *h, size_t limit,
                      oracle_regions *found)
{
    walk w = {.net = net, .found = found, .limit = limit};
    w.pattern = need_memory((size_t)net->n_units, sizeof *w.pattern);
    w.scratch =
        need_memory((size_t)pleats_net_row_terms(net), sizeof *w.scratch);
    forms_init(&w.scalar, h->input.k);
    forms_init(&w.inside, h->inside.k);
    for (size_t i = 0; i < h->input.n; i++)
        forms_push(&w.scalar, forms_at(&h->input, i));
    while (w.scalar.n < (size_t)net->n_scalars)
        forms_add(&w.scalar);
    for (size_t i = 0; i < h->inside.n; i++)
        forms_push(&w.inside, forms_at(&h->inside, i));
    walk_on(&w, 0, 0);
    forms_clear(&w.scalar);
    forms_clear(&w.inside);
    free(w.pattern);
    free(w.scratch);
    return !w.over_limit;
}

/* Of the regions from `first` on, only those with new patterns stay. */
static void drop_known_patterns(oracle_regions *r, size_t first, size_t units)
{
    size_t kept = first;
    for (size_t i = first; i < r->n; i++) {
        bool is_new = true;
        for (size_t j = 0; j < first && is_new; j++)
            is_new = memcmp(r->at[i].pattern, r->at[j].pattern,
                            units * sizeof *r->at[i].pattern) != 0;
        if (is_new)
            r->at[kept++] = r->at[i];
        else
            region_clear(&r->at[i]);
    }
    r->n = kept;
}

bool oracle_regions_find(const pleats_net *net, const pleats_domain *domain,
                         size_t limit, oracle_regions *out, int *dimension)
{
    bool complete = true;
    *out = (oracle_regions){0};
    *dimension = -1;
    for (pleats_idx p = 0; p < domain->n_parts && complete; p++) {
        hull h;
        size_t first = out->n;
        hull_init(&h, &domain->part[p], (size_t)net->n_inputs);
        if (!h.is_empty) {
            if ((int)h.dimension > *dimension)
                *dimension = (int)h.dimension;
            complete = walk_part(net, &h, limit, out);
            drop_known_patterns(out, first, (size_t)net->n_units);
        }
        hull_clear(&h);
    }
    return complete;
}

bool oracle_count(const pleats_net *net, const pleats_domain *domain,
                  size_t limit, oracle_counts *out)
{
    oracle_regions found;
    *out = (oracle_counts){0};
    bool complete =
        oracle_regions_find(net, domain, limit, &found, &out->dimension);
    out->regions = found.n;
    if (complete && domain->n_parts == 1) {
        out->pieces = oracle_pieces(&found);
        out->maps = oracle_maps(&found);
    }
    oracle_regions_clear(&found);
    return complete;
}
