#include "cells/segment.h"

#include "cells/vertices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So many points are sorted one by one. */
enum { FEW = 8 };

void pleats_segment_clear(pleats_ctx *ctx, pleats_segment *x)
{
    pleats_release(ctx, x->point);
    pleats_release(ctx, x->bucket);
    *x = (pleats_segment){0};
}

pleats_status pleats_segment_begin(pleats_ctx *ctx, pleats_segment *x, size_t n)
{
    pleats_status status = PLEATS_OK;
    x->n = 0;
    TRY(pleats_grow(ctx, &x->point, &x->capacity, 2 * n, sizeof *x->point));
    TRY(pleats_grow(ctx, &x->bucket, &x->n_buckets, n, sizeof *x->bucket));
done:
    return status;
}

/* Rounding keeps an order: where the rounded end of one interval is below the
 * rounded start of another, the true ones are. */
void pleats_segment_add(pleats_segment *x, double a, double b, double da,
                        double db)
{
    double share, off;
    const bool known = pleats_vertices_crossing(a, b, da, db, &share, &off);
    x->point[x->n] = (pleats_segment_point){
        known ? share - off : -INFINITY, known ? share + off : INFINITY, x->n};
    x->n++;
}

static int by_low(const void *a, const void *b)
{
    const pleats_segment_point *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

static void sort_part(pleats_segment_point *point, size_t n)
{
    if (n > FEW) {
        qsort(point, n, sizeof *point, by_low);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const pleats_segment_point p = point[i];
        size_t at = i;
        for (; at > 0 && point[at - 1].low > p.low; at--)
            point[at] = point[at - 1];
        point[at] = p;
    }
}

/* In which of the n equal parts of the segment it lies. */
static size_t bucket_of(const pleats_segment_point *p, size_t n)
{
    const double at = p->low * (double)n;
    return at >= (double)n ? n - 1 : at > 0 ? (size_t)at : 0;
}

/* As many buckets as points, which are mostly spread. */
static void sort_by_buckets(pleats_segment *x)
{
    const size_t n = x->n;
    pleats_segment_point *to = x->point + n;
    size_t *end = x->bucket, sum = 0, first = 0;
    memset(end, 0, n * sizeof *end);
    for (size_t i = 0; i < n; i++)
        end[bucket_of(&x->point[i], n)]++;
    for (size_t b = 0; b < n; b++) {
        sum += end[b];
        end[b] = sum - end[b];
    }
    for (size_t i = 0; i < n; i++)
        to[end[bucket_of(&x->point[i], n)]++] = x->point[i];
    for (size_t b = 0; b < n; first = end[b++])
        sort_part(to + first, end[b] - first);
    memcpy(x->point, to, n * sizeof *to);
}

void pleats_segment_sort(pleats_segment *x)
{
    if (x->n > FEW)
        sort_by_buckets(x);
    else
        sort_part(x->point, x->n);
}

size_t pleats_segment_run(const pleats_segment *x, size_t first)
{
    size_t end = first + 1;
    double reach = x->point[first].high;
    for (; end < x->n && !(x->point[end].low > reach); end++)
        reach = x->point[end].high > reach ? x->point[end].high : reach;
    return end;
}
