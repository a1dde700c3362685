#include "theory/bounds/bounds.h"

#include "theory/bounds/rules.h"
#include "theory/sums.h"

#include <math.h>

static const char all[] = "regions, pieces, maps", pieces[] = "regions, pieces",
                  regions[] = "regions";

const pleats_bound_entry pleats_bound_table[] = {
    {"active-sets", true, "own, docs/theory.md 4.5", pleats_bound_active_sets,
     all},
    {"conv-aware", true, "own, docs/theory.md 4.1", pleats_bound_conv_aware,
     all},
    {"pool-orders", true, "own, docs/theory.md 4.8", pleats_bound_pool_orders,
     all},
    {"cones", true, "own, docs/theory.md 4.7", pleats_bound_cones, all},
    {"flat-pieces", true, "own, docs/theory.md 4.3", pleats_bound_flat_pieces,
     all},
    {"pooled-units", true, "own, docs/theory.md 4.4", pleats_bound_pooled, all},
    {"xie-2020", true, "XieChenLi2020", pleats_bound_xie, all},
    {"hinz-2021", true, "Hinz2021", pleats_bound_hinz_plane, all},
    {"hinz-2019-line", true, "HinzVanDeGeer2019; XieChenLi2020",
     pleats_bound_hinz_line, all},
    {"hinz-2019-serra", true, "HinzVanDeGeer2019", pleats_bound_hinz_serra,
     all},
    {"serra-2018-ranks", true, "Serra2018", pleats_bound_serra_ranks, all},
    {"serra-2018", true, "Serra2018, Thm 1", pleats_bound_serra, all},
    {"xiong-2020-upper", true, "Xiong2020, Thm 5; Xiong2024",
     pleats_bound_xiong_upper, all},
    {"montufar-ren-zhang-2022", true, "MontufarRenZhang2022",
     pleats_bound_maxout_product, all},
    {"serra-2018-maxout", true, "Serra2018", pleats_bound_serra_maxout, all},
    {"montufar-2017", true, "Montufar2017", pleats_bound_montufar_2017, all},
    {"goujon-2022", true, "Goujon2022; docs/theory.md 4.2", pleats_bound_goujon,
     all},
    {"raghu-2017", true, "Raghu2017", pleats_bound_raghu, all},
    {"zaslavsky", true, "Zaslavsky1975", pleats_bound_zaslavsky, all},
    {"patterns", true, "trivial", pleats_bound_patterns, all},
    {"line-exact", false, "Serra2018, n_0 = 1", pleats_bound_line, regions},
    {"serra-2018-lower", false, "Serra2018", pleats_bound_serra_lower, regions},
    {"montufar-2014", false, "Montufar2014", pleats_bound_montufar_2014,
     regions},
    {"pascanu-2013", false, "Pascanu2013", pleats_bound_pascanu, regions},
    {"pl-fold", false, "own, docs/theory.md 5", pleats_bound_pl_fold, regions},
    {"serra-2018-zonotope", false, "Serra2018", pleats_bound_serra_zonotope,
     pieces},
    {"arora-2018", false, "Arora2018; Serra2018", pleats_bound_arora, pieces},
    {"xiong-2020-fold", false, "own, docs/theory.md 5", pleats_bound_xiong_fold,
     regions},
    {"xiong-2020-lower", false, "Xiong2020, Thm 5", pleats_bound_xiong_lower,
     regions},
    {"folds", false, "own, docs/theory.md 5.2", pleats_bound_folds, regions},
    {"pool-alone", false, "own, docs/theory.md 4.8", pleats_bound_pool_alone,
     all},
    {"first-layer", false, "Zaslavsky1975; docs/theory.md 3.2",
     pleats_bound_first_layer, regions},
    {0}};

pleats_status pleats_refuse_rule(pleats_finding *out, const char *why)
{
    out->applies = false;
    out->why = why;
    return PLEATS_OK;
}

pleats_status pleats_find_by_recursion(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_recursion how, const char *why,
                                       const char *why_capped,
                                       pleats_finding *out)
{
    pleats_status status = pleats_recursion_run(ctx, stack, &how, out->value);
    if (status == PLEATS_LIMIT && how.is_too_large)
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    out->applies = status == PLEATS_OK;
    out->why = how.is_capped ? why_capped : why;
    return status;
}

/* The same of numbers that did not fit. */
static pleats_status find_rounded(pleats_ctx *ctx, const pleats_stack *stack,
                                  pleats_recursion how, pleats_finding *out)
{
    const pleats_status status =
        pleats_recursion_round_up(ctx, stack, &how, out->value);
    if (pleats_is_too_large(ctx, status) ||
        (status == PLEATS_OK && how.is_too_large))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    out->applies = status == PLEATS_OK;
    out->why = "its hypotheses hold; its numbers are too large to be worked "
               "out in full, so they are rounded up, and layers have the "
               "Zaslavsky numbers of their units, which are larger than those "
               "of their windows";
    return status;
}

pleats_status pleats_find_by_matroids(pleats_ctx *ctx,
                                      const pleats_stack *stack, bool pools,
                                      const char *why, const char *why_capped,
                                      pleats_finding *out)
{
    const pleats_recursion how = {.method = PLEATS_BY_MATROID,
                                  .linear = PLEATS_LINEAR_CLIPS,
                                  .flats = true,
                                  .pools = pools};
    const pleats_status status =
        pleats_find_by_recursion(ctx, stack, how, why, why_capped, out);
    if (status == PLEATS_OK && !out->applies && !pools)
        return find_rounded(ctx, stack, how, out);
    return status;
}

bool pleats_is_evaluable(const pleats_item *item, int64_t d)
{
    int64_t terms = d < item->n ? d : 1;
    double bits = pleats_zaslavsky_bits(item->n, d, item->pieces - 1);
    return bits < PLEATS_MOST_BITS && bits * (double)terms < 0x1p39;
}

bool pleats_multiply_fits(mpz_t value, int64_t base, int64_t exponent)
{
    double bits = (double)mpz_sizeinbase(value, 2);
    if (base > 1)
        bits += (double)exponent * log2((double)base);
    if (bits >= PLEATS_MOST_BITS)
        return false;
    pleats_multiply_power(value, base, exponent);
    return true;
}
