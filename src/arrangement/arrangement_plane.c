#include "arrangement/arrangement_plane.h"

#include <string.h>

enum { BLOCK = 4096, LONG = 512 };

pleats_status pleats_plane_init(pleats_ctx *ctx, pleats_plane *plane,
                                const pleats_moduli *moduli, size_t n)
{
    pleats_status status = PLEATS_OK;
    plane->moduli = moduli;
    plane->room = n + BLOCK;
    size_t words = plane->room * (size_t)moduli->n_fields;
    TRY(pleats_alloc(ctx, words, sizeof *plane->over, &plane->over));
    TRY(pleats_alloc(ctx, words, sizeof *plane->under, &plane->under));
    TRY(pleats_alloc(ctx, plane->room + 64, sizeof *plane->spare,
                     &plane->spare));
    TRY(pleats_alloc(ctx, n, sizeof *plane->end, &plane->end));
    TRY(pleats_distinct_init(ctx, &plane->distinct, n));
    if (moduli->n_fields == 1 && moduli->is_certain && moduli->field->inverse)
        TRY(pleats_alloc(ctx, moduli->field->p + 1, sizeof *plane->last,
                         &plane->last));
done:
    return status;
}

void pleats_plane_clear(pleats_ctx *ctx, pleats_plane *plane)
{
    pleats_release(ctx, plane->over);
    pleats_release(ctx, plane->under);
    pleats_release(ctx, plane->spare);
    pleats_release(ctx, plane->end);
    pleats_distinct_clear(ctx, &plane->distinct);
    pleats_release(ctx, plane->last);
}

/* Writes the differences of line i and the lines j before it from `at` on,
 * without those of parallel lines, and returns where they end.  A pair that is
 * parallel modulo some primes only is beyond these primes. */
static inline __attribute__((always_inline)) size_t
differences(pleats_plane *plane, const pleats_residues *lines,
            pleats_idx n_fields, size_t i, size_t at, bool *is_stuck)
{
    size_t room = plane->room;
    for (size_t j = 0; j < i; j++) {
        pleats_idx n_zero = 0;
        for (pleats_idx f = 0; f < n_fields; f++) {
            const pleats_field *field = &plane->moduli->field[f];
            const uint64_t *y = pleats_residues_column(lines, f, 1);
            const uint64_t *b = pleats_residues_column(lines, f, 2);
            uint64_t run = pleats_field_sub(field, y[j], y[i]);
            plane->under[(size_t)f * room + at] = run;
            plane->over[(size_t)f * room + at] =
                pleats_field_sub(field, b[j], b[i]);
            n_zero += run == 0;
        }
        at += n_zero == 0;
        if (n_zero && (n_zero < n_fields || !plane->moduli->is_certain))
            *is_stuck = true;
    }
    return at;
}

/* How many different points are in `over` from `from` to `to`. */
static size_t n_different(pleats_plane *plane, size_t from, size_t to,
                          bool *is_stuck)
{
    const pleats_moduli *moduli = plane->moduli;
    size_t n = to - from, n_kept;
    const uint64_t *value = plane->over + from;
    if (moduli->n_fields == 1)
        n_kept = pleats_distinct_words(&plane->distinct, n, value);
    else
        n_kept =
            pleats_distinct_tuples(&plane->distinct, n, value, value,
                                   plane->room, (size_t)moduli->n_fields, NULL);
    if (n_kept < n && !moduli->is_certain)
        *is_stuck = true;
    return n_kept;
}

/* Lines from `*first` on, as many as there is room for. */
static uint64_t slanted_block(pleats_plane *plane, const pleats_residues *lines,
                              size_t *first, size_t n, bool *is_stuck)
{
    const pleats_moduli *moduli = plane->moduli;
    uint64_t points = 0;
    size_t at = 0, i = *first;
    for (; i < n && at + i <= plane->room; i++) {
        at = moduli->n_fields == 1
                 ? differences(plane, lines, 1, i, at, is_stuck)
                 : differences(plane, lines, moduli->n_fields, i, at, is_stuck);
        plane->end[i] = (uint32_t)at;
    }
    for (pleats_idx f = 0; f < moduli->n_fields; f++) {
        uint64_t *over = plane->over + (size_t)f * plane->room;
        uint64_t *under = plane->under + (size_t)f * plane->room;
        pleats_field_invert(&moduli->field[f], at, under, plane->spare);
        for (size_t t = 0; t < at; t++)
            over[t] = pleats_field_mul(&moduli->field[f], over[t], under[t]);
    }
    for (size_t from = 0; *first < i; from = plane->end[(*first)++])
        points += n_different(plane, from, plane->end[*first], is_stuck);
    return points;
}

