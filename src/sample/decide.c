/* The pattern of a point that doubles cannot tell, by exact arithmetic.
 *
 * Only units near to a breakpoint are asked, and only their pieces can differ:
 * the margins of all others hold whatever the near ones do. */
#include "sample/decide.h"

#include "exact/integers.h"
#include "forms/exact_forms.h"

pleats_status pleats_decider_init(pleats_ctx *ctx, pleats_decider *d,
                                  const pleats_pass *pass,
                                  const pleats_points *points)
{
    pleats_status status = PLEATS_OK;
    *d = (pleats_decider){.pass = pass, .points = points};
    d->line.k = 1;
    d->line.n_inputs = pass->net->n_inputs;
    mpz_init(d->line.den);
    TRY(pleats_integers_new(ctx, 2 * (size_t)d->line.n_inputs, &d->line.num));
    TRY(pleats_alloc(ctx, (size_t)pass->net->n_units, sizeof *d->piece,
                     &d->piece));
done:
    return status;
}

void pleats_decider_clear(pleats_ctx *ctx, pleats_decider *d)
{
    if (!d->pass)
        return;
    pleats_integers_free(ctx, d->line.num, 2 * (size_t)d->line.n_inputs);
    mpz_clear(d->line.den);
    pleats_release(ctx, d->piece);
    *d = (pleats_decider){0};
}

/* What a form on the line is at the point. */
typedef struct {
    int sign;      /* of its value */
    bool is_still; /* it is constant */
} answer;

/* Scalar a - scalar b - at; b = -1: no b. */
static pleats_status ask(pleats_ctx *ctx, pleats_exact_forms *forms,
                         pleats_idx a, pleats_idx b, double at, answer *out)
{
    pleats_status status = PLEATS_OK;
    mpz_t *row = NULL;
    TRY(pleats_integers_new(ctx, 2, &row));
    TRY(pleats_exact_forms_multiple(ctx, forms, a, b, at, row));
    *out = (answer){mpz_sgn(row[1]), mpz_sgn(row[0]) == 0};
done:
    pleats_integers_free(ctx, row, 2);
    return status;
}

static pleats_status decide_pl(pleats_ctx *ctx, pleats_exact_forms *forms,
                               const pleats_step *s, pleats_idx i,
                               pleats_idx *piece, bool *is_inside)
{
    pleats_status status = PLEATS_OK;
    const pleats_pl *f = pleats_step_function(s, i);
    answer side = {.sign = 1};
    pleats_idx p = 0;
    for (; p < f->n_breaks; p++) {
        TRY(ask(ctx, forms, s->in[i], -1, f->at[p], &side));
        if (side.sign <= 0)
            break;
    }
    if (side.sign == 0 && !side.is_still)
        *is_inside = false;
    *piece = p;
done:
    return status;
}

static pleats_status decide_max(pleats_ctx *ctx, pleats_exact_forms *forms,
                                const pleats_step *s, pleats_idx i,
                                pleats_idx *piece, bool *is_inside)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx *in = s->in + s->start[i];
    pleats_idx leader = 0;
    bool is_tied = false;
    for (pleats_idx j = 1; j < s->start[i + 1] - s->start[i]; j++) {
        answer a;
        TRY(ask(ctx, forms, in[j], in[leader], 0, &a));
        if (s->is_min ? a.sign < 0 : a.sign > 0) {
            leader = j;
            is_tied = false;
        } else if (a.sign == 0 && !a.is_still) {
            is_tied = true;
        }
    }
    if (is_tied)
        *is_inside = false;
    *piece = leader;
done:
    return status;
}

static pleats_status decide_unit(pleats_ctx *ctx, pleats_decider *d,
                                 pleats_exact_forms *forms,
                                 const pleats_step *s, pleats_idx i,
                                 bool *is_inside)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_check_stop(ctx));
    TRY((s->kind == PLEATS_STEP_PL ? decide_pl : decide_max)(
        ctx, forms, s, i, &d->piece[s->first_unit + i], is_inside));
done:
    return status;
}

/* Steps are gone through in their order, so that no form is made before the
 * pieces that it rests on are known. */
pleats_status pleats_decide(pleats_ctx *ctx, pleats_decider *d,
                            pleats_lanes *lanes,
                            const pleats_drawn_point *drawn, bool *is_inside)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = d->pass->net;
    pleats_exact_forms forms = {0};
    const int lane = drawn->lane;
    bool trusts_zeros = true;
    *is_inside = true;
    TRY(pleats_points_line(ctx, d->points, drawn, &d->line));
    for (pleats_idx u = 0; u < net->n_units; u++)
        d->piece[u] = pleats_pass_piece(d->pass, lanes, u, lane);
    TRY(pleats_exact_forms_init(ctx, &forms, net, &d->line, d->piece));
    for (pleats_idx k = 0; k < net->n_steps && *is_inside; k++) {
        const pleats_step *s = &net->step[k];
        if (pleats_step_is_affine(s))
            continue;
        for (pleats_idx i = 0; i < s->n_out && *is_inside; i++) {
            if (!pleats_pass_is_near(d->pass, s, i, lanes, lane, trusts_zeros))
                continue;
            trusts_zeros = false;
            TRY(decide_unit(ctx, d, &forms, s, i, is_inside));
            pleats_pass_set_piece(d->pass, lanes, s->first_unit + i, lane,
                                  d->piece[s->first_unit + i]);
        }
    }
done:
    pleats_exact_forms_clear(ctx, &forms);
    return status;
}
