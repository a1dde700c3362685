/* Volumes of the cells of random networks on random domains.  Exactly: they sum
 * to that of the domain, when they all are bounded.  In doubles: numbers of
 * vertices are moved within what is claimed of them, and the volume must be off
 * by no more than it says; where vertices are exact and whole numbers are used,
 * all that is left is rounding.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "base/perturb.h"
#include "cases.h"
#include "count/visit.h"
#include "exact/integers.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "rng.h"
#include "volume/measure.h"

#include <math.h>
#include <stdio.h>

enum { CASES = 300, MOST_CELLS = 200 };

static uint64_t n_cells, n_moved, n_exact;

typedef struct {
    const pleats_measure *measure;
    rng *r;
    pleats_volume_room room;
    mpq_t sum, volume;
    bool has_unbounded;
    size_t n;
    const char *wrong;
} visit;

/* Whether the volume is within its error of the exact one. */
static bool is_within(const pleats_enclosed *found, const mpq_t exact)
{
    mpq_t off, error;
    if (isnan(found->error))
        return false;
    if (!isfinite(found->error) || !isfinite(found->value))
        return found->error > 0;
    mpq_inits(off, error, NULL);
    mpq_set_d(off, found->value);
    mpq_sub(off, off, exact);
    mpq_abs(off, off);
    mpq_set_d(error, found->error);
    const bool is = mpq_cmp(off, error) <= 0;
    mpq_clears(off, error, NULL);
    return is;
}

/* Moves all numbers of all vertices to the end of a claim of `size`. */
static void move_vertices(visit *v, const pleats_space *s, pleats_vertices *c,
                          double size)
{
    for (size_t i = 0; i < (size_t)c->n; i++) {
        for (size_t j = 0; j <= (size_t)s->frame->k; j++) {
            double *x = &c->point[j * c->pad + i];
            *x += size * ((double)rng_int(v->r, -1, 1));
        }
        c->error[i] = c->error[i] * 2 + size * (1 + 0x1p-40);
    }
}

/* Puts doubles of 53 bits in place of all vertices, exactly; which of them are
 * on which walls stays as it was. */
static pleats_status replace_vertices(visit *v, const pleats_space *s,
                                      pleats_vertices *c)
{
    pleats_status status = PLEATS_OK;
    const size_t k = (size_t)s->frame->k;
    for (size_t i = 0; i < (size_t)c->n; i++) {
        pleats_exact_point *p = NULL;
        pleats_exact_point_release(s->ctx, c->exact[i]);
        c->exact[i] = NULL;
        TRY(pleats_alloc(s->ctx, 1, sizeof *p, &p));
        c->exact[i] = p;
        p->n_users = 1;
        p->width = k + 1;
        TRY(pleats_integers_new(s->ctx, k + 1, &p->x));
        for (size_t j = 0; j <= k; j++) {
            const double x = j < k ? rng_real(v->r, 53) : 1;
            c->point[j * c->pad + i] = x;
            mpz_set_d(p->x[j], ldexp(x, 60));
        }
        c->error[i] = 0;
    }
done:
    return status;
}

/* What rounding alone takes. */
static pleats_status check_rounding(visit *v, pleats_space *s,
                                    pleats_vertices *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_vertices copy = {0};
    pleats_enclosed found;
    mpq_t exact;
    mpq_init(exact);
    TRY(pleats_vertices_copy(s, &copy, cell));
    TRY(replace_vertices(v, s, &copy));
    TRY(pleats_volume_exact(s, &copy, &v->room, exact));
    TRY(pleats_volume_enclose(s, &copy, &v->room, &found));
    if (!is_within(&found, exact))
        v->wrong = "rounding takes more than a volume says";
    if (!(found.error <= 0x1p-40))
        v->wrong = "rounding takes less than a volume says";
done:
    pleats_vertices_clear(s->ctx, &copy);
    mpq_clear(exact);
    return status;
}

