#include "forms/columns.h"

#include <math.h>

enum { MOST_TERMS = 1 << 22 };

void pleats_columns_clear(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_positions_clear(ctx, &c->positions);
    pleats_release(ctx, c->start);
    pleats_release(ctx, c->row);
    pleats_release(ctx, c->weight);
    pleats_release(ctx, c->bias);
    pleats_release(ctx, c->bias_size);
    pleats_release(ctx, c->term);
    *c = (pleats_columns){0};
}

pleats_status pleats_noted_init(pleats_ctx *ctx, pleats_noted *noted,
                                const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)pleats_net_most_units(net);
    const size_t whole = (n + 7) / 8 * 8;
    const size_t words =
        (n + PLEATS_UNITS_OF_A_WORD - 1) / PLEATS_UNITS_OF_A_WORD;
    *noted = (pleats_noted){0};
    TRY(pleats_alloc(ctx, n, sizeof *noted->unit, &noted->unit));
    TRY(pleats_alloc(ctx, n, sizeof *noted->source, &noted->source));
    TRY(pleats_alloc(ctx, n, sizeof *noted->place, &noted->place));
    TRY(pleats_alloc(ctx, whole, sizeof *noted->term, &noted->term));
    TRY(pleats_alloc(ctx, whole, sizeof *noted->bound, &noted->bound));
    TRY(pleats_alloc(ctx, words, sizeof *noted->word, &noted->word));
done:
    return status;
}

void pleats_noted_clear(pleats_ctx *ctx, pleats_noted *noted)
{
    pleats_release(ctx, noted->unit);
    pleats_release(ctx, noted->source);
    pleats_release(ctx, noted->place);
    pleats_release(ctx, noted->term);
    pleats_release(ctx, noted->bound);
    pleats_release(ctx, noted->word);
    *noted = (pleats_noted){0};
}

static int64_t n_terms(const pleats_step *s)
{
    switch (s->kind) {
    case PLEATS_STEP_CONV:
        return (int64_t)s->n_out * s->n_taps;
    case PLEATS_STEP_DENSE:
        return (int64_t)s->n_out * s->n_in;
    default:
        return s->n_in;
    }
}

pleats_status pleats_find_readers(pleats_ctx *ctx, const pleats_net *net,
                                  bool for_outputs, pleats_idx *last)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *maker = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *maker, &maker));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        last[i] = -1;
        for (pleats_idx j = 0; j < s->n_in; j++)
            if (s->in[j] >= net->n_inputs)
                last[maker[s->in[j]]] = i;
        for (pleats_idx j = 0; j < s->n_out; j++)
            maker[s->out + j] = i;
        TRY(pleats_check_work(ctx, (size_t)s->n_in + (size_t)s->n_out));
    }
    for (pleats_idx i = 0; for_outputs && i < net->n_outputs; i++)
        if (net->output[i] >= net->n_inputs)
            last[maker[net->output[i]]] = net->n_steps;
done:
    pleats_release(ctx, maker);
    return status;
}

static bool reads_only(const pleats_step *s, const pleats_step *units)
{
    for (pleats_idx j = 0; j < s->n_in; j++)
        if (s->in[j] >= 0 &&
            (s->in[j] < units->out || s->in[j] >= units->out + units->n_out))
            return false;
    return true;
}

/* Terms of a row beside the sum: the forms' gamma has room for so many. */
enum { MOST_KNOWN = 2 };

/* Whether a step adds numbers, or scalars that are known before the units have
 * their pieces, to the scalars that `s` makes, one of these in each row. */
static bool adds_known(const pleats_step *add, const pleats_step *s,
                       const pleats_step *units)
{
    if (add->kind != PLEATS_STEP_SPARSE || add->divisor || s->divisor)
        return false;
    for (pleats_idx i = 0; i < add->n_out; i++) {
        pleats_idx own = 0, known = 0;
        for (pleats_idx j = add->start[i]; j < add->start[i + 1]; j++) {
            own += add->in[j] >= s->out && add->weight[j] == 1;
            known += add->in[j] < units->out;
        }
        if (own != 1 || known > MOST_KNOWN ||
            own + known != add->start[i + 1] - add->start[i])
            return false;
    }
    return true;
}

