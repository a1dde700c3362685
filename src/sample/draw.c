/* Where points come from: drawing them. */
#include "sample/points.h"

#include "sample/normal.h"

#include <math.h>

/* xoshiro256** in every lane. */
typedef struct {
    uint64_t state[4][PLEATS_LANES];
} streams;

static void start_streams(streams *s, uint64_t seed, uint64_t first)
{
    for (int l = 0; l < PLEATS_LANES; l++) {
        pleats_rng rng;
        pleats_rng_stream(&rng, seed, first + (uint64_t)l);
        for (int i = 0; i < 4; i++)
            s->state[i][l] = rng.state[i];
    }
}

/* pleats_rng_uniform in every lane. */
PLEATS_WITHIN void next_uniform(streams *s, double *u)
{
    uint64_t *a = s->state[0], *b = s->state[1];
    uint64_t *c = s->state[2], *d = s->state[3];
    for (int l = 0; l < PLEATS_LANES; l++) {
        uint64_t five = (b[l] << 2) + b[l];
        uint64_t seven = five << 7 | five >> 57;
        uint64_t result = (seven << 3) + seven;
        uint64_t t = b[l] << 17;
        c[l] ^= a[l];
        d[l] ^= b[l];
        b[l] ^= c[l];
        a[l] ^= d[l];
        c[l] ^= t;
        d[l] = d[l] << 45 | d[l] >> 19;
        u[l] = (double)(int64_t)(result >> 11) * 0x1p-53;
    }
}

PLEATS_WITHIN void scale_to_side(double lo, double hi, double *u)
{
    const double width = hi - lo;
    for (int l = 0; l < PLEATS_LANES; l++) {
        double x = lo + u[l] * width;
        x = x < lo ? lo : x;
        u[l] = x > hi ? hi : x;
    }
}

PLEATS_WIDE static void draw_uniform(const pleats_points *p, uint64_t first,
                                     double *t)
{
    streams s;
    start_streams(&s, p->seed, first);
    for (pleats_idx j = 0; j < p->k; j++) {
        next_uniform(&s, pleats_lanes_at(t, j));
        scale_to_side(p->lo[j], p->hi[j], pleats_lanes_at(t, j));
    }
}

/* The digits of n in that base, mirrored at the point. */
static double mirrored(uint64_t n, unsigned base)
{
    double share = 1, sum = 0;
    for (; n > 0; n /= base) {
        share /= base;
        sum += share * (double)(n % base);
    }
    return sum;
}

static void draw_sequence(const pleats_points *p, uint64_t first, double *t)
{
    static const unsigned prime[PLEATS_SEQUENCE_DIMENSIONS] = {
        2,   3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,
        43,  47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101,
        103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
        173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
        241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311};
    for (pleats_idx j = 0; j < p->k; j++) {
        double *u = pleats_lanes_at(t, j);
        for (int l = 0; l < PLEATS_LANES; l++) {
            double x = mirrored(first + (uint64_t)l, prime[j]) + p->shift[j];
            u[l] = x - floor(x);
        }
        scale_to_side(p->lo[j], p->hi[j], u);
    }
}

PLEATS_WIDE static void draw_gaussian(const pleats_points *p, uint64_t first,
                                      double *value)
{
    streams s;
    start_streams(&s, p->seed, first);
    for (pleats_idx i = 0; i < p->n_inputs; i++) {
        double *x = pleats_lanes_at(value, i);
        next_uniform(&s, x);
        pleats_normal_lanes(x);
        for (int l = 0; l < PLEATS_LANES; l++)
            x[l] *= p->scale;
    }
}

static void draw_rows(const pleats_points *p, uint64_t first, double *x)
{
    for (int l = 0; l < PLEATS_LANES; l++) {
        uint64_t number = first + (uint64_t)l;
        if (number >= p->n_rows)
            number = p->n_rows - 1;
        const double *row = p->row + (size_t)number * (size_t)p->n_inputs;
        for (pleats_idx i = 0; i < p->n_inputs; i++)
            pleats_lanes_at(x, i)[l] = row[i];
    }
}

static void map_to_inputs(const pleats_points *p, double *t, double *x)
{
    for (pleats_idx i = 0; i < p->n_inputs; i++) {
        double *to = pleats_lanes_at(x, i);
        for (int l = 0; l < PLEATS_LANES; l++)
            to[l] = p->origin[i];
        for (pleats_idx j = 0; j < p->k; j++) {
            const double *from = pleats_lanes_at(t, j);
            double d =
                p->direction[(size_t)j * (size_t)p->n_inputs + (size_t)i];
            for (int l = 0; l < PLEATS_LANES; l++)
                to[l] += from[l] * d;
        }
    }
}

void pleats_points_draw(const pleats_points *p, uint64_t first,
                        double *coordinate, double *value)
{
    double *t = p->direction ? coordinate : value;
    switch (p->kind) {
    case PLEATS_POINTS_UNIFORM:
        draw_uniform(p, first, t);
        break;
    case PLEATS_POINTS_SEQUENCE:
        draw_sequence(p, first, t);
        break;
    case PLEATS_POINTS_GAUSSIAN:
        draw_gaussian(p, first, t);
        break;
    default:
        draw_rows(p, first, t);
    }
    if (p->direction)
        map_to_inputs(p, t, value);
}
