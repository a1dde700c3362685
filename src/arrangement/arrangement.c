#include "arrangement/arrangement.h"

#include "arrangement/arrangement_parts.h"
#include "exact/integers.h"

#include <stdlib.h>
#include <string.h>

/* Primes for numbers that one small prime cannot serve are above 2^PRIME_BITS
 * and below twice that. */
enum { PRIME_BITS = 61, LEAST_PRIME = 1000 };

/* Vectors, none 0 and no two proportional; with the one of the hyperplane at
 * infinity in front, unless all hyperplanes contain the origin. */
typedef struct {
    pleats_idx width;
    size_t n;
    bool has_infinity;
    mpz_t *entry; /* [n x width], of n_entries */
    size_t n_entries;
    mpz_t **vector; /* [n] rows of `entry` */
} vectors;

/* A row to be sorted, with its width. */
typedef struct {
    mpz_t *z;
    size_t width;
} line;

static bool is_zero(mpz_t *z, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (mpz_sgn(z[i]))
            return false;
    return true;
}

/* Copies the rows that have a normal after a first one, the one at infinity. */
static pleats_status copy_rows(pleats_ctx *ctx, pleats_idx k, pleats_idx m,
                               mpz_t *row, vectors *v)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)k + 1;
    if (__builtin_mul_overflow((size_t)m + 1, width, &v->n_entries))
        TRY(pleats_fail(ctx, PLEATS_NOMEM,
                        "%d rows of %d numbers do not fit in memory", (int)m,
                        (int)k + 1));
    TRY(pleats_integers_new(ctx, v->n_entries, &v->entry));
    v->width = k + 1;
    v->has_infinity = true;
    mpz_set_ui(v->entry[k], 1);
    v->n = 1;
    for (size_t i = 0; i < (size_t)m; i++) {
        mpz_t *from = row + i * width, *to = v->entry + v->n * width;
        if (is_zero(from, (size_t)k))
            continue;
        for (size_t c = 0; c < width; c++)
            mpz_set(to[c], from[c]);
        v->n++;
    }
done:
    return status;
}

/* A common factor of a coordinate changes nothing, nor does a coordinate that
 * is 0 everywhere.  When that is so of the constants (but for the first row's),
 * the hyperplane at infinity is not needed. */
static void simplify_columns(vectors *v)
{
    size_t width = (size_t)v->width, used = 0;
    mpz_t g;
    mpz_init(g);
    for (size_t c = 0; c < width; c++) {
        mpz_set_ui(g, 0);
        for (size_t i = 1; i < v->n; i++)
            mpz_gcd(g, g, v->entry[i * width + c]);
        for (size_t i = 1; i < v->n && mpz_sgn(g); i++)
            mpz_divexact(v->entry[i * width + c], v->entry[i * width + c], g);
        if (c + 1 == width && mpz_sgn(g) == 0)
            v->has_infinity = false;
        if (mpz_sgn(g) == 0)
            continue;
        for (size_t i = 0; i < v->n; i++)
            mpz_swap(v->entry[i * width + used], v->entry[i * width + c]);
        used++;
    }
    size_t first = v->has_infinity ? 0 : 1;
    for (size_t i = first; i < v->n; i++)
        for (size_t c = 0; c < used; c++)
            mpz_swap(v->entry[(i - first) * used + c], v->entry[i * width + c]);
    v->n -= first;
    v->width = (pleats_idx)used;
    mpz_clear(g);
}

static int compare_lines(const void *left, const void *right)
{
    const line *a = left, *b = right;
    int order = 0;
    for (size_t c = 0; c < a->width && order == 0; c++)
        order = mpz_cmp(a->z[c], b->z[c]);
    return order;
}

/* Makes the rows primitive, with a first entry above 0, and keeps one of each
 * kind in an order of their own; the one at infinity stays in front. */
static pleats_status sort_vectors(pleats_ctx *ctx, vectors *v)
{
    pleats_status status = PLEATS_OK;
    line *all = NULL;
    size_t width = (size_t)v->width, n = v->n, first = v->has_infinity;
    TRY(pleats_alloc(ctx, n, sizeof *all, &all));
    TRY(pleats_alloc(ctx, n, sizeof *v->vector, &v->vector));
    for (size_t i = 0; i < n; i++) {
        mpz_t *z = v->entry + i * width;
        size_t c = 0;
        pleats_integers_make_primitive(z, width);
        while (mpz_sgn(z[c]) == 0)
            c++;
        if (mpz_sgn(z[c]) < 0)
            for (; c < width; c++)
                mpz_neg(z[c], z[c]);
        all[i] = (line){z, width};
    }
    qsort(all + first, n - first, sizeof *all, compare_lines);
    v->n = 0;
    for (size_t i = 0; i < n; i++)
        if (i <= first || compare_lines(&all[i - 1], &all[i]) != 0)
            v->vector[v->n++] = all[i].z;
done:
    pleats_release(ctx, all);
    return status;
}

