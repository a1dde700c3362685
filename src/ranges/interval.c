#include "ranges/interval.h"

#include "base/perturb.h"

#include "forms/forms.h"

#include <math.h>

/* [lo - error, hi + error], all that is not finite being unknown. */
static pleats_interval widened(double lo, double hi, double error)
{
    pleats_interval out = {lo - error, hi + error};
    if (error > 0)
        pleats_perturb_interval(0, &out.lo, &out.hi);
    if (!isfinite(out.lo) || !isfinite(out.hi))
        return (pleats_interval){-INFINITY, INFINITY};
    out.lo = nextafter(out.lo, -INFINITY);
    out.hi = nextafter(out.hi, INFINITY);
    return out;
}

/* The double next to a rational on the side of `direction`, or its own. */
static double outwards(const mpq_t q, double direction)
{
    mpq_t back;
    double d = mpq_get_d(q);
    if (!isfinite(d))
        return direction;
    mpq_init(back);
    mpq_set_d(back, d);
    int sign = mpq_cmp(back, q);
    mpq_clear(back);
    bool is_outside = direction > 0 ? sign >= 0 : sign <= 0;
    return is_outside ? d : nextafter(d, direction);
}

pleats_interval pleats_interval_around(const mpq_t lo, const mpq_t hi)
{
    return (pleats_interval){outwards(lo, -INFINITY), outwards(hi, INFINITY)};
}

void pleats_interval_narrow(pleats_interval *x, pleats_interval by)
{
    x->lo = fmax(x->lo, by.lo);
    x->hi = fmin(x->hi, by.hi);
}

/* Where all terms of an end are 0 that end is known: what is never negative
 * stays so, whatever it is scaled by. */
static pleats_interval with_zeros(pleats_interval x, bool lo_is_zero,
                                  bool hi_is_zero)
{
    return (pleats_interval){lo_is_zero ? 0 : x.lo, hi_is_zero ? 0 : x.hi};
}

/* Sums at both ends, with the running error bound of forms.h. */
void pleats_interval_affine(pleats_interval *scalar, const pleats_step *s,
                            pleats_idx *scratch)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        pleats_row row = pleats_step_row(s, i, scratch);
        double lo = row.bias, hi = row.bias, size = fabs(row.bias);
        bool lo_is_zero = row.bias == 0, hi_is_zero = row.bias == 0;
        for (pleats_idx t = 0; t < row.n; t++) {
            if (row.in[t] < 0 || row.weight[t] == 0)
                continue;
            pleats_interval x = scalar[row.in[t]];
            double a = row.weight[t] * x.lo, b = row.weight[t] * x.hi;
            lo += a < b ? a : b;
            hi += a < b ? b : a;
            lo_is_zero = lo_is_zero && (row.weight[t] > 0 ? x.lo : x.hi) == 0;
            hi_is_zero = hi_is_zero && (row.weight[t] > 0 ? x.hi : x.lo) == 0;
            size += fmax(fabs(a), fabs(b));
        }
        double error =
            pleats_round_up(pleats_gamma(row.n + 3) * pleats_round_up(size));
        double d = row.divisor;
        error = pleats_round_up(error / fabs(d) +
                                4 * pleats_gamma(1) * size / fabs(d));
        pleats_interval_narrow(&scalar[s->out + i],
                               d > 0
                                   ? with_zeros(widened(lo / d, hi / d, error),
                                                lo_is_zero, hi_is_zero)
                                   : with_zeros(widened(hi / d, lo / d, error),
                                                hi_is_zero, lo_is_zero));
    }
}

/* slope * x + c, the slope being rounded unless `is_exact`; a point where it is
 * easy to see that the product is one. */
static pleats_interval line_at(double slope, bool is_exact, double x, double c)
{
    double a = slope * x;
    if (x == 0)
        return (pleats_interval){c, c};
    if (is_exact && c == 0 && isfinite(a) && fabs(a) > 0x1p-900 &&
        fma(slope, x, -a) == 0)
        return (pleats_interval){a, a};
    return widened(a + c, a + c,
                   pleats_round_up(pleats_gamma(4) * (fabs(a) + fabs(c))));
}

pleats_interval pleats_interval_of_piece(const pleats_pl *f, pleats_idx p,
                                         pleats_interval x, double tilt)
{
    double slope = f->slope[p] - tilt, c = f->intercept[p];
    if (slope == 0)
        return (pleats_interval){c, c};
    if (p > 0 && x.lo < f->at[p - 1])
        x.lo = f->at[p - 1];
    if (p < f->n_breaks && x.hi > f->at[p])
        x.hi = f->at[p];
    pleats_interval a = line_at(slope, tilt == 0, x.lo, c);
    pleats_interval b = line_at(slope, tilt == 0, x.hi, c);
    return (pleats_interval){fmin(a.lo, b.lo), fmax(a.hi, b.hi)};
}

pleats_interval pleats_interval_of_pieces(const pleats_pl *f,
                                          const pleats_range *range,
                                          pleats_interval x, double tilt)
{
    pleats_idx p = range->first, end = p + range->n;
    /* At the very breakpoint the pieces before it take part. */
    if (p > 0 && f->at[p - 1] == x.lo)
        p--;
    pleats_interval out = pleats_interval_of_piece(f, p, x, tilt);
    for (p++; p < end; p++) {
        pleats_interval piece = pleats_interval_of_piece(f, p, x, tilt);
        out.lo = fmin(out.lo, piece.lo);
        out.hi = fmax(out.hi, piece.hi);
    }
    return out;
}

pleats_range pleats_interval_pl(const pleats_interval *scalar,
                                const pleats_step *s, pleats_idx i)
{
    const pleats_pl *f = pleats_step_function(s, i);
    pleats_interval x = scalar[s->in[i]];
    pleats_idx first = 0, last = 0;
    while (first < f->n_breaks && f->at[first] <= x.lo)
        first++;
    while (last < f->n_breaks && f->at[last] < x.hi)
        last++;
    if (last < first) /* nothing but that breakpoint */
        first = last;
    return (pleats_range){first, last - first + 1, x.lo, x.hi};
}

pleats_range pleats_interval_max(const pleats_interval *scalar,
                                 const pleats_step *s, pleats_idx i,
                                 bool *may_win)
{
    const pleats_idx *in = s->in + s->start[i];
    pleats_idx n = pleats_step_pieces(s, i), winner = 0;
    pleats_range out = {0, 0, -INFINITY, -INFINITY};
    for (pleats_idx c = 0; c < n; c++) {
        pleats_interval x = scalar[in[c]];
        double lo = s->is_min ? -x.hi : x.lo, hi = s->is_min ? -x.lo : x.hi;
        if (lo > out.lo)
            winner = c;
        out.lo = fmax(out.lo, lo);
        out.hi = fmax(out.hi, hi);
    }
    for (pleats_idx c = 0; c < n; c++) {
        pleats_interval x = scalar[in[c]];
        may_win[c] = c == winner || !((s->is_min ? -x.lo : x.hi) <= out.lo);
        out.n += may_win[c];
    }
    out.first = winner;
    if (s->is_min)
        return (pleats_range){out.first, out.n, -out.hi, -out.lo};
    return out;
}
