/* Texts of works between rank 0 and the others. */
#ifndef PLEATS_MPI_MESSAGES_H
#define PLEATS_MPI_MESSAGES_H

#include "pleats/work.h"

enum { TAG_TASKS = 1, TAG_FOUND };

/* A text of the context, or NULL. */
typedef struct {
    char *byte;
    size_t n;
} message;

void message_free(pleats_ctx *ctx, message *m);

/* Sends the text; an empty one says that there is no more work. */
void message_send(const message *m, int rank, int tag);

/* Waits for a text, from any rank where `rank` is MPI_ANY_SOURCE.  Returns the
 * sender.  `m` is a new one (malloc): free m->byte with free. */
int message_receive(int rank, int tag, message *m);

#endif
