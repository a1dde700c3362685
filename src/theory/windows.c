/* Atoms and components of the windows of a layer. */
#include "theory/windows.h"

/* The windows while they are sorted into atoms and components. */
typedef struct {
    pleats_taps taps;
    pleats_idx *class; /* [n_cells] atom of a cell, 0: in no window */
    pleats_idx n_classes;
    pleats_idx *root; /* [n_positions] union-find over windows */
    pleats_idx *next; /* [n_positions] next window of the component, or -1 */
    pleats_idx *size; /* [n_positions] of a root: windows of its component */
} sorting;

static void sorting_clear(pleats_ctx *ctx, sorting *s)
{
    pleats_taps_clear(ctx, &s->taps);
    pleats_release(ctx, s->class);
    pleats_release(ctx, s->root);
    pleats_release(ctx, s->next);
    pleats_release(ctx, s->size);
}

static const pleats_idx *window(const sorting *s, pleats_idx p)
{
    return s->taps.cell + (size_t)p * (size_t)s->taps.n_taps;
}

/* Partition refinement: every window splits the classes of its cells. */
static pleats_status find_atoms(pleats_ctx *ctx, sorting *s)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *split_by = NULL, *split_to = NULL;
    size_t most = 1 + (size_t)s->taps.n_positions * (size_t)s->taps.n_taps;
    TRY(pleats_alloc(ctx, (size_t)s->taps.n_cells, sizeof *s->class,
                     &s->class));
    TRY(pleats_alloc(ctx, most, sizeof *split_by, &split_by));
    TRY(pleats_alloc(ctx, most, sizeof *split_to, &split_to));
    s->n_classes = 1;
    for (pleats_idx p = 0; p < s->taps.n_positions; p++)
        for (pleats_idx k = 0; k < s->taps.n_taps; k++) {
            pleats_idx cell = window(s, p)[k];
            if (cell < 0)
                continue;
            pleats_idx old = s->class[cell];
            if (split_by[old] != p + 1) {
                split_by[old] = p + 1;
                split_to[old] = s->n_classes++;
            }
            s->class[cell] = split_to[old];
        }
done:
    pleats_release(ctx, split_by);
    pleats_release(ctx, split_to);
    return status;
}

static pleats_idx find_root(sorting *s, pleats_idx w)
{
    while (s->root[w] != w)
        w = s->root[w] = s->root[s->root[w]];
    return w;
}

/* Joins windows with a common cell; a root is its component's first window. */
static pleats_status find_components(pleats_ctx *ctx, sorting *s)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *owner = NULL;
    TRY(pleats_alloc(ctx, (size_t)s->taps.n_cells, sizeof *owner, &owner));
    TRY(pleats_alloc(ctx, (size_t)s->taps.n_positions, sizeof *s->root,
                     &s->root));
    for (pleats_idx p = 0; p < s->taps.n_positions; p++) {
        s->root[p] = p;
        for (pleats_idx k = 0; k < s->taps.n_taps; k++) {
            pleats_idx cell = window(s, p)[k];
            if (cell < 0)
                continue;
            if (owner[cell] > 0) {
                pleats_idx a = find_root(s, owner[cell] - 1);
                pleats_idx b = find_root(s, p);
                s->root[a > b ? a : b] = a > b ? b : a;
            }
            owner[cell] = p + 1;
        }
    }
done:
    pleats_release(ctx, owner);
    return status;
}

static void component_clear(pleats_ctx *ctx, pleats_component *c)
{
    pleats_release(ctx, c->start);
    pleats_release(ctx, c->atom);
    pleats_release(ctx, c->capacity);
    pleats_release(ctx, c->position);
    *c = (pleats_component){0};
}

