/* How far doubles can be off at all points of a set: random networks evaluated
 * in doubles at points that are as far from the true ones as they claim, beside
 * their exact values there; and units that are farther from their breakpoints
 * than their margin have the piece of the true point.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "sample/margins.h"

#include "cases.h"
#include "need.h"
#include "random_net.h"
#include "values.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 3000, POINTS = 6 };

static uint64_t n_certain, n_doubtful, n_zeros;

typedef struct {
    pleats_ctx *ctx;
    rng r;
    pleats_net *net;
    pleats_margins margins;
    double *x, *value;
    pleats_idx *piece, *true_piece;
    const char *wrong;
} margins_case;

/* Stored inputs, and true ones at the far end of what they may be off; some are
 * as near to each other as that. */
static void draw_point(margins_case *c, forms *truth)
{
    const bool near = rng_one_in(&c->r, 3);
    const double at = rng_real(&c->r, 53);
    mpq_t off;
    mpq_init(off);
    for (pleats_idx i = 0; i < c->net->n_inputs; i++) {
        double most = c->margins.magnitude[i], error = c->margins.error[i];
        double x =
            (most - error) * rng_real(&c->r, rng_one_in(&c->r, 3) ? 2 : 53);
        if (near)
            x = 0.5 * (most - error) * at + 2 * error * rng_real(&c->r, 53);
        mpq_t *to = forms_add(truth);
        c->x[i] = x;
        mpq_set_d(to[0], x);
        mpq_set_d(off, rng_one_in(&c->r, 2) ? error : -error);
        mpq_add(to[0], to[0], off);
    }
    mpq_clear(off);
}

static void check_scalar(margins_case *c, pleats_idx i, mpq_t truth)
{
    const pleats_margins *m = &c->margins;
    mpq_t off, bound;
    if (!isfinite(c->value[i])) {
        c->wrong = "a value is not finite, but its bounds are";
        return;
    }
    mpq_init(off);
    mpq_init(bound);
    mpq_set_d(off, c->value[i]);
    mpq_sub(off, off, truth);
    mpq_abs(off, off);
    mpq_set_d(bound, m->error[i]);
    if (mpq_cmp(off, bound) > 0)
        c->wrong = "a value is off by more than its error";
    mpq_abs(off, truth);
    mpq_set_d(bound, m->magnitude[i]);
    if (mpq_cmp(off, bound) > 0 || !(fabs(c->value[i]) <= m->magnitude[i]))
        c->wrong = "a value is above its magnitude";
    mpq_clear(off);
    mpq_clear(bound);
}

/* Whether doubles are farther from all breakpoints, or the winner from all
 * others, than the margin. */
static bool is_certain(const margins_case *c, const pleats_step *s,
                       pleats_idx i, double margin)
{
    if (margin < 0)
        return true;
    if (s->kind == PLEATS_STEP_PL) {
        const pleats_pl *f = pleats_step_function(s, i);
        for (pleats_idx b = 0; b < f->n_breaks; b++)
            if (!(fabs(c->value[s->in[i]] - f->at[b]) > margin))
                return false;
        return true;
    }
    const pleats_idx *in = s->in + s->start[i];
    pleats_idx winner = c->piece[s->first_unit + i];
    for (pleats_idx j = 0; j < pleats_step_pieces(s, i); j++)
        if (j != winner &&
            !(fabs(c->value[in[winner]] - c->value[in[j]]) > margin))
            return false;
    return true;
}

static void check_unit(margins_case *c, const pleats_step *s, pleats_idx i,
                       forms *truth)
{
    double margin = pleats_margins_unit(&c->margins, s, i);
    pleats_idx unit = s->first_unit + i, out = s->out + i;
    bool certain = is_certain(c, s, i, margin);
    n_certain += certain;
    n_doubtful += !certain;
    if (certain && c->piece[unit] != c->true_piece[unit])
        c->wrong = "a unit beyond its margin has another piece";
    if (certain && c->value[out] == 0 && pleats_margins_zero_is_exact(s, i)) {
        n_zeros++;
        if (mpq_sgn(forms_at(truth, (size_t)out)[0]) != 0)
            c->wrong = "a value 0 is not 0";
    }
}

static void check_point(margins_case *c)
{
    forms truth;
    forms_init(&truth, 0);
    draw_point(c, &truth);
    need_ok(c->ctx,
            pleats_net_evaluate(c->ctx, c->net, c->x, c->value, c->piece));
    values_at_point(c->net, &truth, c->true_piece);
    for (pleats_idx i = 0; i < c->net->n_scalars && !c->wrong; i++)
        check_scalar(c, i, forms_at(&truth, (size_t)i)[0]);
    for (pleats_idx k = 0; k < c->net->n_steps && !c->wrong; k++) {
        const pleats_step *s = &c->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++)
            check_unit(c, s, i, &truth);
    }
    forms_clear(&truth);
}

static void draw_margins(margins_case *c)
{
    pleats_idx *scratch =
        need_memory((size_t)pleats_net_row_terms(c->net) + 1, sizeof *scratch);
    bool exact = rng_one_in(&c->r, 3);
    need_ok(c->ctx, pleats_margins_init(c->ctx, &c->margins, c->net));
    for (pleats_idx i = 0; i < c->net->n_inputs; i++) {
        double error = exact ? 0 : ldexp(1, -rng_int(&c->r, 2, 50));
        c->margins.error[i] = error;
        c->margins.magnitude[i] = 2 + error;
    }
    pleats_margins_run(&c->margins, c->net, scratch);
    free(scratch);
}

/* Whether all bounds are numbers: others promise nothing. */
static bool are_finite(const margins_case *c)
{
    for (pleats_idx i = 0; i < c->net->n_scalars; i++)
        if (!isfinite(c->margins.error[i]) ||
            !isfinite(c->margins.magnitude[i]))
            return false;
    return true;
}

static bool run_case(uint64_t seed)
{
    margins_case c = {.ctx = need_ctx(), .r = {seed}};
    c.net = random_net(c.ctx, &c.r, rng_int(&c.r, 1, 3), 12);
    if (rng_one_in(&c.r, 2))
        change_divisors(&c.r, c.net);
    size_t n = (size_t)c.net->n_scalars, units = (size_t)c.net->n_units + 1;
    c.x = need_memory((size_t)c.net->n_inputs, sizeof *c.x);
    c.value = need_memory(n, sizeof *c.value);
    c.piece = need_memory(units, sizeof *c.piece);
    c.true_piece = need_memory(units, sizeof *c.true_piece);
    draw_margins(&c);
    for (int i = 0; i < POINTS && !c.wrong && are_finite(&c); i++)
        check_point(&c);
    if (c.wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, c.wrong);
    pleats_margins_clear(c.ctx, &c.margins);
    free(c.x);
    free(c.value);
    free(c.piece);
    free(c.true_piece);
    pleats_net_clear(c.ctx, c.net);
    bool clean = pleats_ctx_live_bytes(c.ctx) == 0;
    pleats_ctx_free(c.ctx);
    return clean && !c.wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu certain, %llu doubtful, %llu zeros\n",
           (unsigned long long)n_certain, (unsigned long long)n_doubtful,
           (unsigned long long)n_zeros);
    return failures > 0 ||
           (!is_one_case &&
            (n_certain < 5000 || n_doubtful < 5000 || n_zeros < 1000));
}
