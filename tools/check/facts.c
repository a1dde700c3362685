#include "facts.h"

#include <string.h>

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
    if (t->points_only)
        return;
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

void fact_empty(tree *t, const cell *c)
{
    const line *l = &t->line;
    bool has_cut = false;
    if (t->points_only)
        return;
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

size_t fact_number(const tree *t, size_t i)
{
    if (mpz_sgn(t->line.number[i]) < 0 || !mpz_fits_ulong_p(t->line.number[i]))
        refuse("a number is too large");
    return mpz_get_ui(t->line.number[i]);
}

bool fact_is_settled(const network *net, const open_unit *o)
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

void fact_settle(tree *t, cell *c, size_t i)
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

void fact_side(tree *t, cell *c)
{
    const size_t unit = fact_number(t, 0), at = fact_number(t, 1);
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
    if (fact_is_settled(t->net, o))
        fact_settle(t, c, i);
}

bool fact_is_left(const open_unit *o, size_t candidate)
{
    return candidate < 64 && (o->left >> candidate & 1);
}

void fact_beaten(tree *t, cell *c)
{
    const size_t unit = fact_number(t, 0), a = fact_number(t, 1),
                 b = fact_number(t, 2);
    const size_t i = find(t, c, unit);
    open_unit *o = &t->open[c->first + i];
    if (network_unit(t->net, unit)->sort == BENT || a == b ||
        !fact_is_left(o, a) || !fact_is_left(o, b))
        refuse("candidates %zu, %zu of unit %zu are not both open", a, b, unit);
    need_order(c, unit, 0, a);
    network_duel(t->net, unit, a, b, t->form);
    need_nowhere_positive(t, c);
    o->left &= ~((uint64_t)1 << a);
    if (fact_is_settled(t->net, o))
        fact_settle(t, c, i);
}

void fact_value(const tree *t, mpz_t *form, mpz_t value)
{
    const size_t k = t->width - 1;
    mpz_mul(value, form[k], t->line.number[0]);
    for (size_t j = 0; j < k; j++)
        mpz_addmul(value, form[j], t->line.number[j + 1]);
}

bool fact_is_zero(const tree *t, mpz_t *form)
{
    bool zero = true;
    for (size_t j = 0; j < t->width; j++)
        zero = zero && mpz_sgn(form[j]) == 0;
    return zero;
}
