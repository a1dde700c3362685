#include "counts.h"

#include "need.h"

#include "pleats/pleats.h"

#include <stdlib.h>

static size_t number(const char *text)
{
    return text ? strtoull(text, NULL, 10) : 0;
}

counts count_net(pleats_ctx *ctx, const pleats_net *net,
                 const pleats_domain *domain, bool all_three, bool paranoid)
{
    pleats_count_options options = {
        .pieces = all_three, .maps = all_three, .paranoid = paranoid};
    pleats_count_result result = {0};
    pleats_status status =
        pleats_count(ctx, net, domain, &options, NULL, &result);
    counts c = {result.dimension, number(result.regions), number(result.pieces),
                number(result.maps)};
    if (status != PLEATS_OK)
        fprintf(stderr, "no count: %s\n", pleats_ctx_message(ctx));
    else if (result.stopped || !result.regions ||
             all_three != (result.pieces && result.maps))
        fprintf(stderr, "a count without limits is not complete\n");
    else {
        pleats_count_result_clear(ctx, &result);
        return c;
    }
    c.dimension = NO_COUNT;
    pleats_count_result_clear(ctx, &result);
    return c;
}

void counts_show(FILE *f, const char *what, counts c)
{
    fprintf(f, "%s: %zu regions, %zu pieces, %zu maps, dimension %d\n", what,
            c.regions, c.pieces, c.maps, c.dimension);
}
