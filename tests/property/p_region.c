/* The region about a point whose half-spaces in doubles are wrong, by as much
 * as they claim to be at most: which are the same, which are facets, how far
 * they are, whether the region is bounded and the ball inside it, against the
 * exact rows and the oracle.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "local/metric.h"
#include "local/point.h"
#include "local/shape.h"

#include "cases.h"
#include "cell_check.h"
#include "need.h"
#include "random_net.h"
#include "slack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { CASES = 2500, MOST_PLANES = 14, MOST_WIDTH = 5 };

static uint64_t n_facets, n_redundant, n_repeated, n_balls, n_bounded, n_open;

typedef struct {
    arrangement a;
    rng r;
    pleats_region region;
    pleats_idx *piece;
    mpz_t *point;
    forms exact; /* the half-spaces, constant first */
    const char *wrong;
} region_case;

/* Moves a half-space's doubles to the far end of an error that they then
 * claim. */
static void loosen(region_case *c, pleats_idx i)
{
    pleats_region *r = &c->region;
    double *entry = r->entry + (size_t)i * (c->a.k + 1), sum = 0;
    pleats_bounds *b = &r->bounds[i];
    double far = ldexp(b->magnitude, -rng_int(&c->r, 2, 40));
    size_t one = (size_t)rng_int(&c->r, 0, (int32_t)c->a.k);
    entry[one] += rng_one_in(&c->r, 2) ? far : -far;
    for (size_t j = 0; j <= c->a.k; j++)
        sum += fabs(entry[j]);
    b->error = pleats_round_up(b->error + far + 0x1p-52 * (sum + far));
    b->magnitude = pleats_round_up(sum);
    b->tolerance = pleats_round_up(
        b->error + pleats_gamma((pleats_idx)c->a.k + 3) * b->magnitude);
}

static void take_rows(region_case *c)
{
    forms_init(&c->exact, c->a.k);
    for (pleats_idx i = 0; i < c->region.n; i++) {
        mpz_t *row = NULL;
        need_ok(c->a.ctx, pleats_region_row(&c->region, i, &row));
        mpq_t *form = forms_add(&c->exact);
        for (size_t j = 0; j <= c->a.k; j++)
            mpq_set_z(form[j == c->a.k ? 0 : j + 1], row[j]);
    }
}

static void check_twins(region_case *c)
{
    for (size_t i = 0; i < c->exact.n; i++) {
        size_t first = 0;
        while (!form_is_equal(forms_at(&c->exact, first),
                              forms_at(&c->exact, i), c->a.k))
            first++;
        if (c->region.twin[i] != (pleats_idx)first)
            c->wrong = "which half-spaces are the same";
        n_repeated += first < i;
    }
}

/* Whether a point is beyond half-space i alone. */
static bool is_facet(const region_case *c, size_t i)
{
    forms all;
    mpq_t minus;
    forms_init(&all, c->a.k);
    mpq_init(minus);
    mpq_set_si(minus, -1, 1);
    for (size_t j = 0; j < c->exact.n; j++)
        if (c->region.twin[j] == (pleats_idx)j && j != i)
            forms_push(&all, forms_at(&c->exact, j));
    form_add_multiple(forms_add(&all), minus, forms_at(&c->exact, i), c->a.k);
    bool is = slack_sign(&all, NULL) > 0;
    mpq_clear(minus);
    forms_clear(&all);
    return is;
}

static void value_at(const region_case *c, size_t i, const double *t, mpq_t out)
{
    mpq_t *form = forms_at(&c->exact, i), part;
    mpq_init(part);
    mpq_set(out, form[0]);
    for (size_t j = 0; j < c->a.k; j++) {
        mpq_set_d(part, t[j]);
        mpq_mul(part, part, form[j + 1]);
        mpq_add(out, out, part);
    }
    mpq_clear(part);
}

/* A certain point beyond facet i is just that. */
static void check_beyond(region_case *c, size_t i, const double *t)
{
    mpq_t value;
    mpq_init(value);
    for (size_t j = 0; j < c->exact.n && !c->wrong; j++) {
        if (c->region.twin[j] != (pleats_idx)j)
            continue;
        value_at(c, j, t, value);
        if (mpq_sgn(value) != (j == i ? -1 : 1))
            c->wrong = "a point beyond a facet is not there";
    }
    mpq_clear(value);
}

