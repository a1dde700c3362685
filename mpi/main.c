/* pleats-mpi: pleats count on the ranks of an MPI job. */
#include "ranks.h"

#include "exit_codes.h"
#include "print/plain_streams.h"
#include "print/report.h"
#include "signals.h"
#include "verbs/count_verb.h"

#include "pleats/status.h"

#include <argp.h>
#include <fcntl.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: mpirun -n RANKS pleats-mpi count MODEL DOMAIN [OPTION...]\n"
    "The options and the answer are those of pleats count (pleats count "
    "--help);\n--threads are those of each rank (default: 1). Rank 0 reads "
    "and writes files\nother than the model and the domain's.\n";

static void end_mpi(void)
{
    MPI_Finalize();
}

/* What ranks above 0 say is what rank 0 says. */
static void be_silent(void)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        close(nowhere);
    }
}

int main(int argc, char **argv)
{
    int rank = 0, level = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
    atexit(end_mpi);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank > 0)
        be_silent();
    argp_err_exit_status = EXIT_USAGE;
    ignore_closed_pipes();
    if (!plain_streams() || atexit(check_output) != 0)
        return EXIT_FAILED;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return EXIT_ANSWERED;
    }
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("pleats-mpi %s\n", pleats_version());
        return EXIT_ANSWERED;
    }
    if (argc < 2 || strcmp(argv[1], "count") != 0) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    static char name[] = "pleats-mpi count";
    argv[1] = name;
    const int code = count_verb(argc - 1, argv + 1, ranks_count);
    return rank == 0 ? code : EXIT_ANSWERED;
}
