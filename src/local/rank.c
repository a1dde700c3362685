#include "local/rank.h"

#include "exact/integers.h"

/* Residues modulo 2^31 - 1. */
#define PRIME ((uint64_t)2147483647)

static uint64_t fold(uint64_t x)
{
    x = (x & PRIME) + (x >> 31);
    x = (x & PRIME) + (x >> 31);
    return x >= PRIME ? x - PRIME : x;
}

static uint64_t inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t e = PRIME - 2; e; e >>= 1, a = fold(a * a))
        if (e & 1)
            result = fold(result * a);
    return result;
}

/* 2 has order 31. */
static uint64_t residue(double x)
{
    pleats_dyadic d = pleats_dyadic_of(x);
    bool negative = d.mantissa < 0;
    uint64_t m = fold((uint64_t)(negative ? -d.mantissa : d.mantissa));
    int shift = (d.exponent % 31 + 31) % 31;
    m = fold(m << shift);
    return negative && m ? PRIME - m : m;
}

/* row [n_inputs] = the gradient of a scalar; adjoint [n_scalars] comes zeroed
 * and leaves so. */
static bool gradient(const pleats_net *net, pleats_idx scalar,
                     uint64_t *adjoint, pleats_idx *scratch, uint64_t *row)
{
    bool sound = true;
    adjoint[scalar] = 1;
    for (pleats_idx i = net->n_steps - 1; i >= 0; i--) {
        const pleats_step *s = &net->step[i];
        if (s->out > scalar)
            continue;
        for (pleats_idx u = 0; u < s->n_out; u++) {
            uint64_t by = adjoint[s->out + u];
            adjoint[s->out + u] = 0;
            if (by == 0)
                continue;
            pleats_row r = pleats_step_row(s, u, scratch);
            uint64_t divisor = residue(r.divisor);
            sound = sound && divisor != 0;
            by = r.divisor == 1 ? by : fold(by * inverse(divisor));
            for (pleats_idx j = 0; j < r.n; j++)
                if (r.in[j] >= 0)
                    adjoint[r.in[j]] =
                        fold(adjoint[r.in[j]] + by * residue(r.weight[j]));
        }
    }
    for (pleats_idx j = 0; j < net->n_inputs; j++) {
        row[j] = adjoint[j];
        adjoint[j] = 0;
    }
    return sound;
}

/* row += factor * by, from column `first` on */
PLEATS_WIDE
static void add_multiple(uint64_t *row, const uint64_t *by, uint64_t factor,
                         pleats_idx first, pleats_idx n)
{
    for (pleats_idx c = first; c < n; c++) {
        uint64_t x = row[c] + factor * by[c];
        x = (x & PRIME) + (x >> 31);
        row[c] = (x & PRIME) + (x >> 31);
    }
}

/* Entries are below 2^31 but may be PRIME for 0. */
static bool has_full_rank(uint64_t *matrix, pleats_idx n, pleats_idx columns)
{
    for (pleats_idx i = 0; i < n; i++) {
        uint64_t *row = matrix + (size_t)i * (size_t)columns;
        pleats_idx pivot = 0;
        while (pivot < columns && fold(row[pivot]) == 0)
            pivot++;
        if (pivot == columns)
            return false;
        uint64_t lead = inverse(fold(row[pivot]));
        for (pleats_idx o = i + 1; o < n; o++) {
            uint64_t *other = matrix + (size_t)o * (size_t)columns;
            uint64_t factor = fold(fold(other[pivot]) * lead);
            if (factor)
                add_multiple(other, row, PRIME - factor, pivot, columns);
        }
    }
    return true;
}

pleats_status pleats_are_independent(pleats_ctx *ctx, const pleats_net *net,
                                     pleats_idx n, const pleats_idx *scalar,
                                     bool *independent)
{
    pleats_status status = PLEATS_OK;
    uint64_t *matrix = NULL, *adjoint = NULL;
    pleats_idx *scratch = NULL;
    *independent = n <= net->n_inputs;
    if (!*independent)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)n * (size_t)net->n_inputs, sizeof *matrix,
                     &matrix));
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *adjoint, &adjoint));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net) + 2,
                     sizeof *scratch, &scratch));
    for (pleats_idx i = 0; i < n && *independent; i++)
        *independent = gradient(net, scalar[i], adjoint, scratch,
                                matrix + (size_t)i * (size_t)net->n_inputs);
    if (*independent)
        *independent = has_full_rank(matrix, n, net->n_inputs);
done:
    pleats_release(ctx, matrix);
    pleats_release(ctx, adjoint);
    pleats_release(ctx, scratch);
    return status;
}
