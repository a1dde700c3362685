/* pleats: into how many linear regions a piecewise-linear network cuts its
 * input space, exactly.
 *
 * Words.  An *activation region* is a non-empty open set of inputs on which
 * every unit keeps one piece.  *Affine pieces* are connected unions of regions
 * that share facets and on which the network function is one affine map;
 * *affine maps* are the distinct maps: regions >= pieces >= maps.  All are
 * counted on a *domain*.  *Exact* means decided over the rationals, with the
 * file's float32 or float64 parameters taken as the numbers that they are.
 *
 *     pleats_ctx *ctx = NULL;
 *     pleats_net *net = NULL;
 *     pleats_domain *box = NULL;
 *     pleats_count_result result = {0};
 *     if (pleats_ctx_new(NULL, &ctx) == PLEATS_OK &&
 *         pleats_net_load(ctx, "net.onnx", NULL, &net) == PLEATS_OK &&
 *         pleats_domain_box(ctx, net, "-1", "1", &box) == PLEATS_OK &&
 *         pleats_count(ctx, net, box, NULL, &result) == PLEATS_OK)
 *         puts(result.regions);
 *     else if (ctx)
 *         fputs(pleats_ctx_message(ctx), stderr);
 */
#ifndef PLEATS_PLEATS_H
#define PLEATS_PLEATS_H

#include "pleats/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PLEATS_VERSION "0.1.0"

/* ---- networks --------------------------------------------------------- */

typedef struct pleats_net pleats_net;

typedef struct {
    /* Symbolic axes of the input: all axes ("1,1,28,28"; of several inputs with
     * semicolons between them, "1,2;1,3") or by name ("H=28,W=28"); NULL: the
     * batch axis is 1, others are refused.  A batch axis that the file fixes
     * above 1 may be set to 1, which is remarked. */
    const char *shape;
    /* Skip the strictly monotone end of the network (Softmax, LogSoftmax,
     * Sigmoid, ArgMax, Tanh, Exp and the like, and what only renames or scales
     * after them), with a remark. */
    bool logits;
    /* The outputs to keep, by name or number ("scores", "0", "0,2"); NULL: all
     * of them, joined in the file's order. */
    const char *output;
} pleats_load_options;

/* Reads an ONNX file.  PLEATS_INVALID with a message that names every node
 * that is not piecewise linear.  `options` may be NULL. */
PLEATS_NODISCARD pleats_status pleats_net_load(
    pleats_ctx *ctx, const char *path, const pleats_load_options *options,
    pleats_give pleats_net **out);
void pleats_net_free(pleats_ctx *ctx, pleats_take pleats_net *net);

/* SHA-256 of the file, 64 hexadecimal digits. */
const char *pleats_net_sha256(const pleats_net *net);
int32_t pleats_net_n_inputs(const pleats_net *net);
int32_t pleats_net_n_outputs(const pleats_net *net);
int32_t pleats_net_n_units(const pleats_net *net);
/* Constants of the file that had to be rounded to double, once each, because
 * they are irrational (the root in a folded BatchNormalization, Exp, ...) or
 * have denominators that cannot be taken apart; the double is then the exact
 * parameter.  Everything that rational arithmetic defines is exact. */
int64_t pleats_net_n_rounded(const pleats_net *net);

/* One step of the network, or (index -1) its input.  Strings and `dims` are
 * lent by the network. */
typedef struct {
    const char *name;    /* the node's name in the file, "" when it has none */
    const char *op;      /* its operator; "Input" for the input */
    int32_t n_dims;      /* shape of its result, batch axis left out */
    const int64_t *dims; /* [n_dims] */
    int64_t parameters;  /* numbers that the file stores for it */
    int32_t units;       /* piecewise-linear units, 0 for an affine step */
    int32_t min_pieces, max_pieces; /* of a unit, 0 for an affine step */
} pleats_layer;