/* Chains the windows of every component, in order. */
static pleats_status chain_components(pleats_ctx *ctx, sorting *s)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *tail = NULL;
    size_t n = (size_t)s->taps.n_positions;
    TRY(pleats_alloc(ctx, n, sizeof *s->next, &s->next));
    TRY(pleats_alloc(ctx, n, sizeof *s->size, &s->size));
    TRY(pleats_alloc(ctx, n, sizeof *tail, &tail));
    for (pleats_idx p = 0; p < s->taps.n_positions; p++) {
        pleats_idx root = find_root(s, p);
        if (root != p)
            s->next[tail[root]] = p;
        s->next[p] = -1;
        tail[root] = p;
        s->size[root]++;
    }
done:
    pleats_release(ctx, tail);
    return status;
}

/* What a component is built with: atoms are numbered as they are first met. */
typedef struct {
    pleats_idx *number; /* [n_classes] atom + 1, or 0 */
    pleats_idx *last;   /* [n_classes] last window + 1 that lists the class */
    int64_t *cells;     /* [n_classes] */
    pleats_idx *there, *back; /* [n_cells] all 0: partners, see is_translate */
} numbering;

static void add_window(const sorting *s, pleats_idx p, int64_t channels,
                       const numbering *n, pleats_component *c)
{
    pleats_idx end = c->start[c->n_windows];
    for (pleats_idx k = 0; k < s->taps.n_taps; k++) {
        pleats_idx cell = window(s, p)[k];
        pleats_idx class = cell < 0 ? 0 : s->class[cell];
        if (cell < 0 || n->last[class] == p + 1)
            continue;
        n->last[class] = p + 1;
        if (n->number[class] == 0) {
            n->number[class] = ++c->n_atoms;
            c->capacity[c->n_atoms - 1] = n->cells[class] * channels;
        }
        c->atom[end++] = n->number[class] - 1;
    }
    c->position[c->n_windows] = p;
    c->start[++c->n_windows] = end;
}

/* The component of the windows whose root is `root`. */
static pleats_status make_component(pleats_ctx *ctx, const sorting *s,
                                    pleats_idx root, int64_t channels,
                                    const numbering *n, pleats_component *c)
{
    pleats_status status = PLEATS_OK;
    size_t windows = (size_t)s->size[root];
    size_t most = windows * (size_t)s->taps.n_taps;
    TRY(pleats_alloc(ctx, windows + 1, sizeof *c->start, &c->start));
    TRY(pleats_alloc(ctx, windows, sizeof *c->position, &c->position));
    TRY(pleats_alloc(ctx, most, sizeof *c->atom, &c->atom));
    TRY(pleats_alloc(ctx, most, sizeof *c->capacity, &c->capacity));
    for (pleats_idx p = root; p >= 0; p = s->next[p])
        add_window(s, p, channels, n, c);
    c->multiplicity = 1;
done:
    return status;
}

/* Pairs cell a with cell b; false when a has another partner. */
static bool pair_cells(pleats_idx *partner, pleats_idx a, pleats_idx b)
{
    if (a < 0 || b < 0)
        return a < 0 && b < 0;
    if (partner[a] == 0)
        partner[a] = b + 1;
    return partner[a] == b + 1;
}

/* Whether component c's windows are those of the component at `root`, moved:
 * the same kernel offsets of the same windows read the same cells. */
static bool is_translate(const sorting *s, const pleats_component *c,
                         pleats_idx root, pleats_idx *there, pleats_idx *back)
{
    bool is_same = c->n_windows == s->size[root];
    pleats_idx w = 0;
    for (pleats_idx p = root; is_same && p >= 0; p = s->next[p], w++)
        for (pleats_idx k = 0; is_same && k < s->taps.n_taps; k++) {
            pleats_idx a = window(s, c->position[w])[k], b = window(s, p)[k];
            is_same = pair_cells(there, a, b) && pair_cells(back, b, a);
        }
    for (w = 0; w < c->n_windows; w++)
        for (pleats_idx k = 0; k < s->taps.n_taps; k++)
            if (window(s, c->position[w])[k] >= 0)
                there[window(s, c->position[w])[k]] = 0;
    for (pleats_idx p = root; p >= 0; p = s->next[p])
        for (pleats_idx k = 0; k < s->taps.n_taps; k++)
            if (window(s, p)[k] >= 0)
                back[window(s, p)[k]] = 0;
    return is_same;
}

