/* What the programme engine takes for a proof that there are no points, on
 * cells and multipliers that are made up: a proof holds for all forms within
 * their errors, or it is none. */
#include "certify_stage.h"
#include "slack.h"
#include "unit.h"

#include <math.h>

static bool is_none(stage *s)
{
    bool none = false;
    pleats_depth *d = &s->a.space.lp.asked;
    d->nonbasic[s->cell.n_walls] = K + 1 + s->cell.n_walls;
    d->cost[s->cell.n_walls] = -1;
    need_ok(s->a.ctx, pleats_certify_none(&s->a.space, &s->cell, true, &none));
    return none;
}

static void push_form(forms *all, const double *entry)
{
    mpq_t *form = forms_add(all);
    for (size_t c = 0; c < WIDTH; c++)
        mpq_set_d(form[c == K ? 0 : c + 1], entry[c]);
}

/* Whether form and walls can all be positive, on the box or without one. */
static bool has_points_on(size_t n_sides, const double *entry, size_t n,
                          double (*wall)[WIDTH])
{
    forms all;
    forms_init(&all, K);
    push_form(&all, entry);
    for (size_t i = 0; i < n; i++)
        push_form(&all, wall[i]);
    for (size_t side = 0; side < n_sides; side++) {
        double row[WIDTH] = {[K] = 1};
        row[side / 2] = side % 2 ? -1 : 1;
        push_form(&all, row);
    }
    bool has = slack_sign(&all, NULL) > 0;
    forms_clear(&all);
    return has;
}

static bool has_points(const double *entry, size_t n, double (*wall)[WIDTH])
{
    return has_points_on(2 * (size_t)K, entry, n, wall);
}

/* A form that is all but minus a sum of walls, with multipliers of all sizes:
 * what is left is as small as the rounding of the sum. */
static void sums_that_cancel(void **state)
{
    rng r = {7};
    stage s;
    int n_none = 0;
    stage_init(*state, &s);
    for (int again = 0; again < CASES; again++) {
        double form[WIDTH], wall[WALLS][WIDTH], y[WALLS];
        for (size_t i = 0; i < WALLS; i++) {
            y[i] = ldexp(1 + fabs(rng_real(&r, 50)), rng_int(&r, -4, 30));
            for (size_t c = 0; c < WIDTH; c++)
                wall[i][c] = rng_real(&r, 53);
        }
        for (size_t c = 0; c < WIDTH; c++) {
            form[c] = rng_real(&r, 53);
            wall[1][c] = -(form[c] + y[0] * wall[0][c]) / y[1];
        }
        double grain = ldexp(y[0], -rng_int(&r, 48, 56));
        wall[1][K] -= fabs(rng_real(&r, 20)) * grain / y[1];
        drop_walls(&s);
        ask(&s, form, 0);
        add_wall(&s, wall[0], 0, y[0]);
        add_wall(&s, wall[1], 0, y[1]);
        if (!is_none(&s))
            continue;
        n_none++;
        assert_false(has_points(form, WALLS, wall));
    }
    assert_in_range(n_none, CASES / 100, CASES * 9 / 10);
    stage_clear(&s);
}

/* The form x - 1/2 and the wall 1/4 - x, both of which may be off. */
static void errors_of_form_and_wall(void **state)
{
    const double form[] = {1, 0, -0.5}, wall[] = {-1, 0, 0.25};
    const double ones[] = {0, 0, 1};
    stage s;
    stage_init(*state, &s);
    for (int i = 0; i < 16; i++) {
        double of_form = i / 4 * 0.09, of_wall = i % 4 * 0.09;
        drop_walls(&s);
        ask(&s, form, of_form);
        add_wall(&s, wall, of_wall, 1);
        add_wall(&s, ones, 0, 0);
        assert_int_equal(is_none(&s), of_form + of_wall < 0.25);
    }
    drop_walls(&s);
    ask(&s, form, 0);
    add_wall(&s, wall, 0, 1);
    add_wall(&s, ones, 0, -1);
    assert_true(is_none(&s));
    stage_clear(&s);
}

/* Multipliers below 0 prove nothing: 1 - x < 0 is no part of the cell 2 > x. */
static void multipliers_below_0(void **state)
{
    const double form[] = {0, 0, 1}, wall[] = {0, 0, 2};
    stage s;
    stage_init(*state, &s);
    ask(&s, form, 0);
    add_wall(&s, wall, 0, -1);
    add_wall(&s, wall, 0, 0);
    assert_false(is_none(&s));
    stage_clear(&s);
}

