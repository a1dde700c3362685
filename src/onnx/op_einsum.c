/* Einsum with at most one variable operand: rows of terms. */
#include "onnx/ops.h"
#include "onnx/pick.h"

#include <string.h>

/* Labels are letters, and DOTS + k for axis k of the ellipsis counted from its
 * end. */
enum { DOTS = 128, N_LABELS = DOTS + PLEATS_MAX_RANK, MAX_OPERANDS = 16 };

typedef struct {
    int rank;
    int label[PLEATS_MAX_RANK];
    int dots; /* axes that the ellipsis stands for */
} subscript;

/* The operands' axes and the loop over all values of all labels: those of the
 * result first, then those that are summed over. */
typedef struct {
    pleats_idx n;
    subscript in[MAX_OPERANDS], out;
    int64_t size[N_LABELS]; /* 0: the label does not come */
    int n_loops;
    int loop[N_LABELS];
    int64_t step[MAX_OPERANDS][N_LABELS]; /* of operand k when label l steps */
} einsum;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One term like "ij...k", up to `end`; `rank`: of its operand, -1: unknown,
 * then the ellipsis has `dots` axes. */
static pleats_status read_term(const pleats_call *c, const char *text,
                               const char *end, int rank, int dots,
                               subscript *s)
{
    int letters = 0;
    bool has_dots = false;
    for (const char *p = text; p < end; p++)
        letters += is_letter(*p);
    s->dots = rank < 0 ? dots : rank - letters;
    for (const char *p = text; p < end; p++) {
        bool is_dots = end - p >= 3 && memcmp(p, "...", 3) == 0 && !has_dots;
        if (*p == ' ')
            continue;
        if (!is_dots && !is_letter(*p))
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "its equation is not understood");
        int more = is_dots ? s->dots : 1;
        if (more < 0 || s->rank + more > PLEATS_MAX_RANK)
            break;
        for (int k = 0; k < more; k++)
            s->label[s->rank++] = is_dots ? DOTS + more - 1 - k : *p;
        has_dots = has_dots || is_dots;
        p += is_dots ? 2 : 0;
    }
    if (s->dots < 0 || (rank >= 0 && s->rank != rank))
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "its equation does not fit an operand of %d axes",
                           rank);
    if (!has_dots)
        s->dots = 0;
    return PLEATS_OK;
}

/* The size of every label; axes of an ellipsis broadcast. */
static pleats_status size_labels(const pleats_call *c, einsum *e)
{
    for (pleats_idx k = 0; k < e->n; k++)
        for (int i = 0; i < e->in[k].rank; i++) {
            int64_t n = c->in[k]->shape.dim[i];
            int64_t *size = &e->size[e->in[k].label[i]];
            if (*size && *size != n && *size != 1 && n != 1)
                return pleats_fail(c->ctx, PLEATS_INVALID,
                                   "axes of sizes %lld and %lld have one label",
                                   (long long)*size, (long long)n);
            if (n == 0)
                return pleats_fail(c->ctx, PLEATS_INVALID,
                                   "an operand is empty");
            *size = *size > n ? *size : n;
        }
    return PLEATS_OK;
}

/* Without "->": the ellipsis, then the letters that come once, sorted. */
static void implicit_output(const einsum *e, subscript *out)
{
    int count[N_LABELS] = {0}, dots = 0;
    for (pleats_idx k = 0; k < e->n; k++) {
        dots = e->in[k].dots > dots ? e->in[k].dots : dots;
        for (int i = 0; i < e->in[k].rank; i++)
            count[e->in[k].label[i]]++;
    }
    for (int k = dots; k-- > 0;)
        out->label[out->rank++] = DOTS + k;
    for (int l = 0; l < DOTS; l++)
        if (count[l] == 1 && out->rank < PLEATS_MAX_RANK)
            out->label[out->rank++] = l;
}

static pleats_status read_equation(const pleats_call *c, const char *text,
                                   einsum *e)
{
    pleats_status status = PLEATS_OK;
    const char *arrow = strstr(text, "->");
    const char *end = arrow ? arrow : text + strlen(text), *p = text;
    int dots = 0;
    e->n = c->node->n_in;
    if (e->n > MAX_OPERANDS)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%d operands", e->n));
    for (pleats_idx k = 0; k < e->n; k++) {
        const pleats_tensor *t = NULL;
        const char *comma = memchr(p, ',', (size_t)(end - p));
        TRY(pleats_call_need(c, k, &t));
        if ((comma == NULL) != (k == e->n - 1))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its equation has another number of operands"));
        TRY(read_term(c, p, comma ? comma : end, t->shape.rank, 0, &e->in[k]));
        dots = e->in[k].dots > dots ? e->in[k].dots : dots;
        p = comma ? comma + 1 : end;
    }
    TRY(size_labels(c, e));
    if (arrow)
        TRY(read_term(c, arrow + 2, text + strlen(text), -1, dots, &e->out));
    else
        implicit_output(e, &e->out);
done:
    return status;
}

