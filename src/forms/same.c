#include "forms/same.h"

#include "base/hash.h"

/* Value numbering: every scalar is looked up by what it is made of. */
typedef struct {
    const pleats_net *net;
    const pleats_coordinates *coordinates;
    pleats_idx *same; /* [n_scalars], below the scalar in question */
    bool *is_zero;    /* [n_inputs] */
    uint64_t *hash;   /* [n_scalars] */
    pleats_idx *next; /* [n_scalars] + 1 of the next in a bucket */
    pleats_idx *bucket;
    size_t size; /* of bucket, a power of two */
    pleats_idx *scratch[2];
} numbering;

static const pleats_step *step_of(const pleats_net *net, pleats_idx scalar)
{
    pleats_idx lo = 0, hi = net->n_steps;
    while (lo < hi) {
        pleats_idx mid = lo + (hi - lo) / 2;
        if (net->step[mid].out + net->step[mid].n_out > scalar)
            hi = mid;
        else
            lo = mid + 1;
    }
    return &net->step[lo];
}

static bool counts(const numbering *x, const pleats_row *row, pleats_idx j)
{
    pleats_idx in = row->in[j];
    return in >= 0 && row->weight[j] != 0 &&
           !(in < x->net->n_inputs && x->is_zero[in]);
}

static uint64_t hash_row(const numbering *x, const pleats_row *row)
{
    uint64_t hash = pleats_hash_add_double(1, row->bias);
    hash = pleats_hash_add_double(hash, row->divisor);
    for (pleats_idx j = 0; j < row->n; j++) {
        if (!counts(x, row, j))
            continue;
        hash = pleats_hash_add(hash, (uint64_t)x->same[row->in[j]]);
        hash = pleats_hash_add_double(hash, row->weight[j]);
    }
    return hash;
}

static bool equal_rows(const numbering *x, const pleats_row *a,
                       const pleats_row *b)
{
    pleats_idx i = 0, j = 0;
    if (a->bias != b->bias || a->divisor != b->divisor)
        return false;
    for (;;) {
        while (i < a->n && !counts(x, a, i))
            i++;
        while (j < b->n && !counts(x, b, j))
            j++;
        if (i == a->n || j == b->n)
            return i == a->n && j == b->n;
        if (a->weight[i] != b->weight[j] ||
            x->same[a->in[i]] != x->same[b->in[j]])
            return false;
        i++, j++;
    }
}

/* What unit i of a step reads. */
static const pleats_idx *sources(const pleats_step *s, pleats_idx i,
                                 pleats_idx *n)
{
    if (s->kind == PLEATS_STEP_PL) {
        *n = 1;
        return &s->in[i];
    }
    *n = s->start[i + 1] - s->start[i];
    return s->in + s->start[i];
}

static uint64_t hash_unit(const numbering *x, const pleats_step *s,
                          pleats_idx i)
{
    pleats_idx n;
    const pleats_idx *in = sources(s, i, &n);
    uint64_t hash = pleats_hash_add(2, (uint64_t)(uintptr_t)s);
    for (pleats_idx j = 0; j < n; j++)
        hash = pleats_hash_add(hash, (uint64_t)x->same[in[j]]);
    return hash;
}

/* Units of one step only: of one function, or one kind of extremum. */
static bool equal_units(const numbering *x, const pleats_step *s, pleats_idx a,
                        pleats_idx b)
{
    pleats_idx n, m;
    const pleats_idx *p = sources(s, a, &n), *q = sources(s, b, &m);
    if (n != m || (s->kind == PLEATS_STEP_PL &&
                   pleats_step_function(s, a) != pleats_step_function(s, b)))
        return false;
    for (pleats_idx j = 0; j < n; j++)
        if (x->same[p[j]] != x->same[q[j]])
            return false;
    return true;
}

static bool equal_inputs(const numbering *x, pleats_idx a, pleats_idx b)
{
    size_t width = (size_t)x->coordinates->k + 1;
    const mpz_t *num = (const mpz_t *)x->coordinates->num;
    for (size_t c = 0; c < width; c++)
        if (mpz_cmp(num[(size_t)a * width + c], num[(size_t)b * width + c]) !=
            0)
            return false;
    return true;
}