/* What is exactly 0 at a corner has no points of it, but it is no proof. */
static void a_bound_of_0(void **state)
{
    const double form[] = {1, 1, -2}, wall[] = {0, 0, 1};
    stage s;
    stage_init(*state, &s);
    ask(&s, form, 0);
    add_wall(&s, wall, 0, 0);
    add_wall(&s, wall, 0, 0);
    assert_false(is_none(&s));
    stage_clear(&s);
}

/* Two walls and the form on the whole plane, and X of the dictionary. */
static void set_up_free(stage *s, const double *form, double (*wall)[WIDTH],
                        const double *y, double (*x)[WALLS + 1])
{
    pleats_depth *d = &s->a.space.lp.asked;
    drop_walls(s);
    ask(s, form, 0);
    for (int i = 0; i < WALLS; i++)
        add_wall(s, wall[i], 0, y[i]);
    for (pleats_idx j = 0; j < K; j++) {
        d->place[j] = ~j;
        for (int i = 0; i <= WALLS; i++)
            s->dictionary[j][i] = x ? x[j][i] : 0;
    }
}

/* The inverse of the walls' coefficients; false when they are near singular. */
static bool invert(double (*wall)[WIDTH], double (*x)[WALLS + 1])
{
    const double *a = wall[0], *b = wall[1], det = a[0] * b[1] - a[1] * b[0];
    x[0][0] = b[1] / det;
    x[0][1] = -a[1] / det;
    x[1][0] = -b[0] / det;
    x[1][1] = a[0] / det;
    x[0][2] = x[1][2] = 0;
    return fabs(det) > 0x1p-8;
}

/* As sums_that_cancel on the whole plane: a form that is all but minus a sum of
 * walls, with a constant as small as what the coefficients leave. */
static void sums_on_the_plane(void **state)
{
    rng r = {11};
    stage s;
    int n_none = 0;
    stage_init_for(*state, &s, 0);
    for (int again = 0; again < CASES; again++) {
        double form[WIDTH], wall[WALLS][WIDTH], y[WALLS], x[K][WALLS + 1];
        for (size_t i = 0; i < WALLS; i++) {
            y[i] = ldexp(1 + fabs(rng_real(&r, 50)), rng_int(&r, -48, 4));
            for (size_t c = 0; c < WIDTH; c++)
                wall[i][c] = rng_real(&r, 53);
        }
        for (size_t c = 0; c < WIDTH; c++)
            form[c] = -(y[0] * wall[0][c] + y[1] * wall[1][c]);
        form[K] -= fabs(form[K]) * ldexp(1, -rng_int(&r, 40, 54));
        if (!invert(wall, x))
            continue;
        set_up_free(&s, form, wall, y, x);
        if (!is_none(&s))
            continue;
        n_none++;
        assert_false(has_points_on(0, form, WALLS, wall));
    }
    assert_in_range(n_none, CASES / 100, CASES * 9 / 10);
    stage_clear(&s);
}

/* The wall x > 1 and a form that is -x but for a hair of y, and another wall
 * that has no part in the sum: far out there are points. */
static void rows_without_multipliers(void **state)
{
    const double form[] = {-1, 0x1p-60, 0}, y[] = {1, 0};
    double wall[WALLS][WIDTH] = {{1, 0, -1}, {0, 1, 0}};
    double x[K][WALLS + 1] = {{1, 0, 0}, {0, 1, 0}};
    stage s;
    stage_init_for(*state, &s, 0);
    set_up_free(&s, form, wall, y, x);
    assert_true(has_points_on(0, form, WALLS, wall));
    assert_false(is_none(&s));
    x[1][1] = 0;
    set_up_free(&s, form, wall, y, x);
    s.a.space.lp.asked.place[1] = K;
    assert_false(is_none(&s));
    stage_clear(&s);
}

/* There are points, and these numbers do not prove that there are none. */
static void proves_nothing(pleats_ctx *ctx, const double *form,
                           double (*wall)[WIDTH], const double *y,
                           double (*x)[WALLS + 1])
{
    stage s;
    stage_init_for(ctx, &s, 0);
    set_up_free(&s, form, wall, y, x);
    assert_true(has_points_on(0, form, WALLS, wall));
    assert_false(is_none(&s));
    stage_clear(&s);
}

/* The same with more than a hair of y, and a multiplier of the other wall that
 * cannot make up for it. */
static void rest_beside_a_multiplier(void **state)
{
    const double form[] = {-1, 0x1p-30, 0}, y[] = {1, 0x1p-36};
    double wall[WALLS][WIDTH] = {{1, 0, -1}, {0, 1, 0}};
    double x[K][WALLS + 1] = {{1, 0, 0}, {0, 1, 0}};
    proves_nothing(*state, form, wall, y, x);
}

/* The wall x > 1 and the form -x come through a neck of one unit, which makes
 * them parallel; the wall beside them must be known well enough for an inverse,
 * though it has no multiplier. */
