/* Classes of a cell whose corners are not where they seem to be. */
#include "unit.h"

#include "base/perturb.h"
#include "count/visit.h"
#include "domains.h"
#include "draw/plane/boundary.h"

#include "pleats/pleats.h"

/* Corners at which the first of the outputs x0, x1 is greater by 0.1; they are
 * in truth at POINT, x, y, w, where it is the smaller one. */
static const double LOCAL[] = {0.2, 0.1, 0.4, 0.3, 0.3, 0.2};
static const int POINT[][3] = {{2, 3, 8}, {1, 3, 8}, {1, 2, 8}};

typedef struct {
    const pleats_axes *axes;
    double off;
    bool is_certain;
    pleats_idx class;
} question;

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    question *q = state;
    pleats_boundary b = {0};
    mpz_t x[3][3], *point[3];
    (void)cell;
    (void)share;
    (void)stop;
    for (size_t i = 0; i < 9; i++)
        mpz_init_set_si(x[i / 3][i % 3], POINT[i / 3][i % 3]);
    for (size_t i = 0; i < 3; i++)
        point[i] = x[i];
    TRY(pleats_boundary_add(&b, space, 3, LOCAL, q->off, &q->is_certain));
    if (!q->is_certain)
        TRY(pleats_boundary_cut(&b, space, q->axes, 3, point, LOCAL, q->off));
    assert_int_equal(b.n_cells, 1);
    assert_int_equal(b.n_parts, 0);
    q->class = b.class[0];
done:
    pleats_boundary_clear(space->ctx, &b);
    for (size_t i = 0; i < 9; i++)
        mpz_clear(x[i / 3][i % 3]);
    return status;
}

static void ask(pleats_ctx *ctx, question *q)
{
    static const double weight[] = {1, 0, 0, 1};
    static const int64_t input[] = {2};
    static const pleats_layer_arrays layer = {
        .type = PLEATS_AFFINE, .n_out = 2, .weight = weight};
    const pleats_visitor visitor = {.region = on_region, .state = q};
    const pleats_visit how = {.engine = PLEATS_ENGINE_VERTICES,
                              .makes_outputs = true};
    pleats_domain *box = domain_boxes(ctx, 2, "-1 1 -1 1");
    pleats_net *net = NULL;
    pleats_frame frame;
    pleats_axes axes;
    bool complete = false;
    need_ok(ctx, pleats_net_from_arrays(ctx, 1, input, 1, &layer, sizeof layer,
                                        &net));
    need_ok(ctx, pleats_frame_init(ctx, &frame, box, &box->part[0]));
    need_ok(ctx, pleats_axes_init(ctx, &axes, &box->part[0], &frame));
    q->axes = &axes;
    need_ok(ctx,
            pleats_visit_frame(ctx, net, &frame, &how, &visitor, &complete));
    assert_true(complete);
    pleats_axes_clear(ctx, &axes);
    pleats_frame_clear(ctx, &frame);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, box);
}

static void where_they_seem(void **state)
{
    question q = {.off = 0};
    ask(*state, &q);
    assert_true(q.is_certain || PLEATS_PERTURB);
    assert_int_equal(q.class, q.is_certain ? 0 : 1);
}

/* As far off as this no corner tells a class, and none is left out. */
static void elsewhere(void **state)
{
    question q = {.off = 0.06};
    ask(*state, &q);
    assert_false(q.is_certain);
    assert_int_equal(q.class, 1);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(where_they_seem, ctx),
        cmocka_unit_test_prestate(elsewhere, ctx),
    };
    return RUN(tests, ctx);
}