static bool are_equal(const numbering *x, pleats_idx a, pleats_idx b)
{
    pleats_idx inputs = x->net->n_inputs;
    if (a < inputs || b < inputs)
        return a < inputs && b < inputs && equal_inputs(x, a, b);
    const pleats_step *s = step_of(x->net, a), *t = step_of(x->net, b);
    if (!pleats_step_is_affine(s))
        return s == t && equal_units(x, s, a - s->out, b - s->out);
    if (!pleats_step_is_affine(t))
        return false;
    pleats_row p = pleats_step_row(s, a - s->out, x->scratch[0]);
    pleats_row q = pleats_step_row(t, b - t->out, x->scratch[1]);
    return equal_rows(x, &p, &q);
}

/* Finds the first scalar that equals `scalar`, or enters it. */
static void number(numbering *x, pleats_idx scalar, uint64_t hash)
{
    pleats_idx *head = &x->bucket[hash & (x->size - 1)];
    x->hash[scalar] = hash;
    for (pleats_idx j = *head; j > 0; j = x->next[j - 1])
        if (x->hash[j - 1] == hash && are_equal(x, j - 1, scalar)) {
            x->same[scalar] = j - 1;
            return;
        }
    x->same[scalar] = scalar;
    x->next[scalar] = *head;
    *head = scalar + 1;
}

static pleats_status number_inputs(pleats_ctx *ctx, numbering *x)
{
    pleats_status status = PLEATS_OK;
    size_t width = (size_t)x->coordinates->k + 1;
    for (pleats_idx i = 0; i < x->net->n_inputs; i++) {
        uint64_t hash = 3;
        x->is_zero[i] = true;
        for (size_t c = 0; c < width; c++) {
            mpz_srcptr z = x->coordinates->num[(size_t)i * width + c];
            uint64_t low = mpz_get_ui(z) ^ ((uint64_t)(mpz_sgn(z) < 0) << 63);
            hash = pleats_hash_add(hash, low);
            x->is_zero[i] = x->is_zero[i] && mpz_sgn(z) == 0;
        }
        number(x, i, hash);
        TRY(pleats_check_work(ctx, 8 * width));
    }
done:
    return status;
}

static pleats_status number_step(pleats_ctx *ctx, numbering *x,
                                 const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    for (pleats_idx i = 0; i < s->n_out; i++) {
        if (pleats_step_is_affine(s)) {
            pleats_row row = pleats_step_row(s, i, x->scratch[0]);
            number(x, s->out + i, hash_row(x, &row));
            TRY(pleats_check_work(ctx, 4 * (size_t)row.n));
        } else {
            number(x, s->out + i, hash_unit(x, s, i));
            TRY(pleats_check_work(ctx, 32));
        }
    }
done:
    return status;
}

pleats_status pleats_net_find_same(pleats_ctx *ctx, const pleats_net *net,
                                   const pleats_coordinates *coordinates,
                                   pleats_idx *same)
{
    pleats_status status = PLEATS_OK;
    numbering x = {
        .net = net, .coordinates = coordinates, .same = same, .size = 1};
    size_t n = (size_t)net->n_scalars,
           terms = (size_t)pleats_net_row_terms(net);
    while (x.size < 2 * n)
        x.size *= 2;
    TRY(pleats_alloc(ctx, (size_t)net->n_inputs, sizeof *x.is_zero,
                     &x.is_zero));
    TRY(pleats_alloc(ctx, n, sizeof *x.hash, &x.hash));
    TRY(pleats_alloc(ctx, n, sizeof *x.next, &x.next));
    TRY(pleats_alloc(ctx, x.size, sizeof *x.bucket, &x.bucket));
    for (size_t i = 0; i < 2; i++)
        TRY(pleats_alloc(ctx, terms, sizeof *x.scratch[i], &x.scratch[i]));
    TRY(number_inputs(ctx, &x));
    for (pleats_idx i = 0; i < net->n_steps; i++)
        TRY(number_step(ctx, &x, &net->step[i]));
done:
    pleats_release(ctx, x.is_zero);
    pleats_release(ctx, x.hash);
    pleats_release(ctx, x.next);
    pleats_release(ctx, x.bucket);
    pleats_release(ctx, x.scratch[0]);
    pleats_release(ctx, x.scratch[1]);
    return status;
}
