/* One pass of a network over PLEATS_LANES points. */
#include "sample/pass.h"

#include "net/pattern.h"

#include <string.h>

enum { WORD_BITS = 64, LINE = 64 /* bytes */ };

/* Pieces do not go over the end of a word. */
static void place_units(pleats_pass *p)
{
    int used = WORD_BITS;
    for (pleats_idx k = 0; k < p->net->n_steps; k++) {
        const pleats_step *s = &p->net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            int bits = (int)pleats_piece_bits(pleats_step_pieces(s, i));
            if (bits > 0 && used + bits > WORD_BITS) {
                p->n_words++;
                used = 0;
            }
            p->place[s->first_unit + i] = (pleats_place){
                p->n_words > 0 ? p->n_words - 1 : 0, bits ? used : 0, bits};
            used += bits;
        }
    }
    if (p->n_words == 0)
        p->n_words = 1;
}

/* Affine steps behind the last units are not needed, nor what only they read.
 */
static pleats_status find_needed(pleats_ctx *ctx, pleats_pass *p)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = p->net;
    bool *is_read = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *is_read, &is_read));
    for (pleats_idx k = net->n_steps - 1; k >= 0; k--) {
        const pleats_step *s = &net->step[k];
        p->is_needed[k] = !pleats_step_is_affine(s);
        for (pleats_idx i = 0; i < s->n_out && !p->is_needed[k]; i++)
            p->is_needed[k] = is_read[s->out + i];
        for (pleats_idx j = 0; j < s->n_in && p->is_needed[k]; j++)
            if (s->in[j] >= 0)
                is_read[s->in[j]] = true;
    }
done:
    pleats_release(ctx, is_read);
    return status;
}

static pleats_status find_margins(pleats_ctx *ctx, pleats_pass *p,
                                  const double *magnitude, const double *error)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = p->net;
    pleats_margins m = {0};
    pleats_idx *scratch = NULL;
    size_t inputs = (size_t)net->n_inputs;
    TRY(pleats_alloc(ctx, (size_t)p->row_terms, sizeof *scratch, &scratch));
    TRY(pleats_margins_init(ctx, &m, net));
    memcpy(m.magnitude, magnitude, inputs * sizeof *magnitude);
    memcpy(m.error, error, inputs * sizeof *error);
#if PLEATS_PERTURB
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *p->room, &p->room));
    m.room = p->room;
    for (pleats_idx i = 0; i < net->n_inputs; i++) {
        m.room[i] = pleats_perturb_room(i, error[i], magnitude[i]);
        m.error[i] += m.room[i];
        m.magnitude[i] += m.room[i];
    }
#endif
    pleats_margins_run(&m, net, scratch);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; !pleats_step_is_affine(s) && i < s->n_out; i++) {
            p->margin[s->first_unit + i] = pleats_margins_unit(&m, s, i);
            p->zero_is_exact[s->out + i] = pleats_margins_zero_is_exact(s, i);
        }
    }
done:
    pleats_margins_clear(ctx, &m);
    pleats_release(ctx, scratch);
    return status;
}

pleats_status pleats_pass_init(pleats_ctx *ctx, pleats_pass *p,
                               const pleats_net *net, const double *magnitude,
                               const double *error)
{
    pleats_status status = PLEATS_OK;
    size_t steps = (size_t)net->n_steps, units = (size_t)net->n_units;
    *p = (pleats_pass){.net = net, .row_terms = pleats_net_row_terms(net) + 1};
    TRY(pleats_alloc(ctx, steps, sizeof *p->affine, &p->affine));
    TRY(pleats_alloc(ctx, steps, sizeof *p->is_needed, &p->is_needed));
    TRY(pleats_alloc(ctx, units, sizeof *p->place, &p->place));
    TRY(pleats_alloc(ctx, units, sizeof *p->margin, &p->margin));
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *p->zero_is_exact,
                     &p->zero_is_exact));
    place_units(p);
    TRY(find_needed(ctx, p));
    TRY(find_margins(ctx, p, magnitude, error));
    for (pleats_idx k = 0; k < net->n_steps; k++)
        if (p->is_needed[k] && pleats_step_is_affine(&net->step[k]))
            TRY(pleats_affine_init(ctx, &p->affine[k], &net->step[k],
                                   net->n_scalars));
