/* The plain exact count as a program, for speeds to be compared with:
 *
 *     baseline MODEL.onnx [--all | --box LO,HI | --box @FILE | --plane FILE]
 *              [--max-cells N] [--time-limit SECONDS]
 *
 * One JSON object on stdout: regions, complete, dimension, and the seconds
 * that the count alone took. */
#include "need.h"
#include "regions.h"

#include "exact/rational.h"
#include "onnx/onnx.h"
#include "read/domain_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *model, *box, *plane;
    uint64_t max_cells;
    double time_limit;
} arguments;

static void usage(void)
{
    fputs("usage: baseline MODEL.onnx [--all | --box LO,HI | --box @FILE | "
          "--plane FILE] [--max-cells N] [--time-limit SECONDS]\n",
          stderr);
    exit(2);
}

static arguments read_arguments(int argc, char **argv)
{
    arguments a = {0};
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (argv[i][0] != '-' && !a.model) {
            a.model = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--all") == 0)
            continue;
        if (next && strcmp(argv[i], "--box") == 0)
            a.box = next;
        else if (next && strcmp(argv[i], "--plane") == 0)
            a.plane = next;
        else if (next && strcmp(argv[i], "--max-cells") == 0)
            a.max_cells = strtoull(next, NULL, 10);
        else if (next && strcmp(argv[i], "--time-limit") == 0)
            a.time_limit = strtod(next, NULL);
        else
            usage();
        i++;
    }
    if (!a.model)
        usage();
    return a;
}

/* Every coordinate in [lo, hi], from "LO,HI". */
static void bound_all(pleats_ctx *ctx, pleats_part *part, const char *text)
{
    mpq_t lo, hi;
    const char *comma = strchr(text, ',');
    if (!comma)
        usage();
    mpq_init(lo);
    mpq_init(hi);
    need_ok(ctx, pleats_rational_parse(ctx, text, (size_t)(comma - text), lo));
    need_ok(ctx, pleats_rational_parse(ctx, comma + 1, strlen(comma + 1), hi));
    for (pleats_idx j = 0; j < part->k; j++) {
        pleats_part_set_lo(part, j, lo);
        pleats_part_set_hi(part, j, hi);
    }
    mpq_clear(lo);
    mpq_clear(hi);
}

static pleats_domain *read_domain(pleats_ctx *ctx, const arguments *a,
                                  pleats_idx n)
{
    pleats_domain *domain = NULL;
    pleats_part *part = NULL;
    if (a->plane) {
        need_ok(ctx, pleats_domain_read_plane(ctx, a->plane, n, &domain));
    } else if (a->box && a->box[0] == '@') {
        need_ok(ctx, pleats_domain_read_box(ctx, a->box + 1, n, &domain));
    } else {
        need_ok(ctx, pleats_domain_new(ctx, n, "", &domain));
        need_ok(ctx, pleats_domain_add_part(ctx, domain, n, 0, false, &part));
        if (a->box)
            bound_all(ctx, part, a->box);
    }
    return domain;
}

int main(int argc, char **argv)
{
    arguments a = read_arguments(argc, argv);
    pleats_ctx *ctx = need_ctx();
    pleats_net *net = NULL;
    need_ok(ctx, pleats_onnx_load(ctx, a.model, NULL, &net));
    pleats_domain *domain = read_domain(ctx, &a, net->n_inputs);
    double start = pleats_now();
    region_count found =
        count_regions(net, &domain->part[0], a.max_cells, a.time_limit);
    printf("{\"regions\": \"%llu\", \"complete\": %s, \"dimension\": %d, "
           "\"seconds\": %.6f}\n",
           (unsigned long long)found.regions,
           found.is_complete ? "true" : "false", found.dimension,
           pleats_now() - start);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return 0;
}
