/* Passes over many points at once, on random networks of every kind of step,
 * mostly degenerate: values and pieces are those of the evaluation point by
 * point, to rounding; and the patterns that count never exceed the exact number
 * of regions, with points on walls, in boxes and on planes, for any number of
 * threads and any batch.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "counts.h"
#include "domains.h"
#include "need.h"
#include "random_net.h"
#include "sample/pass.h"
#include "sample/sampler.h"
#include "show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 600, N_ROWS = 96, POINTS = 700 };

/* Whole numbers, halves, and others: many are on walls of such networks. */
static double *draw_rows(rng *r, pleats_idx n_inputs)
{
    double *row = need_memory((size_t)N_ROWS * (size_t)n_inputs, sizeof *row);
    for (size_t i = 0; i < (size_t)N_ROWS * (size_t)n_inputs; i++)
        row[i] = rng_one_in(r, 4) ? 3 * rng_real(r, 53)
                                  : (double)rng_int(r, -6, 6) / 2;
    return row;
}

/* Whether lane l of a pass has the values [n_scalars] to within the bounds, and
 * unless it is doubtful the pieces [n_units]. */
static bool agrees(const pleats_pass *pass, const pleats_lanes *lanes, int l,
                   const pleats_margins *bound, const double *value,
                   const pleats_idx *piece)
{
    const pleats_net *net = pass->net;
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = s->out; i < s->out + s->n_out; i++) {
            double off = fabs(
                lanes->value[(size_t)i * PLEATS_LANES + (size_t)l] - value[i]);
            if (pass->is_needed[k] && isfinite(bound->error[i]) &&
                !(off <= 2 * bound->error[i])) {
                fprintf(stderr, "scalar %d off by %g, not %g\n", i, off,
                        bound->error[i]);
                return false;
            }
        }
    }
    for (pleats_idx u = 0; !lanes->is_doubtful[l] && u < net->n_units; u++)
        if (pleats_pass_piece(pass, lanes, u, l) != piece[u]) {
            fprintf(stderr, "unit %d on piece %d, not %d\n", u,
                    pleats_pass_piece(pass, lanes, u, l), piece[u]);
            return false;
        }
    return true;
}

static bool pass_agrees(pleats_ctx *ctx, const pleats_net *net,
                        const pleats_points *points)
{
    pleats_pass pass;
    pleats_lanes lanes = {0};
    pleats_margins bound = {0};
    size_t n = (size_t)net->n_inputs;
    double *value = need_memory((size_t)net->n_scalars, sizeof *value);
    pleats_idx *piece = need_memory((size_t)net->n_units + 1, sizeof *piece);
    bool good = true;
    need_ok(ctx, pleats_pass_init(ctx, &pass, net, points->magnitude,
                                  points->error));
    need_ok(ctx, pleats_lanes_init(ctx, &lanes, &pass));
    need_ok(ctx, pleats_margins_init(ctx, &bound, net));
    memcpy(bound.magnitude, points->magnitude, n * sizeof *bound.magnitude);
    pleats_margins_run(&bound, net, lanes.scratch);
    for (uint64_t first = 0; first < N_ROWS && good; first += PLEATS_LANES) {
        pleats_points_draw(points, first, NULL, lanes.value);
        pleats_pass_run(&pass, &lanes);
        for (int l = 0; l < PLEATS_LANES && good; l++) {
            need_ok(ctx, pleats_net_evaluate(
                             ctx, net, points->row + (first + (uint64_t)l) * n,
                             value, piece));
            good = agrees(&pass, &lanes, l, &bound, value, piece);
        }
    }
    pleats_margins_clear(ctx, &bound);
    pleats_lanes_clear(ctx, &lanes);
    pleats_pass_clear(ctx, &pass);
    free(value);
    free(piece);
    return good;
}

static bool tallies_are_equal(const pleats_sample_tally *a,
                              const pleats_sample_tally *b)
{
    return a->points == b->points && a->patterns == b->patterns &&
           a->once == b->once && a->twice == b->twice &&
           a->by_exact == b->by_exact && a->on_walls == b->on_walls &&
           a->undecided == b->undecided;
}

/* Samples `n` points twice, by one thread and in another way; whether both say
 * the same and no more than `most` patterns. */
