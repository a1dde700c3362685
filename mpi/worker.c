#include "worker.h"

#include <stdlib.h>

static const double PAUSE = 2e-3; /* seconds between two looks at messages */

static void work(slice *s, const message *tasks, int *wanted)
{
    slice_begin(s, tasks);
    while (!slice_wait(s, PAUSE)) {
        if (__atomic_load_n(wanted, __ATOMIC_RELAXED))
            slice_stop(s);
        if (message_is_there(TAG_TASKS)) {
            message put_down;
            message_receive(0, TAG_TASKS, &put_down);
            free(put_down.byte);
            slice_stop(s);
        }
    }
    message_send(slice_found(s), 0, TAG_FOUND);
    __atomic_store_n(wanted, 0, __ATOMIC_RELAXED);
}

void worker_serve(slice *s, int *wanted)
{
    message tasks;
    pleats_ctx_set_time_limit(s->ctx, 0);
    message_receive(0, TAG_TASKS, &tasks);
    while (tasks.head != TASKS_NO_MORE) {
        if (tasks.head > 0)
            work(s, &tasks, wanted);
        free(tasks.byte);
        message_receive(0, TAG_TASKS, &tasks);
    }
    free(tasks.byte);
}
