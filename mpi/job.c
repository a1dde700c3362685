#include "job.h"

#include "exit_codes.h"
#include "session.h"
#include "signals.h"

#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double started;
static bool has_agreed;
static int is_wanted; /* a signal asks for the end; atomic */

static void end_job(void)
{
    static const char nothing[PLEATS_WORK_KEY_BYTES];
    if (!has_agreed)
        (void)job_agree(nothing);
    MPI_Finalize();
}

void job_start(int *argc, char ***argv)
{
    int level;
    started = seconds_now();
    (void)checkpoint_on_signal();
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &level);
    atexit(end_job);
}

int job_rank(void)
{
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int job_size(void)
{
    int size;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

double job_started(void)
{
    return started;
}

int job_agree(const char key[PLEATS_WORK_KEY_BYTES])
{
    char first[PLEATS_WORK_KEY_BYTES];
    memcpy(first, key, sizeof first);
    MPI_Bcast(first, sizeof first, MPI_CHAR, 0, MPI_COMM_WORLD);
    const bool agrees = key[0] && memcmp(first, key, sizeof first) == 0;
    int other = agrees ? NO_RANK : job_rank();
    MPI_Allreduce(MPI_IN_PLACE, &other, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    has_agreed = true;
    return other;
}

int job_refuse(int rank)
{
    fprintf(stderr,
            "pleats-mpi: rank %d cannot begin this work: the model and the "
            "files of the domain must be there, and the same, for all ranks\n",
            rank);
    return EXIT_REFUSED;
}

static void want_end(int number)
{
    (void)number;
    __atomic_store_n(&is_wanted, 1, __ATOMIC_RELAXED);
}

int *job_take_signals(void)
{
    struct sigaction action = {.sa_handler = want_end, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &is_wanted;
}
