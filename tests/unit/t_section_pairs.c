/* Which planes cut a section, from pairs of generators: what is said is true
 * wherever within their bounds the values are, against fractions. */
#include "unit.h"

#include "cells/section_values.h"
#include "rng.h"

#include <gmp.h>
#include <math.h>

enum {
    LAST = PLEATS_PAIRED, /* the section's plane; those before it are asked */
    WIDTH = 8,
    GENERATORS = 6,
    CASES = 3000
};

/* What cases are like: which errors tell. */
typedef enum {
    ROUNDING,    /* of quotients, beside bounds as small */
    OF_SECTION,  /* bounds of the section's plane */
    OF_OTHERS,   /* bounds of the others */
    OF_BOTH,     /* both */
    NEAR_ZERO,   /* generators that may be on the section's plane */
    NO_RATIO,    /* ratios about 0, known up to 1 */
    LEAST,       /* multiples of the least double */
    HELD,        /* generators on the section's plane */
    TINY,        /* values of the section's plane about 2^-1000 */
    OUT_OF_RANGE /* quotients that overflow */
} kind_of_case;

typedef struct {
    pleats_value_table table;
    mpq_t truth[GENERATORS][LAST + 1];
} world;

static void world_init(pleats_ctx *ctx, world *w)
{
    w->table = (pleats_value_table){
        .dim = 4, .n = GENERATORS, .n_planes = LAST + 1, .width = WIDTH};
    need_ok(ctx,
            pleats_grow(ctx, &w->table.row, &w->table.row_capacity,
                        (size_t)GENERATORS * 2 * WIDTH, sizeof *w->table.row));
    for (size_t g = 0; g < GENERATORS; g++)
        for (size_t c = 0; c <= LAST; c++)
            mpq_init(w->truth[g][c]);
}

static void world_clear(pleats_ctx *ctx, world *w)
{
    pleats_release(ctx, w->table.row);
    for (size_t g = 0; g < GENERATORS; g++)
        for (size_t c = 0; c <= LAST; c++)
            mpq_clear(w->truth[g][c]);
}

/* A value of plane c at generator g, and the truth at an end of its bound. */
static void set(world *w, rng *r, size_t g, size_t c, double value,
                double bound)
{
    double *row = w->table.row + g * 2 * WIDTH;
    mpq_t off;
    mpq_init(off);
    row[c] = value;
    row[WIDTH + c] = bound;
    mpq_set_d(off, rng_one_in(r, 2) ? bound : -bound);
    mpq_set_d(w->truth[g][c], value);
    mpq_add(w->truth[g][c], w->truth[g][c], off);
    mpq_clear(off);
}

/* A positive double below 2^exponent, above half or all of its bits down. */
static double size(rng *r, int exponent)
{
    return ldexp(1.5 + 0.5 * rng_real(r, 52), exponent - 1);
}

/* The section's plane at the generators, above it in every second one. */
static void draw_last(world *w, rng *r, kind_of_case kind)
{
    for (size_t g = 0; g < GENERATORS; g++) {
        const double sign = g % 2 ? -1 : 1;
        double value = size(r, 1), bound = 0;
        if (kind == OF_SECTION || kind == OF_BOTH)
            bound = size(r, -20);
        if (kind == NEAR_ZERO) {
            value = size(r, rng_int(r, -21, -17));
            bound = size(r, -20);
        }
        if (kind == HELD && rng_one_in(r, 3))
            value = 0;
        if (kind == LEAST)
            value = size(r, rng_int(r, 1, 3));
        if (kind == TINY) {
            value = size(r, -1000);
            bound = size(r, -1040);
        }
        if (kind == OUT_OF_RANGE)
            value = size(r, rng_one_in(r, 2) ? -90 : -1060);
        set(w, r, g, LAST, sign * value, bound);
    }
}

/* Plane c, whose ratio to the section's plane is almost the same everywhere. */
static void draw_other(world *w, rng *r, kind_of_case kind, size_t c)
{
    const double ratio = rng_real(r, 52);
    for (size_t g = 0; g < GENERATORS; g++) {
        const double last = w->table.row[g * 2 * WIDTH + LAST];
        const int off = kind == ROUNDING ? -53 : -20;
        double value = ratio * last + ldexp(rng_real(r, 52), off);
        double bound = 0;
        if (kind == ROUNDING)
            bound = rng_one_in(r, 2) ? 0 : size(r, -53);
        if (kind == OF_OTHERS || kind == OF_BOTH)
            bound = size(r, off);
        if (kind == NEAR_ZERO)
            value = rng_real(r, 52);
        if (kind == NO_RATIO) {
            bound = g == c ? size(r, 0) : 0;
            value = g == c ? bound : ldexp(rng_real(r, 52), -70);
        }
        if (kind == LEAST) {
            value = rng_int(r, -9, 9) * 0x1p-1074;
            bound = rng_int(r, 0, 1) * 0x1p-1074;
        }
        if (kind == HELD && last == 0) {
            bound = rng_one_in(r, 2) ? 0 : size(r, -20);
            value = rng_int(r, -2, 2) * (bound > 0 ? bound : 1);
        }
        if (kind == TINY)
            value = ldexp(ratio * ldexp(last, 1000), -1050);
        if (kind == OUT_OF_RANGE)
            value = rng_int(r, -1, 1) * size(r, 1000);
        set(w, r, g, c, value, bound);
    }
}

