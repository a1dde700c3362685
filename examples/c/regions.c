/* A network from arrays, its regions on a box one by one, and their number.
 *
 *     cc regions.c $(pkg-config --cflags --libs pleats) && ./a.out
 */
#include <pleats/pleats.h>

#include <stdio.h>

/* Shows the first ten regions, then asks for no more. */
static bool show(void *state, const pleats_region_batch *r)
{
    int *left = (int *)state;
    printf("pattern %02x at (%.3f, %.3f): y = %+.3f x0 %+.3f x1 %+.3f\n",
           r->pattern[0], r->point[0], r->point[1], r->a[0], r->a[1], r->b[0]);
    return --*left > 0;
}

int main(void)
{
    static const double w1[] = {1, 2, -3, 1, 1, -1, 2, 0.5, -1, 1};
    static const double b1[] = {0.25, -0.5, 0.125, 0, 0.75};
    static const double w2[] = {1, -1, 0.5, 2, -1};
    static const double lo[] = {-1, -1}, hi[] = {1, 1};
    static const int64_t input[] = {2};
    static const pleats_layer_arrays layer[] = {
        {.type = PLEATS_AFFINE, .n_out = 5, .weight = w1, .bias = b1},
        {.type = PLEATS_RELU},
        {.type = PLEATS_AFFINE, .n_out = 1, .weight = w2}};
    const pleats_regions_options each = {
        .want = PLEATS_REGION_PATTERN | PLEATS_REGION_POINT | PLEATS_REGION_MAP,
        .batch = 1};
    pleats_ctx *ctx = NULL;
    pleats_net *net = NULL;
    pleats_domain *box = NULL;
    pleats_regions_result some = {0};
    pleats_count_result count = {0};
    int left = 10;
    if (pleats_ctx_new(NULL, &ctx) == PLEATS_OK &&
        pleats_net_from_arrays(ctx, 1, input, 3, layer, sizeof *layer, &net) ==
            PLEATS_OK &&
        pleats_domain_box(ctx, 2, pleats_doubles(lo), pleats_doubles(hi),
                          &box) == PLEATS_OK &&
        pleats_regions(ctx, net, box, &each, NULL, show, &left, &some) ==
            PLEATS_OK &&
        pleats_count(ctx, net, box, NULL, NULL, &count) == PLEATS_OK &&
        pleats_net_save(ctx, net, "regions.onnx") == PLEATS_OK)
        printf("%s regions were shown (%s), %s are there (%s)\n", some.regions,
               pleats_stop_text(some.stopped), count.regions,
               pleats_label_text(count.label));
    else if (ctx)
        fprintf(stderr, "%s\n", pleats_ctx_message(ctx));
    pleats_count_result_clear(ctx, &count);
    pleats_regions_result_clear(ctx, &some);
    pleats_domain_free(ctx, box);
    pleats_net_free(ctx, net);
    pleats_ctx_free(ctx);
    return 0;
}
