/* Rows of planes and of frames in doubles: as near to the true ones as they
 * say, at all points, and exact where they say so. */
#include "cell_check.h"
#include "domains.h"
#include "unit.h"

#include <float.h>
#include <math.h>

enum { K = 3, WIDTH = K + 1, FORMS = 2, CASES = 20000 };

/* Two forms in doubles, and the true ones. */
typedef struct {
    pleats_forms f;
    double entry[FORMS * (K + 5)], error[FORMS], magnitude[FORMS];
    mpq_t truth[FORMS][WIDTH];
} pair;

static void pair_init(pair *p)
{
    *p = (pair){.f = {.k = K, .stride = (K + 5) / 4 * 4}};
    p->f.gamma = pleats_gamma(K + 6);
    p->f.entry = p->entry;
    p->f.error = p->error;
    p->f.magnitude = p->magnitude;
    for (size_t i = 0; i < FORMS * WIDTH; i++)
        mpq_init(p->truth[i / WIDTH][i % WIDTH]);
}

static void pair_clear(pair *p)
{
    for (size_t i = 0; i < FORMS * WIDTH; i++)
        mpq_clear(p->truth[i / WIDTH][i % WIDTH]);
}

static double draw(rng *r)
{
    double x = rng_real(r, rng_one_in(r, 2) ? 4 : 53);
    if (rng_one_in(r, 40))
        x = ldexp(x, -1040);
    return rng_one_in(r, 6) ? ldexp(x, rng_int(r, -60, 10)) : x;
}

/* Draws the forms; half of them are off, by all of their error. */
static void draw_pair(rng *r, pair *p)
{
    for (pleats_idx i = 0; i < FORMS; i++) {
        double *entry = p->entry + (size_t)i * p->f.stride, sum = 0, far = 0;
        size_t one = (size_t)rng_int(r, 0, K);
        for (size_t c = 0; c < WIDTH; c++) {
            entry[c] = draw(r);
            sum += fabs(entry[c]);
            mpq_set_d(p->truth[i][c], entry[c]);
        }
        if (rng_one_in(r, 2)) {
            mpq_t off;
            mpq_init(off);
            far = ldexp(sum, -rng_int(r, 1, 50));
            mpq_set_d(off, rng_one_in(r, 2) ? far : -far);
            mpq_add(p->truth[i][one], p->truth[i][one], off);
            mpq_clear(off);
        }
        pleats_forms_set_bounds(&p->f, i, far, pleats_round_up(sum));
    }
}

/* The plane's true row in `out`, over the power of two that brings the largest
 * entry of the row in doubles to [1/2, 1). */
static void true_row(pair *p, pleats_hyperplane plane, mpq_t *out)
{
    mpq_t number;
    double most = 0;
    int exponent = 0;
    mpq_init(number);
    for (size_t c = 0; c < WIDTH; c++) {
        double stored = p->entry[c];
        mpq_set(out[c], p->truth[plane.a][c]);
        if (plane.b >= 0) {
            mpq_sub(out[c], out[c], p->truth[plane.b][c]);
            stored -= p->entry[p->f.stride + c];
        }
        if (c == K) {
            mpq_set_d(number, plane.at);
            mpq_sub(out[c], out[c], number);
            stored -= plane.at;
        }
        most = fmax(most, fabs(stored));
    }
    frexp(most, &exponent);
    for (size_t c = 0; c < WIDTH; c++)
        if (exponent > 0)
            mpq_div_2exp(out[c], out[c], (mp_bitcnt_t)exponent);
        else
            mpq_mul_2exp(out[c], out[c], (mp_bitcnt_t)-exponent);
    mpq_clear(number);
}

/* Whether |row - truth| summed up is at most the error, and the value of the
 * row at t as far from the true one as the tolerance says. */
static void check_row(rng *r, const double *row, pleats_bounds b, mpq_t *truth)
{
    double t[K], most = 1;
    mpq_t sum, value, part;
    mpq_inits(sum, value, part, NULL);
    for (size_t j = 0; j < K; j++) {
        t[j] = ldexp(rng_real(r, 53), rng_one_in(r, 3) ? 30 : 0);
        most = fmax(most, fabs(t[j]));
    }
    for (size_t c = 0; c < WIDTH; c++) {
        mpq_set_d(part, row[c]);
        mpq_sub(part, part, truth[c]);
        mpq_abs(part, part);
        mpq_add(sum, sum, part);
        mpq_set_d(part, c < K ? t[c] : 1);
        mpq_mul(part, part, truth[c]);
        mpq_add(value, value, part);
    }
    mpq_set_d(part, b.error);
    assert_true(mpq_cmp(sum, part) <= 0);
    mpq_set_d(part, pleats_row_value(row, K, t));
    mpq_sub(value, value, part);
    mpq_abs(value, value);
    mpq_set_d(part, b.tolerance);
    mpq_set_d(sum, most);
    mpq_mul(part, part, sum);
    assert_true(mpq_cmp(value, part) <= 0);
    mpq_clears(sum, value, part, NULL);
}

