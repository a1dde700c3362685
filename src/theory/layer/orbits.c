/* A set of neurons is a set of windows for each filter.  Filters may be
 * permuted, so only tuples P_1 >= P_2 >= ... of window sets are visited, as
 * numbers with window 0 as the highest bit; and symmetries g may be applied, so
 * only those in which no g(P_k) is above P_1.  A tuple of s window sets, none
 * empty, stands for C(filters, s) s! / (runs of equal sets)! sets, times
 * |G| / #{g: some g(P_k) = P_1} for the symmetries: over an orbit of G the
 * tuples with the largest P_1 then add up to the size of the orbit. */
#include "theory/layer/orbits.h"

#include "exact/integers.h"

enum { LCM = 840 }; /* of 1 .. 8 */

typedef struct {
    pleats_ctx *ctx;
    const pleats_normals *normals;
    const pleats_symmetries *symmetries;
    pleats_effort *effort;
    int64_t filters;
    pleats_echelon echelon;
    uint64_t *row;    /* [n_columns] */
    uint64_t *chosen; /* [n_filters] window sets so far */
    mpz_t *size;      /* [n_columns + 1] times LCM */
    mpz_t weight;
} search;

static uint64_t window_bit(pleats_idx w)
{
    return (uint64_t)1 << 63 >> w;
}

static uint64_t image(const search *s, pleats_idx g, uint64_t set)
{
    const pleats_idx n = s->normals->n_windows;
    uint64_t moved = 0;
    for (pleats_idx w = 0; w < n; w++)
        if (set & window_bit(w))
            moved |= window_bit(s->symmetries->to[g * n + w]);
    return moved;
}

static bool is_below_top(const search *s, uint64_t set, uint64_t top)
{
    for (pleats_idx g = 0; g < s->symmetries->n; g++)
        if (image(s, g, set) > top)
            return false;
    return true;
}

/* How many symmetries bring some set of the tuple to its top. */
static unsigned long n_tops(const search *s, int64_t n)
{
    unsigned long tops = 1; /* the identity */
    for (pleats_idx g = 1; g < s->symmetries->n; g++) {
        bool is_top = false;
        for (int64_t k = 0; k < n && !is_top; k++)
            is_top = image(s, g, s->chosen[k]) == s->chosen[0];
        tops += is_top;
    }
    return tops;
}

/* Adds the sets that the first n window sets stand for. */
static void record(search *s, int64_t n)
{
    unsigned long run = 1;
    mpz_set_ui(s->weight, LCM);
    if (n > 0)
        mpz_set_ui(s->weight,
                   LCM * (unsigned long)s->symmetries->n / n_tops(s, n));
    for (int64_t k = 0; k < n; k++) {
        run = k > 0 && s->chosen[k] == s->chosen[k - 1] ? run + 1 : 1;
        mpz_mul_ui(s->weight, s->weight, (unsigned long)(s->filters - k));
        mpz_divexact_ui(s->weight, s->weight, run);
    }
    mpz_t *size = &s->size[s->echelon.rank];
    mpz_add(*size, *size, s->weight);
}

/* Whether the neuron is independent of those chosen; it then is chosen.  Never
 * when the effort has ended. */
static bool push(search *s, int64_t filter, pleats_idx window)
{
    const size_t products =
        (size_t)(s->echelon.rank + 1) * (size_t)s->echelon.n_columns;
    if (!pleats_effort_spend(s->ctx, s->effort, products))
        return false;
    pleats_normals_row(s->normals, filter, window, s->row);
    bool is_new = pleats_echelon_push(&s->echelon, s->row);
    s->effort->negative += !is_new;
    return is_new;
}

/* Chooses windows from `w` on for filter n, `set` being chosen; `is_tight`
 * while it agrees with the set before, above which it may not rise. */
static void choose(search *s, int64_t n, pleats_idx w, uint64_t set,
                   bool is_tight)
{
    const pleats_idx end = s->normals->n_windows;
    for (; w < end; w++) {
        uint64_t bit = window_bit(w);
        bool was_chosen = n > 0 && (s->chosen[n - 1] & bit);
        if ((is_tight && !was_chosen) || !s->effort->complete)
            continue;
        if (push(s, n, w)) {
            choose(s, n, w + 1, set | bit, is_tight);
            pleats_echelon_pop(&s->echelon);
        }
        is_tight = false;
    }
    if (set == 0 || !is_below_top(s, set, n > 0 ? s->chosen[0] : set))
        return;
    s->chosen[n] = set;
    record(s, n + 1);
    if (n + 1 < s->normals->n_filters)
        choose(s, n + 1, 0, 0, true);
}

pleats_status pleats_orbits_count(pleats_ctx *ctx,
                                  const pleats_normals *normals,
                                  const pleats_symmetries *symmetries,
                                  int64_t filters, pleats_effort *effort,
                                  mpz_t *size)
{
    pleats_status status = PLEATS_OK;
    const size_t columns = (size_t)normals->n_columns;
    search s = {.ctx = ctx,
                .normals = normals,
                .symmetries = symmetries,
                .effort = effort,
                .filters = filters};
    mpz_init(s.weight);
    if (normals->n_windows > 64)
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "more than 64 windows that overlap"));
    TRY(pleats_echelon_init(ctx, &s.echelon, normals->n_columns));
    TRY(pleats_alloc(ctx, columns, sizeof *s.row, &s.row));
    TRY(pleats_alloc(ctx, (size_t)normals->n_filters, sizeof *s.chosen,
                     &s.chosen));
    TRY(pleats_integers_new(ctx, columns + 1, &s.size));
    record(&s, 0);
    choose(&s, 0, 0, 0, false);
    for (size_t j = 0; j <= columns; j++) {
        mpz_fdiv_q_ui(s.size[j], s.size[j], LCM);
        mpz_add(size[j], size[j], s.size[j]);
    }
done:
    pleats_echelon_clear(ctx, &s.echelon);
    pleats_release(ctx, s.row);
    pleats_release(ctx, s.chosen);
    pleats_integers_free(ctx, s.size, columns + 1);
    mpz_clear(s.weight);
    return status;
}
