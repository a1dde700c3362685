/* Classes of a cell whose corners are not where they seem to be, and how it is
 * cut in doubles. */
#include "unit.h"

#include "base/perturb.h"
#include "count/visit.h"
#include "domains.h"
#include "draw/plane/boundary.h"

#include "pleats/pleats.h"

#include <math.h>

/* Corners at which the first of the outputs x0, x1 is greater by 0.1; they are
 * in truth at AWAY, x, y, w, where it is the smaller one. */
static const double SEEN[] = {0.2, 0.1, 0.4, 0.3, 0.3, 0.2};
static const int AWAY[3][3] = {{2, 3, 8}, {1, 3, 8}, {1, 2, 8}};

/* Corners of which the boundary leaves two on one side, just where they seem to
 * be: it crosses the second side in its middle, the third one a quarter of the
 * way. */
static const double LOCAL[] = {0.4, 0.1, 0.4, 0.3, 0.2, 0.3};
static const int POINT[3][3] = {{4, 1, 10}, {4, 3, 10}, {2, 3, 10}};

typedef enum { ADD, HALVE, CUT } step;

/* What is asked of a cell, and what comes out. */
typedef struct {
    size_t n; /* corners; 0: three */
    const double *local;
    const int (*point)[3]; /* NULL: it is not cut over the integers */
    double off, grain;
    double error; /* of the outputs' forms, if not 0 */
    step last;    /* what was done to it at last */
    pleats_idx class;
    pleats_boundary boundary;
    const pleats_axes *axes;
} question;

static pleats_status take(question *q, pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    const pleats_boundary_cell cell = {
        .n = q->n ? q->n : 3, .local = q->local, .at = q->local, .off = q->off};
    bool done;
    mpz_t x[3][3], *point[3] = {x[0], x[1], x[2]};
    for (size_t i = 0; i < 9; i++)
        mpz_init_set_si(x[i / 3][i % 3], q->point ? q->point[i / 3][i % 3] : 0);
    q->last = ADD;
    TRY(pleats_boundary_add(&q->boundary, space, &cell, &done));
    if (!done || !q->point) {
        q->last = HALVE;
        TRY(pleats_boundary_halve(&q->boundary, space, q->axes, &cell, &done));
    }
    if (!done)
        q->last = CUT;
    if (!done && q->point)
        TRY(pleats_boundary_cut(&q->boundary, space, q->axes, &cell, point));
done:
    for (size_t i = 0; i < 9; i++)
        mpz_clear(x[i / 3][i % 3]);
    return status;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    question *q = state;
    (void)cell;
    (void)share;
    (void)stop;
    for (pleats_idx i = 0; i < space->net->n_outputs && q->error > 0; i++)
        pleats_forms_set_bounds(&space->forms, space->net->output[i], q->error,
                                1);
    TRY(take(q, space));
    assert_int_equal(q->boundary.n_cells, 1);
    q->class = q->boundary.class[0];
done:
    return status;
}

/* Outputs x0, x1, times scale, and as many of 1/4 as make n_outputs; box: lo,
 * hi. */
static void ask_on(pleats_ctx *ctx, question *q, int32_t n_outputs,
                   double scale, const double *lo, const double *hi)
{
    const double weight[] = {scale, 0, 0, scale, 0, 0};
    static const double bias[] = {0, 0, 0.25};
    static const int64_t input[] = {2};
    const pleats_layer_arrays layer = {.type = PLEATS_AFFINE,
                                       .n_out = n_outputs,
                                       .weight = weight,
                                       .bias = bias};
    const pleats_visitor visitor = {.region = on_region, .state = q};
    const pleats_visit how = {.engine = PLEATS_ENGINE_VERTICES,
                              .makes_outputs = true};
    pleats_domain *box = NULL;
    pleats_net *net = NULL;
    pleats_frame frame;
    pleats_axes axes;
    bool complete = false;
    need_ok(ctx, pleats_domain_box(ctx, 2, pleats_doubles(lo),
                                   pleats_doubles(hi), &box));
    need_ok(ctx, pleats_net_from_arrays(ctx, 1, input, 1, &layer, sizeof layer,
                                        &net));
    need_ok(ctx, pleats_frame_init(ctx, &frame, box, &box->part[0]));
    need_ok(ctx, pleats_axes_init(ctx, &axes, &box->part[0], &frame));
    q->axes = &axes;
    q->boundary = (pleats_boundary){.grain = q->grain};
    need_ok(ctx,
            pleats_visit_frame(ctx, net, &frame, &how, &visitor, &complete));
    assert_true(complete);
    pleats_axes_clear(ctx, &axes);
    pleats_frame_clear(ctx, &frame);
    pleats_net_clear(ctx, net);
    pleats_domain_free(ctx, box);
}

static void ask(pleats_ctx *ctx, question *q, int32_t n_outputs)
{
    static const double lo[] = {-1, -1}, hi[] = {1, 1};
    ask_on(ctx, q, n_outputs, 1, lo, hi);
}

/* The same, of two outputs, when nothing but the last step matters. */
static step last_step(pleats_ctx *ctx, question q)
{
    ask(ctx, &q, 2);
    pleats_boundary_clear(ctx, &q.boundary);
    return q.last;
}

/* ---- classes ---- */

static void where_they_seem(void **state)
{
    question q = {.local = SEEN, .point = AWAY};
    ask(*state, &q, 2);
    assert_true(q.last == ADD || PLEATS_PERTURB);
    assert_int_equal(q.class, q.last == ADD ? 0 : 1);
    pleats_boundary_clear(*state, &q.boundary);
}

