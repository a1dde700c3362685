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

/* Eight rows, entries 4 of the forms from `entry` on: adds them up, and to the
 * rows' sums, of which n are there, `apart` from each other.  The masks take
 * the sign of the weight of one of the entries, or of none. */
PLEATS_WITHIN void add_eight(const terms *t, size_t row, size_t entry,
                             const eight_bits *mask, size_t n, double *sum,
                             size_t apart)
{
    eight total[4] = {{0}, {0}, {0}, {0}};
    for (size_t i = 0; i < t->n; i++) {
        const eight_bits w = *(const eight_bits *)(t->weight[i] + row);
        const double *form = t->form[i] + entry;
        total[0] += (eight)(w & mask[0]) * form[0];
        total[1] += (eight)(w & mask[1]) * form[1];
        total[2] += (eight)(w & mask[2]) * form[2];
        total[3] += (eight)(w & mask[3]) * form[3];
    }
    for (size_t i = 0; i < n; i++, sum += apart)
        *(four *)sum +=
            (four){total[0][i], total[1][i], total[2][i], total[3][i]};
}

PLEATS_WIDE
static void add_terms(const pleats_positions *p, const pleats_forms *f,
                      const terms *t, double *sum)
{
    const size_t bound = (size_t)f->k + 1, stride = f->stride;
    const size_t channels = (size_t)p->step->conv.out_channels;
    const size_t apart = (size_t)p->step->positions * stride;
    eight_bits mask[4];
    for (size_t entry = 0; entry < stride; entry += 4) {
        memset(mask, -1, sizeof mask);
        if (entry <= bound && bound < entry + 4)
            for (size_t i = 0; i < 8; i++)
                mask[bound - entry][i] = INT64_MAX;
        for (size_t row = 0; row < channels; row += 8)
            add_eight(t, row, entry, mask,
                      channels - row < 8 ? channels - row : 8,
                      sum + row * apart + entry, apart);
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
        if (scalar < 0 || source[scalar - first] < 0)
            continue;
        t.weight[t.n] = weight;
        t.form[t.n++] = pleats_forms_entry(f, source[scalar - first]);
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
