/* Which pieces give the values of units at a vertex of a hull.
 *
 * Values in doubles are off by at most the pass's margins, which rules out all
 * pieces but those that are that near; where several are left, the vertex is
 * looked at exactly, up to a number of times.  Steps are then gone through in
 * their order, so that no number is made before the pieces that it rests on are
 * known. */
#include "sample/hulls.h"

#include "exact/integers.h"
#include "forms/exact_forms.h"

#include <math.h>

/* The pieces of the unit at hand that are not ruled out. */
static bool *gives_of(pleats_hull *h, const pleats_step *s, pleats_idx i)
{
    return h->seen.gives + h->seen.start[s->first_unit + i];
}

/* The value of a PL unit's input is on this side of breakpoint b. */
static void rule_out(bool *gives, pleats_idx pieces, pleats_idx b, int sign)
{
    for (pleats_idx p = b + 1; p < pieces && sign < 0; p++)
        gives[p] = false;
    for (pleats_idx p = 0; p <= b && sign > 0; p++)
        gives[p] = false;
}

/* ---- in doubles ---- */

/* Each returns whether more than that could be ruled out exactly.  margin: how
 * far x, or a difference of candidates, may be off; 0: not at all. */
static bool take_pl(const pleats_pl *f, double x, double margin, bool *gives)
{
    bool is_near = false;
    for (pleats_idx b = 0; b < f->n_breaks; b++) {
        const int sign = (x - f->at[b] > margin) - (f->at[b] - x > margin);
        rule_out(gives, f->n_breaks + 1, b, sign);
        is_near = is_near || (sign == 0 && margin > 0);
    }
    return is_near;
}

/* trusts_zeros as for pleats_pass_is_near: candidates that are 0 then tie. */
static bool take_max(const pleats_hulls *hulls, const pleats_step *s,
                     pleats_idx i, const double *value, double margin,
                     bool trusts_zeros, bool *gives)
{
    const pleats_idx *in = s->in + s->start[i];
    const pleats_idx n = pleats_step_pieces(s, i);
    const double sign = s->is_min ? -1 : 1;
    double best = sign * value[(size_t)in[0] * PLEATS_LANES];
    pleats_idx n_near = 0;
    bool are_zeros = trusts_zeros;
    for (pleats_idx c = 1; c < n; c++)
        best = fmax(best, sign * value[(size_t)in[c] * PLEATS_LANES]);
    for (pleats_idx c = 0; c < n; c++) {
        const double x = sign * value[(size_t)in[c] * PLEATS_LANES];
        if (best - x > margin) {
            gives[c] = false;
            continue;
        }
        n_near++;
        are_zeros = are_zeros && x == 0 && hulls->pass.zero_is_exact[in[c]];
    }
    return n_near > 1 && margin > 0 && !are_zeros;
}

static bool take_unit(const pleats_hulls *hulls, pleats_hull *h,
                      const pleats_step *s, pleats_idx i, int lane,
                      bool trusts_zeros)
{
    const double *value = h->lanes.value + lane;
    const double margin = fmax(hulls->pass.margin[s->first_unit + i], 0);
    if (s->kind == PLEATS_STEP_PL)
        return take_pl(pleats_step_function(s, i),
                       value[(size_t)s->in[i] * PLEATS_LANES], margin,
                       gives_of(h, s, i));
    return take_max(hulls, s, i, value, margin, trusts_zeros,
                    gives_of(h, s, i));
}

/* Takes what doubles tell of all units; is_near [n_units] of those of which
 * they leave something open.  *last: the last step with a unit that may change
 * and of which it is not known yet that it does among them; -1: none. */
static void take_doubles(const pleats_hulls *hulls, pleats_hull *h, int lane,
                         pleats_idx *last)
{
    const pleats_net *net = hulls->net;
    bool trusts_zeros = true;
    *last = -1;
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            const pleats_idx u = s->first_unit + i;
            h->is_near[u] = take_unit(hulls, h, s, i, lane, trusts_zeros);
            if (!h->is_near[u])
                continue;
            trusts_zeros = false;
            if (h->may_change[u] && !pleats_seen_changes(&h->seen, u))
                *last = k;
        }
    }
}

/* ---- exactly ---- */

/* z = x * 2^-least, an integer. */
static void set_multiple(mpz_t z, double x, int least)
{
    const pleats_dyadic d = pleats_dyadic_of(x);
    pleats_integer_set_shifted(
        z, d.mantissa, d.mantissa ? (unsigned long)(d.exponent - least) : 0);
}

/* The vertex as the inputs of a network without coordinates; num, den
 * initialised. */
