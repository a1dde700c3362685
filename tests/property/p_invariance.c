/* Changes of a network that change no count: the order of the units of a
 * layer, the scale of a unit, the coordinates of the input, a unit that does
 * nothing, a unit twice.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "counts.h"
#include "need.h"
#include "random_domain.h"
#include "random_mlp.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

enum { CASES = 60, MAX_INPUTS = 4 };

/* Integers with determinant 1 or -1, and a shift: x = u y + shift. */
typedef struct {
    int32_t n;
    int32_t u[MAX_INPUTS][MAX_INPUTS], shift[MAX_INPUTS];
} chart;

/* A hidden layer, drawn at random; its units are what a change acts on. */
static int32_t hidden_layer(rng *r, const mlp *m)
{
    return rng_int(r, 0, m->n_layers - 2);
}

static void permute_units(rng *r, const mlp *from, mlp *to)
{
    int32_t order[16], l = hidden_layer(r, from), n = from->width[l + 1];
    mlp_copy(to, from);
    rng_order(r, n, order);
    for (int32_t i = 0; i < n; i++) {
        to->bias[l][i] = from->bias[l][order[i]];
        memcpy(mlp_row(to, l, i), mlp_row(from, l, order[i]),
               (size_t)from->width[l] * sizeof(double));
        for (int32_t j = 0; j < from->width[l + 2]; j++)
            mlp_row(to, l + 1, j)[i] = mlp_row(from, l + 1, j)[order[i]];
    }
}

static void scale_units(rng *r, const mlp *from, mlp *to)
{
    static const double factor[] = {0.25, 2, 1024, 0x1p-40, 0x1p40};
    int32_t l = hidden_layer(r, from);
    mlp_copy(to, from);
    for (int32_t i = 0; i < from->width[l + 1]; i++) {
        double f = factor[rng_int(r, 0, 4)];
        to->bias[l][i] *= f;
        for (int32_t j = 0; j < from->width[l]; j++)
            mlp_row(to, l, i)[j] *= f;
        for (int32_t j = 0; j < from->width[l + 2]; j++)
            mlp_row(to, l + 1, j)[i] /= f;
    }
}

/* One more unit in layer l, with no weights in or out. */
static int32_t widen(const mlp *from, int32_t l, mlp *to)
{
    int32_t width[MLP_MAX_LAYERS + 1], extra = from->width[l + 1];
    memcpy(width, from->width, sizeof width);
    width[l + 1]++;
    mlp_init(to, from->n_layers, width);
    memcpy(to->activation, from->activation, sizeof to->activation);
    for (int32_t k = 0; k < from->n_layers; k++)
        for (int32_t i = 0; i < from->width[k + 1]; i++) {
            to->bias[k][i] = from->bias[k][i];
            memcpy(mlp_row(to, k, i), mlp_row(from, k, i),
                   (size_t)from->width[k] * sizeof(double));
        }
    return extra;
}

/* The new unit is constant; nothing reads it. */
static void add_dead_unit(rng *r, const mlp *from, mlp *to)
{
    int32_t l = hidden_layer(r, from), unit = widen(from, l, to);
    to->bias[l][unit] = rng_int(r, -1, 1);
}

/* The new unit is unit i again, which shares its weights out with it. */
static void add_duplicate_unit(rng *r, const mlp *from, mlp *to)
{
    int32_t l = hidden_layer(r, from), unit = widen(from, l, to);
    int32_t i = rng_int(r, 0, unit - 1);
    to->bias[l][unit] = to->bias[l][i];
    memcpy(mlp_row(to, l, unit), mlp_row(to, l, i),
           (size_t)to->width[l] * sizeof(double));
    for (int32_t j = 0; j < to->width[l + 2]; j++) {
        mlp_row(to, l + 1, j)[i] /= 2;
        mlp_row(to, l + 1, j)[unit] = mlp_row(to, l + 1, j)[i];
    }
}

static void random_chart(rng *r, int32_t n, chart *c)
{
    *c = (chart){.n = n};
    for (int32_t i = 0; i < n; i++) {
        c->u[i][i] = rng_one_in(r, 2) ? 1 : -1;
        c->shift[i] = rng_int(r, -2, 2);
    }
    for (int32_t times = 0; n > 1 && times < 3; times++) {
        int32_t a = rng_int(r, 0, n - 1), f = rng_int(r, -1, 2);
        int32_t b = (a + rng_int(r, 1, n - 1)) % n;
        for (int32_t j = 0; j < n; j++)
            c->u[a][j] += f * c->u[b][j];
    }
}

/* The network as a function of y. */
static void move_net(const chart *c, const mlp *from, mlp *to)
{
    mlp_copy(to, from);
    for (int32_t i = 0; i < from->width[1]; i++) {
        const double *old = mlp_row(from, 0, i);
        double *row = mlp_row(to, 0, i);
        for (int32_t j = 0; j < c->n; j++) {
            row[j] = 0;
            to->bias[0][i] += old[j] * c->shift[j];
            for (int32_t k = 0; k < c->n; k++)
                row[j] += old[k] * c->u[k][j];
        }
    }
}

