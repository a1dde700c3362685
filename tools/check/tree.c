#include "facts.h"

#include <stdlib.h>
#include <string.h>

static void *more(void *p, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return p;
    const size_t before = *capacity;
    *capacity = 2 * need;
    char *grown = realloc(p, *capacity * size);
    if (!grown)
        refuse("out of memory");
    memset(grown + before * size, 0, (*capacity - before) * size);
    return grown;
}

static cell *top(const tree *t)
{
    return &t->cell[t->depth - 1];
}

/* Forms behind the step before may be those of another cell's pieces. */
static void forget_forms(network *net, size_t step)
{
    const size_t before = step > 0 ? net->unit[net->step[step - 1]] : 0;
    if (step > 0 && net->n_ready > before)
        net->n_ready = before;
}

/* Opens steps until one has open units; true: there is no more. */
static bool go_on(tree *t, cell *c)
{
    network *net = t->net;
    while (c->n == 0 && c->step < net->n_steps) {
        const size_t begin = net->step[c->step], end = net->step[c->step + 1];
        if (begin == end) {
            c->step++;
            continue;
        }
        forget_forms(net, c->step);
        network_run(net, net->unit[begin], t->piece);
        c->step++;
        t->open = more(t->open, &t->open_room, c->first + (end - begin),
                       sizeof *t->open);
        for (size_t u = begin; u < end; u++) {
            const size_t n = network_unit(net, u)->n_pieces;
            t->open[c->first + c->n++] = (open_unit){
                u, 0, n - 1, n < 64 ? ((uint64_t)1 << n) - 1 : UINT64_MAX};
        }
        for (size_t i = c->n; i-- > 0;)
            if (fact_is_settled(net, &t->open[c->first + i]))
                fact_settle(t, c, i);
    }
    return c->n == 0;
}

/* ---- cells ---- */

/* Room for one more wall of a cell. */
static mpz_t *add_wall(tree *t, cell *c)
{
    const size_t need = (c->n_walls + 1) * t->width, before = t->wall_room;
    if (need > before) {
        t->wall = more(t->wall, &t->wall_room, need, sizeof *t->wall);
        for (size_t i = before; i < t->wall_room; i++)
            mpz_init(t->wall[i]);
    }
    return t->wall + c->n_walls++ * t->width;
}

static cell *push(tree *t)
{
    t->cell = more(t->cell, &t->cell_room, t->depth + 1, sizeof *t->cell);
    t->cell[t->depth] = (cell){0};
    return &t->cell[t->depth++];
}

/* The parts that a split makes are together the cell but for hyperplanes:
 * nowhere may a form be 0 all over. */
static void need_planes(tree *t, const open_unit *o, size_t at)
{
    if (network_unit(t->net, o->unit)->sort == BENT) {
        network_plane(t->net, o->unit, at, t->form);
        if (fact_is_zero(t, t->form))
            refuse("unit %zu is at its breakpoint everywhere", o->unit);
        return;
    }
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j < i; j++) {
            if (!fact_is_left(o, i) || !fact_is_left(o, j))
                continue;
            network_duel(t->net, o->unit, i, j, t->form);
            if (fact_is_zero(t, t->form))
                refuse("two candidates of unit %zu are the same", o->unit);
        }
}

/* The split that the line says: of the first open unit. */
static void take_split(tree *t, cell *c)
{
    const open_unit *o = &t->open[c->first];
    const bool is_bent = network_unit(t->net, o->unit)->sort == BENT;
    if (t->line.n_numbers != (is_bent ? 2 : 1))
        refuse("a split has a unit and, but for maxima, a breakpoint");
    if (fact_number(t, 0) != o->unit)
        refuse("unit %zu is not the first that is open", fact_number(t, 0));
    c->at = is_bent ? fact_number(t, 1) : 0;
    if (is_bent && (c->at < o->lo || c->at >= o->hi))
        refuse("no open breakpoint of unit %zu", o->unit);
    need_planes(t, o, c->at);
    c->is_split = true;
}

static void make_side(tree *t, cell *c, open_unit *o, size_t at, bool above)
{
    mpz_t *wall = add_wall(t, c);
    network_plane(t->net, o->unit, at, wall);
    for (size_t j = 0; j < t->width && !above; j++)
        mpz_neg(wall[j], wall[j]);
    if (above)
        o->lo = at + 1;
    else
        o->hi = at;
}

static void make_winner(tree *t, cell *c, open_unit *o, size_t winner)
{
    for (size_t j = 0; j < 64; j++)
        if (j != winner && fact_is_left(o, j))
            network_duel(t->net, o->unit, winner, j, add_wall(t, c));
    o->left = (uint64_t)1 << winner;
}

/* The next part of the cell on top, which is split, or none is left and it is
 * taken off. */
static void next_child(tree *t)
{
    cell *parent = top(t);
    const open_unit split = t->open[parent->first];
    const bool is_bent = network_unit(t->net, split.unit)->sort == BENT;
    size_t child = parent->child++;
    if (!is_bent)
        while (child < 64 && !fact_is_left(&split, child))
            child = parent->child++;
    if (child >= (is_bent ? 2 : 64)) {
        t->depth--;
        return;
    }
    cell *c = push(t);
    parent = c - 1;
    c->step = parent->step;
    c->n_walls = parent->n_walls;
    c->first = parent->first + parent->n;
    c->n = parent->n;
    t->open = more(t->open, &t->open_room, c->first + c->n, sizeof *t->open);
    memcpy(t->open + c->first, t->open + parent->first, c->n * sizeof *t->open);
    open_unit *o = &t->open[c->first];
    if (is_bent)
        make_side(t, c, o, parent->at, child == 1);
    else
        make_winner(t, c, o, child);
    if (fact_is_settled(t->net, o))
        fact_settle(t, c, 0);
}

