#include "onnx/batch.h"

enum { NO_ROW = -1, MIXED = -2 };

static pleats_idx meet(pleats_idx a, pleats_idx b)
{
    if (a == NO_ROW || a == b)
        return b;
    return b == NO_ROW ? a : MIXED;
}

/* The row that scalar i of the step depends on. */
static pleats_idx row_of(const pleats_step *s, pleats_idx i,
                         const pleats_idx *row, pleats_idx *scratch)
{
    pleats_idx found = NO_ROW;
    if (s->kind == PLEATS_STEP_PL)
        return row[s->in[i]];
    if (s->kind == PLEATS_STEP_MAX) {
        for (pleats_idx k = s->start[i]; k < s->start[i + 1]; k++)
            found = meet(found, row[s->in[k]]);
        return found;
    }
    pleats_row terms = pleats_step_row(s, i, scratch);
    for (pleats_idx k = 0; k < terms.n; k++)
        if (terms.in[k] >= 0)
            found = meet(found, row[terms.in[k]]);
    return found;
}

/* Whether no scalar depends on two rows; row [n_scalars] has those of the
 * inputs. */
static bool rows_are_apart(const pleats_net *net, pleats_idx *row,
                           pleats_idx *scratch)
{
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        for (pleats_idx i = 0; i < s->n_out; i++) {
            row[s->out + i] = row_of(s, i, row, scratch);
            if (row[s->out + i] == MIXED)
                return false;
        }
    }
    return true;
}

pleats_status pleats_remark_batch(pleats_ctx *ctx, const pleats_net *net,
                                  pleats_idx n,
                                  const pleats_tensor_shape *shape)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *row = NULL, *scratch = NULL, used = 0;
    int64_t batch = shape[0].rank > 1 ? shape[0].dim[0] : 1;
    for (pleats_idx i = 1; i < n; i++)
        if (shape[i].rank < 2 || shape[i].dim[0] != batch)
            batch = 1;
    if (batch < 2)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)net->n_scalars, sizeof *row, &row));
    TRY(pleats_alloc(ctx, (size_t)pleats_net_row_terms(net), sizeof *scratch,
                     &scratch));
    for (pleats_idx i = 0; i < n; i++)
        for (int64_t k = 0; k < shape[i].n; k++)
            row[used++] = (pleats_idx)(k / (shape[i].n / batch));
    if (rows_are_apart(net, row, scratch))
        TRY(pleats_remark(ctx,
                          "the input has %lld rows (the first axis), which are "
                          "counted jointly: a product over the rows; --shape "
                          "with 1 for that axis counts one row",
                          (long long)batch));
done:
    pleats_release(ctx, row);
    pleats_release(ctx, scratch);
    return status;
}
