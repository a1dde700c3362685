#include "optimum/node.h"

#include <string.h>

static pleats_status make_room(pleats_ctx *ctx, pleats_node *node,
                               pleats_idx frame, pleats_idx k,
                               pleats_idx n_cuts)
{
    pleats_status status = PLEATS_OK;
    *node = (pleats_node){.frame = frame, .k = k, .n_cuts = n_cuts};
    TRY(pleats_alloc(ctx, 2 * (size_t)k, sizeof *node->lo, &node->lo));
    if (node->lo)
        node->hi = node->lo + k;
    TRY(pleats_alloc(ctx, (size_t)n_cuts, sizeof *node->cut, &node->cut));
done:
    if (status != PLEATS_OK)
        pleats_node_clear(ctx, node);
    return status;
}

pleats_status pleats_node_root(pleats_ctx *ctx, const pleats_frame *frame,
                               pleats_idx number, pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    TRY(make_room(ctx, node, number, frame->k, 0));
    for (pleats_idx j = 0; j < frame->k; j++) {
        node->lo[j] = -1;
        node->hi[j] = 1;
    }
    node->bound = -INFINITY;
done:
    return status;
}

void pleats_node_clear(pleats_ctx *ctx, pleats_node *node)
{
    pleats_release(ctx, node->lo);
    pleats_release(ctx, node->cut);
    *node = (pleats_node){0};
}

static bool is_pl(const pleats_net *net, const pleats_branch *b)
{
    return net->step[b->step].kind == PLEATS_STEP_PL;
}

pleats_idx pleats_node_children(const pleats_net *net, const pleats_node *node)
{
    const pleats_branch *b = &node->branch;
    return b->coordinate >= 0 || is_pl(net, b) ? 2 : b->n;
}

/* The pieces of a PL unit in two halves, the winners of a maximum one by one.
 */
static pleats_cut cut_of(const pleats_net *net, const pleats_branch *b,
                         pleats_idx number)
{
    const pleats_idx half = b->n / 2;
    if (!is_pl(net, b))
        return (pleats_cut){b->unit, number, 1};
    return number == 0 ? (pleats_cut){b->unit, b->first, half}
                       : (pleats_cut){b->unit, b->first + half, b->n - half};
}

static void set_cut(pleats_node *node, pleats_cut cut)
{
    pleats_idx i = 0;
    while (i < node->n_cuts && node->cut[i].unit != cut.unit)
        i++;
    if (i == node->n_cuts)
        node->n_cuts++;
    node->cut[i] = cut;
}

/* Halves are made by a double between the ends, which is a point of both. */
pleats_status pleats_node_child(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_node *parent, pleats_idx number,
                                pleats_node *child)
{
    pleats_status status = PLEATS_OK;
    const pleats_branch *b = &parent->branch;
    const size_t k = (size_t)parent->k, n = (size_t)parent->n_cuts;
    const bool halves = b->coordinate >= 0;
    TRY(make_room(ctx, child, parent->frame, parent->k,
                  parent->n_cuts + !halves));
    if (k > 0)
        memcpy(child->lo, parent->lo, 2 * k * sizeof *child->lo);
    if (n > 0)
        memcpy(child->cut, parent->cut, n * sizeof *child->cut);
    child->n_cuts = parent->n_cuts;
    child->bound = parent->bound;
    child->n_wide = parent->n_wide;
    child->n_open = parent->n_open;
    child->n_idle = halves ? parent->n_idle + 1 : 0;
    if (halves) {
        const double middle =
            (parent->lo[b->coordinate] + parent->hi[b->coordinate]) / 2;
        *(number == 0 ? &child->hi[b->coordinate] : &child->lo[b->coordinate]) =
            middle;
    } else {
        set_cut(child, cut_of(net, b, number));
    }
done:
    return status;
}

static bool comes_before(const pleats_queued *a, const pleats_queued *b)
{
    if (a->node.bound != b->node.bound)
        return a->node.bound < b->node.bound;
    return a->number < b->number;
}

static void swap(pleats_queued *a, pleats_queued *b)
{
    const pleats_queued spare = *a;
    *a = *b;
    *b = spare;
}

pleats_status pleats_queue_put(pleats_ctx *ctx, pleats_queue *q,
                               pleats_node *node)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &q->item, &q->capacity, q->n + 1, sizeof *q->item));
    size_t i = q->n++;
    q->item[i] = (pleats_queued){*node, q->next++};
    *node = (pleats_node){0};
    for (; i > 0 && comes_before(&q->item[i], &q->item[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&q->item[i], &q->item[(i - 1) / 2]);
done:
    pleats_node_clear(ctx, node);
    return status;
}

pleats_node pleats_queue_take(pleats_queue *q)
{
    const pleats_node first = q->item[0].node;
    q->item[0] = q->item[--q->n];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t c = 2 * i + 1; c <= 2 * i + 2 && c < q->n; c++)
            if (comes_before(&q->item[c], &q->item[least]))
                least = c;
        if (least == i)
            return first;
        swap(&q->item[i], &q->item[least]);
        i = least;
    }
}

void pleats_queue_clear(pleats_ctx *ctx, pleats_queue *q)
{
    for (size_t i = 0; i < q->n; i++)
        pleats_node_clear(ctx, &q->item[i].node);
    pleats_release(ctx, q->item);
    *q = (pleats_queue){0};
}
