/* Blocks of pixels: to channels and back, from columns, cut and padded. */
#include "onnx/ops.h"
#include "onnx/pick.h"

/* Views x, its dims as in `split`, transposes it by `axis` and views it as
 * `shape`. */
static pleats_status rearrange(const pleats_call *c, const pleats_tensor *x,
                               const int64_t *split, const int *axis,
                               const int64_t *shape)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor parts = {0}, turned = {0};
    pleats_tensor_shape s = {0};
    TRY(pleats_shape_set(c->ctx, 6, split, &s));
    TRY(pleats_tensor_reshape(c->ctx, x, &s, &parts));
    TRY(pleats_tensor_transpose(c->ctx, &parts, axis, &turned));
    TRY(pleats_shape_set(c->ctx, 4, shape, &s));
    TRY(pleats_tensor_reshape(c->ctx, &turned, &s, c->out));
done:
    pleats_tensor_clear(c->ctx, &parts);
    pleats_tensor_clear(c->ctx, &turned);
    return status;
}

static pleats_status read_blocks(const pleats_call *c, const pleats_tensor **x,
                                 int64_t *size)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_call_need(c, 0, x));
    TRY(pleats_call_int(c, "blocksize", 0, size));
    if ((*x)->shape.rank != 4 || *size < 1 || *size > 1 << 12)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "it needs an input of 4 axes and a blocksize, not %d "
                        "axes and %lld",
                        (*x)->shape.rank, (long long)*size));
done:
    return status;
}

pleats_status pleats_op_depth_to_space(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    static const char *const modes[] = {"DCR", "CRD"};
    static const int dcr[] = {0, 3, 4, 1, 5, 2}, crd[] = {0, 1, 4, 2, 5, 3};
    const pleats_tensor *x = NULL;
    int64_t b = 0;
    int mode = 0;
    TRY(read_blocks(c, &x, &b));
    TRY(pleats_call_choose(c, "mode", "DCR", 2, modes, &mode));
    const int64_t *d = x->shape.dim;
    if (d[1] % (b * b))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%lld channels are no blocks of %lld x %lld",
                        (long long)d[1], (long long)b, (long long)b));
    int64_t channels = d[1] / (b * b);
    const int64_t depth_first[] = {d[0], b, b, channels, d[2], d[3]};
    const int64_t columns_first[] = {d[0], channels, b, b, d[2], d[3]};
    TRY(rearrange(c, x, mode ? columns_first : depth_first, mode ? crd : dcr,
                  (int64_t[]){d[0], channels, d[2] * b, d[3] * b}));
done:
    return status;
}

pleats_status pleats_op_space_to_depth(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    static const int axis[] = {0, 3, 5, 1, 2, 4};
    const pleats_tensor *x = NULL;
    int64_t b = 0;
    TRY(read_blocks(c, &x, &b));
    const int64_t *d = x->shape.dim;
    if (d[2] % b || d[3] % b)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "%lld x %lld pixels are no blocks of %lld x %lld",
                        (long long)d[2], (long long)d[3], (long long)b,
                        (long long)b));
    TRY(rearrange(c, x, (int64_t[]){d[0], d[1], d[2] / b, b, d[3] / b, b}, axis,
                  (int64_t[]){d[0], d[1] * b * b, d[2] / b, d[3] / b}));
done:
    return status;
}

/* The middle of each axis that is too long, zeros around one that is too
 * short. */
pleats_status pleats_op_center_crop_pad(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints sizes = {0}, axes = {0};
    pleats_selection s = {0};
    pleats_tensor_shape shape = {0};
    int64_t stride[PLEATS_MAX_RANK], first[PLEATS_MAX_RANK] = {0};
    const pleats_idx nothing = -1;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &sizes));
    TRY(pleats_call_ints(c, "axes", &axes));
    shape = x->shape;
    if (sizes.n != (axes.present ? axes.n : (size_t)shape.rank))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu sizes do not fit its axes",
                        sizes.n));
    for (size_t i = 0; i < sizes.n; i++) {
        int k = 0;
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i,
                        shape.rank, &k));
        if (sizes.v[i] < 0)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "a size of %lld",
                            (long long)sizes.v[i]));
        int64_t more = x->shape.dim[k] - sizes.v[i];
        shape.dim[k] = sizes.v[i];
        first[k] = more >= 0 ? more / 2 : -(-more / 2);
    }
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_selection_new(c->ctx, &shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < shape.rank; k++)
        for (int64_t j = 0; j < shape.dim[k]; j++) {
            int64_t at = first[k] + j;
            s.offset[k][j] =
                at < 0 || at >= x->shape.dim[k] ? -1 : at * stride[k];
        }
    TRY(pleats_tensor_select(
        c->ctx, x, &s, x->sort == PLEATS_TENSOR_VAR ? &nothing : NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}

/* The image that Col2Im sums columns into, axis by axis. */
typedef struct {
    size_t n;
    int64_t image[PLEATS_MAX_RANK], block[PLEATS_MAX_RANK];
    int64_t stride[PLEATS_MAX_RANK], dilation[PLEATS_MAX_RANK];
    int64_t lo[PLEATS_MAX_RANK], count[PLEATS_MAX_RANK]; /* of windows */
    int64_t area, blocks, windows;                       /* their products */
} columns;

/* Attribute `name` as [n] numbers of at least `least`, or all `otherwise`. */
static pleats_status axis_numbers(const pleats_call *c, const char *name,
                                  size_t n, int64_t least, int64_t otherwise,
                                  int64_t *out)
{
    pleats_status status = PLEATS_OK;
    pleats_ints list = {0};
    TRY(pleats_call_ints(c, name, &list));
    if (list.present && list.n != n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu %s for %zu axes", list.n,
                        name, n));
    for (size_t k = 0; k < n; k++) {
        out[k] = list.present ? list.v[k] : otherwise;
        if (out[k] < least || out[k] > PLEATS_MAX_ELEMENTS)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%s of %lld", name,
                            (long long)out[k]));
    }
