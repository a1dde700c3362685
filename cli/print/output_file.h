/* The file that a verb writes besides its answer. */
#ifndef PLEATS_CLI_PRINT_OUTPUT_FILE_H
#define PLEATS_CLI_PRINT_OUTPUT_FILE_H

#include "session.h"

#include <stdio.h>

/* What an option that names such a file says of it. */
#define OUTPUT_HELP "; - is standard output, and the answer is not printed then"

/* Lets `print` write to the session's output, and commits that.  `print`
 * returns false when there is no memory.  Returns EXIT_ANSWERED, or the exit
 * code of a failure that has been reported. */
int output_file_write(session *s, bool (*print)(FILE *file, const void *what),
                      const void *what);

/* Gives the session's output its place.  Likewise. */
int output_file_commit(session *s);

#endif
