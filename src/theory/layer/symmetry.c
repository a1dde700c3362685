#include "theory/layer/symmetry.h"

#include <string.h>

/* Ways to permute a list of n that is the rows of a grid, `length` long. */
typedef enum { REVERSE, REVERSE_ROWS, REVERSE_COLUMNS, TRANSPOSE } motion;

static pleats_idx move_index(motion m, pleats_idx n, pleats_idx length,
                             pleats_idx i)
{
    pleats_idx row = i / length, column = i % length;
    switch (m) {
    case REVERSE:
        return n - 1 - i;
    case REVERSE_ROWS:
        return row * length + length - 1 - column;
    case REVERSE_COLUMNS:
        return (n / length - 1 - row) * length + column;
    default:
        return column * length + row;
    }
}

typedef struct {
    const pleats_normals *normals;
    pleats_idx *there, *back; /* [n_columns] partner + 1, or 0 */
} checker;

/* Whether windows moved by `to` and taps by `tap` read moved cells. */
static bool fits(const checker *c, const pleats_idx *to, motion tap,
                 pleats_idx length)
{
    const pleats_idx n = c->normals->n_taps;
    const size_t columns = (size_t)c->normals->n_columns;
    memset(c->there, 0, columns * sizeof *c->there);
    memset(c->back, 0, columns * sizeof *c->back);
    for (pleats_idx w = 0; w < c->normals->n_windows; w++)
        for (pleats_idx k = 0; k < n; k++) {
            pleats_idx a = c->normals->column[w * n + k];
            pleats_idx b =
                c->normals->column[to[w] * n + move_index(tap, n, length, k)];
            if ((a < 0) != (b < 0))
                return false;
            if (a < 0)
                continue;
            if (c->there[a] == 0 && c->back[b] == 0) {
                c->there[a] = b + 1;
                c->back[b] = a + 1;
            }
            if (c->there[a] != b + 1 || c->back[b] != a + 1)
                return false;
        }
    return true;
}

/* Whether some motion of the taps goes with the motion of the windows. */
static bool has_tap_motion(const checker *c, const pleats_idx *to)
{
    const pleats_idx n = c->normals->n_taps;
    for (pleats_idx length = 1; length <= n; length++) {
        if (n % length != 0)
            continue;
        if (fits(c, to, REVERSE, length) || fits(c, to, REVERSE_ROWS, length) ||
            (length * length == n && fits(c, to, TRANSPOSE, length)))
            return true;
        if (fits(c, to, REVERSE_COLUMNS, length))
            return true;
    }
    return false;
}

static bool contains(const pleats_symmetries *s, const pleats_idx *to)
{
    for (pleats_idx i = 0; i < s->n; i++)
        if (memcmp(s->to + (size_t)i * (size_t)s->n_windows, to,
                   (size_t)s->n_windows * sizeof *to) == 0)
            return true;
    return false;
}

static void add(pleats_symmetries *s, const pleats_idx *to)
{
    const size_t n = (size_t)s->n_windows;
    memcpy(s->to + (size_t)s->n++ * n, to, n * sizeof *to);
}

/* Looks for a product of two members that is none, and puts it in `product`
 * [n_windows]. */
static bool is_open(const pleats_symmetries *s, pleats_idx *product)
{
    const pleats_idx n = s->n_windows;
    for (pleats_idx i = 0; i < s->n; i++)
        for (pleats_idx j = 0; j < s->n; j++) {
            for (pleats_idx w = 0; w < n; w++)
                product[w] = s->to[i * n + s->to[j * n + w]];
            if (!contains(s, product))
                return true;
        }
    return false;
}

/* Adds `to` and all products, unless the group would have more than 8
 * members. */
static void generate(pleats_symmetries *s, const pleats_idx *to,
                     pleats_idx *product)
{
    const pleats_idx before = s->n;
    if (contains(s, to) || s->n == PLEATS_MOST_SYMMETRIES)
        return;
    add(s, to);
    while (is_open(s, product)) {
        if (s->n == PLEATS_MOST_SYMMETRIES) {
            s->n = before;
            return;
        }
        add(s, product);
    }
}

pleats_status pleats_symmetries_init(pleats_ctx *ctx,
                                     pleats_symmetries *symmetries,
                                     const pleats_normals *normals)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = normals->n_windows;
    checker c = {.normals = normals};
    pleats_idx *to = NULL;
    *symmetries = (pleats_symmetries){.n = 1, .n_windows = n};
    TRY(pleats_alloc(ctx, (size_t)n * PLEATS_MOST_SYMMETRIES,
                     sizeof *symmetries->to, &symmetries->to));
    TRY(pleats_alloc(ctx, (size_t)normals->n_columns, sizeof *c.there,
                     &c.there));
    TRY(pleats_alloc(ctx, (size_t)normals->n_columns, sizeof *c.back, &c.back));
    TRY(pleats_alloc(ctx, 2 * (size_t)n, sizeof *to, &to));
    for (pleats_idx w = 0; w < n; w++)
        symmetries->to[w] = w;
    for (pleats_idx length = 2; length <= n; length++)
        for (motion m = REVERSE; n % length == 0 && m <= TRANSPOSE; m++) {
            if (m == TRANSPOSE && length * length != n)
                continue;
            for (pleats_idx w = 0; w < n; w++)
                to[w] = move_index(m, n, length, w);
            if (has_tap_motion(&c, to))
                generate(symmetries, to, to + n);
        }
done:
    pleats_release(ctx, c.there);
    pleats_release(ctx, c.back);
    pleats_release(ctx, to);
    if (status != PLEATS_OK)
        pleats_symmetries_clear(ctx, symmetries);
    return status;
}

void pleats_symmetries_clear(pleats_ctx *ctx, pleats_symmetries *symmetries)
{
    pleats_release(ctx, symmetries->to);
    *symmetries = (pleats_symmetries){0};
}
