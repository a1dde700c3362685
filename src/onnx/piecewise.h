/* Functions of one scalar that are affine between breakpoints and may jump at
 * them: what comparisons make, before a product or a choice makes a continuous
 * function of it.
 *
 * All arithmetic is exact (number.h). */
#ifndef PLEATS_ONNX_PIECEWISE_H
#define PLEATS_ONNX_PIECEWISE_H

#include "onnx/call.h"

enum { PLEATS_MAX_JUMPS = 16 };

/* slope * t + intercept */
typedef struct {
    pleats_number slope, intercept;
} pleats_line;

/* Below at[0] the function is piece[0], at at[0] it has the value of piece[1]
 * (whose slope is 0), between at[0] and at[1] it is piece[2], and so on.
 * No breakpoint could be left out. */
struct pleats_piecewise {
    int n;
    pleats_number at[PLEATS_MAX_JUMPS];          /* [n], increasing */
    pleats_line piece[2 * PLEATS_MAX_JUMPS + 1]; /* [2 n + 1] */
};

/* The functions of a translation's elements of sort JUMP; 0 is the constant
 * 0. */
struct pleats_jumps {
    pleats_idx n;
    size_t capacity;
    pleats_piecewise *f; /* [n] */
};
void pleats_jumps_clear(pleats_ctx *ctx, pleats_jumps *jumps);
/* The number of `f`, added when it is not among the last ones. */
PLEATS_NODISCARD pleats_status pleats_jumps_add(const pleats_call *c,
                                                const pleats_piecewise *f,
                                                pleats_idx *out);

void pleats_piecewise_line(pleats_number slope, pleats_number intercept,
                           pleats_piecewise *out);
/* Below, at and above `at`. */
void pleats_piecewise_step(pleats_number at, const pleats_number value[3],
                           pleats_piecewise *out);
/* A continuous function, when it has few enough breakpoints. */
bool pleats_piecewise_of_pl(const pleats_pl *from, pleats_piecewise *out);

static inline bool pleats_piecewise_is_const(const pleats_piecewise *f)
{
    return f->n == 0 && f->piece[0].slope == 0;
}

/* What becomes of n lines on an interval where none breaks. */
typedef pleats_status (*pleats_line_fn)(const pleats_call *c, int n,
                                        const pleats_line *line,
                                        pleats_line *out);
/* The same for n <= 3 functions. */
PLEATS_NODISCARD pleats_status pleats_piecewise_combine(
    const pleats_call *c, int n, const pleats_piecewise *const *f,
    pleats_line_fn fn, pleats_piecewise *out);
/* outer(inner(t)) */
PLEATS_NODISCARD pleats_status
pleats_piecewise_compose(const pleats_call *c, const pleats_piecewise *outer,
                         const pleats_piecewise *inner, pleats_piecewise *out);
/* a + weight * b */
PLEATS_NODISCARD pleats_status pleats_piecewise_add(const pleats_call *c,
                                                    const pleats_piecewise *a,
                                                    pleats_number weight,
                                                    const pleats_piecewise *b,
                                                    pleats_piecewise *out);

/* The first breakpoint at which the function jumps, or -1. */
int pleats_piecewise_jump(const pleats_call *c, const pleats_piecewise *f);
/* "jumps from 0 to 1 at 0.5" in `text`, which is returned. */
enum { PLEATS_JUMP_TEXT = 128 };
const char *pleats_piecewise_text(const pleats_call *c,
                                  const pleats_piecewise *f, char *text);

#endif
