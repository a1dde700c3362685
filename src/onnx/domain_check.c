/* What must hold for a part that a person wrote down. */
#include "onnx/domain_check.h"

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

/* Two vectors are dependent when u is 0, or all determinants with u's first
 * non-zero entry vanish. */
bool pleats_part_is_slice(const pleats_part *part, pleats_idx n_inputs)
{
    mpq_t *u = part->direction, *v = part->direction + n_inputs;
    mpq_t left, right;
    bool is_slice = false;
    pleats_idx p = 0;
    while (p < n_inputs && mpq_sgn(u[p]) == 0)
        p++;
    if (p == n_inputs || part->k == 1)
        return p < n_inputs;
    mpq_init(left);
    mpq_init(right);
    for (pleats_idx j = 0; j < n_inputs && !is_slice; j++) {
        mpq_mul(left, u[p], v[j]);
        mpq_mul(right, v[p], u[j]);
        is_slice = !mpq_equal(left, right);
    }
    mpq_clear(left);
    mpq_clear(right);
    return is_slice;
}
