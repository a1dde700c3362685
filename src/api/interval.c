#include "api/interval.h"

#include "exact/rational.h"

#include <string.h>

void pleats_interval_init(pleats_interval *v)
{
    mpq_init(v->lo);
    mpq_init(v->hi);
    v->lo_text = v->hi_text = NULL;
}

void pleats_interval_clear(pleats_ctx *ctx, pleats_interval *v)
{
    mpq_clear(v->lo);
    mpq_clear(v->hi);
    pleats_release(ctx, v->lo_text);
    pleats_release(ctx, v->hi_text);
}

pleats_status pleats_interval_read(pleats_ctx *ctx, const char *lo,
                                   const char *hi, pleats_interval *v)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_rational_parse(ctx, lo, strlen(lo), v->lo));
    TRY(pleats_rational_parse(ctx, hi, strlen(hi), v->hi));
    TRY(pleats_rational_text(ctx, v->lo, &v->lo_text));
    TRY(pleats_rational_text(ctx, v->hi, &v->hi_text));
    if (mpq_cmp(v->lo, v->hi) > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the interval [%s, %s] is empty: its lower end must "
                        "not be above its upper end",
                        v->lo_text, v->hi_text));
done:
    return status;
}

void pleats_interval_bound(pleats_part *part, const pleats_interval *v)
{
    for (pleats_idx j = 0; j < part->k; j++) {
        pleats_part_set_lo(part, j, v->lo);
        pleats_part_set_hi(part, j, v->hi);
    }
}
