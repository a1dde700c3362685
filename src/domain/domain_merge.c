/* Parts of a union that are one polyhedron cut in two.
 *
 * A part is an intersection of slabs lo <= normal . t <= hi with different
 * primitive normals; an end may be missing.  Two parts whose slabs are equal
 * but for one, whose intervals meet, are together the part with the union of
 * these intervals.  So that not all pairs need be compared, each slab of each
 * part is entered in a list under a hash of all that is to be equal, the list
 * is sorted, and neighbours are compared exactly. */
#include "domain/domain.h"

#include "base/hash.h"
#include "exact/integers.h"
#include "exact/rational.h"

#include <stdlib.h>

typedef struct {
    pleats_idx k;
    mpz_t *normal; /* [k] primitive, the first entry that is not 0 positive */
    bool has[2];
    mpq_t *end; /* [2] lo, hi */
    uint64_t hash_normal, hash;
} slab;

typedef struct {
    bool can_join; /* to others */
    bool is_changed;
    pleats_idx n;
    slab *slab; /* [room], the first n of them by normal */
    size_t room;
    uint64_t hash;  /* sum of the slabs' */
    uint64_t round; /* in which it changed last */
} body;

typedef struct {
    uint64_t key;
    body *body;
    pleats_idx slab;
} entry;

typedef struct {
    pleats_ctx *ctx;
    size_t n;
    body *body; /* [n] */
    size_t n_entries;
    entry *entry;
    size_t entry_capacity;
    uint64_t round;
} merger;

/* ---- hashes and orders ---- */

static uint64_t add_integer(uint64_t hash, const mpz_t z)
{
    hash = pleats_hash_add(hash, (uint64_t)(int64_t)mpz_sgn(z));
    for (size_t i = 0; i < mpz_size(z); i++)
        hash = pleats_hash_add(hash, mpz_getlimbn(z, (mp_size_t)i));
    return hash;
}

static void find_hash(slab *s)
{
    uint64_t hash = s->hash_normal;
    for (int e = 0; e < 2; e++) {
        hash = pleats_hash_add(hash, s->has[e]);
        if (s->has[e]) {
            hash = add_integer(hash, mpq_numref(s->end[e]));
            hash = add_integer(hash, mpq_denref(s->end[e]));
        }
    }
    s->hash = hash;
}

static int compare_normals(const slab *a, const slab *b)
{
    int order = 0;
    for (pleats_idx j = 0; j < a->k && order == 0; j++)
        order = mpz_cmp(a->normal[j], b->normal[j]);
    return order;
}

static int by_normal(const void *a, const void *b)
{
    return compare_normals(a, b);
}

/* By key, then by the lower end, of which none comes first. */
static int by_key(const void *left, const void *right)
{
    const entry *a = left, *b = right;
    const slab *s = &a->body->slab[a->slab], *t = &b->body->slab[b->slab];
    int order = 0;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    if (!s->has[0] || !t->has[0])
        order = s->has[0] - t->has[0];
    else
        order = mpq_cmp(s->end[0], t->end[0]);
    return order ? order : (a->body > b->body) - (a->body < b->body);
}

/* ---- taking parts apart ---- */

static void clear_body(pleats_ctx *ctx, body *b)
{
    for (size_t i = 0; b->slab && i < b->room; i++) {
        pleats_integers_free(ctx, b->slab[i].normal, (size_t)b->slab[i].k);
        pleats_rational_array_free(ctx, 2, b->slab[i].end);
    }
    pleats_release(ctx, b->slab);
    *b = (body){0};
}

static pleats_status new_slab(pleats_ctx *ctx, body *b, pleats_idx k,
                              slab **out)
{
    pleats_status status = PLEATS_OK;
    slab *s = *out = &b->slab[b->n++];
    s->k = k;
    TRY(pleats_integers_new(ctx, (size_t)k, &s->normal));
    TRY(pleats_rational_array(ctx, 2, &s->end));
done:
    return status;
}

/* The bounds of coordinate j. */
static pleats_status add_bounds(pleats_ctx *ctx, body *b, const pleats_part *p,
                                pleats_idx j)
{
    pleats_status status = PLEATS_OK;
    slab *s = NULL;
    if (!p->has_lo[j] && !p->has_hi[j])
        return PLEATS_OK;
    TRY(new_slab(ctx, b, p->k, &s));
    mpz_set_ui(s->normal[j], 1);
    s->has[0] = p->has_lo[j];
    s->has[1] = p->has_hi[j];
    mpq_set(s->end[0], p->lo[j]);
    mpq_set(s->end[1], p->hi[j]);
done:
    return status;
}

/* The row  a . t <= bound  as one end of a slab; a [k].  A row without
 * coefficients closes the body. */
