/* Scatter, ScatterElements and ScatterND: updates at constant places. */
#include "onnx/ops.h"
#include "onnx/pick.h"

typedef enum { REPLACE, ADD, MULTIPLY, MAXIMUM, MINIMUM, N_REDUCTIONS } kind;

/* Update j goes to element place[j] of the data; the entries of one element
 * are chained, the last one first: first [data.n], next [n], -1: none. */
typedef struct {
    const pleats_tensor *data, *updates;
    kind how;
    int64_t *place, *first, *next;
    pleats_tensor all; /* the data, then the updates */
} scattering;

static pleats_status begin(const pleats_call *c, scattering *s)
{
    pleats_status status = PLEATS_OK;
    static const char *const kinds[] = {"none", "add", "mul", "max", "min"};
    int how = 0;
    TRY(pleats_call_need(c, 0, &s->data));
    TRY(pleats_call_need(c, 2, &s->updates));
    TRY(pleats_call_choose(c, "reduction", "none", N_REDUCTIONS, kinds, &how));
    s->how = (kind)how;
    TRY(pleats_alloc(c->ctx, (size_t)s->updates->shape.n, sizeof *s->place,
                     &s->place));
done:
    return status;
}

static void clear(const pleats_call *c, scattering *s)
{
    pleats_release(c->ctx, s->place);
    pleats_release(c->ctx, s->first);
    pleats_release(c->ctx, s->next);
    pleats_tensor_clear(c->ctx, &s->all);
}

static pleats_status replace(const pleats_call *c, const scattering *s)
{
    pleats_status status = PLEATS_OK;
    int64_t *from = NULL, n = s->data->shape.n;
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *from, &from));
    for (int64_t i = 0; i < n; i++)
        from[i] = s->first[i] < 0 ? i : n + s->first[i];
    TRY(pleats_tensor_pick(c->ctx, &s->all, from, &s->data->shape, c->out));
done:
    pleats_release(c->ctx, from);
    return status;
}

static pleats_status add(const pleats_call *c, const scattering *s)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    int64_t n = s->data->shape.n;
    for (int64_t i = 0; i < n; i++) {
        TRY(pleats_terms_add(c, &rows, (pleats_idx)i, 1));
        for (int64_t j = s->first[i]; j >= 0; j = s->next[j])
            TRY(pleats_terms_add(c, &rows, (pleats_idx)(n + j), 1));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    TRY(pleats_emit_rows(c, &s->all, &rows, 0, &s->data->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

static pleats_status multiply(const pleats_call *c, const scattering *s)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    if (!pleats_tensor_is_const(s->updates))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "a product with variable updates"));
    for (int64_t i = 0; i < s->data->shape.n; i++) {
        pleats_number factor = 1;
        for (int64_t j = s->first[i]; j >= 0; j = s->next[j])
            factor =
                pleats_call_mul(c, factor, pleats_call_real(c, s->updates, j));
        TRY(pleats_terms_add(c, &rows, (pleats_idx)i, factor));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    TRY(pleats_emit_rows(c, s->data, &rows, s->updates->shape.n,
                         &s->data->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

/* The largest or least of constants, by place. */
static pleats_status constant_extremum(const pleats_call *c,
                                       const scattering *s)
{
    pleats_status status = PLEATS_OK;
    int64_t *from = NULL, n = s->data->shape.n;
    int better = s->how == MINIMUM ? -1 : 1;
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *from, &from));
    for (int64_t i = 0; i < n; i++) {
        from[i] = i;
        for (int64_t j = s->first[i]; j >= 0; j = s->next[j])
            if (pleats_call_compare(c, pleats_call_real(c, &s->all, n + j),
                                    pleats_call_real(c, &s->all, from[i])) ==
                better)
                from[i] = n + j;
    }
    TRY(pleats_tensor_pick(c->ctx, &s->all, from, &s->data->shape, c->out));
done:
    pleats_release(c->ctx, from);
    return status;
}

/* Elements that no update reaches stay what they are. */
static pleats_status extremum(const pleats_call *c, const scattering *s)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    pleats_tensor scalars = {0}, out = {0};
    pleats_tensor_shape shape = {0};
    int64_t n = s->data->shape.n, used = 0;
    TRY(pleats_call_scalars(c, &s->all, false, &scalars));
    for (int64_t i = 0; i < n; i++) {
        if (s->first[i] < 0)
            continue;
        TRY(pleats_terms_add(c, &rows, scalars.scalar[i], 1));
        for (int64_t j = s->first[i]; j >= 0; j = s->next[j])
            TRY(pleats_terms_add(c, &rows, scalars.scalar[n + j], 1));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    TRY(pleats_shape_set(c->ctx, 1, (int64_t[]){(int64_t)rows.n}, &shape));
    TRY(pleats_emit_max(c, &rows, s->how == MINIMUM, &shape, &out));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &s->data->shape, c->out));
    for (int64_t i = 0; i < n; i++)
        c->out->scalar[i] =
            s->first[i] < 0 ? scalars.scalar[i] : out.scalar[used++];
done:
    pleats_terms_clear(c->ctx, &rows);
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_tensor_clear(c->ctx, &out);
    return status;
}

