/* Texts of works between rank 0 and the others. */
#ifndef PLEATS_MPI_MESSAGES_H
#define PLEATS_MPI_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TAG_TASKS = 1, TAG_FOUND };

typedef struct {
    int64_t head; /* what kind of message; both sides know */
    char *byte;   /* ended by a zero byte, which is not sent */
    size_t n;
} message;

/* Texts may be longer than what MPI sends at once. */
void message_send(const message *m, int rank, int tag);

/* Sends a head without a text, and does not wait for the other rank, which may
 * be waiting to send.  *head must stay. */
void message_post(const int64_t *head, int rank, int tag);

/* Sleeps for a moment, where there is nothing to do: 2e-4 seconds. */
void message_nap(void);

/* Whether one is there from any rank. */
bool message_is_there(int tag);

/* Waits for one, from any rank where `rank` is MPI_ANY_SOURCE, without taking
 * processor time from those that work.  Returns the sender.  free m->byte. */
int message_receive(int rank, int tag, message *m);

#endif
