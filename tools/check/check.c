/* Checks a certificate of a region count, pleats-cert/1 (docs/certificates.md).
 *
 * It shares no code with the program that wrote it.  Everything is decided by
 * integers (GMP).  The network comes as a text, which check.py writes from an
 * ONNX file (check.py --dump).
 *
 *     cc -O2 -o check *.c -lgmp -lzstd
 *     check CERTIFICATE NETWORK.txt
 *
 * Exit code: 0 verified, 1 refused, 2 wrong usage.  Memory: the depth of the
 * tree; of unions, the patterns of all regions. */
#include "lines.h"
#include "patterns.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A unit that may still change its piece: one of lo .. hi, or of the candidates
 * in `left`. */
typedef struct {
    size_t unit, lo, hi;
    uint64_t left; /* of maxima: bit i: candidate i is left */
} open_unit;

/* A cell on the way down: where the part's sides and the first n_walls walls
 * are positive.  Its open units are open[first .. first + n - 1]. */
typedef struct {
    size_t step, n_walls, first, n;
    bool is_split;
    size_t at;      /* breakpoint of the split */
    size_t child;   /* the next one that a split makes */
    open_unit last; /* lo: the sort of fact, hi: candidate: for their */
    bool has_last;  /* order */
} cell;

typedef struct {
    network *net;
    const part *part;
    source *source;
    line line;
    size_t width; /* k + 1 */
    mpz_t *wall;  /* [n_wall_room x width], over the common denominator */
    size_t wall_room;
    cell *cell; /* [depth] */
    size_t depth, cell_room;
    open_unit *open;
    size_t open_room;
    size_t *piece;     /* [n_units] */
    mpz_t *form, *sum; /* [width] */
    mpz_t term;
} tree;

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

/* ---- forms ---- */

/* Whether a form has a largest value on the box, which is then t->term. */
static bool largest(tree *t, mpz_t *form)
{
    const size_t k = t->width - 1;
    mpz_set(t->term, form[k]);
    for (size_t j = 0; j < k; j++) {
        if (!t->part->boxed[j] && mpz_sgn(form[j]) != 0)
            return false;
        if (mpz_sgn(form[j]) >= 0)
            mpz_add(t->term, t->term, form[j]);
        else
            mpz_sub(t->term, t->term, form[j]);
    }
    return true;
}

/* t->sum = sum of the line's multiples of walls and of t->form, times a power
 * of two. */
static void add_up(tree *t, const cell *c)
{
    const line *l = &t->line;
    long least = 0;
    size_t before = NO_WALL;
    for (size_t i = 0; i < l->n_multipliers; i++)
        least = l->y[i].exponent < least ? l->y[i].exponent : least;
    for (size_t j = 0; j < t->width; j++)
        mpz_set_ui(t->sum[j], 0);
    for (size_t i = 0; i < l->n_multipliers; i++) {
        const multiplier *y = &l->y[i];
        if (y->wall != NO_WALL &&
            (y->wall >= c->n_walls || (before != NO_WALL && y->wall <= before)))
            refuse("wall %zu is out of order, or there is none", y->wall);
        before = y->wall == NO_WALL ? before : y->wall;
        mpz_t *row =
            y->wall == NO_WALL ? t->form : t->wall + y->wall * t->width;
        mpz_mul_2exp(t->term, y->m, (mp_bitcnt_t)(y->exponent - least));
        for (size_t j = 0; j < t->width; j++)
            mpz_addmul(t->sum[j], t->term, row[j]);
    }
}

/* At a point of the cell walls are positive: where the sum is at most 0, so is
 * the form. */
static void need_nowhere_positive(tree *t, const cell *c)
{
    const line *l = &t->line;
    mpz_t *form = t->form;
    for (size_t i = 0; i < l->n_multipliers; i++)
        if ((i == 0) != (l->y[i].wall == NO_WALL))
            refuse("the first multiplier, and only it, is the form's");
    if (l->n_multipliers == 1)
        refuse("a multiplier of the form alone is left out");
    if (l->n_multipliers > 1) {
        add_up(t, c);
        form = t->sum;
    }
    if (!largest(t, form) || mpz_sgn(t->term) > 0)
        refuse("the sum of multiples is not at most 0 on the box");
}

