/* How a call runs: by how many threads, and whether its progress is shown. */
#ifndef PLEATS_CLI_OPTIONS_RUN_OPTIONS_H
#define PLEATS_CLI_OPTIONS_RUN_OPTIONS_H

#include <argp.h>

/* Child parser of --threads, where the answer does not depend on it; its input
 * is a pleats_limits. */
extern const struct argp threads_argp;

/* Child parser of --progress; its input is a bool, which it sets. */
extern const struct argp progress_argp;

#endif