static void check_facets(region_case *c, pleats_facet_verdict *verdict)
{
    double *beyond = need_memory((size_t)c->region.n * c->a.k, sizeof *beyond);
    need_ok(c->a.ctx, pleats_find_facets(&c->region, verdict, beyond));
    for (size_t i = 0; i < c->exact.n && !c->wrong; i++) {
        if (c->region.twin[i] != (pleats_idx)i) {
            if (verdict[i] != PLEATS_REPEATED)
                c->wrong = "a repeated half-space";
            continue;
        }
        bool is = is_facet(c, i);
        n_facets += is;
        n_redundant += !is;
        if (verdict[i] != PLEATS_FACET_UNDECIDED &&
            pleats_is_facet(verdict[i]) != is)
            c->wrong = is ? "a facet is called redundant"
                          : "a redundant half-space is called a facet";
        if (verdict[i] == PLEATS_FACET_BY_RAY ||
            verdict[i] == PLEATS_FACET_BY_PROGRAMME)
            check_beyond(c, i, beyond + i * c->a.k);
    }
    free(beyond);
}

/* square(s) of constant / norm, s the sum of |coefficients| or of squares. */
static void check_distance(region_case *c, size_t i, const pleats_distance *d)
{
    mpq_t *form = forms_at(&c->exact, i), one, two, part, bound;
    mpq_inits(one, two, part, bound, NULL);
    for (size_t j = 1; j <= c->a.k; j++) {
        mpq_abs(part, form[j]);
        mpq_add(one, one, part);
        mpq_mul(part, part, part);
        mpq_add(two, two, part);
    }
    mpq_div(one, form[0], one);
    mpq_mul(part, form[0], form[0]);
    mpq_div(two, part, two);
    mpq_set_d(bound, d->max_norm);
    if (mpq_cmp(bound, one) > 0)
        c->wrong = "a distance from below";
    mpq_set_d(bound, d->euclid);
    mpq_mul(bound, bound, bound);
    if (mpq_cmp(bound, two) > 0)
        c->wrong = "a Euclidean distance from below";
    if (isfinite(d->max_norm_above)) {
        mpq_set_d(bound, d->max_norm_above);
        if (mpq_cmp(bound, one) < 0)
            c->wrong = "a distance from above";
    }
    if (isfinite(d->euclid_above)) {
        mpq_set_d(bound, d->euclid_above);
        mpq_mul(bound, bound, bound);
        if (mpq_cmp(bound, two) < 0)
            c->wrong = "a Euclidean distance from above";
    }
    mpq_clears(one, two, part, bound, NULL);
}

/* The largest max-norm ball is that of the nearest half-space. */
static void check_ball(region_case *c, const pleats_metric *m,
                       const pleats_distance *distance)
{
    pleats_idx wall;
    mpq_t radius, least, sum, part;
    mpq_inits(radius, least, sum, part, NULL);
    need_ok(c->a.ctx,
            pleats_largest_ball(&c->region, m, distance, radius, &wall));
    for (pleats_idx i = 0; i < c->region.n_units; i++) {
        mpq_t *form = forms_at(&c->exact, (size_t)i);
        mpq_set_ui(sum, 0, 1);
        for (size_t j = 1; j <= c->a.k; j++) {
            mpq_abs(part, form[j]);
            mpq_add(sum, sum, part);
        }
        mpq_div(sum, form[0], sum);
        if (i == 0 || mpq_cmp(sum, least) < 0)
            mpq_set(least, sum);
    }
    if (c->region.n_units > 0 && (wall < 0 || !mpq_equal(radius, least)))
        c->wrong = "the largest ball";
    mpq_clears(radius, least, sum, part, NULL);
}

/* L [k x k]: 1 on its diagonal, whole numbers above. */
typedef struct {
    int32_t entry[MOST_WIDTH][MOST_WIDTH];
} shear;

static shear random_shear(region_case *c, bool is_identity)
{
    shear l = {{{0}}};
    for (size_t i = 0; i < c->a.k; i++)
        for (size_t j = i; j < c->a.k; j++)
            l.entry[i][j] = i == j        ? 1
                            : is_identity ? 0
                                          : rng_int(&c->r, -9, 9);
    return l;
}

static void init_metric(region_case *c, const shear *l, pleats_metric *m)
{
    const size_t k = c->a.k;
    pleats_coordinates x = {.n_inputs = (pleats_idx)k, .k = (pleats_idx)k};
    need_ok(c->a.ctx, pleats_integers_new(c->a.ctx, k * (k + 1), &x.num));
    mpz_init_set_ui(x.den, 1);
    for (size_t i = 0; i < k * (k + 1); i++)
        if (i % (k + 1) < k)
            mpz_set_si(x.num[i], l->entry[i / (k + 1)][i % (k + 1)]);
    need_ok(c->a.ctx, pleats_metric_init(c->a.ctx, m, &x));
    mpz_clear(x.den);
    pleats_integers_free(c->a.ctx, x.num, k * (k + 1));
}

