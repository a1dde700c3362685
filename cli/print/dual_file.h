/* The graph of all regions of a complex as GraphML, JSON and a list of edges.
 */
#ifndef PLEATS_CLI_PRINT_DUAL_FILE_H
#define PLEATS_CLI_PRINT_DUAL_FILE_H

#include "session.h"

#include "pleats/complex.h"

/* Whether it can be written to a file of that name: by its end; a list of edges
 * to standard output and devices. */
bool dual_file_kind(const char *path);

/* Writes the session's output.  Returns EXIT_ANSWERED, or the exit code of a
 * failure that has been reported. */
int dual_write(session *s, const pleats_complex_result *result);

#endif
