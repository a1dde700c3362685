#include "print/compare_claims.h"

#include <stdio.h>

void compare_claims_begin(compare_claims *claims, int row)
{
    claims->row[claims->n_specs++] = row;
}

/* Scales that all specs have. */
static int count_scales(const compare_claims *c, const compare_table *t)
{
    int n = t->n;
    for (int i = 0; i < c->n_specs; i++) {
        const int end = i + 1 < c->n_specs ? c->row[i + 1] : t->n;
        n = end - c->row[i] < n ? end - c->row[i] : n;
    }
    return n;
}

/* 1: spec i is proved to be ahead of spec j at the k-th scale, -1: behind. */
static int verdict(const compare_claims *c, const compare_table *t, int i,
                   int j, int k)
{
    const int a = c->row[i] + k, b = c->row[j] + k;
    return compare_is_proved(t, a, b) - compare_is_proved(t, b, a);
}

/* The k from which on, up to the last one looked at, the verdict is `wanted`;
 * n when it is not so at the last one. */
static int settled_from(const compare_claims *c, const compare_table *t, int i,
                        int j, int n, int wanted)
{
    int from = n;
    while (from > 0 && verdict(c, t, i, j, from - 1) == wanted)
        from--;
    return from;
}

/* " WHAT 1, 2", after a separator if something stands before. */
static void print_scales(const compare_claims *c, const compare_table *t, int i,
                         int j, int wanted, const char *what, bool *is_first)
{
    const int n = count_scales(c, t);
    const char *between = NULL;
    for (int k = 0; k < n; k++) {
        if (verdict(c, t, i, j, k) != wanted)
            continue;
        if (!between)
            printf("%s %s ", *is_first ? "" : ";", what);
        printf("%s%lld", between ? between : "", (long long)c->first_scale + k);
        between = ", ";
        *is_first = false;
    }
}

static void print_from(const compare_claims *c, int from, int n, int spec,
                       bool *is_first)
{
    if (from == n)
        return;
    printf("%s %d is proved to be ahead from scale %lld on, as far as was "
           "looked",
           *is_first ? "" : ";", spec + 1, (long long)c->first_scale + from);
    *is_first = false;
}

static void print_pair(const compare_claims *c, const compare_table *t, int i,
                       int j)
{
    const int n = count_scales(c, t);
    bool is_first = true;
    printf("Specs %d and %d:", i + 1, j + 1);
    print_from(c, settled_from(c, t, i, j, n, 1), n, i, &is_first);
    print_from(c, settled_from(c, t, i, j, n, -1), n, j, &is_first);
    print_scales(c, t, i, j, 1, "the first is ahead at", &is_first);
    print_scales(c, t, i, j, -1, "the second is ahead at", &is_first);
    print_scales(c, t, i, j, 0, "open at", &is_first);
    putchar('\n');
}

void compare_claims_print(const compare_claims *claims, const compare_table *t)
{
    putchar('\n');
    for (int i = 0; i < claims->n_specs; i++)
        for (int j = i + 1; j < claims->n_specs; j++)
            print_pair(claims, t, i, j);
}

static json_t *scales_json(const compare_claims *c, const compare_table *t,
                           int i, int j, int wanted)
{
    json_t *list = json_array();
    for (int k = 0; k < count_scales(c, t); k++)
        if (verdict(c, t, i, j, k) == wanted)
            report_append(&list, json_integer(c->first_scale + k));
    return list;
}

json_t *compare_claims_json(const compare_claims *c, const compare_table *t)
{
    if (c->n_specs == 0)
        return json_null();
    json_t *list = json_array();
    for (int i = 0; i < c->n_specs; i++)
        for (int j = 0; j < c->n_specs; j++) {
            const int n = count_scales(c, t);
            const int from = settled_from(c, t, i, j, n, 1);
            if (i == j)
                continue;
            report_append(
                &list,
                json_pack("{s:i, s:i, s:o, s:o, s:o, s:o}", "first", i,
                          "second", j, "ahead", scales_json(c, t, i, j, 1),
                          "behind", scales_json(c, t, i, j, -1), "open",
                          scales_json(c, t, i, j, 0), "ahead_from",
                          from < n ? json_integer(c->first_scale + from)
                                   : json_null()));
        }
    return list;
}