static pleats_status add_row(pleats_ctx *ctx, body *b, pleats_idx k,
                             const mpq_t *a, const mpq_t bound)
{
    pleats_status status = PLEATS_OK;
    slab *s = NULL;
    pleats_idx first = 0;
    mpq_t ratio;
    mpq_init(ratio);
    mpq_set_ui(ratio, 1, 1);
    while (first < k && mpq_sgn(a[first]) == 0)
        first++;
    b->can_join = b->can_join && first < k;
    if (first == k)
        goto done;
    TRY(new_slab(ctx, b, k, &s));
    for (pleats_idx j = 0; j < k; j++)
        mpz_lcm(mpq_numref(ratio), mpq_numref(ratio), mpq_denref(a[j]));
    if (mpq_sgn(a[first]) < 0)
        mpq_neg(ratio, ratio);
    for (pleats_idx j = 0; j < k; j++) {
        mpz_divexact(s->normal[j], mpq_numref(ratio), mpq_denref(a[j]));
        mpz_mul(s->normal[j], s->normal[j], mpq_numref(a[j]));
    }
    pleats_integers_make_primitive(s->normal, (size_t)k);
    mpq_set_z(ratio, s->normal[first]);
    mpq_div(ratio, a[first], ratio);
    int end = mpq_sgn(ratio) > 0;
    s->has[end] = true;
    mpq_div(s->end[end], bound, ratio);
done:
    mpq_clear(ratio);
    return status;
}

/* Slab b's ends, where they are tighter, become slab a's. */
static void intersect(slab *a, const slab *b)
{
    for (int e = 0; e < 2; e++) {
        int order = a->has[e] && b->has[e] ? mpq_cmp(b->end[e], a->end[e]) : 0;
        if (b->has[e] && (!a->has[e] || (e ? order < 0 : order > 0)))
            mpq_set(a->end[e], b->end[e]);
        a->has[e] = a->has[e] || b->has[e];
    }
}

/* Brings the slabs into their order, each normal once. */
static void settle(body *b)
{
    pleats_idx kept = 0;
    qsort(b->slab, (size_t)b->n, sizeof *b->slab, by_normal);
    for (pleats_idx i = 0; i < b->n; i++) {
        slab *last = kept > 0 ? &b->slab[kept - 1] : NULL;
        if (last && compare_normals(last, &b->slab[i]) == 0) {
            intersect(last, &b->slab[i]);
            continue;
        }
        slab swap = b->slab[kept];
        b->slab[kept++] = b->slab[i];
        b->slab[i] = swap;
    }
    b->n = kept;
    for (pleats_idx i = 0; i < kept; i++) {
        slab *s = &b->slab[i];
        s->hash_normal = 1;
        for (pleats_idx j = 0; j < s->k; j++)
            s->hash_normal = add_integer(s->hash_normal, s->normal[j]);
        find_hash(s);
        b->hash += s->hash;
    }
}

static pleats_status take_apart(pleats_ctx *ctx, const pleats_part *p, body *b)
{
    pleats_status status = PLEATS_OK;
    b->room = (size_t)p->k + (size_t)p->m;
    b->can_join = p->direction == NULL && p->is_open == NULL;
    TRY(pleats_alloc(ctx, b->room, sizeof *b->slab, &b->slab));
    for (pleats_idx j = 0; j < p->k; j++)
        TRY(add_bounds(ctx, b, p, j));
    for (pleats_idx i = 0; i < p->m; i++)
        TRY(add_row(ctx, b, p->k,
                    (const mpq_t *)p->a + (size_t)i * (size_t)p->k, p->b[i]));
    settle(b);
done:
    return status;
}

/* ---- joining ---- */

/* Whether slab s is all that two parts do not have in common. */
static bool differ_there_only(const body *a, const body *b, pleats_idx s)
{
    bool same = a->n == b->n;
    for (pleats_idx i = 0; i < a->n && same; i++) {
        const slab *x = &a->slab[i], *y = &b->slab[i];
        same = compare_normals(x, y) == 0;
        for (int e = 0; e < 2 && same && i != s; e++)
            same = x->has[e] == y->has[e] &&
                   (!x->has[e] || mpq_equal(x->end[e], y->end[e]));
    }
    return same;
}

/* Joins b to a, whose lower end of slab s is not above b's, if they meet. */
static void join(merger *m, body *a, body *b, pleats_idx s)
{
    slab *x = &a->slab[s], *y = &b->slab[s];
    if (x->has[1] && y->has[0] && mpq_cmp(y->end[0], x->end[1]) > 0)
        return;
    if (!y->has[1])
        x->has[1] = false;
    else if (x->has[1] && mpq_cmp(y->end[1], x->end[1]) > 0)
        mpq_set(x->end[1], y->end[1]);
    a->hash -= x->hash;
    find_hash(x);
    a->hash += x->hash;
    a->is_changed = true;
    a->round = m->round;
    b->can_join = false;
    b->n = -1;
}