/* a x <= b becomes (a u) y <= b - a shift; here a is +-1 times unit vector j.
 */
static void move_bound(const chart *c, pleats_part *to, pleats_idx row,
                       pleats_idx j, int sign, const mpq_t bound)
{
    for (pleats_idx k = 0; k < c->n; k++)
        mpq_set_si(to->a[row * c->n + k], sign * c->u[j][k], 1);
    mpq_set_si(to->b[row], -c->shift[j], 1);
    mpq_add(to->b[row], to->b[row], bound);
    if (sign < 0)
        mpq_neg(to->b[row], to->b[row]);
}

/* A box in x as a polytope in y. */
static pleats_domain *move_box(pleats_ctx *ctx, const chart *c,
                               const pleats_part *box)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    pleats_idx m = 0, row = 0;
    for (pleats_idx j = 0; j < box->k; j++)
        m += box->has_lo[j] + box->has_hi[j];
    need_ok(ctx, pleats_domain_new(ctx, c->n, "moved box", &d));
    need_ok(ctx, pleats_domain_add_part(ctx, d, c->n, m, false, &part));
    for (pleats_idx j = 0; j < box->k; j++) {
        if (box->has_lo[j])
            move_bound(c, part, row++, j, -1, box->lo[j]);
        if (box->has_hi[j])
            move_bound(c, part, row++, j, 1, box->hi[j]);
    }
    return d;
}

/* R^n, or a box of size about 4 with now and then an open or flat side. */
static pleats_domain *random_box(pleats_ctx *ctx, rng *r, int32_t n)
{
    pleats_domain *d = NULL;
    pleats_part *part = NULL;
    mpq_t number;
    bool is_all = rng_one_in(r, 3);
    mpq_init(number);
    need_ok(ctx, pleats_domain_new(ctx, n, "box", &d));
    need_ok(ctx, pleats_domain_add_part(ctx, d, n, 0, false, &part));
    for (int32_t j = 0; j < n && !is_all; j++) {
        mpq_set_si(number, rng_int(r, -9, 0), 3);
        mpq_canonicalize(number);
        pleats_part_set_lo(part, j, number);
        if (rng_one_in(r, 8))
            pleats_part_set_hi(part, j, number);
        mpq_set_si(number, rng_int(r, 1, 8), 4);
        mpq_canonicalize(number);
        if (!part->has_hi[j] && !rng_one_in(r, 8))
            pleats_part_set_hi(part, j, number);
    }
    mpq_clear(number);
    return d;
}

/* Counts `m` on `domain`, frees both and reports when it is not `want`. */
static bool expect(pleats_ctx *ctx, const char *what, mlp *m,
                   pleats_domain *domain, bool all_three, counts want)
{
    pleats_net *net = mlp_build(ctx, m);
    counts got = count_net(ctx, net, domain, all_three, false);
    bool same = counts_are_equal(got, want);
    if (!same) {
        fprintf(stderr, "%s\n", what);
        show_net(stderr, net);
        show_domain(stderr, domain);
        counts_show(stderr, "before", want);
        counts_show(stderr, "after", got);
    }
    pleats_net_clear(ctx, net);
    mlp_clear(m);
    return same;
}

typedef void (*change)(rng *r, const mlp *from, mlp *to);

static bool run_case(uint64_t seed)
{
    static const struct {
        const char *name;
        change apply;
    } changes[] = {{"units permuted", permute_units},
                   {"a dead unit", add_dead_unit},
                   {"a duplicate unit", add_duplicate_unit},
                   {"units scaled", scale_units}};
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    mlp m, changed;
    chart c;
    bool homogeneous = rng_one_in(&r, 2), all_three = rng_one_in(&r, 2);
    int32_t n = rng_int(&r, 1, MAX_INPUTS);
    random_mlp(&r, n, homogeneous, &m);
    pleats_domain *domain = random_box(ctx, &r, n);
    pleats_net *net = mlp_build(ctx, &m);
    counts want = count_net(ctx, net, domain, all_three, false);
    bool same = true;
    for (int i = 0; i < (homogeneous ? 4 : 3); i++) {
        changes[i].apply(&r, &m, &changed);
        same = same &&
               expect(ctx, changes[i].name, &changed, domain, all_three, want);
    }
    random_chart(&r, n, &c);
    move_net(&c, &m, &changed);
    pleats_domain *moved = move_box(ctx, &c, &domain->part[0]);
    same =
        same && expect(ctx, "inputs moved", &changed, moved, all_three, want);
    if (!same) {
        fprintf(stderr, "seed %llu, before:\n", (unsigned long long)seed);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    pleats_domain_clear(ctx, moved);
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    mlp_clear(&m);
    pleats_ctx_free(ctx);
    return same;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
