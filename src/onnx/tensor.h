/* Tensors while a file is being read: a shape and, for every element, an
 * integer, a real constant or a scalar of the network. */
#ifndef PLEATS_ONNX_TENSOR_H
#define PLEATS_ONNX_TENSOR_H

#include "net/net.h"

enum { PLEATS_MAX_RANK = 16, PLEATS_SHAPE_TEXT = 256 };

/* No tensor has more elements than PLEATS_MAX_ELEMENTS, which is 256 MiB of
 * doubles.  Those of a model together have no more than PLEATS_MAX_ALL_ELEMENTS
 * and PLEATS_ELEMENTS_FOR_STORED for each one that its file really holds, so
 * that a small file cannot ask for much; a large one is limited by the
 * context's memory. */
#define PLEATS_MAX_ELEMENTS ((int64_t)1 << 25)
#define PLEATS_MAX_ALL_ELEMENTS ((int64_t)1 << 26)
#define PLEATS_ELEMENTS_FOR_STORED 16

typedef struct {
    int rank;
    int64_t dim[PLEATS_MAX_RANK]; /* [rank], none negative */
    int64_t n;                    /* their product */
} pleats_tensor_shape;

/* Checks rank, signs and the number of elements. */
PLEATS_NODISCARD pleats_status pleats_shape_set(pleats_ctx *ctx, size_t rank,
                                                const int64_t *dim,
                                                pleats_tensor_shape *out);
/* stride[k]: how far apart neighbours along axis k are, row-major. */
void pleats_shape_strides(const pleats_tensor_shape *shape, int64_t *stride);
/* The shape that `a` and `b` broadcast to. */
PLEATS_NODISCARD pleats_status
pleats_shape_broadcast(pleats_ctx *ctx, const pleats_tensor_shape *a,
                       const pleats_tensor_shape *b, pleats_tensor_shape *out);
bool pleats_shape_equal(const pleats_tensor_shape *a,
                        const pleats_tensor_shape *b);
/* "[1, 3, 8, 8]" in `text` [PLEATS_SHAPE_TEXT], which is returned. */
const char *pleats_shape_text(const pleats_tensor_shape *shape, char *text);
/* `axis` counted from the end when negative; refused outside 0 .. rank-1. */
PLEATS_NODISCARD pleats_status pleats_axis(pleats_ctx *ctx, int64_t axis,
                                           int rank, int *out);

typedef enum {
    PLEATS_TENSOR_NONE, /* not computed, because something before it failed */
    PLEATS_TENSOR_INT,
    PLEATS_TENSOR_REAL,
    PLEATS_TENSOR_VAR,
    PLEATS_TENSOR_JUMP,    /* like VAR, before it is known to be continuous */
    PLEATS_TENSOR_SEQUENCE /* a list of tensors: sequence operators only */
} pleats_tensor_sort;

/* An element that may jump: a function, by its number in the call's `jumps`,
 * of the scalar `on`, and the graph's node whose comparison it came from.  All
 * bytes 0: the constant 0. */
typedef struct {
    pleats_idx on, function, origin;
} pleats_jump;

typedef struct pleats_tensor pleats_tensor;
struct pleats_tensor {
    pleats_tensor_sort sort;
    pleats_tensor_shape shape;
    union { /* [shape.n], row-major */
        void *data;
        int64_t *integer;
        double *real;       /* numbers: see number.h */
        pleats_idx *scalar; /* -1 is the constant 0 */
        pleats_jump *jump;
        pleats_tensor *element; /* owned */
    };
};

static inline bool pleats_tensor_is_const(const pleats_tensor *t)
{
    return t->sort == PLEATS_TENSOR_INT || t->sort == PLEATS_TENSOR_REAL;
}

/* An entry of padding that a maximum leaves out: minus infinity.  It is found
 * only in tensors that nothing but maxima read. */
#define PLEATS_SCALAR_LOWEST (-2)

/* Elements are zeroed. */
PLEATS_NODISCARD pleats_status
pleats_tensor_new(pleats_ctx *ctx, pleats_tensor_sort sort,
                  const pleats_tensor_shape *shape, pleats_tensor *out);
void pleats_tensor_clear(pleats_ctx *ctx, pleats_tensor *t);
/* A copy of `t` with another shape of as many elements. */
PLEATS_NODISCARD pleats_status
pleats_tensor_reshape(pleats_ctx *ctx, const pleats_tensor *t,
                      const pleats_tensor_shape *shape, pleats_tensor *out);
/* Element i of a constant tensor as a number; an integer beyond 2^53 is rounded
 * (pleats_call_real rounds none). */
double pleats_tensor_real(const pleats_tensor *t, int64_t i);

/* A choice of elements, axis by axis: element (i_0, i_1, ...) of the result is
 * the one at offset[0][i_0] + offset[1][i_1] + ... of the source, or the fill
 * when one of them is -1. */
typedef struct {
    pleats_tensor_shape shape;
    int64_t *offset[PLEATS_MAX_RANK]; /* [shape.dim[k]] each */
} pleats_selection;

/* All offsets are 0. */
PLEATS_NODISCARD pleats_status pleats_selection_new(
    pleats_ctx *ctx, const pleats_tensor_shape *shape, pleats_selection *out);
void pleats_selection_clear(pleats_ctx *ctx, pleats_selection *s);
/* offset[k][j] = first + j * step */
void pleats_selection_ramp(pleats_selection *s, int k, int64_t first,
                           int64_t step);
/* `fill` is one element of t's sort; NULL: zero bytes. */
PLEATS_NODISCARD pleats_status pleats_tensor_select(pleats_ctx *ctx,
                                                    const pleats_tensor *t,
                                                    const pleats_selection *s,
                                                    const void *fill,
                                                    pleats_tensor *out);
/* `t` repeated along the axes that `shape` has more of. */
PLEATS_NODISCARD pleats_status
pleats_tensor_expand(pleats_ctx *ctx, const pleats_tensor *t,
                     const pleats_tensor_shape *shape, pleats_tensor *out);
/* Axis k of the result is axis axis[k] of `t`; axis [t->shape.rank]. */
PLEATS_NODISCARD pleats_status pleats_tensor_transpose(pleats_ctx *ctx,
                                                       const pleats_tensor *t,
                                                       const int *axis,
                                                       pleats_tensor *out);

#endif