/* As far off as this no corner tells a class, and none is left out. */
static void elsewhere(void **state)
{
    question q = {.local = SEEN, .point = AWAY, .off = 0.06, .grain = 1};
    ask(*state, &q, 2);
    assert_int_equal(q.last, CUT);
    assert_int_equal(q.boundary.n_parts, 0);
    assert_int_equal(q.class, 1);
    pleats_boundary_clear(*state, &q.boundary);
}

/* ---- two parts ---- */

static void need_near(size_t n, const double *a, const double *b)
{
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(a[i] - b[i]) <= (PLEATS_PERTURB ? 0x1p-20 : 0x1p-50));
}

/* The parts and where they meet, in doubles and over the integers. */
static void two_parts(void **state)
{
    static const double corner[] = {0.4,  0.1, 0.4, 0.3, 0.3, 0.3,  0.25,
                                    0.25, 0.3, 0.3, 0.2, 0.3, 0.25, 0.25};
    static const double segment[] = {0.3,  0.3,  0.25, 0.25,
                                     0.25, 0.25, 0.3,  0.3};
    for (int i = 0; i < 2; i++) {
        question q = {.local = LOCAL, .point = POINT, .grain = i ? 0 : 0x1p-20};
        ask(*state, &q, 2);
        const pleats_boundary *b = &q.boundary;
        assert_int_equal(q.last, i ? CUT : HALVE);
        assert_int_equal(q.class, -1);
        assert_int_equal(b->n_parts, 2);
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(b->part[k].cell, 0);
            assert_int_equal(b->part[k].class, k);
            assert_int_equal(b->part[k].first, k ? 4 : 0);
            assert_int_equal(b->part[k].n, k ? 3 : 4);
        }
        assert_int_equal(b->n_corners, 7);
        need_near(14, b->corner, corner);
        assert_int_equal(b->n_segments, 2);
        need_near(8, b->segment, segment);
        pleats_boundary_clear(*state, &q.boundary);
    }
}

/* Corners that are off by e move values by 2 e, and these the crossing of a
 * side of length 0.2, at ends of which they are 0.1, by 2 e; in doubles that
 * is known up to 17 e. */
static void off_corners(void **state)
{
    const double e = 0x1p-20;
    question q = {.local = LOCAL, .point = POINT, .off = e, .grain = 33 * e};
    assert_int_equal(last_step(*state, q), CUT);
    q.grain = 36 * e;
    assert_true(last_step(*state, q) == HALVE || PLEATS_PERTURB);
}

/* The same for values that are off by e. */
static void off_values(void **state)
{
    const double e = 0x1p-20;
    question q = {.local = LOCAL, .point = POINT, .error = e, .grain = 8 * e};
    assert_int_equal(last_step(*state, q), CUT);
    q.grain = 40 * e;
    assert_true(last_step(*state, q) == HALVE || PLEATS_PERTURB);
}

/* A corner that may lie on either side. */
static void unclear_side(void **state)
{
    static const double local[] = {0.4, 0.1, 0.3, 0.3 + 1e-6, 0.2, 0.3};
    const question q = {
        .local = local, .point = POINT, .off = 1e-5, .grain = 1};
    assert_int_equal(last_step(*state, q), CUT);
}

/* A third output that may be the greatest somewhere: at no corner it is. */
static void three_classes(void **state)
{
    question q = {.local = LOCAL, .point = POINT, .grain = 1};
    ask(*state, &q, 3);
    assert_int_equal(q.last, CUT);
    assert_int_equal(q.boundary.n_parts, 2);
    pleats_boundary_clear(*state, &q.boundary);
}

/* No cell: the boundary would cross four of its sides. */
static void four_crossings(void **state)
{
    static const double local[] = {0.4, 0.1, 0.1, 0.4, 0.5, 0.3, 0.3, 0.5};
    const question q = {.n = 4, .local = local, .grain = 1};
    assert_int_equal(last_step(*state, q), CUT);
}

/* No boundary: the only output is above the level. */
static void one_class(void **state)
{
    question q = {.local = LOCAL, .grain = 1};
    ask(*state, &q, 1);
    assert_int_equal(q.last, CUT);
    assert_int_equal(q.class, 1);
    assert_int_equal(q.boundary.n_parts, 0);
    pleats_boundary_clear(*state, &q.boundary);
}

/* A side beyond those of a box nearly as large as doubles. */
static void no_place(void **state)
{
    const double most = 0x1.ffffp1023, e = 0x1p-14;
    const double lo[] = {-most, -most}, hi[] = {most, most};
    const double local[] = {1 + e, 1, 1 + e, 1 + 2 * e, 0.5, 1};
    question q = {.local = local, .point = POINT, .grain = 1};
    ask_on(*state, &q, 2, 0x1p-60, lo, hi);
    assert_int_equal(q.last, CUT);
    pleats_boundary_clear(*state, &q.boundary);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(where_they_seem, ctx),
        cmocka_unit_test_prestate(elsewhere, ctx),
        cmocka_unit_test_prestate(two_parts, ctx),
        cmocka_unit_test_prestate(off_corners, ctx),
        cmocka_unit_test_prestate(off_values, ctx),
        cmocka_unit_test_prestate(unclear_side, ctx),
        cmocka_unit_test_prestate(three_classes, ctx),
        cmocka_unit_test_prestate(four_crossings, ctx),
        cmocka_unit_test_prestate(one_class, ctx),
        cmocka_unit_test_prestate(no_place, ctx),
    };
    return RUN(tests, ctx);
}
