#include "forms/columns.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <math.h>
#include <string.h>

enum {
    MOST_TERMS = 1 << 22,
    A_FEW = 8 /* one of so many units is added by its column, or has its form
                 set alone (measured) */
};

void pleats_columns_clear(pleats_ctx *ctx, pleats_columns *c)
{
    pleats_positions_clear(ctx, &c->positions);
    pleats_release(ctx, c->start);
    pleats_release(ctx, c->row);
    pleats_release(ctx, c->weight);
    pleats_release(ctx, c->bias);
    pleats_release(ctx, c->bias_size);
    *c = (pleats_columns){0};
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

/* Rows of a dense step's sums, with room up to a whole number of `eight`. */
static size_t padded_rows(const pleats_columns *c)
{
    return ((size_t)c->target->n_out + 7) / 8 * 8;
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
    size_t n = (size_t)c->units->n_out, rows = padded_rows(c);
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
    c->affine = s;
    c->target = target;
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
    const size_t n = (size_t)c->target->n_out;
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

size_t pleats_columns_size(const pleats_columns *c, const pleats_forms *f)
{
    return c->is_dense ? padded_rows(c) * ((size_t)f->k + 2)
                       : (size_t)c->target->n_out * f->stride;
}

pleats_form_sums pleats_columns_sums(const pleats_columns *c,
                                     const pleats_forms *f, const double *sum)
{
    return (pleats_form_sums){
        .first = c->target->out,
        .entry = sum,
        .row = c->is_dense ? 1 : f->stride,
        .column = c->is_dense ? padded_rows(c) : 1,
        .zero_is_exact = !c->has_tiny,
    };
}

/* Moves every sum within its bound. */
static void perturb(const pleats_columns *c, const pleats_forms *f, double *sum)
{
#if PLEATS_PERTURB
    const pleats_form_sums at = pleats_columns_sums(c, f, sum);
    const size_t width = (size_t)f->k + 1;
    for (pleats_idx i = 0; i < c->target->n_out; i++) {
        double *row = sum + (size_t)i * at.row;
        (void)pleats_perturb_form(PLEATS_PERTURB_SUM, i, width, row, at.column,
                                  row + width * at.column, 0);
    }
#else
    (void)c, (void)f, (void)sum;
#endif
}

/* row += the known terms of output i, entries `apart` from each other. */
static void add_known(const pleats_columns *c, const pleats_forms *f,
                      pleats_idx i, double *row, size_t apart)
{
    const pleats_step *s = c->target;
    const size_t bound = (size_t)f->k + 1;
    for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
        const double w = s->weight[j];
        if (s->in[j] >= c->units->out)
            continue;
        const double *form = pleats_forms_entry(f, s->in[j]);
        for (size_t e = 0; e < bound; e++)
            row[e * apart] += w * form[e];
        row[bound * apart] += fabs(w) * form[bound];
    }
}

/* To be inlined with `apart` known, the numbers from one output to the next. */
PLEATS_WITHIN void set_biases(const pleats_columns *c, double gamma, size_t n,
                              size_t apart, double *restrict constant,
                              double *restrict bound)
{
    for (size_t i = 0; i < n; i++) {
        constant[i * apart] = c->bias[i];
        bound[i * apart] = gamma * c->bias_size[i];
    }
}

/* The entry after the constant gathers sum |weight| (error + gamma magnitude)
 * + gamma |bias|, the bound of the sum's error. */
void pleats_columns_start(const pleats_columns *c, const pleats_forms *f,
                          double *sum)
{
    const pleats_form_sums to = pleats_columns_sums(c, f, sum);
    const size_t n = (size_t)c->target->n_out;
    double *constant = sum + (size_t)f->k * to.column;
    double *bound = constant + to.column;
    memset(sum, 0, pleats_columns_size(c, f) * sizeof *sum);
    if (c->is_dense)
        set_biases(c, f->gamma, n, 1, constant, bound);
    else
        set_biases(c, f->gamma, n, to.row, constant, bound);
    for (size_t i = 0; i < n && c->knows_forms; i++)
        add_known(c, f, (pleats_idx)i, sum + i * to.row, to.column);
}

/* sum[rows of the column, entries 4 part ..] += weight * form. */
PLEATS_WITHIN void add_column(const pleats_columns *c, pleats_idx unit,
                              const double *form, size_t stride,
                              const four_bits *mask, double *sum)
{
    const four part = *(const four *)form;
    for (size_t t = c->start[unit]; t < c->start[unit + 1]; t++) {
        const double w = c->weight[t];
        const four weight = {w, w, w, w};
        four *to = (four *)(sum + (size_t)c->row[t] * stride);
        *to += (four)((four_bits)weight & *mask) * part;
    }
}

/* Columns with gaps, one by one. */
PLEATS_WITHIN void add_sparse(const pleats_columns *c, const pleats_forms *f,
                              pleats_idx n, const pleats_idx *unit,
                              const pleats_idx *source, double *sum)
{
    const size_t bound = (size_t)f->k + 1, stride = f->stride;
    for (size_t j = 0; j < stride; j += 4) {
        const double *form = f->entry + j;
        four_bits mask = {-1, -1, -1, -1};
        if (j <= bound && bound < j + 4)
            mask[bound - j] = INT64_MAX;
        for (pleats_idx i = 0; i < n; i++)
            add_column(c, unit[i], form + (size_t)source[i] * stride, stride,
                       &mask, sum + j);
    }
}

/* An entry of n <= 8 whole columns: sum [padded rows] += |weight|, or weight,
 * times the entries `form` of their forms.  To be inlined with n known. */
PLEATS_WITHIN void add_entry(const pleats_columns *c, size_t n,
                             const double *const *weight, const double *form,
                             bool absolute, double *sum)
{
    const four_bits size = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    const size_t rows = padded_rows(c);
    for (size_t i = 0; i < rows; i += 8) {
        four t0 = *(const four *)(sum + i), t1 = *(const four *)(sum + i + 4);
        for (size_t u = 0; u < n; u++) {
            four w0 = *(const four *)(weight[u] + i);
            four w1 = *(const four *)(weight[u] + i + 4);
            if (absolute) {
                w0 = (four)((four_bits)w0 & size);
                w1 = (four)((four_bits)w1 & size);
            }
            t0 += w0 * form[u];
            t1 += w1 * form[u];
        }
        *(four *)(sum + i) = t0;
        *(four *)(sum + i + 4) = t1;
    }
}

PLEATS_WITHIN void add_whole(const pleats_columns *c, const pleats_forms *f,
                             size_t n, const pleats_idx *unit,
                             const pleats_idx *source, double *sum)
{
    const size_t rows = padded_rows(c), k = (size_t)f->k;
    const double *weight[8], *form[8];
    double entry[8];
    for (size_t u = 0; u < n; u++) {
        weight[u] = c->weight + (size_t)unit[u] * rows;
        form[u] = f->entry + (size_t)source[u] * f->stride;
    }
    for (size_t j = 0; j <= k + 1; j++, sum += rows) {
        for (size_t u = 0; u < n; u++)
            entry[u] = form[u][j];
        if (j <= k)
            add_entry(c, n, weight, entry, false, sum);
        else
            add_entry(c, n, weight, entry, true, sum);
    }
}

PLEATS_WITHIN void add_dense(const pleats_columns *c, const pleats_forms *f,
                             size_t n, const pleats_idx *unit,
                             const pleats_idx *source, double *sum)
{
    for (; n >= 8; n -= 8, unit += 8, source += 8)
        add_whole(c, f, 8, unit, source, sum);
    if (n >= 4) {
        add_whole(c, f, 4, unit, source, sum);
        n -= 4, unit += 4, source += 4;
    }
    if (n >= 2) {
        add_whole(c, f, 2, unit, source, sum);
        n -= 2, unit += 2, source += 2;
    }
    if (n > 0)
        add_whole(c, f, 1, unit, source, sum);
}

PLEATS_WIDE
static void add_columns(const pleats_columns *c, const pleats_forms *f,
                        pleats_idx n, const pleats_idx *unit,
                        const pleats_idx *source, double *sum)
{
    if (c->is_dense)
        add_dense(c, f, (size_t)n, unit, source, sum);
    else
        add_sparse(c, f, n, unit, source, sum);
}

void pleats_columns_add(const pleats_columns *c, const pleats_forms *f,
                        pleats_idx n, const pleats_idx *unit,
                        const pleats_idx *source, pleats_idx *place,
                        double *sum)
{
    if (c->positions.step && n >= c->units->n_out / A_FEW) {
        for (pleats_idx i = 0; i < c->units->n_out; i++)
            place[i] = -1;
        for (pleats_idx i = 0; i < n; i++)
            place[unit[i]] = source[i];
        pleats_positions_add(&c->positions, f, c->units->out, place, sum);
    } else {
        add_columns(c, f, n, unit, source, sum);
    }
    perturb(c, f, sum);
}

void pleats_columns_finish(const pleats_columns *c, pleats_forms *f,
                           const double *sum, pleats_idx n,
                           const pleats_idx *scalar)
{
    const pleats_form_sums sums = pleats_columns_sums(c, f, sum);
    const pleats_idx rows = c->target->n_out;
    if (!scalar)
        pleats_forms_set(f, rows, &sums, c->target->divisor);
    else if (f->k == 2 && c->is_dense && n >= rows / A_FEW && !PLEATS_PERTURB)
        pleats_forms_set_plane(f, rows, &sums);
    else
        pleats_forms_set_some(f, n, scalar, &sums);
}