static void errors_of_an_inverse(void **state)
{
    const double form[] = {-1, 0, 0}, y[] = {1, 0};
    double wall[WALLS][WIDTH] = {{1, 0, -1}, {0, 1, 0}};
    double x[K][WALLS + 1] = {{1, 0, 0}, {0, 1, 0}};
    double at = 0, slope[] = {0, 1}, intercept[] = {0, 0};
    const pleats_pl relu = {1, &at, slope, intercept};
    bool is_neck[] = {true};
    pleats_idx piece[] = {1}, made;
    pleats_net *net = NULL;
    stage s;
    stage_init_for(*state, &s, 0);
    pleats_space *space = &s.a.space, whole = *space;
    need_ok(*state, pleats_net_new(*state, K, &net));
    need_ok(*state, pleats_net_add_pl(*state, net, NULL, 1, (pleats_idx[]){0},
                                      1, &relu, NULL, &made));
    space->net = net;
    space->is_neck = is_neck;
    space->piece = piece;
    space->question.plane.a = made;
    space->question.plane.b = -1;
    for (int i = 0; i < 2; i++) {
        set_up_free(&s, form, wall, y, x);
        space->walls.plane[0].a = made;
        space->walls.bounds[1].error = i * 0.6;
        space->walls.bounds[1].tolerance = i * 0.6 + 0x1p-40;
        assert_int_equal(is_none(&s), i == 0);
    }
    space->net = whole.net;
    space->is_neck = whole.is_neck;
    space->piece = whole.piece;
    pleats_net_clear(*state, net);
    stage_clear(&s);
}

/* Rows whose inverse is wrong prove nothing: x > 1 and -x + y > 0 have points,
 * whatever is said to solve for y. */
static void wrong_inverses(void **state)
{
    const double form[] = {-1, 0x1p-60, 0}, y[] = {1, 0x1p-20};
    double wall[WALLS][WIDTH] = {{1, 0, -1}, {0x1p-20, 0, 0}};
    double x[K][WALLS + 1] = {{1, 0, 0}, {0, 1, 0}};
    proves_nothing(*state, form, wall, y, x);
}

/* Forms that vanish at the origin, on a box: x > 0, y > 0 and -x - y > 0 have
 * no points, and their sum is 0.  What is not 0 but for a hair, has no
 * multiplier of the form, or is not known to vanish at the origin proves
 * nothing. */
static void sums_of_linear_forms(void **state)
{
    const double form[] = {-1, -1, 0}, hair[] = {-1, -1 + 0x1p-52, 0};
    const double ones[] = {1, 1}, first[] = {1, 0};
    double wall[WALLS][WIDTH] = {{1, 0, 0}, {0, 1, 0}};
    double x[K][WALLS + 1] = {{1, 0, 0}, {0, -1, 0}};
    bool none;
    stage s;
    stage_init(*state, &s);
    pleats_space *space = &s.a.space;
    space->lp.asked.flipped[1] = true;
    set_up_free(&s, form, wall, ones, x);
    assert_false(is_none(&s));
    space->is_linear = true;
    assert_true(is_none(&s));
    set_up_free(&s, form, wall, (double[]){0, 0}, x);
    space->lp.asked.nonbasic[WALLS] = K + 1 + WALLS;
    space->lp.asked.cost[WALLS] = 0;
    need_ok(*state, pleats_certify_none(space, &s.cell, true, &none));
    assert_false(none);
    set_up_free(&s, hair, wall, ones, x);
    assert_true(is_none(&s));
    set_up_free(&s, (double[]){-1, 0x1p-60, 0}, wall, first, x);
    assert_true(has_points_on(4, s.a.space.question.entry, WALLS, wall));
    assert_false(is_none(&s));
    space->frame = &(pleats_frame){
        .k = K, .m = 1, .boxed = s.a.frame.boxed, .bounded = true};
    set_up_free(&s, form, wall, ones, x);
    assert_false(is_none(&s));
    space->frame = &s.a.frame;
    stage_clear(&s);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sums_that_cancel, ctx),
        cmocka_unit_test_prestate(errors_of_form_and_wall, ctx),
        cmocka_unit_test_prestate(multipliers_below_0, ctx),
        cmocka_unit_test_prestate(a_bound_of_0, ctx),
        cmocka_unit_test_prestate(sums_on_the_plane, ctx),
        cmocka_unit_test_prestate(rows_without_multipliers, ctx),
        cmocka_unit_test_prestate(rest_beside_a_multiplier, ctx),
        cmocka_unit_test_prestate(errors_of_an_inverse, ctx),
        cmocka_unit_test_prestate(wrong_inverses, ctx),
        cmocka_unit_test_prestate(sums_of_linear_forms, ctx),
    };
    return RUN(tests, ctx);
}