static int compare_integers(const void *left, const void *right)
{
    return mpz_cmp(*(const mpz_t *)right, *(const mpz_t *)left);
}

/* `bound` gets a number above all minors: the product of the largest norms. */
static pleats_status bound_minors(pleats_ctx *ctx, const vectors *v,
                                  mpz_t bound)
{
    pleats_status status = PLEATS_OK;
    mpz_t *square = NULL;
    size_t width = (size_t)v->width;
    TRY(pleats_integers_new(ctx, v->n, &square));
    for (size_t i = 0; i < v->n; i++)
        for (size_t c = 0; c < width; c++)
            mpz_addmul(square[i], v->vector[i][c], v->vector[i][c]);
    qsort(square, v->n, sizeof *square, compare_integers);
    mpz_set_ui(bound, 1);
    for (size_t i = 0; i < v->n && i < width; i++)
        mpz_mul(bound, bound, square[i]);
    mpz_sqrt(bound, bound);
    mpz_add_ui(bound, bound, 1);
done:
    pleats_integers_free(ctx, square, v->n);
    return status;
}

/* One attempt, with n primes after `prime`, which becomes the last of them. */
static pleats_status count_modulo(pleats_ctx *ctx, const vectors *v,
                                  pleats_moduli *moduli, mpz_t prime,
                                  mpz_t regions, bool *is_stuck)
{
    pleats_status status = PLEATS_OK;
    pleats_residues rows = {0};
    pleats_field *field = NULL;
    TRY(pleats_alloc(ctx, (size_t)moduli->n_fields, sizeof *field, &field));
    TRY(pleats_residues_new(ctx, moduli->n_fields, v->width - 1, v->n, &rows));
    rows.n = v->n;
    moduli->field = field;
    for (pleats_idx f = 0; f < moduli->n_fields; f++) {
        mpz_nextprime(prime, prime);
        TRY(pleats_field_init(ctx, &field[f], mpz_get_ui(prime)));
        for (pleats_idx c = 0; c < v->width; c++)
            for (size_t i = 0; i < v->n; i++)
                pleats_residues_column(&rows, f, c)[i] =
                    pleats_field_of(&field[f], v->vector[i][c]);
    }
    TRY(pleats_residues_cones(ctx, moduli, &rows, v->has_infinity, regions,
                              is_stuck));
done:
    for (pleats_idx f = 0; field && f < moduli->n_fields; f++)
        pleats_field_clear(ctx, &field[f]);
    pleats_release(ctx, field);
    pleats_release(ctx, rows.x);
    return status;
}

/* A prime that spoils an attempt divides one of finitely many minors, so that
 * new primes end this. */
static pleats_status count_vectors(pleats_ctx *ctx, const pleats_team *team,
                                   const vectors *v, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    bool is_stuck = true;
    mpz_t bound, prime;
    mpz_init(bound);
    mpz_init(prime);
    TRY(bound_minors(ctx, v, bound));
    size_t bits = mpz_sizeinbase(bound, 2);
    pleats_moduli moduli = {
        .n_fields = 1, .is_certain = bits <= PRIME_BITS, .team = team};
    if (!moduli.is_certain)
        mpz_setbit(prime, PRIME_BITS);
    else if (mpz_cmp_ui(bound, LEAST_PRIME) < 0)
        mpz_set_ui(prime, LEAST_PRIME);
    else
        mpz_set(prime, bound);
    while (is_stuck) {
        TRY(count_modulo(ctx, v, &moduli, prime, regions, &is_stuck));
        moduli.n_fields = (pleats_idx)(bits / PRIME_BITS + 1);
        moduli.is_certain = true;
    }
done:
    mpz_clear(bound);
    mpz_clear(prime);
    return status;
}

pleats_status pleats_arrangement_count(pleats_ctx *ctx, const pleats_team *team,
                                       pleats_idx k, pleats_idx m, mpz_t *row,
                                       mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    vectors v = {0};
    mpz_set_ui(regions, 1);
    TRY(copy_rows(ctx, k, m, row, &v));
    if (v.n > 1) {
        simplify_columns(&v);
        TRY(sort_vectors(ctx, &v));
        TRY(count_vectors(ctx, team, &v, regions));
    }
done:
    pleats_integers_free(ctx, v.entry, v.n_entries);
    pleats_release(ctx, v.vector);
    return status;
}
