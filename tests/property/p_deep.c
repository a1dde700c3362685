/* Deep and narrow networks, generic and degenerate ones: errors of forms grow
 * from layer to layer, and so do integers.  Both engines count what exact
 * arithmetic alone counts.  Some have up to 20 layers of units; in others of up
 * to 44 wider ones, doubles alone would settle little (forms/fine.h); and some
 * have a few layers of all kinds, residual ones among them.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "cases.h"
#include "domains.h"
#include "mlp.h"
#include "need.h"
#include "random_layers.h"
#include "random_net.h"
#include "show.h"

#include "pleats/pleats.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 200, MOST_LAYERS = 20, MOST_REGIONS = 400 };
/* Of every fourth case. */
enum { DEEP_LAYERS = 44, DEEP_WIDTH = 14, DEEP_REGIONS = 120 };

static unsigned long n_compared, n_deep;

/* Rows keep the size of what they get, or numbers would leave the doubles. */
static void scale_rows(mlp *m, int32_t layer)
{
    const int32_t n = m->width[layer];
    for (int32_t i = 0; i < m->width[layer + 1]; i++) {
        double size = 0, *row = mlp_row(m, layer, i);
        for (int32_t j = 0; j < n; j++)
            size += row[j] * row[j];
        double factor = size > 0 ? sqrt(2 / size) : 1;
        for (int32_t j = 0; j < n; j++)
            row[j] *= factor;
        m->bias[layer][i] *= 0.3;
    }
}

static pleats_net *draw_net(pleats_ctx *ctx, rng *r, int32_t n_inputs,
                            bool deep)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_FLOAT,
                                    NUMBERS_DOUBLE, NUMBERS_SIGN};
    int32_t width[MLP_MAX_LAYERS + 1] = {n_inputs};
    int32_t hidden =
        deep ? rng_int(r, 30, DEEP_LAYERS) : rng_int(r, 8, MOST_LAYERS);
    int32_t most = deep ? DEEP_WIDTH : rng_int(r, 3, 6);
    int32_t least = deep ? DEEP_WIDTH - 4 : 3;
    numbers kind = kinds[rng_int(r, 0, 3)];
    bool generic = rng_one_in(r, 2);
    mlp m;
    for (int32_t l = 1; l <= hidden; l++)
        width[l] = rng_int(r, least, most);
    width[hidden + 1] = 1;
    mlp_init(&m, hidden + 1, width);
    for (int32_t l = 0; l <= hidden; l++) {
        random_rows(r, kind, generic, width[l + 1], width[l], m.weight[l],
                    m.bias[l]);
        if (kind != NUMBERS_SIGN)
            scale_rows(&m, l);
        m.activation[l] = rng_one_in(r, 3) ? ACT_LEAKY : ACT_RELU;
    }
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

/* "" where the count was stopped. */
static void count(pleats_ctx *ctx, const pleats_net *net,
                  const pleats_domain *domain, pleats_count_options options,
                  uint64_t most, char *out, size_t room)
{
    pleats_count_result r = {0};
    need_ok(ctx, pleats_count(ctx, net, domain, &options,
                              &(pleats_limits){.cells = most}, &r));
    snprintf(out, room, "%s", r.stopped ? "" : r.regions);
    pleats_count_result_clear(ctx, &r);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 3);
    const bool deep = seed % 4 == 0;
    pleats_net *net = seed % 2 ? random_layers(ctx, &r, n_inputs, 1, 12)
                               : draw_net(ctx, &r, n_inputs, deep);
    static const char *const box[2][4] = {
        {"", "-1 1", "-1 1 -1/3 1", "-1 1 -1 1/7 -1/3 1/3"},
        {"", "-1 1", "1/7 1/3 -1/5 -1/7", "1/7 1/6 -1/5 -1/6 1/3 2/5"}};
    pleats_domain *domain = domain_boxes(ctx, n_inputs, box[deep][n_inputs]);
    char want[32], got[32];
    bool good = true;
    count(ctx, net, domain,
          (pleats_count_options){.paranoid = true,
                                 .engine = PLEATS_COUNT_BY_VERTICES},
          deep ? DEEP_REGIONS : MOST_REGIONS, want, sizeof want);
    n_compared += *want && strcmp(want, "1") != 0;
    n_deep += deep && *want && strcmp(want, "1") != 0;
    for (int e = 0; e < 4 && *want; e++) {
        count(ctx, net, domain,
              (pleats_count_options){.engine = e % 2
                                                   ? PLEATS_COUNT_BY_PROGRAMMES
                                                   : PLEATS_COUNT_BY_VERTICES},
              e < 2 ? UINT64_MAX : 0, got, sizeof got);
        if (strcmp(got, want) == 0)
            continue;
        good = false;
        fprintf(stderr, "seed %llu, %s, %s: %s regions, not %s\n",
                (unsigned long long)seed, e % 2 ? "programmes" : "vertices",
                e < 2 ? "one by one" : "together", got, want);
    }
    if (!good)
        show_net(stderr, net);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
    return good;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    printf("%lu of them, %lu with many layers, have several regions, and were "
           "compared\n",
           n_compared, n_deep);
    return failures > 0;
}
