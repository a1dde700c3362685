#include "cone.h"

#include "need.h"

#include <stdlib.h>
#include <string.h>

/* The form's values at a cone's generators, one entry each. */
typedef struct {
    vectors line, ray;
} values;

static int sign_at(const vectors *value, size_t i)
{
    return mpz_sgn(*vectors_at(value, i));
}

void cone_init(cone *c, size_t k)
{
    *c = (cone){.words = 1};
    vectors_init(&c->line, k);
    vectors_init(&c->ray, k);
    for (size_t j = 0; j <= k; j++)
        mpz_set_ui(vectors_add(&c->line)[j], 1);
}

void cone_clear(cone *c)
{
    vectors_clear(&c->line);
    vectors_clear(&c->ray);
    free(c->on);
}

/* A cone with one wall more and no generators yet, with room for n rays. */
static void init_part(cone *part, const cone *c, size_t n)
{
    *part = (cone){.n_walls = c->n_walls + 1, .words = c->n_walls / 64 + 1};
    vectors_init(&part->line, c->line.k);
    vectors_init(&part->ray, c->ray.k);
    part->on = need_memory(n * part->words, sizeof *part->on);
}

static uint64_t *walls_of(const cone *c, size_t ray)
{
    return c->on + ray * c->words;
}

static void set_wall(cone *c, size_t ray, size_t wall)
{
    walls_of(c, ray)[wall / 64] |= (uint64_t)1 << wall % 64;
}

/* Another ray for a part, on the walls `on` of the cone that it was cut from,
 * and with `is_on` on the part's new wall too. */
static void add_ray(cone *part, mpz_t *ray, const cone *c, const uint64_t *on,
                    bool is_on)
{
    size_t at = part->ray.n;
    vectors_push(&part->ray, ray);
    memcpy(walls_of(part, at), on, c->words * sizeof *on);
    if (is_on)
        set_wall(part, at, part->n_walls - 1);
}

/* The vector in the hyperplane that v reaches along a line; `line` points to
 * the side where the values are positive. */
static void slide(mpz_t *v, mpz_t value, mpz_t *line, mpz_t line_value,
                  size_t k)
{
    mpz_t back;
    mpz_init(back);
    mpz_neg(back, value);
    vector_combine(v, line_value, v, back, line, k);
    mpz_clear(back);
}

/* The hyperplane crosses line `l`: half of it is left in each part as a ray on
 * all older walls, and the other generators slide along it into the
 * hyperplane. */
static void part_by_line(const cone *c, size_t l, const values *h,
                         bool is_above, cone *part)
{
    size_t k = c->line.k;
    vectors upward; /* the line, then its value */
    init_part(part, c, c->ray.n + 1);
    vectors_init(&upward, k);
    vectors_push(&upward, vectors_at(&c->line, l));
    mpz_set(vectors_add(&upward)[0], *vectors_at(&h->line, l));
    mpz_t *line = vectors_at(&upward, 0), *value = vectors_at(&upward, 1);
    if (mpz_sgn(*value) < 0) {
        vector_negate(line, k);
        mpz_neg(*value, *value);
    }
    for (size_t i = 0; i < c->line.n; i++)
        if (i != l) {
            vectors_push(&part->line, vectors_at(&c->line, i));
            slide(vectors_at(&part->line, part->line.n - 1),
                  *vectors_at(&h->line, i), line, *value, k);
        }
    for (size_t i = 0; i < c->ray.n; i++) {
        add_ray(part, vectors_at(&c->ray, i), c, walls_of(c, i), true);
        slide(vectors_at(&part->ray, i), *vectors_at(&h->ray, i), line, *value,
              k);
    }
    if (!is_above)
        vector_negate(line, k);
    vectors_push(&part->ray, line);
    for (size_t w = 0; w < c->n_walls; w++)
        set_wall(part, part->ray.n - 1, w);
    vectors_clear(&upward);
}

/* Rays a and b span a face when no third ray is on all walls that both are
 * on; `common` gets these walls. */
static bool are_adjacent(const cone *c, size_t a, size_t b, uint64_t *common)
{
    size_t n_common = 0;
    for (size_t w = 0; w < c->words; w++) {
        common[w] = walls_of(c, a)[w] & walls_of(c, b)[w];
        n_common += (size_t)__builtin_popcountll(common[w]);
    }
    if (n_common + c->line.n + 1 < c->line.k)
        return false;
    for (size_t i = 0; i < c->ray.n; i++) {
        size_t w = 0;
        while (w < c->words && (common[w] & ~walls_of(c, i)[w]) == 0)
            w++;
        if (w == c->words && i != a && i != b)
            return false;
    }
    return true;
}

/* The point of the face that rays a (above) and b (below) span where the form
 * is 0. */
