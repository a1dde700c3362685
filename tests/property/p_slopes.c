/* Bounds of derivatives, against the derivatives: where all units have one
 * piece, what is said of each input holds its exact derivative; where they may
 * have several, it holds those of all pieces.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "optimum/slope.h"

#include "cases.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"
#include "values.h"

#include "pleats/domain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 600, PATTERNS = 4 };

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_goals goals; /* all outputs */
    pleats_slopes slopes;
    pleats_range *unit; /* [n_units] */
    int32_t *pattern;   /* [n_units] in the ranges */
    const char *wrong;
} scene;

/* Ranges of pieces, and a pattern in them. */
static void choose_pieces(scene *s, rng *r, bool is_one)
{
    for (pleats_idx k = 0; k < s->net->n_steps; k++) {
        const pleats_step *step = &s->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(step) && i < step->n_out;
             i++) {
            const pleats_idx u = step->first_unit + i;
            const int32_t n = pleats_step_pieces(step, i);
            pleats_range *range = &s->unit[u];
            *range = (pleats_range){rng_int(r, 0, n - 1), 1, 0, 0};
            if (!is_one && step->kind == PLEATS_STEP_PL)
                range->n = rng_int(r, 1, n - range->first);
            else if (!is_one && rng_one_in(r, 2))
                range->n = n;
            s->pattern[u] = step->kind == PLEATS_STEP_PL || range->n == 1
                                ? range->first + rng_int(r, 0, range->n - 1)
                                : rng_int(r, 0, n - 1);
        }
    }
}

static bool holds(const mpq_t value, double lo, double hi)
{
    mpq_t end;
    bool is = !isnan(lo) && !isnan(hi);
    mpq_init(end);
    if (isfinite(lo)) {
        mpq_set_d(end, lo);
        is = is && mpq_cmp(end, value) <= 0;
    }
    if (isfinite(hi)) {
        mpq_set_d(end, hi);
        is = is && mpq_cmp(end, value) >= 0;
    }
    mpq_clear(end);
    return is;
}

/* The last goal's derivatives are what is left in the room. */
static void check(scene *s, const pleats_site *site)
{
    const size_t n = (size_t)s->net->n_inputs;
    const pleats_idx last = s->net->output[s->net->n_outputs - 1];
    double most;
    forms input, scalar;
    forms_init(&input, n);
    for (size_t i = 0; i < n; i++)
        mpq_set_ui(forms_add(&input)[i + 1], 1, 1);
    values_of_pattern(s->net, &input, s->pattern, &scalar);
    need_ok(s->ctx, pleats_slopes_bound(&s->slopes, &s->goals, site,
                                        PLEATS_SLOPE_INF, s->unit, &most));
    for (size_t i = 0; i < n; i++)
        if (!holds(forms_at(&scalar, (size_t)last)[i + 1], s->slopes.lo[i],
                   s->slopes.hi[i]))
            s->wrong = "a derivative is outside its bounds";
    forms_clear(&input);
    forms_clear(&scalar);
}

static void init_goals(scene *s)
{
    const size_t n = (size_t)s->net->n_inputs, m = (size_t)s->net->n_outputs;
    mpq_t *row = need_memory(m * (n + m + 1), sizeof *row);
    for (size_t i = 0; i < m * (n + m + 1); i++)
        mpq_init(row[i]);
    for (size_t i = 0; i < m; i++)
        mpq_set_ui(row[i * (n + m + 1) + n + i], 1, 1);
    need_ok(s->ctx, pleats_goals_init(s->ctx, &s->goals, s->net,
                                      s->net->n_outputs, row));
    for (size_t i = 0; i < m * (n + m + 1); i++)
        mpq_clear(row[i]);
    free(row);
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    scene s = {.ctx = need_ctx()};
    const int32_t n_inputs = rng_int(&r, 1, 4);
    pleats_net *net = random_net(s.ctx, &r, n_inputs, rng_int(&r, 1, 12));
    pleats_domain *box = NULL;
    pleats_site site = {0};
    s.net = net;
    need_ok(s.ctx, pleats_domain_cube(s.ctx, n_inputs, "-1", "1", &box));
    need_ok(s.ctx, pleats_site_init(s.ctx, &site, net, box, &box->part[0]));
    init_goals(&s);
    need_ok(s.ctx, pleats_slopes_init(s.ctx, &s.slopes, &s.goals.net));
    s.unit = need_memory((size_t)net->n_units + 1, sizeof *s.unit);
    s.pattern = need_memory((size_t)net->n_units + 1, sizeof *s.pattern);
    for (int i = 0; i < PATTERNS && !s.wrong; i++) {
        choose_pieces(&s, &r, i % 2 == 0);
        check(&s, &site);
    }
    if (s.wrong) {
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, s.wrong);
        show_net(stderr, net);
    }
    free(s.unit);
    free(s.pattern);
    pleats_slopes_clear(&s.slopes);
    pleats_goals_clear(s.ctx, &s.goals);
    pleats_site_clear(s.ctx, &site);
    pleats_domain_clear(s.ctx, box);
    pleats_net_clear(s.ctx, net);
    pleats_ctx_free(s.ctx);
    return !s.wrong;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