done:
    return status;
}

void pleats_pass_clear(pleats_ctx *ctx, pleats_pass *p)
{
    for (pleats_idx k = 0; p->affine && k < p->net->n_steps; k++)
        pleats_affine_clear(ctx, &p->affine[k]);
    pleats_release(ctx, p->affine);
    pleats_release(ctx, p->is_needed);
    pleats_release(ctx, p->place);
    pleats_release(ctx, p->margin);
    pleats_release(ctx, p->zero_is_exact);
#if PLEATS_PERTURB
    pleats_release(ctx, p->room);
#endif
    *p = (pleats_pass){0};
}

pleats_status pleats_lanes_init(pleats_ctx *ctx, pleats_lanes *l,
                                const pleats_pass *pass)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)pass->net->n_scalars + 2,
                     PLEATS_LANES * sizeof *l->value, &l->room));
    l->value = (double *)(((uintptr_t)l->room + LINE - 1) / LINE * LINE);
    TRY(pleats_alloc(ctx, (size_t)pass->n_words, PLEATS_LANES * sizeof *l->word,
                     &l->word));
    TRY(pleats_alloc(ctx, (size_t)pass->row_terms, sizeof *l->scratch,
                     &l->scratch));
done:
    return status;
}

void pleats_lanes_clear(pleats_ctx *ctx, pleats_lanes *l)
{
    pleats_release(ctx, l->room);
    pleats_release(ctx, l->word);
    pleats_release(ctx, l->scratch);
    *l = (pleats_lanes){0};
}

/* Moves the values of n scalars. */
static void perturb(const pleats_pass *p, pleats_lanes *l, pleats_idx first,
                    pleats_idx n)
{
#if PLEATS_PERTURB
    for (pleats_idx i = first; i < first + n; i++)
        pleats_perturb_values(i, PLEATS_LANES, pleats_lanes_at(l->value, i),
                              p->room[i]);
#else
    (void)p, (void)l, (void)first, (void)n;
#endif
}

void pleats_pass_run(const pleats_pass *p, pleats_lanes *l)
{
    memset(l->word, 0, (size_t)p->n_words * PLEATS_LANES * sizeof *l->word);
    memset(l->is_doubtful, 0, sizeof l->is_doubtful);
    perturb(p, l, 0, p->net->n_inputs);
    for (pleats_idx k = 0; k < p->net->n_steps; k++) {
        const pleats_step *s = &p->net->step[k];
        if (!pleats_step_is_affine(s)) {
            pleats_pass_units(p, s, l);
        } else if (p->is_needed[k]) {
            pleats_affine_run(&p->affine[k], l->value, l->scratch);
            perturb(p, l, s->out, s->n_out);
        }
    }
}

static uint64_t mask_of(const pleats_place *place)
{
    return (((uint64_t)1 << place->bits) - 1) << place->shift;
}

void pleats_pass_set_piece(const pleats_pass *p, pleats_lanes *l,
                           pleats_idx unit, int lane, pleats_idx piece)
{
    const pleats_place *place = &p->place[unit];
    uint64_t *word =
        &l->word[(size_t)place->word * PLEATS_LANES + (size_t)lane];
    *word = (*word & ~mask_of(place)) | (uint64_t)piece << place->shift;
}

pleats_idx pleats_pass_piece(const pleats_pass *p, const pleats_lanes *l,
                             pleats_idx unit, int lane)
{
    const pleats_place *place = &p->place[unit];
    uint64_t word = l->word[(size_t)place->word * PLEATS_LANES + (size_t)lane];
    return (pleats_idx)((word & mask_of(place)) >> place->shift);
}

void pleats_pass_pattern(const pleats_pass *p, const pleats_lanes *l, int lane,
                         uint64_t *pattern)
{
    for (pleats_idx w = 0; w < p->n_words; w++)
        pattern[w] = l->word[(size_t)w * PLEATS_LANES + (size_t)lane];
}
