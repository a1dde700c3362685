#include "cells/unit.h"

pleats_hyperplane pleats_unit_plane(const pleats_step *s, pleats_idx unit,
                                    pleats_idx at)
{
    return (pleats_hyperplane){s->in[unit], -1,
                               pleats_step_function(s, unit)->at[at]};
}

pleats_hyperplane pleats_unit_duel(const pleats_step *s, pleats_idx unit,
                                   pleats_idx i, pleats_idx j)
{
    const pleats_idx *in = s->in + s->start[unit];
    return s->is_min ? (pleats_hyperplane){in[j], in[i], 0}
                     : (pleats_hyperplane){in[i], in[j], 0};
}

pleats_status pleats_unit_narrow(pleats_space *space, pleats_cell *cell,
                                 const pleats_step *s, pleats_open_unit *open,
                                 bool *cut, pleats_idx *at, pleats_sides *sides)
{
    pleats_status status = PLEATS_OK;
    *cut = false;
    while (open->lo < open->hi) {
        *at = open->lo + (open->hi - open->lo - 1) / 2;
        TRY(pleats_cell_sides(space, cell,
                              pleats_unit_plane(s, open->unit, *at), sides));
        *cut = sides->has[0] && sides->has[1];
        if (*cut)
            return PLEATS_OK;
        if (sides->has[1])
            open->lo = *at + 1;
        else
            open->hi = *at;
    }
done:
    return status;
}

/* Asks where i beats j: the planes of one and the same scalar are equal. */
static pleats_status ask_duel(pleats_space *space, pleats_cell *cell,
                              const pleats_step *s, pleats_idx unit,
                              pleats_idx i, pleats_idx j, pleats_sides *sides)
{
    pleats_hyperplane plane = pleats_unit_duel(s, unit, i, j);
    *sides = (pleats_sides){0};
    if (plane.a == plane.b)
        return PLEATS_OK;
    return pleats_cell_sides(space, cell, plane, sides);
}

/* Everyone is matched against the leader; a candidate that beats the leader
 * everywhere takes its place, and whoever lost to the old leader everywhere
 * has then lost to the new one too. */
pleats_status pleats_unit_candidates(pleats_space *space, pleats_cell *cell,
                                     const pleats_step *s, pleats_idx unit,
                                     pleats_idx *candidate, pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    pleats_idx all = pleats_step_pieces(s, unit), leader = 0, kept = 0;
    for (pleats_idx i = 1; i < all; i++) {
        pleats_sides sides;
        TRY(ask_duel(space, cell, s, unit, i, leader, &sides));
        if (sides.has[1] && sides.has[0])
            candidate[++kept] = i;
        else if (sides.has[1])
            leader = i;
    }
    candidate[0] = leader;
    *n = kept + 1;
done:
    return status;
}

pleats_status pleats_unit_restrict_to_winner(pleats_space *space,
                                             pleats_cell *cell,
                                             const pleats_step *s,
                                             pleats_idx unit, pleats_idx n,
                                             const pleats_idx *candidate,
                                             pleats_idx winner, bool *any)
{
    pleats_status status = PLEATS_OK;
    *any = true;
    for (pleats_idx i = 0; i < n && *any; i++) {
        pleats_sides sides;
        pleats_idx other = candidate ? candidate[i] : i;
        if (other == winner)
            continue;
        TRY(ask_duel(space, cell, s, unit, winner, other, &sides));
        if (!sides.has[1])
            *any = !sides.has[0] && winner < other;
        else if (sides.has[0])
            TRY(pleats_cell_restrict(space, cell,
                                     pleats_unit_duel(s, unit, winner, other),
                                     1, &sides, cell));
    }
done:
    return status;
}

/* Cuts the cell down to side `sign` of a plane; a plane that holds the whole
 * cell counts as its negative side. */
static pleats_status restrict_to_side(pleats_space *space, pleats_cell *cell,
                                      pleats_hyperplane plane, int sign,
                                      bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_sides sides;
    TRY(pleats_cell_sides(space, cell, plane, &sides));
    if (sides.has[0] && sides.has[1])
        TRY(pleats_cell_restrict(space, cell, plane, sign, &sides, cell));
    else
        *any = sign > 0 ? sides.has[1] : !sides.has[1];
done:
    return status;
}

pleats_status pleats_unit_restrict_to_piece(pleats_space *space,
                                            pleats_cell *cell,
                                            const pleats_step *s,
                                            pleats_idx unit, pleats_idx piece,
                                            bool *any)
{
    pleats_status status = PLEATS_OK;
    pleats_idx pieces = pleats_step_pieces(s, unit);
    if (s->kind == PLEATS_STEP_MAX)
        return pleats_unit_restrict_to_winner(space, cell, s, unit, pieces,
                                              NULL, piece, any);
    *any = true;
    if (piece > 0)
        TRY(restrict_to_side(space, cell, pleats_unit_plane(s, unit, piece - 1),
                             1, any));
    if (*any && piece + 1 < pieces)
        TRY(restrict_to_side(space, cell, pleats_unit_plane(s, unit, piece), -1,
                             any));
done:
    return status;
}
