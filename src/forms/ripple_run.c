/* How changes ripple: the numbers of one unit, step by step. */
#include "forms/ripple.h"

#include "base/doubles.h"
#include "base/perturb.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { AT_ONCE = PLEATS_RIPPLE_AT_ONCE };

/* What is known about the sums of a step before they are made. */
typedef struct {
    size_t n_spots;    /* where it reads the unit's output */
    double start;      /* see forms/ripple_sums.h */
    double low_size;   /* sum of |weight low|, at most */
    double error;      /* sum of |weight| error, at most */
    size_t longest;    /* terms of a row, as they are found */
    size_t first, end; /* places of a convolution's input where any are */
} sums;

/* ---- what does not move ---- */

static void clear_eight(pleats_ripple *x, size_t eight)
{
    if (!x->moves[eight])
        return;
    memset(x->high + 8 * eight, 0, 8 * sizeof *x->high);
    memset(x->low + 8 * eight, 0, 8 * sizeof *x->low);
    x->moves[eight] = false;
}

static void clear_step(pleats_ripple *x, pleats_ripple_step *r)
{
    for (size_t i = 0; !r->is_zero && i < r->width * r->blocks / 8; i++)
        clear_eight(x, r->at / 8 + i);
    r->is_zero = true;
    r->most = r->low = r->error = 0;
}

/* ---- convolutions and dense steps ---- */

static bool any_moves(const pleats_ripple *x, const pleats_ripple_place *p)
{
    bool any = p->n_eights < 0;
    for (pleats_idx i = 0; i < p->n_eights; i++)
        any |= x->moves[p->eight + i];
    return any;
}

static void note_place(sums *to, size_t place)
{
    to->first = place < to->first ? place : to->first;
    to->end = place < to->end ? to->end : place + 1;
}

/* The terms of all places. */
static void take_places(pleats_ripple *x, pleats_idx step,
                        const pleats_ripple_grid *g, sums *to)
{
    const pleats_ripple_step *r = &x->step[step];
    for (size_t i = 0; i < g->groups * g->places; i++) {
        const pleats_ripple_place *p = &r->place[i];
        const pleats_ripple_entry *entry = r->entry + p->first;
        pleats_ripple_term *term = x->at_place + 2 * i * g->channels;
        const double *weight = pleats_ripple_weights(x, step, g, i / g->places);
        x->n_at_place[i] = any_moves(x, p) ? p->n : 0;
        if (x->n_at_place[i] > 0)
            note_place(to, i % g->places);
        for (pleats_idx k = 0; k < x->n_at_place[i]; k++)
            term[k] =
                (pleats_ripple_term){x->high[entry[k].at], x->low[entry[k].at],
                                     weight + entry[k].weight};
    }
}

/* The unit's output is one more term. */
static void take_spot(pleats_ripple *x, pleats_idx step,
                      const pleats_ripple_grid *g, size_t spot, sums *to)
{
    const size_t row = spot / g->places, group = row / g->channels;
    const size_t place = group * g->places + spot % g->places;
    pleats_ripple_term *term = x->at_place + 2 * place * g->channels;
    note_place(to, spot % g->places);
    term[x->n_at_place[place]++] = (pleats_ripple_term){
        1, 0,
        pleats_ripple_weights(x, step, g, group) + row % g->channels * g->rows};
}

/* The last place of the kernel is the one that is furthest behind its first. */
static bool window_moves(const pleats_ripple *x, const pleats_ripple_grid *g,
                         size_t group, size_t position, const sums *to)
{
    const size_t place = (size_t)g->window[position];
    const pleats_idx *n = x->n_at_place + group * g->places + place;
    pleats_idx any = 0;
    if (place >= to->end || place + (size_t)g->tap[g->kernel - 1] < to->first)
        return false;
    for (size_t j = 0; j < g->kernel; j++)
        any |= n[g->tap[j]];
    return any > 0;
}

/* What a group reads at a position: of each place as many eights of terms as
 * there are, and all others together, with zeros behind them.  How many there
 * are. */
static size_t take_window(pleats_ripple *x, const pleats_ripple_grid *g,
                          size_t group, size_t position)
{
    size_t n = 0, others = 0;
    for (size_t j = 0; j < g->kernel; j++) {
        const size_t place =
            group * g->places + (size_t)(g->window[position] + g->tap[j]);
        const size_t apart = j * g->channels * g->rows;
        const pleats_ripple_term *term = x->at_place + 2 * place * g->channels;
        const size_t here = (size_t)x->n_at_place[place];
        const size_t eights = here / AT_ONCE * AT_ONCE;
        x->terms[j] = (pleats_ripple_terms){term, eights, apart};
        for (size_t i = eights; i < here; i++) {
            x->term[others] = term[i];
            x->term[others++].weight += apart;
        }
        n += here;
    }
    for (; others % AT_ONCE; others++)
        x->term[others] = (pleats_ripple_term){0, 0, x->term[0].weight};
    x->terms[g->kernel] = (pleats_ripple_terms){x->term, others, 0};
    return n;
}

