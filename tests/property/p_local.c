/* The geometry around points of small random networks, against other ways to
 * the same answers:
 *
 * - the patterns behind the facets, against exact programmes that take up every
 *   wall of the cell by itself (count/facet), and by the pattern worked out
 *   anew at a point of each facet;
 * - a point is refused exactly when a tiny box about it has several regions;
 * - the largest ball: a box a little smaller has one region, a little larger
 *   one has more;
 * - the ball about the Chebyshev centre has one region;
 * - the exact rows of the half-spaces hold at all corners of the region, those
 *   of facets with equality at as many as span them, and strictly at the point;
 * - the graph of a domain has as many nodes as the count says, each pattern
 *   once, and all edges change what they say.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "cases.h"
#include "counts.h"
#include "domains.h"
#include "need.h"
#include "random_domain.h"
#include "random_layers.h"
#include "random_mlp.h"
#include "random_net.h"
#include "show.h"

#include "cells/walk.h"
#include "count/facet.h"
#include "exact/integers.h"
#include "local/local.h"
#include "pleats/local.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 150, POINTS = 4, MOST_REGIONS = 120, MAX_INPUTS = 4 };

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
    pleats_local *local;
    uint64_t seed;
    bool good, shown;
    double x[8];
} local_case;

static uint64_t answered, refused, walked, facets_seen, exact_seen, rows_seen;

static void fail(local_case *c, const char *what)
{
    if (!c->shown) {
        fprintf(stderr, "seed %llu\n", (unsigned long long)c->seed);
        show_net(stderr, c->net);
        show_domain(stderr, c->domain);
    }
    c->shown = true;
    c->good = false;
    fprintf(stderr, "at");
    for (pleats_idx i = 0; i < c->net->n_inputs; i++)
        fprintf(stderr, " %.17g", c->x[i]);
    fprintf(stderr, ": %s\n", what);
}

/* Regions of a box of the given radius about a point, which may be NULL: 0. */
static size_t regions_near(local_case *c, const double *x, const mpq_t radius)
{
    pleats_domain *box = NULL;
    pleats_part *part = NULL;
    const pleats_idx n = c->net->n_inputs;
    need_ok(c->ctx, pleats_domain_new(c->ctx, n, "a box", &box));
    need_ok(c->ctx, pleats_domain_add_part(c->ctx, box, n, 0, false, &part));
    mpq_t centre, side;
    mpq_init(centre);
    mpq_init(side);
    for (pleats_idx j = 0; j < n; j++) {
        mpq_set_d(centre, x[j]);
        mpq_sub(side, centre, radius);
        pleats_part_set_lo(part, j, side);
        mpq_add(side, centre, radius);
        pleats_part_set_hi(part, j, side);
    }
    size_t regions = count_net(c->ctx, c->net, box, false, false).regions;
    mpq_clear(centre);
    mpq_clear(side);
    pleats_domain_clear(c->ctx, box);
    return regions;
}

/* ---- neighbours ---- */

/* Sorted strings of patterns. */
typedef struct {
    size_t n, bytes;
    pleats_idx *piece;
} pattern_list;

static void add_pattern(pattern_list *l, const pleats_idx *piece)
{
    l->piece = need_more(l->piece, (l->n + 1) * l->bytes + 1, 1);
    memcpy((char *)l->piece + l->n++ * l->bytes, piece, l->bytes);
}

static size_t pattern_bytes;
static int compare_patterns(const void *a, const void *b)
{
    return memcmp(a, b, pattern_bytes);
}

static bool same_patterns(pattern_list *a, pattern_list *b)
{
    pattern_bytes = a->bytes;
    if (a->n != b->n)
        return false;
    if (a->n == 0)
        return true;
    qsort(a->piece, a->n, a->bytes, compare_patterns);
    qsort(b->piece, b->n, b->bytes, compare_patterns);
    return memcmp(a->piece, b->piece, a->n * a->bytes) == 0;
}

