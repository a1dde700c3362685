/* Steps of units for many points at once. */
#include "sample/pass.h"

#include <math.h>
#include <string.h>

/* Where a step's units write, for all lanes; nothing else stands there. */
typedef struct {
    uint64_t *restrict word;
    uint64_t *restrict is_doubtful; /* of the step */
    int shift;
    double margin;
} unit_room;

static unit_room room_of(const pleats_pass *p, pleats_lanes *l, pleats_idx unit,
                         uint64_t *is_doubtful)
{
    const pleats_place *place = &p->place[unit];
    return (unit_room){l->word + (size_t)place->word * PLEATS_LANES,
                       is_doubtful, place->shift, p->margin[unit]};
}

/* Two pieces: nearly all units there are. */
PLEATS_WITHIN void run_two_pieces(const pleats_pl *f, const double *restrict x,
                                  double *restrict out, const unit_room *room)
{
    const double at = f->at[0], margin = room->margin;
    const double s0 = f->slope[0], c0 = f->intercept[0];
    const double s1 = f->slope[1], c1 = f->intercept[1];
    const uint64_t bit = (uint64_t)1 << room->shift;
    uint64_t *restrict word = room->word, *restrict near = room->is_doubtful;
    for (int l = 0; l < PLEATS_LANES; l++) {
        bool is_above = x[l] > at;
        out[l] = (is_above ? s1 : s0) * x[l] + (is_above ? c1 : c0);
        word[l] |= is_above ? bit : 0;
        near[l] |= fabs(x[l] - at) > margin ? 0 : 1;
    }
}

PLEATS_WITHIN void run_pl(const pleats_pl *f, const double *restrict x,
                          double *restrict out, const unit_room *room)
{
    double slope[PLEATS_LANES], intercept[PLEATS_LANES];
    uint64_t piece[PLEATS_LANES] = {0};
    uint64_t *restrict word = room->word, *restrict near = room->is_doubtful;
    for (int l = 0; l < PLEATS_LANES; l++) {
        slope[l] = f->slope[0];
        intercept[l] = f->intercept[0];
    }
    for (pleats_idx b = 0; b < f->n_breaks; b++) {
        const double at = f->at[b], s = f->slope[b + 1];
        const double c = f->intercept[b + 1];
        for (int l = 0; l < PLEATS_LANES; l++) {
            bool is_above = x[l] > at;
            slope[l] = is_above ? s : slope[l];
            intercept[l] = is_above ? c : intercept[l];
            piece[l] += is_above ? 1 : 0;
            near[l] |= fabs(x[l] - at) > room->margin ? 0 : 1;
        }
    }
    for (int l = 0; l < PLEATS_LANES; l++) {
        out[l] = slope[l] * x[l] + intercept[l];
        word[l] |= piece[l] << room->shift;
    }
}

PLEATS_WIDE static void run_pl_step(const pleats_pass *p, const pleats_step *s,
                                    pleats_lanes *lanes)
{
    uint64_t is_doubtful[PLEATS_LANES] = {0};
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_pl *f = pleats_step_function(s, i);
        const unit_room room =
            room_of(p, lanes, s->first_unit + i, is_doubtful);
        const double *x = pleats_lanes_at(lanes->value, s->in[i]);
        double *out = pleats_lanes_at(lanes->value, s->out + i);
        if (f->n_breaks == 1)
            run_two_pieces(f, x, out, &room);
        else
            run_pl(f, x, out, &room);
    }
    for (int l = 0; l < PLEATS_LANES; l++)
        lanes->is_doubtful[l] |= is_doubtful[l];
}

/* Candidates that are one scalar with an earlier one never win. */
static bool is_repeated(const pleats_idx *in, pleats_idx j)
{
    for (pleats_idx i = 0; i < j; i++)
        if (in[i] == in[j])
            return true;
    return false;
}

/* The winner of n scalars in all lanes. */
typedef struct {
    const pleats_idx *in;
    pleats_idx n;
    double sign;  /* -1: of a minimum */
    bool is_unit; /* all are such that a 0 is exact */
    double best[PLEATS_LANES];
    uint64_t winner[PLEATS_LANES];
} contest;

PLEATS_WITHIN void find_winner(contest *c, double *value)
{
    const double *x = pleats_lanes_at(value, c->in[0]);
    const double sign = c->sign;
    for (int l = 0; l < PLEATS_LANES; l++) {
        c->best[l] = sign * x[l];
        c->winner[l] = 0;
    }
    for (pleats_idx j = 1; j < c->n; j++) {
        x = pleats_lanes_at(value, c->in[j]);
        for (int l = 0; l < PLEATS_LANES; l++) {
            bool is_better = sign * x[l] > c->best[l];
            c->best[l] = is_better ? sign * x[l] : c->best[l];
            c->winner[l] = is_better ? (uint64_t)j : c->winner[l];
        }
    }
}

