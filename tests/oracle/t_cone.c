/* Cones of polytopes whose generators are known: none is missing and none is
 * superfluous. */
#include "cone.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MOST = 5 };

/* Cuts with h [k + 1]; the cone becomes the part above, `below` gets the
 * number of rays of the other one. */
static void cut(cone *c, const long *h, size_t lines, size_t above,
                size_t below)
{
    mpq_t form[MOST];
    cone up, down;
    for (size_t j = 0; j <= c->line.k; j++) {
        mpq_init(form[j]);
        mpq_set_si(form[j], h[j], 6);
        mpq_canonicalize(form[j]);
    }
    assert_int_equal(cone_split(c, form, &up, &down), SIDE_BOTH);
    assert_int_equal(up.line.n, lines);
    assert_int_equal(down.line.n, lines);
    assert_int_equal(up.ray.n, above);
    assert_int_equal(down.ray.n, below);
    for (size_t j = 0; j <= c->line.k; j++)
        mpq_clear(form[j]);
    cone_clear(&down);
    cone_clear(c);
    *c = up;
}

/* The unit cube's eight vertices: four lines become the quadrant's origin and
 * three directions, which the opposite sides cut off. */
static void make_cube(cone *c)
{
    cone_init(c, 3);
    cut(c, (long[]){1, 0, 0, 0}, 3, 1, 1);
    cut(c, (long[]){0, 1, 0, 0}, 2, 2, 2);
    cut(c, (long[]){0, 0, 1, 0}, 1, 3, 3);
    cut(c, (long[]){0, 0, 0, 1}, 0, 4, 4);
    cut(c, (long[]){1, -1, 0, 0}, 0, 4, 4);
    cut(c, (long[]){1, 0, -1, 0}, 0, 5, 4);
    cut(c, (long[]){1, 0, 0, -1}, 0, 8, 5);
}

static void cuts_of_a_cube(void **state)
{
    static const struct {
        long h[MOST];
        size_t above, below;
    } table[] = {
        {{3, -2, -2, -2}, 10, 10}, /* a hexagon */
        {{1, -2, -2, -2}, 4, 10},  /* a corner */
        {{1, -1, -1, -1}, 4, 7},   /* the same through three vertices */
        {{0, 1, -1, 0}, 6, 6},     /* through two edges */
        {{-1, 2, 0, 0}, 8, 8},
    };
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        cone c;
        make_cube(&c);
        cut(&c, table[i].h, 0, table[i].above, table[i].below);
        cone_clear(&c);
    }
}

/* x_1 < x_2 in the unit cube of four dimensions: x_1 <= 1 is left as a wall
 * that touches in a square only, which then lies in three walls.  Its diagonal
 * is no edge all the same: with x_3 + x_4 = 1/2 six edges are cut. */
static void more_walls_than_needed(void **state)
{
    cone c;
    (void)state;
    cone_init(&c, 4);
    cut(&c, (long[]){1, 0, 0, 0, 0}, 4, 1, 1);
    for (size_t j = 1; j <= 4; j++) {
        long h[MOST] = {0};
        h[j] = 1;
        cut(&c, h, 4 - j, j + 1, j + 1);
    }
    for (size_t j = 1; j <= 4; j++) {
        long h[MOST] = {1};
        h[j] = -1;
        size_t n = (size_t)1 << (j - 1);
        cut(&c, h, 0, 2 * n + 4 - j, n + 4 - j + 1);
    }
    cut(&c, (long[]){0, -1, 1, 0, 0}, 0, 12, 12);
    cut(&c, (long[]){-1, 0, 0, 2, 2}, 0, 15, 9);
    cone_clear(&c);
}

static void expect_no_cut(const cone *c, const long *h, sides want)
{
    mpq_t form[MOST];
    cone up, down;
    for (size_t j = 0; j <= c->line.k; j++) {
        mpq_init(form[j]);
        mpq_set_si(form[j], h[j], 1);
    }
    assert_int_equal(cone_split(c, form, &up, &down), want);
    for (size_t j = 0; j <= c->line.k; j++)
        mpq_clear(form[j]);
}

static void hyperplanes_that_miss(void **state)
{
    cone c;
    (void)state;
    make_cube(&c);
    expect_no_cut(&c, (long[]){1, 1, 0, 0}, SIDE_POSITIVE);
    expect_no_cut(&c, (long[]){0, 2, 0, 0}, SIDE_POSITIVE);
    expect_no_cut(&c, (long[]){0, -1, -1, -1}, SIDE_NEGATIVE);
    expect_no_cut(&c, (long[]){0, 0, 0, 0}, SIDE_NONE);
    cone_clear(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_of_a_cube),
        cmocka_unit_test(more_walls_than_needed),
        cmocka_unit_test(hyperplanes_that_miss),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
