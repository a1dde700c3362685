/* Numbers at the ends of the doubles' range, where products vanish or overflow,
 * and polytopes of many rows.  Every network has one ReLU, so that a count is
 * 2 when its hyperplane meets the domain's interior and else 1. */
#include "counts.h"
#include "domains.h"
#include "mlp.h"
#include "unit.h"

#include "pleats/lipschitz.h"

/* Frees net and domain. */
static void expect(pleats_ctx *ctx, pleats_net *net, pleats_domain *domain,
                   size_t regions)
{
    for (int paranoid = 0; paranoid < 2; paranoid++)
        assert_int_equal(count_net(ctx, net, domain, false, paranoid).regions,
                         regions);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
}

/* A row  (weight x + bias) / divisor. */
typedef struct {
    double weight, bias, divisor;
} link;

/* Affine rows one after the other, then a ReLU. */
static pleats_net *chain(pleats_ctx *ctx, size_t n, const link *row)
{
    static const pleats_idx start[] = {0, 1};
    pleats_net *net = NULL;
    pleats_idx now = 0;
    need_ok(ctx, pleats_net_new(ctx, 1, &net));
    for (size_t i = 0; i < n; i++)
        need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 1, start, &now,
                                           &row[i].weight, &row[i].bias,
                                           &row[i].divisor, &now));
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, 1, &now, 1,
                                   activation_function(ACT_RELU), NULL, &now));
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &now));
    return net;
}

/* 2^-1200 x has no double beside 0, and yet a sign. */
static void a_product_that_vanishes(void **state)
{
    static const link row[] = {{0x1p-600, 0, 1}, {0x1p-600, 0, 1}};
    pleats_ctx *c = *state;
    expect(c, chain(c, 2, row), domain_all(c, 1), 2);
    expect(c, chain(c, 2, row), domain_boxes(c, 1, "-1 1"), 2);
    expect(c, chain(c, 2, row), domain_boxes(c, 1, "0 1"), 1);
}

/* 2^-200 x + 2^-201, the first term by way of 2^-1200 x. */
static void a_product_that_vanishes_and_grows(void **state)
{
    static const link by_weight[] = {
        {0x1p-600, 0, 1}, {0x1p-600, 0, 1}, {0x1p1000, 0x1p-201, 1}};
    static const link by_divisor[] = {
        {0x1p-600, 0, 1}, {0x1p-600, 0, 0x1p-1000}, {1, 0x1p-201, 1}};
    pleats_ctx *c = *state;
    expect(c, chain(c, 3, by_weight), domain_boxes(c, 1, "-1 1"), 2);
    expect(c, chain(c, 3, by_weight), domain_all(c, 1), 2);
    expect(c, chain(c, 3, by_divisor), domain_boxes(c, 1, "-1 1"), 2);
    expect(c, chain(c, 3, by_divisor), domain_boxes(c, 1, "0 1"), 1);
}

/* On x = 2^1000 + 2^-100 t the sign of x changes, far away; so it does when
 * the direction has no double but 0. */
static void a_line_that_hardly_moves(void **state)
{
    pleats_ctx *c = *state;
    pleats_domain *line = domain_affine(c, 1, 1, "1;1");
    mpq_set_d(line->part[0].origin[0], 0x1p1000);
    mpq_set_d(line->part[0].direction[0], 0x1p-100);
    expect(c, chain(c, 0, NULL), line, 2);
    line = domain_affine(c, 1, 1, "1;1/3");
    mpq_set_d(line->part[0].origin[0], 0x1p200);
    mpq_div_2exp(line->part[0].direction[0], line->part[0].direction[0], 3000);
    expect(c, chain(c, 0, NULL), line, 2);
}

/* M (t_0 + t_1 - t_2 - t_3) where all t_j are nearly 1: the sum of the first
 * two terms is beyond the doubles, the whole is 0 on a plane.  So it is for
 * M = 1, where nothing overflows. */
static mlp sums_of_four(double m)
{
    static const int32_t width[] = {4, 8, 1, 1};
    mlp out;
    mlp_init(&out, 3, width);
    for (int32_t j = 0; j < 4; j++) {
        mlp_row(&out, 0, j)[j] = mlp_row(&out, 0, 4 + j)[j] = 1;
        out.bias[0][4 + j] = -0.9375;
        mlp_row(&out, 1, 0)[j] = j < 2 ? m : -m;
    }
    mlp_row(&out, 2, 0)[0] = 1 / m;
    return out;
}

static pleats_idx add_relus(pleats_ctx *ctx, pleats_net *net, pleats_idx n,
                            pleats_idx first)
{
    pleats_idx in[8], out = 0;
    for (pleats_idx i = 0; i < n; i++)
        in[i] = first + i;
    need_ok(ctx, pleats_net_add_pl(ctx, net, NULL, n, in, 1,
                                   activation_function(ACT_RELU), NULL, &out));
    return out;
}

/* Units x, y, x - 0.3, y - 0.3, x - 0.8, y - 0.8, then four rows near to
 * M (x + y - 1), each of which reads three of them.  About the middle of the
 * cell between the first ones M (x + y) is beyond the doubles, and all four
 * rows change their signs there. */