/* The neighbours by exact programmes, one for each wall of the cell. */
static void list_exactly(local_case *c, const pleats_frame *frame,
                         const int32_t *piece, pattern_list *out)
{
    pleats_space s = {0};
    pleats_cell cell = {0};
    size_t width = (size_t)frame->k + 1;
    mpz_t *point = NULL, *across = NULL, *row = NULL;
    bool has = false, is_facet = false;
    need_ok(c->ctx, pleats_space_init(c->ctx, &s, c->net, frame,
                                      PLEATS_ENGINE_PROGRAMME, false));
    need_ok(c->ctx, pleats_integers_new(c->ctx, width, &point));
    need_ok(c->ctx, pleats_integers_new(c->ctx, width, &across));
    need_ok(c->ctx, pleats_walk_pattern(&s, piece, &cell, &has));
    if (!has)
        fail(c, "the pattern has no region");
    for (pleats_idx w = frame->m; has && w < cell.n_walls; w++)
        need_ok(c->ctx, pleats_walls_row(&s.walls, w, &row));
    for (pleats_idx w = frame->m; has && w < cell.n_walls; w++) {
        need_ok(c->ctx, pleats_facet_find(&s, &cell, w, point, &is_facet));
        if (!is_facet)
            continue;
        need_ok(c->ctx, pleats_walls_row(&s.walls, w, &row));
        for (size_t j = 0; j < width; j++)
            mpz_neg(across[j], row[j]);
        need_ok(c->ctx, pleats_pattern_beside(&s, point, across));
        add_pattern(out, s.piece);
    }
    pleats_cell_clear(c->ctx, &cell);
    pleats_space_clear(&s);
    pleats_integers_free(c->ctx, point, width);
    pleats_integers_free(c->ctx, across, width);
}

static void check_neighbours(local_case *c, const pleats_local_result *r)
{
    pattern_list got = {0}, want = {0};
    pleats_frame frame = {0};
    size_t n = (size_t)r->n_units;
    pleats_idx *piece = need_memory(n + 1, sizeof *piece);
    got.bytes = want.bytes = n * sizeof *piece;
    for (int32_t i = 0; i < r->n_facets; i++) {
        const pleats_facet *f = &r->facet[i];
        if (f->side >= 0)
            continue;
        memcpy(piece, r->piece, n * sizeof *piece);
        for (int32_t u = 0; u < f->n_changes; u++)
            piece[f->change[u].unit] = f->change[u].to;
        add_pattern(&got, piece);
        facets_seen++;
        exact_seen += f->n_units > 1;
    }
    need_ok(c->ctx,
            pleats_frame_init(c->ctx, &frame, c->domain, &c->domain->part[0]));
    list_exactly(c, &frame, r->piece, &want);
    if (!same_patterns(&got, &want)) {
        char text[80];
        snprintf(text, sizeof text, "%zu neighbours, not %zu, or others", got.n,
                 want.n);
        fail(c, text);
    }
    pleats_frame_clear(c->ctx, &frame);
    free(got.piece);
    free(want.piece);
    free(piece);
}

/* ---- balls ---- */

static void check_ball(local_case *c, const pleats_local_result *r)
{
    mpq_t radius, grain;
    if (!r->ball || r->dimension != c->net->n_inputs)
        return;
    mpq_init(radius);
    mpq_init(grain);
    mpq_set_str(radius, r->ball, 10);
    mpq_set_ui(grain, 1, 1u << 20);
    mpq_mul(grain, grain, radius);
    if (regions_near(c, c->x, radius) != 1)
        fail(c, "the largest ball has several regions");
    mpq_add(radius, radius, grain);
    if (regions_near(c, c->x, radius) < 2)
        fail(c, "a ball that is larger than the largest has one region");
    mpq_sub(radius, radius, grain);
    mpq_set_d(grain, r->ball_below);
    if (mpq_cmp(grain, radius) > 0 ||
        r->ball_below * (1 + 0x1p-50) < mpq_get_d(radius))
        fail(c, "the ball's radius is not rounded down");
    mpq_clear(radius);
    mpq_clear(grain);
}

/* A cube inside the ball about the centre. */
static void check_centre(local_case *c, const pleats_local_result *r)
{
    mpq_t radius;
    if (!r->centre || r->dimension != c->net->n_inputs)
        return;
    mpq_init(radius);
    mpq_set_d(radius, r->radius / sqrt(r->n_inputs) * (1 - 0x1p-40));
    if (r->radius > 0 && regions_near(c, r->centre, radius) != 1)
        fail(c, "the ball about the centre has several regions");
    mpq_clear(radius);
}

/* A bounded region has vertices and no rays, and the other way round. */
static void check_shape(local_case *c, const pleats_local_result *r)
{
    bool bounded = r->n_vertices > 0 && r->n_rays == 0;
    if (r->shape == PLEATS_SHAPE_UNKNOWN)
        fail(c, "the shape is not known");
    else if (r->dimension > 0 && bounded != (r->shape == PLEATS_SHAPE_BOUNDED))
        fail(c, "the shape is not that of the vertices");
    if (bounded && r->dimension > 0 && r->n_facets <= r->dimension)
        fail(c, "a bounded region has too few facets");
}

/* ---- exact rows ---- */

/* value = row . (x, 1); x [n]. */
static void value_at(const char *row, size_t n, mpq_t *x, mpq_t value)
{
    char *text = need_memory(strlen(row) + 1, 1), *rest = text;
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(value, 0, 1);
    strcpy(text, row);
    for (size_t i = 0; i <= n; i++) {
        char *word = strtok(i == 0 ? rest : NULL, " ");
        mpq_set_str(part, word, 10);
        if (i < n)
            mpq_mul(part, part, x[i]);
        mpq_add(value, value, part);
    }
    mpq_clear(part);
    free(text);
}