static void set_vertex(const double *point, const double *side, double sign,
                       pleats_coordinates *c)
{
    int least = 0;
    mpz_t step;
    mpz_init(step);
    for (pleats_idx i = 0; i < c->n_inputs; i++) {
        const pleats_dyadic p = pleats_dyadic_of(point[i]);
        const pleats_dyadic d = pleats_dyadic_of(side[i]);
        least = p.mantissa && p.exponent < least ? p.exponent : least;
        least = d.mantissa && d.exponent < least ? d.exponent : least;
    }
    for (pleats_idx i = 0; i < c->n_inputs; i++) {
        set_multiple(c->num[i], point[i], least);
        set_multiple(step, sign * side[i], least);
        mpz_add(c->num[i], c->num[i], step);
    }
    pleats_integer_set_shifted(c->den, 1, (unsigned long)-least);
    mpz_clear(step);
}

/* The sign of scalar a - scalar b - at at the vertex; b = -1: no b. */
static pleats_status ask(pleats_ctx *ctx, pleats_exact_forms *forms,
                         pleats_idx a, pleats_idx b, double at, int *sign)
{
    pleats_status status = PLEATS_OK;
    mpz_t row[1];
    mpz_init(row[0]);
    TRY(pleats_exact_forms_multiple(ctx, forms, a, b, at, row));
    *sign = mpz_sgn(row[0]);
done:
    mpz_clear(row[0]);
    return status;
}

/* *piece: the one below the breakpoint that the input is at. */
static pleats_status decide_pl(pleats_ctx *ctx, pleats_exact_forms *forms,
                               const pleats_step *s, pleats_idx i, bool *gives,
                               pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const pleats_pl *f = pleats_step_function(s, i);
    int sign = 1;
    pleats_idx b = 0;
    for (; b < f->n_breaks; b++) {
        TRY(ask(ctx, forms, s->in[i], -1, f->at[b], &sign));
        rule_out(gives, f->n_breaks + 1, b, sign);
        if (sign <= 0)
            break;
    }
    if (b + 1 < f->n_breaks)
        rule_out(gives, f->n_breaks + 1, b + 1, -1);
    *piece = b;
done:
    return status;
}

static pleats_status decide_max(pleats_ctx *ctx, pleats_exact_forms *forms,
                                const pleats_step *s, pleats_idx i, bool *gives,
                                pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = s->in + s->start[i];
    const pleats_idx n = pleats_step_pieces(s, i);
    int sign;
    *piece = 0;
    for (pleats_idx c = 1; c < n; c++) {
        TRY(ask(ctx, forms, in[c], in[*piece], 0, &sign));
        if (s->is_min ? sign < 0 : sign > 0)
            *piece = c;
    }
    for (pleats_idx c = 0; c < n; c++) {
        TRY(ask(ctx, forms, in[c], in[*piece], 0, &sign));
        gives[c] = gives[c] && sign == 0;
    }
done:
    return status;
}

/* Decides the near units of the steps up to `last`. */
static pleats_status decide(pleats_ctx *ctx, const pleats_hulls *hulls,
                            pleats_hull *h, int lane, pleats_idx last,
                            const pleats_coordinates *vertex)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = hulls->net;
    pleats_exact_forms forms = {0};
    for (pleats_idx u = 0; u < net->n_units; u++)
        h->piece[u] = pleats_pass_piece(&hulls->pass, &h->lanes, u, lane);
    TRY(pleats_exact_forms_init(ctx, &forms, net, vertex, h->piece));
    for (pleats_idx k = 0; k <= last; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            const pleats_idx u = s->first_unit + i;
            if (!h->is_near[u])
                continue;
            TRY(pleats_check_stop(ctx));
            TRY((s->kind == PLEATS_STEP_PL ? decide_pl : decide_max)(
                ctx, &forms, s, i, gives_of(h, s, i), &h->piece[u]));
        }
    }
done:
    pleats_exact_forms_clear(ctx, &forms);
    return status;
}

pleats_status pleats_hull_take_vertex(pleats_ctx *ctx,
                                      const pleats_hulls *hulls, pleats_hull *h,
                                      const double *point, const double *side,
                                      double sign, int lane)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)hulls->net->n_inputs;
    pleats_coordinates vertex = {.n_inputs = hulls->net->n_inputs, .k = 0};
    pleats_idx last;
    mpz_init(vertex.den);
    take_doubles(hulls, h, lane, &last);
    if (last >= 0 && h->n_exact < hulls->n_exact) {
        h->n_exact++;
        TRY(pleats_integers_new(ctx, n, &vertex.num));
        set_vertex(point, side, sign, &vertex);
        TRY(decide(ctx, hulls, h, lane, last, &vertex));
    } else {
        for (pleats_idx u = 0; u < hulls->net->n_units; u++)
            h->is_unsure[u] = h->is_unsure[u] || h->is_near[u];
    }
done:
    pleats_integers_free(ctx, vertex.num, n);
    mpz_clear(vertex.den);
    return status;
}
