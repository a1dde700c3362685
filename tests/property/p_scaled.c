/* Networks of units that are linear on rays, with every layer scaled by a power
 * of two up to the ends of the doubles' range, and with the inputs scaled along
 * with their box: counts by both engines, stable units, the geometry around
 * points and pictures are those of the network as it was, but for lengths and
 * areas, which scale along.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "base/perturb.h"
#include "cases.h"
#include "counts.h"
#include "need.h"
#include "random_mlp.h"
#include "show.h"

#include "draw/plane/scene.h"
#include "pleats/local.h"
#include "pleats/stable.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 80, VARIANTS = 4, POINTS = 3, MOST_CELLS = 2000 };

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *box;
    int32_t e_in; /* of the inputs */
    double x[POINTS][4];
} place;

static uint64_t n_local, n_scenes, n_refused;

/* How much the layers' values are scaled: weights between them stay doubles. */
static void choose_scales(rng *r, const mlp *m, int32_t *e)
{
    static const int32_t some[] = {0,    0,    300,   -300, 620,
                                   -620, 1000, -1000, -1060};
    e[0] = some[rng_int(r, 0, 7)];
    e[0] = e[0] == -1060 ? -1000 : e[0];
    for (int32_t l = 1; l <= m->n_layers; l++)
        do
            e[l] = some[rng_int(r, 0, 8)];
        while (e[l] - e[l - 1] > 1000 || e[l] - e[l - 1] < -1060);
}

static void scale(const mlp *from, const int32_t *e, mlp *to)
{
    mlp_copy(to, from);
    for (int32_t l = 0; l < from->n_layers; l++) {
        size_t n = (size_t)from->width[l] * (size_t)from->width[l + 1];
        for (size_t i = 0; i < n; i++)
            to->weight[l][i] = ldexp(from->weight[l][i], e[l + 1] - e[l]);
        for (int32_t i = 0; i < from->width[l + 1]; i++)
            to->bias[l][i] = ldexp(from->bias[l][i], e[l + 1]);
    }
}

/* Whether nothing was lost to the ends of the range. */
static bool is_exact(const mlp *m, const mlp *scaled, const int32_t *e)
{
    for (int32_t l = 0; l < m->n_layers; l++) {
        size_t n = (size_t)m->width[l] * (size_t)m->width[l + 1];
        for (size_t i = 0; i < n; i++)
            if (ldexp(scaled->weight[l][i], e[l] - e[l + 1]) != m->weight[l][i])
                return false;
        for (int32_t i = 0; i < m->width[l + 1]; i++)
            if (ldexp(scaled->bias[l][i], -e[l + 1]) != m->bias[l][i])
                return false;
    }
    return true;
}

static void shift(mpq_t q, int32_t e)
{
    if (e >= 0)
        mpq_mul_2exp(q, q, (mp_bitcnt_t)e);
    else
        mpq_div_2exp(q, q, (mp_bitcnt_t)-e);
}

/* [-side_j, side_j + 1/4] for each input, times 2^e. */
static pleats_domain *make_box(pleats_ctx *ctx, int32_t n, const int32_t *side,
                               int32_t e)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    mpq_t number;
    mpq_init(number);
    need_ok(ctx, pleats_domain_new(ctx, n, "box", &d));
    need_ok(ctx, pleats_domain_add_part(ctx, d, n, 0, false, &part));
    for (int32_t j = 0; j < n; j++) {
        mpq_set_si(number, -side[j], 1);
        shift(number, e);
        pleats_part_set_lo(part, j, number);
        mpq_set_si(number, 4 * side[j] + 1, 4);
        shift(number, e);
        pleats_part_set_hi(part, j, number);
    }
    mpq_clear(number);
    return d;
}

static place make_place(const mlp *m, const int32_t *side, int32_t e_in,
                        double (*x)[4])
{
    place p = {.ctx = need_ctx(), .e_in = e_in};
    p.net = mlp_build(p.ctx, m);
    p.box = make_box(p.ctx, m->width[0], side, e_in);
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < 4; j++)
            p.x[i][j] = ldexp(x[i][j], e_in);
    return p;
}

