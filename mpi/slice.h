/* A slice: what a rank works at the tasks of one text, in a thread of its own,
 * so that the rank's first thread, which alone talks to the others, hears them
 * meanwhile. */
#ifndef PLEATS_MPI_SLICE_H
#define PLEATS_MPI_SLICE_H

#include "messages.h"

#include "pleats/work.h"

#include <pthread.h>

/* Heads of TAG_TASKS.  Above them: the milliseconds that the rank is to work at
 * the tasks of the text.  They have one tag, so that none overtakes another: a
 * rank that is to put down what it has just sent back takes no notice. */
enum { TASKS_PUT_DOWN = -1, TASKS_NO_MORE = 0 };

/* Heads of TAG_FOUND.  The text is what was found and what is left, or says why
 * there is none. */
enum {
    FOUND_SOMETHING,
    FOUND_NOTHING, /* the slice was too short for a single step */
    FOUND_LIMIT,   /* memory was too little for the tasks */
    FOUND_FAILURE
};

/* Room for one slice after the other.  Set ctx and work, which are the
 * thread's own while a slice runs, before slice_init. */
typedef struct {
    pleats_ctx *ctx;
    pleats_work *work;
    const message *tasks;
    char *text; /* found and left; of the work */
    message found;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock;
    pthread_cond_t over;
    bool is_over; /* under the lock */
    int ends;     /* somebody asks for the end; atomic */
} slice;

void slice_init(slice *s);
/* Not while one runs. */
void slice_clear(slice *s);

/* Begins to work at `tasks`, of TAG_TASKS, which must stay.  A machine that
 * gives no thread is no failure: all of it is done before this returns. */
void slice_begin(slice *s, const message *tasks);

/* Waits so many seconds at most; whether the slice is over. */
bool slice_wait(slice *s, double seconds);

/* Asks it to end soon. */
void slice_stop(slice *s);

/* Waits for the end.  What there is to tell, of TAG_FOUND: it is the slice's
 * own, until the next one begins. */
const message *slice_found(slice *s);

#endif
