/* The public face of the construction behind the lower bound `folds`. */
#include "base/base.h"
#include "theory/bounds/fold_plan.h"

#include "pleats/count.h"
#include "pleats/make.h"

#include <stdlib.h>
#include <string.h>

/* Regions up to which orientations are tried, how many are, and seconds. */
enum { MOST_REGIONS = 1000, MOST_FLIPS = 16 };
static const double most_seconds = 0.5;

/* Regions and pieces on the unit cube. */
static pleats_status count_pieces(pleats_ctx *ctx, const pleats_net *net,
                                  pleats_count_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_domain *box = NULL;
    const pleats_count_options options = {.pieces = true};
    const pleats_limits limits = {
        .threads = 1, .cells = MOST_REGIONS, .seconds = most_seconds};
    TRY(pleats_domain_cube(ctx, net->n_inputs, "0", "1", &box));
    TRY(pleats_count(ctx, net, box, &options, &limits, out));
done:
    pleats_domain_free(ctx, box);
    return status;
}

/* Turns units of the last site until every region is a piece, or all turns
 * have been tried; keeps the best. */
static pleats_status orient(pleats_ctx *ctx, const pleats_spec *spec,
                            pleats_fold_plan *plan, uint64_t seed)
{
    pleats_status status = PLEATS_OK;
    pleats_net *net = NULL;
    pleats_count_result count = {0};
    uint64_t best = 0;
    long most = 0;
    bool is_done = false;
    const double started = pleats_now();
    for (plan->flips = 0; plan->flips < MOST_FLIPS && !is_done; plan->flips++) {
        TRY(pleats_net_fold(ctx, spec, plan, seed, &net));
        TRY(count_pieces(ctx, net, &count));
        const bool is_exact = count.label == PLEATS_EXACT;
        const long pieces = is_exact ? strtol(count.pieces, NULL, 10) : 0;
        is_done = !is_exact || pleats_now() - started > most_seconds ||
                  strcmp(count.regions, count.pieces) == 0;
        if (pieces > most) {
            most = pieces;
            best = plan->flips;
        }
        pleats_count_result_clear(ctx, &count);
        pleats_net_free(ctx, net);
        net = NULL;
    }
done:
    plan->flips = best;
    pleats_count_result_clear(ctx, &count);
    pleats_net_free(ctx, net);
    return status;
}

/* The bound's own plan may fold units of which no network is made here. */
static pleats_status check_reach(pleats_ctx *ctx, const pleats_spec *spec,
                                 const mpz_t value)
{
    pleats_status status = PLEATS_OK;
    pleats_fold_plan plan = {0};
    bool is_found = false;
    mpz_t bound;
    mpz_init(bound);
    TRY(pleats_fold_plan_best(ctx, spec, false, &plan, bound, &is_found));
    if (mpz_cmp(bound, value) > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "the bound `folds` takes units that are no ReLU; a "
                        "network is made where its plan has ReLU alone"));
done:
    mpz_clear(bound);
    return status;
}

pleats_status pleats_net_folds(pleats_ctx *ctx, const pleats_spec *spec,
                               uint64_t seed, pleats_net **out)
{
    pleats_status status = PLEATS_OK;
    pleats_fold_plan plan = {0};
    bool is_found = false;
    mpz_t value;
    mpz_init(value);
    *out = NULL;
    if (!pleats_spec_is_chain(spec))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a construction needs a chain of layers"));
    TRY(pleats_fold_plan_best(ctx, spec, true, &plan, value, &is_found));
    if (!is_found)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "folds need conv or fc layers with biases and relu at "
                        "the beginning"));
    TRY(check_reach(ctx, spec, value));
    if (mpz_cmp_ui(value, MOST_REGIONS) < 0)
        TRY(orient(ctx, spec, &plan, seed));
    TRY(pleats_net_fold(ctx, spec, &plan, seed, out));
done:
    mpz_clear(value);
    return status;
}