static void check_row(local_case *c, const pleats_local_result *r,
                      const pleats_halfspace_row *h, mpq_t *x)
{
    const size_t n = (size_t)r->n_inputs;
    int32_t n_on = 0;
    mpq_t value;
    mpq_init(value);
    for (size_t j = 0; j < n; j++)
        mpq_set_d(x[j], c->x[j]);
    value_at(h->row, n, x, value);
    if (mpq_sgn(value) < 0 || (mpq_sgn(value) == 0 && h->unit >= 0))
        fail(c, "the point is not in a half-space");
    for (int32_t i = 0; i < r->n_vertices; i++) {
        for (size_t j = 0; j < n; j++)
            mpq_set_str(x[j], r->vertex[(size_t)i * n + j], 10);
        value_at(h->row, n, x, value);
        if (mpq_sgn(value) < 0)
            fail(c, "a corner is not in a half-space");
        n_on += mpq_sgn(value) == 0;
    }
    if (h->facet >= 0 && r->shape == PLEATS_SHAPE_BOUNDED &&
        n_on < r->dimension)
        fail(c, "too few corners are on a facet");
    mpq_clear(value);
}

static void check_rows(local_case *c, const pleats_local_result *r)
{
    const size_t n = (size_t)r->n_inputs;
    mpq_t *x = need_memory(n + 1, sizeof *x);
    for (size_t j = 0; j < n; j++)
        mpq_init(x[j]);
    for (int32_t i = 0; i < r->n_halfspaces; i++) {
        const pleats_halfspace_row *h = &r->halfspace[i];
        check_row(c, r, h, x);
        if (h->facet >= r->n_facets || (h->unit < 0) != (h->side >= 0))
            fail(c, "a half-space has a wrong facet, or no owner");
        for (int32_t j = 0; j < i; j++)
            if (strcmp(r->halfspace[j].row, h->row) == 0 &&
                r->halfspace[j].facet != h->facet)
                fail(c, "equal half-spaces have two facets");
        rows_seen++;
    }
    for (size_t j = 0; j < n; j++)
        mpq_clear(x[j]);
    free(x);
}

static void check_point(local_case *c)
{
    const pleats_local_options o = {
        .vertices = true, .map = true, .halfspaces = true};
    pleats_local_result r = {0};
    mpq_t tiny;
    mpq_init(tiny);
    mpq_set_ui(tiny, 1, 1);
    mpq_div_2exp(tiny, tiny, 3000);
    pleats_status status =
        pleats_local_at(c->ctx, c->local, c->x, &o, NULL, &r);
    const char *message = pleats_ctx_message(c->ctx);
    if (status == PLEATS_OK) {
        answered++;
        if (!r.exact)
            fail(c, "some half-spaces are undecided");
        check_neighbours(c, &r);
        check_ball(c, &r);
        check_centre(c, &r);
        check_shape(c, &r);
        check_rows(c, &r);
        if (r.dimension == c->net->n_inputs && !r.on_side &&
            regions_near(c, c->x, tiny) != 1)
            fail(c, "a point on a wall was answered");
    } else if (status != PLEATS_INVALID) {
        fail(c, message);
    } else if (strstr(message, "wall")) {
        refused++;
        if (c->domain->part[0].direction == NULL &&
            regions_near(c, c->x, tiny) < 2)
            fail(c, "a point that is on no wall was refused");
    } else if (!strstr(message, "not in the domain")) {
        fail(c, message);
    }
    pleats_local_result_clear(c->ctx, &r);
    mpq_clear(tiny);
}

/* ---- the graph ---- */

static void check_edges(local_case *c, const pleats_walk_result *r)
{
    for (int64_t i = 0; i < r->n_edges; i++) {
        const pleats_walk_edge *e = &r->edge[i];
        int64_t changed = 0;
        for (int32_t u = 0; u < r->n_units; u++)
            changed += r->piece[e->from * r->n_units + u] !=
                       r->piece[e->to * r->n_units + u];
        if (changed == 0 || changed != e->n_units || e->from >= e->to)
            fail(c, "an edge changes something else than it says");
    }
    int64_t ends = 0;
    for (int64_t i = 0; i < r->n_nodes; i++)
        ends += r->node[i].facets;
    if (ends != 2 * r->n_edges)
        fail(c, "the facets are not twice as many as the edges");
}

