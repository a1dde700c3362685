#include "forms/positions.h"

#include "base/wide.h"

#include <string.h>

/* With fewer channels columns are as fast (measured). */
enum { LEAST_CHANNELS = 16, MOST_AT_ONCE = 64 };

void pleats_positions_clear(pleats_ctx *ctx, pleats_positions *p)
{
    pleats_release(ctx, p->weight);
    *p = (pleats_positions){0};
}

pleats_status pleats_positions_init(pleats_ctx *ctx, pleats_positions *p,
                                    const pleats_step *s)
{
    pleats_status status = PLEATS_OK;
    *p = (pleats_positions){0};
    if (s->kind != PLEATS_STEP_CONV || s->conv.out_channels < LEAST_CHANNELS)
        return PLEATS_OK;
    const size_t channels = (size_t)s->conv.out_channels;
    const size_t groups = (size_t)s->conv.groups, taps = (size_t)s->n_taps;
    p->rows = (channels + 7) / 8 * 8;
    TRY(pleats_alloc(ctx, groups * taps * p->rows, sizeof *p->weight,
                     &p->weight));
    for (size_t i = 0; i < groups * channels; i++)
        for (size_t j = 0; j < taps; j++) {
            const size_t column = i / channels * taps + j;
            p->weight[column * p->rows + i % channels] =
                s->weight[i * taps + j];
        }
    p->step = s;
done:
    return status;
}

/* What is read at one position, or some of it. */
typedef struct {
    size_t n;
    const double *weight[MOST_AT_ONCE], *form[MOST_AT_ONCE];
} terms;

/* Adds four rows, by entry, to the rows' sums, `apart` from each other. */
PLEATS_WITHIN void put_four(const four *a, const four *b, const four *c,
                            const four *d, size_t n, double *sum, size_t apart)
{
    const four ab = __builtin_shufflevector(*a, *b, 0, 4, 2, 6);
    const four ab_next = __builtin_shufflevector(*a, *b, 1, 5, 3, 7);
    const four cd = __builtin_shufflevector(*c, *d, 0, 4, 2, 6);
    const four cd_next = __builtin_shufflevector(*c, *d, 1, 5, 3, 7);
    if (n > 0)
        *(four *)sum += __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    if (n > 1)
        *(four *)(sum + apart) +=
            __builtin_shufflevector(ab_next, cd_next, 0, 1, 4, 5);
    if (n > 2)
        *(four *)(sum + 2 * apart) +=
            __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    if (n > 3)
        *(four *)(sum + 3 * apart) +=
            __builtin_shufflevector(ab_next, cd_next, 2, 3, 6, 7);
}

/* Eight rows, entries 4 of the forms from `entry` on: adds them up, and to the
 * rows' sums, of which n are there.  Of entry `bound` of these four, if there
 * is one, weights have no sign; to be inlined with it known.  The sums are
 * variables of their own, each of one register: in an array, or twice as wide,
 * they would go through memory at every term. */
PLEATS_WITHIN void add_eight(const terms *t, size_t row, size_t entry,
                             size_t bound, size_t n, double *sum, size_t apart)
{
    four a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0};
    four b0 = {0}, b1 = {0}, b2 = {0}, b3 = {0};
    for (size_t i = 0; i < t->n; i++) {
        const four a = *(const four *)(t->weight[i] + row);
        const four b = *(const four *)(t->weight[i] + row + 4);
        const four size_a = (four)((four_bits)a & SIZE);
        const four size_b = (four)((four_bits)b & SIZE);
        const double *form = t->form[i] + entry;
        a0 += (bound == 0 ? size_a : a) * form[0];
        b0 += (bound == 0 ? size_b : b) * form[0];
        a1 += (bound == 1 ? size_a : a) * form[1];
        b1 += (bound == 1 ? size_b : b) * form[1];
        a2 += (bound == 2 ? size_a : a) * form[2];
        b2 += (bound == 2 ? size_b : b) * form[2];
        a3 += (bound == 3 ? size_a : a) * form[3];
        b3 += (bound == 3 ? size_b : b) * form[3];
    }
    put_four(&a0, &a1, &a2, &a3, n, sum, apart);
    if (n > 4)
        put_four(&b0, &b1, &b2, &b3, n - 4, sum + 4 * apart, apart);
}

/* All rows of one position, four entries. */
PLEATS_WITHIN void add_entries(const pleats_positions *p, const terms *t,
                               size_t entry, size_t bound, double *sum,
                               size_t apart)
{
    const size_t channels = (size_t)p->step->conv.out_channels;
    for (size_t row = 0; row < channels; row += 8)
        add_eight(t, row, entry, bound, channels - row < 8 ? channels - row : 8,
                  sum + row * apart + entry, apart);
}

PLEATS_WIDE
static void add_terms(const pleats_positions *p, const pleats_forms *f,
                      const terms *t, double *sum)
{
    const size_t apart = (size_t)p->step->positions * f->stride;
    for (size_t entry = 0; entry < f->stride; entry += 4)
        switch ((size_t)f->k + 1 - entry) {
        case 0:
            add_entries(p, t, entry, 0, sum, apart);
            break;
        case 1:
            add_entries(p, t, entry, 1, sum, apart);
            break;
        case 2:
            add_entries(p, t, entry, 2, sum, apart);
            break;
        case 3:
            add_entries(p, t, entry, 3, sum, apart);
            break;
        default:
            add_entries(p, t, entry, 4, sum, apart);
        }
}

/* All channels of a group at one position. */
static void add_position(const pleats_positions *p, const pleats_forms *f,
                         pleats_idx first, const pleats_idx *source,
                         pleats_idx group, pleats_idx position, double *sum)
{
    const pleats_step *s = p->step;
    const pleats_idx *in = pleats_step_window(s, group, position);
    const double *weight =
        p->weight + (size_t)group * (size_t)s->n_taps * p->rows;
    const pleats_idx row = group * s->conv.out_channels * s->positions;
    double *to = sum + (size_t)(row + position) * f->stride;
    terms t;
    t.n = 0;
    for (pleats_idx j = 0; j < s->n_taps; j++, weight += p->rows) {
        const pleats_idx scalar = in[s->tap[j]];
        const pleats_idx from = scalar < 0 ? -1 : source[scalar - first];
        t.weight[t.n] = weight;
        t.form[t.n] = pleats_forms_entry(f, from < 0 ? 0 : from);
        t.n += from >= 0; /* no branch, which would be guessed wrongly */
        if (t.n == MOST_AT_ONCE) {
            add_terms(p, f, &t, to);
            t.n = 0;
        }
    }
    if (t.n > 0)
        add_terms(p, f, &t, to);
}

void pleats_positions_add(const pleats_positions *p, const pleats_forms *f,
                          pleats_idx first, const pleats_idx *source,
                          double *sum)
{
    for (pleats_idx g = 0; g < p->step->conv.groups; g++)
        for (pleats_idx i = 0; i < p->step->positions; i++)
            add_position(p, f, first, source, g, i, sum);
}
