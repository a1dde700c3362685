#include "theory/stable.h"

#include "net/forms.h"

#include <math.h>

/* lo <= value <= hi; not known: -inf, inf. */
typedef struct {
    double lo, hi;
} interval;

typedef struct {
    const pleats_net *net;
    interval *scalar; /* [n_scalars] */
    pleats_idx *scratch;
    int64_t undecided, passing; /* of the step of units that was run last */
} intervals;

/* [lo - error, hi + error], all that is not finite being unknown. */
static interval widened(double lo, double hi, double error)
{
    interval out = {lo - error, hi + error};
    if (!isfinite(out.lo) || !isfinite(out.hi))
        return (interval){-INFINITY, INFINITY};
    out.lo = nextafter(out.lo, -INFINITY);
    out.hi = nextafter(out.hi, INFINITY);
    return out;
}

/* A double on the other side of a rational: mpq_get_d truncates to 0. */
static double outwards(const mpq_t q, double direction)
{
    return nextafter(mpq_get_d(q), direction);
}

static pleats_status read_box(pleats_ctx *ctx, const pleats_domain *box,
                              intervals *v, int64_t *dimension)
{
    const pleats_part *part = box->n_parts == 1 ? &box->part[0] : NULL;
    if (!part || part->direction || part->m != 0)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "the domain (%s) must be one box in all inputs",
                           box->text);
    *dimension = 0;
    for (pleats_idx j = 0; j < part->k; j++) {
        if (!part->has_lo[j] || !part->has_hi[j])
            return pleats_fail(ctx, PLEATS_INVALID,
                               "the domain (%s) must bound every input",
                               box->text);
        v->scalar[j] = (interval){outwards(part->lo[j], -INFINITY),
                                  outwards(part->hi[j], INFINITY)};
        *dimension += mpq_cmp(part->lo[j], part->hi[j]) < 0;
    }
    return PLEATS_OK;
}

/* Sums at both ends, with the running error bound of forms.h. */
static void run_affine(intervals *v, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, v->scratch);
        double lo = row.bias, hi = row.bias, size = fabs(row.bias);
        for (pleats_idx t = 0; t < row.n; t++) {
            if (row.in[t] < 0 || row.weight[t] == 0)
                continue;
            interval x = v->scalar[row.in[t]];
            double a = row.weight[t] * x.lo, b = row.weight[t] * x.hi;
            lo += a < b ? a : b;
            hi += a < b ? b : a;
            size += fmax(fabs(a), fabs(b));
        }
        double error =
            pleats_round_up(pleats_gamma(row.n + 3) * pleats_round_up(size));
        double d = row.divisor;
        error = pleats_round_up(error / fabs(d) +
                                4 * pleats_gamma(1) * size / fabs(d));
        v->scalar[s->out + i] = d > 0 ? widened(lo / d, hi / d, error)
                                      : widened(hi / d, lo / d, error);
    }
}

/* The values of piece p of f on [lo, hi]. */
static interval piece_values(const pleats_pl *f, pleats_idx p, interval x)
{
    double slope = f->slope[p], c = f->intercept[p];
    if (slope == 0)
        return (interval){c, c};
    if (p > 0 && x.lo < f->at[p - 1])
        x.lo = f->at[p - 1];
    if (p < f->n_breaks && x.hi > f->at[p])
        x.hi = f->at[p];
    double a = slope * x.lo, b = slope * x.hi;
    double size = fmax(fabs(a), fabs(b)) + fabs(c);
    return widened(fmin(a, b) + c, fmax(a, b) + c,
                   pleats_round_up(pleats_gamma(3) * size));
}

/* A unit keeps one piece when no breakpoint lies strictly inside its interval:
 * what meets a breakpoint only at its end does not cross it. */
static void run_pl(intervals *v, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        const pleats_pl *f = pleats_step_function(s, i);
        interval x = v->scalar[s->in[i]];
        pleats_idx first = 0, last = 0;
        while (first < f->n_breaks && f->at[first] <= x.lo)
            first++;
        while (last < f->n_breaks && f->at[last] < x.hi)
            last++;
        last = last < first ? first : last;
        v->undecided += first < last;
        v->passing += first == last && f->slope[first] != 0;
        /* At the very breakpoint the pieces before it take part. */
        pleats_idx low =
            first > 0 && f->at[first - 1] == x.lo ? first - 1 : first;
        interval out = piece_values(f, low, x);
        for (pleats_idx p = low + 1; p <= last; p++) {
            interval piece = piece_values(f, p, x);
            out.lo = fmin(out.lo, piece.lo);
            out.hi = fmax(out.hi, piece.hi);
        }
        v->scalar[s->out + i] = out;
    }
}

/* Decided when one candidate's lower end is not below any other's upper. */
static void run_max(intervals *v, const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        double sign = s->is_min ? -1 : 1;
        interval out = {-INFINITY, -INFINITY};
        pleats_idx winner = -1;
        double others = -INFINITY;
        for (pleats_idx t = s->start[i]; t < s->start[i + 1]; t++) {
            interval x = v->scalar[s->in[t]];
            double lo = s->is_min ? -x.hi : x.lo;
            double hi = s->is_min ? -x.lo : x.hi;
            if (winner < 0 || lo > out.lo)
                winner = t;
            out.lo = fmax(out.lo, lo);
            out.hi = fmax(out.hi, hi);
        }
        for (pleats_idx t = s->start[i]; t < s->start[i + 1]; t++) {
            interval x = v->scalar[s->in[t]];
            if (t != winner)
                others = fmax(others, s->is_min ? -x.lo : x.hi);
        }
        bool is_decided = out.lo >= others;
        v->undecided += !is_decided;
        v->passing += is_decided;
        v->scalar[s->out + i] = sign > 0 ? out : (interval){-out.hi, -out.lo};
    }
}

/* Hands the counts of a step of units to the item that stands for it. */
static void hand_over(const intervals *v, const pleats_step *s,
                      pleats_item *item)
{
    if (item->n != s->n_out)
        return;
    item->undecided = v->undecided;
    item->passing = v->passing;
}

pleats_status pleats_stack_restrict(pleats_ctx *ctx, pleats_stack *stack,
                                    const pleats_net *net,
                                    const pleats_domain *box)
{
    pleats_status status = PLEATS_OK;
    intervals v = {.net = net};
    size_t at = 0;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *v.scalar, &v.scalar));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 1,
                     sizeof *v.scratch, &v.scratch));
    TRY(read_box(ctx, box, &v, &stack->dimension));
    stack->is_on_box = true;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        v.undecided = v.passing = 0;
        if (pleats_step_is_affine(s)) {
            run_affine(&v, s);
            continue;
        }
        if (s->kind == PLEATS_STEP_PL)
            run_pl(&v, s);
        else
            run_max(&v, s);
        while (at < stack->n_items && stack->item[at].kind != PLEATS_ITEM_UNITS)
            at++;
        if (at < stack->n_items)
            hand_over(&v, s, &stack->item[at++]);
    }
done:
    pleats_release(ctx, v.scalar);
    pleats_release(ctx, v.scratch);
    return status;
}