static void run_position(pleats_ripple *x, pleats_idx step,
                         const pleats_ripple_grid *g, size_t position, sums *to)
{
    pleats_ripple_step *r = &x->step[step];
    const size_t first = r->at + position * r->width;
    bool any = false;
    for (size_t group = 0; group < g->groups; group++) {
        const size_t at = first + group * g->rows;
        if (window_moves(x, g, group, position, to)) {
            const size_t n = take_window(x, g, group, position);
            any = true;
            to->longest = n > to->longest ? n : to->longest;
            pleats_ripple_sums(g->rows, to->start, g->kernel + 1, x->terms,
                               x->high + at, x->low + at, &r->most, &r->low);
        } else if (x->moves[at / 8])
            for (size_t i = at; i < at + g->rows; i++)
                x->high[i] = x->low[i] = 0;
    }
    for (size_t i = first / 8; i < (first + r->width) / 8; i++)
        x->moves[i] = any;
}

static void run_windows(pleats_ripple *x, pleats_idx step, sums *to)
{
    const pleats_ripple_grid g = pleats_ripple_grid_of(x, step);
    to->first = SIZE_MAX;
    take_places(x, step, &g, to);
    for (size_t i = 0; i < to->n_spots; i++)
        take_spot(x, step, &g, (size_t)x->spot[i], to);
    for (size_t i = 0; i < g.positions; i++)
        run_position(x, step, &g, i, to);
}

/* ---- sparse rows ---- */

static void divide(const pleats_ripple *x, const pleats_step *s, size_t first,
                   const pleats_idx *row)
{
    for (size_t i = 0; i < 8; i++) {
        if (row[i] < 0)
            continue;
        const double divisor = s->divisor[row[i]];
        double *high = &x->high[first + i], *low = &x->low[first + i];
        const double q = *high / divisor;
        *low = (fma(-q, divisor, *high) + *low) / divisor;
        *high = q;
    }
}

/* Eight rows. */
static void run_eight(pleats_ripple *x, pleats_idx step, size_t eight, sums *to)
{
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    const pleats_ripple_eight *first = r->eight + r->start[eight];
    const size_t n = (size_t)(r->start[eight + 1] - r->start[eight]);
    const size_t at = r->at + 8 * eight;
    bool any = false;
    for (size_t j = 0; j < n && !any; j++)
        for (size_t i = 0; i < 8; i++)
            any |= x->moves[first[j].at[i] / 8];
    if (!any) {
        clear_eight(x, at / 8);
        return;
    }
    pleats_ripple_sum_eights(to->start, n, first, x->high, x->low, at);
    if (s->divisor)
        divide(x, s, at, r->row + 8 * eight);
    pleats_ripple_largest(8, x->high + at, &r->most);
    pleats_ripple_largest(8, x->low + at, &r->low);
    x->moves[at / 8] = true;
    to->longest = n > to->longest ? n : to->longest;
}

/* Lists the terms anew in which the unit's output is read. */
static void list_spots(pleats_ripple *x, pleats_idx step, size_t n_spots)
{
    const pleats_step *s = &x->net->step[step];
    pleats_idx row = 0;
    for (size_t i = 0; i < n_spots; i++) {
        while (s->start[row + 1] <= x->spot[i])
            row++;
        pleats_ripple_list_term(x, step,
                                (size_t)x->at[s->out + row] - x->step[step].at,
                                x->spot[i] - s->start[row]);
    }
}

static void run_rows(pleats_ripple *x, pleats_idx step, sums *to)
{
    const pleats_ripple_step *r = &x->step[step];
    const pleats_idx scalar = x->scalar;
    list_spots(x, step, to->n_spots);
    for (size_t i = 0; i < r->width * r->blocks / 8; i++)
        run_eight(x, step, i, to);
    x->scalar = -1;
    list_spots(x, step, to->n_spots);
    x->scalar = scalar;
}

/* ---- steps ---- */

PLEATS_WIDE
static bool has(pleats_idx n, const pleats_idx *in, pleats_idx scalar)
{
    pleats_idx found = 0;
    for (pleats_idx i = 0; i < n; i++)
        found |= in[i] == scalar;
    return found;
}