/* out = |L^-T form|^2, the square of the form's slope in x = L s. */
static void slope_square(const region_case *c, const shear *l, mpq_t *form,
                         mpq_t out)
{
    mpq_t y[MOST_WIDTH], part;
    mpq_init(part);
    mpq_set_ui(out, 0, 1);
    for (size_t j = 0; j < c->a.k; j++) {
        mpq_init(y[j]);
        mpq_set(y[j], form[j + 1]);
        for (size_t i = 0; i < j; i++) {
            mpq_set_si(part, l->entry[i][j], 1);
            mpq_mul(part, part, y[i]);
            mpq_sub(y[j], y[j], part);
        }
        mpq_mul(part, y[j], y[j]);
        mpq_add(out, out, part);
    }
    for (size_t j = 0; j < c->a.k; j++)
        mpq_clear(y[j]);
    mpq_clear(part);
}

/* The ball about the Chebyshev centre is inside, where x = L s. */
static void check_widest(region_case *c, const shear *l, const pleats_metric *m,
                         const pleats_facet_verdict *verdict)
{
    double centre[MOST_WIDTH], radius = 0;
    mpq_t value, square, part;
    mpq_inits(value, square, part, NULL);
    need_ok(c->a.ctx,
            pleats_chebyshev(&c->region, m, verdict, centre, &radius));
    n_balls += radius > 0;
    if (radius < 0)
        c->wrong = "a radius below 0";
    for (size_t i = 0; i < c->exact.n && radius > 0; i++) {
        mpq_t *form = forms_at(&c->exact, i);
        slope_square(c, l, form, square);
        mpq_set_d(part, radius);
        mpq_mul(square, square, part);
        mpq_mul(square, square, part);
        value_at(c, i, centre, value);
        if (mpq_sgn(value) < 0 ||
            (mpq_mul(value, value, value), mpq_cmp(value, square) < 0))
            c->wrong = "the ball leaves the region";
    }
    mpq_clears(value, square, part, NULL);
}

static void check_metric(region_case *c, const pleats_facet_verdict *verdict,
                         bool is_bounded)
{
    pleats_metric m = {0};
    const shear none = random_shear(c, true), some = random_shear(c, false);
    pleats_distance *d = need_memory((size_t)c->region.n_units + 1, sizeof *d);
    init_metric(c, &none, &m);
    need_ok(c->a.ctx, pleats_distances(&c->region, &m, d));
    for (pleats_idx i = 0; i < c->region.n_units && !c->wrong; i++)
        check_distance(c, (size_t)i, &d[i]);
    if (!c->wrong)
        check_ball(c, &m, d);
    if (is_bounded)
        check_widest(c, &none, &m, verdict);
    pleats_metric_clear(c->a.ctx, &m);
    init_metric(c, &some, &m);
    if (is_bounded && !c->wrong)
        check_widest(c, &some, &m, verdict);
    pleats_metric_clear(c->a.ctx, &m);
    free(d);
}

/* The cone of directions that leave no half-space. */
static bool is_bounded(const region_case *c)
{
    cone all, above, below;
    bool bounded, flat = false;
    cone_init(&all, c->a.k);
    for (size_t i = 0; i <= c->exact.n && !flat; i++) {
        forms h;
        forms_init(&h, c->a.k);
        mpq_t *form = forms_add(&h);
        if (i == c->exact.n)
            mpq_set_ui(form[0], 1, 1);
        else
            form_set(form, forms_at(&c->exact, i), c->a.k);
        sides found = cone_split(&all, form, &above, &below);
        forms_clear(&h);
        if (found == SIDE_BOTH) {
            cone_clear(&all);
            cone_clear(&below);
            all = above;
        }
    }
    bounded = all.line.n == 0;
    for (size_t i = 0; i < all.ray.n; i++)
        bounded = bounded && mpz_sgn(vectors_at(&all.ray, i)[0]) != 0;
    cone_clear(&all);
    return bounded;
}

static void check(region_case *c)
{
    pleats_facet_verdict *verdict =
        need_memory((size_t)c->region.n + 1, sizeof *verdict);
    pleats_boundedness found = PLEATS_BOUNDEDNESS_UNKNOWN;
    take_rows(c);
    need_ok(c->a.ctx, pleats_region_find_twins(&c->region));
    check_twins(c);
    if (!c->wrong)
        check_facets(c, verdict);
    bool bounded = is_bounded(c);
    n_bounded += bounded;
    n_open += !bounded;
    need_ok(c->a.ctx, pleats_find_boundedness(&c->region, verdict, &found));
    if (found != PLEATS_BOUNDEDNESS_UNKNOWN &&
        bounded != (found == PLEATS_BOUNDED))
        c->wrong = "whether it is bounded";
    if (!c->wrong)
        check_metric(c, verdict, bounded);
    forms_clear(&c->exact);
    free(verdict);
}

