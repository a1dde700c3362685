/* The path of a task as text. */
#include "cells/task.h"

pleats_status pleats_task_put_path(pleats_ctx *ctx, const pleats_task *task,
                                   pleats_text *t)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_text_put(ctx, t, "."));
    for (size_t i = 0; i < task->n; i++)
        TRY(pleats_text_put(ctx, t, task->child[i] < 10 ? "%d" : "(%d)",
                            task->child[i]));
done:
    return status;
}

pleats_status pleats_task_take_path(const pleats_lines *lines, char **at,
                                    pleats_task *task)
{
    pleats_status status = PLEATS_OK;
    uint64_t child = 0;
    task->n = 0;
    if (**at != '.')
        return pleats_lines_damaged(lines, "a path begins with a point");
    for (++*at; **at && **at != ' ';) {
        if (**at == '(') {
            ++*at;
            TRY(pleats_lines_take_whole(lines, at, ')', INT32_MAX, &child));
        } else if (**at >= '0' && **at <= '9') {
            child = (uint64_t)(*(*at)++ - '0');
        } else {
            TRY(pleats_lines_damaged(lines, "not a path"));
        }
        TRY(pleats_task_go(lines->ctx, task, (pleats_idx)child));
    }
done:
    return status;
}
