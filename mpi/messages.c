#include "messages.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HEAD, BYTES, N_NUMBERS };
enum { MOST_AT_ONCE = 1 << 30 };

/* The longest piece that is left of n bytes from `at`. */
static int piece_of(size_t at, size_t n)
{
    return n - at < MOST_AT_ONCE ? (int)(n - at) : MOST_AT_ONCE;
}

void message_send(const message *m, int rank, int tag)
{
    const int64_t number[N_NUMBERS] = {m->head, (int64_t)m->n};
    MPI_Send(number, N_NUMBERS, MPI_INT64_T, rank, tag, MPI_COMM_WORLD);
    for (size_t at = 0; at < m->n; at += MOST_AT_ONCE)
        MPI_Send(m->byte + at, piece_of(at, m->n), MPI_BYTE, rank, tag,
                 MPI_COMM_WORLD);
}

void message_post(const int64_t *head, int rank, int tag)
{
    MPI_Request request; /* is freed when it is done, that is, some time */
    MPI_Send_init(head, 1, MPI_INT64_T, rank, tag, MPI_COMM_WORLD, &request);
    MPI_Start(&request);
    MPI_Request_free(&request);
}

void message_nap(void)
{
    const struct timespec pause = {.tv_nsec = 200000};
    nanosleep(&pause, NULL);
}

bool message_is_there(int tag)
{
    int is_there = 0;
    MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &is_there,
               MPI_STATUS_IGNORE);
    return is_there;
}

int message_receive(int rank, int tag, message *m)
{
    int64_t number[N_NUMBERS] = {0}; /* the second one may not come */
    MPI_Status status;
    int is_there = 0;
    MPI_Iprobe(rank, tag, MPI_COMM_WORLD, &is_there, &status);
    while (!is_there) {
        message_nap();
        MPI_Iprobe(rank, tag, MPI_COMM_WORLD, &is_there, &status);
    }
    MPI_Recv(number, N_NUMBERS, MPI_INT64_T, status.MPI_SOURCE, tag,
             MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    *m = (message){.head = number[HEAD], .n = (size_t)number[BYTES]};
    m->byte = malloc(m->n + 1);
    if (!m->byte) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
        abort();
    }
    for (size_t at = 0; at < m->n; at += MOST_AT_ONCE)
        MPI_Recv(m->byte + at, piece_of(at, m->n), MPI_BYTE, status.MPI_SOURCE,
                 tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    m->byte[m->n] = '\0';
    return status.MPI_SOURCE;
}