/* Whether plane c is above 0 (sign 1) or below (-1) at a generator that the
 * section's plane holds, or between two on that plane. */
static bool is_there(world *w, size_t c, int sign)
{
    bool any = false;
    mpq_t rp, rq;
    mpq_inits(rp, rq, NULL);
    for (size_t p = 0; p < GENERATORS; p++) {
        any = any || (mpq_sgn(w->truth[p][LAST]) == 0 &&
                      mpq_sgn(w->truth[p][c]) == sign);
        for (size_t q = 0; q < GENERATORS; q++) {
            if (mpq_sgn(w->truth[p][LAST]) <= 0 ||
                mpq_sgn(w->truth[q][LAST]) >= 0)
                continue;
            mpq_div(rp, w->truth[p][c], w->truth[p][LAST]);
            mpq_div(rq, w->truth[q][c], w->truth[q][LAST]);
            const int order = mpq_cmp(rp, rq);
            any = any || (order > 0) - (order < 0) == sign;
        }
    }
    mpq_clears(rp, rq, NULL);
    return any;
}

/* How many planes were told of. */
static int check(world *w)
{
    int64_t seen[3 * PLEATS_PAIRED];
    int told = 0;
    pleats_section_pairs_look(&w->table, LAST, seen);
    for (size_t c = 0; c < LAST; c++) {
        const bool up = is_there(w, c, 1), down = is_there(w, c, -1);
        const bool unsure = seen[2 * PLEATS_PAIRED + c];
        assert_true(unsure || !seen[c] == !up);
        assert_true(unsure || !seen[PLEATS_PAIRED + c] == !down);
        told += !unsure;
    }
    return told;
}

static void what_is_said_is_true(void **state)
{
    pleats_ctx *ctx = *state;
    world w;
    rng r = {1};
    world_init(ctx, &w);
    for (kind_of_case kind = ROUNDING; kind <= OUT_OF_RANGE; kind++) {
        for (int i = 0; i < CASES; i++) {
            draw_last(&w, &r, kind);
            for (size_t c = 0; c < LAST; c++)
                draw_other(&w, &r, kind, c);
            (void)check(&w);
        }
    }
    world_clear(ctx, &w);
}

/* Generator 0 may almost be on the section's plane, so that ratios there have
 * bounds much larger than themselves; it is as near as it may be, and generator
 * 1 has just not the ratios that are there then. */
static void draw_barely(world *w, rng *r)
{
    const double value = size(r, 1), off = value * (1 - size(r, -9));
    mpq_t ratio;
    mpq_init(ratio);
    for (size_t g = 1; g < GENERATORS; g++)
        set(w, r, g, LAST, g % 2 ? -1 : 1, 0);
    do
        set(w, r, 0, LAST, value, off);
    while (mpq_get_d(w->truth[0][LAST]) > value);
    for (size_t c = 0; c < LAST; c++) {
        set(w, r, 0, c, size(r, 1), 0);
        mpq_div(ratio, w->truth[0][c], w->truth[0][LAST]);
        for (size_t g = 1; g < GENERATORS; g++)
            set(w, r, g, c, g % 2 ? -mpq_get_d(ratio) * (g == 1 ? 1 : 2) : 0,
                0);
    }
    mpq_clear(ratio);
}

static void bounds_are_rounded_up(void **state)
{
    pleats_ctx *ctx = *state;
    world w;
    rng r = {3};
    world_init(ctx, &w);
    for (int i = 0; i < CASES; i++) {
        draw_barely(&w, &r);
        (void)check(&w);
    }
    world_clear(ctx, &w);
}

/* Of planes that cross one cube's faces in plain places all is said. */
static void plain_planes_are_told(void **state)
{
    pleats_ctx *ctx = *state;
    world w;
    rng r = {2};
    world_init(ctx, &w);
    for (int i = 0; i < CASES; i++) {
        for (size_t g = 0; g < GENERATORS; g++)
            for (size_t c = 0; c <= LAST; c++) {
                const double sign = c < LAST ? rng_real(&r, 20) : 1;
                set(&w, &r, g, c, (g % 2 ? -1 : 1) * sign * size(&r, 1),
                    0x1p-44);
            }
        assert_true(check(&w) >= LAST - 1);
    }
    world_clear(ctx, &w);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_said_is_true, ctx),
        cmocka_unit_test_prestate(bounds_are_rounded_up, ctx),
        cmocka_unit_test_prestate(plain_planes_are_told, ctx),
    };
    return RUN(tests, ctx);
}