static pleats_net *sparse_sums(pleats_ctx *ctx, double m)
{
    static const pleats_idx each[] = {0, 1, 2, 3, 4, 5, 6},
                            input[] = {0, 1, 0, 1, 0, 1},
                            start[] = {0, 3, 6, 9, 12};
    static const double one[] = {1, 1, 1, 1, 1, 1},
                        at[] = {0, 0, -0.3, -0.3, -0.8, -0.8};
    const double minus[] = {-m, -m, -m, -m};
    double weight[12];
    pleats_idx in[12], first = 0;
    pleats_net *net = NULL;
    need_ok(ctx, pleats_net_new(ctx, 2, &net));
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 6, each, input, one, at,
                                       NULL, &first));
    first = add_relus(ctx, net, 6, first);
    for (pleats_idx i = 0; i < 4; i++) {
        in[3 * i] = first;
        in[3 * i + 1] = first + 1;
        in[3 * i + 2] = first + 2 + i;
        weight[3 * i] = weight[3 * i + 1] = m;
        weight[3 * i + 2] = 0x1p-6 * m;
    }
    need_ok(ctx, pleats_net_add_sparse(ctx, net, NULL, 4, start, in, weight,
                                       minus, NULL, &first));
    first = add_relus(ctx, net, 4, first);
    need_ok(ctx, pleats_net_set_outputs(ctx, net, 1, &first));
    return net;
}

static void expect_as(pleats_ctx *c, pleats_net *plain, pleats_net *large)
{
    const char *const corners = "-1 1 -1 1 -1 1 -1 1";
    pleats_domain *box = domain_boxes(c, plain->n_inputs, corners);
    size_t regions = count_net(c, plain, box, false, true).regions;
    pleats_net_clear(c, plain);
    pleats_domain_clear(c, box);
    expect(c, large, domain_boxes(c, large->n_inputs, corners), regions);
}

static void a_sum_that_overflows_on_the_way(void **state)
{
    pleats_ctx *c = *state;
    mlp plain = sums_of_four(1), beyond = sums_of_four(0x1.1p1023);
    expect_as(c, mlp_build(c, &plain), mlp_build(c, &beyond));
    expect_as(c, sparse_sums(c, 1), sparse_sums(c, 0x1.fp1023));
    mlp_clear(&plain);
    mlp_clear(&beyond);
}

/* The rows |p . x| <= 1 for `m` random vectors p make a polytope about 0, which
 * x_0 = 0 cuts; 2 x_0 = 3 does not, as the first row is x_0 <= 1. */
static pleats_domain *many_rows(pleats_ctx *ctx, pleats_idx n, pleats_idx m)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    uint64_t bits = 1;
    need_ok(ctx, pleats_domain_new(ctx, n, "many rows", &d));
    need_ok(ctx, pleats_domain_add_part(ctx, d, n, 2 * m + 1, false, &part));
    mpq_set_ui(part->a[0], 1, 1);
    mpq_set_ui(part->b[0], 1, 1);
    for (pleats_idx i = 0; i < m; i++) {
        mpq_t *row = part->a + (2 * i + 1) * n;
        for (pleats_idx j = 0; j < n; j++) {
            bits = bits * 6364136223846793005u + 1442695040888963407u;
            mpq_set_d(row[j], (double)(bits >> 11) * 0x1p-52 - 1);
            mpq_neg(row[n + j], row[j]);
        }
        mpq_set_ui(part->b[2 * i + 1], 1, 1);
        mpq_set_ui(part->b[2 * i + 2], 1, 1);
    }
    return d;
}

static void a_polytope_of_many_rows(void **state)
{
    enum { N = 10 };
    static const double through[N + 1] = {1};
    static const double beside[N + 1] = {2, 0, 0, 0, 0, 0, 0, 0, 0, 0, -3};
    pleats_ctx *c = *state;
    expect(c, arrangement_net(c, 1, N, through), many_rows(c, N, 20), 2);
    expect(c, arrangement_net(c, 1, N, beside), many_rows(c, N, 20), 1);
}

/* The slope 2^-76 of a weight that is below all doubles when it is divided. */
static void a_quotient_that_vanishes(void **state)
{
    static const link row[] = {{0x1p-1074, 0, 4}, {0x1p1000, 0, 1}};
    pleats_ctx *c = *state;
    pleats_net *net = chain(c, 2, row);
    pleats_domain *box = domain_boxes(c, 1, "-1 1");
    for (uint64_t cells = 0; cells < 3; cells++) {
        pleats_lipschitz_result r;
        const pleats_limits limits = {.cells = cells};
        need_ok(c, pleats_lipschitz_find(c, net, box, NULL, &limits, &r));
        assert_true(r.lower <= 0x1p-76 && r.upper >= 0x1p-76);
        if (cells == 0)
            assert_int_equal(r.label, PLEATS_EXACT);
        pleats_lipschitz_result_clear(c, &r);
    }
    pleats_domain_clear(c, box);
    pleats_net_clear(c, net);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(a_quotient_that_vanishes, ctx),
        cmocka_unit_test_prestate(a_product_that_vanishes, ctx),
        cmocka_unit_test_prestate(a_product_that_vanishes_and_grows, ctx),
        cmocka_unit_test_prestate(a_line_that_hardly_moves, ctx),
        cmocka_unit_test_prestate(a_sum_that_overflows_on_the_way, ctx),
        cmocka_unit_test_prestate(a_polytope_of_many_rows, ctx),
    };
    return RUN(tests, ctx);
}
