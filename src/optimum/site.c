#include "optimum/site.h"

#include "exact/integers.h"

#include <float.h>
#include <math.h>

/* The frame's rows in doubles, each divided by its largest entry. */
static pleats_status set_rows(pleats_ctx *ctx, pleats_site *p)
{
    pleats_status status = PLEATS_OK;
    const size_t m = (size_t)p->frame.m, width = (size_t)p->frame.k + 1;
    TRY(pleats_alloc(ctx, m * width, sizeof *p->row, &p->row));
    TRY(pleats_alloc(ctx, m, sizeof *p->row_error, &p->row_error));
    for (size_t i = 0; i < m; i++) {
        mpz_t *row = p->frame.row + i * width;
        mpz_srcptr most = row[0];
        for (size_t c = 1; c < width; c++)
            if (mpz_cmpabs(row[c], most) > 0)
                most = row[c];
        mpz_t size;
        mpz_init(size);
        mpz_abs(size, most);
        for (size_t c = 0; c < width && mpz_sgn(size) != 0; c++) {
            const double entry = pleats_quotient_to_double(row[c], size, NULL);
            p->row[i * width + c] = entry;
            p->row_error[i] += fabs(entry) * DBL_EPSILON + 0x1p-960;
        }
        mpz_clear(size);
        p->row_error[i] = pleats_round_up(p->row_error[i]);
    }
done:
    return status;
}

pleats_status pleats_site_init(pleats_ctx *ctx, pleats_site *p,
                               const pleats_net *net,
                               const pleats_domain *domain,
                               const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    pleats_net inputs = *net;
    *p = (pleats_site){0};
    TRY(pleats_frame_init(ctx, &p->frame, domain, part));
    if (p->frame.empty)
        goto done;
    if (!p->frame.bounded)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the domain (%s) must be bounded: on unbounded ones "
                        "there are no bounds to search with",
                        domain->text));
    inputs.n_scalars = net->n_inputs;
    inputs.n_steps = 0;
    TRY(pleats_forms_init(ctx, &p->inputs, &inputs, &p->frame.coordinates));
    TRY(set_rows(ctx, p));
done:
    return status;
}

void pleats_site_clear(pleats_ctx *ctx, pleats_site *p)
{
    pleats_frame_clear(ctx, &p->frame);
    pleats_forms_clear(ctx, &p->inputs);
    pleats_release(ctx, p->row);
    pleats_release(ctx, p->row_error);
    *p = (pleats_site){0};
}

void pleats_site_inputs(const pleats_site *site, const pleats_box_part *part,
                        pleats_interval *input)
{
    for (pleats_idx i = 0; i < site->frame.coordinates.n_inputs; i++) {
        const double *form = pleats_forms_entry(&site->inputs, i);
        double lo = form[part->k], hi = lo, size = fabs(lo);
        for (pleats_idx j = 0; j < part->k; j++) {
            const double at_lo = form[j] * part->lo[j];
            const double at_hi = form[j] * part->hi[j];
            lo += fmin(at_lo, at_hi);
            hi += fmax(at_lo, at_hi);
            size += fmax(fabs(at_lo), fabs(at_hi));
        }
        const double error =
            pleats_round_up(site->inputs.error[i] +
                            pleats_gamma(part->k + 3) * pleats_round_up(size));
        input[i] = (pleats_interval){nextafter(lo - error, -INFINITY),
                                     nextafter(hi + error, INFINITY)};
    }
}