static void clear_place(place *p)
{
    pleats_domain_clear(p->ctx, p->box);
    pleats_net_clear(p->ctx, p->net);
    pleats_ctx_free(p->ctx);
}

/* Whether b is a times 2^e, both being lower bounds of lengths (or negative:
 * not known). */
static bool scales(double a, double b, int e)
{
    if (a < 0 || b < 0)
        return a < 0 && b < 0;
    double want = ldexp(a, e);
    return fabs(b - want) <= want * 0x1p-10;
}

static bool same_counts(place *a, place *b)
{
    counts want = count_net(a->ctx, a->net, a->box, true, false);
    return counts_are_equal(want,
                            count_net(b->ctx, b->net, b->box, true, false)) &&
           counts_are_equal(want,
                            count_net(b->ctx, b->net, b->box, true, true));
}

static bool same_stable(place *a, place *b)
{
    const pleats_stable_options options = {.effort = PLEATS_STABLE_EXACT};
    pleats_stable_result x, y;
    need_ok(a->ctx,
            pleats_stable_units(a->ctx, a->net, a->box, &options, NULL, &x));
    need_ok(b->ctx,
            pleats_stable_units(b->ctx, b->net, b->box, &options, NULL, &y));
    bool same =
        memcmp(x.state, y.state, (size_t)x.n_units * sizeof *x.state) == 0;
    pleats_stable_result_clear(a->ctx, &x);
    pleats_stable_result_clear(b->ctx, &y);
    return same;
}

static bool same_facets(const pleats_local_result *x,
                        const pleats_local_result *y, int e)
{
    bool same = x->n_facets == y->n_facets;
    for (int32_t i = 0; same && i < x->n_facets; i++) {
        const pleats_facet *f = &x->facet[i], *g = &y->facet[i];
        same = f->side == g->side && f->n_units == g->n_units &&
               f->n_changes == g->n_changes &&
               (f->n_units == 0 ||
                memcmp(f->unit, g->unit,
                       (size_t)f->n_units * sizeof *f->unit) == 0) &&
               scales(f->distance, g->distance, e) &&
               scales(f->max_distance, g->max_distance, e);
    }
    return same;
}

static bool same_ball(const pleats_local_result *x,
                      const pleats_local_result *y, int e)
{
    mpq_t p, q;
    if (!x->ball || !y->ball)
        return x->ball == y->ball;
    mpq_init(p);
    mpq_init(q);
    mpq_set_str(p, x->ball, 10);
    mpq_set_str(q, y->ball, 10);
    shift(p, e);
    bool same = mpq_equal(p, q);
    mpq_clear(p);
    mpq_clear(q);
    return same;
}

/* A ball in the region that is known may be smaller or unknown, never larger:
 * both are at most the largest one that there is.  Moved numbers make either
 * smaller. */
static bool same_point(place *a, place *b, bool in_box, int i)
{
    pleats_local *l[2] = {NULL, NULL};
    pleats_local_result x, y;
    const int e = b->e_in - a->e_in;
    need_ok(a->ctx,
            pleats_local_new(a->ctx, a->net, in_box ? a->box : NULL, &l[0]));
    need_ok(b->ctx,
            pleats_local_new(b->ctx, b->net, in_box ? b->box : NULL, &l[1]));
    pleats_status s = pleats_local_at(a->ctx, l[0], a->x[i], NULL, NULL, &x);
    pleats_status t = pleats_local_at(b->ctx, l[1], b->x[i], NULL, NULL, &y);
    bool same = s == t;
    n_local += s == PLEATS_OK;
    n_refused += s != PLEATS_OK;
    if (same && s == PLEATS_OK)
        same = x.exact && y.exact && x.shape == y.shape &&
               memcmp(x.piece, y.piece, (size_t)x.n_units * sizeof *x.piece) ==
                   0 &&
               same_facets(&x, &y, e) && same_ball(&x, &y, e) &&
               scales(x.distance, y.distance, e) &&
               (PLEATS_PERTURB || y.radius <= ldexp(x.radius, e) * (1 + 1e-6));
    pleats_local_result_clear(a->ctx, &x);
    pleats_local_result_clear(b->ctx, &y);
    pleats_local_free(a->ctx, l[0]);
    pleats_local_free(b->ctx, l[1]);
    return same;
}

