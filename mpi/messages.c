#include "messages.h"

#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

void message_free(pleats_ctx *ctx, message *m)
{
    pleats_work_text_free(ctx, m->byte);
    *m = (message){0};
}

/* A text beyond what a message can have ends the job. */
void message_send(const message *m, int rank, int tag)
{
    if (m->n > INT_MAX) {
        fprintf(stderr, "pleats-mpi: a message of %zu bytes is too long\n",
                m->n);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Send(m->byte, (int)m->n, MPI_CHAR, rank, tag, MPI_COMM_WORLD);
}

int message_receive(int rank, int tag, message *m)
{
    MPI_Status status;
    int n = 0;
    MPI_Probe(rank, tag, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_CHAR, &n);
    *m = (message){malloc((size_t)n + 1), (size_t)n};
    if (!m->byte) {
        fprintf(stderr, "pleats-mpi: out of memory\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Recv(m->byte, n, MPI_CHAR, status.MPI_SOURCE, tag, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    return status.MPI_SOURCE;
}
