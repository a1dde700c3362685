#include "cert/cert_ask.h"

#include <stdlib.h>

/* Writes that no point of the cell is above (below) breakpoint `at`. */
static pleats_status write_side(pleats_cert_walker *w, pleats_cert_level *l,
                                pleats_idx unit, pleats_idx at, bool above)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_cert_step(w, l);
    TRY(pleats_certifier_prove(&w->certifier, &l->cell,
                               pleats_unit_plane(s, unit, at), above));
    TRY(pleats_sink_fact(w->sink, s->first_unit + unit, at, above,
                         &w->certifier.y));
done:
    return status;
}

/* Writes what of a PL unit is known in the cell and was not before. */
static pleats_status write_pieces(pleats_cert_walker *w, pleats_cert_level *l,
                                  const pleats_open_unit *before,
                                  const pleats_open_unit *now)
{
    pleats_status status = PLEATS_OK;
    if (now->lo > before->lo)
        TRY(write_side(w, l, now->unit, now->lo - 1, false));
    if (now->hi < before->hi)
        TRY(write_side(w, l, now->unit, now->hi, true));
done:
    return status;
}

/* The same of a maximum: who is beaten, by the winner, or by whom w->equal
 * names. */
static pleats_status write_beaten(pleats_cert_walker *w, pleats_cert_level *l,
                                  const pleats_open_unit *before,
                                  const pleats_open_unit *now,
                                  pleats_idx winner)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_cert_step(w, l);
    const uint64_t all = now->beaten & ~before->beaten;
    for (pleats_idx i = 0; i < pleats_step_pieces(s, now->unit); i++) {
        if (!(all >> i & 1))
            continue;
        const pleats_idx by = w->equal[i] < i ? w->equal[i] : winner;
        TRY(pleats_certifier_prove(&w->certifier, &l->cell,
                                   pleats_unit_duel(s, now->unit, i, by),
                                   true));
        TRY(pleats_sink_beaten(w->sink, s->first_unit + now->unit, i, by,
                               &w->certifier.y));
    }
done:
    return status;
}

static int compare(const void *a, const void *b)
{
    const pleats_idx *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Those that are left, in ascending order. */
static pleats_status keep_candidates(pleats_cert_walker *w,
                                     pleats_cert_level *l, pleats_idx n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(w->space.ctx, &l->candidate, &l->candidate_capacity,
                    (size_t)n, sizeof *l->candidate));
    for (pleats_idx i = 0; i < n; i++)
        l->candidate[i] = w->candidate[i];
    qsort(l->candidate, (size_t)n, sizeof *l->candidate, compare);
done:
    return status;
}

/* Of candidates that are one form, the first is left: a split says that one
 * exceeds all others.  w->candidate [*n] are those that are left. */
static pleats_status drop_equals(pleats_cert_walker *w, pleats_cert_level *l,
                                 pleats_open_unit *open, pleats_idx *n)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_cert_step(w, l);
    pleats_idx *c = w->candidate;
    pleats_idx kept = 1;
    for (pleats_idx i = 1; i < *n; i++) {
        bool is_new = true;
        for (pleats_idx j = 1; j < kept && is_new; j++) {
            bool has[2] = {false, false};
            const pleats_hyperplane plane =
                pleats_unit_duel(s, open->unit, c[i], c[j]);
            if (w->space.same[plane.a] != w->space.same[plane.b])
                TRY(pleats_cell_sides(&w->space, &l->cell, plane, has));
            is_new = has[0] || has[1];
            if (!is_new)
                w->equal[c[i]] = c[j];
        }
        if (is_new)
            c[kept++] = c[i];
        else
            open->beaten |= (uint64_t)1 << c[i];
    }
    *n = kept;
done:
    return status;
}

/* Asks a unit and writes what comes of it; the first that stays open is what
 * splits the cell. */
static pleats_status ask_unit(pleats_cert_walker *w, pleats_cert_level *l,
                              pleats_open_unit *open, bool is_first)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = pleats_cert_step(w, l);
    const pleats_open_unit before = *open;
    pleats_idx at = 0, n = 0;
    for (pleats_idx i = 0; i < w->most_candidates; i++)
        w->equal[i] = i;
    TRY(pleats_unit_ask(&w->space, &l->cell, s, open, &at, w->candidate, &n));
    if (s->kind == PLEATS_STEP_MAX && open->lo < open->hi && is_first)
        TRY(drop_equals(w, l, open, &n));
    if (s->kind == PLEATS_STEP_PL)
        TRY(write_pieces(w, l, &before, open));
    else if (open->beaten != before.beaten)
        TRY(write_beaten(w, l, &before, open, w->candidate[0]));
    if (open->lo == open->hi) {
        w->space.piece[s->first_unit + open->unit] = open->lo;
    } else if (is_first) {
        l->at = at;
        l->n_children = n;
        if (s->kind == PLEATS_STEP_MAX)
            TRY(keep_candidates(w, l, n));
    }
done:
    return status;
}

pleats_status pleats_cert_ask(pleats_cert_walker *w, pleats_cert_level *l)
{
    pleats_status status = PLEATS_OK;
    pleats_open_unit *open = w->open + l->first;
    size_t kept = 0;
    l->n_children = l->next = 0;
    for (size_t i = 0; i < l->n; i++) {
        TRY(ask_unit(w, l, &open[i], kept == 0));
        if (open[i].lo < open[i].hi)
            open[kept++] = open[i];
    }
    l->n = kept;
done:
    return status;
}