static void need_empty(tree *t, const cell *c)
{
    const line *l = &t->line;
    bool has_cut = false;
    for (size_t i = 0; i < l->n_multipliers; i++) {
        if (l->y[i].wall == NO_WALL)
            refuse("an empty cell needs multipliers of walls");
        has_cut = has_cut || l->y[i].wall >= t->part->n_sides;
    }
    if (l->n_multipliers == 0)
        refuse("an empty cell needs multipliers of walls");
    add_up(t, c);
    if (!largest(t, t->sum) || mpz_sgn(t->term) > 0 ||
        (mpz_sgn(t->term) == 0 && !has_cut))
        refuse("the sum of multiples is not below 0 on the box");
}

/* ---- facts ---- */

static size_t number(const tree *t, size_t i)
{
    if (mpz_sgn(t->line.number[i]) < 0 || !mpz_fits_ulong_p(t->line.number[i]))
        refuse("a number is too large");
    return mpz_get_ui(t->line.number[i]);
}

static bool is_settled(const network *net, const open_unit *o)
{
    if (network_unit(net, o->unit)->sort == BENT)
        return o->lo == o->hi;
    return (o->left & (o->left - 1)) == 0;
}

static size_t piece_of(const network *net, const open_unit *o)
{
    if (network_unit(net, o->unit)->sort == BENT)
        return o->lo;
    return (size_t)__builtin_ctzll(o->left);
}

/* Takes open unit i of the cell, whose piece is known, off the list. */
static void settle(tree *t, cell *c, size_t i)
{
    open_unit *o = t->open + c->first;
    t->piece[o[i].unit] = piece_of(t->net, &o[i]);
    memmove(o + i, o + i + 1, (c->n - i - 1) * sizeof *o);
    c->n--;
}

static size_t find(const tree *t, const cell *c, size_t unit)
{
    for (size_t i = 0; i < c->n; i++)
        if (t->open[c->first + i].unit == unit)
            return i;
    refuse("unit %zu is not open here", unit);
}

/* Facts of a cell come in ascending order of these three. */
static void need_order(cell *c, size_t unit, size_t kind, size_t candidate)
{
    const open_unit *l = &c->last;
    if (c->has_last &&
        (unit < l->unit || (unit == l->unit && kind < l->lo) ||
         (unit == l->unit && kind == l->lo && candidate <= l->hi)))
        refuse("the facts of a cell are not in order");
    c->last = (open_unit){unit, kind, candidate, 0};
    c->has_last = true;
}

static void take_side(tree *t, cell *c)
{
    const size_t unit = number(t, 0), at = number(t, 1);
    const bool above = t->line.letter == 'A';
    const size_t i = find(t, c, unit);
    open_unit *o = &t->open[c->first + i];
    if (network_unit(t->net, unit)->sort != BENT || at < o->lo || at >= o->hi)
        refuse("breakpoint %zu of unit %zu is not open here", at, unit);
    need_order(c, unit, above, 0);
    network_plane(t->net, unit, at, t->form);
    for (size_t j = 0; j < t->width && !above; j++)
        mpz_neg(t->form[j], t->form[j]);
    need_nowhere_positive(t, c);
    if (above)
        o->hi = at;
    else
        o->lo = at + 1;
    if (is_settled(t->net, o))
        settle(t, c, i);
}

static bool is_left(const open_unit *o, size_t candidate)
{
    return candidate < 64 && (o->left >> candidate & 1);
}