static pleats_status finish(const pleats_call *c, scattering *s)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *const both[2] = {s->data, s->updates};
    int64_t n = s->data->shape.n;
    TRY(pleats_alloc(c->ctx, (size_t)n, sizeof *s->first, &s->first));
    TRY(pleats_alloc(c->ctx, (size_t)s->updates->shape.n, sizeof *s->next,
                     &s->next));
    TRY(pleats_call_join(c, 2, both, &s->all));
    for (int64_t i = 0; i < n; i++)
        s->first[i] = -1;
    for (int64_t j = 0; j < s->updates->shape.n; j++) {
        s->next[j] = s->first[s->place[j]];
        s->first[s->place[j]] = j;
    }
    if (s->how == REPLACE)
        TRY(replace(c, s));
    else if (s->how == ADD)
        TRY(add(c, s));
    else if (s->how == MULTIPLY)
        TRY(multiply(c, s));
    else if (pleats_tensor_is_const(&s->all))
        TRY(constant_extremum(c, s));
    else
        TRY(extremum(c, s));
done:
    return status;
}

pleats_status pleats_op_scatter_elements(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *index = NULL;
    scattering s = {0};
    int64_t axis = 0, at[PLEATS_MAX_RANK], stride[PLEATS_MAX_RANK];
    int k = 0;
    TRY(begin(c, &s));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    TRY(pleats_call_int(c, "axis", 0, &axis));
    TRY(pleats_axis(c->ctx, axis, s.data->shape.rank, &k));
    if (!pleats_shape_equal(&index->shape, &s.updates->shape) ||
        index->shape.rank != s.data->shape.rank)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its indices and updates differ in shape"));
    for (int i = 0; i < index->shape.rank; i++)
        if (i != k && index->shape.dim[i] > s.data->shape.dim[i])
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "its indices are longer than its data on axis %d",
                            i));
    pleats_shape_strides(&s.data->shape, stride);
    for (int64_t j = 0; j < index->shape.n; j++) {
        pleats_shape_coordinates(&index->shape, j, at);
        TRY(pleats_call_index(c, index->integer[j], s.data->shape.dim[k],
                              &at[k]));
        for (int i = 0; i < index->shape.rank; i++)
            s.place[j] += at[i] * stride[i];
    }
    TRY(finish(c, &s));
done:
    clear(c, &s);
    return status;
}

/* Checks that the updates have the indices' axes but the last, of size q, and
 * the data's axes from q on. */
static pleats_status check_nd(const pleats_call *c, const scattering *s,
                              const pleats_tensor_shape *index)
{
    const pleats_tensor_shape *x = &s->data->shape, *u = &s->updates->shape;
    int64_t q = index->rank ? index->dim[index->rank - 1] : 0;
    int outer = index->rank - 1;
    bool fits = q >= 1 && q <= x->rank && u->rank == outer + x->rank - (int)q;
    for (int k = 0; fits && k < u->rank; k++)
        fits = u->dim[k] ==
               (k < outer ? index->dim[k] : x->dim[k - outer + (int)q]);
    if (!fits)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "its data, indices and updates do not fit");
    return PLEATS_OK;
}

pleats_status pleats_op_scatter_nd(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *index = NULL;
    scattering s = {0};
    int64_t stride[PLEATS_MAX_RANK], q = 0, inner = 1;
    TRY(begin(c, &s));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_INT, &index));
    TRY(check_nd(c, &s, &index->shape));
    pleats_shape_strides(&s.data->shape, stride);
    q = index->shape.dim[index->shape.rank - 1];
    inner = stride[q - 1];
    for (int64_t i = 0; i < index->shape.n / q; i++) {
        int64_t base = 0, at = 0;
        for (int64_t j = 0; j < q; j++) {
            TRY(pleats_call_index(c, index->integer[i * q + j],
                                  s.data->shape.dim[j], &at));
            base += at * stride[j];
        }
        for (int64_t j = 0; j < inner; j++)
            if (i * inner + j < s.updates->shape.n)
                s.place[i * inner + j] = base + j;
    }
    TRY(finish(c, &s));
done:
    clear(c, &s);
    return status;
}
