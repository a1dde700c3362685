#include "form_check.h"

#include "need.h"

#include <gmp.h>
#include <math.h>

bool form_holds(pleats_ctx *ctx, const pleats_forms *f,
                pleats_exact_forms *exact, pleats_idx scalar)
{
    const double *entry = pleats_forms_entry(f, scalar);
    const double error = f->error[scalar], size = f->magnitude[scalar];
    const size_t width = (size_t)f->k + 1;
    const pleats_quotient *want = NULL;
    double magnitude = 0;
    mpq_t sum, part, number;
    need_ok(ctx, pleats_exact_forms_need(ctx, exact, scalar, &want));
    mpq_inits(sum, part, number, NULL);
    for (size_t c = 0; c < width; c++) {
        mpq_set_d(number, entry[c]);
        mpq_set_z(part, want->num[c]);
        mpz_set(mpq_denref(part), want->den);
        mpq_canonicalize(part);
        mpq_sub(number, number, part);
        mpq_abs(number, number);
        mpq_add(sum, sum, number);
        magnitude += fabs(entry[c]);
    }
    mpq_set_d(part, error);
    const bool holds = mpq_cmp(sum, part) <= 0 &&
                       magnitude <= size * (1 + 0x1p-40) &&
                       entry[width] >= error + f->gamma * size * (1 - 0x1p-40);
    mpq_clears(sum, part, number, NULL);
    return holds;
}