done:
    return status;
}

static pleats_status read_columns(const pleats_call *c, columns *m)
{
    pleats_status status = PLEATS_OK;
    pleats_ints image = {0}, block = {0};
    pleats_tensor_shape shape = {0};
    int64_t pad[2 * PLEATS_MAX_RANK];
    TRY(pleats_call_list(c, 1, NULL, &image));
    TRY(pleats_call_list(c, 2, NULL, &block));
    m->n = image.n;
    if (image.n != block.n || image.n < 1 || image.n > PLEATS_MAX_RANK / 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "an image of %zu axes",
                        image.n));
    TRY(axis_numbers(c, "strides", m->n, 1, 1, m->stride));
    TRY(axis_numbers(c, "dilations", m->n, 1, 1, m->dilation));
    TRY(axis_numbers(c, "pads", 2 * m->n, 0, 0, pad));
    TRY(pleats_shape_set(c->ctx, image.n, image.v, &shape));
    m->area = shape.n;
    TRY(pleats_shape_set(c->ctx, block.n, block.v, &shape));
    m->blocks = shape.n;
    m->windows = 1;
    for (size_t k = 0; k < m->n; k++) {
        m->image[k] = image.v[k];
        m->block[k] = block.v[k];
        m->lo[k] = pad[k];
        int64_t room = image.v[k] + pad[k] + pad[m->n + k] -
                       m->dilation[k] * (block.v[k] - 1) - 1;
        if (room < 0 || block.v[k] < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a block larger than the image"));
        m->count[k] = room / m->stride[k] + 1;
        m->windows *= m->count[k];
    }
done:
    return status;
}

/* The pixel that entry `e` of a block comes to in window `w`, -1 outside. */
static int64_t pixel_of(const columns *m, int64_t e, int64_t w)
{
    int64_t pixel = 0, pace = 1;
    for (size_t k = m->n; k-- > 0;) {
        int64_t at = w % m->count[k] * m->stride[k] +
                     e % m->block[k] * m->dilation[k] - m->lo[k];
        if (at < 0 || at >= m->image[k])
            return -1;
        pixel += at * pace;
        pace *= m->image[k];
        w /= m->count[k];
        e /= m->block[k];
    }
    return pixel;
}

/* next[j]: another entry (block, window) of the same pixel; first [area]. */
static void chain_pixels(const columns *m, int64_t *first, int64_t *next)
{
    for (int64_t i = 0; i < m->area; i++)
        first[i] = -1;
    for (int64_t j = m->blocks * m->windows - 1; j >= 0; j--) {
        int64_t pixel = pixel_of(m, j / m->windows, j % m->windows);
        next[j] = pixel < 0 ? -1 : first[pixel];
        if (pixel >= 0)
            first[pixel] = j;
    }
}

pleats_status pleats_op_col2im(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    columns m = {0};
    pleats_terms rows = {0};
    pleats_tensor_shape shape = {0};
    int64_t dim[PLEATS_MAX_RANK], *first = NULL, *next = NULL, each = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_columns(c, &m));
    each = m.blocks * m.windows;
    if (x->shape.rank != 3 || m.blocks < 1 || x->shape.dim[1] % m.blocks ||
        x->shape.dim[2] != m.windows)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its columns do not fit %lld windows of %lld entries",
                        (long long)m.windows, (long long)m.blocks));
    dim[0] = x->shape.dim[0];
    dim[1] = x->shape.dim[1] / m.blocks;
    for (size_t k = 0; k < m.n; k++)
        dim[2 + k] = m.image[k];
    TRY(pleats_shape_set(c->ctx, 2 + m.n, dim, &shape));
    TRY(pleats_alloc(c->ctx, (size_t)m.area, sizeof *first, &first));
    TRY(pleats_alloc(c->ctx, (size_t)each, sizeof *next, &next));
    chain_pixels(&m, first, next);
    for (int64_t i = 0; i < shape.n; i++) {
        int64_t base = i / m.area * each;
        for (int64_t j = first[i % m.area]; j >= 0; j = next[j])
            TRY(pleats_terms_add(c, &rows, (pleats_idx)(base + j), 1));
        TRY(pleats_terms_end(c, &rows, 0, 1));
    }
    TRY(pleats_emit_rows(c, x, &rows, 0, &shape, c->out));
done:
    pleats_terms_clear(c->ctx, &rows);
    pleats_release(c->ctx, first);
    pleats_release(c->ctx, next);
    return status;
}
