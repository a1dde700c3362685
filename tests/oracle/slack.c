/* A textbook simplex on dictionaries, by Bland's rule, over the rationals.
 *
 * With x = p - q, p, q >= 0 and eps = 1 - e, e >= 0, the programme is: minimise
 * e subject to the slacks s_i = f_i(p - q) - 1 + e >= 0.  A dictionary states
 * basic variables by the others (row 0: the objective -e; column 0: the
 * constants).  Variables are numbered p, q, e, s. */
#include "slack.h"

#include "need.h"

#include <stdlib.h>

typedef struct {
    size_t rows, columns; /* without row 0 and column 0 */
    mpq_t *d;             /* [(rows + 1) x (columns + 1)] */
    size_t *basic;        /* [rows + 1] variable of a row */
    size_t *other;        /* [columns + 1] variable of a column */
} dictionary;

static mpq_t *entry(const dictionary *t, size_t i, size_t j)
{
    return &t->d[i * (t->columns + 1) + j];
}

static void dictionary_init(dictionary *t, const forms *f)
{
    size_t k = f->k, e = 2 * k + 1;
    t->rows = f->n;
    t->columns = e;
    t->d = need_memory((t->rows + 1) * (e + 1), sizeof *t->d);
    for (size_t i = 0; i < (t->rows + 1) * (e + 1); i++)
        mpq_init(t->d[i]);
    t->basic = need_memory(t->rows + 1, sizeof *t->basic);
    t->other = need_memory(e + 1, sizeof *t->other);
    for (size_t j = 1; j <= e; j++)
        t->other[j] = j;
    mpq_set_si(*entry(t, 0, e), -1, 1);
    for (size_t i = 1; i <= t->rows; i++) {
        mpq_t *form = forms_at(f, i - 1);
        t->basic[i] = e + i;
        mpq_set_si(*entry(t, i, 0), -1, 1);
        mpq_add(*entry(t, i, 0), *entry(t, i, 0), form[0]);
        mpq_set_si(*entry(t, i, e), 1, 1);
        for (size_t j = 1; j <= k; j++) {
            mpq_set(*entry(t, i, j), form[j]);
            mpq_neg(*entry(t, i, k + j), form[j]);
        }
    }
}

static void dictionary_clear(dictionary *t)
{
    for (size_t i = 0; i < (t->rows + 1) * (t->columns + 1); i++)
        mpq_clear(t->d[i]);
    free(t->d);
    free(t->basic);
    free(t->other);
}

/* Row `r` leaves the basis, column `c` enters: row r is solved for the
 * entering variable, and that is put into the other rows. */
static void pivot(dictionary *t, size_t r, size_t c)
{
    mpq_t inverse, product;
    mpq_init(inverse);
    mpq_init(product);
    mpq_inv(inverse, *entry(t, r, c));
    mpq_set_si(*entry(t, r, c), -1, 1);
    for (size_t j = 0; j <= t->columns; j++) {
        mpq_mul(*entry(t, r, j), *entry(t, r, j), inverse);
        mpq_neg(*entry(t, r, j), *entry(t, r, j));
    }
    for (size_t i = 0; i <= t->rows; i++) {
        if (i == r || mpq_sgn(*entry(t, i, c)) == 0)
            continue;
        mpq_set(inverse, *entry(t, i, c));
        mpq_set_ui(*entry(t, i, c), 0, 1);
        for (size_t j = 0; j <= t->columns; j++) {
            mpq_mul(product, inverse, *entry(t, r, j));
            mpq_add(*entry(t, i, j), *entry(t, i, j), product);
        }
    }
    size_t variable = t->basic[r];
    t->basic[r] = t->other[c];
    t->other[c] = variable;
    mpq_clear(inverse);
    mpq_clear(product);
}

/* The first dictionary with non-negative constants: e enters, the row with the
 * smallest constant leaves.  False when they are non-negative already. */
static bool make_feasible(dictionary *t)
{
    size_t r = 0;
    for (size_t i = 1; i <= t->rows; i++)
        if (mpq_sgn(*entry(t, i, 0)) < 0 &&
            (r == 0 || mpq_cmp(*entry(t, i, 0), *entry(t, r, 0)) < 0))
            r = i;
    if (r == 0)
        return false;
    pivot(t, r, t->columns);
    return true;
}

/* Bland: of the columns that improve the objective the one with the smallest
 * variable; 0 when there is none. */
static size_t entering(const dictionary *t)
{
    size_t c = 0;
    for (size_t j = 1; j <= t->columns; j++)
        if (mpq_sgn(*entry(t, 0, j)) > 0 &&
            (c == 0 || t->other[j] < t->other[c]))
            c = j;
    return c;
}

/* Of the rows that reach 0 first, the one with the smallest variable.  There
 * is one, since e is bounded. */
static size_t leaving(const dictionary *t, size_t c)
{
    size_t r = 0;
    mpq_t best, ratio;
    mpq_init(best);
    mpq_init(ratio);
    for (size_t i = 1; i <= t->rows; i++) {
        if (mpq_sgn(*entry(t, i, c)) >= 0)
            continue;
        mpq_div(ratio, *entry(t, i, 0), *entry(t, i, c));
        mpq_neg(ratio, ratio);
        int order = r == 0 ? -1 : mpq_cmp(ratio, best);
        if (order < 0 || (order == 0 && t->basic[i] < t->basic[r])) {
            r = i;
            mpq_set(best, ratio);
        }
    }
    mpq_clear(best);
    mpq_clear(ratio);
    return r;
}

/* At the optimum -e = -1 - sum_i lambda_i s_i with lambda >= 0; a form whose
 * slack has a positive lambda is 0 wherever all forms are >= 0. */
static size_t first_tight(const dictionary *t)
{
    for (size_t j = 1; j <= t->columns; j++)
        if (t->other[j] > t->columns && mpq_sgn(*entry(t, 0, j)) < 0)
            return t->other[j] - t->columns - 1;
    abort();
}

int slack_sign(const forms *f, size_t *tight)
{
    dictionary t;
    int sign = 1;
    dictionary_init(&t, f);
    if (make_feasible(&t))
        for (;;) {
            sign = mpq_cmp_si(*entry(&t, 0, 0), -1, 1);
            size_t c = sign > 0 ? 0 : entering(&t);
            if (c == 0)
                break;
            pivot(&t, leaving(&t, c), c);
        }
    sign = sign > 0 ? 1 : sign < 0 ? -1 : 0;
    if (sign == 0 && tight)
        *tight = first_tight(&t);
    dictionary_clear(&t);
    return sign;
}
