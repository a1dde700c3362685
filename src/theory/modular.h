/* Linear algebra modulo the prime 2^61 - 1, with generic filters.
 *
 * Entries of random filters are random residues.  Vectors that are independent
 * modulo the prime are independent for almost all real filters: a proof.
 * Vectors that are dependent modulo the prime may be independent for real
 * filters with probability below (their number) / 2^61 [Schwartz 1980,
 * Zippel 1979: the determinant has degree 1 in each vector]. */
#ifndef PLEATS_THEORY_MODULAR_H
#define PLEATS_THEORY_MODULAR_H

#include "base/rng.h"
#include "theory/windows.h"

#define PLEATS_PRIME (((uint64_t)1 << 61) - 1)

uint64_t pleats_mod_multiply(uint64_t a, uint64_t b);
uint64_t pleats_mod_inverse(uint64_t a); /* a not 0 */

/* row -= scale * by, n entries. */
void pleats_mod_reduce(uint64_t *row, const uint64_t *by, uint64_t scale,
                       pleats_idx n);

/* A stack of independent vectors, in echelon form. */
typedef struct {
    pleats_idx n_columns, rank, most;
    uint64_t *row;     /* [most x n_columns], entry 1 at the pivot */
    pleats_idx *pivot; /* [most] */
} pleats_echelon;

PLEATS_NODISCARD pleats_status pleats_echelon_init(pleats_ctx *ctx,
                                                   pleats_echelon *echelon,
                                                   pleats_idx n_columns);
void pleats_echelon_clear(pleats_ctx *ctx, pleats_echelon *echelon);
/* Whether `row` [n_columns], which is destroyed, is independent of the
 * vectors; it then is one of them.  Cost: rank x n_columns. */
bool pleats_echelon_push(pleats_echelon *echelon, uint64_t *row);
static inline void pleats_echelon_pop(pleats_echelon *echelon)
{
    echelon->rank--;
}

/* The normals of the neurons of a component under random shared filters. */
typedef struct {
    pleats_idx n_windows, n_taps, n_columns;
    int64_t channels, n_filters;
    pleats_idx *column; /* [n_windows x n_taps] first column of the cell that
                           tap reads, -1: padding */
    uint64_t *weight;   /* [n_filters x n_taps x channels] */
} pleats_normals;

PLEATS_NODISCARD pleats_status pleats_normals_init(
    pleats_ctx *ctx, pleats_normals *normals, const pleats_taps *taps,
    const pleats_component *component, int64_t channels, int64_t n_filters);
void pleats_normals_clear(pleats_ctx *ctx, pleats_normals *normals);
/* New filters. */
void pleats_normals_draw(pleats_normals *normals, pleats_rng *rng);
/* row [n_columns] of a neuron. */
void pleats_normals_row(const pleats_normals *normals, int64_t filter,
                        pleats_idx window, uint64_t *row);

#endif
