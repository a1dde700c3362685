#include "onnx/piecewise.h"

#include "base/text.h"
#include "onnx/jump_lines.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_BACK = 16, MAX_ARGUMENTS = 3 };

/* The line's value at t. */
static pleats_number value_at(const pleats_call *c, const pleats_line *line,
                              pleats_number t)
{
    return pleats_call_add(c, pleats_call_mul(c, line->slope, t),
                           line->intercept);
}

static bool same_line(const pleats_call *c, const pleats_line *a,
                      const pleats_line *b)
{
    return pleats_call_compare(c, a->slope, b->slope) == 0 &&
           pleats_call_compare(c, a->intercept, b->intercept) == 0;
}

static bool same(const pleats_call *c, const pleats_piecewise *a,
                 const pleats_piecewise *b)
{
    bool equal = a->n == b->n;
    for (int i = 0; equal && i < a->n; i++)
        equal = pleats_call_compare(c, a->at[i], b->at[i]) == 0;
    for (int i = 0; equal && i <= 2 * a->n; i++)
        equal = same_line(c, &a->piece[i], &b->piece[i]);
    return equal;
}

void pleats_jumps_clear(pleats_ctx *ctx, pleats_jumps *jumps)
{
    pleats_release(ctx, jumps->f);
    *jumps = (pleats_jumps){0};
}

static pleats_status append(const pleats_call *c, const pleats_piecewise *f)
{
    pleats_status status = PLEATS_OK;
    pleats_jumps *all = c->jumps;
    TRY(pleats_grow(c->ctx, &all->f, &all->capacity, (size_t)all->n + 1,
                    sizeof *all->f));
    all->f[all->n++] = *f;
done:
    return status;
}

pleats_status pleats_jumps_add(const pleats_call *c, const pleats_piecewise *f,
                               pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_piecewise zero = {0};
    const pleats_jumps *all = c->jumps;
    if (all->n == 0)
        TRY(append(c, &zero));
    *out = 0;
    if (same(c, f, &all->f[0]))
        return PLEATS_OK;
    for (*out = all->n - 1; *out > 0 && *out >= all->n - LOOK_BACK; --*out)
        if (same(c, f, &all->f[*out]))
            return PLEATS_OK;
    TRY(append(c, f));
    *out = all->n - 1;
done:
    return status;
}

void pleats_piecewise_line(pleats_number slope, pleats_number intercept,
                           pleats_piecewise *out)
{
    out->n = 0;
    out->piece[0] = (pleats_line){slope, intercept};
}

void pleats_piecewise_step(pleats_number at, const pleats_number value[3],
                           pleats_piecewise *out)
{
    out->n = 1;
    out->at[0] = at;
    for (int i = 0; i < 3; i++)
        out->piece[i] = (pleats_line){0, value[i]};
}

bool pleats_piecewise_of_pl(const pleats_pl *from, pleats_piecewise *out)
{
    if (from->n_breaks > PLEATS_MAX_JUMPS)
        return false;
    out->n = from->n_breaks;
    for (int i = 0; i <= out->n; i++)
        out->piece[2 * (size_t)i] =
            (pleats_line){from->slope[i], from->intercept[i]};
    for (int i = 0; i < out->n; i++) {
        out->at[i] = from->at[i];
        out->piece[2 * (size_t)i + 1] = out->piece[2 * (size_t)i];
    }
    return true;
}

/* Pieces 2 i + 1 become values; breakpoints where nothing changes go. */
static void tidy(const pleats_call *c, pleats_piecewise *f)
{
    int kept = 0;
    for (int i = 0; i < f->n; i++) {
        const pleats_line left = f->piece[2 * (size_t)kept],
                          *point = &f->piece[2 * (size_t)i + 1];
        const pleats_line right = f->piece[2 * (size_t)i + 2];
        pleats_number value = value_at(c, point, f->at[i]);
        if (same_line(c, &left, &right) &&
            pleats_call_compare(c, value, value_at(c, &left, f->at[i])) == 0)
            continue;
        f->at[kept] = f->at[i];
        f->piece[2 * (size_t)kept + 1] = (pleats_line){0, value};
        f->piece[2 * (size_t)kept + 2] = right;
        kept++;
    }
    f->n = kept;
}

