/* Through a step of units by one kind of vector: see pass_box.c. */
#include "forms/box_signs.h"
#include "forms/plane_sums.h"
#include "forms/sum_bounds.h"

/* A vector of units, whose forms' sums begin at `from`, entries `apart`: their
 * pieces, and the forms' bounds; *passes gets the bits of those that pass their
 * form on, *open -1 where one is open. */
PLEATS_WITHIN void KIND(look)(const surroundings *at, const double *from,
                              size_t apart, const WORDS *bit, pleats_idx *piece,
                              double *bound, WORDS *passes, BITS *open)
{
    const VECTOR x = *(const VECTOR *)from;
    const VECTOR y = *(const VECTOR *)(from + apart);
    const VECTOR z = *(const VECTOR *)(from + 2 * apart);
    const VECTOR off = *(const VECTOR *)(from + 3 * apart);
    const VECTOR x_size = (VECTOR)((BITS)x & INT64_MAX);
    const VECTOR y_size = (VECTOR)((BITS)y & INT64_MAX);
    const VECTOR z_size = (VECTOR)((BITS)z & INT64_MAX);
    const VECTOR size = x_size + y_size + z_size;
    const VECTOR value = x * at->x + y * at->y + z * at->z;
    const VECTOR reach =
        off + x_size * at->x_half + y_size * at->y_half + z_size * at->z_half;
    BITS above, below;
    KIND(tell_signs)(&value, &reach, &above, &below);
    KIND(tell_pieces)(&above, &below, piece);
    KIND(find_bounds)(at->has_tiny, at->gamma, &off, &size, bound);
    *passes |=
        *bit & (((WORDS)above & at->if_above) | ((WORDS)below & at->if_below));
    *open |= ~(above | below);
}

/* All units: the words of bits of those that pass their form on; whether one
 * may be open.  No branch on a single unit, which would be guessed wrongly. */
PLEATS_WITHIN bool KIND(look_at_all)(const pleats_columns *c, double gamma,
                                     const pleats_form_box *box,
                                     const double *restrict from,
                                     pleats_idx *restrict piece,
                                     double *restrict bound,
                                     uint32_t *restrict word)
{
    const size_t n_out = (size_t)c->behind->units->n_out;
    const size_t apart = pleats_columns_rows(c), rest = n_out % LANES;
    const surroundings at = find_surroundings(c, gamma, box);
    BITS open = {0};
    pleats_idx last[LANES];
    for (size_t i = 0; i < n_out; i += WORD) {
        const size_t end = i + WORD < n_out ? i + WORD : n_out;
        WORDS bit = KIND(first_bits), passes = {0};
        for (size_t j = i; j < end; j += LANES, bit <<= LANES)
            KIND(look)
            (&at, from + j, apart, &bit, j + LANES <= n_out ? piece + j : last,
             bound + j, &passes, &open);
        word[i / WORD] = (uint32_t)KIND(any)(&passes);
    }
    for (size_t i = 0; i < rest; i++)
        piece[n_out - rest + i] = last[i];
    return KIND(any)((const WORDS *)&open);
}

/* n vectors of rows of the sums behind, from `row` on, get the units of a word,
 * whose columns and forms begin at `weight` and `from`; is_start: they begin
 * with these.  To be inlined with that known. */
PLEATS_WITHIN void KIND(add_word)(const pleats_columns *c, double gamma,
                                  uint32_t word, const double *weight,
                                  const double *from, size_t apart,
                                  const double *bound, bool is_start,
                                  size_t row, size_t n, double *sum)
{
    const size_t rows = pleats_columns_rows(c);
    KIND(sums) sums;
    if (is_start)
        KIND(start_sums)(c->bias + row, c->bias_size + row, gamma, n, &sums);
    else
        KIND(load_sums)(sum + row, rows, n, &sums);
    for (; word; word &= word - 1) {
        const size_t i = (size_t)__builtin_ctz(word);
        KIND(add_term)
        (weight + i * rows + row, from + i, apart, bound + i, n, &sums);
    }
    KIND(store_sums)(&sums, rows, n, sum + row);
}

/* Rows first .. end - 1, a multiple of n vectors, of all words. */
PLEATS_WITHIN void KIND(add_words)(const pleats_columns *c, double gamma,
                                   const pleats_noted *found,
                                   const double *from, size_t first, size_t end,
                                   size_t n, double *sum)
{
    const pleats_columns *to = c->behind;
    const size_t n_out = (size_t)to->units->n_out;
    const size_t apart = pleats_columns_rows(c), rows = pleats_columns_rows(to);
    for (size_t row = first; row < end; row += n * LANES)
        KIND(add_word)
        (to, gamma, found->word[0], to->weight, from, apart, found->bound, true,
         row, n, sum);
    for (size_t i = WORD; i < n_out; i += WORD)
        for (size_t row = first; row < end; row += n * LANES)
            KIND(add_word)
            (to, gamma, found->word[i / WORD], to->weight + i * rows, from + i,
             apart, found->bound + i, false, row, n, sum);
}