static void planes(void **state)
{
    rng r = {3};
    pair p;
    mpq_t truth[WIDTH];
    int n_exact = 0;
    (void)state;
    pair_init(&p);
    for (size_t c = 0; c < WIDTH; c++)
        mpq_init(truth[c]);
    for (int i = 0; i < CASES; i++) {
        double row[WIDTH];
        pleats_hyperplane plane = {0, rng_one_in(&r, 3) ? -1 : 1,
                                   rng_one_in(&r, 2) ? 0 : draw(&r)};
        draw_pair(&r, &p);
        pleats_bounds b = pleats_plane_row(&p.f, plane, row);
        true_row(&p, plane, truth);
        check_row(&r, row, b, truth);
        n_exact += b.error == 0;
    }
    assert_in_range(n_exact, CASES / 50, CASES / 2);
    for (size_t c = 0; c < WIDTH; c++)
        mpq_clear(truth[c]);
    pair_clear(&p);
}

/* A bit that goes lost in one entry, or in the constant alone. */
static void lost_bits(void **state)
{
    pair p;
    double row[WIDTH];
    (void)state;
    pair_init(&p);
    for (size_t lost = 0; lost < WIDTH; lost++) {
        for (size_t c = 0; c < WIDTH; c++) {
            p.entry[c] = c == lost ? 1 : 0.5;
            p.entry[p.f.stride + c] = c == lost ? 0x1p-60 : 0.25;
        }
        pleats_forms_set_bounds(&p.f, 0, 0, 3);
        pleats_forms_set_bounds(&p.f, 1, 0, 3);
        assert_true(
            pleats_plane_row(&p.f, (pleats_hyperplane){0, 1, 0}, row).error >=
            0x1p-61);
    }
    assert_true(pleats_plane_row(&p.f, (pleats_hyperplane){0, -1, 0x1p-60}, row)
                    .error >= 0x1p-61);
    assert_true(
        pleats_plane_row(&p.f, (pleats_hyperplane){0, -1, 0}, row).error == 0);
    pair_clear(&p);
}

/* Entries that vanish when the row is scaled. */
static void vanishing_entries(void **state)
{
    pair p;
    double row[WIDTH];
    (void)state;
    pair_init(&p);
    p.entry[0] = 0x1p900;
    p.entry[1] = 0x1p-500;
    pleats_forms_set_bounds(&p.f, 0, 0, 0x1p901);
    assert_true(
        pleats_plane_row(&p.f, (pleats_hyperplane){0, -1, 0}, row).error > 0);
    pair_clear(&p);
}

/* Rows of a frame whose numbers have more bits than doubles. */
static void rows_of_a_frame(void **state)
{
    pleats_ctx *ctx = *state;
    rng r = {5};
    pleats_domain *domain = domain_polytope(
        ctx, K,
        "123456789012345678901 98765432109876543210 1 100000000000000000001;"
        "-1/3 1/7 1/1000000007 5/7; 1/3 -1/3 17/1000003 9");
    pleats_frame frame;
    pleats_walls walls;
    pleats_forms none = {0};
    pleats_exact_forms exact = {0};
    mpq_t truth[WIDTH];
    need_ok(ctx, pleats_frame_init(ctx, &frame, domain, &domain->part[0]));
    assert_int_equal(frame.m, 3);
    need_ok(ctx, pleats_walls_init(ctx, &walls, &frame, &none, &exact));
    for (pleats_idx i = 0; i < frame.m; i++) {
        const double *row = pleats_walls_entry(&walls, i);
        mpz_t *z = frame.row + (size_t)i * WIDTH;
        size_t bits = 0;
        for (size_t c = 0; c < WIDTH; c++)
            bits =
                mpz_sizeinbase(z[c], 2) > bits ? mpz_sizeinbase(z[c], 2) : bits;
        for (size_t c = 0; c < WIDTH; c++) {
            mpq_init(truth[c]);
            mpq_set_z(truth[c], z[c]);
            mpq_div_2exp(truth[c], truth[c], bits);
            assert_true(fabs(row[c] - mpq_get_d(truth[c])) <=
                        walls.bounds[i].error + 0x1p-40);
        }
        for (int again = 0; again < 100; again++)
            check_row(&r, row, walls.bounds[i], truth);
        for (size_t c = 0; c < WIDTH; c++)
            mpq_clear(truth[c]);
    }
    pleats_walls_clear(&walls);
    pleats_frame_clear(ctx, &frame);
    pleats_domain_clear(ctx, domain);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(planes, ctx),
        cmocka_unit_test_prestate(lost_bits, ctx),
        cmocka_unit_test_prestate(vanishing_entries, ctx),
        cmocka_unit_test_prestate(rows_of_a_frame, ctx),
    };
    return RUN(tests, ctx);
}
