/* The ranks of the boundary maps, column by column: a column is brought to a
 * last entry that no other one has, or to 0.  From the highest dimension down:
 * a face that is the last entry of a column is a boundary but for faces before
 * it, so that its own column comes to 0 and need not be tried [Chen and Kerber
 * 2011]. */
#include "complex/homology.h"

#include <string.h>

typedef struct {
    pleats_idx row;
    int64_t value;
} entry;

/* Entries by rows, the highest first. */
typedef struct {
    size_t n, capacity;
    entry *entry;
} column;

typedef struct {
    const pleats_complex_faces *faces;
    const pleats_orientation *o; /* NULL: modulo 2 */
    column work, room;
    column *kept; /* [rows] by last entry; n = 0: none */
    size_t n_kept;
    bool *paired; /* [faces of the dimension at hand] last entries of columns */
    bool is_known;
} reduction;

static void free_kept(reduction *r)
{
    for (size_t i = 0; i < r->n_kept && r->kept; i++)
        pleats_release(r->faces->ctx, r->kept[i].entry);
    pleats_release(r->faces->ctx, r->kept);
    r->kept = NULL;
    r->n_kept = 0;
}

/* ---- columns ---- */

static void sort_entries(column *c)
{
    for (size_t i = 1; i < c->n; i++) {
        const entry e = c->entry[i];
        size_t j = i;
        for (; j > 0 && c->entry[j - 1].row < e.row; j--)
            c->entry[j] = c->entry[j - 1];
        c->entry[j] = e;
    }
}

static pleats_status set_column(reduction *r, pleats_idx d, size_t i)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_face *face = &r->faces->face[d][i];
    TRY(pleats_grow(r->faces->ctx, &r->work.entry, &r->work.capacity,
                    (size_t)face->n, sizeof *r->work.entry));
    for (pleats_idx j = 0; j < face->n; j++)
        r->work.entry[j] =
            (entry){face->facet[j],
                    r->o ? r->o->sign[d][r->o->start[d][i] + (size_t)j] : 1};
    r->work.n = (size_t)face->n;
    sort_entries(&r->work);
done:
    return status;
}

static int64_t gcd(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* x a - y b; false beyond 62 bits. */
static bool combine(int64_t x, int64_t a, int64_t y, int64_t b, int64_t *out)
{
    int64_t left, right;
    return !__builtin_mul_overflow(x, a, &left) &&
           !__builtin_mul_overflow(y, b, &right) &&
           !__builtin_sub_overflow(left, right, out) && *out < INT64_MAX / 2 &&
           *out > -(INT64_MAX / 2);
}

static void make_primitive(column *c)
{
    int64_t g = 0;
    for (size_t i = 0; i < c->n && g != 1; i++)
        g = gcd(g, c->entry[i].value);
    for (size_t i = 0; i < c->n && g > 1; i++)
        c->entry[i].value /= g;
}

/* Takes a multiple of `other` from a multiple of the work column, such that the
 * last entry of both is gone. */
static pleats_status take_from(reduction *r, const column *other)
{
    pleats_status status = PLEATS_OK;
    column *from = &r->work, *to = &r->room;
    TRY(pleats_grow(r->faces->ctx, &to->entry, &to->capacity,
                    from->n + other->n, sizeof *to->entry));
    const int64_t a = from->entry[0].value, b = other->entry[0].value;
    const int64_t g = gcd(a, b);
    size_t i = 1, j = 1;
    to->n = 0;
    while ((i < from->n || j < other->n) && r->is_known) {
        const pleats_idx p = i < from->n ? from->entry[i].row : -1;
        const pleats_idx q = j < other->n ? other->entry[j].row : -1;
        const int64_t x = p >= q ? from->entry[i++].value : 0;
        const int64_t y = q >= p ? other->entry[j++].value : 0;
        int64_t value = x ^ y;
        if (r->o)
            r->is_known = combine(b / g, x, a / g, y, &value);
        if (value != 0)
            to->entry[to->n++] = (entry){p >= q ? p : q, value};
    }
    if (r->o)
        make_primitive(to);
    const column spare = *from;
    *from = *to;
    *to = spare;
    TRY(pleats_check_work(r->faces->ctx, 5 * (i + j)));
done:
    return status;
}

static pleats_status keep_work(reduction *r)
{
    pleats_status status = PLEATS_OK;
    column *to = &r->kept[r->work.entry[0].row];
    TRY(pleats_alloc(r->faces->ctx, r->work.n, sizeof *to->entry, &to->entry));
    to->n = r->work.n;
    memcpy(to->entry, r->work.entry, to->n * sizeof *to->entry);
done:
    return status;
}

/* ---- ranks ---- */

/* The rank of the boundary map of the chosen faces of dimension d. */
static pleats_status find_rank(reduction *r, pleats_idx d, uint64_t *rank)
{
    pleats_status status = PLEATS_OK;
    const pleats_complex_faces *f = r->faces;
    bool *last = NULL;
    r->n_kept = f->n[d - 1];
    TRY(pleats_alloc(f->ctx, r->n_kept, sizeof *r->kept, &r->kept));
    TRY(pleats_alloc(f->ctx, r->n_kept, sizeof *last, &last));
    for (size_t i = 0; i < f->n[d] && r->is_known; i++) {
        if (!f->face[d][i].chosen || (r->paired && r->paired[i]))
            continue;
        TRY(set_column(r, d, i));
        while (r->work.n > 0 && r->kept[r->work.entry[0].row].n > 0 &&
               r->is_known)
            TRY(take_from(r, &r->kept[r->work.entry[0].row]));
        if (r->work.n == 0 || !r->is_known)
            continue;
        last[r->work.entry[0].row] = true;
        TRY(keep_work(r));
        ++*rank;
    }
    pleats_release(f->ctx, r->paired);
    r->paired = last;
    last = NULL;
done:
    pleats_release(f->ctx, last);
    free_kept(r);
    return status;
}

pleats_status pleats_homology(const pleats_complex_faces *f,
                              const pleats_orientation *o, uint64_t *betti,
                              bool *is_known)
{
    pleats_status status = PLEATS_OK;
    uint64_t rank[PLEATS_COMPLEX_LEVELS + 1] = {0};
    reduction r = {.faces = f, .o = o, .is_known = true};
    for (pleats_idx d = f->k; d >= 1 && r.is_known; d--)
        TRY(find_rank(&r, d, &rank[d]));
    for (pleats_idx d = 0; d <= f->k; d++) {
        betti[d] = 0;
        for (size_t i = 0; i < f->n[d]; i++)
            betti[d] += f->face[d][i].chosen;
        betti[d] -= rank[d] + rank[d + 1];
    }
    *is_known = r.is_known;
done:
    free_kept(&r);
    pleats_release(f->ctx, r.work.entry);
    pleats_release(f->ctx, r.room.entry);
    pleats_release(f->ctx, r.paired);
    return status;
}
