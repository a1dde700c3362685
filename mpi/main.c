/* pleats-mpi: pleats count, mean and search on the ranks of an MPI job. */
#include "ranks.h"

#include "exit_codes.h"
#include "job.h"
#include "print/plain_streams.h"
#include "print/report.h"
#include "signals.h"
#include "trials.h"
#include "verbs/count_verb.h"

#include "pleats/version.h"

#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *argp_program_version = "pleats-mpi " PLEATS_VERSION;

static const char usage[] =
    "Usage: mpirun -n RANKS pleats-mpi count MODEL [OPTION...]\n"
    "  or:  mpirun -n RANKS pleats-mpi mean|search SPEC [OPTION...]\n"
    "pleats count, mean and search, on the ranks of an MPI job: the same "
    "options (pleats-mpi\ncount --help) and the same answer. What differs:\n\n"
    "  --threads N     those of each rank (default: 1)\n"
    "  --max-cells N, --certificate FILE   are refused by count\n\n"
    "Seconds in the answer are those of all ranks, added up. Rank 0 alone "
    "prints, and reads\nand writes checkpoints. The model and the files of the "
    "domain must be there for all\nranks. When a rank dies, the job ends: "
    "--resume goes on from the last checkpoint, on\nany number of "
    "ranks.\n\n" EXIT_CODES_HELP;

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

/* The verb argv[0] with its arguments; returns the exit code. */
static int work(int argc, char **argv)
{
    static char count[] = "pleats-mpi count", mean[] = "pleats-mpi mean",
                search[] = "pleats-mpi search";
    const char *verb = argc > 0 ? argv[0] : "";
    if (strcmp(verb, "count") == 0) {
        argv[0] = count;
        return count_verb(argc, argv, ranks_count);
    }
    if (strcmp(verb, "mean") == 0) {
        argv[0] = mean;
        return mean_verb(argc, argv, trials_mean);
    }
    if (strcmp(verb, "search") == 0) {
        argv[0] = search;
        return search_verb(argc, argv, trials_search);
    }
    fprintf(stderr, "pleats-mpi: the verb must be count, mean or search (see "
                    "pleats-mpi --help)\n");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    job_start(&argc, &argv);
    if (job_rank() > 0)
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
        puts(argp_program_version);
        return EXIT_ANSWERED;
    }
    const int code = work(argc - 1, argv + 1);
    return job_rank() == 0 ? code : EXIT_ANSWERED;
}