static bool is_below(pleats_ctx *ctx, const pleats_net *net,
                     const pleats_points *points, uint64_t n, size_t most)
{
    const pleats_sample_task one = {.points = n, .limits.threads = 1};
    const pleats_sample_task other = {
        .points = n, .limits.threads = 3, .batch = 40};
    pleats_sample_tally a, b;
    need_ok(ctx, pleats_sample_patterns(ctx, net, points, &one, &a));
    need_ok(ctx, pleats_sample_patterns(ctx, net, points, &other, &b));
    bool all_told = a.points + a.on_walls + a.undecided == n && !a.stopped;
    bool good = tallies_are_equal(&a, &b) && all_told && a.patterns <= most &&
                a.patterns <= a.points;
    if (!good)
        fprintf(stderr,
                "%llu and %llu patterns of %llu points, %llu on walls, "
                "%llu undecided; %zu regions\n",
                (unsigned long long)a.patterns, (unsigned long long)b.patterns,
                (unsigned long long)a.points, (unsigned long long)a.on_walls,
                (unsigned long long)a.undecided, most);
    return good;
}

static bool is_below_in(pleats_ctx *ctx, const pleats_net *net,
                        pleats_domain *domain, uint64_t seed)
{
    bool good = true;
    size_t regions = count_net(ctx, net, domain, false, false).regions;
    for (int kind = 0; kind < 2; kind++) {
        pleats_points points = {.kind = kind ? PLEATS_POINTS_SEQUENCE
                                             : PLEATS_POINTS_UNIFORM,
                                .seed = seed};
        need_ok(ctx, pleats_points_init(ctx, &points, net->n_inputs, domain));
        good = good && is_below(ctx, net, &points, POINTS, regions);
        pleats_points_clear(ctx, &points);
    }
    pleats_domain_clear(ctx, domain);
    return good;
}

/* A line through the origin and the thirds, with its first coordinate from a
 * third to two: no point of it but a few has coordinates that are doubles. */
static pleats_domain *thin_domain(pleats_ctx *ctx, pleats_idx n)
{
    pleats_domain *d = domain_affine(ctx, n, 1,
                                     n == 1   ? "0; 1/3"
                                     : n == 2 ? "0 0; 1/3 -2/3"
                                              : "0 0 0; 1/3 -2/3 1/3");
    mpq_t side;
    mpq_init(side);
    mpq_set_si(side, -7, 3);
    pleats_part_set_lo(&d->part[0], 0, side);
    mpq_set_si(side, 2, 1);
    pleats_part_set_hi(&d->part[0], 0, side);
    mpq_clear(side);
    return d;
}

static bool run_case(uint64_t seed)
{
    static const char *const box[] = {"", "-1 1", "-1 1 -1/3 5/3",
                                      "-1 1 0 0 -2 1/3"};
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    pleats_idx n = rng_int(&r, 1, 3);
    pleats_net *net = random_net(ctx, &r, n, rng_int(&r, 1, 8));
    double *row = draw_rows(&r, n);
    pleats_domain *all = domain_all(ctx, n);
    size_t regions = count_net(ctx, net, all, false, false).regions;
    pleats_points rows = {
        .kind = PLEATS_POINTS_ROWS, .row = row, .n_rows = N_ROWS};
    pleats_points normal = {
        .kind = PLEATS_POINTS_GAUSSIAN, .scale = 2, .seed = seed};
    need_ok(ctx, pleats_points_init(ctx, &rows, n, NULL));
    need_ok(ctx, pleats_points_init(ctx, &normal, n, NULL));
    bool good = pass_agrees(ctx, net, &rows) &&
                is_below(ctx, net, &rows, N_ROWS, regions) &&
                is_below(ctx, net, &normal, POINTS, regions) &&
                is_below_in(ctx, net, domain_boxes(ctx, n, box[n]), seed) &&
                is_below_in(ctx, net, thin_domain(ctx, n), seed);
    if (!good) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
        show_net(stderr, net);
    }
    pleats_points_clear(ctx, &rows);
    pleats_points_clear(ctx, &normal);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    free(row);
    good = good && pleats_ctx_live_bytes(ctx) == 0;
    pleats_ctx_free(ctx);
    return good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
