#include "local/classes.h"

#include <string.h>

pleats_status pleats_classes_init(pleats_ctx *ctx, pleats_classes *c,
                                  const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)pleats_n_classes(net);
    *c = (pleats_classes){.n = (pleats_idx)n};
    TRY(pleats_alloc(ctx, n, sizeof *c->standing, &c->standing));
    TRY(pleats_alloc(ctx, n, sizeof *c->same, &c->same));
    TRY(pleats_alloc(ctx, n, sizeof *c->rival, &c->rival));
done:
    return status;
}

void pleats_classes_clear(pleats_ctx *ctx, pleats_classes *c)
{
    pleats_release(ctx, c->standing);
    pleats_release(ctx, c->same);
    pleats_release(ctx, c->rival);
    pleats_cell_clear(ctx, &c->part[0]);
    pleats_cell_clear(ctx, &c->part[1]);
    *c = (pleats_classes){0};
}

/* How class i stands to class j in a cell; 0: they are equal all over it. */
enum { EQUAL = 0, ABOVE = 1, BELOW = 2, BOTH = ABOVE | BELOW };

/* The plane with class i on its positive side.  Of one output, class 1 is the
 * positive side of the output itself, and has what is 0. */
static pleats_hyperplane plane_between(const pleats_net *net, pleats_idx i,
                                       pleats_idx j)
{
    if (net->n_outputs == 1)
        return (pleats_hyperplane){net->output[0], -1, 0};
    return (pleats_hyperplane){net->output[i], net->output[j], 0};
}

static pleats_status compare(pleats_space *s, pleats_cell *cell, pleats_idx i,
                             pleats_idx j, int *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_hyperplane plane = plane_between(s->net, i, j);
    const bool is_turned = s->net->n_outputs == 1 && i == 0;
    bool has[2] = {false, false};
    if (plane.a != plane.b)
        TRY(pleats_cell_sides(s, cell, plane, has));
    *out = (has[!is_turned] ? ABOVE : 0) | (has[is_turned] ? BELOW : 0);
    if (*out == EQUAL && s->net->n_outputs == 1)
        *out = is_turned ? BELOW : ABOVE;
done:
    return status;
}

/* The part of the cell where class i is above class j. */
static pleats_status restrict_to(pleats_space *s, pleats_cell *cell,
                                 pleats_idx i, pleats_idx j, pleats_cell *to)
{
    const bool is_turned = s->net->n_outputs == 1 && i == 0;
    return pleats_cell_restrict(s, cell, plane_between(s->net, i, j),
                                is_turned ? -1 : 1, to);
}

/* Leaves the classes that are not below another one, or equal to an earlier
 * one, in the whole cell, as far as comparing each with one tells. */
static pleats_status list_rivals(pleats_classes *c, pleats_space *s,
                                 pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_idx leader = 0, n = 0;
    for (pleats_idx i = 0; i < c->n; i++)
        c->same[i] = i;
    for (pleats_idx i = 1; i < c->n; i++) {
        int how;
        TRY(compare(s, cell, leader, i, &how));
        if (how == EQUAL)
            c->same[i] = leader;
        else if (how == BOTH)
            c->rival[n++] = i;
        else if (how == BELOW)
            leader = i;
    }
    c->rival[n++] = leader;
    c->n_rivals = n;
done:
    return status;
}

/* Hands over the part of the cell where class i is above all rivals, and equal
 * to later ones alone. */
static pleats_status find_part(pleats_classes *c, pleats_space *s,
                               pleats_cell *cell, pleats_idx i,
                               pleats_class_fn visit, void *state)
{
    pleats_status status = PLEATS_OK;
    pleats_cell *now = cell;
    bool is_cut = false;
    for (pleats_idx r = 0; r < c->n_rivals; r++) {
        const pleats_idx j = c->rival[r];
        pleats_cell *next = &c->part[now == &c->part[0]];
        int how = ABOVE;
        if (j != i)
            TRY(compare(s, now, i, j, &how));
        if (how == EQUAL && j < i)
            c->same[i] = c->same[j];
        if (how == BELOW || (how == EQUAL && j < i))
            goto done;
        if (how != BOTH)
            continue;
        TRY(restrict_to(s, now, i, j, next));
        now = next;
        is_cut = true;
    }
    c->standing[i] = is_cut ? PLEATS_CLASS_SOMEWHERE : PLEATS_CLASS_EVERYWHERE;
    if (visit)
        TRY(visit(state, s, i, now));
done:
    pleats_walls_cut_back(&s->walls, cell->n_walls);
    return status;
}

pleats_status pleats_classes_find(pleats_classes *c, pleats_space *s,
                                  pleats_cell *cell, pleats_class_fn visit,
                                  void *state)
{
    pleats_status status = PLEATS_OK;
    memset(c->standing, PLEATS_CLASS_NOWHERE, (size_t)c->n);
    TRY(list_rivals(c, s, cell));
    for (pleats_idx r = 0; r < c->n_rivals; r++)
        TRY(find_part(c, s, cell, c->rival[r], visit, state));
    for (pleats_idx i = 0; i < c->n; i++)
        c->standing[i] = c->standing[c->same[i]];
done:
    return status;
}
