/* Through a step of units in a box of a plane: pieces, bounds and the sums
 * behind the step in one look at the sums before it. */
#include "forms/columns.h"

#include "base/wide.h"

/* So many units at a time, that columns are read once from memory: the bits of
 * a word. */
enum { WORD = PLEATS_UNITS_OF_A_WORD };

/* What is the same for all units of a step in a box of a plane. */
typedef struct {
    double x, y, z, x_half, y_half, z_half, gamma;
    uint64_t if_above, if_below; /* all bits: they pass their form on */
    bool has_tiny;
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
        .if_above = c->passing ? UINT64_MAX : 0,
        .if_below = c->passing ? 0 : UINT64_MAX,
        .has_tiny = c->has_tiny,
    };
}

static const four_words first_bits_four = {1, 2, 4, 8};
static const eight_words first_bits_eight = {1, 2, 4, 8, 16, 32, 64, 128};

/* All bits of a vector's numbers. */
PLEATS_WITHIN uint64_t any_four(const four_words *x)
{
    return (*x)[0] | (*x)[1] | (*x)[2] | (*x)[3];
}

PLEATS_WITHIN uint64_t any_eight(const eight_words *x)
{
    const four_words *half = (const four_words *)x, both = half[0] | half[1];
    return any_four(&both);
}

#include "base/fours.h"
#include "forms/pass_vectors.h"

#include "base/eights.h"
#include "forms/pass_vectors.h"

PLEATS_WIDE
static bool pass_box(const pleats_columns *c, double gamma,
                     const pleats_form_box *box, pleats_idx *piece,
                     const pleats_noted *room, const double *from, double *sum)
{
    const size_t rows = pleats_columns_rows(c->behind);
    const bool any =
        look_at_all_four(c, gamma, box, from, piece, room->bound, room->word);
    add_words_four(c, gamma, room, from, 0, rows, 2, sum);
    return any;
}

/* The same with vectors of eight. */
PLEATS_EIGHTS
static bool pass_box_by_eights(const pleats_columns *c, double gamma,
                               const pleats_form_box *box, pleats_idx *piece,
                               const pleats_noted *room, const double *from,
                               double *sum)
{
    const size_t rows = pleats_columns_rows(c->behind), pairs = rows / 16 * 16;
    const bool any =
        look_at_all_eight(c, gamma, box, from, piece, room->bound, room->word);
    add_words_eight(c, gamma, room, from, 0, pairs, 2, sum);
    add_words_eight(c, gamma, room, from, pairs, rows, 1, sum);
    return any;
}

bool pleats_columns_pass_box(const pleats_columns *c, const pleats_forms *f,
                             const pleats_form_box *box, pleats_idx *piece,
                             const pleats_noted *room, const double *from,
                             double *sum)
{
    const bool any = (pleats_has_eights() ? pass_box_by_eights : pass_box)(
        c, f->gamma, box, piece, room, from, sum);
    pleats_columns_perturb(c->behind, f, sum);
    return any;
}