/* Row i becomes a sum of others, but for a little: its plane goes nearly
 * through a vertex of theirs, on one side of it or the other. */
static void add_up(rng *r, double *rows, size_t i, size_t k)
{
    size_t width = k + 1;
    double off = ldexp(rng_real(r, 8), -rng_int(r, 30, 56));
    for (size_t j = 0; j < width; j++) {
        double sum = 0;
        for (size_t o = i - (k < i ? k : i); o < i; o++)
            sum += (1 + (double)((o * 7) % 5)) * 0.3 * rows[o * width + j];
        rows[i * width + j] = sum + (j == k ? off : 0);
    }
}

static void draw_rows(rng *r, size_t n, size_t k, double *rows)
{
    static const numbers kinds[] = {NUMBERS_SHORT, NUMBERS_DOUBLE,
                                    NUMBERS_INTEGER};
    numbers kind = kinds[rng_int(r, 0, 2)];
    bool is_far = rng_one_in(r, 4), touches = rng_one_in(r, 3);
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && rng_one_in(r, 6);
        double factor = rng_one_in(r, 2) ? 3 : -1;
        for (size_t j = 0; j <= k; j++)
            rows[i * (k + 1) + j] = again ? factor * rows[(i - 1) * (k + 1) + j]
                                          : random_number(r, kind);
        if (is_far && !again)
            rows[i * (k + 1) + k] *= 0x1p20;
        if (touches && i > 2 && rng_one_in(r, 3))
            add_up(r, rows, i, k);
    }
}

/* About a point at eighths; false when it is on a wall or outside. */
static bool make_region(region_case *c, bool boxed)
{
    pleats_ctx *ctx = c->a.ctx;
    pleats_coordinates about = {0};
    pleats_pattern_facts facts = {0};
    double t[MOST_WIDTH];
    for (size_t j = 0; j < c->a.k; j++)
        t[j] = rng_int(&c->r, -7, 7) / 8.0;
    need_ok(ctx, pleats_point_set(ctx, (pleats_idx)c->a.k, t, c->point));
    need_ok(ctx, pleats_pattern_at(ctx, c->a.net, &c->a.frame.coordinates,
                                   c->point, c->piece, &facts));
    bool inside = facts.n_ties == 0;
    pleats_pattern_facts_clear(ctx, &facts);
    if (!inside)
        return false;
    need_ok(ctx, pleats_coordinates_about(ctx, &c->a.frame.coordinates,
                                          c->point, false, &about));
    need_ok(ctx, pleats_region_init(ctx, &c->region, c->a.net, c->piece, &about,
                                    boxed ? &c->a.frame : NULL, c->point));
    pleats_coordinates_clear(ctx, &about);
    for (pleats_idx i = 0; i < c->region.n; i++)
        if (rng_one_in(&c->r, 2))
            loosen(c, i);
    return true;
}

static bool run_case(uint64_t seed)
{
    region_case c = {.r = {seed}};
    double rows[MOST_PLANES * MOST_WIDTH];
    pleats_ctx *ctx = need_ctx();
    size_t k = (size_t)rng_int(&c.r, 1, 4);
    size_t n = (size_t)rng_int(&c.r, 1, MOST_PLANES);
    bool boxed = rng_one_in(&c.r, 2);
    draw_rows(&c.r, n, k, rows);
    arrangement_init(ctx, &c.a, k, n, rows, boxed);
    c.piece = need_memory((size_t)c.a.net->n_units, sizeof *c.piece);
    need_ok(ctx, pleats_integers_new(ctx, k + 1, &c.point));
    if (make_region(&c, boxed))
        check(&c);
    if (c.wrong)
        fprintf(stderr, "seed %llu, dimension %zu: %s\n",
                (unsigned long long)seed, k, c.wrong);
    pleats_region_clear(&c.region);
    pleats_integers_free(ctx, c.point, k + 1);
    free(c.piece);
    arrangement_clear(&c.a);
    bool clean = pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return clean && !c.wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu facets, %llu redundant, %llu repeated; %llu bounded, %llu "
           "not; %llu balls\n",
           (unsigned long long)n_facets, (unsigned long long)n_redundant,
           (unsigned long long)n_repeated, (unsigned long long)n_bounded,
           (unsigned long long)n_open, (unsigned long long)n_balls);
    return failures > 0 ||
           (!is_one_case &&
            (n_facets < 1000 || n_redundant < 1000 || n_repeated < 200 ||
             n_bounded < 200 || n_open < 100 || n_balls < 500));
}
