#include "theory/bounds/stable.h"

static bool fits(const pleats_stack *stack, size_t n_layers,
                 const pleats_stability *layer)
{
    if (stack->n_unit_layers != n_layers)
        return false;
    for (size_t i = 0; i < n_layers; i++)
        if (pleats_stack_units(stack, i)->n != layer[i].n)
            return false;
    return true;
}

void pleats_stack_restrict(pleats_stack *stack, int64_t dimension,
                           size_t n_layers, const pleats_stability *layer)
{
    stack->dimension = dimension;
    stack->is_on_box = true;
    if (!fits(stack, n_layers, layer))
        return;
    for (size_t i = 0; i < stack->n_items; i++) {
        pleats_item *item = &stack->item[i];
        if (item->kind != PLEATS_ITEM_UNITS)
            continue;
        item->undecided = layer->undecided;
        item->passing = layer->passing;
        layer++;
    }
}
