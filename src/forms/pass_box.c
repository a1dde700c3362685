/* Through a step of units in a box of a plane: pieces, bounds and the sums
 * behind the step in one look at the sums before it. */
#include "forms/columns.h"

#include "base/wide.h"

/* What is the same for all units of a step in a box of a plane. */
typedef struct {
    double x, y, z, x_half, y_half, z_half, gamma;
    bool has_tiny, passing; /* the piece on which they pass their form on */
} surroundings;

PLEATS_WITHIN surroundings find_surroundings(const pleats_columns *c,
                                             double gamma,
                                             const pleats_form_box *box)
{
    return (surroundings){
        .x = box->centre[0],
        .y = box->centre[1],
        .z = box->centre[2],
        .x_half = box->half[0],
        .y_half = box->half[1],
        .z_half = box->half[2],
        .gamma = gamma,
        .has_tiny = c->has_tiny,
        .passing = c->passing > 0,
    };
}

/* ---- by vectors of four ---- */

#define LANES 4
#include "base/kind.h"

#include "forms/look_at_sums.h"
#include "forms/plane_sums.h"

/* All units; the terms of those that pass their form on, and how many they are;
 * *any: whether one may be open.  No branch on a single unit, which would be
 * guessed wrongly. */
PLEATS_WITHIN size_t list_terms(const pleats_columns *c,
                                const surroundings *around,
                                const double *restrict from,
                                pleats_idx *restrict piece,
                                double *restrict bound,
                                pleats_column_term *restrict term, bool *any)
{
    const surroundings at = *around;
    const pleats_column_term *all = c->term;
    const size_t n_out = (size_t)c->behind->units->n_out;
    const size_t apart = pleats_columns_rows(c), rest = n_out % LANES;
    four_bits passes, open = {0};
    pleats_idx last[LANES];
    size_t n = 0;
    for (size_t i = 0; i < n_out; i += LANES) {
        look_four(&at, from + i, apart, i + LANES <= n_out ? piece + i : last,
                  bound + i, &passes, &open);
        for (size_t j = 0; j < LANES; j++) {
            term[n] = all[i + j];
            n -= (size_t)passes[j];
        }
    }
    for (size_t i = 0; i < rest; i++)
        piece[n_out - rest + i] = last[i];
    *any = open[0] | open[1] | open[2] | open[3];
    return n;
}

PLEATS_WIDE
static bool pass_by_fours(const pleats_columns *c, double gamma,
                          const pleats_form_box *box, pleats_idx *piece,
                          const pleats_noted *room, const double *from,
                          double *sum)
{
    const surroundings at = find_surroundings(c, gamma, box);
    bool any;
    const size_t n =
        list_terms(c, &at, from, piece, room->bound, room->term, &any);
    sum_terms_four(c->behind, gamma, n, room->term, from,
                   pleats_columns_rows(c), room->bound, true, sum);
    return any;
}

/* ---- by vectors of eight: a list of terms would take longer than sums ---- */

#undef LANES
#define LANES 8
#include "base/kind.h"

#include "forms/look_at_sums.h"
#include "forms/plane_sums.h"

/* Units of a word. */
enum { WORD = PLEATS_UNITS_OF_A_WORD };

/* All bits of a vector's numbers. */
PLEATS_WITHIN uint64_t any_bits(const eight_bits *x)
{
    const four_bits *half = (const four_bits *)x, all = half[0] | half[1];
    return (uint64_t)(all[0] | all[1] | all[2] | all[3]);
}

/* All units; the bits of those that pass their form on; whether one may be
 * open. */
PLEATS_EIGHTS
static bool look_by_eights(const pleats_columns *c, double gamma,
                           const pleats_form_box *box,
                           const double *restrict from,
                           pleats_idx *restrict piece, double *restrict bound,
                           uint64_t *restrict word)
{
    const size_t n_out = (size_t)c->behind->units->n_out;
    const size_t apart = pleats_columns_rows(c), rest = n_out % LANES;
    const surroundings at = find_surroundings(c, gamma, box);
    eight_bits passes, open = {0};
    pleats_idx last[LANES];
    for (size_t i = 0; i < n_out; i += WORD) {
        const size_t end = i + WORD < n_out ? i + WORD : n_out;
        eight_bits bit = {1, 2, 4, 8, 16, 32, 64, 128}, bits = {0};
        for (size_t j = i; j < end; j += LANES, bit <<= LANES) {
            look_eight(&at, from + j, apart,
                       j + LANES <= n_out ? piece + j : last, bound + j,
                       &passes, &open);
            bits |= bit & passes;
        }
        word[i / WORD] = any_bits(&bits);
    }
    for (size_t i = 0; i < rest; i++)
        piece[n_out - rest + i] = last[i];
    return any_bits(&open);
}

/* n vectors of rows from `row` on get the units of word i; with the first one
 * they begin.  To be inlined with that known. */
PLEATS_WITHIN void add_word(const pleats_columns *c, double gamma,
                            const pleats_noted *found, size_t i, bool is_first,
                            const double *from, size_t row, size_t n,
                            double *sum)
{
    const pleats_columns *to = c->behind;
    const size_t apart = pleats_columns_rows(c), rows = pleats_columns_rows(to);
    const double *weight = to->weight + i * WORD * rows + row;
    const double *bound = found->bound + i * WORD;
    sums_eight sums;
    if (is_first)
        start_sums_eight(to->bias + row, to->bias_size + row, gamma, n, &sums);
    else
        load_sums_eight(sum + row, rows, n, &sums);
    from += i * WORD;
    for (uint64_t left = found->word[i]; left; left &= left - 1) {
        const size_t unit = (size_t)__builtin_ctzll(left);
        add_term_eight(weight + unit * rows, from + unit, apart, bound + unit,
                       n, &sums);
    }
    store_sums_eight(&sums, rows, n, sum + row);
}

/* The units of word i, for all rows. */
PLEATS_WITHIN void add_to_rows(const pleats_columns *c, double gamma,
                               const pleats_noted *found, size_t i,
                               bool is_first, const double *from, double *sum)
{
    const size_t rows = pleats_columns_rows(c->behind);
    size_t row = 0;
    for (; row + 2 * LANES <= rows; row += 2 * LANES)
        add_word(c, gamma, found, i, is_first, from, row, 2, sum);
    if (row < rows)
        add_word(c, gamma, found, i, is_first, from, row, 1, sum);
}

PLEATS_EIGHTS
static void add_by_eights(const pleats_columns *c, double gamma,
                          const pleats_noted *found, const double *from,
                          double *sum)
{
    const size_t n_out = (size_t)c->behind->units->n_out;
    add_to_rows(c, gamma, found, 0, true, from, sum);
    for (size_t i = 1; i * WORD < n_out; i++)
        add_to_rows(c, gamma, found, i, false, from, sum);
}

bool pleats_columns_pass_box(const pleats_columns *c, const pleats_forms *f,
                             const pleats_form_box *box, pleats_idx *piece,
                             const pleats_noted *room, const double *from,
                             double *sum)
{
    bool any;
    if (pleats_has_eights()) {
        any = look_by_eights(c, f->gamma, box, from, piece, room->bound,
                             room->word);
        add_by_eights(c, f->gamma, room, from, sum);
    } else {
        any = pass_by_fours(c, f->gamma, box, piece, room, from, sum);
    }
    pleats_columns_perturb(c->behind, f, sum);
    return any;
}