static void crossing_of(const cone *c, const values *h, size_t a, size_t b,
                        mpz_t *to)
{
    mpz_t depth;
    mpz_init(depth);
    mpz_neg(depth, *vectors_at(&h->ray, b));
    vector_combine(to, depth, vectors_at(&c->ray, a), *vectors_at(&h->ray, a),
                   vectors_at(&c->ray, b), c->ray.k);
    mpz_clear(depth);
}

/* Where the hyperplane crosses the faces that two rays span. */
static void find_crossings(const cone *c, const values *h, cone *crossing)
{
    size_t n_above = 0, n_below = 0;
    vectors ray;
    for (size_t i = 0; i < c->ray.n; i++) {
        n_above += sign_at(&h->ray, i) > 0;
        n_below += sign_at(&h->ray, i) < 0;
    }
    uint64_t *common = need_memory(c->words, sizeof *common);
    init_part(crossing, c, n_above * n_below);
    vectors_init(&ray, c->ray.k);
    mpz_t *to = vectors_add(&ray);
    for (size_t a = 0; a < c->ray.n; a++)
        for (size_t b = 0; b < c->ray.n && sign_at(&h->ray, a) > 0; b++)
            if (sign_at(&h->ray, b) < 0 && are_adjacent(c, a, b, common)) {
                crossing_of(c, h, a, b, to);
                add_ray(crossing, to, c, common, true);
            }
    vectors_clear(&ray);
    free(common);
}

/* The part on one side of a hyperplane that crosses no line: the lines, the
 * rays on that side or on the hyperplane, and the crossings. */
static void part_by_rays(const cone *c, const values *h, const cone *crossing,
                         int side, cone *part)
{
    init_part(part, c, c->ray.n + crossing->ray.n);
    for (size_t i = 0; i < c->line.n; i++)
        vectors_push(&part->line, vectors_at(&c->line, i));
    for (size_t i = 0; i < c->ray.n; i++)
        if (sign_at(&h->ray, i) * side >= 0)
            add_ray(part, vectors_at(&c->ray, i), c, walls_of(c, i),
                    sign_at(&h->ray, i) == 0);
    for (size_t i = 0; i < crossing->ray.n; i++)
        add_ray(part, vectors_at(&crossing->ray, i), c, walls_of(crossing, i),
                true);
}

static sides sides_of(const values *h)
{
    sides found = SIDE_NONE;
    for (size_t i = 0; i < h->line.n; i++)
        if (sign_at(&h->line, i) != 0)
            return SIDE_BOTH;
    for (size_t i = 0; i < h->ray.n; i++) {
        int sign = sign_at(&h->ray, i);
        found |= sign > 0   ? SIDE_POSITIVE
                 : sign < 0 ? SIDE_NEGATIVE
                            : SIDE_NONE;
    }
    return found;
}

static void cut(const cone *c, const values *h, cone *above, cone *below)
{
    size_t l = 0;
    cone crossing;
    while (l < c->line.n && sign_at(&h->line, l) == 0)
        l++;
    if (l < c->line.n) {
        part_by_line(c, l, h, true, above);
        part_by_line(c, l, h, false, below);
        return;
    }
    find_crossings(c, h, &crossing);
    part_by_rays(c, h, &crossing, 1, above);
    part_by_rays(c, h, &crossing, -1, below);
    cone_clear(&crossing);
}

/* A positive multiple of the form without denominators. */
static void without_denominators(mpq_t *h, size_t k, vectors *out)
{
    mpz_t factor;
    mpz_t *to = vectors_add(out);
    mpz_init_set_ui(factor, 1);
    for (size_t j = 0; j <= k; j++)
        mpz_lcm(factor, factor, mpq_denref(h[j]));
    for (size_t j = 0; j <= k; j++) {
        mpz_divexact(to[j], factor, mpq_denref(h[j]));
        mpz_mul(to[j], to[j], mpq_numref(h[j]));
    }
    mpz_clear(factor);
}

static void evaluate(mpz_t *h, const vectors *at, vectors *value)
{
    for (size_t i = 0; i < at->n; i++)
        vector_dot(h, vectors_at(at, i), at->k, *vectors_add(value));
}

sides cone_split(const cone *c, mpq_t *h, cone *above, cone *below)
{
    vectors form;
    values value;
    vectors_init(&form, c->line.k);
    vectors_init(&value.line, 0);
    vectors_init(&value.ray, 0);
    without_denominators(h, c->line.k, &form);
    evaluate(vectors_at(&form, 0), &c->line, &value.line);
    evaluate(vectors_at(&form, 0), &c->ray, &value.ray);
    sides found = sides_of(&value);
    if (found == SIDE_BOTH)
        cut(c, &value, above, below);
    vectors_clear(&form);
    vectors_clear(&value.line);
    vectors_clear(&value.ray);
    return found;
}
