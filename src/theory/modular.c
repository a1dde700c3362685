#include "theory/modular.h"

#include "exact/int128.h"

#include <string.h>

static uint64_t fold(pleats_uint128 x)
{
    uint64_t sum = (uint64_t)(x & PLEATS_PRIME) + (uint64_t)(x >> 61);
    return sum >= PLEATS_PRIME ? sum - PLEATS_PRIME : sum;
}

uint64_t pleats_mod_multiply(uint64_t a, uint64_t b)
{
    return fold((pleats_uint128)a * b);
}

/* Fermat: a^(p-2). */
uint64_t pleats_mod_inverse(uint64_t a)
{
    uint64_t result = 1;
    for (uint64_t e = PLEATS_PRIME - 2; e > 0; e >>= 1) {
        if (e & 1)
            result = pleats_mod_multiply(result, a);
        a = pleats_mod_multiply(a, a);
    }
    return result;
}

void pleats_mod_reduce(uint64_t *row, const uint64_t *by, uint64_t scale,
                       pleats_idx n)
{
    uint64_t minus = scale ? PLEATS_PRIME - scale : 0;
    for (pleats_idx i = 0; i < n; i++)
        row[i] = fold((pleats_uint128)minus * by[i] + row[i]);
}

pleats_status pleats_echelon_init(pleats_ctx *ctx, pleats_echelon *echelon,
                                  pleats_idx n_columns)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)n_columns;
    *echelon = (pleats_echelon){.n_columns = n_columns, .most = n_columns};
    TRY(pleats_alloc(ctx, n * n, sizeof *echelon->row, &echelon->row));
    TRY(pleats_alloc(ctx, n, sizeof *echelon->pivot, &echelon->pivot));
done:
    return status;
}

void pleats_echelon_clear(pleats_ctx *ctx, pleats_echelon *echelon)
{
    pleats_release(ctx, echelon->row);
    pleats_release(ctx, echelon->pivot);
    *echelon = (pleats_echelon){0};
}

bool pleats_echelon_push(pleats_echelon *echelon, uint64_t *row)
{
    const pleats_idx n = echelon->n_columns;
    pleats_idx pivot = 0;
    for (pleats_idx i = 0; i < echelon->rank; i++) {
        uint64_t scale = row[echelon->pivot[i]];
        if (scale)
            pleats_mod_reduce(row, echelon->row + (size_t)i * (size_t)n, scale,
                              n);
    }
    while (pivot < n && row[pivot] == 0)
        pivot++;
    if (pivot == n)
        return false;
    uint64_t inverse = pleats_mod_inverse(row[pivot]);
    uint64_t *kept = echelon->row + (size_t)echelon->rank * (size_t)n;
    for (pleats_idx i = 0; i < n; i++)
        kept[i] = pleats_mod_multiply(row[i], inverse);
    echelon->pivot[echelon->rank++] = pivot;
    return true;
}

/* Cells get columns as they are first met. */
static pleats_status number_columns(pleats_ctx *ctx, pleats_normals *normals,
                                    const pleats_taps *taps,
                                    const pleats_component *component)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *number = NULL;
    int64_t n = 0;
    TRY(pleats_alloc(ctx, (size_t)taps->n_cells, sizeof *number, &number));
    for (pleats_idx w = 0; w < component->n_windows; w++)
        for (pleats_idx k = 0; k < taps->n_taps; k++) {
            pleats_idx cell = taps->cell[(size_t)component->position[w] *
                                             (size_t)taps->n_taps +
                                         (size_t)k];
            if (cell >= 0 && number[cell] == 0)
                number[cell] = (pleats_idx)++n;
            normals->column[w * taps->n_taps + k] =
                cell < 0 ? -1
                         : (pleats_idx)((number[cell] - 1) * normals->channels);
        }
    normals->n_columns = (pleats_idx)(n * normals->channels);
done:
    pleats_release(ctx, number);
    return status;
}

pleats_status pleats_normals_init(pleats_ctx *ctx, pleats_normals *normals,
                                  const pleats_taps *taps,
                                  const pleats_component *component,
                                  int64_t channels, int64_t n_filters)
{
    pleats_status status = PLEATS_OK;
    size_t n_taps = (size_t)taps->n_taps;
    *normals = (pleats_normals){.n_windows = component->n_windows,
                                .n_taps = taps->n_taps,
                                .channels = channels,
                                .n_filters = n_filters};
    if ((double)taps->n_cells * (double)channels > 1 << 16 ||
        (double)n_taps * (double)channels * (double)n_filters > 1 << 26)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "more than 2^16 inputs or 2^26 filter entries are "
                           "too many for exact ranks");
    TRY(pleats_alloc(ctx, (size_t)component->n_windows * n_taps,
                     sizeof *normals->column, &normals->column));
    TRY(number_columns(ctx, normals, taps, component));
    TRY(pleats_alloc(ctx, n_taps * (size_t)channels * (size_t)n_filters,
                     sizeof *normals->weight, &normals->weight));
done:
    if (status != PLEATS_OK)
        pleats_normals_clear(ctx, normals);
    return status;
}

void pleats_normals_clear(pleats_ctx *ctx, pleats_normals *normals)
{
    pleats_release(ctx, normals->column);
    pleats_release(ctx, normals->weight);
    *normals = (pleats_normals){0};
}

void pleats_normals_draw(pleats_normals *normals, pleats_rng *rng)
{
    int64_t n = normals->n_filters * normals->n_taps * normals->channels;
    for (int64_t i = 0; i < n; i++)
        normals->weight[i] = pleats_rng_below(rng, PLEATS_PRIME);
}

void pleats_normals_row(const pleats_normals *normals, int64_t filter,
                        pleats_idx window, uint64_t *row)
{
    const size_t taps = (size_t)normals->n_taps,
                 channels = (size_t)normals->channels;
    const pleats_idx *column = normals->column + (size_t)window * taps;
    const uint64_t *weight = normals->weight + (size_t)filter * taps * channels;
    memset(row, 0, (size_t)normals->n_columns * sizeof *row);
    for (size_t k = 0; k < taps; k++)
        if (column[k] >= 0)
            memcpy(row + column[k], weight + k * channels,
                   channels * sizeof *row);
}