/* The row of `affine` behind output i of `target`. */
static pleats_idx source_of(const pleats_columns *c, pleats_idx i)
{
    if (c->target == c->affine)
        return i;
    pleats_idx j = c->target->start[i];
    while (c->target->in[j] < c->affine->out)
        j++;
    return c->target->in[j] - c->affine->out;
}

/* Goes through all terms that are not 0: counts them by unit in
 * start[unit + 1], or, with `fill`, puts them in their place. */
static void visit_terms(pleats_columns *c, pleats_idx *scratch, bool fill)
{
    for (pleats_idx i = 0; i < c->target->n_out; i++) {
        pleats_row row = pleats_step_row(c->affine, source_of(c, i), scratch);
        for (pleats_idx j = 0; j < row.n; j++) {
            if (row.in[j] < 0 || row.weight[j] == 0)
                continue;
            c->has_tiny = c->has_tiny || pleats_forms_is_tiny(row.weight[j]);
            size_t unit = (size_t)(row.in[j] - c->units->out);
            if (fill) {
                size_t place = c->start[unit]++;
                c->row[place] = i;
                c->weight[place] = row.weight[j];
            } else {
                c->start[unit + 1]++;
            }
        }
    }
}

static pleats_status take_sparse(pleats_ctx *ctx, pleats_columns *c,
                                 pleats_idx *scratch)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)c->units->n_out;
    TRY(pleats_alloc(ctx, n + 1, sizeof *c->start, &c->start));
    visit_terms(c, scratch, false);
    for (size_t i = 0; i < n; i++)
        c->start[i + 1] += c->start[i];
    TRY(pleats_alloc(ctx, c->start[n], sizeof *c->row, &c->row));
    TRY(pleats_alloc(ctx, c->start[n], sizeof *c->weight, &c->weight));
    visit_terms(c, scratch, true);
    for (size_t i = n; i > 0; i--)
        c->start[i] = c->start[i - 1];
    c->start[0] = 0;
done:
    return status;
}

static pleats_status take_dense(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_status status = PLEATS_OK;
    size_t n = (size_t)c->units->n_out, rows = pleats_columns_rows(c);
    TRY(pleats_alloc(ctx, n * rows, sizeof *c->weight, &c->weight));
    for (pleats_idx i = 0; i < c->target->n_out; i++) {
        const double *row = c->affine->weight + (size_t)source_of(c, i) * n;
        for (size_t u = 0; u < n; u++) {
            c->weight[u * rows + (size_t)i] = row[u];
            c->has_tiny = c->has_tiny || pleats_forms_is_tiny(row[u]);
        }
    }
done:
    return status;
}

/* Finds the affine step after `units` and the last one before the next units,
 * or the end; false when there are more, or other scalars come in. */
static bool find_steps(pleats_columns *c, const pleats_net *net,
                       const pleats_idx *last, pleats_idx units,
                       bool for_outputs)
{
    const pleats_step *end = net->step + net->n_steps;
    const pleats_step *u = &net->step[units], *s = u + 1, *target = s;
    if (s >= end || !pleats_step_is_affine(s) || n_terms(s) > MOST_TERMS ||
        !reads_only(s, u))
        return false;
    if (s + 1 < end && pleats_step_is_affine(s + 1) && adds_known(s + 1, s, u))
        target = s + 1;
    const bool is_last = target + 1 == end;
    if (is_last ? !for_outputs : pleats_step_is_affine(target + 1))
        return false;
    if (target != s && last[s - net->step] > target - net->step)
        return false;
    c->units = u;
    c->step = units;
    c->affine = s;
    c->target = target;
    c->rows = ((size_t)target->n_out + 7) / 8 * 8;
    c->is_private = !is_last && target[1].kind == PLEATS_STEP_PL &&
                    !target->divisor && reads_only(target + 1, target) &&
                    last[target - net->step] <= target + 1 - net->step;
    c->hides_units = last[units] <= s - net->step;
    return true;
}

static double bias_of(const pleats_step *s, pleats_idx i)
{
    if (!s->bias)
        return 0;
    return s->bias[s->kind == PLEATS_STEP_CONV ? i / s->positions : i];
}

/* The biases of the target, and those of the affine step, where these are
 * two. */
