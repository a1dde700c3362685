#include "cells/unit.h"

pleats_hyperplane pleats_unit_duel(const pleats_step *s, pleats_idx unit,
                                   pleats_idx i, pleats_idx j)
{
    const pleats_idx *in = s->in + s->start[unit];
    return s->is_min ? (pleats_hyperplane){in[j], in[i], 0}
                     : (pleats_hyperplane){in[i], in[j], 0};
}

pleats_status pleats_unit_narrow(pleats_space *space, pleats_cell *cell,
                                 const pleats_step *s, pleats_open_unit *open,
                                 pleats_idx *at)
{
    pleats_status status = PLEATS_OK;
    while (open->lo < open->hi) {
        bool has[2];
        *at = open->lo + (open->hi - open->lo - 1) / 2;
        TRY(pleats_cell_sides(space, cell,
                              pleats_unit_plane(s, open->unit, *at), has));
        if (has[0] && has[1])
            return PLEATS_OK;
        if (has[1])
            open->lo = *at + 1;
        else
            open->hi = *at;
    }
done:
    return status;
}

/* Asks where i beats j: scalars that are the same tie everywhere. */
static pleats_status ask_duel(pleats_space *space, pleats_cell *cell,
                              const pleats_step *s, pleats_idx unit,
                              pleats_idx i, pleats_idx j, bool *has)
{
    pleats_hyperplane plane = pleats_unit_duel(s, unit, i, j);
    has[0] = has[1] = false;
    if (space->same[plane.a] == space->same[plane.b])
        return PLEATS_OK;
    return pleats_cell_sides(space, cell, plane, has);
}

static bool is_beaten(const pleats_open_unit *open, pleats_idx i)
{
    return i < 64 && (open->beaten >> i & 1);
}

static void beat(pleats_open_unit *open, pleats_idx i)
{
    if (i < 64)
        open->beaten |= (uint64_t)1 << i;
}

/* Everyone is matched against the leader; a candidate that beats the leader
 * everywhere takes its place, and whoever lost to the old leader everywhere
 * has then lost to the new one too. */
pleats_status pleats_unit_candidates(pleats_space *space, pleats_cell *cell,
                                     const pleats_step *s,
                                     pleats_open_unit *open,
                                     pleats_idx *candidate, pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    pleats_idx all = pleats_step_pieces(s, open->unit), leader = 0, kept = 0;
    while (is_beaten(open, leader))
        leader++;
    for (pleats_idx i = leader + 1; i < all; i++) {
        bool has[2];
        if (is_beaten(open, i))
            continue;
        TRY(ask_duel(space, cell, s, open->unit, i, leader, has));
        if (has[1] && has[0]) {
            candidate[++kept] = i;
        } else if (has[1]) {
            beat(open, leader);
            leader = i;
        } else {
            beat(open, i);
        }
    }
    candidate[0] = leader;
    *n = kept + 1;
    if (kept == 0)
        open->lo = open->hi = leader;
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
        bool has[2];
        pleats_idx other = candidate ? candidate[i] : i;
        if (other == winner)
            continue;
        TRY(ask_duel(space, cell, s, unit, winner, other, has));
        if (!has[1])
            *any = !has[0] && winner < other;
        else if (has[0])
            TRY(pleats_cell_restrict(space, cell,
                                     pleats_unit_duel(s, unit, winner, other),
                                     1, cell));
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
    bool has[2];
    TRY(pleats_cell_sides(space, cell, plane, has));
    if (has[0] && has[1])
        TRY(pleats_cell_restrict(space, cell, plane, sign, cell));
    else
        *any = sign > 0 ? has[1] : !has[1];
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
