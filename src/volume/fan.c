#include "volume/fan.h"

#include <string.h>

void pleats_fan_clear(pleats_ctx *ctx, pleats_fan *f)
{
    pleats_release(ctx, f->set);
    pleats_release(ctx, f->face);
    pleats_release(ctx, f->slot);
    *f = (pleats_fan){0};
}

/* ---- sets of vertices ---- */

static pleats_idx size_of(const pleats_fan *f, const uint64_t *a)
{
    pleats_idx n = 0;
    for (size_t w = 0; w < f->n_words; w++)
        n += (pleats_idx)__builtin_popcountll(a[w]);
    return n;
}

static pleats_idx first_of(const uint64_t *a)
{
    size_t w = 0;
    while (a[w] == 0)
        w++;
    return (pleats_idx)(64 * w) + __builtin_ctzll(a[w]);
}

static bool has(const uint64_t *a, pleats_idx vertex)
{
    return a[vertex / 64] >> (vertex % 64) & 1;
}

static bool is_within(const pleats_fan *f, const uint64_t *a, const uint64_t *b)
{
    bool is = true;
    for (size_t w = 0; w < f->n_words; w++)
        is = is && (a[w] & ~b[w]) == 0;
    return is;
}

/* ---- walls ---- */

/* The vertices on each wall, where they are enough to carry a facet. */
static pleats_status list_walls(pleats_ctx *ctx, pleats_fan *f,
                                const pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    f->n_words = (size_t)c->n / 64 + 1;
    TRY(pleats_grow(ctx, &f->set, &f->set_capacity,
                    ((size_t)c->n_slots + 1) * f->n_words, sizeof *f->set));
    TRY(pleats_grow(ctx, &f->slot, &f->slot_capacity, (size_t)c->n_slots + 1,
                    sizeof *f->slot));
    f->n_sets = 0;
    for (pleats_idx s = 0; s < c->n_slots; s++) {
        uint64_t *set = f->set + f->n_sets * f->n_words;
        memset(set, 0, f->n_words * sizeof *set);
        for (pleats_idx i = 0; i < c->n; i++)
            if (pleats_vertices_walls(c, i)[s / 64] >> (s % 64) & 1)
                set[i / 64] |= (uint64_t)1 << (i % 64);
        f->slot[f->n_sets] = s;
        f->n_sets += size_of(f, set) >= c->dim;
    }
done:
    return status;
}

/* ---- faces ---- */

static uint64_t *face_at(const pleats_fan *f, pleats_idx depth, size_t i)
{
    return f->face + ((size_t)depth * (f->n_sets + 1) + i) * f->n_words;
}

/* Behind the face at `depth`, its intersections with the walls that may be
 * facets: proper ones of enough vertices, each once; their number. */
static size_t intersect(const pleats_fan *f, pleats_idx depth)
{
    const uint64_t *face = face_at(f, depth, 0);
    const pleats_idx least = f->dim - depth, most = size_of(f, face);
    size_t n = 0;
    for (size_t s = 0; s < f->n_sets; s++) {
        uint64_t *cut = face_at(f, depth, n + 1);
        for (size_t w = 0; w < f->n_words; w++)
            cut[w] = face[w] & f->set[s * f->n_words + w];
        const pleats_idx size = size_of(f, cut);
        bool is_new = size >= least && size < most;
        for (size_t i = 1; i <= n && is_new; i++)
            is_new = memcmp(cut, face_at(f, depth, i),
                            f->n_words * sizeof *cut) != 0;
        n += is_new;
    }
    return n;
}

/* Whether no other one of the n different intersections holds number i. */
static bool is_largest(const pleats_fan *f, pleats_idx depth, size_t n,
                       size_t i)
{
    bool is = true;
    for (size_t j = 1; j <= n && is; j++)
        is =
            j == i || !is_within(f, face_at(f, depth, i), face_at(f, depth, j));
    return is;
}

/* A face with one vertex more than its dimension is a simplex. */
static pleats_status place_all(const pleats_fan *f, pleats_idx depth)
{
    pleats_status status = PLEATS_OK;
    const uint64_t *face = face_at(f, depth, 0);
    pleats_idx at = depth;
    for (size_t w = 0; w < f->n_words; w++)
        for (uint64_t left = face[w]; left; left &= left - 1)
            TRY(f->place(f->state, at++,
                         (pleats_idx)(64 * w) + __builtin_ctzll(left)));
done:
    return status;
}

/* The recursion is as deep as the cell has dimensions. */
static pleats_status split(pleats_ctx *ctx, const pleats_fan *f,
                           pleats_idx depth)
{
    pleats_status status = PLEATS_OK;
    const uint64_t *face = face_at(f, depth, 0);
    const pleats_idx apex = first_of(face);
    if (size_of(f, face) == f->dim - depth + 1)
        return place_all(f, depth);
    const size_t n = intersect(f, depth);
    TRY(pleats_check_work(ctx, (uint64_t)n * n * f->n_words + 1));
    TRY(f->place(f->state, depth, apex));
    for (size_t i = 1; i <= n; i++) {
        const uint64_t *facet = face_at(f, depth, i);
        if (has(facet, apex) || !is_largest(f, depth, n, i))
            continue;
        memcpy(face_at(f, depth + 1, 0), facet, f->n_words * sizeof *facet);
        TRY(split(ctx, f, depth + 1));
    }
done:
    return status;
}

pleats_status pleats_fan_out(pleats_ctx *ctx, pleats_fan *f,
                             const pleats_vertices *cell, pleats_fan_fn place,
                             void *state)
{
    pleats_status status = PLEATS_OK;
    f->dim = cell->dim;
    f->place = place;
    f->state = state;
    TRY(list_walls(ctx, f, cell));
    TRY(pleats_grow(ctx, &f->face, &f->face_capacity,
                    ((size_t)f->dim + 1) * (f->n_sets + 1) * f->n_words,
                    sizeof *f->face));
    uint64_t *all = face_at(f, 0, 0);
    memset(all, 0, f->n_words * sizeof *all);
    for (pleats_idx i = 0; i < cell->n; i++)
        all[i / 64] |= (uint64_t)1 << (i % 64);
    TRY(split(ctx, f, 0));
done:
    return status;
}

/* Whether the set of wall i is one facet's: others hold no more of the cell,
 * and earlier ones not the same; walls that hold all of it are none. */
static bool is_facet(const pleats_fan *f, size_t i, pleats_idx n)
{
    const uint64_t *set = f->set + i * f->n_words;
    bool is = size_of(f, set) < n;
    for (size_t j = 0; j < f->n_sets && is; j++) {
        const uint64_t *other = f->set + j * f->n_words;
        const bool within =
            j != i && size_of(f, other) < n && is_within(f, set, other);
        is = !within || (j > i && is_within(f, other, set));
    }
    return is;
}

pleats_status pleats_fan_facets(pleats_ctx *ctx, pleats_fan *f,
                                const pleats_vertices *cell, pleats_idx *slot,
                                pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    f->dim = cell->dim;
    *n = 0;
    TRY(list_walls(ctx, f, cell));
    for (size_t i = 0; i < f->n_sets; i++)
        if (cell->slot[f->slot[i]] != PLEATS_WALL_AT_INFINITY &&
            is_facet(f, i, cell->n))
            slot[(*n)++] = f->slot[i];
done:
    return status;
}
