#include "onnx/jump_lines.h"

#include <math.h>

/* Only what is constant between jumps can be asked for its truth, divided by,
 * cast to an integer. */
static pleats_status need_flat(const pleats_call *c, int n,
                               const pleats_line *line)
{
    for (int k = 0; k < n; k++)
        if (line[k].slope != 0)
            return pleats_fail(c->ctx, PLEATS_INVALID,
                               "input %d is not constant between its jumps", k);
    return PLEATS_OK;
}

pleats_status pleats_lines_add(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out)
{
    *out = (pleats_line){0, 0};
    for (int k = 0; k < n; k++) {
        out->slope = pleats_call_add(c, out->slope, line[k].slope);
        out->intercept = pleats_call_add(c, out->intercept, line[k].intercept);
    }
    return PLEATS_OK;
}

static pleats_line scale(const pleats_call *c, const pleats_line *line,
                         pleats_number factor)
{
    return (pleats_line){pleats_call_mul(c, line->slope, factor),
                         pleats_call_mul(c, line->intercept, factor)};
}

pleats_status pleats_lines_negate(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out)
{
    (void)n;
    *out = scale(c, line, -1);
    return PLEATS_OK;
}

pleats_status pleats_lines_subtract(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out)
{
    const pleats_line both[2] = {line[0], scale(c, &line[1], -1)};
    (void)n;
    return pleats_lines_add(c, 2, both, out);
}

pleats_status pleats_lines_multiply(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out)
{
    (void)n;
    if (line[0].slope != 0 && line[1].slope != 0)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "a product of two variables is not piecewise "
                           "linear");
    *out = line[0].slope != 0 ? scale(c, &line[0], line[1].intercept)
                              : scale(c, &line[1], line[0].intercept);
    return PLEATS_OK;
}

pleats_status pleats_lines_divide(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out)
{
    pleats_status status = need_flat(c, n - 1, line + 1);
    if (status == PLEATS_OK && line[1].intercept == 0)
        return pleats_fail(c->ctx, PLEATS_INVALID, "it divides by 0");
    if (status == PLEATS_OK)
        *out = (pleats_line){
            pleats_call_div(c, line[0].slope, line[1].intercept),
            pleats_call_div(c, line[0].intercept, line[1].intercept)};
    return status;
}

/* A truth table over how many of the n are not 0. */
static pleats_status truth_of(const pleats_call *c, int n,
                              const pleats_line *line, unsigned table,
                              pleats_line *out)
{
    int count = 0;
    for (int k = 0; k < n; k++)
        count += line[k].intercept != 0;
    *out = (pleats_line){0, table >> count & 1};
    return need_flat(c, n, line);
}

pleats_status pleats_lines_and(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out)
{
    return truth_of(c, n, line, 4, out);
}

pleats_status pleats_lines_or(const pleats_call *c, int n,
                              const pleats_line *line, pleats_line *out)
{
    return truth_of(c, n, line, 6, out);
}

pleats_status pleats_lines_xor(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out)
{
    return truth_of(c, n, line, 2, out);
}

pleats_status pleats_lines_not(const pleats_call *c, int n,
                               const pleats_line *line, pleats_line *out)
{
    return truth_of(c, n, line, 1, out);
}

pleats_status pleats_lines_truncate(const pleats_call *c, int n,
                                    const pleats_line *line, pleats_line *out)
{
    if (pleats_number_is_rational(line[0].intercept))
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "a value that is no double is cast to an integer");
    *out = (pleats_line){0, trunc(line[0].intercept)};
    return need_flat(c, n, line);
}

pleats_status pleats_lines_choose(const pleats_call *c, int n,
                                  const pleats_line *line, pleats_line *out)
{
    (void)n;
    *out = line[0].intercept != 0 ? line[1] : line[2];
    return need_flat(c, 1, line);
}