static pleats_status list_entries(merger *m)
{
    pleats_status status = PLEATS_OK;
    m->n_entries = 0;
    for (size_t i = 0; i < m->n; i++) {
        body *b = &m->body[i];
        if (!b->can_join)
            continue;
        TRY(pleats_grow(m->ctx, &m->entry, &m->entry_capacity,
                        m->n_entries + (size_t)b->n, sizeof *m->entry));
        for (pleats_idx s = 0; s < b->n; s++)
            m->entry[m->n_entries++] =
                (entry){b->hash - b->slab[s].hash +
                            pleats_hash_add(b->slab[s].hash_normal, 2),
                        b, s};
    }
    if (m->n_entries)
        qsort(m->entry, m->n_entries, sizeof *m->entry, by_key);
done:
    return status;
}

/* Goes through the list once.  A part that changed is compared along the slab
 * in which it changed; along the others in the next round. */
static pleats_status join_neighbours(merger *m, bool *any)
{
    pleats_status status = PLEATS_OK;
    const entry *first = NULL;
    *any = false;
    m->round++;
    TRY(list_entries(m));
    for (size_t i = 0; i < m->n_entries; i++) {
        const entry *e = &m->entry[i];
        TRY(pleats_check_stop(m->ctx));
        if (!e->body->can_join || e->body->round == m->round)
            continue;
        if (first && first->key == e->key && first->slab == e->slab &&
            differ_there_only(first->body, e->body, e->slab))
            join(m, first->body, e->body, e->slab);
        if (e->body->can_join)
            first = e;
        else
            *any = true;
    }
done:
    return status;
}

/* ---- putting parts together again ---- */

/* The coordinate that a slab bounds, -1: it is a row. */
static pleats_idx only_coordinate(const slab *s)
{
    pleats_idx only = -1;
    for (pleats_idx j = 0; j < s->k; j++)
        if (mpz_sgn(s->normal[j])) {
            if (only >= 0)
                return -1;
            only = j;
        }
    return only;
}

/* A side of a slab as a row of a part: a [k]. */
static void write_row(const slab *s, int end, mpq_t *a, mpq_t b)
{
    for (pleats_idx j = 0; j < s->k; j++) {
        mpq_set_z(a[j], s->normal[j]);
        if (end == 0)
            mpq_neg(a[j], a[j]);
    }
    mpq_set(b, s->end[end]);
    if (end == 0)
        mpq_neg(b, b);
}

static pleats_status add_joined(pleats_ctx *ctx, pleats_domain *domain,
                                const body *b)
{
    pleats_status status = PLEATS_OK;
    pleats_part *part = NULL;
    pleats_idx rows = 0, row = 0;
    for (pleats_idx i = 0; i < b->n; i++)
        if (only_coordinate(&b->slab[i]) < 0)
            rows += b->slab[i].has[0] + b->slab[i].has[1];
    TRY(pleats_domain_add_part(ctx, domain, domain->n_inputs, rows, false,
                               &part));
    for (pleats_idx i = 0; i < b->n; i++) {
        const slab *s = &b->slab[i];
        pleats_idx j = only_coordinate(s);
        if (j >= 0 && s->has[0])
            pleats_part_set_lo(part, j, s->end[0]);
        if (j >= 0 && s->has[1])
            pleats_part_set_hi(part, j, s->end[1]);
        for (int e = 0; e < 2 && j < 0; e++)
            if (s->has[e]) {
                write_row(s, e, part->a + (size_t)row * (size_t)s->k,
                          part->b[row]);
                row++;
            }
    }
done:
    return status;
}

/* Joined parts come last. */
static pleats_status replace_parts(merger *m, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    bool *keep = NULL;
    TRY(pleats_alloc(m->ctx, 2 * m->n, sizeof *keep, &keep));
    for (size_t i = 0; i < m->n; i++) {
        const body *b = &m->body[i];
        keep[i] = b->n >= 0 && !b->is_changed;
        if (b->n < 0 || !b->is_changed)
            continue;
        keep[domain->n_parts] = true;
        TRY(add_joined(m->ctx, domain, b));
    }
    pleats_domain_keep_parts(m->ctx, domain, keep);
done:
    pleats_release(m->ctx, keep);
    return status;
}

pleats_status pleats_domain_merge(pleats_ctx *ctx, pleats_domain *domain)
{
    pleats_status status = PLEATS_OK;
    merger m = {.ctx = ctx, .n = (size_t)domain->n_parts};
    bool more = m.n > 1;
    if (!more)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, m.n, sizeof *m.body, &m.body));
    for (size_t i = 0; i < m.n; i++)
        TRY(take_apart(ctx, &domain->part[i], &m.body[i]));
    while (more)
        TRY(join_neighbours(&m, &more));
    TRY(replace_parts(&m, domain));
done:
    for (size_t i = 0; m.body && i < m.n; i++)
        clear_body(ctx, &m.body[i]);
    pleats_release(ctx, m.body);
    pleats_release(ctx, m.entry);
    return status;
}