/* The component of the list that the one at `root` is a translate of. */
static pleats_component *find_translate(const sorting *s,
                                        const pleats_windows *windows,
                                        pleats_idx root, const numbering *n)
{
    for (pleats_idx i = 0; i < windows->n; i++)
        if (is_translate(s, &windows->component[i], root, n->there, n->back))
            return &windows->component[i];
    return NULL;
}

static pleats_status add_component(pleats_ctx *ctx, const sorting *s,
                                   pleats_idx root, int64_t channels,
                                   const numbering *n, size_t *capacity,
                                   pleats_windows *windows)
{
    pleats_status status = PLEATS_OK;
    pleats_component *same = find_translate(s, windows, root, n);
    if (same) {
        same->multiplicity++;
        return PLEATS_OK;
    }
    TRY(pleats_grow(ctx, &windows->component, capacity, (size_t)windows->n + 1,
                    sizeof *windows->component));
    windows->component[windows->n] = (pleats_component){0};
    TRY(make_component(ctx, s, root, channels, n,
                       &windows->component[windows->n++]));
done:
    return status;
}

static bool sees_input(const sorting *s, pleats_idx p)
{
    for (pleats_idx k = 0; k < s->taps.n_taps; k++)
        if (window(s, p)[k] >= 0)
            return true;
    return false;
}

static pleats_status collect(pleats_ctx *ctx, const sorting *s,
                             int64_t channels, pleats_windows *windows)
{
    pleats_status status = PLEATS_OK;
    numbering n = {0};
    size_t capacity = 0, classes = (size_t)s->n_classes;
    size_t cells = (size_t)s->taps.n_cells;
    TRY(pleats_alloc(ctx, classes, sizeof *n.number, &n.number));
    TRY(pleats_alloc(ctx, classes, sizeof *n.last, &n.last));
    TRY(pleats_alloc(ctx, classes, sizeof *n.cells, &n.cells));
    TRY(pleats_alloc(ctx, cells, sizeof *n.there, &n.there));
    TRY(pleats_alloc(ctx, cells, sizeof *n.back, &n.back));
    for (pleats_idx x = 0; x < s->taps.n_cells; x++)
        n.cells[s->class[x]]++;
    for (pleats_idx p = 0; p < s->taps.n_positions; p++)
        if (s->root[p] == p && sees_input(s, p))
            TRY(add_component(ctx, s, p, channels, &n, &capacity, windows));
done:
    pleats_release(ctx, n.number);
    pleats_release(ctx, n.last);
    pleats_release(ctx, n.cells);
    pleats_release(ctx, n.there);
    pleats_release(ctx, n.back);
    return status;
}

pleats_status pleats_windows_init(pleats_ctx *ctx, pleats_windows *windows,
                                  const pleats_conv_layer *layer)
{
    pleats_status status = PLEATS_OK;
    sorting s = {0};
    *windows = (pleats_windows){0};
    TRY(pleats_taps_init(ctx, &s.taps, layer, true));
    TRY(find_atoms(ctx, &s));
    TRY(find_components(ctx, &s));
    TRY(chain_components(ctx, &s));
    TRY(collect(ctx, &s, layer->in.channels / layer->conv.groups, windows));
    windows->groups = layer->conv.groups;
done:
    sorting_clear(ctx, &s);
    if (status != PLEATS_OK)
        pleats_windows_clear(ctx, windows);
    return status;
}

void pleats_windows_clear(pleats_ctx *ctx, pleats_windows *windows)
{
    for (pleats_idx i = 0; i < windows->n; i++)
        component_clear(ctx, &windows->component[i]);
    pleats_release(ctx, windows->component);
    *windows = (pleats_windows){0};
}
