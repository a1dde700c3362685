#include "domains.h"

#include "need.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next word, blanks and ";" skipped; false for "-", a missing bound. */
static bool next_number(const char **text, mpq_t out)
{
    char word[64] = "";
    int length = 0;
    *text += strspn(*text, " ;");
    if (sscanf(*text, "%63[^ ;]%n", word, &length) != 1 ||
        (strcmp(word, "-") != 0 && mpq_set_str(out, word, 10) != 0)) {
        fprintf(stderr, "no number in a test domain at '%s'\n", *text);
        exit(2);
    }
    *text += length;
    if (strcmp(word, "-") == 0)
        return false;
    mpq_canonicalize(out);
    return true;
}

static pleats_idx n_groups(const char *text)
{
    pleats_idx n = 1;
    for (; *text; text++)
        n += *text == ';';
    return n;
}

static pleats_domain *domain_empty(pleats_ctx *ctx, pleats_idx n,
                                   const char *text)
{
    pleats_domain *d = NULL;
    need_ok(ctx, pleats_domain_new(ctx, n, text, &d));
    return d;
}

pleats_domain *domain_all(pleats_ctx *ctx, pleats_idx n)
{
    pleats_domain *d = domain_empty(ctx, n, "R^n");
    pleats_part *part = NULL;
    need_ok(ctx, pleats_domain_add_part(ctx, d, n, 0, false, &part));
    return d;
}

pleats_domain *domain_boxes(pleats_ctx *ctx, pleats_idx n, const char *text)
{
    pleats_domain *d = domain_empty(ctx, n, text);
    mpq_t bound;
    mpq_init(bound);
    for (pleats_idx i = n_groups(text); i > 0; i--) {
        pleats_part *part = NULL;
        need_ok(ctx, pleats_domain_add_part(ctx, d, n, 0, false, &part));
        for (pleats_idx j = 0; j < n; j++) {
            if (next_number(&text, bound))
                pleats_part_set_lo(part, j, bound);
            if (next_number(&text, bound))
                pleats_part_set_hi(part, j, bound);
        }
    }
    mpq_clear(bound);
    return d;
}

pleats_domain *domain_polytope(pleats_ctx *ctx, pleats_idx n, const char *text)
{
    pleats_domain *d = domain_empty(ctx, n, text);
    pleats_part *part = NULL;
    pleats_idx m = n_groups(text);
    need_ok(ctx, pleats_domain_add_part(ctx, d, n, m, false, &part));
    for (pleats_idx i = 0; i < m; i++) {
        for (pleats_idx j = 0; j < n; j++)
            next_number(&text, part->a[i * n + j]);
        next_number(&text, part->b[i]);
    }
    return d;
}

pleats_domain *domain_affine(pleats_ctx *ctx, pleats_idx n, pleats_idx k,
                             const char *text)
{
    pleats_domain *d = domain_empty(ctx, n, text);
    pleats_part *part = NULL;
    need_ok(ctx, pleats_domain_add_part(ctx, d, k, 0, true, &part));
    for (pleats_idx i = 0; i < n; i++)
        next_number(&text, part->origin[i]);
    for (pleats_idx i = 0; i < k * n; i++)
        next_number(&text, part->direction[i]);
    return d;
}