static void take_beaten(tree *t, cell *c)
{
    const size_t unit = number(t, 0), a = number(t, 1), b = number(t, 2);
    const size_t i = find(t, c, unit);
    open_unit *o = &t->open[c->first + i];
    if (network_unit(t->net, unit)->sort == BENT || a == b || !is_left(o, a) ||
        !is_left(o, b))
        refuse("candidates %zu, %zu of unit %zu are not both open", a, b, unit);
    need_order(c, unit, 0, a);
    network_duel(t->net, unit, a, b, t->form);
    need_nowhere_positive(t, c);
    o->left &= ~((uint64_t)1 << a);
    if (is_settled(t->net, o))
        settle(t, c, i);
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
            if (is_settled(net, &t->open[c->first + i]))
                settle(t, c, i);
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

static bool is_zero(const tree *t, mpz_t *form)
{
    bool zero = true;
    for (size_t j = 0; j < t->width; j++)
        zero = zero && mpz_sgn(form[j]) == 0;
    return zero;
}

/* The parts that a split makes are together the cell but for hyperplanes:
 * nowhere may a form be 0 all over. */
static void need_planes(tree *t, const open_unit *o, size_t at)
{
    if (network_unit(t->net, o->unit)->sort == BENT) {
        network_plane(t->net, o->unit, at, t->form);
        if (is_zero(t, t->form))
            refuse("unit %zu is at its breakpoint everywhere", o->unit);
        return;
    }
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j < i; j++) {
            if (!is_left(o, i) || !is_left(o, j))
                continue;
            network_duel(t->net, o->unit, i, j, t->form);
            if (is_zero(t, t->form))
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
    if (number(t, 0) != o->unit)
        refuse("unit %zu is not the first that is open", number(t, 0));
    c->at = is_bent ? number(t, 1) : 0;
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
        if (j != winner && is_left(o, j))
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
        while (child < 64 && !is_left(&split, child))
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
    if (is_settled(t->net, o))
        settle(t, c, 0);
}

/* value = that of a form at the line's point, times its denominator. */
static void value_at(const tree *t, mpz_t *form, mpz_t value)
{
    const size_t k = t->width - 1;
    mpz_mul(value, form[k], t->line.number[0]);
    for (size_t j = 0; j < k; j++)
        mpz_addmul(value, form[j], t->line.number[j + 1]);
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
        value_at(t, t->wall + i * t->width, t->term);
        if (mpz_sgn(t->term) <= 0)
            refuse("the point is not inside wall %zu", i);
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
        value_at(t, t->form, t->term);
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
            need_empty(t, c);
            return false;
        }
        if (is_region && letter == 'W') {
            take_point(t, c);
            return true;
        }
        if (is_region)
            refuse("'%c' where all units have a piece", letter);
        if (letter == 'A' || letter == 'B')
            take_side(t, c);
        else if (letter == 'M')
            take_beaten(t, c);
        else if (letter == 'S')
            take_split(t, c);
        else
            refuse("'%c' where unit %zu has no piece", letter,
                   t->open[c->first].unit);
        if (letter == 'S')
            return false;
    }
}

static void begin_part(tree *t, const part *p)
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

/* Adds the regions that the lines of a part prove; seen: patterns of a union.
 */
static void follow_part(tree *t, patterns *seen, mpz_t regions)
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

static void check(const char *certificate, const char *text)
{
    header h;
    network net;
    patterns seen = {0};
    mpz_t regions;
    network_read(&net, text);
    tree t = {.net = &net, .source = source_open(certificate, &h)};
    refuse_line = 0;
    if (strcmp(net.model, h.model) != 0)
        refuse("the certificate is of another network than %s", text);
    if (net.n_inputs != h.n_inputs || net.n_units != h.n_units)
        refuse("%s has %zu inputs and %zu units", text, net.n_inputs,
               net.n_units);
    mpz_init(regions);
    mpz_init(t.term);
    t.piece = room(net.n_units, sizeof *t.piece);
    for (size_t i = 0; i < h.n_parts; i++) {
        if (h.part[i].is_empty)
            continue;
        if (h.n_parts > 1 && !h.part[i].fills)
            refuse("part %zu of several has fewer dimensions than the input",
                   i);
        begin_part(&t, &h.part[i]);
        follow_part(&t, h.n_parts > 1 ? &seen : NULL, regions);
    }
    source_next(t.source, &net, 0, &t.line);
    if (t.line.letter != 'E' || t.line.n_numbers > 0)
        refuse("'E' should be here");
    if (!source_is_over(t.source))
        refuse("there is something behind the end");
    refuse_line = 0;
    if (mpz_cmp(regions, h.regions) != 0) {
        gmp_printf("REFUSED: line 6: %Zd regions are claimed, %Zd are "
                   "proved\n",
                   h.regions, regions);
        exit(1);
    }
    gmp_printf("VERIFIED: the network in %s (model of sha256 %s)\nhas exactly "
               "%Zd activation region%s on the set of all x with\n",
               text, net.model, regions,
               mpz_cmp_ui(regions, 1) == 0 ? "" : "s");
    source_describe(t.source);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: check CERTIFICATE NETWORK.txt\n");
        return 2;
    }
    check(argv[1], argv[2]);
    return 0;
}