/* The input tensors of the file, which are joined in its order into one vector
 * of n_inputs numbers; what nothing reads is left out.  `*first`: the place of
 * tensor i in the vector. */
int32_t pleats_net_n_input_tensors(const pleats_net *net);
pleats_layer pleats_net_input_tensor(const pleats_net *net, int32_t index,
                                     int32_t *first);

int32_t pleats_net_n_layers(const pleats_net *net);
pleats_layer pleats_net_layer(const pleats_net *net, int32_t index);

/* Evaluates in doubles one input x [n_inputs] to y [n_outputs], row-major;
 * with `piece` [n_units] (may be NULL) the piece of every unit: the number of
 * breakpoints strictly below its input, or the index of the first winner.
 * PLEATS_INVALID when an output is not finite. */
PLEATS_NODISCARD pleats_status pleats_net_eval(pleats_ctx *ctx,
                                               const pleats_net *net,
                                               const double *x, double *y,
                                               int32_t *piece);

/* ---- data rows --------------------------------------------------------- */

typedef struct pleats_rows pleats_rows;

/* Input rows from array `x` of an .npz file (float32 or float64; first axis
 * is the row), or from a .json file: a list of rows, or an object with such a
 * list under "x"; nested lists are flattened.  Every row must have
 * n_inputs numbers. */
PLEATS_NODISCARD pleats_status pleats_rows_read(pleats_ctx *ctx,
                                                const char *path,
                                                int32_t n_inputs,
                                                pleats_give pleats_rows **out);
void pleats_rows_free(pleats_ctx *ctx, pleats_take pleats_rows *rows);
int64_t pleats_rows_count(const pleats_rows *rows);
/* Row i [n_inputs], lent. */
const double *pleats_rows_row(const pleats_rows *rows, int64_t i);

/* ---- domains ------------------------------------------------------------ */

typedef struct pleats_domain pleats_domain;

/* All constructors take the network that the domain is for.  Texts of numbers
 * are exact decimals or fractions ("-0.1", "1e-3", "1/3").  In JSON files a
 * number is the double that it reads as, a string is an exact number. */
PLEATS_NODISCARD pleats_status pleats_domain_all(
    pleats_ctx *ctx, const pleats_net *net, pleats_give pleats_domain **out);
/* The same interval for every input. */
PLEATS_NODISCARD pleats_status
pleats_domain_box(pleats_ctx *ctx, const pleats_net *net, const char *lo,
                  const char *hi, pleats_give pleats_domain **out);
/* {"lo": [..], "hi": [..]} */
PLEATS_NODISCARD pleats_status
pleats_domain_box_file(pleats_ctx *ctx, const pleats_net *net, const char *path,
                       pleats_give pleats_domain **out);
/* {"origin": [..], "u": [..], "v": [..], "box": [s0, s1, t0, t1]}; without
 * "box" the whole plane */
PLEATS_NODISCARD pleats_status
pleats_domain_plane_file(pleats_ctx *ctx, const pleats_net *net,
                         const char *path, pleats_give pleats_domain **out);
/* {"origin": [..], "u": [..], "range": [t0, t1]}; without "range" the whole
 * line */
PLEATS_NODISCARD pleats_status
pleats_domain_line_file(pleats_ctx *ctx, const pleats_net *net,
                        const char *path, pleats_give pleats_domain **out);
/* {"A": [[..]], "b": [..]}: A x <= b */
PLEATS_NODISCARD pleats_status
pleats_domain_polytope_file(pleats_ctx *ctx, const pleats_net *net,
                            const char *path, pleats_give pleats_domain **out);
/* The input constraints of a VNN-LIB 1.0 file. */
PLEATS_NODISCARD pleats_status
pleats_domain_vnnlib_file(pleats_ctx *ctx, const pleats_net *net,
                          const char *path, pleats_give pleats_domain **out);
