#include "worker.h"

#include <stdlib.h>
#include <string.h>

pleats_status work_for(pleats_ctx *ctx, pleats_work *work, double seconds,
                       const int *wanted, uint64_t *regions)
{
    pleats_limits slice;
    pleats_count_result result = {0};
    pleats_init_limits(&slice);
    slice.seconds = seconds;
    slice.cancel = wanted;
    pleats_status status = pleats_work_run(ctx, work, &slice);
    if (status == PLEATS_OK)
        status = pleats_work_result(ctx, work, &result);
    if (status == PLEATS_OK && result.stopped == PLEATS_STOP_MEMORY)
        status = PLEATS_LIMIT;
    *regions = status == PLEATS_OK ? strtoull(result.regions, NULL, 10) : 0;
    pleats_count_result_clear(ctx, &result);
    return status;
}

/* What comes of one text: what was found, or why nothing was. */
static void answer(pleats_ctx *ctx, pleats_work *work, const message *tasks,
                   const int *wanted)
{
    message found = {0};
    char *text = NULL;
    uint64_t regions;
    pleats_work_clear(work);
    pleats_status status =
        pleats_work_add_text(ctx, work, tasks->byte, tasks->n);
    if (status == PLEATS_OK)
        status =
            work_for(ctx, work, (double)tasks->head / 1e3, wanted, &regions);
    if (status == PLEATS_OK)
        status = pleats_work_save(ctx, work, &text, &found.n);
    found.head = status;
    found.byte = text;
    if (status != PLEATS_OK) {
        found.byte = (char *)pleats_ctx_message(ctx);
        found.n = strlen(found.byte);
    }
    message_send(&found, 0, TAG_FOUND);
    pleats_work_text_free(ctx, text);
}

void worker_serve(pleats_ctx *ctx, pleats_work *work, int *wanted)
{
    message tasks;
    pleats_ctx_set_time_limit(ctx, 0);
    message_receive(0, TAG_TASKS, &tasks);
    while (tasks.head > 0) {
        answer(ctx, work, &tasks, wanted);
        __atomic_store_n(wanted, 0, __ATOMIC_RELAXED);
        free(tasks.byte);
        message_receive(0, TAG_TASKS, &tasks);
    }
    free(tasks.byte);
}