/* Where a step reads the unit's output; how often. */
static size_t find_spots(pleats_ripple *x, pleats_idx step)
{
    const pleats_step *s = &x->net->step[step];
    const pleats_ripple_step *r = &x->step[step];
    const pleats_idx maker = x->maker[x->scalar];
    size_t n = 0;
    bool may_have = maker < 0;
    for (size_t k = 0; k < r->n_sources; k++)
        may_have = may_have || r->source[k].step == maker;
    if (may_have && has(s->n_in, s->in, x->scalar))
        for (pleats_idx i = 0; i < s->n_in; i++)
            if (s->in[i] == x->scalar)
                x->spot[n++] = i;
    return n;
}

/* Whether anything that the step reads moves. */
static bool find_sums(pleats_ripple *x, pleats_idx step, sums *to)
{
    const pleats_ripple_step *r = &x->step[step];
    *to = (sums){.n_spots = find_spots(x, step)};
    double size = (double)to->n_spots * r->largest;
    bool any = to->n_spots > 0;
    for (size_t k = 0; k < r->n_sources; k++) {
        const pleats_ripple_step *from = &x->step[r->source[k].step];
        if (from->is_zero)
            continue;
        any = true;
        size += r->source[k].gain * from->most;
        to->low_size += r->source[k].gain * from->low;
        to->error += r->source[k].gain * from->error;
    }
    to->start = pleats_fine_start_of(pleats_round_up(size));
    return any;
}

/* The division is of high parts, exactly, and of low ones with two roundings.
 * What overflows, the start or a quotient and with it its low part, makes the
 * error infinite. */
static void set_error(pleats_ripple_step *r, bool is_divided, const sums *from)
{
    double error =
        from->error +
        pleats_ripple_rounding(from->longest, from->start, from->low_size);
    if (is_divided)
        error = pleats_round_up(error) / r->divisor + 2 * DBL_EPSILON * r->low;
    r->error = pleats_round_up(error);
    r->is_zero = false;
}

/* Moves numbers within their error. */
static void perturb(pleats_ripple *x, pleats_ripple_step *r)
{
    const double room =
        pleats_perturb_room((pleats_idx)r->at, r->error, r->most);
    for (size_t i = r->at / 8; i < (r->at + r->width * r->blocks) / 8; i++)
        if (x->moves[i])
            pleats_perturb_values((pleats_idx)i, 8, x->low + 8 * i, room);
    r->error = pleats_round_up(r->error + room);
    r->low = pleats_round_up(r->low + room);
}

static void run_step(pleats_ripple *x, pleats_idx step)
{
    const pleats_step *s = &x->net->step[step];
    pleats_ripple_step *r = &x->step[step];
    sums to;
    if (!find_sums(x, step, &to)) {
        clear_step(x, r);
        return;
    }
    r->most = r->low = 0;
    if (s->kind == PLEATS_STEP_SPARSE)
        run_rows(x, step, &to);
    else
        run_windows(x, step, &to);
    set_error(r, s->divisor != NULL, &to);
    if (PLEATS_PERTURB && isfinite(r->error))
        perturb(x, r);
}

pleats_status pleats_ripple_run(pleats_ctx *ctx, pleats_ripple *x,
                                pleats_idx step, pleats_idx unit)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = x->net;
    x->scalar = net->step[step].out + unit;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        if (!pleats_step_is_affine(&net->step[i]))
            continue;
        if (i < step)
            clear_step(x, &x->step[i]);
        else
            run_step(x, i);
        TRY(pleats_check_work(ctx, (size_t)net->step[i].n_in));
    }
done:
    return status;
}

/* ---- what came out ---- */

double pleats_ripple_of(const pleats_ripple *x, pleats_idx scalar,
                        double *error)
{
    const pleats_idx maker = x->maker[scalar], unit = x->unit[scalar];
    *error = 0;
    if (scalar == x->scalar)
        return 1;
    if (maker < 0 || x->step[maker].is_zero || (unit >= 0 && !x->piece[unit]))
        return 0;
    *error = pleats_round_up(x->step[maker].error + x->step[maker].low);
    return x->high[x->at[scalar]];
}

void pleats_ripple_bounds(const pleats_ripple *x, pleats_idx step, double *most,
                          double *error)
{
    const pleats_ripple_step *r = &x->step[step];
    *most = *error = 0;
    for (size_t k = 0; k < r->n_sources; k++) {
        const pleats_ripple_step *from = &x->step[r->source[k].step];
        if (from->is_zero)
            continue;
        *most = pleats_larger(*most, from->most);
        *error =
            pleats_larger(*error, pleats_round_up(from->error + from->low));
    }
}
