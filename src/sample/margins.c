/* How far doubles can be off, for all points of a set at once. */
#include "sample/margins.h"

#include "base/doubles.h"
#include "forms/forms.h"

#include <float.h>
#include <math.h>

/* Smaller slopes could take a value that is certainly not 0 to 0. */
static const double LEAST_SLOPE = 0x1p-30;

pleats_status pleats_margins_init(pleats_ctx *ctx, pleats_margins *m,
                                  const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)net->n_scalars;
    TRY(pleats_alloc(ctx, n, sizeof *m->magnitude, &m->magnitude));
    TRY(pleats_alloc(ctx, n, sizeof *m->error, &m->error));
    TRY(pleats_alloc(ctx, n, sizeof *m->is_constant, &m->is_constant));
done:
    return status;
}

void pleats_margins_clear(pleats_ctx *ctx, pleats_margins *m)
{
    pleats_release(ctx, m->magnitude);
    pleats_release(ctx, m->error);
    pleats_release(ctx, m->is_constant);
    *m = (pleats_margins){0};
}

/* Makes room to move the values of a scalar of this magnitude. */
static void perturb(pleats_margins *m, pleats_idx out, double magnitude)
{
#if PLEATS_PERTURB
    double room = pleats_perturb_room(out, m->error[out], magnitude);
    m->error[out] += room;
    if (m->room)
        m->room[out] = room;
#else
    (void)m, (void)out, (void)magnitude;
#endif
}

/* A row whose terms are all certainly 0 is its bias; all others are off by what
 * their terms are, and by the rounding of their sum and quotient. */
static void run_row(pleats_margins *m, pleats_idx out, const pleats_row *row)
{
    double size = 0, error = 0, bias = fabs(row->bias);
    double divisor = fabs(row->divisor);
    m->is_constant[out] = true;
    for (pleats_idx j = 0; j < row->n; j++) {
        if (row->in[j] < 0 ||
            (row->weight[j] == 0 && isfinite(m->magnitude[row->in[j]])))
            continue;
        m->is_constant[out] = m->is_constant[out] && m->is_constant[row->in[j]];
        size += fabs(row->weight[j]) * m->magnitude[row->in[j]];
        error += fabs(row->weight[j]) * m->error[row->in[j]];
        if (m->magnitude[row->in[j]] > 0)
            error += 0x1p-1000;
    }
    if (error == 0 && size == 0 && row->divisor == 1) {
        m->magnitude[out] = bias;
        m->error[out] = 0;
        return;
    }
    error += pleats_gamma(row->n + 2) * (size + bias);
    m->error[out] = pleats_round_up(error / divisor);
    perturb(m, out, (size + bias) / divisor);
    m->magnitude[out] =
        pleats_round_up((size + bias) / divisor) + m->error[out];
}

static void run_unit_pl(pleats_margins *m, pleats_idx out, pleats_idx in,
                        const pleats_pl *f)
{
    double size = 0, slope = 0, rounding = 0;
    m->is_constant[out] = m->is_constant[in];
    for (pleats_idx p = 0; p <= f->n_breaks; p++) {
        double s = fabs(f->slope[p]), c = fabs(f->intercept[p]);
        double most = s * m->magnitude[in] + c;
        size = pleats_larger(size, most);
        slope = pleats_larger(slope, s);
        if (s != 0 && !(s == 1 && c == 0))
            rounding =
                pleats_larger(rounding, 2 * DBL_EPSILON * most + 0x1p-1000);
    }
    double error = slope * m->error[in] + rounding;
    m->error[out] = error == 0 ? 0 : pleats_round_up(error);
    m->magnitude[out] = (size == 0 ? 0 : pleats_round_up(size)) + m->error[out];
}

static void run_unit_max(pleats_margins *m, pleats_idx out,
                         const pleats_step *s, pleats_idx i)
{
    m->is_constant[out] = true;
    for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
        m->is_constant[out] = m->is_constant[out] && m->is_constant[s->in[j]];
        m->magnitude[out] =
            pleats_larger(m->magnitude[out], m->magnitude[s->in[j]]);
        m->error[out] = pleats_larger(m->error[out], m->error[s->in[j]]);
    }
}

void pleats_margins_run(pleats_margins *m, const pleats_net *net,
                        pleats_idx *scratch)
{
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++)
            if (pleats_step_is_affine(s)) {
                pleats_row row = pleats_step_row(s, i, scratch);
                run_row(m, s->out + i, &row);
            } else if (s->kind == PLEATS_STEP_PL) {
                run_unit_pl(m, s->out + i, s->in[i],
                            pleats_step_function(s, i));
            } else {
                run_unit_max(m, s->out + i, s, i);
            }
    }
}

double pleats_margins_unit(const pleats_margins *m, const pleats_step *s,
                           pleats_idx i)
{
    double error = 0, size = 0;
    if (s->kind == PLEATS_STEP_PL) {
        error = m->error[s->in[i]];
        size = m->magnitude[s->in[i]];
    } else {
        for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
            error = pleats_larger(error, m->error[s->in[j]]);
            size = pleats_larger(size, m->magnitude[s->in[j]]);
        }
        error *= 2;
    }
    if (!isfinite(error) || !isfinite(size))
        return INFINITY;
    if (error == 0)
        return m->is_constant[s->out + i] ? -1 : 0;
    return pleats_round_up(error);
}

bool pleats_margins_zero_is_exact(const pleats_step *s, pleats_idx i)
{
    if (s->kind != PLEATS_STEP_PL)
        return false;
    const pleats_pl *f = pleats_step_function(s, i);
    for (pleats_idx p = 0; p <= f->n_breaks; p++) {
        double slope = fabs(f->slope[p]), c = f->intercept[p];
        bool flat = slope == 0;
        bool from_zero =
            c == 0 && slope >= LEAST_SLOPE &&
            (p == 0 ? f->n_breaks > 0 && f->at[0] <= 0
                    : f->at[p - 1] >= 0 || (p < f->n_breaks && f->at[p] <= 0));
        if (!flat && !from_zero)
            return false;
    }
    return true;
}
