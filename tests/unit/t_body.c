/* Proofs of what holds on a polyhedron: right ones are taken, and none that is
 * wrong in one place. */
#include "cells/body.h"

#include "exact/integers.h"
#include "unit.h"

enum { K = 2 };

/* The box [-1, 1]^2, cut by t_0 + t_1 <= 1. */
static void make(pleats_ctx *ctx, pleats_body *b, pleats_prover *p)
{
    need_ok(ctx, pleats_body_new(ctx, b, 0, K, 1));
    b->boxed[0] = b->boxed[1] = true;
    mpq_set_si(b->row[0], -1, 1);
    mpq_set_si(b->row[1], -1, 1);
    mpq_set_si(b->row[2], 1, 1);
    need_ok(ctx, pleats_prover_init(ctx, p, b));
}

static void clear(pleats_ctx *ctx, pleats_body *b, pleats_prover *p)
{
    pleats_prover_clear(p);
    pleats_body_clear(ctx, b);
}

/* Whether a t_0 + b t_1 + c / 3 >= 0 is proven. */
static bool holds(pleats_ctx *ctx, pleats_prover *p, long a, long b, long c)
{
    bool out = false;
    mpq_set_si(p->form[0], a, 1);
    mpq_set_si(p->form[1], b, 1);
    mpq_set_si(p->form[2], c, 3);
    mpq_canonicalize(p->form[2]);
    need_ok(ctx, pleats_prover_holds(p, &out));
    return out;
}

static void forms_on_a_body(void **state)
{
    pleats_body b;
    pleats_prover p;
    make(*state, &b, &p);
    assert_true(holds(*state, &p, 1, 1, 6));
    assert_false(holds(*state, &p, 1, 1, 5));
    assert_true(holds(*state, &p, -1, -1, 3));
    assert_false(holds(*state, &p, -1, -1, 2));
    assert_true(holds(*state, &p, -2, -1, 6));
    assert_false(holds(*state, &p, -2, -1, 5));
    assert_true(holds(*state, &p, 1, -1, 6));
    assert_false(holds(*state, &p, 1, -1, 5));
    assert_true(holds(*state, &p, 0, 0, 0));
    clear(*state, &b, &p);
}

/* One multiplier more or less, of the other sign, of another side; a constant
 * that is larger; a coordinate that has no sides. */
static void wrong_proofs(void **state)
{
    static const long form[][3] = {{1, 1, 6},  {-1, -1, 3}, {-2, -1, 6},
                                   {1, -1, 6}, {2, 0, 6},   {0, -1, 3}};
    pleats_body b;
    pleats_prover p;
    make(*state, &b, &p);
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        assert_true(holds(*state, &p, form[i][0], form[i][1], form[i][2]));
        mpz_t *last = p.lp.entry + (size_t)p.lp.m * (K + 1);
        for (size_t q = 0; q < K; q++) {
            mpz_sub_ui(last[q], last[q], 1);
            assert_false(pleats_prover_is_proven(&p));
            mpz_add_ui(last[q], last[q], 1);
        }
        for (pleats_idx j = 0; j < K; j++) {
            bool is_used = p.lp.place[j] >= 0 && mpz_sgn(last[p.lp.place[j]]);
            b.boxed[j] = false;
            assert_int_equal(pleats_prover_is_proven(&p), !is_used);
            b.boxed[j] = true;
            p.lp.flipped[j] = !p.lp.flipped[j];
            assert_int_equal(pleats_prover_is_proven(&p), !is_used);
            p.lp.flipped[j] = !p.lp.flipped[j];
        }
        mpz_add_ui(p.row[K], p.row[K], 1);
        assert_false(pleats_prover_is_proven(&p));
        mpz_sub_ui(p.row[K], p.row[K], 1);
        assert_true(pleats_prover_is_proven(&p));
    }
    clear(*state, &b, &p);
}

/* -t_0 - 1 is no sum of sides with multipliers >= 0, but one with -1. */
static void multipliers_below_0(void **state)
{
    pleats_body b;
    pleats_prover p;
    make(*state, &b, &p);
    assert_true(holds(*state, &p, 0, 0, 0));
    mpz_t *last = p.lp.entry + (size_t)p.lp.m * (K + 1);
    pleats_idx q = p.lp.place[0];
    assert_true(q >= 0 && !p.lp.flipped[0]);
    mpz_set_si(p.row[0], 1);
    mpz_set_si(p.row[1], 0);
    mpz_set_si(p.row[K], 1);
    mpz_set(last[q], p.lp.det);
    assert_false(pleats_prover_is_proven(&p));
    clear(*state, &b, &p);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(forms_on_a_body, ctx),
        cmocka_unit_test_prestate(wrong_proofs, ctx),
        cmocka_unit_test_prestate(multipliers_below_0, ctx),
    };
    return RUN(tests, ctx);
}