/* Whether the point lay in a region. */
static bool check_walk(local_case *c)
{
    pleats_walk_result r = {0};
    const pleats_limits limits = {.cells = MOST_REGIONS + 1};
    pleats_count_result want = {0};
    need_ok(c->ctx,
            pleats_count(c->ctx, c->net, c->domain, NULL, &limits, &want));
    bool small = !want.stopped;
    pleats_status status = PLEATS_INVALID;
    if (small)
        status = pleats_local_walk(c->ctx, c->local, c->x, NULL, &r);
    if (status == PLEATS_OK) {
        walked++;
        char text[120];
        snprintf(
            text, sizeof text, "%lld nodes (%s), not %s", (long long)r.n_nodes,
            r.stopped ? pleats_stop_text(r.stopped) : "complete", want.regions);
        if (!r.complete || strtoll(want.regions, NULL, 10) != r.n_nodes)
            fail(c, text);
        else
            check_edges(c, &r);
    } else if (status != PLEATS_INVALID) {
        fail(c, pleats_ctx_message(c->ctx));
    }
    pleats_walk_result_clear(c->ctx, &r);
    pleats_count_result_clear(c->ctx, &want);
    return status == PLEATS_OK || !small;
}

static pleats_net *draw_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    mlp m;
    switch (rng_int(r, 0, 3)) {
    case 0: {
        random_mlp(r, n_inputs, rng_one_in(r, 3), &m);
        pleats_net *net = mlp_build(ctx, &m);
        mlp_clear(&m);
        return net;
    }
    case 1:
        return random_layers(ctx, r, n_inputs, 2, 8);
    default:
        return random_net(ctx, r, n_inputs, rng_int(r, 2, 14));
    }
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    local_case c = {.ctx = need_ctx(), .good = true, .seed = seed};
    pleats_idx n_inputs = rng_int(&r, 1, MAX_INPUTS);
    c.net = draw_net(c.ctx, &r, n_inputs);
    do {
        pleats_domain_clear(c.ctx, c.domain);
        c.domain = rng_one_in(&r, 3) ? domain_all(c.ctx, n_inputs)
                                     : random_domain(c.ctx, &r, n_inputs);
    } while (c.domain->n_parts != 1);
    pleats_status status = pleats_local_new(c.ctx, c.net, c.domain, &c.local);
    bool has_walked = status != PLEATS_OK;
    for (int p = 0; status == PLEATS_OK && p < POINTS; p++) {
        bool is_whole = rng_one_in(&r, 3);
        for (pleats_idx j = 0; j < n_inputs; j++)
            c.x[j] = is_whole ? rng_int(&r, -2, 2) : 2 * rng_real(&r, 24);
        check_point(&c);
        has_walked = has_walked || check_walk(&c);
    }
    pleats_local_free(c.ctx, c.local);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    if (pleats_ctx_live_bytes(c.ctx) != 0 && pleats_ctx_n_remarks(c.ctx) == 0) {
        fprintf(stderr, "seed %llu: memory was not freed\n",
                (unsigned long long)seed);
        c.good = false;
    }
    pleats_ctx_free(c.ctx);
    return c.good;
}

/* p_local MODEL ROWS: the neighbours of the regions that hold the rows of a
 * data file, each against exact programmes. */
static int check_file(const char *model, const char *path)
{
    local_case c = {.ctx = need_ctx(), .good = true, .shown = true};
    pleats_rows *rows = NULL;
    need_ok(c.ctx, pleats_net_load(c.ctx, model, NULL, &c.net));
    c.domain = domain_all(c.ctx, c.net->n_inputs);
    need_ok(c.ctx, pleats_rows_read(c.ctx, path, c.net->n_inputs, &rows));
    need_ok(c.ctx, pleats_local_new(c.ctx, c.net, c.domain, &c.local));
    for (int64_t i = 0; i < pleats_rows_count(rows); i++) {
        pleats_local_result result = {0};
        memcpy(c.x, pleats_rows_row(rows, i),
               (size_t)c.net->n_inputs * sizeof *c.x);
        need_ok(c.ctx,
                pleats_local_at(c.ctx, c.local, c.x, NULL, NULL, &result));
        check_neighbours(&c, &result);
        pleats_local_result_clear(c.ctx, &result);
    }
    printf("%lld rows, %llu facets: %s\n", (long long)pleats_rows_count(rows),
           (unsigned long long)facets_seen, c.good ? "agree" : "differ");
    pleats_rows_free(c.ctx, rows);
    pleats_local_free(c.ctx, c.local);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    pleats_ctx_free(c.ctx);
    return c.good ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3)
        return check_file(argv[1], argv[2]);
    uint64_t failed = failed_cases(CASES, run_case);
    printf("%llu points answered, %llu on walls; %llu graphs; %llu facets, "
           "%llu of several units; %llu rows\n",
           (unsigned long long)answered, (unsigned long long)refused,
           (unsigned long long)walked, (unsigned long long)facets_seen,
           (unsigned long long)exact_seen, (unsigned long long)rows_seen);
    return failed > 0 || answered == 0 || refused == 0 || walked == 0;
}