/* The number of the next line for `last`. */
static uint32_t next_line(pleats_plane *plane)
{
    if (++plane->n_seen == 0) {
        size_t bytes = (plane->moduli->field->p + 1) * sizeof *plane->last;
        memset(plane->last, 0, bytes);
        plane->n_seen = 1;
    }
    return plane->n_seen;
}

/* The points of slanted line i with those before it, modulo one small prime:
 * quotients are told apart by a look at `last`, where parallel lines go to the
 * entry beyond the quotients. */
static uint64_t on_slanted(pleats_plane *plane, const pleats_residues *lines,
                           size_t i)
{
    const pleats_field field = *plane->moduli->field;
    const uint64_t *y = pleats_residues_column(lines, 0, 1);
    const uint64_t *b = pleats_residues_column(lines, 0, 2);
    uint64_t y_i = y[i], b_i = b[i], points = 0;
    uint32_t line = next_line(plane), *last = plane->last;
    last[field.p] = line;
    for (size_t j = 0; j < i; j++) {
        uint64_t run = pleats_field_sub(&field, y[j], y_i);
        uint64_t rise = pleats_field_sub(&field, b[j], b_i);
        uint64_t at = pleats_field_mul(&field, rise, field.inverse[run]);
        at = run ? at : field.p;
        points += last[at] != line;
        last[at] = line;
    }
    return points;
}

/* The same for upright line i, (0, 1, b), which meets each of the n slanted
 * ones. */
static uint64_t on_upright_small(pleats_plane *plane,
                                 const pleats_residues *lines, size_t n,
                                 size_t i)
{
    const pleats_field field = *plane->moduli->field;
    const uint64_t *y = pleats_residues_column(lines, 0, 1);
    const uint64_t *b = pleats_residues_column(lines, 0, 2);
    uint64_t b_i = b[i], points = 0;
    uint32_t line = next_line(plane), *last = plane->last;
    for (size_t j = 0; j < n; j++) {
        uint64_t fall = pleats_field_mul(&field, y[j], b_i);
        uint64_t at = pleats_field_sub(&field, b[j], fall);
        points += last[at] != line;
        last[at] = line;
    }
    return points;
}

/* Line i, (0, 1, b), meets the slanted ones where their value for -b differs.
 */
static size_t on_upright(pleats_plane *plane, const pleats_residues *lines,
                         size_t n_slanted, size_t i, bool *is_stuck)
{
    for (pleats_idx f = 0; f < plane->moduli->n_fields; f++) {
        const pleats_field *field = &plane->moduli->field[f];
        const uint64_t *y = pleats_residues_column(lines, f, 1);
        const uint64_t *b = pleats_residues_column(lines, f, 2);
        uint64_t *over = plane->over + (size_t)f * plane->room;
        for (size_t j = 0; j < n_slanted; j++)
            over[j] = pleats_field_sub(field, b[j],
                                       pleats_field_mul(field, y[j], b[i]));
    }
    return n_different(plane, 0, n_slanted, is_stuck);
}

pleats_status pleats_plane_points(pleats_ctx *ctx, pleats_plane *plane,
                                  const pleats_residues *lines,
                                  size_t n_slanted, uint64_t *points,
                                  bool *is_stuck)
{
    pleats_status status = PLEATS_OK;
    bool is_long = lines->n > LONG;
    bool has_parallel_uprights = lines->n > n_slanted + 1;
    *is_stuck |= has_parallel_uprights && !plane->moduli->is_certain;
    for (size_t i = 1; i < n_slanted && !*is_stuck;) {
        *points += plane->last
                       ? on_slanted(plane, lines, i++)
                       : slanted_block(plane, lines, &i, n_slanted, is_stuck);
        if (is_long)
            TRY(pleats_check_stop(ctx));
    }
    for (size_t i = n_slanted; i < lines->n && !*is_stuck; i++) {
        *points += plane->last
                       ? on_upright_small(plane, lines, n_slanted, i)
                       : on_upright(plane, lines, n_slanted, i, is_stuck);
        if (is_long)
            TRY(pleats_check_stop(ctx));
    }
done:
    return status;
}