static pleats_status too_many(const pleats_call *c)
{
    return pleats_fail(c->ctx, PLEATS_INVALID,
                       "a function with more than %d breakpoints made of "
                       "comparisons is not supported",
                       PLEATS_MAX_JUMPS);
}

/* The least breakpoint that comes next, from the next[k]-th of each. */
static bool next_break(const pleats_call *c, int n,
                       const pleats_piecewise *const *f, const int *next,
                       pleats_number *out)
{
    bool found = false;
    for (int k = 0; k < n; k++)
        if (next[k] < f[k]->n &&
            (!found || pleats_call_compare(c, f[k]->at[next[k]], *out) < 0)) {
            *out = f[k]->at[next[k]];
            found = true;
        }
    return found;
}

pleats_status pleats_piecewise_combine(const pleats_call *c, int n,
                                       const pleats_piecewise *const *f,
                                       pleats_line_fn fn, pleats_piecewise *out)
{
    pleats_status status = PLEATS_OK;
    pleats_piecewise made = {0};
    pleats_line line[MAX_ARGUMENTS] = {{0}};
    int next[MAX_ARGUMENTS] = {0};
    pleats_number t = 0;
    for (;;) {
        for (int k = 0; k < n; k++)
            line[k] = f[k]->piece[2 * (size_t)next[k]];
        TRY(fn(c, n, line, &made.piece[2 * (size_t)made.n]));
        if (!next_break(c, n, f, next, &t))
            break;
        if (made.n == PLEATS_MAX_JUMPS)
            TRY(too_many(c));
        for (int k = 0; k < n; k++) {
            bool breaks = next[k] < f[k]->n &&
                          pleats_call_compare(c, f[k]->at[next[k]], t) == 0;
            line[k] = (pleats_line){
                0, value_at(c, &f[k]->piece[2 * (size_t)next[k] + breaks], t)};
            next[k] += breaks;
        }
        made.at[made.n] = t;
        TRY(fn(c, n, line, &made.piece[2 * (size_t)made.n + 1]));
        made.n++;
    }
    tidy(c, &made);
    *out = made;
done:
    return status;
}

pleats_status pleats_piecewise_add(const pleats_call *c,
                                   const pleats_piecewise *a,
                                   pleats_number weight,
                                   const pleats_piecewise *b,
                                   pleats_piecewise *out)
{
    pleats_piecewise scaled = *b;
    for (int i = 0; i <= 2 * b->n; i++) {
        scaled.piece[i].slope = pleats_call_mul(c, weight, b->piece[i].slope);
        scaled.piece[i].intercept =
            pleats_call_mul(c, weight, b->piece[i].intercept);
    }
    return pleats_piecewise_combine(
        c, 2, (const pleats_piecewise *[]){a, &scaled}, pleats_lines_add, out);
}

/* The piece of f at the value v. */
static const pleats_line *piece_at(const pleats_call *c,
                                   const pleats_piecewise *f, pleats_number v)
{
    int i = 0;
    while (i < f->n && pleats_call_compare(c, f->at[i], v) < 0)
        i++;
    return &f->piece[2 * i +
                     (i < f->n && pleats_call_compare(c, f->at[i], v) == 0)];
}

/* A number between the breakpoints i - 1 and i of f. */
static pleats_number inside(const pleats_call *c, const pleats_piecewise *f,
                            int i)
{
    if (f->n == 0)
        return 0;
    if (i == 0)
        return pleats_call_add(c, f->at[0], -1);
    if (i == f->n)
        return pleats_call_add(c, f->at[i - 1], 1);
    return pleats_call_mul(c, 0.5, pleats_call_add(c, f->at[i - 1], f->at[i]));
}