static pleats_status check_cell(visit *v, pleats_space *s, pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_vertices copy = {0};
    pleats_enclosed found;
    mpq_t scaled;
    mpq_init(scaled);
    TRY(pleats_measure_enclose(v->measure, s, &cell->vertices, &v->room, 0,
                               &found));
    if (!is_within(&found, v->volume))
        v->wrong = "a volume is off by more than it says";
    if (found.value > 0x1p-900 && !(found.error <= found.value * 0x1p-10) &&
        isfinite(found.value))
        v->wrong = "a volume has a large error";
    mpq_div(scaled, v->volume, v->measure->unit);
    for (int i = 0; i < 4; i++) {
        const double size = i == 0 ? 0 : ldexp(1, -3 - 12 * i);
        TRY(pleats_vertices_copy(s, &copy, &cell->vertices));
        if (size > 0)
            move_vertices(v, s, &copy, size);
        TRY(pleats_volume_enclose(s, &copy, &v->room, &found));
        n_moved += isfinite(found.error) ? 1 : 0;
        if (size == 0 && found.error <= 0x1p-45 * found.value)
            n_exact++;
        if (!is_within(&found, scaled))
            v->wrong = "the volume of moved vertices is off by more than it "
                       "says";
    }
done:
    pleats_vertices_clear(s->ctx, &copy);
    mpq_clear(scaled);
    return status;
}

static pleats_status on_region(void *state, pleats_space *s, pleats_cell *cell,
                               double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    visit *v = state;
    bool is_bounded;
    (void)share;
    TRY(pleats_measure_exact(v->measure, s, &cell->vertices, &v->room,
                             v->volume, &is_bounded));
    v->n++;
    n_cells++;
    if (is_bounded) {
        if (mpq_sgn(v->volume) <= 0)
            v->wrong = "a cell has no volume";
        mpq_add(v->sum, v->sum, v->volume);
        TRY(check_cell(v, s, cell));
        TRY(check_rounding(v, s, &cell->vertices));
    }
    v->has_unbounded = v->has_unbounded || !is_bounded;
    *stop = v->wrong != NULL || v->n == MOST_CELLS;
done:
    return status;
}

static bool same_sum(const visit *v, const char *domain)
{
    mpq_t want;
    mpq_init(want);
    const bool is = v->has_unbounded
                        ? domain == NULL
                        : domain && mpq_set_str(want, domain, 10) == 0 &&
                              mpq_equal(want, v->sum);
    mpq_clear(want);
    return is;
}

static const char *check(pleats_ctx *ctx, rng *r, const pleats_net *net,
                         const pleats_domain *domain, const pleats_frame *frame)
{
    pleats_measure measure;
    pleats_domain_volume whole;
    visit v = {.measure = &measure, .r = r};
    const pleats_visitor visitor = {.region = on_region, .state = &v};
    const pleats_visit how = {.engine = PLEATS_ENGINE_VERTICES};
    bool complete;
    mpq_inits(v.sum, v.volume, NULL);
    need_ok(ctx, pleats_measure_init(ctx, &measure, domain, frame));
    need_ok(ctx, pleats_domain_volume_init(ctx, &whole, net, domain));
    need_ok(ctx,
            pleats_visit_frame(ctx, net, frame, &how, &visitor, &complete));
    if (!v.wrong && complete && !same_sum(&v, whole.volume))
        v.wrong = "the volumes do not sum to the domain's";
    pleats_volume_clear(ctx, &v.room);
    pleats_measure_clear(&measure);
    pleats_domain_volume_clear(ctx, &whole);
    mpq_clears(v.sum, v.volume, NULL);
    return v.wrong;
}

static bool run_case(uint64_t seed)
{
    pleats_ctx *ctx = need_ctx();
    rng r = {seed};
    const char *wrong = NULL;
    pleats_frame frame = {0};
    const pleats_idx n = rng_int(&r, 1, 4);
    pleats_net *net = random_net(ctx, &r, n, rng_int(&r, 2, 9));
    pleats_domain *domain = random_domain(ctx, &r, n);
    if (domain->n_parts == 1) {
        need_ok(ctx, pleats_frame_init(ctx, &frame, domain, domain->part));
        if (!frame.empty)
            wrong = check(ctx, &r, net, domain, &frame);
        pleats_frame_clear(ctx, &frame);
    }
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, wrong);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return !wrong;
}

int main(void)
{
    const uint64_t failed = failed_cases(CASES, run_case);
    printf(
        "%llu cells, %llu enclosures of moved vertices, %llu of exact ones\n",
        (unsigned long long)n_cells, (unsigned long long)n_moved,
        (unsigned long long)n_exact);
    if (!failed && !PLEATS_PERTURB && n_moved < n_cells) {
        fprintf(stderr, "too few volumes are enclosed\n");
        return 1;
    }
    return failed > 0;
}
