/* The formula of random small layers against its definition: each demand is
 * met, or not, by augmenting paths from units to inputs. */
#include "unit.h"

#include "base/rng.h"
#include "theory/layer/conv_layer.h"

#include <stdio.h>

enum { MOST_POSITIONS = 16, MOST_CELLS = 64, MOST_DEMANDS = 300000 };

typedef struct {
    int n_positions, n_cells;
    int64_t filters, breakpoints;
    uint64_t window[MOST_POSITIONS];
} matching;

typedef struct {
    int8_t owner[MOST_CELLS]; /* position whose unit has the cell, or -1 */
} matched;

static bool augment(const matching *m, matched *s, int position,
                    uint64_t *tried)
{
    for (int cell = 0; cell < m->n_cells; cell++) {
        if (!(m->window[position] >> cell & 1) || *tried >> cell & 1)
            continue;
        *tried |= (uint64_t)1 << cell;
        if (s->owner[cell] < 0 || augment(m, s, s->owner[cell], tried)) {
            s->owner[cell] = (int8_t)position;
            return true;
        }
    }
    return false;
}

/* Sum of prod C(filters, t) breakpoints^t over what the positions from `first`
 * on can be given. */
static uint64_t sum_over(const matching *m, const matched *before, int first)
{
    if (first == m->n_positions)
        return 1;
    matched s = *before;
    uint64_t sum = sum_over(m, &s, first + 1), ways = 1, tried = 0;
    for (int64_t t = 1; t <= m->filters && augment(m, &s, first, &tried);
         t++, tried = 0) {
        ways = ways * (uint64_t)((m->filters - t + 1) * m->breakpoints) /
               (uint64_t)t;
        sum += ways * sum_over(m, &s, first + 1);
    }
    return sum;
}

static int outputs(const pleats_conv_layer *l, int d)
{
    const pleats_conv_spec *c = &l->conv;
    const int64_t span = l->in.size[d] + c->pad_lo[d] + c->pad_hi[d] -
                         c->dilation[d] * (c->kernel[d] - 1) - 1;
    return span < 0 ? 0 : (int)(span / c->stride[d] + 1);
}

/* The cells of a window, axis by axis; `at` is the number of its position. */
static uint64_t window_of(const pleats_conv_layer *l, int at)
{
    int corner[3] = {0};
    uint64_t set = 0;
    for (int d = (int)l->in.n_spatial - 1; d >= 0; d--) {
        const int some = outputs(l, d), n = some > 1 ? some : 1;
        corner[d] = at % n * (int)l->conv.stride[d] - (int)l->conv.pad_lo[d];
        at /= n;
    }
    for (int64_t cell = 0; cell < pleats_shape_count(&l->in); cell++) {
        int64_t rest = cell;
        bool is_in = true;
        for (int d = (int)l->in.n_spatial - 1; d >= 0; d--) {
            const int64_t offset = rest % l->in.size[d] - corner[d];
            rest /= l->in.size[d];
            is_in = is_in && offset >= 0 && offset % l->conv.dilation[d] == 0 &&
                    offset / l->conv.dilation[d] < l->conv.kernel[d];
        }
        set |= (uint64_t)is_in << cell;
    }
    return set;
}

static int64_t draw(pleats_rng *rng, int64_t from, int64_t to)
{
    return from + (int64_t)pleats_rng_below(rng, (uint64_t)(to - from + 1));
}

static pleats_conv_layer random_layer(pleats_rng *rng)
{
    pleats_conv_layer l = {.in.channels = draw(rng, 1, 2),
                           .in.n_spatial = (pleats_idx)draw(rng, 1, 3),
                           .conv.filters = draw(rng, 1, 5),
                           .conv.groups = 1,
                           .conv.has_bias = true,
                           .pieces = draw(rng, 2, 3)};
    const int64_t most[] = {9, 6, 3};
    for (pleats_idx d = 0; d < l.in.n_spatial; d++) {
        l.in.size[d] = draw(rng, 2, most[l.in.n_spatial - 1]);
        l.conv.kernel[d] = draw(rng, 1, 3);
        l.conv.stride[d] = draw(rng, 1, 4) == 4 ? 2 : 1;
        l.conv.dilation[d] = draw(rng, 1, 4) == 4 ? 2 : 1;
        l.conv.pad_lo[d] = draw(rng, 1, 4) == 4;
        l.conv.pad_hi[d] = draw(rng, 1, 4) == 4;
    }
    return l;
}

/* Whether the layer makes sense and its demands can be gone through. */
static bool read_layer(const pleats_conv_layer *l, matching *m)
{
    double demands = 1;
    int positions = 1;
    for (int d = 0; d < (int)l->in.n_spatial; d++)
        positions *= outputs(l, d);
    if (positions == 0 || positions > MOST_POSITIONS ||
        pleats_shape_count(&l->in) > MOST_CELLS)
        return false;
    for (int i = 0; i < positions; i++)
        demands *= (double)(l->conv.filters + 1);
    *m = (matching){.n_positions = positions,
                    .n_cells = (int)pleats_shape_count(&l->in),
                    .filters = l->conv.filters,
                    .breakpoints = l->pieces - 1};
    for (int i = 0; i < positions; i++)
        m->window[i] = window_of(l, i);
    return demands <= MOST_DEMANDS;
}

static void show(const pleats_conv_layer *l, uint64_t want)
{
    fprintf(stderr, "channels %d, filters %d, pieces %d:", (int)l->in.channels,
            (int)l->conv.filters, (int)l->pieces);
    for (pleats_idx d = 0; d < l->in.n_spatial; d++)
        fprintf(stderr, " size %d kernel %d stride %d dilation %d pads %d %d;",
                (int)l->in.size[d], (int)l->conv.kernel[d],
                (int)l->conv.stride[d], (int)l->conv.dilation[d],
                (int)l->conv.pad_lo[d], (int)l->conv.pad_hi[d]);
    fprintf(stderr, " want %llu\n", (unsigned long long)want);
}

static void against_matchings(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_rng rng;
    mpz_t value;
    int planar = 0;
    mpz_init(value);
    pleats_rng_init(&rng, 7);
    for (int i = 0; i < 3000; i++) {
        const pleats_conv_layer l = random_layer(&rng);
        matching m;
        matched none;
        if (!read_layer(&l, &m))
            continue;
        memset(none.owner, -1, sizeof none.owner);
        const uint64_t want = sum_over(&m, &none, 0);
        assert_int_equal(pleats_formula_value(ctx, &l, 0, value, NULL),
                         PLEATS_OK);
        if (mpz_cmp_ui(value, want) != 0)
            show(&l, want);
        assert_true(mpz_cmp_ui(value, want) == 0);
        planar += l.in.n_spatial > 1 && m.n_positions >= 6;
    }
    assert_true(planar > 100);
    mpz_clear(value);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(against_matchings, ctx),
    };
    return RUN(tests, ctx);
}
