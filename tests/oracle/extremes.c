#include "extremes.h"

#include "cone.h"

/* Cuts the cone down to h >= 0, on which side it must have points. */
static void keep_above(cone *c, mpq_t *h)
{
    cone above, below;
    if (cone_split(c, h, &above, &below) != SIDE_BOTH)
        return;
    cone_clear(&below);
    cone_clear(c);
    *c = above;
}

/* The cone over a closed region. */
static void init_region(cone *c, const oracle_region *region)
{
    const size_t k = region->inside.k;
    forms height;
    forms_init(&height, k);
    mpq_set_ui(forms_add(&height)[0], 1, 1);
    cone_init(c, k);
    keep_above(c, forms_at(&height, 0));
    for (size_t i = 0; i < region->inside.n; i++)
        keep_above(c, forms_at(&region->inside, i));
    forms_clear(&height);
}

/* value = form at a corner. */
static void value_at(mpq_t *form, mpz_t *corner, size_t k, mpq_t value)
{
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(value, 0, 1);
    for (size_t j = 0; j <= k; j++) {
        mpq_set_z(part, corner[j]);
        mpq_mul(part, part, form[j]);
        mpq_add(value, value, part);
    }
    mpq_set_z(part, corner[0]);
    mpq_div(value, value, part);
    mpq_clear(part);
}

static bool visit(const oracle_region *region, mpq_t *direction, bool *has,
                  mpq_t least, mpq_t largest)
{
    const size_t k = region->map.k;
    forms goal;
    cone c;
    mpq_t value;
    mpq_init(value);
    init_region(&c, region);
    forms_init(&goal, k);
    mpq_t *form = forms_add(&goal);
    for (size_t j = 0; j < region->map.n; j++)
        form_add_multiple(form, direction[j], forms_at(&region->map, j), k);
    bool bounded = c.line.n == 0;
    for (size_t i = 0; bounded && i < c.ray.n; i++) {
        mpz_t *corner = vectors_at(&c.ray, i);
        bounded = mpz_sgn(corner[0]) > 0;
        if (!bounded)
            break;
        value_at(form, corner, k, value);
        if (!*has || mpq_cmp(value, least) < 0)
            mpq_set(least, value);
        if (!*has || mpq_cmp(value, largest) > 0)
            mpq_set(largest, value);
        *has = true;
    }
    forms_clear(&goal);
    cone_clear(&c);
    mpq_clear(value);
    return bounded;
}

bool oracle_extremes(const oracle_regions *r, mpq_t *direction, mpq_t least,
                     mpq_t largest)
{
    bool has = false;
    for (size_t i = 0; i < r->n; i++)
        if (!visit(&r->at[i], direction, &has, least, largest))
            return false;
    return has;
}