/* Exact corners are the same but for the scale; others, and areas that come
 * from them, up to what scene.h allows. */
static bool same_scene(place *a, place *b, bool exact_corners)
{
    const pleats_scene_options options = {.areas = true,
                                          .most_cells = MOST_CELLS,
                                          .exact_corners = exact_corners};
    const double off = exact_corners ? 1e-9 : 0x1p-11;
    pleats_scene x, y;
    pleats_status s = pleats_scene_init(a->ctx, &x, a->net, a->box, &options);
    pleats_status t = pleats_scene_init(b->ctx, &y, b->net, b->box, &options);
    const int e = b->e_in;
    bool same = s == t && x.n_cells == y.n_cells;
    n_scenes += same && s == PLEATS_OK;
    for (size_t i = 0; same && s == PLEATS_OK && i < x.n_cells; i++) {
        double area = ldexp(x.cell[i].area, 2 * e);
        same = x.cell[i].hash == y.cell[i].hash &&
               x.cell[i].depth == y.cell[i].depth &&
               (y.cell[i].area == area ||
                fabs(y.cell[i].area - area) <= area * off + 0x1p-1070);
    }
    for (size_t i = 0; same && i < 2 * x.corners.n; i++)
        same = exact_corners
                   ? y.corner[i] == ldexp(x.corner[i], e)
                   : fabs(ldexp(y.corner[i], -e) - x.corner[i]) <= 0x1p-25;
    pleats_scene_clear(&x);
    pleats_scene_clear(&y);
    return same;
}

static const char *compare(place *a, place *b)
{
    if (!same_counts(a, b))
        return "counts";
    if (!same_stable(a, b))
        return "stable units";
    for (int i = 0; i < 2 * POINTS; i++)
        if (!same_point(a, b, i % 2, i / 2))
            return i % 2 ? "a point in the box" : "a point";
    if (a->net->n_inputs == 2 &&
        !(same_scene(a, b, true) && same_scene(a, b, false)))
        return "a picture";
    return NULL;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    mlp m, scaled;
    int32_t n = rng_int(&r, 1, 3), e[MLP_MAX_LAYERS + 1], side[4];
    double x[POINTS][4];
    const char *wrong = NULL;
    random_mlp(&r, n, true, &m);
    for (int32_t j = 0; j < 4; j++)
        side[j] = rng_int(&r, 0, 2);
    for (int i = 0; i < POINTS; i++)
        for (int j = 0; j < 4; j++)
            x[i][j] = rng_int(&r, -7, 1) / 8.0 * side[j] + 1.0 / 16;
    place a = make_place(&m, side, 0, x);
    for (int v = 0; v < VARIANTS && !wrong; v++) {
        choose_scales(&r, &m, e);
        scale(&m, e, &scaled);
        if (is_exact(&m, &scaled, e)) {
            place b = make_place(&scaled, side, e[0], x);
            wrong = compare(&a, &b);
            if (wrong) {
                fprintf(stderr, "seed %llu, scales", (unsigned long long)seed);
                for (int32_t l = 0; l <= m.n_layers; l++)
                    fprintf(stderr, " %d", e[l]);
                fprintf(stderr, ": %s\n", wrong);
                show_net(stderr, a.net);
                show_domain(stderr, a.box);
            }
            clear_place(&b);
        }
        mlp_clear(&scaled);
    }
    clear_place(&a);
    mlp_clear(&m);
    return !wrong;
}

int main(void)
{
    uint64_t failed = failed_cases(CASES, run_case);
    printf("points %llu, on walls %llu, pictures %llu\n",
           (unsigned long long)n_local, (unsigned long long)n_refused,
           (unsigned long long)n_scenes);
    return failed > 0;
}