static pleats_status take_biases(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_status status = PLEATS_OK;
    const size_t n = pleats_columns_rows(c);
    TRY(pleats_alloc(ctx, n, sizeof *c->bias, &c->bias));
    TRY(pleats_alloc(ctx, n, sizeof *c->bias_size, &c->bias_size));
    for (pleats_idx i = 0; i < c->target->n_out; i++) {
        double bias[2] = {bias_of(c->target, i), 0};
        if (c->target != c->affine)
            bias[1] = bias_of(c->affine, source_of(c, i));
        c->bias[i] = bias[0] + bias[1];
        c->bias_size[i] = fabs(bias[0]) + fabs(bias[1]);
        c->has_tiny = c->has_tiny || pleats_forms_is_tiny(bias[0]) ||
                      pleats_forms_is_tiny(bias[1]);
    }
done:
    return status;
}

/* Looks at what the target adds that is known before the units have their
 * pieces. */
static void look_at_known(pleats_columns *c)
{
    const pleats_step *s = c->target;
    for (pleats_idx j = 0; s != c->affine && j < s->n_in; j++) {
        c->knows_forms = c->knows_forms || s->in[j] < c->units->out;
        c->has_tiny = c->has_tiny || pleats_forms_is_tiny(s->weight[j]);
    }
}

/* Looks at what the units are on their pieces. */
static void look_at_units(pleats_columns *c)
{
    c->is_plain = c->hides_units && pleats_step_is_plain(c->units);
    for (pleats_idx piece = 0; piece < 2 && c->is_plain; piece++) {
        c->adds[piece] = !pleats_pl_is_flat(&c->units->function[0], piece);
        c->passes[piece] = pleats_pl_passes(&c->units->function[0], piece);
    }
}

/* Whether the affine step is a matrix over all units, in their order. */
static bool is_whole(const pleats_columns *c)
{
    if (c->affine->kind != PLEATS_STEP_DENSE ||
        c->affine->n_in != c->units->n_out)
        return false;
    for (pleats_idx j = 0; j < c->affine->n_in; j++)
        if (c->affine->in[j] != c->units->out + j)
            return false;
    return true;
}

/* Whether output i of the target comes from row i of the affine step. */
static bool is_in_order(const pleats_columns *c)
{
    for (pleats_idx i = 0; i < c->target->n_out; i++)
        if (source_of(c, i) != i)
            return false;
    return c->target->n_out == c->affine->n_out;
}

pleats_status pleats_columns_init(pleats_ctx *ctx, pleats_columns *c,
                                  const pleats_net *net, const pleats_idx *last,
                                  pleats_idx units, bool for_outputs)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *scratch = NULL;
    *c = (pleats_columns){0};
    if (!find_steps(c, net, last, units, for_outputs))
        return PLEATS_OK;
    c->is_dense = is_whole(c);
    look_at_known(c);
    look_at_units(c);
    TRY(take_biases(ctx, c));
    TRY(pleats_alloc(ctx, (size_t)pleats_step_row_terms(c->affine),
                     sizeof *scratch, &scratch));
    TRY(pleats_check_work(ctx, 4 * (size_t)n_terms(c->affine)));
    if (c->is_dense)
        TRY(take_dense(ctx, c));
    else
        TRY(take_sparse(ctx, c, scratch));
    if (is_in_order(c))
        TRY(pleats_positions_init(ctx, &c->positions, c->affine));
done:
    pleats_release(ctx, scratch);
    return status;
}

/* The terms of the sums behind. */
static pleats_status take_terms(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *units = c->behind->units;
    const size_t rows = pleats_columns_rows(c->behind);
    TRY(pleats_alloc(ctx, ((size_t)units->n_out + 3) / 4 * 4, sizeof *c->term,
                     &c->term));
    c->is_in_order =
        units->n_out == c->target->n_out && units->function[0].at[0] == 0;
    for (pleats_idx i = 0; i < units->n_out; i++) {
        const pleats_idx sum = units->in[i] - c->target->out;
        c->term[i] = (pleats_column_term){(size_t)i * rows, (size_t)sum};
        c->is_in_order = c->is_in_order && sum == i;
    }
done:
    return status;
}

pleats_status pleats_columns_link(pleats_ctx *ctx, pleats_columns *c,
                                  const pleats_columns *behind)
{
    if (!c->is_private || !c->is_dense || !behind->is_dense ||
        !behind->is_plain)
        return PLEATS_OK;
    c->passing = behind->passes[1];
    if (!behind->passes[c->passing] || behind->adds[!c->passing])
        return PLEATS_OK;
    c->behind = behind;
    return take_terms(ctx, c);
}