/* Line (n = 2) or plane (n = 3) through data rows: the first is the origin,
 * the others end the directions; every coordinate in [lo, hi]. */
PLEATS_NODISCARD pleats_status pleats_domain_rows(
    pleats_ctx *ctx, const pleats_net *net, const pleats_rows *rows, int32_t n,
    const int64_t *index, const char *lo, const char *hi,
    pleats_give pleats_domain **out);
/* Inputs axis [n], n from 1 to 3, each in [lo, hi]; the others are as in a data
 * row. */
PLEATS_NODISCARD pleats_status pleats_domain_axes(
    pleats_ctx *ctx, const pleats_net *net, const pleats_rows *rows,
    int64_t index, int32_t n, const int32_t *axis, const char *lo,
    const char *hi, pleats_give pleats_domain **out);
/* Max-norm ball of radius eps about a data row. */
PLEATS_NODISCARD pleats_status pleats_domain_ball(
    pleats_ctx *ctx, const pleats_net *net, const pleats_rows *rows,
    int64_t index, const char *eps, pleats_give pleats_domain **out);
void pleats_domain_free(pleats_ctx *ctx, pleats_take pleats_domain *domain);

/* The domain in words: "box [-1, 1]^2", "R^3". */
const char *pleats_domain_text(const pleats_domain *domain);

/* ---- the count ----------------------------------------------------------- */

/* What a long count reports while it runs; `share` is the part of the search
 * tree that is done, 0 to 1. */
typedef void (*pleats_progress_fn)(void *state, uint64_t regions, double share);

/* How the cells on the way are held.  The answer does not depend on it. */
typedef enum {
    PLEATS_COUNT_AUTO,         /* by the dimension of the domain */
    PLEATS_COUNT_BY_VERTICES,  /* by their vertices: fast where these are few,
                                  in low dimensions */
    PLEATS_COUNT_BY_PROGRAMMES /* by linear programmes: any dimension */
} pleats_count_engine;

typedef struct {
    bool pieces, maps; /* count affine pieces and maps too; memory then grows
                          with the number of regions */
    bool paranoid;     /* decide everything by exact arithmetic */
    pleats_count_engine engine;
    int32_t threads;    /* at most so many work, the caller's among them; 0: as
                           many as there are processors; 1: none is started */
    double time_limit;  /* seconds, 0: none */
    uint64_t max_cells; /* stop after so many regions, 0: none */
    pleats_progress_fn progress; /* may be NULL; called a few times a second, in
                                    the caller's thread */
    void *progress_state;
} pleats_count_options;

typedef struct {
    char *regions, *pieces, *maps; /* decimal; NULL when not asked for */
    bool complete;       /* true: the counts are exact; false: lower bounds */
    const char *stopped; /* why not complete: "time limit", "cell limit",
                            "interrupt"; NULL when complete */
    int32_t dimension;   /* of the domain's (largest) part; -1 when it is empty
                            or, stopped before, not known yet */
    uint64_t by_bounds;  /* verdicts settled by rounding bounds */
    uint64_t by_exact;   /* verdicts settled by exact arithmetic */
    double seconds;
} pleats_count_result;

/* Counts activation regions (and pieces, maps) of the network on the domain.
 * A limit or cancel is no failure: PLEATS_OK with complete = false.
 * All that a complete count gives, but for `seconds`, is the same for any
 * number of threads.  Threads are started when there is work for them, and have
 * ended when this returns; with more than one, the context's allocator is
 * called from all of them, at the same time.
 * `options` may be NULL.  Clear the result in every case. */
PLEATS_NODISCARD pleats_status pleats_count(pleats_ctx *ctx,
                                            const pleats_net *net,
                                            const pleats_domain *domain,
                                            const pleats_count_options *options,
                                            pleats_count_result *out);
void pleats_count_result_clear(pleats_ctx *ctx, pleats_count_result *result);

#ifdef __cplusplus
}
#endif
#endif