/* Counts who is near the winner, itself included; exact zeros are not counted:
 * they lose to anything above, and the first of them wins among themselves. */
PLEATS_WITHIN void find_near(const contest *c, double *value,
                             const unit_room *room)
{
    uint64_t n_near[PLEATS_LANES] = {0}, any = 0;
    uint64_t *restrict near = room->is_doubtful;
    for (int l = 0; l < PLEATS_LANES; l++)
        n_near[l] = (c->is_unit & (c->best[l] == 0)) ? 1 : 0;
    for (pleats_idx j = 0; j < c->n; j++) {
        const double *x = pleats_lanes_at(value, c->in[j]);
        for (int l = 0; l < PLEATS_LANES; l++) {
            bool is_far = c->best[l] - c->sign * x[l] > room->margin;
            bool is_zero = c->is_unit & (x[l] == 0);
            n_near[l] += (is_far | is_zero) ? 0 : 1;
        }
    }
    for (int l = 0; l < PLEATS_LANES; l++)
        any |= n_near[l] == 1 ? 0 : 1;
    if (any == 0)
        return;
    for (pleats_idx j = 0; j < c->n; j++) {
        const double *x = pleats_lanes_at(value, c->in[j]);
        if (is_repeated(c->in, j))
            for (int l = 0; l < PLEATS_LANES; l++) {
                bool is_far = c->best[l] - c->sign * x[l] > room->margin;
                bool is_zero = c->is_unit & (x[l] == 0);
                n_near[l] -= (is_far | is_zero) ? 0 : 1;
            }
    }
    for (int l = 0; l < PLEATS_LANES; l++)
        near[l] |= n_near[l] == 1 ? 0 : 1;
}

PLEATS_WIDE static void run_max_step(const pleats_pass *p, const pleats_step *s,
                                     pleats_lanes *lanes)
{
    uint64_t is_doubtful[PLEATS_LANES] = {0};
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const unit_room room =
            room_of(p, lanes, s->first_unit + i, is_doubtful);
        double *out = pleats_lanes_at(lanes->value, s->out + i);
        contest c = {.in = s->in + s->start[i],
                     .n = s->start[i + 1] - s->start[i],
                     .sign = s->is_min ? -1 : 1,
                     .is_unit = true};
        for (pleats_idx j = 0; j < c.n; j++)
            c.is_unit = c.is_unit && p->zero_is_exact[c.in[j]];
        find_winner(&c, lanes->value);
        if (room.margin >= 0)
            find_near(&c, lanes->value, &room);
        for (int l = 0; l < PLEATS_LANES; l++) {
            out[l] = c.sign * c.best[l];
            room.word[l] |= c.winner[l] << room.shift;
        }
    }
    for (int l = 0; l < PLEATS_LANES; l++)
        lanes->is_doubtful[l] |= is_doubtful[l];
}

void pleats_pass_units(const pleats_pass *p, const pleats_step *s,
                       pleats_lanes *lanes)
{
    if (s->kind == PLEATS_STEP_PL)
        run_pl_step(p, s, lanes);
    else
        run_max_step(p, s, lanes);
}

static bool pl_is_near(const pleats_pl *f, double x, double margin)
{
    for (pleats_idx b = 0; b < f->n_breaks; b++)
        if (!(fabs(x - f->at[b]) > margin))
            return true;
    return false;
}

bool pleats_pass_is_near(const pleats_pass *p, const pleats_step *s,
                         pleats_idx i, const pleats_lanes *lanes, int lane,
                         bool trusts_zeros)
{
    const double margin = p->margin[s->first_unit + i];
    const double *value = lanes->value + lane;
    if (s->kind == PLEATS_STEP_PL)
        return pl_is_near(pleats_step_function(s, i),
                          value[(size_t)s->in[i] * PLEATS_LANES], margin);
    const pleats_idx *in = s->in + s->start[i];
    pleats_idx winner = pleats_pass_piece(p, lanes, s->first_unit + i, lane);
    bool all_are_zero = trusts_zeros;
    for (pleats_idx j = 0; j < s->start[i + 1] - s->start[i]; j++)
        all_are_zero = all_are_zero && p->zero_is_exact[in[j]];
    double best = value[(size_t)in[winner] * PLEATS_LANES];
    for (pleats_idx j = 0; j < s->start[i + 1] - s->start[i]; j++) {
        double x = value[(size_t)in[j] * PLEATS_LANES];
        if (j != winner && !is_repeated(in, j) && !(fabs(best - x) > margin) &&
            !(all_are_zero && x == 0 && best == 0))
            return true;
    }
    return false;
}
