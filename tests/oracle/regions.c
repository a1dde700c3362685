#include "regions.h"

#include "cone.h"
#include "hull.h"
#include "layer.h"
#include "need.h"
#include "values.h"

#include <stdlib.h>

typedef struct {
    const pleats_net *net;
    layer *layer;  /* [n_steps], those of affine steps */
    forms scalar;  /* [n_scalars], those made so far on the path */
    vectors whole; /* [n_scalars] */
    pleats_idx *scratch;
    uint64_t regions, max_regions;
    double deadline;
    bool is_over;
} walk;

static void walk_on(walk *w, const cone *c, pleats_idx step, pleats_idx i);

static void count_one(walk *w)
{
    w->regions++;
    w->is_over = (w->max_regions && w->regions >= w->max_regions) ||
                 (w->deadline > 0 && pleats_now() > w->deadline);
}

static void walk_affine(walk *w, const cone *c, pleats_idx step)
{
    layer_forms(&w->layer[step], &w->net->step[step], &w->scalar, &w->whole,
                w->scratch);
    walk_on(w, c, step + 1, 0);
}

static void walk_piece(walk *w, const cone *c, pleats_idx step, pleats_idx i,
                       pleats_idx piece)
{
    value_of_unit(&w->net->step[step], i, piece, &w->scalar);
    walk_on(w, c, step, i + 1);
}

/* The part of c from piece p on: cut off what is not above breakpoint p, then
 * go on with the rest. */
static void walk_pieces(walk *w, const cone *c, pleats_idx step, pleats_idx i,
                        pleats_idx p)
{
    const pleats_step *s = &w->net->step[step];
    const pleats_pl *f = pleats_step_function(s, i);
    cone above, below;
    forms work;
    mpq_t at;
    if (p == f->n_breaks) {
        walk_piece(w, c, step, i, p);
        return;
    }
    forms_init(&work, w->scalar.k);
    forms_push(&work, forms_at(&w->scalar, (size_t)s->in[i]));
    mpq_init(at);
    mpq_set_d(at, f->at[p]);
    mpq_sub(*forms_at(&work, 0), *forms_at(&work, 0), at);
    mpq_clear(at);
    sides found = cone_split(c, forms_at(&work, 0), &above, &below);
    forms_clear(&work);
    if (found == SIDE_BOTH) {
        walk_piece(w, &below, step, i, p);
        cone_clear(&below);
        if (!w->is_over)
            walk_pieces(w, &above, step, i, p + 1);
        cone_clear(&above);
    } else if (found == SIDE_POSITIVE) {
        walk_pieces(w, c, step, i, p + 1);
    } else {
        walk_piece(w, c, step, i, p);
    }
}

/* The part of c where candidate `winner` beats those from j on too, the ones
 * before it strictly. */
static void walk_winner(walk *w, const cone *c, pleats_idx step, pleats_idx i,
                        pleats_idx winner, pleats_idx j)
{
    const pleats_step *s = &w->net->step[step];
    const pleats_idx *in = s->in + s->start[i];
    cone above, below;
    forms work;
    if (j == winner)
        j++;
    if (j == s->start[i + 1] - s->start[i]) {
        walk_piece(w, c, step, i, winner);
        return;
    }
    forms_init(&work, w->scalar.k);
    mpq_t *d = forms_add(&work);
    form_difference(d, forms_at(&w->scalar, (size_t)in[s->is_min ? j : winner]),
                    forms_at(&w->scalar, (size_t)in[s->is_min ? winner : j]),
                    work.k);
    sides found = cone_split(c, d, &above, &below);
    forms_clear(&work);
    if (found == SIDE_BOTH) {
        cone_clear(&below);
        walk_winner(w, &above, step, i, winner, j + 1);
        cone_clear(&above);
    } else if (found == SIDE_POSITIVE || (found == SIDE_NONE && winner < j)) {
        walk_winner(w, c, step, i, winner, j + 1);
    }
}

static void walk_on(walk *w, const cone *c, pleats_idx step, pleats_idx i)
{
    if (step == w->net->n_steps) {
        count_one(w);
        return;
    }
    const pleats_step *s = &w->net->step[step];
    if (pleats_step_is_affine(s))
        walk_affine(w, c, step);
    else if (i == s->n_out)
        walk_on(w, c, step + 1, 0);
    else if (s->kind == PLEATS_STEP_PL)
        walk_pieces(w, c, step, i, 0);
    else
        for (pleats_idx winner = 0;
             winner < s->start[i + 1] - s->start[i] && !w->is_over; winner++)
            walk_winner(w, c, step, i, winner, 0);
}

/* The cone over a hull's interior: t_0 > 0 and all its forms positive. */
static void start_cone(const hull *h, cone *c)
{
    forms wall;
    forms_init(&wall, h->inside.k);
    mpq_set_ui(*forms_add(&wall), 1, 1);
    for (size_t i = 0; i < h->inside.n; i++)
        forms_push(&wall, forms_at(&h->inside, i));
    cone_init(c, wall.k);
    for (size_t i = 0; i < wall.n; i++) {
        cone above, below;
        if (cone_split(c, forms_at(&wall, i), &above, &below) != SIDE_BOTH)
            continue;
        cone_clear(&below);
        cone_clear(c);
        *c = above;
    }
    forms_clear(&wall);
}

static void count_on_hull(walk *w, const hull *h)
{
    cone c;
    forms_init(&w->scalar, h->input.k);
    vectors_init(&w->whole, h->input.k);
    for (size_t i = 0; i < h->input.n; i++)
        forms_push(&w->scalar, forms_at(&h->input, i));
    while (w->scalar.n < (size_t)w->net->n_scalars)
        forms_add(&w->scalar);
    while (w->whole.n < (size_t)w->net->n_scalars)
        vectors_add(&w->whole);
    start_cone(h, &c);
    walk_on(w, &c, 0, 0);
    cone_clear(&c);
    forms_clear(&w->scalar);
    vectors_clear(&w->whole);
}

static void walk_init(walk *w, const pleats_net *net, uint64_t max_regions,
                      double seconds)
{
    *w = (walk){.net = net, .max_regions = max_regions};
    w->deadline = seconds > 0 ? pleats_now() + seconds : 0;
    w->scratch =
        need_memory((size_t)pleats_net_row_terms(net), sizeof *w->scratch);
    w->layer = need_memory((size_t)net->n_steps, sizeof *w->layer);
    for (pleats_idx i = 0; i < net->n_steps; i++)
        if (pleats_step_is_affine(&net->step[i]))
            layer_init(&w->layer[i], &net->step[i], w->scratch);
}

static void walk_clear(walk *w)
{
    for (pleats_idx i = 0; i < w->net->n_steps; i++)
        layer_clear(&w->layer[i]);
    free(w->layer);
    free(w->scratch);
}

region_count count_regions(const pleats_net *net, const pleats_part *part,
                           uint64_t max_regions, double seconds)
{
    walk w;
    hull h;
    hull_init(&h, part, (size_t)net->n_inputs);
    walk_init(&w, net, max_regions, seconds);
    if (!h.is_empty)
        count_on_hull(&w, &h);
    region_count result = {w.regions, !w.is_over,
                           h.is_empty ? -1 : (int)h.dimension};
    walk_clear(&w);
    hull_clear(&h);
    return result;
}