static void take_point(tree *t, const cell *c)
{
    mpz_t *p = t->line.number;
    if (t->line.n_numbers != t->width || mpz_sgn(p[0]) <= 0)
        refuse("a point needs a denominator and all coordinates");
    for (size_t j = 0; j + 1 < t->width; j++)
        if (t->part->boxed[j] && mpz_cmpabs(p[j + 1], p[0]) >= 0)
            refuse("the point is not inside the box");
    for (size_t i = 0; i < c->n_walls; i++) {
        fact_value(t, t->wall + i * t->width, t->term);
        if (mpz_sgn(t->term) <= 0)
            refuse("the point is not inside wall %zu", i);
    }
}

/* ---- points without the proofs of facts ---- */

/* The form must not be negative at the point, and 0 only if it is 0 all over:
 * then around the point, too. */
static void need_positive(tree *t, size_t unit)
{
    fact_value(t, t->form, t->term);
    if (mpz_sgn(t->term) < 0 ||
        (mpz_sgn(t->term) == 0 && !fact_is_zero(t, t->form)))
        refuse("the point is not inside the piece of unit %zu", unit);
}

/* Around the point all units have the pieces of the cell: those of the units
 * before make the forms of the next one right. */
static void need_pieces(tree *t)
{
    for (size_t u = 0; u < t->net->n_units; u++) {
        const rule *r = network_unit(t->net, u);
        const size_t piece = t->piece[u];
        for (size_t i = 0; r->sort != BENT && i < r->n_pieces; i++) {
            if (i == piece)
                continue;
            network_duel(t->net, u, piece, i, t->form);
            need_positive(t, u);
        }
        if (r->sort == BENT && piece > 0) {
            network_plane(t->net, u, piece - 1, t->form);
            need_positive(t, u);
        }
        if (r->sort == BENT && piece + 1 < r->n_pieces) {
            network_plane(t->net, u, piece, t->form);
            for (size_t j = 0; j < t->width; j++)
                mpz_neg(t->form[j], t->form[j]);
            need_positive(t, u);
        }
    }
}

/* ---- patterns, of unions ---- */

/* The piece of a unit at the line's point: breakpoints strictly below its
 * input, the first of the largest candidates.  Units that are at a breakpoint
 * in all of a cell are named alike in all parts. */
static size_t piece_at(tree *t, size_t unit)
{
    const rule *r = network_unit(t->net, unit);
    size_t best = 0;
    for (size_t i = 1; i < r->n_pieces; i++) {
        if (r->sort == BENT)
            network_plane(t->net, unit, i - 1, t->form);
        else
            network_duel(t->net, unit, i, best, t->form);
        fact_value(t, t->form, t->term);
        if (mpz_sgn(t->term) > 0)
            best = i;
    }
    return best;
}

static bool is_new_pattern(tree *t, patterns *s)
{
    const size_t n = t->net->n_units;
    s->bytes = n * sizeof(uint32_t);
    uint32_t *p = room(n, sizeof *p);
    for (size_t u = 0; u < n; u++)
        p[u] = (uint32_t)piece_at(t, u);
    return patterns_add(s, (unsigned char *)p);
}

/* ---- the proof ---- */

/* Follows the lines of a cell until one closes it; whether it is a region. */
static bool follow_cell(tree *t)
{
    for (;;) {
        cell *c = top(t);
        const bool is_region = go_on(t, c);
        source_next(t->source, t->net, t->width - 1, &t->line);
        const char letter = t->line.letter;
        if (letter == 'X') {
            fact_empty(t, c);
            return false;
        }
        if (is_region && letter == 'W') {
            take_point(t, c);
            if (t->points_only)
                need_pieces(t);
            return true;
        }
        if (is_region)
            refuse("'%c' where all units have a piece", letter);
        if (letter == 'A' || letter == 'B')
            fact_side(t, c);
        else if (letter == 'M')
            fact_beaten(t, c);
        else if (letter == 'S')
            take_split(t, c);
        else
            refuse("'%c' where unit %zu has no piece", letter,
                   t->open[c->first].unit);
        if (letter == 'S')
            return false;
    }
}

void tree_begin(tree *t, const part *p)
{
    t->part = p;
    t->width = p->k + 1;
    t->form = integers(t->width);
    t->sum = integers(t->width);
    t->wall = NULL;
    t->wall_room = 0;
    network_prepare(t->net, p->k, p->input);
    cell *root = push(t);
    for (size_t i = 0; i < p->n_sides; i++) {
        mpz_t *wall = add_wall(t, root);
        for (size_t c = 0; c < t->width; c++)
            mpz_mul(wall[c], p->side[i * t->width + c], t->net->common);
    }
}

void tree_follow(tree *t, patterns *seen, mpz_t regions)
{
    while (t->depth > 0) {
        cell *c = top(t);
        if (c->is_split) {
            next_child(t);
            continue;
        }
        const bool is_region = follow_cell(t);
        if (is_region && (!seen || is_new_pattern(t, seen)))
            mpz_add_ui(regions, regions, 1);
        if (!top(t)->is_split)
            t->depth--;
    }
}
