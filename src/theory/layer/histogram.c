#include "theory/layer/histogram.h"

#include "exact/integers.h"
#include "theory/sums.h"

static mpz_t *row_of(const pleats_gamma *g, int64_t n)
{
    return g->at + n * (g->m + 1);
}

/* One line cut by m points, half of the units facing each way:
 * (0 x floor(m/2), 1 x (m mod 2), 2 x floor(m/2), 1). */
static void set_line(mpz_t *row, int64_t m)
{
    for (int64_t i = 0; i < m; i++)
        mpz_set_ui(row[i], i < m / 2 ? 0 : i < m / 2 + m % 2 ? 1 : 2);
    mpz_set_ui(row[m], 1);
}

/* The plane cut by m lines: m even (0 x (m/2-1), m/2, m x m/2, 1), m odd
 * (0 x floor(m/2), m x (m+1)/2, 1). */
static void set_plane(mpz_t *row, int64_t m)
{
    for (int64_t i = 0; i < m; i++)
        mpz_set_ui(row[i], i < (m + 1) / 2 - 1 ? 0 : (unsigned long)m);
    if (m % 2 == 0)
        mpz_set_ui(row[m / 2 - 1], (unsigned long)(m / 2));
    mpz_set_ui(row[m], 1);
}

/* C(m, m-i) for i >= m - n. */
static void set_serra(mpz_t *row, int64_t n, int64_t m)
{
    pleats_term term;
    pleats_term_start(&term, m, 1);
    for (int64_t i = m; i >= 0; i--) {
        mpz_set_ui(row[i], 0);
        if (m - i <= n) {
            mpz_set(row[i], term.value);
            pleats_term_next(&term);
        }
    }
    pleats_term_end(&term);
}

/* Rows for `m` from those for m - 1; rows are widened in place, the highest
 * first, for row n needs the old row n - 1.  Row 0 is one region. */
static void widen(const pleats_gamma *g, int64_t n_exact, int64_t m)
{
    for (int64_t n = g->n_max < m ? g->n_max : m; n > 0; n--) {
        mpz_t *row = row_of(g, n), *before = row_of(g, n - 1);
        if (n == m) {
            set_serra(row, m, m);
        } else if (n == 1) {
            set_line(row, m);
        } else if (n == 2 && n_exact == 2) {
            set_plane(row, m);
        } else {
            for (int64_t i = m; i > 0; i--)
                mpz_swap(row[i], row[i - 1]);
            mpz_set_ui(row[0], 0);
            for (int64_t i = 0; i < m; i++)
                mpz_add(row[i], row[i], before[i]);
        }
    }
    mpz_set_ui(row_of(g, 0)[m - 1], 0);
    mpz_set_ui(row_of(g, 0)[m], 1);
}

pleats_status pleats_gamma_make(pleats_ctx *ctx, pleats_histogram histogram,
                                int64_t m, int64_t n_max, pleats_gamma *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_gamma){.m = m, .n_max = n_max};
    TRY(pleats_integers_new(ctx, (size_t)(n_max + 1) * (size_t)(m + 1),
                            &out->at));
    mpz_set_ui(out->at[0], 1);
    if (histogram == PLEATS_HISTOGRAM_SERRA)
        for (int64_t n = 0; n <= n_max; n++)
            set_serra(row_of(out, n), n, m);
    else
        for (int64_t width = 1; width <= m; width++)
            widen(out, histogram == PLEATS_HISTOGRAM_PLANE ? 2 : 1, width);
done:
    return status;
}

void pleats_gamma_clear(pleats_ctx *ctx, pleats_gamma *gamma)
{
    size_t n =
        gamma->at ? (size_t)(gamma->n_max + 1) * (size_t)(gamma->m + 1) : 0;
    pleats_integers_free(ctx, gamma->at, n);
    *gamma = (pleats_gamma){0};
}