/* The breakpoints of `outer` that `inner` meets between its breakpoints i - 1
 * and i, in their order, at the end of at [*n]. */
static pleats_status add_crossings(const pleats_call *c,
                                   const pleats_piecewise *outer,
                                   const pleats_piecewise *inner, int i,
                                   pleats_piecewise *made)
{
    const pleats_line *line = &inner->piece[2 * (size_t)i];
    int sign = pleats_call_compare(c, line->slope, 0);
    for (int j = 0; sign && j < outer->n; j++) {
        pleats_number v = outer->at[sign > 0 ? j : outer->n - 1 - j];
        pleats_number t = pleats_call_div(
            c, pleats_call_add(c, v, -line->intercept), line->slope);
        if ((i > 0 && pleats_call_compare(c, t, inner->at[i - 1]) <= 0) ||
            (i < inner->n && pleats_call_compare(c, t, inner->at[i]) >= 0))
            continue;
        if (made->n == PLEATS_MAX_JUMPS)
            return too_many(c);
        made->at[made->n++] = t;
    }
    return PLEATS_OK;
}

pleats_status pleats_piecewise_compose(const pleats_call *c,
                                       const pleats_piecewise *outer,
                                       const pleats_piecewise *inner,
                                       pleats_piecewise *out)
{
    pleats_status status = PLEATS_OK;
    pleats_piecewise made = {0};
    for (int i = 0; i <= inner->n; i++) {
        TRY(add_crossings(c, outer, inner, i, &made));
        if (i == inner->n)
            break;
        if (made.n == PLEATS_MAX_JUMPS)
            TRY(too_many(c));
        made.at[made.n++] = inner->at[i];
    }
    for (int i = 0; i <= 2 * made.n; i++) {
        pleats_number t = i % 2 ? made.at[i / 2] : inside(c, &made, i / 2);
        const pleats_line *in = piece_at(c, inner, t);
        const pleats_line *f = piece_at(c, outer, value_at(c, in, t));
        made.piece[i].slope = pleats_call_mul(c, f->slope, in->slope);
        made.piece[i].intercept = value_at(c, f, in->intercept);
    }
    tidy(c, &made);
    *out = made;
done:
    return status;
}

/* The limits at breakpoint i from the left and the right. */
static void limits(const pleats_call *c, const pleats_piecewise *f, int i,
                   pleats_number *left, pleats_number *right)
{
    *left = value_at(c, &f->piece[2 * (size_t)i], f->at[i]);
    *right = value_at(c, &f->piece[2 * (size_t)i + 2], f->at[i]);
}

int pleats_piecewise_jump(const pleats_call *c, const pleats_piecewise *f)
{
    for (int i = 0; i < f->n; i++) {
        pleats_number left = 0, right = 0,
                      value = f->piece[2 * (size_t)i + 1].intercept;
        limits(c, f, i, &left, &right);
        if (pleats_call_compare(c, left, value) != 0 ||
            pleats_call_compare(c, right, value) != 0)
            return i;
    }
    return -1;
}

const char *pleats_piecewise_text(const pleats_call *c,
                                  const pleats_piecewise *f, char *text)
{
    pleats_number left = 0, right = 0;
    int i = pleats_piecewise_jump(c, f);
    if (i < 0)
        return "is a comparison";
    limits(c, f, i, &left, &right);
    if (pleats_call_compare(c, left, right) == 0)
        right = f->piece[2 * (size_t)i + 1].intercept;
    pleats_format(text, PLEATS_JUMP_TEXT, "jumps from %g to %g at %g",
                  pleats_number_nearest(c->pool, left),
                  pleats_number_nearest(c->pool, right),
                  pleats_number_nearest(c->pool, f->at[i]));
    return text;
}