/* The result's shape, the loops and the steps. */
static pleats_status plan(const pleats_call *c, einsum *e,
                          pleats_tensor_shape *shape)
{
    pleats_status status = PLEATS_OK;
    bool seen[N_LABELS] = {0};
    int64_t dim[PLEATS_MAX_RANK], total = 1;
    for (int i = 0; i < e->out.rank; i++) {
        int l = e->out.label[i];
        if (seen[l] || !e->size[l])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a label of its result comes twice or nowhere"));
        seen[l] = true;
        dim[i] = e->size[l];
        e->loop[e->n_loops++] = l;
    }
    TRY(pleats_shape_set(c->ctx, (size_t)e->out.rank, dim, shape));
    for (int l = 0; l < N_LABELS; l++) {
        if (e->size[l] && !seen[l])
            e->loop[e->n_loops++] = l;
        if (e->size[l] && (total *= e->size[l]) > PLEATS_MAX_ELEMENTS)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "it has more than %lld terms",
                            (long long)PLEATS_MAX_ELEMENTS));
    }
    for (pleats_idx k = 0; k < e->n; k++) {
        int64_t stride[PLEATS_MAX_RANK];
        pleats_shape_strides(&c->in[k]->shape, stride);
        for (int i = 0; i < e->in[k].rank; i++)
            if (c->in[k]->shape.dim[i] > 1)
                e->step[k][e->in[k].label[i]] += stride[i];
    }
done:
    return status;
}

/* Adds the product of the operands at `at`: the constants' is the weight of
 * the element of operand `x`. */
static pleats_status add_product(const pleats_call *c, const einsum *e,
                                 pleats_idx x, const int64_t *at,
                                 pleats_terms *rows)
{
    pleats_number weight = 1;
    for (pleats_idx k = 0; k < e->n; k++)
        if (k != x)
            weight = pleats_call_mul(c, weight,
                                     pleats_call_real(c, c->in[k], at[k]));
    return pleats_terms_add(c, rows, (pleats_idx)at[x], weight);
}

/* Goes through all values of all labels, the last loop fastest. */
static pleats_status fill_rows(const pleats_call *c, const einsum *e,
                               pleats_idx x, pleats_terms *rows)
{
    pleats_status status = PLEATS_OK;
    int64_t count[N_LABELS] = {0}, at[MAX_OPERANDS] = {0};
    int l = 0;
    while (l >= 0) {
        TRY(add_product(c, e, x, at, rows));
        for (l = e->n_loops - 1; l >= 0; l--) {
            int label = e->loop[l];
            bool ends = ++count[l] == e->size[label];
            for (pleats_idx k = 0; k < e->n; k++)
                at[k] += (ends ? 1 - e->size[label] : 1) * e->step[k][label];
            if (!ends)
                break;
            count[l] = 0;
        }
        if (l < e->out.rank)
            TRY(pleats_terms_end(c, rows, 0, 1));
    }
done:
    return status;
}

pleats_status pleats_op_einsum(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const Onnx__AttributeProto *a =
        pleats_node_attribute(c->graph, c->node, "equation");
    einsum *e = NULL;
    char *text = NULL;
    pleats_terms rows = {0};
    pleats_tensor_shape shape = {0};
    pleats_idx x = 0;
    int n_variable = 0;
    int64_t n_parameters = 0;
    if (!a || !a->has_s)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has no equation"));
    TRY(pleats_alloc(c->ctx, a->s.len + 1, 1, &text));
    memcpy(text, a->s.data, a->s.len);
    TRY(pleats_alloc(c->ctx, 1, sizeof *e, &e));
    TRY(read_equation(c, text, e));
    TRY(plan(c, e, &shape));
    for (pleats_idx k = 0; k < e->n; k++)
        if (c->in[k]->sort == PLEATS_TENSOR_VAR) {
            n_variable++;
            x = k;
        } else {
            n_parameters += c->in[k]->shape.n;
        }
    if (n_variable > 1)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "Einsum of two variable tensors is not piecewise "
                        "linear"));
    TRY(fill_rows(c, e, x, &rows));
    TRY(pleats_emit_rows(c, c->in[x], &rows, n_parameters, &shape, c->out));
done:
    pleats_release(c->ctx, e);
    pleats_release(c->ctx, text);
    pleats_terms_clear(c->ctx, &rows);
    return status;
}
