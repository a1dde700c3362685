#include "forms/parallel.h"

#include "base/hash.h"
#include "exact/integers.h"

#include "exact/int128.h"

/* A row of a matrix with its bias: weight [n], then the bias. */
typedef struct {
    const double *weight;
    size_t n;
    double bias;
} row;

static double entry_of(const row *r, size_t j)
{
    return j < r->n ? r->weight[j] : r->bias;
}

static size_t first_entry(const row *r)
{
    size_t j = 0;
    while (j < r->n && r->weight[j] == 0)
        j++;
    return j;
}

/* Rows that are multiples of one another have the same correctly rounded
 * quotients by their first entry. */
static uint64_t hash_of(const row *r)
{
    size_t first = first_entry(r);
    double lead = entry_of(r, first);
    uint64_t hash = 0x9e3779b97f4a7c15u;
    for (size_t j = 0; j <= r->n; j++) {
        double quotient = lead == 0 ? 0 : entry_of(r, j) / lead + 0.0;
        hash = pleats_hash_add_double(hash, quotient);
    }
    return hash;
}

/* Whether a * b = c * d.  Odd mantissas have one product only. */
static bool same_product(double a, double b, double c, double d)
{
    pleats_dyadic x = pleats_dyadic_of(a), y = pleats_dyadic_of(b);
    pleats_dyadic z = pleats_dyadic_of(c), w = pleats_dyadic_of(d);
    const pleats_int128 left = (pleats_int128)x.mantissa * y.mantissa;
    const pleats_int128 right = (pleats_int128)z.mantissa * w.mantissa;
    return left == right &&
           (left == 0 || x.exponent + y.exponent == z.exponent + w.exponent);
}

static bool are_parallel(const row *a, const row *b)
{
    size_t first = first_entry(a);
    if (first == a->n || first_entry(b) != first)
        return false;
    for (size_t j = first; j <= a->n; j++)
        if (!same_product(entry_of(a, j), entry_of(b, first), entry_of(b, j),
                          entry_of(a, first)))
            return false;
    return true;
}

/* Row i of a dense step, or channel i of a convolution. */
static row row_of(const pleats_step *s, size_t i)
{
    size_t n =
        s->kind == PLEATS_STEP_CONV ? (size_t)s->n_taps : (size_t)s->n_in;
    return (row){s->weight + i * n, n, s->bias ? s->bias[i] : 0};
}

/* For every row the first one that it is a multiple of, by hash chains, from
 * which rows of zeros are left out; rows of different groups of a convolution
 * read different inputs. */
static pleats_status find_leaders(pleats_ctx *ctx, const pleats_step *s,
                                  size_t n, pleats_idx *leader)
{
    pleats_status status = PLEATS_OK;
    size_t size = 1, per_group = n;
    uint64_t *hash = NULL;
    pleats_idx *bucket = NULL, *next = NULL;
    if (s->kind == PLEATS_STEP_CONV)
        per_group = (size_t)s->conv.out_channels;
    while (size < 2 * n)
        size *= 2;
    TRY(pleats_alloc(ctx, n, sizeof *hash, &hash));
    TRY(pleats_alloc(ctx, n, sizeof *next, &next));
    TRY(pleats_alloc(ctx, size, sizeof *bucket, &bucket));
    for (size_t i = 0; i < n; i++) {
        const row r = row_of(s, i);
        TRY(pleats_check_work(ctx, 8 * r.n));
        leader[i] = (pleats_idx)i;
        if (first_entry(&r) == r.n)
            continue;
        hash[i] = hash_of(&r);
        pleats_idx *head = &bucket[hash[i] & (size - 1)];
        for (pleats_idx j = *head; j > 0; j = next[j - 1]) {
            const row other = row_of(s, (size_t)j - 1);
            if (hash[j - 1] == hash[i] &&
                ((size_t)j - 1) / per_group == i / per_group &&
                are_parallel(&other, &r))
                leader[i] = j - 1;
        }
        if (leader[i] == (pleats_idx)i) {
            next[i] = *head;
            *head = (pleats_idx)i + 1;
        }
    }
done:
    pleats_release(ctx, hash);
    pleats_release(ctx, next);
    pleats_release(ctx, bucket);
    return status;
}

static pleats_status group_step(pleats_ctx *ctx, const pleats_step *s,
                                pleats_idx *group)
{
    pleats_status status = PLEATS_OK;
    size_t positions = s->kind == PLEATS_STEP_CONV ? (size_t)s->positions : 1;
    size_t n = (size_t)s->n_out / positions;
    pleats_idx *leader = NULL;
    TRY(pleats_alloc(ctx, n, sizeof *leader, &leader));
    TRY(find_leaders(ctx, s, n, leader));
    for (size_t i = 0; i < n; i++) {
        if (leader[i] == (pleats_idx)i)
            continue;
        for (size_t p = 0; p < positions; p++) {
            size_t first = (size_t)leader[i] * positions + p;
            group[(size_t)s->out + i * positions + p] =
                group[(size_t)s->out + first] = s->out + (pleats_idx)first;
        }
    }
done:
    pleats_release(ctx, leader);
    return status;
}

pleats_status pleats_net_find_parallel(pleats_ctx *ctx, const pleats_net *net,
                                       pleats_idx *group)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < net->n_scalars; i++)
        group[i] = -1;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if ((s->kind == PLEATS_STEP_DENSE || s->kind == PLEATS_STEP_CONV) &&
            s->n_out > 0)
            TRY(group_step(ctx, s, group));
    }
done:
    return status;
}

static bool has_no_bias(const pleats_step *s)
{
    pleats_idx n = s->kind == PLEATS_STEP_CONV
                       ? s->conv.groups * s->conv.out_channels
                       : s->n_out;
    for (pleats_idx i = 0; s->bias && i < n; i++)
        if (s->bias[i] != 0)
            return false;
    return true;
}

static bool bends_at_zero(const pleats_step *s)
{
    for (pleats_idx i = 0; i < s->n_functions; i++) {
        const pleats_pl *f = &s->function[i];
        for (pleats_idx b = 0; b < f->n_breaks; b++)
            if (f->at[b] != 0)
                return false;
        for (pleats_idx p = 0; p <= f->n_breaks; p++)
            if (f->intercept[p] != 0)
                return false;
    }
    return true;
}

bool pleats_net_is_linear(const pleats_net *net, const pleats_coordinates *c)
{
    size_t width = (size_t)c->k + 1;
    for (size_t i = 1; i <= (size_t)c->n_inputs; i++)
        if (mpz_sgn(c->num[i * width - 1]) != 0)
            return false;
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) ? !has_no_bias(s) : !bends_at_zero(s))
            return false;
    }
    return true;
}
