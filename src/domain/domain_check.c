/* What must hold for a part that a person wrote down. */
#include "domain/domain_check.h"

#include "exact/echelon.h"
#include "exact/rational.h"

pleats_status pleats_part_check_bounds(pleats_ctx *ctx, const char *place,
                                       const pleats_part *part)
{
    pleats_status status = PLEATS_OK;
    char *lo = NULL, *hi = NULL;
    pleats_idx j = 0;
    while (j < part->k && !(part->has_lo[j] && part->has_hi[j] &&
                            mpq_cmp(part->lo[j], part->hi[j]) > 0))
        j++;
    if (j == part->k)
        return PLEATS_OK;
    TRY(pleats_rational_text(ctx, part->lo[j], &lo));
    TRY(pleats_rational_text(ctx, part->hi[j], &hi));
    TRY(pleats_fail(ctx, PLEATS_INVALID,
                    "%s: the interval of coordinate %d, [%s, %s], is empty: "
                    "its lower end must not be above its upper end",
                    place, j, lo, hi));
done:
    pleats_release(ctx, lo);
    pleats_release(ctx, hi);
    return status;
}

pleats_status pleats_part_is_slice(pleats_ctx *ctx, const pleats_part *part,
                                   pleats_idx n_inputs, bool *is_slice)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)part->k, n = (size_t)n_inputs;
    mpq_t *row = NULL;
    size_t rank = 0;
    TRY(pleats_rational_array(ctx, k * n, &row));
    for (size_t i = 0; i < k * n; i++)
        mpq_set(row[i], part->direction[i]);
    TRY(pleats_rationals_echelon(ctx, row, k, n, n, NULL, &rank));
    *is_slice = rank == k;
done:
    pleats_rational_array_free(ctx, k * n, row);
    return status;
}
