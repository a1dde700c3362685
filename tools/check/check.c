/* Checks a certificate of a region count, pleats-cert/1 (docs/certificates.md).
 *
 * It shares no code with the program that wrote it.  Everything is decided by
 * integers (GMP).  The network comes as a text, which check.py writes from an
 * ONNX file (check.py --dump).
 *
 *     cc -O2 -o check *.c -lgmp -lzstd
 *     check CERTIFICATE ... NETWORK.txt
 *     check --points CERTIFICATE ... NETWORK.txt
 *
 * Several certificates are files that prove a number together.  With --points
 * it is proved that there are at least so many: each point proves a region.
 *
 * Exit code: 0 verified, 1 refused, 2 wrong usage.  Memory: the depth of the
 * tree; of unions and of points, the patterns of all regions. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* What a file proves, and what the others that go with it must have alike. */
typedef struct {
    header header;
    mpz_t regions;
    char *domain, *common; /* texts */
} proof;

typedef struct {
    network net;
    const char *net_name;
    bool points_only;
    patterns seen;
    proof *proof; /* [n] */
    size_t n;
} checker;

static void need_network(const checker *c, const header *h)
{
    const network *net = &c->net;
    if (strcmp(net->model, h->model) != 0)
        refuse("the certificate is of another network than %s", c->net_name);
    if (net->n_inputs != h->n_inputs || net->n_units != h->n_units)
        refuse("%s has %zu inputs and %zu units", c->net_name, net->n_inputs,
               net->n_units);
}

/* The end of the body; of one of several files with its number of regions. */
static void need_end(tree *t, const proof *p)
{
    const bool is_one = p->header.of > 1;
    source_next(t->source, t->net, 0, &t->line);
    if (t->line.letter != 'E' || t->line.n_numbers != (is_one ? 1 : 0))
        refuse("'E' should be here");
    if (!source_is_over(t->source))
        refuse("there is something behind the end");
    refuse_line = is_one ? refuse_line : 0;
    mpz_ptr claim = is_one ? t->line.number[0] : (mpz_ptr)p->header.regions;
    if (mpz_cmp(p->regions, claim) != 0) {
        gmp_printf("REFUSED: line %s: %Zd regions are claimed, %Zd are "
                   "proved\n",
                   is_one ? "'E' of the body" : "6", claim, p->regions);
        exit(1);
    }
}

static void prove(checker *c, const char *certificate, proof *p)
{
    header *h = &p->header;
    size_t n;
    refuse_line = 0;
    refuse_of = "";
    tree t = {.net = &c->net,
              .source = source_open(certificate, h),
              .points_only = c->points_only,
              .part_number = h->part_number,
              .of = h->of};
    need_network(c, h);
    FILE *domain = open_memstream(&p->domain, &n);
    source_describe(t.source, domain);
    fclose(domain);
    t.common = h->of > 1 ? open_memstream(&p->common, &n) : NULL;
    mpz_init(p->regions);
    mpz_init(t.term);
    t.piece = room(c->net.n_units, sizeof *t.piece);
    for (size_t i = 0; i < h->n_parts; i++) {
        if (h->part[i].is_empty)
            continue;
        if (h->n_parts > 1 && !h->part[i].fills)
            refuse("part %zu of several has fewer dimensions than the input",
                   i);
        tree_begin(&t, &h->part[i]);
        tree_follow(&t, h->n_parts > 1 || c->points_only ? &c->seen : NULL,
                    p->regions);
    }
    need_end(&t, p);
    refuse_line = 0;
    if (t.common)
        fclose(t.common);
}

/* That file i goes with the first one, and is none of those before it. */
static void need_alike(const checker *c, size_t i)
{
    const proof *p = &c->proof[i], *first = c->proof;
    if (p->header.of != first->header.of || p->header.of == 1)
        refuse("certificate %zu is no other part of the first one", i);
    if (strcmp(p->domain, first->domain) != 0)
        refuse("certificate %zu is of another domain than the first one", i);
    if (strcmp(p->common, first->common) != 0)
        refuse("certificate %zu has other cells than the first one", i);
    for (size_t j = 0; j < i; j++)
        if (c->proof[j].header.part_number == p->header.part_number)
            refuse("certificates %zu and %zu are the same part", j, i);
}

static void tell(const checker *c, mpz_t regions)
{
    const header *h = &c->proof->header;
    const char *many = c->points_only ? "at least" : "exactly";
    const char *s = mpz_cmp_ui(regions, 1) == 0 ? "" : "s";
    printf("VERIFIED: the network in %s (model of sha256 %s)\n", c->net_name,
           c->net.model);
    if (c->n == h->of)
        gmp_printf("has %s %Zd activation region%s on the set of all x with\n",
                   many, regions, s);
    else
        gmp_printf("has %s %Zd activation region%s in the cells of %zu of %zu "
                   "parts of the set of all x with\n",
                   many, regions, s, c->n, h->of);
    printf("%s", c->proof->domain);
}

static void check(checker *c, char **certificate)
{
    mpz_t regions;
    mpz_init(regions);
    network_read(&c->net, c->net_name);
    c->proof = room(c->n, sizeof *c->proof);
    for (size_t i = 0; i < c->n; i++) {
        prove(c, certificate[i], &c->proof[i]);
        if (i > 0)
            need_alike(c, i);
        mpz_add(regions, regions, c->proof[i].regions);
    }
    tell(c, regions);
}

int main(int argc, char **argv)
{
    const bool points_only = argc > 1 && strcmp(argv[1], "--points") == 0;
    const int first = points_only ? 2 : 1, n = argc - 1 - first;
    if (n < 1) {
        fprintf(stderr,
                "usage: check [--points] CERTIFICATE ... NETWORK.txt\n");
        return 2;
    }
    checker c = {
        .net_name = argv[argc - 1], .points_only = points_only, .n = (size_t)n};
    check(&c, argv + first);
    return 0;
}
