/* What becomes of lines where none of them breaks: elementwise operators, one
 * piece at a time.  Each is a pleats_line_fn. */
#ifndef PLEATS_ONNX_JUMP_LINES_H
#define PLEATS_ONNX_JUMP_LINES_H

#include "onnx/piecewise.h"

pleats_status pleats_lines_add(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_subtract(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_multiply(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_divide(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_negate(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out);
/* Of lines that are constant; their truth is that they are not 0. */
pleats_status pleats_lines_and(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_or(const pleats_call *c, int n,
                              const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_xor(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_not(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out);
pleats_status pleats_lines_truncate(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out);
/* line[0], which is constant, ? line[1] : line[2] */
pleats_status pleats_lines_choose(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out);

#endif
