/* Windows that are intervals [lo, hi) of cells, their ends not decreasing, and
 * a matroid in which a set of units is independent when it can be matched to
 * cells of its windows.  Then matching the units in order, each to the first
 * cell of its window that is free, succeeds for every independent set: the rest
 * needs the first cell that is free, and nothing else.  So e, the end of S as
 * matched, and the end of S u T are all that the units to come need to know:
 * a unit is in the span of S when the end of S is the end of its window.
 *
 * State: e >= lo and the gap g between the two ends, counted from lo. */
#include "theory/layer/central_ways.h"

#include "exact/integers.h"

enum { MOST_ENTRIES = 1 << 22 };

typedef struct {
    size_t n, n_gaps; /* ends 0 .. n, gaps 0 .. n_gaps - 1 */
    mpz_t *at;        /* [(n + 1) x n_gaps] */
} states;

/* The cells of a window. */
typedef struct {
    int64_t lo, hi;
} interval;

bool pleats_component_is_line(const pleats_component *c)
{
    for (pleats_idx w = 0; w < c->n_windows; w++) {
        const pleats_idx *atom = c->atom + c->start[w];
        const pleats_idx n = c->start[w + 1] - c->start[w];
        const pleats_idx *before = w > 0 ? c->atom + c->start[w - 1] : atom;
        const pleats_idx last = w > 0 ? c->atom[c->start[w] - 1] : 0;
        if (atom[n - 1] - atom[0] != n - 1 || atom[0] < before[0] ||
            atom[n - 1] < last)
            return false;
    }
    return true;
}

/* The cells of window w, those of the window before it (none for the first)
 * being `old`. */
static interval next_window(const pleats_component *c, pleats_idx w,
                            interval old)
{
    const pleats_idx first = c->atom[c->start[w]];
    const pleats_idx from = w > 0 ? c->atom[c->start[w - 1]] : 0;
    interval new = {old.lo, 0};
    for (pleats_idx a = from; a < first; a++)
        new.lo += c->capacity[a];
    new.hi = new.lo;
    for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
        new.hi += c->capacity[c->atom[i]];
    return new;
}

static mpz_t *at(const states *s, size_t end, size_t gap)
{
    return &s->at[end * s->n_gaps + gap];
}

/* from, seen from a window that begins `shift` cells later. */
static void move(const states *from, size_t shift, states *to)
{
    for (size_t i = 0; i < (to->n + 1) * to->n_gaps; i++)
        mpz_set_ui(to->at[i], 0);
    for (size_t e = 0; e <= from->n; e++)
        for (size_t g = 0; g < from->n_gaps && e + g <= from->n; g++) {
            const size_t end = e > shift ? e - shift : 0;
            const size_t all = e + g > shift ? e + g - shift : 0;
            mpz_add(*at(to, end, all - end), *at(to, end, all - end),
                    *at(from, e, g));
        }
}

/* One unit: what stays (unless the unit is in the span of S), what comes by
 * joining S, what comes by joining T. */
static bool add_unit(pleats_ctx *ctx, pleats_effort *effort, size_t products,
                     long others, states *s)
{
    for (size_t e = s->n + 1; e-- > 0;) {
        size_t most = s->n - e < s->n_gaps ? s->n - e : s->n_gaps - 1;
        if (!pleats_effort_spend(ctx, effort, (most + 1) * products))
            return false;
        for (size_t g = most + 1; g-- > 0;) {
            if (e == s->n)
                mpz_set_ui(*at(s, e, g), 0);
            else if (g > 0)
                mpz_addmul_ui(*at(s, e, g), *at(s, e, g - 1),
                              (unsigned long)others);
            if (e > 0)
                mpz_add(*at(s, e, g), *at(s, e, g), *at(s, e - 1, g));
        }
    }
    return true;
}

static void sum_up(const states *s, mpz_t sum)
{
    mpz_set_ui(sum, 0);
    for (size_t e = 0; e <= s->n; e++)
        for (size_t g = 0; g < s->n_gaps && e + g <= s->n; g++)
            mpz_add(sum, sum, *at(s, e, g));
}

static int64_t longest_window(const pleats_component *c)
{
    int64_t most = 0;
    for (pleats_idx w = 0; w < c->n_windows; w++) {
        int64_t n = 0;
        for (pleats_idx i = c->start[w]; i < c->start[w + 1]; i++)
            n += c->capacity[c->atom[i]];
        most = n > most ? n : most;
    }
    return most;
}

/* The units of one window; `regions` keeps up with those that are done. */
static bool add_window(pleats_ctx *ctx, pleats_effort *effort, int64_t filters,
                       int64_t n_before, long others, states *s, mpz_t regions)
{
    for (int64_t k = 0; k < filters; k++) {
        size_t products = 8 + (size_t)(n_before + k) / 64;
        if (!add_unit(ctx, effort, products, others, s))
            return false;
    }
    sum_up(s, regions);
    return true;
}

pleats_status pleats_line_regions(pleats_ctx *ctx,
                                  const pleats_component *component,
                                  int64_t filters, long others,
                                  pleats_effort *effort, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    const size_t most = (size_t)longest_window(component) + 1;
    const size_t gaps = others > 0 ? most : 1;
    states old = {.n_gaps = gaps}, new = {.n_gaps = gaps};
    interval window = {0};
    if ((double)most * (double)gaps > MOST_ENTRIES)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "windows of %zu inputs make too many states", most);
    TRY(pleats_integers_new(ctx, most * gaps, &old.at));
    TRY(pleats_integers_new(ctx, most * gaps, &new.at));
    mpz_set_ui(old.at[0], 1);
    mpz_set_ui(regions, 1);
    for (pleats_idx w = 0; w < component->n_windows; w++) {
        const interval next = next_window(component, w, window);
        new.n = (size_t)(next.hi - next.lo);
        move(&old, (size_t)(next.lo - window.lo), &new);
        window = next;
        if (!add_window(ctx, effort, filters, w * filters, others, &new,
                        regions))
            break;
        const states swap = old;
        old = new;
        new = swap;
    }
done:
    pleats_integers_free(ctx, old.at, most * gaps);
    pleats_integers_free(ctx, new.at, most * gaps);
    return status;
}
