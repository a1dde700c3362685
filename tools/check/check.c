/* Checks a certificate of a region count, pleats-cert/1 (docs/certificates.md).
 *
 * It shares no code with the program that wrote it.  Everything is decided by
 * integers (GMP).  The network comes as a text, which check.py writes from an
 * ONNX file (check.py --dump).
 *
 *     cc -O2 -o check *.c -lgmp -lzstd
 *     check CERTIFICATE NETWORK.txt
 *     check --points CERTIFICATE NETWORK.txt   that there are at least so many:
 *                                              each point proves a region
 *
 * Exit code: 0 verified, 1 refused, 2 wrong usage.  Memory: the depth of the
 * tree; of unions and of points, the patterns of all regions. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

static void check(const char *certificate, const char *text, bool points_only)
{
    header h;
    network net;
    patterns seen = {0};
    mpz_t regions;
    network_read(&net, text);
    tree t = {.net = &net,
              .source = source_open(certificate, &h),
              .points_only = points_only};
    refuse_line = 0;
    if (strcmp(net.model, h.model) != 0)
        refuse("the certificate is of another network than %s", text);
    if (net.n_inputs != h.n_inputs || net.n_units != h.n_units)
        refuse("%s has %zu inputs and %zu units", text, net.n_inputs,
               net.n_units);
    mpz_init(regions);
    mpz_init(t.term);
    t.piece = room(net.n_units, sizeof *t.piece);
    for (size_t i = 0; i < h.n_parts; i++) {
        if (h.part[i].is_empty)
            continue;
        if (h.n_parts > 1 && !h.part[i].fills)
            refuse("part %zu of several has fewer dimensions than the input",
                   i);
        tree_begin(&t, &h.part[i]);
        tree_follow(&t, h.n_parts > 1 || points_only ? &seen : NULL, regions);
    }
    source_next(t.source, &net, 0, &t.line);
    if (t.line.letter != 'E' || t.line.n_numbers > 0)
        refuse("'E' should be here");
    if (!source_is_over(t.source))
        refuse("there is something behind the end");
    refuse_line = 0;
    if (mpz_cmp(regions, h.regions) != 0) {
        gmp_printf("REFUSED: line 6: %Zd regions are claimed, %Zd are "
                   "proved\n",
                   h.regions, regions);
        exit(1);
    }
    gmp_printf("VERIFIED: the network in %s (model of sha256 %s)\nhas %s "
               "%Zd activation region%s on the set of all x with\n",
               text, net.model, points_only ? "at least" : "exactly", regions,
               mpz_cmp_ui(regions, 1) == 0 ? "" : "s");
    source_describe(t.source);
}

int main(int argc, char **argv)
{
    const bool points_only = argc == 4 && strcmp(argv[1], "--points") == 0;
    if (argc != 3 && !points_only) {
        fprintf(stderr, "usage: check [--points] CERTIFICATE NETWORK.txt\n");
        return 2;
    }
    check(argv[argc - 2], argv[argc - 1], points_only);
    return 0;
}
